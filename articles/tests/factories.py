"""Rows for tests: plain functions that make what they say and nothing else."""

import io
import itertools
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from PIL import Image

from about.models import SiteProfile
from articles.models import Article, Audio, Author, Channel, Credit, Issue, Photo, Source, Tag, Video
from articles.publishing import index_article, save_article
from newsportal.lib.images import PHOTO_WIDTHS, store_picture
from regions.models import Region

numbers = itertools.count(1)


def make_profile(**overrides) -> SiteProfile:
    values = {"name": "试刊", "description": "测试用的新闻网", "email": "desk@example.com", **overrides}
    return SiteProfile.objects.create(**values)


def make_member(username: str, *, permissions=(), groups=(), **overrides):
    user = get_user_model().objects.create_user(username, password="a-long-test-password", **overrides)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    user.groups.set([Group.objects.get(name=name) for name in groups])
    return user


def make_channel(slug: str = "", **overrides) -> Channel:
    number = next(numbers)
    values = {"slug": slug or f"channel-{number}", "name": f"栏目{number}", **overrides}
    return Channel.objects.create(**values)


def make_source(**overrides) -> Source:
    return Source.objects.create(**{"name": f"来源{next(numbers)}", **overrides})


def make_author(**overrides) -> Author:
    return Author.objects.create(**{"name": f"作者{next(numbers)}", **overrides})


def make_tag(**overrides) -> Tag:
    return Tag.objects.create(**{"name": f"标签{next(numbers)}", **overrides})


def make_city(parent: Region, **overrides) -> Region:
    """A city of a province."""
    number = next(numbers)
    values = {"code": f"{400000 + number}", "name": f"城市{number}", "full_name": f"城市{number}市", **overrides}
    return Region.objects.create(**{"slug": f"city-{number}", "parent": parent, **values})


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
    """A photo of the library, its file different from every other's."""
    number = next(numbers)
    # The comment, because JPEG makes one picture of two colours that are near to each other.
    content = picture_bytes(size=size, colour=(number % 256, number // 256 % 256, 90), comment=str(number).encode())
    data = store_picture(io.BytesIO(content), folder="photos", widths=PHOTO_WIDTHS)
    values = {"caption": f"图说{number}", "alt": f"替代文字{number}", "credit": "顾闻天 摄", "licence": "own"}
    values |= overrides
    return Photo.objects.create(data=data, sha256=data["sha256"], width=data["width"], height=data["height"], **values)


def make_video(**overrides) -> Video:
    values = {"file": "videos/clip.webm", "mime_type": "video/webm", "caption": "短片", "seconds": 65, **overrides}
    values.setdefault("poster", None)
    values["poster"] = values["poster"] or make_photo()
    return Video.objects.create(**values)


def make_audio(**overrides) -> Audio:
    values = {"file": "audio/talk.mp3", "mime_type": "audio/mpeg", "title": "专访", "seconds": 95, **overrides}
    return Audio.objects.create(**values)


def make_issue(**overrides) -> Issue:
    values = {
        "year": 2026,
        "number": next(numbers) % 900 + 1,
        "title": "秋收",
        "published_on": "2026-11-01",
        **overrides,
    }
    values.setdefault("cover", None)
    values["cover"] = values["cover"] or make_photo(size=(300, 400))
    return Issue.objects.create(**{"is_published": True, **values})
