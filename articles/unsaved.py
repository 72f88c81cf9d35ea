"""What somebody typed and has not saved (自动保存): kept for her alone, until it is saved, dropped or a month old."""

import re
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.http import QueryDict
from django.utils import timezone

from .models import Article, EditLock, UnsavedText

KEPT_DAYS = 30
MOST_BYTES = 2 * 2**20
MOST_NAMES, MOST_VALUES = 500, 5000
# New articles of one person that were begun and never saved.
MOST_NEW = 30
KEY = re.compile(r"[0-9a-f]{32}")
NAME = re.compile(r"[\w.-]{1,100}")
# What the form sends besides what was typed.
NOT_KEPT = re.compile(r"csrfmiddlewaretoken|_\w+|unsaved_action|.*-action|.*__prefix__.*")

type Values = dict[str, list[str]]


class UnsavedError(Exception):
    """Why typed text cannot be kept, in Chinese. `status` is the HTTP status of the answer."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def read_values(sent: Any) -> Values:
    """The fields of a form as a page sent them, those alone that hold what was typed. Raises UnsavedError."""
    if not isinstance(sent, dict) or len(sent) > MOST_NAMES:
        raise UnsavedError("自动保存的内容格式不对。")
    kept: Values = {}
    for name, found in sent.items():
        is_text = isinstance(found, list) and all(isinstance(value, str) for value in found)
        if not is_text or not NAME.fullmatch(name) or len(found) > MOST_VALUES:
            raise UnsavedError("自动保存的内容格式不对。")
        if not NOT_KEPT.fullmatch(name):
            # PostgreSQL stores no NUL, and half a character is no text.
            kept[name] = [value.replace("\0", "").encode(errors="ignore").decode() for value in found]
    return kept


def keep(*, user: AbstractBaseUser, article: Article | None, key: str, values: Values) -> UnsavedText:
    """Keep what is typed into the form of an article, or of a new one by its key; what was kept before is replaced.

    Where another's save still has to be looked through (the form holds `merge`), it was based on no version yet.
    Side effect: the user's texts of more than thirty days ago are deleted. Raises UnsavedError.
    """
    if article is None and not KEY.fullmatch(key):
        raise UnsavedError("自动保存的内容格式不对。")
    mine = UnsavedText.objects.filter(user=user)
    found = mine.filter(article=article, key="" if article else key)
    told = "".join(values.get("seen", [])[:1])
    base = int(told) if told.isdecimal() and len(told) < 10 and "merge" not in values else 0
    now = timezone.now()
    if not found.update(values=values, base=base, saved_at=now):
        delete_old(mine)
        if article is None and mine.filter(article=None).count() >= MOST_NEW:
            raise UnsavedError(f"没保存的新稿件已有 {MOST_NEW} 篇：请先恢复或丢弃一些。", status=409)
        row = UnsavedText(
            user=user, article=article, key="" if article else key, values=values, base=base, saved_at=now
        )
        # Two pages of one person may be the first at the same moment: either text is hers.
        UnsavedText.objects.bulk_create([row], ignore_conflicts=True)
    return found.get()


def of_article(user: AbstractBaseUser, article: Article) -> UnsavedText | None:
    """What the user typed into the article's form and did not save. One query."""
    return UnsavedText.objects.filter(user=user, article=article).first()


def new_ones(user: AbstractBaseUser) -> models.QuerySet[UnsavedText]:
    """The new articles that the user began and never saved, the latest first."""
    return UnsavedText.objects.filter(user=user, article=None)


def new_one(user: AbstractBaseUser, key: str) -> UnsavedText | None:
    """The one of them that was typed into the form with this key, which anything may be. One query."""
    return new_ones(user).filter(key=key).first() if KEY.fullmatch(key) else None


def drop(user: AbstractBaseUser, *, article: Article | None = None, key: str = "") -> int:
    """Delete what was kept of one form, saved by now or wanted no more. How many rows."""
    if article is None and not KEY.fullmatch(key):
        return 0
    return UnsavedText.objects.filter(user=user, article=article, key="" if article else key).delete()[0]


def delete_old(rows: models.QuerySet[UnsavedText] | None = None) -> int:
    """Delete those of the rows, or of all, that are older than thirty days. How many."""
    rows = UnsavedText.objects.all() if rows is None else rows
    return rows.filter(saved_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]


def delete_silent_locks() -> int:
    """Delete the locks of pages that were closed without a word, a day ago and earlier. How many."""
    return EditLock.objects.filter(seen_at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def as_form_data(values: Values) -> QueryDict:
    """Kept values as the form would send them."""
    data = QueryDict(mutable=True)
    for name, found in values.items():
        data.setlist(name, found)
    return data
