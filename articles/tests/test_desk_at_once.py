"""Two people at one board at the same moment, in transactions of their own."""

from functools import partial

import pytest
from django.db import connection

from articles import boards, placing
from articles.models import Placement

from .at_once import at_once as all_at_once
from .factories import make_article

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]
at_once = partial(all_at_once, refusal=placing.StaleError)


def put(article, key: str, seen: dict[str, str]) -> None:
    board = boards.home_board()
    placing.put(board=board, to=board.place(key), article=article, seen=seen)


def test_of_two_who_fill_one_empty_place_one_is_refused():
    for _ in range(5):
        Placement.objects.all().delete()
        first, second = make_article(), make_article()
        seen = boards.read_rows(boards.home_board()).versions
        refused = at_once(lambda a=first, s=seen: put(a, "pick", s), lambda a=second, s=seen: put(a, "pick", s))
        assert len(refused) == 1
        assert list(Placement.objects.values_list("position", flat=True)) == [1]


def test_two_who_fill_two_places_are_both_served():
    first, second = make_article(), make_article()
    seen = boards.read_rows(boards.home_board()).versions
    assert at_once(lambda: put(first, "pick", seen), lambda: put(second, "hot", seen)) == []
    assert set(Placement.objects.values_list("slot", "article")) == {("pick", first.pk), ("hot", second.pk)}


def test_two_who_order_one_place_leave_one_order():
    rows = [Placement.objects.create(slot="pick", article=make_article(), position=number) for number in range(1, 6)]
    for _ in range(5):
        seen = boards.read_rows(boards.home_board()).versions
        pks = list(Placement.objects.order_by("position").values_list("pk", flat=True))
        refused = at_once(
            lambda pk=pks[4], s=seen: placing.step(board=boards.home_board(), pk=pk, by=-1, seen=s),
            lambda pk=pks[0], s=seen: placing.step(board=boards.home_board(), pk=pk, by=1, seen=s),
        )
        assert len(refused) == 1
        assert sorted(Placement.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert Placement.objects.count() == len(rows)
