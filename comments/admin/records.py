"""Records of comments: decisions, reports, appeals. To look at, and to take away as a table."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import beats
from articles.admin.pages import BeatList
from articles.beats import LOOKED_THROUGH
from comments.models import Appeal, Comment, Decision, Report
from comments.moderation import queues
from newsportal.lib.admin import NewestFirst, RecordAdmin, newest
from newsportal.lib.chinese import shorten
from newsportal.lib.days import midnight
from newsportal.lib.exports import SpanExport

BEATS_HELP = f"分管部分栏目或地区的，列表只列最近 {LOOKED_THROUGH} 条里的"
HEADS = [
    "编号",
    "时间",
    "评论",
    "稿件编号",
    "稿件",
    "栏目",
    "作者",
    "事项",
    "原状态",
    "新状态",
    "经手人",
    "规则",
    "理由",
]
HEADS += ["说明", "等了（秒）", "批次", "撤销的记录", "评论内容"]


class CommentRecords(BeatList, RecordAdmin):
    """A list of records by their numbers, within the beats of whoever looks. `to_comment` leads to the comment.

    Whoever has beats sees those among the last LOOKED_THROUGH, and whatever else she searches for.
    """

    to_comment = "comment__"
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    ordering = ["-id"]
    list_per_page = 50

    def get_queryset(self, request):
        rows = super().get_queryset(request).filter(queues.within(request.user, self.to_comment))
        is_list = request.resolver_match.url_name.endswith("_changelist")
        if is_list and beats.beats_of(request.user) and not request.GET.get("q"):
            rows = newest(rows, LOOKED_THROUGH)
        text = [f"{self.to_comment}article__{name}" for name in ("body", "pages")]
        return rows.select_related(f"{self.to_comment}article").defer(*text)

    def get_changelist(self, request, **kwargs):
        return NewestFirst

    def comment_of(self, row) -> Comment:
        return row.comment

    @admin.display(description="评论")
    def what(self, obj) -> SafeString:
        comment = self.comment_of(obj)
        url = reverse("admin:comments_comment_change", args=[comment.pk])
        return format_html('<a href="{}">{}</a>', url, shorten(comment.body, 30) or "（内容已删除）")

    @admin.display(description="稿件")
    def article(self, obj):
        return self.comment_of(obj).article.list_title


@admin.register(Decision)
class DecisionAdmin(SpanExport, CommentRecords):
    """处理记录: every decision of people and rules."""

    export_title, export_file = "导出处理记录", "comment-decisions"
    export_hint = "导出所选日期里对评论的全部处理，CSV 格式，可以用 Excel、WPS 打开。只有你分管范围里的。"

    list_display = ["moment", "what", "article", "step", "reason", "note", "who"]
    list_filter = ["act", "to_state", "reason"]
    search_fields = ["comment__id__exact", "actor__username__exact"]
    search_help_text = f"按评论编号或经手人的用户名查找（写全）；{BEATS_HELP}"
    fields = readonly_fields = ["moment", "what", "article", "step", "reason", "note", "who", "rule", "waited", "batch"]

    @admin.display(description="时间")
    def moment(self, obj):
        return f"{timezone.localtime(obj.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description="事项")
    def step(self, obj):
        return step_in_words(obj)

    @admin.display(description="经手人")
    def who(self, obj):
        return obj.actor_name or "系统或作者"

    def exported_rows(self, request, first, last):
        return rows_of(request.user, first, last)


def step_in_words(decision: Decision) -> str:
    if decision.act != Decision.Act.STATE:
        return decision.get_act_display()
    before = decision.get_from_state_display() or "发表"
    return f"{before} → {decision.get_to_state_display()}" + ("（撤销）" if decision.undo_of_id else "")


def rows_of(user: AbstractBaseUser, first: date, last: date) -> Iterator[list]:
    """The table of the export, its heads first."""
    yield HEADS
    span = {"at__gte": midnight(first), "at__lt": midnight(last + timedelta(days=1))}
    rows = Decision.objects.filter(queues.within(user, "comment__"), **span).order_by("at", "id")
    rows = rows.select_related("comment__article__channel").defer("comment__article__body", "comment__article__pages")
    for row in rows.iterator(chunk_size=500):
        article = row.comment.article
        yield [
            *[row.pk, f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}", row.comment_id, article.pk, article.title],
            *[article.channel.name, row.comment.nickname, row.get_act_display(), row.get_from_state_display()],
            *[row.get_to_state_display(), row.actor_name, row.rule, row.get_reason_display(), row.note],
            int(row.waited.total_seconds()) if row.waited is not None else "",
            *[str(row.batch or ""), row.undo_of_id or "", row.comment.body],
        ]


@admin.register(Report)
class ReportAdmin(CommentRecords):
    """举报: settled on the comment's card, followed here."""

    list_display = ["receipt", "state", "what", "article", "reason", "note", "created_at", "handled_by"]
    list_filter = ["state", "reason"]
    search_fields = ["receipt__exact", "comment__id__exact"]
    search_help_text = f"按受理编号或评论编号查找（写全）；{BEATS_HELP}"
    fields = readonly_fields = [
        *["receipt", "state", "what", "article", "reason", "note", "network", "created_at"],
        *["handled_by", "handled_at", "answer"],
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("handled_by")


@admin.register(Appeal)
class AppealAdmin(CommentRecords):
    """申诉: answered on the comment's card, followed here."""

    to_comment = "decision__comment__"
    list_display = ["id", "state", "what", "article", "text", "created_at", "decided_by"]
    list_display_links = ["id"]
    list_filter = ["state"]
    search_fields = ["decision__comment__id__exact"]
    search_help_text = f"按评论编号查找；{BEATS_HELP}"
    fields = readonly_fields = [
        *["state", "what", "article", "text", "user", "created_at", "decided_by", "decided_at", "answer"]
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("decided_by", "user")

    def comment_of(self, row) -> Comment:
        return row.decision.comment
