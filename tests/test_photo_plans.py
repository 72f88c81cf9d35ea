"""The lists of the picture library stay ranges of an index when it holds a million: what SQLite says of them."""

import pytest
from django.db import connection
from django.urls import reverse

from articles import library, picture_uses
from articles.models import OldAddress, Photo
from articles.tests.factories import make_article, make_channel, make_member, make_photo

from .plans import sqlite_plans_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL gathers what it knows to be few"),
]
LIST = reverse("admin:articles_photo_changelist")
BY_KEY, FROM_KEY = "INTEGER PRIMARY KEY (rowid=?)", "INTEGER PRIMARY KEY (rowid>?)"


def plans_of(function) -> list[list[str]]:
    """The plans of every query of the library."""
    return sqlite_plans_of("articles_photo", function)


@pytest.fixture
def keeper(client):
    client.force_login(make_member("keeper", is_staff=True, groups=["图片编辑"]))
    make_article(channel=make_channel("news"), cover=make_photo(taken_at="2026-10-02"))
    return client


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"licence": "own"}, "INDEX photo_licence (licence=?)"),
        ({"rights": "none"}, "INDEX photo_licence (licence=?)"),
        ({"rights": "soon"}, "INDEX photo_expiry (expires_on>? AND expires_on<?)"),
        ({"rights": "expired"}, "INDEX photo_expiry (expires_on<?)"),
        ({"taken": "week"}, "INDEX photo_taken (taken_at>?)"),
        ({"q": "2026-10"}, "INDEX photo_taken (taken_at>? AND taken_at<?)"),
        ({"by": "me"}, "INDEX photo_uploader (uploaded_by_id=?)"),
        ({"uploaded": "week"}, FROM_KEY),
        ({"rights": "valid"}, FROM_KEY),
        ({"used": "yes"}, FROM_KEY),
        ({"used": "no"}, FROM_KEY),
        ({"q": "渡口"}, FROM_KEY),
    ],
    ids=str,
)
def test_every_list_is_a_range_in_its_own_order(keeper, query, index):
    lines = [line for plan in plans_of(lambda: keeper.get(LIST, query)) for line in plan]
    main = [line for line in lines if line.startswith(("SEARCH articles_photo", "SCAN articles_photo"))]
    own = [line for line in main if index in line]
    # The rows of the page, and how many there are up to the cap.
    assert len(own) == 2, main
    assert [line for line in main if line.startswith("SCAN")] in ([], ["SCAN articles_photo"])
    assert not any("TEMP B-TREE FOR ORDER BY" in line for line in lines)


def test_the_whole_list_is_walked_from_its_end(keeper):
    for plan in plans_of(lambda: keeper.get(LIST)):
        assert not any("TEMP B-TREE" in line for line in plan)


def test_the_channel_is_asked_of_the_newest_alone(keeper):
    channel = str(make_channel("other").pk)
    lines = [line for plan in plans_of(lambda: keeper.get(LIST, {"channel": channel})) for line in plan]
    assert sum(FROM_KEY in line and "articles_photo" in line for line in lines) == 2
    assert not any("TEMP B-TREE FOR ORDER BY" in line for line in lines)


def test_what_expires_is_found_by_its_day(keeper):
    for plan in plans_of(lambda: list(picture_uses.expiring_in_use()[:20])):
        assert any("INDEX photo_expiry (expires_on<?)" in line for line in plan)
        assert not any("TEMP B-TREE" in line for line in plan)


def test_a_picture_is_found_by_its_content_and_an_address_by_its_target():
    photo = make_photo()
    (plan,) = plans_of(lambda: Photo.objects.filter(sha256=photo.sha256).first())
    assert any("(sha256=?)" in line for line in plan)
    query = OldAddress.objects.filter(article=None, target=photo.picture.src)
    assert "old_address_target" in query.explain()
    assert library.sweep() == 0


def test_a_list_without_an_index_would_be_noticed():
    (plan,) = plans_of(lambda: list(Photo.objects.order_by("caption")[:5]))
    assert plan == ["SCAN articles_photo", "USE TEMP B-TREE FOR ORDER BY"]
