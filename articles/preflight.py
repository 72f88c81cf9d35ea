"""发布前体检: what an article lacks or what is doubtful in it, before it is published.

What publication always asks for (`unready_fields`) and the word list stand apart: those a site cannot relax.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from http import HTTPStatus
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone

from newsportal.lib.bigrams import marked, tokens_of
from newsportal.lib.chinese import count_characters
from newsportal.lib.fetch import FetchError, status_of
from newsportal.lib.hant import PREFIX
from newsportal.lib.html import links_of, photo_ids, text_of
from regions.models import Region

from .addresses import is_known, new_address
from .models import Article, Author, Channel, Photo, PreflightRule, Source, Tag, Topic
from .pasting.markers import markers_in
from .rendering import lead_of, missing_media

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
        return Article.label_of(self.field)


@dataclass(frozen=True)
class Case:
    """An article under check, saved or not, with what several rules look at."""

    article: Article

    @cached_property
    def photos(self) -> list[Photo]:
        """The pictures of cover and body that the library has, the cover first. One query."""
        cover = self.article.cover_id
        shown = dict.fromkeys([*([cover] if cover else []), *photo_ids(self.article.body)])
        rows = Photo.objects.in_bulk(shown)
        return [rows[pk] for pk in shown if pk in rows]


def findings(article: Article) -> list[Finding]:
    """What the site's rules find in an article, saved or not, what stops it first. Up to four queries.

    Links within the site cost one more for all articles, and one for each other page that is linked to.
    """
    levels = {row.rule: Level(row.level) for row in PreflightRule.objects.all()}
    case = Case(article)
    found = [
        Finding(rule, levels.get(rule, Level.WARN), field, message, url)
        for rule, check in CHECKS.items()
        if levels.get(rule, Level.WARN) != Level.OFF
        for field, message, url in check(case)
    ]
    return sorted(found, key=lambda finding: not finding.is_stopping)


# --- What no site can do without --------------------------------------------------------------------------------------


def unready_fields(*, body: str, duty_editor: str, origin: str, source_url: str) -> dict[str, str]:
    """What an article still lacks for publication, as {field: message}; empty when it is ready."""
    lacks = {}
    if not text_of(body) and "<figure" not in body:
        lacks["body"] = "正文是空的，不能发布。"
    elif left := markers_in(body):
        lacks["body"] = f"正文里还留着{'、'.join(left)}：请放上图片，或删掉这一行。"
    if not duty_editor.strip():
        lacks["duty_editor"] = "发布前必须填写责任编辑。"
    if origin == Article.Origin.REPRINT and not source_url:
        lacks["source_url"] = "转载稿发布前必须填写原文链接。"
    return lacks


def lacks_of(article: Article) -> list[tuple[str, str]]:
    """(field, message) of all that stands against publication whatever the site says. Queries the library."""
    names = ("body", "duty_editor", "origin", "source_url")
    lacks = list(unready_fields(**{name: getattr(article, name) for name in names}).items())
    if missing := missing_media(article.body):
        lacks.append(("body", f"正文引用了库里没有的{'、'.join(missing)}。"))
    return lacks


# --- One rule each: (field, message, address) of what it finds --------------------------------------------------------

Points = Iterator[tuple[str, str, str]]


def original_title(case: Case) -> Points:
    if case.article.origin == Article.Origin.REPRINT and not case.article.original_title.strip():
        yield "original_title", "转载稿请填原标题：读者和原作者都要能核对。", ""


def origin(case: Case) -> Points:
    is_reprint, source = case.article.origin == Article.Origin.REPRINT, case.article.source
    if is_reprint and source.is_own:
        yield "source", f"标为转载，来源却是本站的“{source}”：请改来源或性质。", ""
    if not is_reprint and not source.is_own:
        yield "origin", f"标为原创，来源却是“{source}”：请改性质或来源。", ""


def lead(case: Case) -> Points:
    length = count_characters(case.article.lead.strip() or lead_of(case.article.body))
    if length < SHORTEST_LEAD:
        yield "lead", f"导语只有 {length} 字：列表和分享都用它，50–110 字为宜。", ""
    elif length > LONGEST_LEAD:
        yield "lead", f"导语有 {length} 字，列表里会被截断：50–110 字为宜。", ""


def long_title(case: Case) -> Points:
    length = count_characters(case.article.title)
    if length > LONGEST_TITLE and not case.article.short_title:
        yield "title", f"标题有 {length} 字，列表里会折行：请缩短到 {LONGEST_TITLE} 字以内，或填短标题。", ""


def same_title(case: Case) -> Points:
    if alike := alike_article(case.article):
        day = timezone.localtime(alike.published_at)
        url = reverse("admin:articles_article_change", args=[alike.pk])
        yield "title", f"与 {day:%m-%d %H:%M} 的《{alike.title}》标题雷同：请核对是不是重复发稿。", url


def alike_article(article: Article) -> Article | None:
    """The newest article, published or scheduled, whose title says nearly the same. One query."""
    own = pairs_of(article.title)
    since = timezone.now() - timedelta(days=ALIKE_DAYS)
    recent = Article.objects.filter(status=Article.Status.PUBLISHED, published_at__gte=since)
    recent = recent.exclude(pk__in=[pk for pk in (article.pk, article.draft_of_id) if pk])
    for other in recent.order_by("-published_at", "-pk").only("title", "published_at")[:ALIKE_AMONG]:
        theirs = pairs_of(other.title)
        if len(own & theirs) >= ALIKE * len(own | theirs):
            return other
    return None


def pairs_of(title: str) -> set[str]:
    """The pairs of neighbouring characters, and Latin words, of a title; the title itself where it has none."""
    return {token for token in tokens_of(marked(title)) if len(token) > 1} or {title}


def cover(case: Case) -> Points:
    if case.article.cover_id is None:
        yield "cover", "没有封面图：列表、首页和分享海报会只有文字。", ""


def alt(case: Case) -> Points:
    return lacking(case, "alt", "没有替代文字，看不到图片的读者不知道画面上有什么")


def credit(case: Case) -> Points:
    return lacking(case, "credit", "没有署名，请写明谁摄、谁制图")


def rights(case: Case) -> Points:
    return lacking(case, "rights", "没有版权说明，请写明授权来源")


def licence(case: Case) -> Points:
    return lacking(case, "licence", "没有写版权种类，请写明是自有、授权、供图还是公版")


def expired(case: Case) -> Points:
    """Pictures that may be shown no longer, or are not."""
    for photo in case.photos:
        if photo.withdrawn_at:
            yield point_of(case, photo, "已经下架，读者看不到它：请换掉或去掉")
        elif photo.is_expired:
            yield point_of(case, photo, f"的版权在 {photo.expires_on:%Y-%m-%d} 到期：请换掉，或续期后改到期日")


def lacking(case: Case, name: str, what: str) -> Points:
    """The pictures whose row lacks something."""
    for photo in case.photos:
        if not getattr(photo, name).strip():
            yield point_of(case, photo, what)


def point_of(case: Case, photo: Photo, what: str) -> tuple[str, str, str]:
    field = "cover" if photo.pk == case.article.cover_id else "body"
    return field, f"图片 {photo.pk}“{photo}”{what}。", reverse("admin:articles_photo_change", args=[photo.pk])


def links(case: Case) -> Points:
    """Links to this site that lead nowhere."""
    paths = {url: path for url in links_of(case.article.body) if (path := own_path(url)) is not None}
    matches = {url: matched(path) for url, path in paths.items()}
    numbers = [int(match.kwargs["pk"]) for match in matches.values() if match and match.view_name in ARTICLES]
    articles = Article.objects.select_related("channel").defer("body", "pages").in_bulk(numbers)
    for url, match in matches.items():
        if not leads_somewhere(match, paths[url], articles):
            yield "body", f"链接 {unquote(url)} 在本站打不开：请改正或去掉。", ""


def own_path(url: str) -> str | None:
    """The path of an address of this site, decoded; None for another's, and for what is no page (mailto:, tel:).

    Of the Simplified form of the page where it is that of the Traditional one.
    """
    parts, own = urlsplit(urljoin(f"{settings.SITE_URL}/", url)), urlsplit(settings.SITE_URL)
    if parts.scheme not in {"http", "https"} or parts.netloc != own.netloc:
        return None
    path = unquote(parts.path) or "/"
    return path.removeprefix(PREFIX) if path.startswith(f"{PREFIX}/") else path


def matched(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def leads_somewhere(match: ResolverMatch | None, path: str, articles: dict[int, Article]) -> bool:
    """Whether a reader finds something there; `articles` are those that are linked to, by number. One query at most."""
    if match is not None and match.view_name in ARTICLES:
        article = articles.get(int(match.kwargs["pk"]))
        return article is not None and is_known(article) and not article.is_gone
    if match is not None and match.view_name not in NAMED:
        return True
    return (match is not None and NAMED[match.view_name]().filter(**match.kwargs).exists()) or bool(new_address(path))


ARTICLES = {"articles:article_detail", "articles:article_part"}
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
    Rule.LICENCE: licence,
    Rule.EXPIRED: expired,
    Rule.LINKS: links,
}


# --- Links to other sites ---------------------------------------------------------------------------------------------


def other_links(article: Article) -> list[str]:
    """The addresses of other sites that the article leads to, that of its original last."""
    urls = dict.fromkeys([*links_of(article.body), *([article.source_url] if article.source_url else [])])
    return [url for url in urls if urlsplit(url).scheme in {"http", "https"} and own_path(url) is None]


def broken_links(urls: Sequence[str]) -> list[tuple[str, str]]:
    """(address, why) of those that cannot be opened. Asks all of them, MOST_ASKED at the most."""
    asked = urls[:MOST_ASKED]
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
