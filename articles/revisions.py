"""Revisions (修订): every state of an article that somebody saved, to compare and to bring back.

A revision holds what an editor gives an article. References are kept with the name that they had, so that an old
revision reads as it did even when its tag is gone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from newsportal.lib.comparison import Row, compare
from newsportal.lib.html import text_of

from .models import Article, Author, Channel, Credit, Photo, Revision, Source, Video
from .trace import sha256

Content = dict[str, Any]

WORDS = ["kicker", "title", "subtitle", "short_title", "lead", "original_title", "source_url", "duty_editor"]
CHOICES = ["origin", "ai_use"]
# Without the first two there is no article; the others may be missing.
NEEDED: dict[str, type[models.Model]] = {"channel": Channel, "source": Source}
OPTIONAL: dict[str, type[models.Model]] = {"cover": Photo, "video": Video}
SETS = ["regions", "tags"]
# What text alone does not show, put into words.
SHOWN = [
    (re.compile(r'<figure data-photo="([0-9]+)">'), r"\g<0>〔图片 \1〕"),
    (re.compile(r'<figure data-gallery="([0-9 ]+)">'), r"\g<0>〔组图 \1〕"),
    (re.compile(r'<figure data-video="([0-9]+)">'), r"\g<0>〔视频 \1〕"),
    (re.compile(r'<figure data-audio="([0-9]+)">'), r"\g<0>〔音频 \1〕"),
    (re.compile(r'<figure data-embed="([^"]+)">'), r"\g<0>〔站外视频 \1〕"),
    (re.compile(r'<figure data-article="([0-9]+)">'), r"\g<0>〔相关稿件 \1〕"),
    (re.compile(r'<aside class="fact-box">'), "<p>〔资料框〕</p>"),
    (re.compile(r"</aside>"), "<p>〔资料框完〕</p>"),
    (re.compile(r'<blockquote class="pull-quote">'), r"<p>〔提要〕</p>\g<0>"),
    (re.compile(r'<hr class="page-break" data-title="([^"]*)">'), r"<p>〔分页：\1〕</p>"),
    (re.compile(r"<hr[^>]*>"), "<p>〔分页〕</p>"),
    (re.compile(r"<h[2-4]>"), r"\g<0>〔小标题〕"),
    (re.compile(r"<li>"), r"\g<0>· "),
    (re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL), r"\2〔链接 \1〕"),
]


@dataclass(frozen=True)
class Change:
    """One field in two revisions, row by row; `note` says how the comparison was made when that is not plain."""

    label: str
    rows: list[Row]
    note: str = ""


# --- Keeping ----------------------------------------------------------------------------------------------------------


def content_of(article: Article) -> Content:
    """All that a revision holds of the article. Three queries, and those of references that are not loaded."""
    content: Content = {name: getattr(article, name) for name in [*WORDS, *CHOICES, "body"]}
    for name in [*NEEDED, *OPTIONAL]:
        row = getattr(article, name)
        content[name] = [row.pk, str(row)] if row else None
    for name in SETS:
        content[name] = [[row.pk, str(row)] for row in getattr(article, name).order_by("pk")]
    signed = article.credits.select_related("author").order_by("position", "pk")
    content["credits"] = [[credit.role, credit.author_id, credit.author.name] for credit in signed]
    return content


def bare(content: Content) -> Content:
    """The content without the names of what it refers to: a tag that is renamed changes no article."""
    return {
        **content,
        **{name: content[name][0] if content[name] else None for name in [*NEEDED, *OPTIONAL]},
        **{name: [pk for pk, _ in content[name]] for name in SETS},
        "credits": [[role, author] for role, author, _ in content["credits"]],
    }


def of(article: Article) -> models.QuerySet[Revision]:
    """All revisions of an article; those of a working copy (修改稿) are its article's, in one series."""
    return Revision.objects.filter(article=article.draft_of_id or article.pk)


def is_still(article: Article, revision: Revision) -> bool:
    """Whether the article stands as the revision has it, but for tags and regions that were deleted since."""
    now, then = bare(content_of(article)), bare(revision.content)
    for name in SETS:
        gone = set(then[name]) - set(now[name])
        left = Article._meta.get_field(name).related_model.objects.filter(pk__in=gone) if gone else None
        if left is not None and not left.exists():
            then[name] = [pk for pk in then[name] if pk not in gone]
    return now == then


