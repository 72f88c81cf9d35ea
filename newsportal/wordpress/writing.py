"""One post or page of the export into one article or page of ours."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from django.db import transaction

from about.models import Page
from articles.models import Article, Author, Credit, ImportedItem, Source, Tag
from articles.publishing import index_article, save_article
from newsportal.lib import pagecache
from newsportal.lib.html import clean_html, text_of

from .bodies import Placed, Reference, convert
from .comments import STATES, import_comments
from .index import ExportIndex
from .links import Links, saved_at
from .mapping import Mapping
from .markup import plain_markup
from .pictures import MissingPictureError, PictureImport
from .posts import cut, labels_of, lead_of, moment_of, plain, signatures_of, state_of, title_of
from .reading import Item
from .report import Note, Report

KIND = ImportedItem.Kind
# What decides whether a post has changed since the last run.
COMPARED = """
    title content excerpt link creator status post_date post_date_gmt post_password comment_status is_sticky post_name
""".split()
COMPARED_META = ("_thumbnail_id", "_yoast_wpseo_primary_category", "rank_math_primary_category")
# The reason that stands in the chains of imported articles.
IMPORTED = "从 WordPress 导入"


@dataclass
class Desk:
    """What every item of a run is imported with."""

    index: ExportIndex
    mapping: Mapping
    source: Source
    pictures: PictureImport
    links: Links
    report: Report
    is_dry: bool = False


@dataclass
class Around:
    """The `bodies.Surroundings` of one item: what its text needs, and what could not be had."""

    desk: Desk
    item: Item
    takes_pictures: bool = True
    is_complete: bool = True
    first: Placed | None = None
    said: set[tuple[str, str]] = field(default_factory=set)

    def photo(self, reference: Reference) -> Placed | None:
        if not self.takes_pictures:
            self.say("picture", f"单页里不能放图片：{reference.src or reference.attachment}")
            return None
        try:
            placed = self.desk.pictures.find(reference)
        except MissingPictureError as error:
            self.say("picture", str(error))
            self.is_complete = False
            return None
        self.first = self.first or placed
        return placed

    def link(self, address: str) -> str:
        found, is_settled = self.desk.links.find(address)
        self.is_complete = self.is_complete and is_settled
        return found

    def say(self, kind: str, message: str) -> None:
        """Note it, once."""
        if (kind, message) not in self.said:
            self.said.add((kind, message))
            self.desk.report.add(self.note(kind, message))

    def note(self, kind: str, message: str) -> Note:
        return Note(kind, self.item.post_type, self.item.post_id, plain(self.item.title), self.item.line, message)

    def body(self) -> str:
        """The item's text as clean body HTML."""
        index, number = self.desk.index, self.item.number
        attached = lambda: index.attached_to(number)  # noqa: E731 -- asked only by a gallery without a list
        markup = plain_markup(self.item.content, say=self.say, attached=attached, reusable=index.block)
        return clean_html(convert(markup, self))


def import_article(desk: Desk, item: Item) -> None:
    """Make or renew the article of a post, unless it is as it was, was edited here, or was deleted here."""
    around = Around(desk, item)
    fingerprint = digest(item, desk)
    record = record_of(desk, KIND.ARTICLE, item)
    article = Article.objects.filter(pk=record.target_id).first() if record else None
    if record and is_settled(record, article, fingerprint, around):
        take_comments(around, article)
        return
    values = article_values(around)
    if article and record.digest == fingerprint and is_same(article, values):
        # Only what was missing has been found since, or is missing still.
        desk.report.count("article unchanged")
        if not desk.is_dry and around.is_complete:
            ImportedItem.objects.filter(pk=record.pk).update(is_complete=True)
        take_comments(around, article)
        return
    desk.report.count("article updated" if article else "article created")
    labels = labels_of(item, desk.mapping, desk.index, around)
    names = signatures_of(item, desk.mapping, desk.index, around)
    if desk.is_dry:
        take_comments(around, article)
        return
    with transaction.atomic():
        article = article or Article()
        for name, value in {**values, "channel": labels.channel}.items():
            setattr(article, name, value)
        save_article(article, reason=IMPORTED)
        article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in labels.tags])
        sign(article, names)
        index_article(article)
        take_comments(around, article)
        keep_record(desk, KIND.ARTICLE, item, article, fingerprint, is_complete=around.is_complete)
        if article.status == Article.Status.PUBLISHED:
            desk.links.remember(desk.links.paths_of(item, "p"), around.note("address", ""), article=article)


def take_comments(around: Around, article: Article | None) -> None:
    """The comments of the post that are not here yet; says what stays behind. Of a draft none: nobody sees them."""
    left = sum(each.approved not in STATES for each in around.item.comments)
    if left:
        around.say("comments", f"{left} 条垃圾评论或回收站里的评论。")
    if around.desk.is_dry or article is None or article.status != Article.Status.PUBLISHED:
        return
    for _ in range(import_comments(article, around.desk.index.site.host, around.item.comments)):
        around.desk.report.count("comment created")


