"""What is done to pictures of the library once they are there: changed, cropped, taken down, deleted.

Articles follow at once: their text stays as it was written, signed and recorded; only what is rendered of it changes.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.storage import default_storage, storages
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from newsportal.lib import pagecache
from newsportal.lib.images import PHOTO_WIDTHS, BadPictureError, Picture, render_original, rendition_files

from . import posters, publishing
from .models import Article, DiscardedPicture, OldAddress, Photo, Video
from .photos import treatment_of

logger = logging.getLogger(__name__)

# How long renditions that no page names any more still answer: pages are fresh within a second, but feed readers,
# search engines and shared cards keep an address for days. A picture that must go at once is taken down.
GRACE = timedelta(days=7)
# What rendered bodies repeat of a picture.
RENDERED = ["caption", "alt", "credit", "focal_x", "focal_y", "data"]
# What only the functions below decide, whatever a form that was opened before has of it.
KEPT = ["data", "withdrawn_at", "withdrawn_reason"]
# What of `data` says which renditions there are.
SHOWN = {"name", "width", "height"}
BATCH = 500


class PhotoError(ValueError):
    """What cannot be done with a picture now. The message is Chinese and says why."""


# --- Changing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_photo(photo: Photo) -> int:
    """Save a changed row; how many articles were rendered again because of it.

    Side effects: renditions under a new name when crop or mark changed, the former ones discarded; fresh pages. Raises
    BadPictureError when the original is lost.
    """
    # Against whoever takes it down at this moment.
    before = locked(photo.pk)
    for name in KEPT:
        setattr(photo, name, getattr(before, name))
    # What the setting of the mark calls for is the work of `render_photos`.
    if photo.is_shown and treatment_of(photo) != treatment_of(before):
        give_renditions(photo)
    photo.save()
    if all(getattr(photo, name) == getattr(before, name) for name in RENDERED):
        return 0
    return rerender(photo)


def give_renditions(photo: Photo, *, anew: bool = False) -> bool:
    """Make the renditions that the row calls for, unsaved; whether there was anything to make.

    The former ones are discarded, and former addresses lead to the new. Raises BadPictureError.
    """
    treatment, former = treatment_of(photo), photo.data
    wanted = treatment.stem(former["original"].rpartition(".")[0], photo.width)
    if former.get("name") == wanted and not anew:
        return False
    made = render_original(former["original"], widths=PHOTO_WIDTHS, treatment=treatment, anew=anew)
    photo.data = {**former, **made}
    if former.get("name", wanted) != wanted:
        discard(photo, former, due_at=timezone.now() + GRACE)
        old = Picture.from_data(former, alt="", widths=PHOTO_WIDTHS).src
        OldAddress.objects.filter(article=None, target=old).update(target=photo.picture.src)
    return True


def locked(pk: int) -> Photo:
    """The row, locked after the articles that show it: in the order of whoever saves one of them (photos.hold).

    Raises PhotoError for one that is gone.
    """
    shown = Q(photo_uses__photo=pk) | Q(video_uses__video__poster=pk)
    ids = Article.objects.filter(shown).order_by().values("pk")
    list(Article.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    if photo := Photo.objects.select_for_update().filter(pk=pk).first():
        return photo
    raise PhotoError(f"图片 {pk} 刚被删除。")


def rerender(photo: Photo) -> int:
    """Render again the articles whose body shows the picture, or a video of which it is the poster; how many."""
    count = publishing.rerender_articles_with(photo=photo)
    for video in Video.objects.filter(poster=photo):
        count += publishing.rerender_articles_with(video=video)
    pagecache.bump()
    return count


# --- Taking down ------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_down(photo: Photo, *, reason: str) -> int:
    """Take a picture out of every page at once (下架); how many articles were rendered again.

    Its renditions are deleted, former ones too, and the posters of the articles that have it as their cover. The
    original stays with the newsroom. No text changes: bodies still refer to the picture, and show nothing there. Raises
    PhotoError for one that is down already.
    """
    photo = locked(photo.pk)
    if photo.withdrawn_at:
        raise PhotoError(f"图片 {photo.pk} 已经下架了。")
    now = timezone.now()
    DiscardedPicture.objects.filter(sha256=photo.sha256).update(due_at=now)
    discard(photo, photo.data, due_at=now)
    photo.data = {name: value for name, value in photo.data.items() if name not in SHOWN}
    photo.withdrawn_at, photo.withdrawn_reason = now, reason
    photo.save()
    count = rerender(photo)
    for pk in photo.covered_articles.values_list("pk", flat=True):
        transaction.on_commit(partial(posters.forget, pk))
    transaction.on_commit(partial(sweep, sha256=photo.sha256))
    return count


@transaction.atomic
def put_back(photo: Photo) -> int:
    """Show a picture again that was taken down; how many articles were rendered again.

    Raises PhotoError for one that is not down, BadPictureError when its original is lost.
    """
    photo = locked(photo.pk)
    if not photo.withdrawn_at:
        raise PhotoError(f"图片 {photo.pk} 没有下架。")
    give_renditions(photo)
    # Old addresses led to files of another name, if its crop changed meanwhile.
    stem = default_storage.url(photo.data["original"].rpartition(".")[0])
    OldAddress.objects.filter(article=None, target__startswith=f"{stem}-").update(target=photo.picture.src)
    photo.withdrawn_at, photo.withdrawn_reason = None, ""
    photo.save()
    return rerender(photo)


# --- Deleting ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def delete_photo(photo: Photo) -> None:
    """Delete a picture that nothing refers to; its files go after GRACE. Raises PhotoError for one that is used."""
    # Against texts that are being saved: they hold the pictures they refer to (photos.hold).
    photo = Photo.objects.select_for_update().filter(pk=photo.pk).first()
    if photo is None:
        return
    pk, due_at = photo.pk, timezone.now() + GRACE
    try:
        photo.delete()
    except models.ProtectedError as error:
        raise PhotoError(f"图片 {pk} 刚被用上，没有删除。") from error
    discard(photo, photo.data, due_at=due_at, originals=[photo.data["original"]] if "original" in photo.data else [])


def discard(photo: Photo, data: dict[str, Any], *, due_at: datetime, originals: list[str] | None = None) -> None:
    """Note that the renditions which `data` describes are to be deleted at a moment, with the originals named."""
    files = rendition_files(data, PHOTO_WIDTHS)
    if files or originals:
        DiscardedPicture.objects.create(
            sha256=photo.sha256, name=data.get("name", ""), files=files, originals=originals or [], due_at=due_at
        )


def sweep(*, sha256: str = "") -> int:
    """Delete discarded files that are due, of one picture or of all; of how many renderings.

    Files of a stem that a picture has again stay. What cannot be deleted now is tried again by the next sweep.
    """
    due = DiscardedPicture.objects.filter(due_at__lte=timezone.now(), **({"sha256": sha256} if sha256 else {}))
    return sum(sweep_one(pk) for pk in list(due.order_by("due_at", "pk").values_list("pk", flat=True)))


@transaction.atomic
def sweep_one(pk: int) -> bool:
    # Against whoever gives the picture these renditions again, in the order of whoever takes it down.
    of_row = DiscardedPicture.objects.filter(pk=pk).values("sha256")
    photo = Photo.objects.select_for_update().filter(sha256__in=of_row).first()
    row = DiscardedPicture.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return False
    try:
        if photo is None or photo.data.get("name") != row.name:
            for name in row.files:
                default_storage.delete(name)
        if photo is None:
            for name in row.originals:
                storages["originals"].delete(name)
    except OSError:
        logger.exception("Files of %s could not be deleted", row.name)
        return False
    row.delete()
    return True


# --- All of them ------------------------------------------------------------------------------------------------------


def render_all(
    *, progress: Callable[[int, int, list[str]], None], first: int = 1, anew: bool = False
) -> tuple[int, int, list[str]]:
    """Give every picture, from a number on, the renditions that it should have; one transaction each.

    `progress` hears how many were looked at, how many were made, and what failed; so does the caller at the end. After
    an interruption only what is still to do takes time: a picture that has its name is passed over, unless `anew`.
    """
    looked_at, made, failed = 0, 0, []
    last = first - 1
    while ids := list(Photo.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for pk in ids:
            looked_at += 1
            try:
                made += render_one(pk, anew=anew)
            except PhotoError:
                logger.info("Photo %s was deleted meanwhile", pk)
            except BadPictureError as error:
                failed.append(f"图片 {pk}：{error}")
            progress(looked_at, made, failed)
        last = ids[-1]
    return looked_at, made, failed


@transaction.atomic
def render_one(pk: int, *, anew: bool) -> bool:
    photo = locked(pk)
    if photo.withdrawn_at or "original" not in photo.data:
        return False
    former = photo.data
    is_lost = any(not default_storage.exists(name) for name in rendition_files(former, PHOTO_WIDTHS))
    if not give_renditions(photo, anew=anew or is_lost):
        return False
    if photo.data != former:
        photo.save(update_fields=["data"])
        rerender(photo)
    return True
