"""The search page and the suggestions while typing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date

from articles import search
from articles.lists import rankings
from articles.models import Article, Channel, RankingEntry, Source, Tag
from newsportal.lib.days import midnight
from newsportal.lib.hanzi import simplified
from newsportal.lib.pagecache import public_page
from newsportal.lib.pagination import page_number
from regions.models import Region

PARAMS = ["q", "channel", "region", "source", "from", "to", "order", "page"]
FILTERS = PARAMS[1:6]
BY_TIME = "time"
SUGGEST_MAX_AGE = 60
RANKED, TAGS_SHOWN = 10, 12
TOO_LONG = f"搜索词请不要超过 {search.MOST_CHARACTERS} 个字。"
NOTHING_TO_FIND = "请至少输入一个要找的词：“-词”只能用来排除。"


@dataclass(frozen=True)
class Filters:
    """What narrows a search, as found in the address. `values` are the parameters that mean something."""

    values: dict[str, str]
    channel: Channel | None
    region: Region | None
    source: Source | None
    since: date | None
    until: date | None

    @property
    def facets(self) -> tuple[str, ...]:
        facets = [search.channel_facet(self.channel.pk)] if self.channel else []
        facets += [search.region_facet(self.region.pk)] if self.region else []
        facets += [search.source_facet(self.source.pk)] if self.source else []
        return tuple(facets)

    @property
    def finds_nothing(self) -> bool:
        """Whether it names a source that there is not, or a span that ends before it begins."""
        is_backwards = self.since is not None and self.until is not None and self.since > self.until
        return is_backwards or ("source" in self.values and self.source is None)

    @property
    def labels(self) -> list[tuple[str, str]]:
        """(parameter, what it does in words) of each filter."""
        words = {
            "channel": f"栏目：{self.channel}",
            "region": f"地区：{self.region}",
            "source": f"来源：{self.values.get('source')}",
            "from": f"从 {self.since}",
            "to": f"到 {self.until}",
        }
        return [(name, words[name]) for name in FILTERS if name in self.values]


@public_page(params=PARAMS, keep=False)
def search_page(request: HttpRequest) -> HttpResponse:
    """What the words and filters of the address find; how to search and what is read most, if that is nothing.

    One query for each of channel, region and source in the filters, those of `search.find_page`, and three for the
    ranking and its tags.
    """
    number = page_number(request)
    text = request.GET.get("q", "").strip()
    filters = read_filters(request)
    by_time = request.GET.get("order") == BY_TIME
    asked = {"q": text[: search.MOST_CHARACTERS], **filters.values, "order": BY_TIME if by_time else ""}
    asked |= {"page": number if number > 1 else ""}
    # Not all that the address has: WeChat adds a `from` that is no date.
    request.page_query = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "text": text[: search.MOST_CHARACTERS],
        "filters": filters,
        "by_time": by_time,
        "most_characters": search.MOST_CHARACTERS,
        "most_hits": search.MOST_HITS,
        **answer_of(text, filters, number, by_time=by_time),
        **addresses(text, filters, by_time=by_time),
    }
    if not context.get("count"):
        if number > 1:
            raise Http404("没有这样的页码。")
        context |= what_others_read()
    return render(request, "articles/search.html", context)


def answer_of(text: str, filters: Filters, number: int, *, by_time: bool) -> dict[str, Any]:
    """Either `error`, or `page` and `count`; nothing when nothing was asked."""
    if len(text) > search.MOST_CHARACTERS:
        return {"error": TOO_LONG}
    terms, excluded = search.parse(text)
    if not terms:
        return {"error": NOTHING_TO_FIND} if excluded else {"is_unreadable": bool(text)}
    if filters.finds_nothing:
        return {"terms": terms, "count": 0}
    query = search.Query(
        terms, excluded, filters.facets, since=start_of(filters.since), until=start_of(filters.until, days=1)
    )
    page, found = search.find_page(query, number, by_time=by_time)
    return {"page": page, "terms": terms, "count": len(found.hits), "is_capped": found.is_capped}


def read_filters(request: HttpRequest) -> Filters:
    """The filters of the address. Raises Http404 for an unknown channel or region. Three queries at most."""
    given = {name: request.GET.get(name, "").strip() for name in ("channel", "region", "source")}
    since, until = date_of(request, "from"), date_of(request, "to")
    channel = Channel.objects.shown().filter(slug=given["channel"]).first() if given["channel"] else None
    if given["channel"] and channel is None:
        raise Http404("没有这个栏目。")
    region = get_object_or_404(Region, slug=given["region"]) if given["region"] else None
    # As it is written or, on a Traditional page, as it was before.
    names = {given["source"], simplified(given["source"])}
    source = Source.objects.filter(name__in=names).first() if given["source"] else None
    values = {**given, "from": str(since or ""), "to": str(until or "")}
    return Filters({name: value for name, value in values.items() if value}, channel, region, source, since, until)


def date_of(request: HttpRequest, name: str) -> date | None:
    """The first date among a parameter's values. Others are not ours: WeChat adds `from=singlemessage` to links."""
    for value in request.GET.getlist(name):
        try:
            day = parse_date(value.strip())
        except ValueError:
            continue
        if day and 1900 <= day.year < 3000:
            return day
    return None


