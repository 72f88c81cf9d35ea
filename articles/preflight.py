"""发布前体检: what an article lacks or what is doubtful in it, before it is published.

What publication always asks for (`forms.unready_fields`) and the word list stand apart: those a site cannot relax.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from newsportal.lib.bigrams import marked, tokens_of
from newsportal.lib.chinese import count_characters
from newsportal.lib.fetch import FetchError, status_of
from newsportal.lib.hant import PREFIX
from newsportal.lib.html import links_of, media_ids
from regions.models import Region

from .addresses import is_known, new_address
from .models import Article, Author, Channel, Photo, PreflightRule, Source, Tag, Topic

Rule = PreflightRule.Rule
Level = PreflightRule.Level

LONGEST_TITLE = 30
SHORTEST_LEAD, LONGEST_LEAD = 20, 150
# Titles that share so much of their pairs of characters are alike; looked for among so many articles of so many days.
ALIKE, ALIKE_DAYS, ALIKE_AMONG = 0.6, 30, 2000
# Links to other sites that are asked, how many at once, and for how long each.
MOST_ASKED, ASKED_AT_ONCE, ASKED_SECONDS = 30, 10, 8.0


@dataclass(frozen=True)
class Finding:
    """One point: the field of the form that it is about, what to do, and a page of the back office that helps."""

    rule: Rule
    level: Level
    field: str
    message: str
    url: str = ""

    @property
    def is_stopping(self) -> bool:
        return self.level == Level.BLOCK

    @property
    def label(self) -> str:
        return str(Article._meta.get_field(self.field).verbose_name)


def findings(article: Article) -> list[Finding]:
    """What the site's rules find in an article, saved or not, what stops it first. Up to eight queries."""
    levels = {row.rule: Level(row.level) for row in PreflightRule.objects.all()}
    found = [
        Finding(rule, levels.get(rule, Level.WARN), field, message, url)
        for rule, check in CHECKS.items()
        if levels.get(rule, Level.WARN) != Level.OFF
        for field, message, url in check(article)
    ]
    return sorted(found, key=lambda finding: not finding.is_stopping)


# --- One rule each: (field, message, address) of what it finds --------------------------------------------------------

Points = Iterator[tuple[str, str, str]]


def original_title(article: Article) -> Points:
    if article.origin == Article.Origin.REPRINT and not article.original_title.strip():
        yield "original_title", "转载稿请填原标题：读者和原作者都要能核对。", ""


def origin(article: Article) -> Points:
    if article.origin == Article.Origin.REPRINT and article.source.is_own:
        yield "source", f"标为转载，来源却是本站的“{article.source}”：请改来源或性质。", ""
    if article.origin == Article.Origin.ORIGINAL and not article.source.is_own:
        yield "origin", f"标为原创，来源却是“{article.source}”：请改性质或来源。", ""


def lead(article: Article) -> Points:
    length = count_characters(article.lead)
    if length < SHORTEST_LEAD:
        yield "lead", f"导语只有 {length} 字：列表和分享都用它，50–110 字为宜。", ""
    elif length > LONGEST_LEAD:
        yield "lead", f"导语有 {length} 字，列表里会被截断：50–110 字为宜。", ""


def long_title(article: Article) -> Points:
    length = count_characters(article.title)
    if length > LONGEST_TITLE and not article.short_title:
        yield "title", f"标题有 {length} 字，列表里会折行：请缩短到 {LONGEST_TITLE} 字以内，或填短标题。", ""


def same_title(article: Article) -> Points:
    if alike := alike_article(article):
        day = timezone.localtime(alike.published_at)
        url = reverse("admin:articles_article_change", args=[alike.pk])
        yield "title", f"与 {day:%m-%d %H:%M} 的《{alike.title}》标题雷同：请核对是不是重复发稿。", url


def alike_article(article: Article) -> Article | None:
    """The newest article, published or scheduled, whose title says nearly the same. One query."""
    own = pairs_of(article.title)
    since = timezone.now() - timedelta(days=ALIKE_DAYS)
    recent = Article.objects.filter(status=Article.Status.PUBLISHED, published_at__gte=since).exclude(pk=article.pk)
    for other in recent.order_by("-published_at", "-pk").only("title", "published_at")[:ALIKE_AMONG]:
        theirs = pairs_of(other.title)
        if own and len(own & theirs) >= ALIKE * len(own | theirs):
            return other
    return None


