"""The sitemap: an index, a part for everything but articles, the parts of articles, and the news of two days."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from about.models import Page
from articles import sitemaps
from articles.lists import entries
from articles.models import Channel, Issue, ListEntry, SitemapPart, Topic
from articles.sitemaps import Place
from comments.letters import sitemaps as letters
from newsportal import chrome
from newsportal.lib.pagecache import public_page
from regions.models import Region

STANDING = ["home", "articles:rolling", "articles:ranking", "articles:region_list", "articles:topic_list"]
STANDING += ["articles:issue_list", "articles:correction_list", "comments:report_latest", "feed_list"]
STANDING += ["about:staff_search", "letters:letter_list"]
# Put together by hand, so never so many; a bound all the same, because the format has one.
MOST_OF_A_KIND = 10_000


@public_page(dated=True)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The parts there are. Two queries; a part that lost its last article or letter stays, and is empty."""
    now = timezone.now()
    address = reverse("sitemap_articles", args=[0]).replace("0", "{}")  # asked of the router once, not for each part
    parts = SitemapPart.objects.order_by("number").values_list("number", "changed_at")
    places = [Place(reverse("sitemap_pages"))]
    places += [Place(address.format(number), min(changed_at, now)) for number, changed_at in parts]
    places += [Place(reverse("sitemap_letters", args=[number])) for number in range(letters.parts())]
    return xml(sitemaps.write_index(places))


@public_page(dated=True)
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    """Everything but articles. Five queries."""
    return xml(sitemaps.write_part(places_of_pages()))


def places_of_pages() -> Iterator[Place]:
    yield from (Place(reverse(name)) for name in STANDING)
    yield from (Place(channel.get_absolute_url()) for channel in Channel.objects.shown())
    filled = Exists(entries(ListEntry.Scope.REGION, OuterRef("pk")))
    yield from (Place(region.get_absolute_url()) for region in Region.objects.filter(filled))
    for topic in Topic.objects.shown()[:MOST_OF_A_KIND]:
        yield Place(topic.get_absolute_url(), topic.updated_at)
    for issue in Issue.objects.shown()[:MOST_OF_A_KIND]:
        yield Place(issue.get_absolute_url())
    for page in Page.objects.filter(is_published=True).defer("body"):
        yield Place(page.get_absolute_url(), page.updated_at)


# Not kept: a search engine reads all parts once in a while, and they would push every page out of the cache.
@public_page(keep=False, dated=True)
def sitemap_articles(request: HttpRequest, number: str) -> HttpResponse:
    """A part of the articles. Two queries. 404 for a part that is not in the index."""
    if not SitemapPart.objects.filter(number=number).exists():
        raise Http404("网站地图没有这一册。")
    return xml(sitemaps.write_part(sitemaps.places_of_part(int(number))))


@public_page(keep=False, dated=True)
def sitemap_letters(request: HttpRequest, number: str) -> HttpResponse:
    """A part of the letters that are public. Two queries. 404 for a part that is not in the index."""
    if int(number) >= letters.parts():
        raise Http404("网站地图没有这一册。")
    return xml(sitemaps.write_part(letters.places_of_part(int(number))))


@public_page(dated=True)
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """The articles of the last two days, for news search. One query."""
    name = chrome.keeper.get().profile.name
    return xml(sitemaps.write_news(sitemaps.newest_articles(), publication=name))


def xml(document: bytes) -> HttpResponse:
    return HttpResponse(document, content_type="application/xml; charset=utf-8")
