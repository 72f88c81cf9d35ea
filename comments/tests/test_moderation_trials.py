"""A word or a limit, tried on what was written lately."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import ListedWord
from articles.tests.factories import make_article, make_channel, make_member
from comments.models import CommentPolicy
from comments.moderation import trials

from .factories import make_comment
from .moderating import local_moderator

pytestmark = pytest.mark.django_db
WORDS, LIMITS = reverse("admin:articles_listedword_try"), reverse("admin:comments_commentpolicy_try")


def ago(**span):
    return timezone.now() - timedelta(**span)


def policy(**values) -> CommentPolicy:
    """Without any limit but these."""
    return CommentPolicy(**{"seconds_between": 0, "most_in_ten_minutes": 0, "most_in_a_day": 0, **values})


# --- Words ------------------------------------------------------------------------------------------------------------


def test_a_word_is_looked_for_in_the_comments_of_thirty_days(moderator):
    hit = make_comment(body="听说据，网传要涨价")
    refused = make_comment(body="据网传不实", state="rejected")
    make_comment(body="没有这个词")
    make_comment(body="据网传", created_at=ago(days=31))
    trial = trials.try_word(ListedWord(word="据网传", level="hold"), user=moderator)
    assert (trial.looked_at, trial.stopped, trial.public, trial.consequence) == (3, 1, 0, "拦下待审")
    excused = ListedWord(word="据网传", level="block", exceptions="据网传不实")
    assert trials.try_word(excused, user=moderator).stopped == 0
    assert [comment for comment, _ in trial.shown] == [refused]
    hit.body = "听说据 网传要涨价"
    hit.save(update_fields=["body"])
    trial = trials.try_word(ListedWord(word="据网传", level="hold"), user=moderator)
    assert [(comment, places) for comment, places in trial.shown] == [
        *[(refused, [("", "据网传", "不实")]), (hit, [("听说", "据 网传", "要涨价")])]
    ]
    assert trial.public == 1


def test_the_word_desk_shows_comments_beside_articles(client, moderator):
    make_comment(body="据网传要涨价")
    client.force_login(moderator)
    page = client.get(WORDS, {"word": "据网传", "level": "hold"})
    assert "没有稿件有这个词" in page.text
    assert "1 条评论有这个词" in page.text
    assert "其中 1 条现在是公开的" in page.text
    assert "新来的评论有这个词就拦下待审" in page.text
    client.force_login(make_member("writer", is_staff=True, permissions=["view_listedword"]))
    page = client.get(WORDS, {"word": "据网传"})
    assert page.status_code == 200
    assert "条评论" not in page.text


def test_no_more_than_so_many_are_looked_at(moderator, monkeypatch):
    monkeypatch.setattr(trials, "MOST_TRIED", 2)
    for _ in range(3):
        make_comment(body="据网传")
    with CaptureQueriesContext(connection) as queries:
        trial = trials.try_word(ListedWord(word="据网传"), user=moderator)
    assert (trial.looked_at, trial.is_capped) == (2, True)
    # Her beats, and the comments.
    assert len(queries) == 2


# --- Limits -----------------------------------------------------------------------------------------------------------


def test_what_comes_too_soon_would_have_been_refused(moderator):
    author = make_member("writer")
    first, second, third = (make_comment(author=author, created_at=ago(seconds=60 - at)) for at in (0, 10, 35))
    make_comment(created_at=ago(seconds=59))
    trial = trials.try_limits(policy(seconds_between=30), user=moderator)
    assert (trial.looked_at, dict(trial.refused)) == (4, {"rate": 1})
    assert [(comment, why) for comment, why in trial.shown] == [(second, "发表太频繁了，请 20 秒后再试。")]
    # What was refused counts for nobody's next one: the third comes 35 seconds after the first.
    assert third.created_at - first.created_at > timedelta(seconds=30)


def test_limits_of_a_day_and_of_a_network(moderator):
    for number in range(4):
        make_comment(network="192.0.2.0/24", created_at=ago(hours=4 - number))
    assert trials.try_limits(policy(most_in_a_day=1, network_factor=3), user=moderator).total == 1
    assert trials.try_limits(policy(most_in_a_day=1, network_factor=4), user=moderator).total == 0
    author = make_member("busy")
    for number in range(4):
        make_comment(author=author, created_at=ago(days=5, minutes=-number))
    trial = trials.try_limits(policy(most_in_ten_minutes=2, network_factor=9), user=moderator)
    assert [comment.author for comment, _ in trial.shown] == [author, author]


def test_long_ones_and_those_of_a_channel(moderator):
    channel = make_channel()
    inside = make_comment(make_article(channel=channel), body="字" * 60)
    make_comment(body="字" * 60)
    assert trials.try_limits(policy(longest=50), user=moderator).refused == {"length": 2}
    trial = trials.try_limits(policy(longest=50, channel=channel), user=moderator)
    assert (trial.looked_at, [comment for comment, _ in trial.shown]) == (1, [inside])
    local = local_moderator(channel=channel)
    assert trials.try_limits(policy(longest=50), user=local).looked_at == 1


def test_the_page_of_limits(client, moderator):
    make_comment(body="字" * 60)
    client.force_login(moderator)
    assert "试一试" in client.get(LIMITS).text
    values = {"seconds_between": 0, "most_in_ten_minutes": 0, "most_in_a_day": 0, "network_factor": 4, "longest": 50}
    page = client.get(LIMITS, values)
    assert "1 条会被挡回去" in page.text
    assert "评论最多 50 个字，现在有 60 个" in page.text
    assert CommentPolicy.objects.count() == 0
    CommentPolicy.objects.create()
    assert "没有评论会被挡回去" in client.get(LIMITS, values | {"longest": 70}).text
    for odd in ({"longest": "x"}, {"longest": "-1"}, {"seconds_between": "9" * 30}, {"channel": "999", **values}):
        page = client.get(LIMITS, odd)
        assert page.status_code == 200, odd
        assert page.context["trial"] is None, odd