def pairs_of(title: str) -> set[str]:
    """The pairs of neighbouring characters, and Latin words, of a title."""
    return {token for token in tokens_of(marked(title)) if len(token) > 1} or {title}


def cover(article: Article) -> Points:
    if article.cover is None:
        yield "cover", "没有封面图：列表、首页和分享海报会只有文字。", ""


def alt(article: Article) -> Points:
    yield from lacking(article, "alt", "没有替代文字，看不到图片的读者不知道画面上有什么")


def credit(article: Article) -> Points:
    yield from lacking(article, "credit", "没有署名，请写明谁摄、谁制图")


def rights(article: Article) -> Points:
    yield from lacking(article, "rights", "没有版权说明，请写明授权来源")


def lacking(article: Article, name: str, what: str) -> Points:
    """The pictures of cover and body whose row lacks something. One query."""
    shown = [*([article.cover_id] if article.cover_id else []), *media_ids(article.body, "data-photo")]
    rows = Photo.objects.in_bulk(shown)
    for pk in dict.fromkeys(shown):
        if pk in rows and not getattr(rows[pk], name).strip():
            url = reverse("admin:articles_photo_change", args=[pk])
            yield "cover" if pk == article.cover_id else "body", f"图片 {pk}“{rows[pk]}”{what}。", url


def links(article: Article) -> Points:
    """Links to this site that lead nowhere. A query for all articles, and one for each old address."""
    for url in links_of(article.body):
        path = own_path(url)
        if path is not None and not leads_somewhere(path):
            yield "body", f"链接 {unquote(url)} 在本站打不开：请改正或去掉。", ""


def own_path(url: str) -> str | None:
    """The path of an address of this site, decoded; None for another's, and for what is no page (mailto:, tel:)."""
    parts = urlsplit(urljoin(f"{settings.SITE_URL}/", url))
    own = urlsplit(settings.SITE_URL)
    return unquote(parts.path) if (parts.scheme in {"http", "https"} and parts.netloc == own.netloc) else None


def leads_somewhere(path: str) -> bool:
    """Whether a reader finds something at a path of this site, in Simplified or Traditional characters."""
    path = path.removeprefix(PREFIX) or "/"
    try:
        match = resolve(path)
    except Resolver404:
        return bool(new_address(path))
    if match.view_name in {"articles:article_detail", "articles:article_part"}:
        article = Article.objects.select_related("channel").filter(pk=match.kwargs["pk"]).first()
        return article is not None and is_known(article) and not article.is_gone
    if match.view_name in NAMED:
        return NAMED[match.view_name]().filter(**match.kwargs).exists() or bool(new_address(path))
    return True


# What a page of one row shows; its address names the row.
NAMED: dict[str, Callable[[], QuerySet]] = {
    "articles:channel_detail": Channel.objects.shown,
    "articles:topic_detail": Topic.objects.shown,
    "articles:region_detail": Region.objects.all,
    "articles:tag_detail": Tag.objects.all,
    "articles:source_detail": Source.objects.all,
    "articles:author_detail": Author.objects.all,
}


CHECKS = {
    Rule.ORIGINAL_TITLE: original_title,
    Rule.ORIGIN: origin,
    Rule.LEAD: lead,
    Rule.LONG_TITLE: long_title,
    Rule.SAME_TITLE: same_title,
    Rule.COVER: cover,
    Rule.ALT: alt,
    Rule.CREDIT: credit,
    Rule.RIGHTS: rights,
    Rule.LINKS: links,
}


# --- Links to other sites ---------------------------------------------------------------------------------------------


def broken_links(article: Article) -> list[tuple[str, str]]:
    """(address, why) of the links to other sites that cannot be opened, of the first MOST_ASKED. Asks them all."""
    urls = [
        url for url in links_of(article.body) if urlsplit(url).scheme in {"http", "https"} and own_path(url) is None
    ]
    urls += [article.source_url] if article.source_url else []
    asked = list(dict.fromkeys(urls))[:MOST_ASKED]
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        return [(url, fault) for url, fault in zip(asked, pool.map(fault_of, asked), strict=True) if fault]


def fault_of(url: str) -> str:
    """Why an address cannot be opened; empty when it can, or when its server only turns machines away."""
    try:
        status = status_of(url, seconds=ASKED_SECONDS)
    except FetchError as error:
        return str(error)
    is_broken = status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE} or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return f"对方网站答复 {status}。" if is_broken else ""
