"""Pages by number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

MOST_DIGITS = 7
# From so many pages on, a pager offers a field for the number: those around the current one are too far away.
JUMP_FROM = 10


@dataclass(frozen=True)
class ListPage:
    """One page of a list. `items` are the rows of it; `last` is the number of the last page that can be opened."""

    items: Sequence[Any]
    number: int
    last: int

    @property
    def numbers(self) -> list[int | None]:
        """The page numbers to offer: first, last and those around the current one; None stands for a gap."""
        near = {1, self.last, *range(self.number - 2, self.number + 3)}
        shown = sorted(number for number in near if 1 <= number <= self.last)
        result: list[int | None] = []
        for number in shown:
            if result and result[-1] is not None and number - result[-1] > 1:
                result.append(None if number - result[-1] > 2 else number - 1)
            result.append(number)
        return result

    @property
    def offers_jump(self) -> bool:
        return self.last >= JUMP_FROM

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.last else None


def page_number(request: HttpRequest) -> int:
    """The `page` of the query string, 1 when absent. Raises Http404 for anything else than one plain number from 1."""
    given = request.GET.get("page", "1")
    plain = given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS and not given.startswith("0")
    if not plain or len(request.GET.getlist("page")) > 1:
        raise Http404("没有这样的页码。")
    return int(given)


def paginate(queryset: QuerySet, number: int, *, size: int = 20) -> ListPage:
    """The page `number` of an ordered queryset that is short, or bounded: of a day, of what people make by hand.

    Two queries: a count, which reads all of it, and the rows. Raises Http404 for a page beyond the last. An empty list
    has one page. Lists that grow with every article have `articles.paging.entry_page`.
    """
    counted = queryset.order_by().count()
    last = max(1, -(-counted // size))
    if number > last:
        raise Http404("没有这样的页码。")
    items = list(queryset[(number - 1) * size : number * size]) if counted else []
    return ListPage(items, number, last)
