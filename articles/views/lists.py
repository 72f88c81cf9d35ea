"""Lists of articles: by channel, region, tag, source, author, day and by how much they are read."""

import re
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from articles.addresses import answers_old_queries
from articles.lists import entries, gather_ids, hot_articles, in_order, newest, of_day, rankings
from articles.models import (
    Article,
    ArticleEvent,
    Author,
    Channel,
    Credit,
    ListEntry,
    Placement,
    RankingEntry,
    Source,
    Tag,
)
from articles.paging import entry_page
from articles.placing import pinned, with_pinned
from newsportal.lib.days import midnight
from newsportal.lib.pagecache import public_page
from newsportal.lib.pagination import page_number, paginate
from regions.models import Region

Scope = ListEntry.Scope
PAGE_SIZES = {Channel.Kind.GALLERY: 24, Channel.Kind.VIDEO: 18, Channel.Kind.DOCUMENTS: 30}
ARCHIVE_DAYS = 14
FIRST_YEAR = 1990
PERIODS = [RankingEntry.Period.DAY, RankingEntry.Period.WEEK, RankingEntry.Period.MONTH]


@answers_old_queries
@public_page(params=["page"])
def channel_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A channel's list in the layout of its kind.

    Five queries, six on a deep page; one more for the authors of poems, one where something is pinned.
    """
    has_pinned = Exists(Placement.objects.active().filter(channel=OuterRef("pk")))
    channel = get_object_or_404(Channel.objects.shown().annotate(has_pinned=has_pinned), slug=slug)
    size = PAGE_SIZES.get(channel.kind, 20)
    page = entry_page(Scope.SITE, 0, page_number(request), channel=channel.pk, size=size)
    if channel.has_pinned and page.number == 1:
        page = with_pinned(page, pinned(channel=channel))
    if channel.kind == Channel.Kind.POEMS:
        prefetch_related_objects(page.items, Prefetch("credits", Credit.objects.select_related("author")))
    hot = hot_articles(exclude={article.pk for article in page.items})
    return render(request, f"articles/channel_{channel.kind}.html", {"channel": channel, "page": page, "hot": hot})


@public_page
def region_list(request: HttpRequest) -> HttpResponse:
    """All regions, each with its newest articles. Three queries."""
    regions = list(Region.objects.provinces())
    parts = gather_ids(entries(Scope.REGION, region.pk).values_list("article_id", flat=True)[:3] for region in regions)
    found = {article.pk: article for article in in_order([pk for part in parts for pk in part])}
    pairs = [(region, [found[pk] for pk in part if pk in found]) for region, part in zip(regions, parts, strict=True)]
    return render(request, "articles/region_list.html", {"regions": pairs})


@public_page(params=["channel", "page"])
def region_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A region's articles, all or of one channel. Seven queries, eight on a deep page or where something is pinned."""
    has_pinned = Exists(Placement.objects.active().filter(region=OuterRef("pk")))
    region = get_object_or_404(Region.objects.select_related("parent").annotate(has_pinned=has_pinned), slug=slug)
    in_channel = entries(Scope.REGION, region.pk, channel=OuterRef("pk"))
    channels = list(Channel.objects.shown().filter(Exists(in_channel)))
    wanted = request.GET.get("channel")
    channel = next((row for row in channels if row.slug == wanted), None)
    if wanted is not None and channel is None:
        raise Http404("这个地区没有这个栏目的稿件。")
    page = entry_page(Scope.REGION, region.pk, page_number(request), channel=channel.pk if channel else 0)
    if region.has_pinned and channel is None and page.number == 1:
        page = with_pinned(page, pinned(region=region))
    context = {
        "region": region,
        "children": list(region.children.all()) if region.parent_id is None else [],
        "channels": channels,
        "channel": channel,
        "page": page,
        "hot": hot_articles(exclude={article.pk for article in page.items}),
    }
    return render(request, "articles/region_detail.html", context)


@public_page(params=["page"])
def correction_list(request: HttpRequest) -> HttpResponse:
    """Every correction (更正) of what readers can open, the newest first. Two queries."""
    # Asked of each correction: "in" would gather all that is published first, a million articles for a few corrections.
    readable = Exists(Article.objects.published().filter(pk=OuterRef("article")))
    corrections = ArticleEvent.objects.filter(readable, kind=ArticleEvent.Kind.CORRECTED)
    corrections = corrections.select_related("article__channel").defer("article__body", "article__pages")
    page = paginate(corrections.order_by("-at", "-id"), page_number(request))
    return render(request, "articles/correction_list.html", {"page": page})


