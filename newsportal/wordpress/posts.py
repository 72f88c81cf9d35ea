"""From an item of the export to the values of a row of ours: state, time, words, channel, signatures."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import lxml.html
from django.utils import timezone

from articles.models import Article, Channel
from newsportal.lib.chinese import shorten
from newsportal.lib.html import printable

from .bodies import Surroundings
from .index import ExportIndex
from .mapping import Mapping
from .reading import Item, Term

# Ours for theirs. A state that is not listed is some plug-in's: a draft, and the report says so.
STATES = {
    "publish": Article.Status.PUBLISHED,
    "future": Article.Status.PUBLISHED,
    "draft": Article.Status.DRAFT,
    "auto-draft": Article.Status.DRAFT,
    "pending": Article.Status.DRAFT,
    "private": Article.Status.DRAFT,
}
STATE_WORDS = {"pending": "待审", "private": "私密"}
TITLE, LEAD, TAG, NAME = 100, 300, 20, 60


@dataclass(frozen=True)
class Labels:
    """What a post was filed under: its channel here, and tags with those categories that decided nothing."""

    channel: Channel
    tags: tuple[str, ...]


def state_of(item: Item, around: Surroundings) -> tuple[str, datetime | None]:
    """Our state for the item's and the time of its publication, None for a draft."""
    state = STATES.get(item.status)
    if state is None or item.status in STATE_WORDS:
        around.say("status", f"状态“{STATE_WORDS.get(item.status, item.status)}”改成了草稿。")
    moment = moment_of(item)
    if item.post_password:
        around.say("status", "有密码保护的文章改成了草稿。")
        state = Article.Status.DRAFT
    elif state == Article.Status.PUBLISHED and moment is None:
        around.say("status", "没有可用的发布时间，改成了草稿。")
        state = Article.Status.DRAFT
    if state != Article.Status.PUBLISHED:
        return Article.Status.DRAFT, None
    if item.is_sticky == "1":
        around.say("status", "置顶没有保留：请在“推荐位”里安排。")
    return state, moment


def moment_of(item: Item) -> datetime | None:
    """When the post was published: by Greenwich, else by the clock of this site, else by the feed's date."""
    for text, zone in ((item.post_date_gmt, UTC), (item.post_date, timezone.get_current_timezone())):
        try:
            moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
        except ValueError:  # "0000-00-00 00:00:00" for what was never published
            continue
        if 1900 <= moment.year <= 2999:
            return moment.astimezone(UTC)
    try:
        moment = parsedate_to_datetime(item.pubDate)
    except ValueError:
        return None
    is_likely = moment.tzinfo is not None and 1990 <= moment.year <= 2999
    return moment.astimezone(UTC) if is_likely else None


def plain(text: str) -> str:
    """Words in a title, a caption, a name: without tags, references and line breaks."""
    if "<" in text:
        text = re.sub(r"</?[a-zA-Z][^<>]*>", "", text)
    return " ".join(printable(html.unescape(text)).split())


def title_of(item: Item, around: Surroundings) -> str:
    title = plain(item.title)
    if not title:
        around.say("text", "没有标题，暂用编号代替。")
        return f"无题（原编号 {item.number}）"
    return cut(title, TITLE, "标题", around)


def lead_of(item: Item, around: Surroundings) -> str:
    excerpt = item.excerpt.strip()
    words = lxml.html.fromstring(f"<div>{printable(excerpt)}</div>").text_content() if excerpt else ""
    return cut(" ".join(words.split()), LEAD, "摘要", around)


def cut(text: str, most: int, name: str, around: Surroundings) -> str:
    if len(text) > most:
        around.say("text", f"{name}超过 {most} 个字，已截短；原文：{text}")
    return shorten(text, most)


def labels_of(item: Item, mapping: Mapping, index: ExportIndex, around: Surroundings) -> Labels:
    """The channel by the first category that has one (the main one of an SEO plug-in first); the rest become tags."""
    categories = [term for term in item.terms if term.domain == "category"]
    main = item.meta.get("_yoast_wpseo_primary_category") or item.meta.get("rank_math_primary_category") or ""
    categories.sort(key=lambda term: not main or index.categories.get(term.nicename, term).term_id != main)
    channel, decided = None, None
    names = [plain(term.name) for term in item.terms if term.domain == "post_tag"]
    for term in categories:
        is_mapped, found = channel_of(term, mapping, index)
        if found is not None and channel is None:
            channel, decided = found, term
        elif not is_mapped:
            around.say("category", f"分类“{plain(term.name)}”（{term.nicename}）不在映射文件里，变成标签。")
        if term is not decided and (found is not None or not is_mapped):
            names.append(plain(term.name))
    tags = [name.replace("/", "／") for name in dict.fromkeys(names) if name]
    for name in tags:
        if len(name) > TAG:
            around.say("tag", f"标签超过 {TAG} 个字：{name}")
    return Labels(channel or mapping.default_channel, tuple(name for name in tags if len(name) <= TAG))


def channel_of(term: Term, mapping: Mapping, index: ExportIndex) -> tuple[bool, Channel | None]:
    """Whether the mapping speaks of the category or of one above it, and the channel that it names."""
    seen: set[str] = set()
    name = term.nicename
    while name and name not in seen:
        if name in mapping.categories:
            return True, mapping.categories[name]
        seen.add(name)
        name = index.categories[name].parent if name in index.categories else ""
    return False, None


def signatures_of(item: Item, mapping: Mapping, index: ExportIndex, around: Surroundings) -> list[str]:
    """The names under the article: those of Co-Authors Plus where it has any, else that of the account."""
    guests = [plain(term.name) for term in item.terms if term.domain == "author"]
    login = item.creator
    names = guests or [mapping.authors.get(login, index.writers.get(login, login))]
    return [cut(plain(name), NAME, "署名", around) for name in dict.fromkeys(names) if plain(name)]