def article_values(around: Around) -> dict[str, Any]:
    """The columns of the article that the item becomes, its channel excepted."""
    item, source = around.item, around.desk.source
    body = around.body()
    status, published_at = state_of(item, around)
    thumbnail = item.meta.get("_thumbnail_id", "")
    # Without a picture chosen for lists, the first of the text stands there, as in most themes.
    cover = around.photo(Reference(int(thumbnail), "")) if re.fullmatch(r"[1-9]\d{0,17}", thumbnail) else around.first
    values = {
        "title": title_of(item, around),
        "lead": lead_of(item, around),
        "body": body,
        "cover_id": cover.pk if cover else None,
        "source": source,
        "origin": Article.Origin.ORIGINAL if source.is_own else Article.Origin.REPRINT,
        "source_url": "" if source.is_own else item.link[:500],
        "duty_editor": around.desk.mapping.duty_editor,
        "comments_open": item.comment_status == "open",
        "status": status,
        "published_at": published_at,
    }
    if status == Article.Status.PUBLISHED and not text_of(body) and "<figure" not in body:
        around.say("status", "正文是空的，改成了草稿。")
        values |= {"status": Article.Status.DRAFT, "published_at": None}
    return values


def is_same(article: Article, values: dict[str, Any]) -> bool:
    return article.body == values["body"] and article.cover_id == values["cover_id"]


def is_settled(record: ImportedItem, row: Article | Page | None, fingerprint: str, around: Around) -> bool:
    """Whether there is nothing to do for an item that was imported before; says why where it had changed."""
    if row is None:
        around.say("skipped", "导入以后在本站删除了，不再导入。")
        return True
    is_edited = saved_at(row) != record.saved_at
    if record.digest == fingerprint and (record.is_complete or is_edited):
        around.desk.report.count(f"{record.kind} unchanged")
        return True
    if is_edited:
        around.say("kept", "原站点有新的改动，但本站也改过这一篇：没有覆盖，请人工核对。")
        return True
    return False


def sign(article: Article, names: list[str]) -> None:
    article.credits.all().delete()
    Credit.objects.bulk_create(
        Credit(article=article, author=Author.objects.get_or_create(name=name)[0], position=position)
        for position, name in enumerate(names, start=1)
    )


def import_page(desk: Desk, item: Item) -> None:
    """Make or renew the static page of a page, under the same conditions as an article."""
    around = Around(desk, item, takes_pictures=False)
    fingerprint = digest(item, desk)
    record = record_of(desk, KIND.PAGE, item)
    page = Page.objects.filter(pk=record.target_id).first() if record else None
    if record and is_settled(record, page, fingerprint, around):
        return
    body = around.body()
    if not text_of(body):
        around.say("skipped", "单页没有文字。")
        return
    is_unchanged = page is not None and record.digest == fingerprint and page.body == body
    desk.report.count(f"page {'unchanged' if is_unchanged else 'updated' if page else 'created'}")
    if desk.is_dry or is_unchanged:
        return
    with transaction.atomic():
        page = page or Page(slug=free_slug(item, around), in_footer=False)
        page.title = cut(title_of(item, around), 60, "标题", around)
        page.lead = cut(lead_of(item, around), 200, "摘要", around)
        page.body, page.is_published = body, item.status == "publish" and not item.post_password
        page.save()
        pagecache.bump()
        keep_record(desk, KIND.PAGE, item, page, fingerprint, is_complete=around.is_complete)
        if page.is_published:
            paths = desk.links.paths_of(item, "page_id")
            desk.links.remember(paths, around.note("address", ""), target=page.get_absolute_url())


def free_slug(item: Item, around: Around) -> str:
    """The page's own slug where it can be one here and is free, else one made of its number."""
    slug = unquote(item.post_name)
    if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", slug) and not Page.objects.filter(slug=slug).exists():
        return slug
    around.say("text", f"网址名“{slug}”不能用或已被占用，改用 page-{item.number}。")
    return f"page-{item.number}"


def record_of(desk: Desk, kind: str, item: Item) -> ImportedItem | None:
    origin = desk.index.site.host
    return ImportedItem.objects.filter(origin=origin, kind=kind, external_id=item.post_id).first()


def keep_record(desk: Desk, kind: str, item: Item, row: Article | Page, fingerprint: str, *, is_complete: bool) -> None:
    values = {"target_id": row.pk, "digest": fingerprint, "is_complete": is_complete, "saved_at": saved_at(row)}
    key = {"origin": desk.index.site.host, "kind": kind, "external_id": item.post_id}
    ImportedItem.objects.update_or_create(**key, defaults=values)


def digest(item: Item, desk: Desk) -> str:
    """A fingerprint of all that the row of ours is made of: the item, and what the mapping makes of it."""
    mapping = desk.mapping
    compared = [
        [item.values.get(name, "") for name in COMPARED],
        [item.meta.get(name, "") for name in COMPARED_META],
        [[term.domain, term.nicename, term.name] for term in item.terms],
        [channel.slug if channel else "" for channel in mapping.categories.values()],
        [mapping.default_channel.slug, mapping.duty_editor, mapping.authors.get(item.creator, ""), desk.source.pk],
        str(moment_of(item)),
    ]
    return hashlib.sha256(json.dumps(compared, ensure_ascii=False).encode()).hexdigest()
