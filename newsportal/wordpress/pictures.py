"""Pictures of the old site into our library: from a copy of its uploads folder, or fetched, judged as any upload is."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import transaction

from articles.models import ImportedItem, OldAddress, Photo
from articles.photos import NO_CAPTION, keep_photo, known_photo
from newsportal.lib.chinese import shorten
from newsportal.lib.fetch import Fetched, FetchError, fetch
from newsportal.lib.images import BadPictureError, inspect_picture

from .bodies import Placed, Reference
from .index import Attachment, ExportIndex, below_uploads, is_picture, plain_name
from .report import Report

KIND = ImportedItem.Kind.PHOTO
# Pictures seen in a dry run have no number.
UNSTORED = 1


class MissingPictureError(Exception):
    """The picture cannot be had. The message is Chinese and says why."""


@dataclass
class PictureImport:
    """Finds the pictures that posts name. Without `folder` and `is_fetching` it finds only what was imported before."""

    index: ExportIndex
    report: Report
    folder: Path | None = None
    is_fetching: bool = False
    is_dry: bool = False
    fetcher: Callable[..., Fetched] = fetch
    missing: dict[str, str] = field(default_factory=dict)
    # What a dry run would have brought, so that it is counted once; a true run finds it in the database.
    judged: dict[str, Placed] = field(default_factory=dict)

    def find(self, reference: Reference) -> Placed:
        """The picture in the library, brought there when it is new. Raises MissingPictureError."""
        known = self.index.attachment(reference.attachment) or self.index.attachment_at(reference.src)
        if known is None and not reference.src:
            raise MissingPictureError(f"导出文件里没有图片 {reference.attachment}。")
        key = str(known.number) if known else address_key(reference.src)
        if photo := self.imported(key):
            return Placed(photo.pk, photo.caption)
        if key in self.judged:
            return self.judged[key]
        if key in self.missing:
            raise MissingPictureError(self.missing[key])
        try:
            return self.bring(key, known or Attachment(0, reference.src, "", "", "", reference.alt), reference)
        except (MissingPictureError, FetchError, BadPictureError) as error:
            self.missing[key] = f"{error}（{named(known, reference)}）"
            raise MissingPictureError(self.missing[key]) from error

    def imported(self, key: str) -> Photo | None:
        """The photo that an earlier run or post has made of it. Two queries at most."""
        row = ImportedItem.objects.filter(origin=self.index.site.host, kind=KIND, external_id=key).first()
        return Photo.objects.filter(pk=row.target_id).first() if row else None

    def bring(self, key: str, attachment: Attachment, reference: Reference) -> Placed:
        """Read the picture, judge it, store it and note where it came from. A dry run only judges."""
        address = urljoin(f"{self.index.site.base_url}/", attachment.url or reference.src)
        content = self.content(attachment, reference, address)
        caption = shorten(attachment.caption or attachment.title or reference.alt or NO_CAPTION, 300)
        if content is None:
            return self.judge(key, Placed(UNSTORED, caption))
        inspect_picture(io.BytesIO(content))
        if self.is_dry:
            existing = known_photo(content)
            found = Placed(existing.pk, existing.caption) if existing else Placed(UNSTORED, caption)
            return self.judge(key, found, is_known=existing is not None)
        # Outside the transaction: nobody shall wait while a picture is decoded, and a later run finds it by its hash.
        photo, is_new = keep_photo(content, caption=caption, alt=attachment.alt)
        self.report.count("photo created" if is_new else "photo known")
        with transaction.atomic():
            origin = {"origin": self.index.site.host, "kind": KIND, "external_id": key}
            ImportedItem.objects.update_or_create(**origin, defaults={"target_id": photo.pk})
            self.remember(address, photo)
        return Placed(photo.pk, photo.caption)

    def judge(self, key: str, placed: Placed, *, is_known: bool = False) -> Placed:
        self.report.count("photo known" if is_known else "photo created")
        self.judged[key] = placed
        return placed

    def content(self, attachment: Attachment, reference: Reference, address: str) -> bytes | None:
        """The bytes; None for what a dry run leaves unfetched. Raises MissingPictureError, FetchError."""
        if attachment.file and not is_picture(attachment.file):
            raise MissingPictureError("不是图片文件，没有导入")
        names = [attachment.file, plain_name(below_uploads(reference.src)), below_uploads(reference.src)]
        for name in dict.fromkeys(filter(None, names)):
            if content := self.from_folder(name):
                return content
        if not self.is_fetching:
            raise MissingPictureError("图片文件夹里没有" if self.folder else "没有指定图片文件夹，也没有 --fetch")
        return None if self.is_dry else self.fetcher(address, max_bytes=settings.PHOTO_MAX_BYTES).content

    def from_folder(self, name: str) -> bytes | None:
        """A file of the folder, which no name may lead out of."""
        if self.folder is None:
            return None
        try:
            file = (self.folder / name).resolve()
            if not file.is_relative_to(self.folder.resolve()) or not file.is_file():
                return None
            if file.stat().st_size > settings.PHOTO_MAX_BYTES:
                raise MissingPictureError(f"超过 {settings.PHOTO_MAX_BYTES // 2**20} MB")
            return file.read_bytes()
        except (OSError, ValueError) as error:  # no permission; a name that no file system takes
            raise MissingPictureError("图片文件读不了") from error

    def remember(self, address: str, photo: Photo) -> None:
        """The picture's old address leads to its new one, for whoever shows or links it from elsewhere."""
        parts = urlsplit(address)
        is_own = (parts.hostname or "").removeprefix("www.") == self.index.site.host
        path = f"/uploads/{below_uploads(address)}"
        path = parts.path.partition("/uploads/")[0] + path if below_uploads(address) else ""
        target = photo.picture.src if photo.picture else ""
        if is_own and path and len(path) <= 300 and target.startswith("/"):
            made = OldAddress.objects.get_or_create(path=path, defaults={"target": target})[1]
            self.report.count("address created", int(made))


def address_key(address: str) -> str:
    """What stands for a picture that is no attachment: made of its address, in a length that the table takes."""
    return f"url:{hashlib.sha256(plain_name(address).encode()).hexdigest()[:40]}"


def named(attachment: Attachment | None, reference: Reference) -> str:
    return shorten((attachment.file or attachment.url) if attachment else reference.src, 200)
