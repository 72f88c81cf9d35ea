"""The word desk: what an article says that the newsroom watches (敏感词库), and what follows from it."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max
from django.utils import timezone

from newsportal.lib.html import text_of
from newsportal.lib.wordlist import Entry, Hit, WordList

from .models import Article, ListedWord

# The fields that readers read, in the order in which they stand in the form; the body is HTML.
WATCHED = ("kicker", "title", "subtitle", "short_title", "lead", "body")
AROUND = 12  # characters of context on either side of a hit
MOST_FINDINGS = 20  # of one article that anybody is told of
TRIED_DAYS, MOST_TRIED, MOST_SHOWN = 30, 5000, 50


@dataclass(frozen=True)
class Finding:
    """A listed word in a field of an article, with what stands around it."""

    word: ListedWord
    field: str
    before: str
    found: str
    after: str

    @property
    def label(self) -> str:
        """The field's Chinese name."""
        return Article.label_of(self.field)

    def __str__(self) -> str:
        word = self.word
        listed = f"{word.created_by or '系统'} {timezone.localtime(word.created_at):%Y-%m-%d} 列入"
        level = word.get_level_display()
        return f"{self.label}“{self.before}【{self.found}】{self.after}”：{level}词“{word}”。{word.reason}（{listed}）"


class Keeper:
    """The word list as it stands, ready to search: built once for each state of the table, in this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.state: tuple | None = None
        self.words: dict[int, ListedWord] = {}
        self.list = WordList([])

    def get(self) -> tuple[WordList, dict[int, ListedWord]]:
        """The list, and its rows by their keys. One query; two after the table changed."""
        active = ListedWord.objects.filter(is_active=True)
        # Counted and dated: every save moves the date, every deletion the count.
        state = tuple(active.order_by().aggregate(Count("pk"), Max("pk"), Max("changed_at")).values())
        with self.lock:
            if state != self.state:
                self.words = {word.pk: word for word in active.select_related("created_by")}
                self.list = WordList(Entry(word.pk, word.word, word.phrases) for word in self.words.values())
                self.state = state
            return self.list, self.words


keeper = Keeper()


def findings(texts: dict[str, str]) -> list[Finding]:
    """The gravest listed words in the watched fields of an article, given by name; MOST_FINDINGS. One query, or two."""
    listed, words = keeper.get()
    found = [
        Finding(words[hit.key], field, *context(text, hit))
        for field, text in readable(texts)
        for hit in listed.find(text)
    ]
    order = list(ListedWord.Level)
    return sorted(found, key=lambda finding: order.index(finding.word.level))[:MOST_FINDINGS]


def findings_in(article: Article) -> list[Finding]:
    return findings({name: getattr(article, name) for name in WATCHED})


def readable(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(field, the text that a reader sees), for each watched field that is given and has any."""
    for field in WATCHED:
        if text := texts.get(field):
            yield field, text_of(text) if field == "body" else text


def context(text: str, hit: Hit) -> tuple[str, str, str]:
    """What stands before the hit, the hit, and what stands after it, on one line."""
    parts = text[max(0, hit.start - AROUND) : hit.start], text[hit.start : hit.end], text[hit.end : hit.end + AROUND]
    return tuple(part.replace("\n", " ") for part in parts)


def may_release(user) -> bool:
    """Whether an article with held words may be published by this member of the newsroom."""
    return user.has_perm("articles.release_held_words")


def stopping(found: Iterable[Finding], *, may_release: bool) -> list[Finding]:
    """Those that stand against publication, by somebody who may release held words or may not."""
    levels = {ListedWord.Level.BLOCK} if may_release else {ListedWord.Level.BLOCK, ListedWord.Level.HOLD}
    return [finding for finding in found if finding.word.level in levels]


# --- Before a word is listed ---


@dataclass(frozen=True)
class Trial:
    """What a word would have stopped: so many articles of those looked at, the newest of them with their findings."""

    looked_at: int
    is_capped: bool
    stopped: int
    shown: list[tuple[Article, list[Finding]]]


def try_word(word: ListedWord) -> Trial:
    """Look for an unsaved word in what was published in the last thirty days, at most 5,000 articles. One query."""
    listed = WordList([Entry(0, word.word, word.phrases)])
    since = timezone.now() - timedelta(days=TRIED_DAYS)
    recent = Article.objects.published().filter(published_at__gte=since).newest_first()
    names = ["published_at", "channel__slug", "channel__name", *WATCHED]
    looked_at = stopped = 0
    shown: list[tuple[Article, list[Finding]]] = []
    for article in recent.select_related("channel").only(*names)[:MOST_TRIED].iterator(chunk_size=200):
        looked_at += 1
        texts = readable({name: getattr(article, name) for name in WATCHED})
        found = [Finding(word, field, *context(text, hit)) for field, text in texts for hit in listed.find(text)]
        if found:
            stopped += 1
            if len(shown) < MOST_SHOWN:
                shown.append((article, found))
    return Trial(looked_at, looked_at == MOST_TRIED, stopped, shown)
