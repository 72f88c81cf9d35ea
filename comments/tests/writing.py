"""Writers and drafts for tests."""

from datetime import timedelta

from django.utils import timezone

from articles.models import ListedWord
from comments.drafts import Draft
from comments.models import Comment, CommentPolicy
from comments.posting import post
from comments.rules import Rules
from comments.writers import Writer
from newsportal.lib.wordlist import Entry, WordList

ADDRESS = "203.0.113.7"


def visitor(name: str = "v1", *, address: str = ADDRESS, is_new: bool = False) -> Writer:
    return Writer(visitor=name, address=address, is_new=is_new)


def by(user, *, address: str = ADDRESS) -> Writer:
    return Writer(user=user, address=address)


def posted(article, writer: Writer, body: str = "说得有道理。", **values) -> Comment:
    return post(article=article, writer=writer, body=body, nickname="" if writer.user else "读者", **values)


def listed(*words: str, level: str = "hold", **values) -> ListedWord:
    """The last of these words, put on the list for comments."""
    for word in words:
        row = ListedWord.objects.create(word=word, level=level, reason="测试", in_comments=True, **values)
    return row


def make_draft(article, *, policy: CommentPolicy | None = None, words=(), **values) -> Draft:
    """A member's unremarkable draft, at this moment; `words` are unsaved rows of the list."""
    policy = policy or CommentPolicy()
    rows = dict(enumerate(words))
    for word in rows.values():
        word.changed_at = timezone.now()
    values = {
        "article": article,
        "rules": Rules(policy, is_site_open=True),
        "at": timezone.now(),
        "body": "说得有道理。",
        "is_member": True,
        "words": rows,
        "listed": WordList(Entry(number, word.word, word.phrases) for number, word in rows.items()),
        **values,
    }
    return Draft(**values)


def ago(**span):
    return timezone.now() - timedelta(**span)
