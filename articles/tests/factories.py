"""Rows for tests: plain functions that make what they say and nothing else."""

import io
import itertools
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone
from PIL import Image

from about.models import SiteProfile
from articles.models import Article, Author, Channel, Credit, Photo, Source, Video
from articles.publishing import index_article, save_article
from newsportal.lib.images import PHOTO_WIDTHS, store_picture

numbers = itertools.count(1)


def make_profile(**overrides) -> SiteProfile:
    values = {"name": "试刊", "description": "测试用的新闻网", "email": "desk@example.com", **overrides}
    return SiteProfile.objects.create(**values)


def make_member(username: str, *, permissions=(), **overrides):
    user = get_user_model().objects.create_user(username, password="a-long-test-password", **overrides)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def make_channel(slug: str = "", **overrides) -> Channel:
    number = next(numbers)
    values = {"slug": slug or f"channel-{number}", "name": f"栏目{number}", **overrides}
    return Channel.objects.create(**values)


def make_source(**overrides) -> Source:
    return Source.objects.create(**{"name": f"来源{next(numbers)}", **overrides})


def make_article(*, regions=(), tags=(), credit: str = "", **overrides) -> Article:
    """A published article, an hour old, with all that is derived from it."""
    number = next(numbers)
    values = {
        "title": f"第{number}篇稿件的标题",
        "lead": f"第{number}篇稿件的导语。",
        "body": f"<p>第{number}篇稿件的正文。</p>",
        "status": Article.Status.PUBLISHED,
        "published_at": timezone.now() - timedelta(hours=1),
        "duty_editor": "沈若谷",
        **overrides,
    }
    values.setdefault("source", None)
    values["channel"] = values.get("channel") or make_channel()
    values["source"] = values["source"] or make_source()
    article = save_article(Article(**values))
    article.regions.set(regions)
    article.tags.set(tags)
    if credit:
        Credit.objects.create(article=article, author=Author.objects.get_or_create(name=credit)[0])
    index_article(article)
    return article


def picture_bytes(*, size=(400, 300), colour="navy", picture_format="JPEG", **options) -> bytes:
    """The bytes of a plain picture."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, format=picture_format, **options)
    return buffer.getvalue()


def make_photo(*, size=(400, 300), **overrides) -> Photo:
    """A photo of the library, its colour and so its content different from every other's."""
    number = next(numbers)
    colour = (number % 256, number // 256 % 256, 90)
    data = store_picture(io.BytesIO(picture_bytes(size=size, colour=colour)), folder="photos", widths=PHOTO_WIDTHS)
    values = {"caption": f"图说{number}", "alt": f"替代文字{number}", "credit": "顾闻天 摄", **overrides}
    return Photo.objects.create(data=data, sha256=data["sha256"], width=data["width"], height=data["height"], **values)


def make_video(**overrides) -> Video:
    values = {"file": "videos/clip.webm", "mime_type": "video/webm", "caption": "短片", "seconds": 65, **overrides}
    values.setdefault("poster", None)
    values["poster"] = values["poster"] or make_photo()
    return Video.objects.create(**values)
