"""The letter desk: what waits, each letter with all that was done about it, and the figures."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from comments.models import Letter
from newsportal.lib.admin import CappedPaginator, RecordAdmin
from newsportal.lib.charts import bars
from newsportal.lib.csvfile import csv_answer

from .. import figures
from ..rights import HANDLING, region_ids, within
from .desk import LetterDesk
from .queues import QUEUE, QUEUES, ProvinceFilter, QueueFilter, QueueOrder

# Words of a title are looked for among so many of the newest.
SEARCHED = 20_000
HEADS = ["地区", "收到", "答复", "答复率（%）", "答复天数中位数", "公开：等待答复", "公开：已答复"]


@admin.register(Letter)
class LetterAdmin(LetterDesk, RecordAdmin):
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    list_display = ["title", "place", "state", "waits", "due", "assignee", "signs"]
    list_display_links = None
    list_filter = [QueueFilter, ProvinceFilter]
    list_per_page = 50
    search_fields = ["receipt__exact", "subject"]
    search_help_text = "按受理编号或标题查找（标题只查最新的两万封）"

    class Media:
        css = {"all": ["admin_site/letters.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).filter(within(request.user)).defer("network")

    def get_changelist_instance(self, request):
        """Not joined: SQLite would begin with the few regions or people, and sort the many letters."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = changelist.result_list.defer("text", "answer").prefetch_related("region", "assignee")
        return changelist

    def get_changelist(self, request, **kwargs):
        return QueueOrder

    def changelist_view(self, request, extra_context=None):
        title = f"群众来信：{QUEUES.get(request.GET.get(QUEUE), QUEUES[None])}"
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_search_results(self, request, queryset, search_term):
        words = search_term.strip()
        if not words:
            return queryset, False
        if found := Letter.objects.filter(receipt=words.upper()).first():
            return queryset.filter(pk=found.pk), False
        newest = Letter.objects.aggregate(Max("pk"))["pk__max"] or 0
        return queryset.filter(pk__gt=newest - SEARCHED, subject__icontains=words), False

    # --- Columns ---

    @admin.display(description="来信")
    def title(self, obj):
        url = reverse("admin:comments_letter_change", args=[obj.pk])
        return format_html('<a href="{}">{}</a> <span class="quiet">{}</span>', url, obj.subject, obj.receipt)

    @admin.display(description="地区")
    def place(self, obj):
        return obj.region.name

    @admin.display(description="已等")
    def waits(self, obj):
        return f"{obj.days} 天" if obj.is_waiting else f"{obj.days} 天答复" if obj.answered_at else "—"

    @admin.display(description="期限")
    def due(self, obj):
        if not obj.is_waiting or obj.due_on is None:
            return "—"
        if obj.is_overdue:
            late = (timezone.localdate() - obj.due_on).days
            return format_html('<strong class="letter-late">超 {} 天</strong>', late)
        return f"{obj.due_on:%m-%d}"

    @admin.display(description="提示")
    def signs(self, obj):
        signs = [
            *(["不同意公开"] if not obj.consent else []),
            *(["含敏感词"] if obj.is_flagged else []),
            *(["读者可见"] if obj.is_public else []),
        ]
        return "、".join(signs) or "—"

    # --- Figures ---

    def get_urls(self):
        own = [
            path("figures/", self.admin_site.admin_view(self.figures_view), name="comments_letter_figures"),
            *[
                path(route, self.admin_site.admin_view(view), name=f"comments_letter_{name}")
                for route, view, name in self.desk_pages()
            ],
        ]
        return [*own, *super().get_urls()]

    def figures_view(self, request):
        """Each province's letters, answers and days, within the beats of who asks; as a table or as CSV."""
        if not request.user.has_perm("comments.view_lettertally"):
            raise PermissionDenied
        total, provinces = figures.by_province(region_ids(request.user))
        if request.GET.get("format") == "csv":
            rows = [line_of(each) for each in [*provinces, total]]
            return csv_answer([HEADS, *rows], name=f"letters-{timezone.localdate():%Y%m%d}")
        if "format" in request.GET:
            raise Http404("没有这种格式。")
        by_number = sorted(provinces, key=lambda each: -each.received)[:12]
        context = {
            **self.admin_site.each_context(request),
            "title": "来信数字",
            "opts": self.opts,
            "heads": HEADS,
            "rows": [line_of(each) for each in provinces],
            "total": line_of(total),
            "chart": bars([(each.name, each.received) for each in by_number], label="来信最多的地区"),
            "may_see_letters": request.user.has_perm(HANDLING),
        }
        return TemplateResponse(request, "admin/comments/letter/figures.html", context)


def line_of(figure: figures.Figure) -> list:
    median = "" if figure.median is None else figure.median
    counted = [figure.received, figure.answered, figure.rate, median]
    return [figure.name, *counted, figure.shown[False], figure.shown[True]]
