"""Many comments at once: chosen in the queue, or alike: by one author, of one article, the same words."""

from datetime import timedelta
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from comments.models import Comment, Decision
from comments.moderation import judging, queues
from comments.moderation.judging import MOST_AT_ONCE
from newsportal.lib.admin import RecordAdmin
from newsportal.lib.keys import is_key

from .forms import ManyForm

State = Comment.State
# Which states are listed: what waits; what readers may see, too; what was refused.
SPANS = {
    "waiting": ("等待审核的", judging.WAITS),
    "open": ("等待审核和已公开的", {*judging.WAITS, State.APPROVED}),
    "refused": ("没有通过的和垃圾评论", judging.REFUSED_STATES),
}
DAYS = {"1": "1 天", "7": "7 天", "30": "30 天", "": "不限时间"}


class ManyAtOnce(RecordAdmin):
    """The page that lists what is alike, and decides about what is chosen there or in the queue."""

    admin_site: AdminSite

    def many_view(self, request) -> HttpResponse:
        """List by the address; decide by POST, and tell of each that was not done why."""
        if not request.user.has_perm(queues.MODERATE):
            raise PermissionDenied
        form = ManyForm(request.POST if request.method == "POST" else None)
        outcome = None
        if form.is_valid():
            outcome = judging.judge_many(form.cleaned_data["chosen"], form.order, user=request.user)
        asked = queues.wanted(request.GET)
        span = request.GET.get("state") if request.GET.get("state") in SPANS else "waiting"
        days = request.GET.get("days") if request.GET.get("days") in DAYS else ""
        failed = form.is_bound and not form.is_valid()
        rows = self.rows_alike(request, asked, span=span, days=days)
        if failed and not asked.filters:
            chosen = [sight.pk for sight in ManyForm.base_fields["chosen"].to_python(request.POST.getlist("chosen"))]
            rows = queues.seen_by(request.user).filter(pk__in=chosen).order_by("pk")
        context = {
            "title": "批量处理",
            "asked": asked,
            "spans": [(name, label) for name, (label, _) in SPANS.items()],
            "span": span,
            "day_choices": DAYS.items(),
            "days": days,
            "form": form,
            "outcome": outcome,
            "rows": listed(rows),
            "most": MOST_AT_ONCE,
            "chosen": set(request.POST.getlist("chosen")),
        }
        return self.answer_many(request, context, status=422 if failed else 200)

    def answer_many(self, request, context: dict[str, Any], *, status: int) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, "admin/comments/comment/many.html", {**shared, **context}, status=status)

    def rows_alike(self, request, asked: queues.Wanted, *, span: str, days: str) -> QuerySet[Comment]:
        """What the address describes; nothing without a description, lest somebody decide about everything."""
        if not asked.filters:
            return Comment.objects.none()
        rows = queues.seen_by(request.user).filter(queues.conditions(asked.filters), state__in=SPANS[span][1])
        if is_key(days):
            rows = rows.filter(created_at__gt=timezone.now() - timedelta(days=int(days)))
        return rows.exclude(author=request.user).order_by("-created_at", "-id")


def listed(rows: QuerySet[Comment]) -> list[Comment]:
    """The newest of them, each with the sight of it that a form names. One query."""
    found = rows.select_related("article__channel").defer("article__body", "article__pages")
    last = Decision.objects.filter(comment=OuterRef("pk")).order_by("-id").values("pk")[:1]
    found = list(found.annotate(last_decision=Subquery(last))[:MOST_AT_ONCE])
    for comment in found:
        comment.sight = f"{comment.pk}:{comment.last_decision or 0}"
    return found