def start_of(day: date | None, *, days: int = 0) -> datetime | None:
    """Midnight of a day of the site's time zone, or so many days later."""
    return midnight(day + timedelta(days=days)) if day else None


def addresses(text: str, filters: Filters, *, by_time: bool) -> dict[str, Any]:
    """Links to the same search with one thing changed: the order, a filter less, or none at all."""
    order = {"order": BY_TIME} if by_time else {}

    def link(values: dict[str, str]) -> str:
        return reverse("articles:search", query={"q": text[: search.MOST_CHARACTERS], **values})

    return {
        "by_relevance_url": link(filters.values),
        "by_time_url": link(filters.values | {"order": BY_TIME}),
        "without_filters_url": link(order),
        "active_filters": [
            (label, link({key: value for key, value in filters.values.items() if key != name} | order))
            for name, label in filters.labels
        ],
        "pager_query": urlencode({"q": text, **filters.values, **order}),
    }


def what_others_read() -> dict[str, Any]:
    """The ranking of the day or, while nobody has read anything, of longer; the tags of its articles. Three queries."""
    periods = [RankingEntry.Period.DAY, RankingEntry.Period.WEEK, RankingEntry.Period.MONTH]
    lists = [(label, [article for article, _ in rows]) for label, rows in rankings(periods, most=RANKED)]
    label, articles = next(((label, rows) for label, rows in lists if rows), ("", []))
    tagged = {article.pk for _, rows in lists for article in rows}
    through = Article.tags.through.objects.filter(article__in=tagged).select_related("tag")
    counted: Counter[Tag] = Counter(row.tag for row in through.order_by("tag__name"))
    return {"ranking_label": label, "ranking": articles, "tags": [tag for tag, _ in counted.most_common(TAGS_SHOWN)]}


@public_page(params=["q"], keep=False, max_age=SUGGEST_MAX_AGE)
def search_suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions as JSON: {"suggestions": [{"text", "url", "kind"}]}, at most nine. Three queries on SQLite."""
    text = request.GET.get("q", "").strip()
    terms, excluded = search.parse(text) if len(text) <= search.MOST_CHARACTERS else ((), ())
    articles, tags = search.suggest(search.Query(terms, excluded)) if terms else ([], [])
    rows = [{"text": row.name, "url": row.get_absolute_url(), "kind": "标签"} for row in tags]
    rows += [{"text": row.title, "url": row.get_absolute_url(), "kind": row.channel.name} for row in articles]
    return JsonResponse({"suggestions": rows}, json_dumps_params={"ensure_ascii": False})
