"""Lists of letters stay ranges of an index when there is a million of them."""

import pytest
from django.db import connection
from django.urls import reverse

from articles.models import Beat
from articles.tests.factories import make_member, make_profile
from comments.letters import intake, views
from comments.models import Letter
from newsportal.lib import pagecache
from tests.plans import sqlite_plans_of

from .letters import answered, make_chief, make_letter, published, region_of, shown

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL sorts what it knows to be few"),
]
DESK = reverse("admin:comments_letter_changelist")


def plans_of(function) -> list[list[str]]:
    """The plan of every query that reads letters by a list, in order."""
    return sqlite_plans_of("comments_letter", function)


def holds(plans, index: str, number: int) -> None:
    lines = [line for plan in plans for line in plan]
    own = [line for line in lines if line.startswith(("SEARCH comments_letter ", "SCAN comments_letter "))]
    assert sum(f"INDEX {index}" in line for line in own) == number, lines
    assert not any("TEMP B-TREE" in line for line in lines), lines


@pytest.fixture
def filled(db):
    make_profile()
    chief = make_chief()
    for make in (published, shown, answered):
        make(chief)
    make_letter()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # As if there were a million.
        cursor.execute("UPDATE sqlite_stat1 SET stat = replace(stat, '4 ', '1000000 ') WHERE tbl = 'comments_letter'")
        cursor.execute("ANALYZE sqlite_master")


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "letter_public"),
        ("?state=answered", "letter_public_state"),
        ("?state=waiting", "letter_public_state"),
        ("?region=zhejiang", "letter_public_region"),
        ("?region=zhejiang&state=answered", "letter_public_region_state"),
    ],
)
def test_the_public_list_is_a_range_of_its_index(filled, client, query, index):
    pagecache.forget_checks()
    plans = plans_of(lambda: client.get(f"/letters/{query}"))
    holds(plans, f"{index} " if " " in plans[0][0] else index, 1)
    assert "COVERING" in plans[0][0]
    assert "PRIMARY KEY" in plans[1][0]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "letter_waiting"),
        ({"province": "zhejiang"}, "letter_waiting_region"),
        ({"queue": "mine"}, "letter_mine"),
        ({"queue": "late"}, "letter_due"),
        ({"queue": "ready"}, "letter_state"),
        ({"queue": "published", "province": "zhejiang"}, "letter_region_state"),
    ],
    ids=str,
)
def test_every_queue_of_the_desk_is_a_range_of_its_index(filled, client, query, index):
    client.force_login(make_member("desk", is_staff=True, groups=["责任编辑"]))
    # The count up to its cap, and the rows; the menu counts what waits.
    number = 3 if index == "letter_waiting" else 2
    holds(plans_of(lambda: client.get(DESK, query)), f"{index} ", number)


def test_the_whole_desk_is_walked_from_its_end(filled, client):
    client.force_login(make_member("desk", is_staff=True, groups=["责任编辑"]))
    for plan in plans_of(lambda: client.get(DESK, {"queue": "all"})):
        assert not any("TEMP B-TREE" in line for line in plan)


def test_an_editor_of_some_provinces_reads_what_waits_and_no_more(filled, client):
    """What waits may be sorted; the million that has ended is not touched."""
    user = make_member("desk", is_staff=True, groups=["责任编辑"])
    for slug in ("zhejiang", "hunan"):
        Beat.objects.create(user=user, region=region_of(slug))
    client.force_login(user)
    lines = [line for plan in plans_of(lambda: client.get(DESK)) for line in plan]
    assert not any(line.startswith("SCAN comments_letter") and "letter_waiting" not in line for line in lines), lines


def test_a_network_and_a_member_are_found_by_an_index(filled, rf):
    (plan,) = plans_of(lambda: intake.minutes_to_wait("x" * 32))
    assert "INDEX letter_network (network=? AND received_at>?)" in plan[0]
    member = make_member("reader")
    (plan,) = plans_of(lambda: list(Letter.objects.filter(user=member).order_by("-pk")[:20]))
    assert "INDEX letter_of_member (user_id=?)" in plan[0]
    assert not any("TEMP B-TREE" in line for line in plan)


def test_a_page_far_behind_is_read_from_the_index_alone(filled, monkeypatch):
    (ids, *_) = plans_of(lambda: views.letter_page(1, views.figures.by_province()[0], region=None, state=""))
    assert "COVERING INDEX letter_public" in ids[0]
