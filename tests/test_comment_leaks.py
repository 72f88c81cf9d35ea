"""No comment that is not approved is ever told: one walk over every address, as a visitor and as another member."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article
from articles.tests.factories import make_article, make_member
from comments.models import Comment
from comments.tests.factories import make_comment, make_decision, make_reply, make_report

from .samples import Sample, fill_site
from .test_leaks import forget_pages, start_of, walk

pytestmark = pytest.mark.django_db

State = Comment.State
# In a script of its own, so that no other text can hold it by chance.
SECRET, SEEN = "ᚠᚢᚦᛇ未公开", "ᛊᛏᛒᛖ已公开"


@pytest.fixture
def sample(db) -> Sample:
    made = fill_site()
    # A hundred old articles would make the walk long and tell it nothing.
    Article.objects.filter(channel__slug__in=["background", "quiet"]).delete()
    return made


def secret(article: Article, **values) -> Comment:
    """A comment whose text and name nobody may read, liked and featured as far as it may be."""
    return make_comment(article, body=f"{SECRET}正文", nickname=f"{SECRET}名", likes=99, **values)


def in_days(days: int):
    return timezone.now() + timedelta(days=days)


def fill(sample: Sample) -> None:
    author = make_member("author", display_name=f"{SECRET}作者")
    article, public = sample.article, make_comment(sample.article, body=SEEN, nickname="读者", likes=50)
    for state in State:
        if state != State.APPROVED:
            comment = secret(article, state=state, author=author)
            make_decision(comment, reason="attack", note=f"{SECRET}说明")
            make_report(comment, note=f"{SECRET}举报")
            below = secret(article, state=state, parent=public)
            # What is answered is not named; what stands in a thread that is not public is not shown.
            make_reply(below, body=f"{SEEN}回复")
            secret(article, parent=comment)
    for hidden in (make_article(status="draft", published_at=None), make_article(published_at=in_days(1))):
        secret(hidden)


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "another member"])
def test_no_address_tells_of_a_comment_that_is_not_public(sample, signed_in):
    fill(sample)
    client = Client()
    if signed_in:
        client.force_login(make_member("other"))
    forget_pages()
    numbers = Comment.objects.order_by("id").values_list("pk", flat=True)
    own = {f"/comments/{pk}/{act}/" for pk in numbers for act in ("like", "report", "edit", "delete")}
    threads = {f"/articles/{sample.article.pk}/comments/{pk}/" for pk in numbers}

    found = walk(start_of(sample) | own | threads, client)

    assert found.telling(SECRET) == set()
    told = found.telling(SEEN)
    assert {f"/articles/{sample.article.pk}/comments/", f"/articles/{sample.article.pk}/comments/best/"} <= told
    assert len([address for address in found.answers if "/comments/" in address]) > 20