@public_page(params=["page"])
def tag_detail(request: HttpRequest, name: str) -> HttpResponse:
    tag = get_object_or_404(Tag, name=name)
    return render_entries(request, Scope.TAG, tag, "articles/tag_detail.html")


@public_page(params=["page"])
def source_detail(request: HttpRequest, pk: str) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    return render_entries(request, Scope.SOURCE, source, "articles/source_detail.html")


@public_page(params=["page"])
def author_detail(request: HttpRequest, pk: str) -> HttpResponse:
    author = get_object_or_404(Author, pk=pk)
    return render_entries(request, Scope.AUTHOR, author, "articles/author_detail.html")


def render_entries(request: HttpRequest, scope: int, owner: Tag | Source | Author, template: str) -> HttpResponse:
    """A page of the list that belongs to `owner`; 404 while the list is empty. Four queries, five on a deep page."""
    page = entry_page(scope, owner.pk, page_number(request))
    if not page.items:
        raise Http404("这里还没有公开的稿件。")
    hot = hot_articles(exclude={article.pk for article in page.items})
    return render(request, template, {"owner": owner, "page": page, "hot": hot})


@public_page(params=["page", "date"])
def rolling(request: HttpRequest) -> HttpResponse:
    """Rolling news: everything, newest first; `?date=` leads to the archive of that day."""
    if given := request.GET.get("date"):
        return redirect(archive_url(parse_day(given)))
    page = entry_page(Scope.SITE, 0, page_number(request), size=40)
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in range(ARCHIVE_DAYS)]
    return render(request, "articles/rolling.html", {"page": page, "days": days, "today": today})


@public_page(params=["page"])
def archive_day(request: HttpRequest, year: str, month: str, day: str) -> HttpResponse:
    """All articles of one day. Two queries, and two for the days before and after."""
    wanted, today = archived_day(year, month, day), timezone.localdate()
    page = paginate(of_day(wanted), page_number(request), size=50)
    days = [today - timedelta(days=back) for back in range(ARCHIVE_DAYS)]
    context = {
        "page": page,
        "day": wanted,
        "previous": day_of_neighbour(wanted, later=False),
        "next": day_of_neighbour(wanted, later=True),
        "days": days,
        "today": today,
    }
    return render(request, "articles/archive_day.html", context)


def parse_day(text: str) -> date:
    """The day of a text like 2026-11-03. Raises Http404 for anything else."""
    parts = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if parts is None:
        raise Http404("日期写法不对。")
    return archived_day(*parts.groups())


def archived_day(year: str, month: str, day: str) -> date:
    """The day of the archive. Raises Http404 for what is no day, was before FIRST_YEAR or is still to come."""
    try:
        wanted = date(int(year), int(month), int(day))
    except ValueError as error:
        raise Http404("没有这一天。") from error
    if wanted > timezone.localdate() or wanted.year < FIRST_YEAR:
        raise Http404("这一天没有稿件。")
    return wanted


def archive_url(day: date) -> str:
    return reverse("articles:archive_day", args=[f"{day:%Y}", f"{day:%m}", f"{day:%d}"])


def day_of_neighbour(day: date, *, later: bool) -> date | None:
    """The nearest day with articles before or after `day`, or None. One query, one row of an index."""
    start = midnight(day)
    if later:
        following = Article.objects.published().filter(published_at__gte=start + timedelta(days=1))
        following = following.order_by("published_at")
    else:
        following = Article.objects.published(before=start).order_by("-published_at")
    moment = following.values_list("published_at", flat=True).first()
    return timezone.localdate(moment) if moment else None


@public_page
def ranking(request: HttpRequest) -> HttpResponse:
    """热榜 of the day, the week and the month; the newest while nothing has been read. Two queries."""
    lists = rankings(PERIODS, most=20)
    ranked = next(([article for article, _ in rows] for _, rows in lists if rows), [])
    latest = [] if ranked else list(newest()[:20])
    context = {"lists": lists, "articles": ranked or latest, "newest": latest}
    return render(request, "articles/ranking.html", context)
