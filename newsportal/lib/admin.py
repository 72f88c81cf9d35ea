"""What the back office of every app shares: fresh public pages, safe deletion, thumbnails and picture uploads."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .images import FORMATS, PLAIN, BadPictureError, Picture, Treatment, inspect_picture, store_picture
from .pagecache import bump

PICTURE_TYPES = ",".join(f"image/{name.lower()}" for name in FORMATS)


class SplitDateTime(AdminSplitDateTime):
    """A date and a time with its seconds: the Chinese format drops them, and each save would move what it shows."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.widgets[1].format = "%H:%M:%S"


class CappedPaginator(Paginator):
    """Pages of a table that grows: counted to `most` rows and no further; what lies beyond is reached by filters."""

    most = 10_000

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.most].count()


class ShortPaginator(CappedPaginator):
    """The same for rows that are picked one by one while the table is walked: few of many may be wanted."""

    most = 1_000


def newest(rows: models.QuerySet, most: int) -> models.QuerySet:
    """Those of the rows that are among the newest `most` of their table. One query."""
    last = rows.model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    return rows.filter(pk__gt=last - most)


def gathered(rows: models.QuerySet, *found: models.QuerySet, most: int = 1_000) -> models.QuerySet:
    """The rows that one of `found` holds, at most the newest `most` of each. A query for each.

    Their keys are asked for first: of one condition, "in this range or exactly that one", SQLite makes no range, and
    walks the whole table.
    """
    keys = {pk for some in found for pk in some.order_by("-pk").values_list("pk", flat=True)[:most]}
    return rows.filter(pk__in=keys)


class NewestFirst(ChangeList):
    """A list in the order of its admin, whatever the address asks for: another would sort the whole table."""

    def get_ordering(self, request, queryset):
        return self.model_admin.ordering


class RecordAdmin(admin.ModelAdmin):
    """A ModelAdmin of rows that the portal writes by itself: to look at, and never to change."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PublicModelAdmin(admin.ModelAdmin):
    """A ModelAdmin of what readers see: each save and deletion makes the public pages fresh.

    `reasons_to_keep` names what stands against a deletion, in words that tell the editor what to do about it.
    """

    formfield_overrides = {models.DateTimeField: {"widget": SplitDateTime}}

    def save_related(self, request, form, formsets, change):
        """Save the rows that belong to the object; the last step of every save, so the pages go stale here."""
        super().save_related(request, form, formsets, change)
        bump()

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        bump()

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            bump()

    def reasons_to_keep(self, obj) -> list[str]:
        """Why `obj` cannot be deleted, as Chinese sentences; empty when it can."""
        return []

    def get_deleted_objects(self, objs, request):
        # Asked first: Django's own answer would load every row that stands against it.
        reasons = [reason for obj in objs for reason in self.reasons_to_keep(obj)]
        return ([], {}, set(), reasons) if reasons else super().get_deleted_objects(objs, request)


class OwnedInline(admin.TabularInline):
    """Rows that are part of their parent: whoever may edit the parent may edit them, without permissions of their own.

    The parent's view has asked for its permission before an inline is consulted.
    """

    extra = 0

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return True

    def has_change_permission(self, request, obj=None):
        return True

    def has_delete_permission(self, request, obj=None):
        return True


def thumbnail(picture: Picture | None, *, width: int = 96) -> SafeString:
    """The smallest rendition as an image `width` CSS pixels wide, its place reserved; a dash for no picture."""
    if picture is None:
        return format_html("{}", "—")
    return format_html(
        '<img class="thumbnail" src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        picture.smallest,
        width,
        round(width * picture.height / picture.width),
        picture.alt,
    )


class PictureField(forms.FileField):
    """An uploaded picture, judged by its header before anything is decoded."""

    widget = forms.FileInput(attrs={"accept": PICTURE_TYPES})

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if data:
            try:
                inspect_picture(file)
            except BadPictureError as error:
                raise ValidationError(str(error)) from error
        return file


def sha256_of(file: UploadedFile) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def store_upload(
    form: forms.Form, field: str, *, folder: str, widths: Sequence[int], treatment: Treatment = PLAIN
) -> dict[str, Any] | None:
    """Store the picture of a form that is valid so far; None, with an error on the field, when it does not decode."""
    try:
        return store_picture(form.cleaned_data[field], folder=folder, widths=widths, treatment=treatment)
    except BadPictureError as error:
        form.add_error(field, str(error))
        return None
