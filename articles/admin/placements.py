"""What stands on the home page and at the head of channels and regions by hand, and when."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, CharField, Q, Value, When
from django.http import Http404
from django.urls import path, reverse
from django.utils import timezone

from articles import arrangement, beats
from articles.boards import Board, channel_board, home_board, region_board
from articles.models import Article, Channel, Placement
from newsportal.lib.admin import PublicModelAdmin
from newsportal.lib.keys import is_key
from regions.models import Region

from .desk import Desk, search_view
from .front_preview import FrontPreview
from .states import state_of

STATES = {"active": "生效中", "future": "未开始", "past": "已结束"}


class PlacementStateFilter(admin.SimpleListFilter):
    title = "时效"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return STATES.items()

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() in STATES else queryset


class PlacementForm(forms.ModelForm):
    """Refuses what lies outside of the beats of `user`: articles, and pages."""

    user = None

    def clean(self):
        data = super().clean()
        page = {name: data.get(name) for name in ("channel", "region")}
        if "slot" in self.fields and not self.errors and not beats.may_fill(self.user, **page):
            raise ValidationError(f"你分管的是{beats.in_words(self.user)}：只能在这些栏目和地区的页面上置顶。")
        if "article" in self.changed_data and (article := data.get("article")):
            mine = Article.objects.filter(beats.within(self.user), pk=article.pk, draft_of=None)
            if not mine.exists():
                self.add_error("article", "这篇稿件不在你分管的范围里。")
        return data


@admin.register(Placement)
class PlacementAdmin(FrontPreview, PublicModelAdmin):
    form = PlacementForm
    autocomplete_fields = ["article", "picture"]
    list_display = ["headline", "place", "position", "time_state", "article_state", "starts_at", "ends_at"]
    list_filter = ["slot", PlacementStateFilter]
    list_select_related = ["article__channel", "channel", "region"]
    search_fields = ["title", "article__title", "article__id__exact"]
    fieldsets = [
        ("推荐", {"fields": ["slot", "channel", "region", "article", "position"]}),
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
        seen = super().get_queryset(request).filter(beats.pages_within(request.user))
        return seen.annotate(state=state).defer("article__body", "article__pages")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    @admin.display(description="标题", ordering="article")
    def headline(self, obj):
        return obj.title or obj.article.list_title

    @admin.display(description="位置", ordering="slot")
    def place(self, obj):
        page = obj.channel or obj.region
        return f"{page} · {obj.get_slot_display()}" if page else obj.get_slot_display()

    @admin.display(description="时效", ordering="state")
    def time_state(self, obj):
        return STATES[obj.state]

    @admin.display(description="稿件状态")
    def article_state(self, obj):
        return state_of(obj.article)

    # --- The desk ---

    def get_urls(self):
        own = [
            path("desk/", self.admin_site.admin_view(self.desk_view), name="articles_placement_desk"),
            path("desk/search/", self.admin_site.admin_view(search_view), name="articles_placement_search"),
        ]
        return [*own, *super().get_urls()]

    def desk_view(self, request):
        """The slots of the home page, or of the channel or region that `page` names ("channel-3")."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        channels = list(Channel.objects.shown())
        regions = list(Region.objects.select_related("parent"))
        pages = arrangement.pages_to_fill(request.user, channels, regions)
        has_home = beats.may_fill(request.user)
        name = request.GET.get("page") or self.first_page(has_home, pages)
        board = board_named(name, channels, regions)
        if not (has_home if name == "home" else any(name == key for _, rows in pages for key, _ in rows)):
            raise PermissionDenied
        desk = Desk(
            self,
            request,
            board,
            may_add=self.has_add_permission(request),
            may_remove=self.has_delete_permission(request),
            extra={
                "title": "版面编排",
                "pages": pages,
                "has_home": has_home,
                "list_url": reverse("admin:articles_placement_changelist"),
                "preview_url": reverse("admin:articles_placement_preview") if has_home else "",
            },
        )
        return desk.answer()

    def first_page(self, has_home: bool, pages: list) -> str:
        """Where somebody begins who names no page. Raises PermissionDenied for who has none."""
        if not has_home and not pages:
            raise PermissionDenied("你分管的范围里没有整个栏目或整个地区的页面。")
        return "home" if has_home else pages[0][1][0][0]


def board_named(name: str, channels: list[Channel], regions: list[Region]) -> Board:
    """Raises Http404."""
    if name == "home":
        return home_board()
    kind, _, number = name.partition("-")
    rows = {"channel": channels, "region": regions}.get(kind, [])
    row = next((row for row in rows if is_key(number) and row.pk == int(number)), None)
    if row is None:
        raise Http404("没有这个版面。")
    return channel_board(row) if kind == "channel" else region_board(row)
