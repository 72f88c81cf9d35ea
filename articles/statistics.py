"""What the newsroom made (统计): items, words, pictures and reads, by channel, author, duty editor or month."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

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


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def published_in(user: AbstractBaseUser, first: date, last: date) -> QuerySet[Article]:
    """What was published from the month of `first` to that of `last`, both given by their first days."""
    span = {"published_at__gte": midnight(first), "published_at__lt": midnight(months_later(last, 1))}
    return Article.objects.published().filter(beats.within(user), **span).order_by()


def by_field(articles: QuerySet[Article], key: str) -> dict[object, Row]:
    """Rows by what a column of the article says. Two queries: pictures are counted apart, lest they repeat the rest."""
    sums = {"items": Count("pk"), "words": Sum("characters"), "reads": Sum("read_total__total")}
    rows = {
        row["key"]: Row(str(row["key"] or "（未填）"), row["items"], row["words"] or 0, 0, row["reads"] or 0)
        for row in articles.annotate(key=F(key)).values("key").annotate(**sums)
    }
    pictures = ArticlePhoto.objects.filter(article__in=articles.values("pk")).order_by()
    for row in pictures.annotate(key=F(f"article__{key}")).values("key").annotate(number=Count("pk")):
        if row["key"] in rows:
            rows[row["key"]].pictures = row["number"]
    return rows


def by_author(articles: QuerySet[Article]) -> dict[object, Row]:
    """Rows by whoever signed: an article of two counts for both. Two queries."""
    signed = Credit.objects.filter(article__in=articles.values("pk")).order_by()
    # Somebody who wrote and photographed has two credits under one article.
    once = signed.values("author__name", "article_id", "article__characters", "article__read_total__total").distinct()
    rows: dict[object, Row] = {}
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
    return rows


def by_month(articles: QuerySet[Article]) -> dict[object, Row]:
    sums = {"items": Count("pk"), "words": Sum("characters"), "reads": Sum("read_total__total")}
    rows = {
        row["month"]: Row(f"{row['month']:%Y-%m}", row["items"], row["words"] or 0, 0, row["reads"] or 0)
        for row in articles.annotate(month=TruncMonth("published_at")).values("month").annotate(**sums)
    }
    pictures = ArticlePhoto.objects.filter(article__in=articles.values("pk")).order_by()
    for row in pictures.annotate(month=TruncMonth("article__published_at")).values("month").annotate(n=Count("pk")):
        if row["month"] in rows:
            rows[row["month"]].pictures = row["n"]
    return rows


GROUPS: dict[str, tuple[str, Callable[[QuerySet[Article]], dict[object, Row]]]] = {
    "channel": ("栏目", lambda articles: by_field(articles, "channel__name")),
    "author": ("作者", by_author),
    "editor": ("责任编辑", lambda articles: by_field(articles, "duty_editor")),
    "month": ("月份", by_month),
}


def table(user: AbstractBaseUser, *, first: date, last: date, group: str) -> list[Row]:
    """The rows of the months from `first` to `last`, most items first; months in their order. Two or three queries."""
    rows = list(GROUPS[group][1](published_in(user, first, last)).values())
    return sorted(rows, key=lambda row: row.name if group == "month" else (-row.items, row.name))


def total(rows: list[Row]) -> Row:
    """The sum of all rows. Of authors it counts an article once for each of them."""
    sums = {name: sum(getattr(row, name) for row in rows) for name in ("items", "words", "pictures", "reads")}
    return Row("合计", **sums)
