"""Feeds for readers' programs, and the page that lists them. Here, because each feed names the site and its owner."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles import feeds
from articles.feeds import Heading
from articles.models import Article, Author, Channel, ListEntry, Source, Tag, Topic
from newsportal import chrome
from newsportal.lib.pagecache import public_page
from regions.models import Region

Scope = ListEntry.Scope


@public_page
def feed_list(request: HttpRequest) -> HttpResponse:
    """The page for people: what feeds are and which there are. Two queries."""
    context = {"channels": list(Channel.objects.shown()), "topics": list(Topic.objects.shown()[:12])}
    return render(request, "feeds.html", context)


@public_page(dated=True)
def site_feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest of the whole site. Four queries."""
    return answer(request, form, "", "/", chrome.keeper.get().profile.description, feeds.of_site())


@public_page(dated=True)
def channel_feed(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.shown(), slug=slug)
    text = channel.description or f"{channel.name}栏目的最新稿件。"
    return answer(request, form, channel.name, channel.get_absolute_url(), text, feeds.of_channel(channel))


@public_page(dated=True)
def region_feed(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    """The newest of a region, the cities of a province included. Six queries."""
    region = get_object_or_404(Region, slug=slug)
    text = f"{region.full_name}的最新新闻。"
    return answer(request, form, region.name, region.get_absolute_url(), text, feeds.of_list(Scope.REGION, region.pk))


@public_page(dated=True)
def topic_feed(request: HttpRequest, form: str, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic.objects.shown(), slug=slug)
    return answer(request, form, topic.title, topic.get_absolute_url(), topic.intro, feeds.of_topic(topic))


@public_page(dated=True)
def tag_feed(request: HttpRequest, form: str, name: str) -> HttpResponse:
    tag = get_object_or_404(Tag, name=name)
    return entries_feed(request, form, Scope.TAG, tag, f"关于“{tag.name}”的最新稿件。")


@public_page(dated=True)
def source_feed(request: HttpRequest, form: str, pk: str) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    return entries_feed(request, form, Scope.SOURCE, source, f"来自{source.name}的最新稿件。")


@public_page(dated=True)
def author_feed(request: HttpRequest, form: str, pk: str) -> HttpResponse:
    author = get_object_or_404(Author, pk=pk)
    return entries_feed(request, form, Scope.AUTHOR, author, f"{author.name}的最新稿件。")


def entries_feed(request: HttpRequest, form: str, scope: int, owner: Tag | Source | Author, text: str) -> HttpResponse:
    """The feed of the list that belongs to `owner`; 404 while the list is empty, as its page is. Six queries."""
    articles = feeds.of_list(scope, owner.pk)
    if not articles:
        raise Http404("这里还没有公开的稿件。")
    return answer(request, form, owner.name, owner.get_absolute_url(), text, articles)


def answer(request: HttpRequest, form: str, name: str, page: str, text: str, articles: list[Article]) -> HttpResponse:
    site = chrome.keeper.get().profile
    title = f"{name} - {site.name}" if name else site.name
    heading = Heading(title, text, page=page, address=request.path, publisher=site.organization or site.name)
    xml, content_type = feeds.write_feed(form, heading, articles)
    return HttpResponse(xml, content_type=content_type)
