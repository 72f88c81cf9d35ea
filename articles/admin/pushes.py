"""The queue of addresses that search engines are told of."""

from django.contrib import admin, messages
from django.db.models import Q

from articles.models import LinkPush
from articles.pushing import try_again
from newsportal.lib.admin import CappedPaginator, NewestFirst

WAITING, GIVEN_UP = Q(next_attempt_at__isnull=False), Q(next_attempt_at=None, last_error__gt="")


class PushStateFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", "等待推送"), ("delivered", "已送达"), ("given-up", "已放弃")]

    def queryset(self, request, queryset):
        match self.value():
            case "waiting":
                return queryset.filter(WAITING)
            case "delivered":
                return queryset.exclude(delivered_at=None)
            case "given-up":
                return queryset.filter(GIVEN_UP)
        return queryset


class PushList(NewestFirst):
    """The newest first; what was given up by its error, as its index has it."""

    def get_ordering(self, request, queryset):
        is_given_up = request.GET.get(PushStateFilter.parameter_name) == "given-up"
        return ["last_error", "-id"] if is_given_up else super().get_ordering(request, queryset)


@admin.register(LinkPush)
class LinkPushAdmin(admin.ModelAdmin):
    """To look at, and to push again: rows come and go with the articles."""

    actions = ["push_again"]
    list_display = ["url", "target", "state", "attempts", "next_attempt_at", "delivered_at", "last_error"]
    list_filter = [PushStateFilter, "target"]
    list_per_page = 50
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    ordering = ["-id"]
    search_fields = ["url__exact"]
    search_help_text = "粘贴完整网址查找"
    show_full_result_count = False
    fields = readonly_fields = [
        *["url", "target", "state", "attempts", "next_attempt_at", "delivered_at", "last_error"],
    ]

    def get_changelist(self, request, **kwargs):
        return PushList

    @admin.display(description="状态")
    def state(self, obj):
        if obj.next_attempt_at:
            return "重试中" if obj.last_error else "等待推送"
        return "已放弃" if obj.last_error else "已送达"

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description="重新推送", permissions=["change"])
    def push_again(self, request, queryset):
        count = try_again(queryset)
        self.message_user(request, f"{count} 条网址已重新排队，稍后推送。", messages.SUCCESS)
