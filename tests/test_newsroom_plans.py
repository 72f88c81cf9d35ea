"""The newsroom's lists stay ranges of an index, in its order, beside a million articles: what SQLite says of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from articles.models import Beat, Channel, OldAddress
from articles.tests.factories import make_article, make_channel, make_member, make_photo
from articles.tests.newsroom import publish_reviewed
from articles.tests.test_admin_articles import make_draft
from members.models import Operation
from regions.models import Region

from .plans import sqlite_plans_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL gathers what it knows to be few"),
]


def listed(model: str, app: str = "articles") -> str:
    return reverse(f"admin:{app}_{model}_changelist")


def is_read_by(table: str, index: str, function: Callable) -> None:
    """The table is read along the index alone, and nothing is sorted for it."""
    plans = sqlite_plans_of(table, function)
    assert plans
    lines = [line for plan in plans for line in plan]
    assert any(index in line for line in lines if line.startswith((f"SEARCH {table}", f"SCAN {table}"))), lines
    assert not any("TEMP B-TREE FOR ORDER BY" in line for line in lines), lines


@pytest.fixture
def desk(client):
    """A chief editor of a newsroom that has a little of everything."""
    publish_reviewed(make_draft())
    make_article(cover=make_photo(), expires_at=timezone.now() - timedelta(minutes=1))
    client.force_login(make_member("operator", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def editor_of(client) -> Callable:
    """Signs in an editor who answers for the channel or the region of an article."""

    def sign_in(article, *, region: Region | None = None):
        user = make_member(f"editor-{region or article.channel}", is_staff=True, groups=["责任编辑"])
        Beat.objects.create(user=user, channel=None if region else article.channel, region=region)
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"state": "scheduled"}, "INDEX article_newest (published_at>?)"),
        ({"published": "month"}, "INDEX article_newest (published_at>? AND published_at<?)"),
        ({"published": "year", "state": "public"}, "INDEX article_newest (published_at>? AND published_at<?)"),
        ({"published": "month", "state": "withdrawn"}, "INDEX article_unpublished (status=?)"),
        ({"state": "expired"}, "INDEX article_expiry (expires_at<?)"),
        ({"origin__exact": "reprint"}, "INDEX article_origin (origin=?)"),
        ({"ai_use__exact": "generated"}, "INDEX article_ai (ai_use=?)"),
        ({"q": "渡口"}, "INTEGER PRIMARY KEY (rowid>?)"),
    ],
    ids=str,
)
def test_articles(desk, query, index):
    plans = sqlite_plans_of("articles_article", lambda: desk.get(listed("article"), query))
    lines = [line for plan in plans for line in plan]
    assert sum(index in line for line in lines) >= 2, lines
    assert not any("SCAN articles_article" in line for line in lines), lines
    assert not any("TEMP B-TREE FOR ORDER BY" in line for line in lines), lines


def test_what_is_seldom_in_a_channel_is_picked_from_its_own_index(editor_of):
    client = editor_of(make_article(expires_at=timezone.now() - timedelta(minutes=1)))
    for query, index in (({"state": "expired"}, "article_expiry"), ({"ai_use__exact": "generated"}, "article_ai")):
        is_read_by("articles_article", f"INDEX {index} ", lambda query=query: client.get(listed("article"), query))


def test_closed_reviews_are_walked_from_the_last(desk, editor_of):
    closed, index = {"queue": "closed"}, "INDEX review_closed"
    is_read_by("articles_review", index, lambda: desk.get(listed("review"), closed))
    article = make_article()
    for region in (None, Region.objects.get(slug="hunan")):
        client = editor_of(article, region=region)
        plans = sqlite_plans_of("articles_review", lambda client=client: client.get(listed("review"), closed))
        lines = [line for plan in plans for line in plan]
        assert any("articles_review USING" in line for line in lines)
        # The channel's articles are looked up one by one.
        assert not any("SEARCH articles_article USING INDEX" in line for line in lines), lines


def test_titles_of_closed_reviews_are_looked_for_among_the_newest(desk):
    query = {"queue": "closed", "q": "渡口"}
    is_read_by("articles_review", "INTEGER PRIMARY KEY (rowid>?)", lambda: desk.get(listed("review"), query))


def test_what_waits_is_found_by_state_and_step_whatever_the_beat(editor_of):
    client = editor_of(make_article())
    for query in ({}, {"queue": "ready"}, {"queue": "open"}, {"queue": "owed"}):
        plans = sqlite_plans_of("articles_review", lambda query=query: client.get(listed("review"), query))
        lines = [line for plan in plans for line in plan if " articles_review" in line]
        assert lines
        assert all("INDEX review_queue (state=?" in line for line in lines), lines


def test_what_one_handed_in_is_picked_from_what_is_open(client):
    client.force_login(make_member("writer", is_staff=True, groups=["记者"]))
    plans = sqlite_plans_of("articles_review", lambda: client.get(listed("review"), {"queue": "mine"}))
    lines = [line for plan in plans for line in plan if " articles_review" in line]
    assert lines
    assert all("INDEX review_queue (state=?)" in line for line in lines), lines


def test_events(desk, editor_of):
    corrected = {"kind__exact": "corrected"}
    is_read_by("articles_articleevent", "INDEX article_event_kind", lambda: desk.get(listed("articleevent"), corrected))
    client = editor_of(make_article())
    for query, index in (({}, "INTEGER PRIMARY KEY (rowid>?)"), (corrected, "INDEX article_event_kind (kind=?")):
        is_read_by("articles_articleevent", index, lambda query=query: client.get(listed("articleevent"), query))


def test_the_pictures_of_a_channel_are_asked_for_one_by_one(desk):
    channel = str(Channel.objects.order_by("-pk")[0].pk)
    plans = sqlite_plans_of("articles_photo", lambda: desk.get(listed("photo"), {"channel": channel}))
    lines = [line for plan in plans for line in plan]
    assert sum("INDEX article_cover (cover_id=? AND channel_id=?)" in line for line in lines) == 2, lines
    assert not any("articles_article_channel_id" in line for line in lines), lines


@pytest.mark.parametrize("model", ["article", "photo"])
def test_a_number_is_found_without_a_walk(desk, model):
    """The newest whose words have it, and the one of that number; then the rows of both."""
    words, number, *rows = sqlite_plans_of(f"articles_{model}", lambda: desk.get(listed(model), {"q": "1"}))
    assert "INTEGER PRIMARY KEY (rowid>?)" in words[0]
    assert "INTEGER PRIMARY KEY (rowid=?)" in number[0]
    assert rows
    assert not any(line.startswith(f"SCAN articles_{model}") for plan in rows for line in plan), rows


def test_records(desk):
    Operation.objects.create(action="export")
    OldAddress.objects.create(path="/a.html", article=make_article(channel=make_channel("old")))
    log = listed("operation", "members")
    is_read_by(
        "members_operation", "INDEX operation_action (action=?)", lambda: desk.get(log, {"action__exact": "export"})
    )
    is_read_by("articles_linkpush", "SCAN articles_linkpush", lambda: desk.get(listed("linkpush")))
    given_up = sqlite_plans_of("articles_linkpush", lambda: desk.get(listed("linkpush"), {"state": "given-up"}))
    assert all(any("INDEX link_push_error (last_error>?)" in line for line in plan) for plan in given_up), given_up
    is_read_by("articles_placement", "INDEX placement_order", lambda: desk.get(listed("placement")))
    plans = sqlite_plans_of("articles_oldaddress", lambda: desk.get(listed("oldaddress"), {"q": "/a.html"}))
    assert not any(line == "SCAN articles_oldaddress" for plan in plans for line in plan), plans


def test_a_walk_would_be_noticed(desk):
    """The measure itself."""
    with pytest.raises(AssertionError):
        is_read_by("articles_article", "INDEX article_newest", lambda: desk.get(listed("article")))
