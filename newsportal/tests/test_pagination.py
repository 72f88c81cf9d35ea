"""Pages by number: which are offered, which are refused, and what each costs."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from newsportal.lib.pagination import ListPage, page_number, paginate
from regions.models import Region


def request(query: str):
    return RequestFactory().get(f"/list/{query}")


@pytest.mark.parametrize(
    ("number", "last", "expected"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (1, 4, [1, 2, 3, 4]),
        (1, 5, [1, 2, 3, 4, 5]),
        (1, 9, [1, 2, 3, None, 9]),
        (4, 9, [1, 2, 3, 4, 5, 6, None, 9]),
        (5, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (6, 11, [1, None, 4, 5, 6, 7, 8, None, 11]),
        (9, 9, [1, None, 7, 8, 9]),
        (50, 100, [1, None, 48, 49, 50, 51, 52, None, 100]),
    ],
)
def test_the_numbers_offered(number, last, expected):
    assert ListPage([], number, last).numbers == expected


@pytest.mark.parametrize("last", range(1, 25))
def test_a_gap_stands_for_two_pages_or_more(last):
    for number in range(1, last + 1):
        numbers = ListPage([], number, last).numbers
        assert numbers[0] == 1
        assert numbers[-1] == last
        assert number in numbers
        for before, gap, after in zip(numbers, numbers[1:], numbers[2:], strict=False):
            assert gap is not None or after - before > 2
        shown = [shown for shown in numbers if shown is not None]
        assert shown == sorted(set(shown))


@pytest.mark.parametrize(
    ("number", "last", "previous", "following"), [(1, 1, None, None), (1, 3, None, 2), (2, 3, 1, 3), (3, 3, 2, None)]
)
def test_the_neighbours(number, last, previous, following):
    page = ListPage([], number, last)

    assert (page.previous, page.next) == (previous, following)


@pytest.mark.parametrize(
    ("query", "expected"), [("", 1), ("?page=1", 1), ("?page=20", 20), ("?page=9999999&x=0", 9_999_999)]
)
def test_a_plain_number_is_taken(query, expected):
    assert page_number(request(query)) == expected


@pytest.mark.parametrize(
    "given",
    ["0", "01", "-1", "+1", "１", "²", "1e3", "1.0", "10000000", "", "%201", "1%20", "1%0A", "x", "%D9%A1", "last"],
)
def test_anything_else_is_no_page(given):
    with pytest.raises(Http404, match=r"^没有这样的页码。$"):
        page_number(request(f"?page={given}"))


def test_a_number_given_twice_is_no_page():
    with pytest.raises(Http404):
        page_number(request("?page=1&page=1"))


@pytest.fixture
def regions(db):
    return Region.objects.order_by("code")


def test_the_rows_of_each_page(regions):
    codes = [region.code for region in regions]
    assert len(codes) == 34

    pages = [paginate(regions, number, size=15) for number in (1, 2, 3)]

    assert [[row.code for row in page.items] for page in pages] == [codes[:15], codes[15:30], codes[30:]]
    assert {page.last for page in pages} == {3}
    with pytest.raises(Http404):
        paginate(regions, 4, size=15)


@pytest.mark.parametrize(
    ("size", "last", "on_last"), [(17, 2, 17), (16, 3, 2), (34, 1, 34), (33, 2, 1), (10, 4, 4), (1, 34, 1)]
)
def test_the_last_page_is_reached_and_none_beyond_it(regions, size, last, on_last):
    page = paginate(regions, last, size=size)

    assert (page.last, len(page.items)) == (last, on_last)
    with pytest.raises(Http404):
        paginate(regions, last + 1, size=size)


@pytest.mark.parametrize(("last", "offered"), [(1, False), (9, False), (10, True), (50_000, True)])
def test_a_long_list_offers_to_jump(last, offered):
    assert ListPage([], 1, last).offers_jump is offered


def test_an_empty_list_has_one_page(regions, django_assert_num_queries):
    # 1 the count
    with django_assert_num_queries(1):
        page = paginate(regions.filter(code="none"), 1)

    assert page == ListPage([], 1, 1)
    with pytest.raises(Http404):
        paginate(regions.filter(code="none"), 2)


@pytest.mark.parametrize("rows", [1, 34])
def test_a_page_takes_two_queries(regions, django_assert_num_queries, rows):
    few = regions.filter(code__lte="110000") if rows == 1 else regions
    assert few.count() == rows

    # 1 the count; 2 the rows
    with django_assert_num_queries(2) as queries:
        paginate(few, 1, size=10)

    count, items = (query["sql"] for query in queries.captured_queries)
    assert "ORDER BY" not in count
    assert "LIMIT 10" in items


def test_a_page_beyond_the_last_reads_no_rows(regions, django_assert_num_queries):
    # 1 the count
    with django_assert_num_queries(1), pytest.raises(Http404):
        paginate(regions, 5, size=10)
