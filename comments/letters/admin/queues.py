"""Which letters a list of the desk shows, each a range of an index in its own order."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.utils import timezone

from comments.models import Letter
from regions.models import Region

from ..rights import region_ids

QUEUE = "queue"
QUEUES = {
    None: "待办",
    "mine": "我经办的",
    "late": "已过期限",
    "ready": "待公开",
    "published": "已公开",
    "withheld": "不公开",
    "all": "全部",
}
WAITING = ("waiting_since", "id")
ORDERS = {None: WAITING, "mine": WAITING, "late": ("due_on", "id")}
STATES = {"ready": Letter.State.ANSWERED, "published": Letter.State.PUBLISHED, "withheld": Letter.State.WITHHELD}


class QueueFilter(admin.SimpleListFilter):
    """At first what waits for an answer."""

    title = "队列"
    parameter_name = QUEUE

    def lookups(self, request, model_admin):
        return list(QUEUES.items())

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({QUEUE: value} if value else {}, [QUEUE])
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return queryset.waiting()
            case "mine":
                return queryset.waiting().filter(assignee=request.user)
            case "late":
                return queryset.waiting().filter(due_on__lt=timezone.localdate())
            case "all":
                return queryset
            case name if name in STATES:
                return queryset.filter(state=STATES[name])
        return queryset.none()


class ProvinceFilter(admin.SimpleListFilter):
    title = "地区"
    parameter_name = "province"

    def lookups(self, request, model_admin):
        provinces, mine = Region.objects.provinces(), region_ids(request.user)
        if mine is not None:
            provinces = provinces.filter(pk__in=mine) | provinces.filter(children__in=mine)
        return list(provinces.distinct().values_list("slug", "name"))

    def queryset(self, request, queryset):
        province = Region.objects.provinces().filter(slug=self.value()).first() if self.value() else None
        if self.value() and province is None:
            return queryset.none()
        return queryset.filter(province=province) if province else queryset


class QueueOrder(ChangeList):
    """A list in the order of its queue, whatever the address asks for: another would sort the whole table."""

    def get_ordering(self, request, queryset):
        return list(ORDERS.get(request.GET.get(QUEUE), ("-id",)))
