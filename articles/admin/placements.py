"""What stands on the home page by hand, and when."""

from django.contrib import admin
from django.db.models import Case, CharField, Q, Value, When
from django.utils import timezone

from articles import beats
from articles.models import Placement
from newsportal.lib.admin import PublicModelAdmin

from .states import state_of

STATES = {"active": "生效中", "future": "未开始", "past": "已结束"}


class PlacementStateFilter(admin.SimpleListFilter):
    title = "时效"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return STATES.items()

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() in STATES else queryset


@admin.register(Placement)
class PlacementAdmin(PublicModelAdmin):
    autocomplete_fields = ["article", "picture"]
    list_display = ["headline", "slot", "position", "time_state", "article_state", "starts_at", "ends_at"]
    list_editable = ["position"]
    list_filter = ["slot", PlacementStateFilter]
    list_select_related = ["article__channel"]
    search_fields = ["title", "article__title", "article__id__exact"]
    fieldsets = [
        ("推荐", {"fields": ["slot", "article", "position"]}),
        ("时间", {"fields": ["starts_at", "ends_at"]}),
        ("另用", {"fields": ["title", "picture"], "description": "留空则用稿件自己的短标题和封面图。"}),
    ]

    def get_queryset(self, request):
        now = timezone.now()
        state = Case(
            When(starts_at__gt=now, then=Value("future")),
            When(Q(ends_at__lte=now), then=Value("past")),
            default=Value("active"),
            output_field=CharField(),
        )
        seen = super().get_queryset(request).filter(beats.within(request.user, "article__"))
        return seen.annotate(state=state).defer("article__body", "article__pages")

    @admin.display(description="标题", ordering="article")
    def headline(self, obj):
        return obj.title or obj.article.list_title

    @admin.display(description="时效", ordering="state")
    def time_state(self, obj):
        return STATES[obj.state]

    @admin.display(description="稿件状态")
    def article_state(self, obj):
        return state_of(obj.article)
