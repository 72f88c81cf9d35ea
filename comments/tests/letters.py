"""Letters for tests, and how they are written and handled."""

import io
import itertools
import zipfile
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from articles.tests.factories import make_member, picture_bytes
from comments.letters import intake, publication, rules
from comments.models import Letter
from regions.models import Region

numbers = itertools.count(1)
WRITE = "/letters/write/"
TEXT = "我家门口的路灯坏了三个月，天黑以后老人出门要摸着墙走，请派人来看一看。"
WRITTEN = {
    "name": "邱慧敏",
    "phone": "13800138000",
    "email": "",
    "region": "zhejiang",
    "subject": "路灯坏了三个月没有人修",
    "text": TEXT,
    "consent": "yes",
}


def region_of(slug: str) -> Region:
    return Region.objects.get(slug=slug)


def make_letter(*, region="zhejiang", days_ago=3, files=(), user=None, **overrides) -> Letter:
    """A letter that came so many days ago."""
    number = next(numbers)
    values = {
        "name": "邱慧敏",
        "phone": "13800138000",
        "email": "",
        "region": region_of(region) if isinstance(region, str) else region,
        "subject": f"第{number}封来信的标题",
        "text": f"第{number}封来信的正文：路灯坏了三个月。",
        "consent": True,
        **overrides,
    }
    return intake.receive(values=values, judged=files, user=user, at=timezone.now() - timedelta(days=days_ago))


def make_chief():
    """Somebody who may take every step everywhere."""
    return make_member(f"chief-{next(numbers)}", is_staff=True, is_superuser=True)


def answered(by_whom, *, reply="已经修好，谢谢提醒。", by="市政工程处", **values) -> Letter:
    letter = make_letter(**values)
    letter = rules.forward(letter, user=by_whom, office=by)
    return rules.answer(letter, user=by_whom, text=reply, answered_by=by)


def shown(by_whom, **values) -> Letter:
    """A letter that readers have while it waits."""
    letter = rules.forward(make_letter(**values), user=by_whom, office="市政工程处")
    return publication.show(letter, user=by_whom, values=publication.proposed(letter))


def published(by_whom, **values) -> Letter:
    letter = answered(by_whom, **values)
    return publication.publish(letter, user=by_whom, values=publication.proposed(letter))


def key_of(client: Client) -> str:
    return client.get(WRITE).context["key"]


def write(client: Client, *, key: str = "", **overrides):
    """Send the form, as a browser would."""
    return client.post(WRITE, {**WRITTEN, "key": key or key_of(client), **overrides})


# --- Files ---


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(name: str = "路灯.jpg", **options) -> SimpleUploadedFile:
    return upload(name, picture_bytes(**options))


def docx(name: str = "情况.docx", **entries: bytes) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b"<w:document/>")
        for entry, content in entries.items():
            archive.writestr(entry, content)
    return upload(name, buffer.getvalue())
