"""How the picture library is searched: by words, number and day, and narrowed, however many pictures it holds.

What an index answers is found in the whole library. What is asked row by row (words, a channel, whether it is used) is
looked for among the newest.
"""

import re
from datetime import date, timedelta

from django.contrib import admin
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Channel, Photo
from articles.picture_uses import SOON_DAYS, is_used, is_used_in
from newsportal.lib.admin import NewestFirst, gathered
from newsportal.lib.admin import newest as newest_rows
from newsportal.lib.days import midnight
from newsportal.lib.keys import is_key

# So many of the newest are looked through.
SEARCHED = 20_000
# A day or a month, alone: 2026-11-01, 2026-11.
DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?")
FILTERS_BY_EXPIRY = {"soon", "expired"}


def newest(photos: QuerySet[Photo]) -> QuerySet[Photo]:
    """Those among the newest SEARCHED of the library. One query."""
    return newest_rows(photos, SEARCHED)


def find(photos: QuerySet[Photo], found: QuerySet[Photo], term: str) -> QuerySet[Photo]:
    """What a search term finds among `photos`: `found` of the newest, the picture of that number, or those of a day."""
    term = term.strip()
    if not term:
        return photos
    if span := span_of(term):
        return photos.filter(taken_at__gte=span[0], taken_at__lt=span[1])
    recent = newest(found)
    return gathered(photos, recent, photos.filter(pk=term)) if is_key(term) else recent


def span_of(term: str) -> tuple[date, date] | None:
    """The days that a typed day or month covers, the last one not among them; None for anything else."""
    match = DAY.fullmatch(term.strip())
    if not match:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        first = date(year, month, day or 1)
        return first, first + timedelta(days=1) if day else date(year + month // 12, month % 12 + 1, 1)
    except (ValueError, OverflowError):
        return None


def usable(photos: QuerySet[Photo]) -> QuerySet[Photo]:
    """Those that may be put into a text: neither expired nor taken down."""
    return photos.filter(withdrawn_at=None).exclude(expires_on__lt=timezone.localdate())


class PhotoList(NewestFirst):
    """The list, as a table or as cards; by its day where an index of that day is walked, else the newest first."""

    def get_filters_params(self, params=None):
        # How the list looks is no filter.
        return {name: value for name, value in super().get_filters_params(params).items() if name != "view"}

    def get_ordering(self, request, queryset):
        if request.GET.get("rights") in FILTERS_BY_EXPIRY:
            return ["-expires_on", "-id"]
        if request.GET.get("taken") in DayFilter.days or span_of(request.GET.get("q", "")):
            return ["-taken_at", "-id"]
        return super().get_ordering(request, queryset)


class ListFilter(admin.SimpleListFilter):
    """A filter of fixed choices, each with what it does to the list."""

    choices_in_words: dict[str, str] = {}

    def lookups(self, request, model_admin):
        return list(self.choices_in_words.items())


class RightsFilter(ListFilter):
    title, parameter_name = "版权", "rights"
    choices_in_words = {
        "valid": "有效",
        "soon": "30 天内到期",
        "expired": "已过期",
        "none": "未写版权",
        "down": "已下架",
    }

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "valid":
                return usable(newest(queryset)).exclude(licence="")
            case "soon":
                return queryset.filter(expires_on__gte=today, expires_on__lte=today + timedelta(days=SOON_DAYS))
            case "expired":
                return queryset.filter(expires_on__lt=today)
            case "none":
                return queryset.filter(licence="")
            case "down":
                return newest(queryset).exclude(withdrawn_at=None)
        return queryset


class LicenceFilter(ListFilter):
    title, parameter_name = "版权种类", "licence"
    choices_in_words = dict(Photo.Licence.choices)

    def queryset(self, request, queryset):
        return queryset.filter(licence=self.value()) if self.value() in Photo.Licence.values else queryset


class UseFilter(ListFilter):
    title, parameter_name = "使用", "used"
    choices_in_words = {"yes": "用过", "no": "没用过"}

    def queryset(self, request, queryset):
        if self.value() not in self.choices_in_words:
            return queryset
        used = is_used()
        return newest(queryset).filter(used if self.value() == "yes" else ~used)


class ChannelFilter(ListFilter):
    """The channel of the articles that show a picture."""

    title, parameter_name = "栏目", "channel"

    def lookups(self, request, model_admin):
        channels = Channel.objects.exclude(kind=Channel.Kind.LINK)
        return [(str(pk), name) for pk, name in channels.values_list("pk", "name")]

    def queryset(self, request, queryset):
        value = self.value() or ""
        known = {key for key, _ in self.lookup_choices}
        return newest(queryset).filter(is_used_in(int(value))) if value in known else queryset


class UploaderFilter(ListFilter):
    title, parameter_name = "上传", "by"
    choices_in_words = {"me": "我上传的"}

    def queryset(self, request, queryset):
        return queryset.filter(uploaded_by=request.user) if self.value() == "me" else queryset


class DayFilter(ListFilter):
    choices_in_words = {"today": "今天", "week": "最近 7 天", "month": "最近 30 天", "year": "最近一年"}
    days = {"today": 0, "week": 6, "month": 29, "year": 364}

    @property
    def since(self) -> date | None:
        back = self.days.get(self.value() or "")
        return None if back is None else timezone.localdate() - timedelta(days=back)


class UploadedFilter(DayFilter):
    title, parameter_name = "上传时间", "uploaded"

    def queryset(self, request, queryset):
        """Numbers grow with time, so the first of the days bounds the list by the key that gives its order."""
        if self.since is None:
            return queryset
        uploaded = Photo.objects.filter(created_at__gte=midnight(self.since)).order_by("created_at", "pk")
        first = uploaded.values_list("pk", flat=True).first()
        return queryset.none() if first is None else queryset.filter(pk__gte=first)


class TakenFilter(DayFilter):
    title, parameter_name = "拍摄日期", "taken"

    def queryset(self, request, queryset):
        return queryset if self.since is None else queryset.filter(taken_at__gte=self.since)


FILTERS = [
    *[RightsFilter, LicenceFilter, UseFilter, UploaderFilter],
    *[UploadedFilter, TakenFilter, ChannelFilter],
]


def is_bounded(request) -> bool:
    """Whether the list that is asked for looks through the newest alone."""
    term = request.GET.get("q", "").strip()
    by_words = bool(term) and span_of(term) is None
    asked = {name: request.GET.get(name) for name in ("used", "channel", "rights")}
    return by_words or bool(asked["used"] or asked["channel"]) or asked["rights"] in {"valid", "down"}
