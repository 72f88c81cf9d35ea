"""What the newsroom made (统计): items, words, pictures and reads, by channel, author, duty editor or month."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth

from newsportal.lib.days import midnight

from . import beats
from .models import Article, ArticlePhoto, Credit

MOST_MONTHS = 12


@dataclass
class Row:
    """One line: whose, and how many items, characters, pictures in bodies, and reads until now."""

    name: str
    items: int = 0
    words: int = 0
    pictures: int = 0
    reads: int = 0

    @property
    def cells(self) -> list[str | int]:
        return [self.name, self.items, self.words, self.pictures, self.reads]


def months_later(month: date, number: int) -> date:
    """The first day of the month so many months later, or earlier."""
    year, index = divmod(month.year * 12 + month.month - 1 + number, 12)
    return date(year, index + 1, 1)


def published_in(user: AbstractBaseUser, first: date, last: date) -> QuerySet[Article]:
    """What was published from the month of `first` to that of `last`, both given by their first days."""
    span = {"published_at__gte": midnight(first), "published_at__lt": midnight(months_later(last, 1))}
    return Article.objects.published().filter(beats.within(user), **span).order_by()


def grouped(
    articles: QuerySet[Article], key: Callable[[str], F | TruncMonth], name: Callable[[Any], str] = str
) -> list[Row]:
    """A row for each value of a key, an expression of the article that is reached by a path ("", "article__").

    Two queries: pictures are counted apart, lest they repeat the rest.
    """
    sums = {"items": Count("pk"), "words": Sum("characters"), "reads": Sum("read_total__total")}
    found = articles.annotate(key=key("")).values("key").annotate(**sums)
    pictures = ArticlePhoto.objects.filter(article__in=articles.values("pk")).order_by()
    counted = pictures.annotate(key=key("article__")).values("key").annotate(number=Count("pk"))
    shown = {row["key"]: row["number"] for row in counted}
    return [
        Row(name(row["key"]) or "（未填）", row["items"], row["words"], shown.get(row["key"], 0), row["reads"] or 0)
        for row in found
    ]


def by_author(articles: QuerySet[Article]) -> list[Row]:
    """Rows by whoever signed: an article of two counts for both. Two queries."""
    signed = Credit.objects.filter(article__in=articles.values("pk")).order_by()
    # Somebody who wrote and photographed has two credits under one article.
    once = signed.values("author__name", "article_id", "article__characters", "article__read_total__total").distinct()
    rows: dict[str, Row] = {}
    seen: dict[int, list[str]] = {}
    for row in once.iterator(chunk_size=2000):
        own = rows.setdefault(row["author__name"], Row(row["author__name"]))
        own.items += 1
        own.words += row["article__characters"]
        own.reads += row["article__read_total__total"] or 0
        seen.setdefault(row["article_id"], []).append(row["author__name"])
    pictures = ArticlePhoto.objects.filter(article__in=articles.values("pk")).order_by()
    for row in pictures.values("article").annotate(number=Count("pk")).iterator(chunk_size=2000):
        for name in seen.get(row["article"], []):
            rows[name].pictures += row["number"]
    return list(rows.values())


def by_month(articles: QuerySet[Article]) -> list[Row]:
    return grouped(articles, lambda path: TruncMonth(f"{path}published_at"), "{:%Y-%m}".format)


GROUPS: dict[str, tuple[str, Callable[[QuerySet[Article]], list[Row]]]] = {
    "channel": ("栏目", lambda articles: grouped(articles, lambda path: F(f"{path}channel__name"))),
    "author": ("作者", by_author),
    "editor": ("责任编辑", lambda articles: grouped(articles, lambda path: F(f"{path}duty_editor"))),
    "month": ("月份", by_month),
}


def table(user: AbstractBaseUser, *, first: date, last: date, group: str) -> list[Row]:
    """The rows of the months from `first` to `last`, most items first; months in their order. Two queries."""
    rows = GROUPS[group][1](published_in(user, first, last))
    return sorted(rows, key=lambda row: row.name if group == "month" else (-row.items, row.name))


def total(rows: list[Row]) -> Row:
    """The sum of all rows. Of authors it counts an article once for each of them."""
    sums = {name: sum(getattr(row, name) for row in rows) for name in ("items", "words", "pictures", "reads")}
    return Row("合计", **sums)