def keep(
    article: Article,
    *,
    user: AbstractBaseUser | None = None,
    at: datetime | None = None,
    restored: int | None = None,
) -> Revision | None:
    """Keep the article as it stands, unless the last revision has it so. Five queries, one fewer without a change.

    Its regions, tags and credits are those in the database. Call it in the transaction that wrote the article's row:
    that row is the lock that keeps two revisions from taking one number.
    """
    last = of(article).order_by("-number").first()
    content = content_of(article)
    if last is not None and bare(last.content) == bare(content):
        return None
    return Revision.objects.create(
        article_id=article.draft_of_id or article.pk,
        number=last.number + 1 if last else 1,
        content=content,
        digest=sha256(content),
        restored=restored,
        user=user,
        created_at=at or timezone.now(),
    )


def faults() -> Iterator[tuple[int, str]]:
    """(article, what is wrong in Chinese) of revisions that are not what was saved. Reads all of them."""
    for revision in Revision.objects.order_by("article_id", "number").iterator(chunk_size=500):
        if revision.digest != sha256(revision.content):
            yield revision.article_id, f"第 {revision.number} 版的内容与指纹不符"


# --- Bringing back ----------------------------------------------------------------------------------------------------


def fill(article: Article, content: Content) -> list[str]:
    """Give the article's own row what the revision holds, unsaved. Returns what is no longer there, in Chinese.

    Channel and source stay as they are when those of the revision were deleted. One query a reference.
    """
    lost = []
    for name in [*WORDS, *CHOICES, "body"]:
        setattr(article, name, content[name])
    for name, model in {**NEEDED, **OPTIONAL}.items():
        row = model.objects.filter(pk=content[name][0]).first() if content[name] else None
        if content[name] and row is None:
            lost.append(f"{label_of(name)}“{content[name][1]}”")
        if row is not None or name in OPTIONAL:
            setattr(article, name, row)
    return lost


def fill_related(article: Article, content: Content) -> list[str]:
    """Give the saved article the regions, tags and credits of the revision. Returns those that are no longer there."""
    lost = []
    for name in SETS:
        model = Article._meta.get_field(name).related_model
        names = dict(content[name])
        found = model.objects.in_bulk(list(names))
        getattr(article, name).set(found.values())
        lost += [f"{label_of(name)}“{names[pk]}”" for pk in names if pk not in found]
    authors = Author.objects.in_bulk([pk for _, pk, _ in content["credits"]])
    article.credits.all().delete()
    for position, (role, pk, name) in enumerate(content["credits"]):
        if pk in authors:
            Credit.objects.create(article=article, role=role, author=authors[pk], position=position)
        else:
            lost.append(f"{role}“{name}”")
    return lost


# --- Comparing --------------------------------------------------------------------------------------------------------


def changes(old: Content, new: Content) -> list[Change]:
    """What differs between two revisions, field by field in the order of the form."""
    found = []
    for name in ["kicker", "title", "subtitle", "short_title", "lead"]:
        found += changed(label_of(name), old[name], new[name])
    found += changed_body(old["body"], new["body"])
    for name in ["channel", "regions", "tags", "cover", "video", "origin", "source"]:
        found += changed(label_of(name), shown(name, old), shown(name, new))
    for name in ["source_url", "original_title"]:
        found += changed(label_of(name), old[name], new[name])
    for name in ["duty_editor", "ai_use", "credits"]:
        found += changed(label_of(name), shown(name, old), shown(name, new))
    return found


def changed(label: str, old: str, new: str, *, note: str = "") -> list[Change]:
    return [Change(label, compare(old, new), note)] if old != new else []


def changed_body(old: str, new: str) -> list[Change]:
    """The bodies as text, with pictures, links and headings named; as HTML when that is all that differs."""
    before, after = in_words(old), in_words(new)
    if before == after:
        return changed("正文", old, new, note="文字没有变，只改了格式：下面对照的是源代码。")
    return changed("正文", before, after)


def in_words(body: str) -> str:
    """The text of a body, with words for what is no text."""
    for pattern, words in SHOWN:
        body = pattern.sub(words, body)
    return text_of(body)


def shown(name: str, content: Content) -> str:
    """A field of a revision as an editor reads it."""
    value = content[name]
    if name in CHOICES:
        return dict(Article._meta.get_field(name).choices).get(value, value)
    if name in SETS:
        return joined(label for _, label in value)
    if name == "credits":
        return joined(f"{role} {author}" for role, _, author in value)
    if name in NEEDED or name in OPTIONAL:
        return value[1] if value else ""
    return value


def joined(words: Iterable[str]) -> str:
    return "、".join(words)


def label_of(name: str) -> str:
    return "署名" if name == "credits" else Article.label_of(name)
