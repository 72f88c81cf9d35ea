"""The queue of moderators (审评论): read card by card, decided by one key, many at once where they are alike."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.views.decorators.http import require_POST

from articles import beats
from comments.models import Appeal, Comment, Decision, Sanction
from comments.moderation import cards, claims, figures, judging, queues
from comments.moderation.queues import Wanted
from comments.refusals import Refused
from comments.sanctions import impose
from newsportal.lib.admin import RecordAdmin
from newsportal.lib.keys import is_key

from .forms import DAYS, REASONS, AppealForm, JudgeForm, SanctionForm
from .many import ManyAtOnce

QUEUE = "admin:comments_comment_changelist"
UNPROCESSABLE = 422
DAYS_COUNTED = 3
State = Comment.State


def queue_url(query: str = "") -> str:
    """The queue as it was, by the query of its address: what a form carries along."""
    asked = queues.wanted(QueryDict(query[:500])).url_query
    return f"{reverse(QUEUE)}?{asked}" if asked else reverse(QUEUE)


@admin.register(Comment)
class CommentAdmin(ManyAtOnce, RecordAdmin):
    """No list and no form of Django's: the queue stands where the list would, a card where the form would."""

    search_fields = ["id__exact"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(queues.within(request.user))

    def get_urls(self):
        pages = [
            ("judge/", require_POST(self.judge_view), "judge"),
            ("undo/", require_POST(self.undo_view), "undo"),
            ("release/", require_POST(self.release_view), "release"),
            ("many/", self.many_view, "many"),
            ("<int:pk>/sanction/", require_POST(self.sanction_view), "sanction"),
            ("<int:pk>/appeal/", require_POST(self.appeal_view), "appeal"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"comments_comment_{name}")
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    # --- What is shown ---

    def changelist_view(self, request, extra_context=None):
        """A page of a queue; what is to be done there is claimed for whoever may do it. Some sixteen queries."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        # Yesterday's figures, for the public report: whoever decides comes by here.
        figures.fill(most=DAYS_COUNTED)
        return self.queue_page(request, queues.wanted(request.GET))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One comment with its past."""
        comment = self.seen_comment(request, unquote(object_id))
        return self.card_page(request, comment)

    def seen_comment(self, request: HttpRequest, pk: str) -> Comment:
        """The comment, if whoever asks may see it. Raises Http404 and PermissionDenied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        comment = self.get_object(request, pk) if is_key(pk) else None
        if comment is None:
            raise Http404("没有这条评论，或者不在你的分管范围。")
        return comment

    def queue_page(self, request, asked: Wanted, *, failed: dict[str, Any] | None = None) -> TemplateResponse:
        shown, has_next = self.page_of(request, asked)
        if failed and failed["pk"] not in shown:
            shown = [failed["pk"], *shown]
        taken = claims.taken_by_others(queues.waiting(request.user), request.user)
        found = cards.cards_of(shown, user=request.user)
        context = {
            "title": "审评论",
            "asked": asked,
            "tabs": queues.tabs(request.user, asked),
            "orders": queues.ORDERS,
            "cards": found,
            # What may be chosen below; where nothing may, an appeal is answered on its card.
            "has_acts": any(card.acts for card in found),
            "has_next": has_next and asked.page < queues.LAST_PAGE,
            "next_query": at_page(asked, asked.page + 1),
            "previous_query": at_page(asked, asked.page - 1) if asked.page > 1 else "",
            "taken": queues.capped(taken) if asked.tab == queues.WAITING else "",
            "scope": beats.in_words(request.user),
            "looked_through": beats.LOOKED_THROUGH,
        }
        return self.answer(request, "queue", context, asked.url_query, failed)

    def page_of(self, request, asked: Wanted) -> tuple[list[int], bool]:
        """The numbers of a page's comments, and whether more follow."""
        start = (asked.page - 1) * queues.SIZE
        rows = queues.rows_of(request.user, asked)
        is_claimed = asked.tab in queues.OPEN_TABS and not asked.is_whole and self.may_moderate(request)
        if is_claimed and asked.tab != queues.APPEALS:
            return claims.take(rows, user=request.user, start=start, size=queues.SIZE)
        column = f"{queues.path_of(asked.tab)}pk" if queues.path_of(asked.tab) else "pk"
        found = list(rows.values_list(column, flat=True)[start : start + queues.SIZE + 1])
        shown = list(dict.fromkeys(found[: queues.SIZE]))
        if is_claimed:
            mine, _ = claims.take(
                Comment.objects.filter(pk__in=shown).order_by("pk"), user=request.user, start=0, size=queues.SIZE
            )
            shown = [pk for pk in shown if pk in mine]
        return shown, len(found) > queues.SIZE

    def card_page(self, request, comment: Comment, *, failed: dict[str, Any] | None = None) -> TemplateResponse:
        context = {
            "title": f"评论 {comment.pk}",
            "original": comment,
            "cards": cards.cards_of([comment.pk], user=request.user),
            "history": comment.decisions.order_by("id").select_related("undone_by"),
        }
        return self.answer(request, "card_page", context, "", failed)

    def answer(self, request, name: str, context: dict[str, Any], back: str, failed=None) -> TemplateResponse:
        undo = judging.last_of(request.user) if self.may_moderate(request) else None
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "back": back,
            "failed": failed,
            "reasons": REASONS,
            "kinds": Sanction.Kind.choices,
            "days": DAYS,
            "may_moderate": self.may_moderate(request),
            "may_sanction": request.user.has_perm(queues.SANCTION),
            "is_local": bool(beats.beats_of(request.user)),
            "undo": undo,
            "undo_number": Decision.objects.filter(batch=undo.batch).count() if undo and undo.batch else 1,
        }
        status = UNPROCESSABLE if failed else 200
        return TemplateResponse(request, f"admin/comments/comment/{name}.html", {**shared, **context}, status=status)

    def may_moderate(self, request) -> bool:
        return request.user.has_perm(queues.MODERATE)

    # --- What is done ---

    def back(self, request) -> HttpResponseRedirect:
        """To where the form stood: the queue, or the card's own page."""
        if is_key(pk := request.POST.get("card", "")):
            return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))
        return HttpResponseRedirect(queue_url(request.POST.get("back", "")))

    def again(self, request, pk: int, kind: str, form) -> TemplateResponse:
        """The page with the form as it was filled in, and what is wrong with it."""
        failed = {"pk": pk, "kind": kind, "form": form}
        if request.POST.get("card"):
            return self.card_page(request, self.seen_comment(request, str(pk)), failed=failed)
        return self.queue_page(request, queues.wanted(QueryDict(request.POST.get("back", "")[:500])), failed=failed)

    def judge_view(self, request) -> HttpResponse:
        """Decide about one comment."""
        if not self.may_moderate(request) and not request.user.has_perm(queues.FEATURE):
            raise PermissionDenied
        form = JudgeForm(request.POST)
        if not form.is_valid():
            if "sight" in form.errors or "act" in form.errors:
                self.message_user(request, "没有处理：页面不完整，请刷新后重试。", messages.ERROR)
                return self.back(request)
            comment = self.seen_comment(request, str(form.cleaned_data["sight"].pk))
            return self.again(request, comment.pk, "reject", form)
        sight = form.cleaned_data["sight"]
        try:
            comment = judging.judge(sight, form.order, user=request.user)
        except Refused as refusal:
            self.message_user(request, f"评论 {sight.pk} 没有处理：{refusal.message}", messages.ERROR)
        else:
            self.message_user(request, f"评论 {comment.pk} {form.order.act.done}。", messages.SUCCESS)
        return self.back(request)

    def undo_view(self, request) -> HttpResponse:
        """Take back a decision of one's own, or the last one, with all that the same click did."""
        if not self.may_moderate(request):
            raise PermissionDenied
        pk = request.POST.get("decision", "")
        decision = Decision.objects.filter(pk=pk).first() if is_key(pk) else judging.last_of(request.user)
        if decision is None:
            self.message_user(request, "没有可以撤销的：只能撤销自己十分钟以内的决定。", messages.WARNING)
            return self.back(request)
        outcome = judging.take_back(decision, user=request.user)
        if outcome.done:
            self.message_user(request, f"已撤销 {len(outcome.done)} 条。", messages.SUCCESS)
        for failure in outcome.failures[:10]:
            self.message_user(request, f"评论 {failure.pk} 没有撤销：{failure.why}", messages.ERROR)
        return self.back(request)

    def release_view(self, request) -> HttpResponse:
        """Let go of what is on one's screen, and leave the queue: opening it would take it again.

        The script says `left` when the page is closed or left, and the end of its claims: nobody reads the answer.
        """
        until = moment(request.POST.get("until", ""))
        if "left" in request.POST:
            if until is not None:
                claims.release(request.user, until=until)
            return HttpResponse(status=204)
        number = claims.release(request.user)
        self.message_user(request, f"已放开 {number} 条，别人可以审了。", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:index"))

    def sanction_view(self, request, pk: int) -> HttpResponse:
        """Impose a sanction on whoever wrote a comment."""
        if not request.user.has_perm(queues.SANCTION):
            raise PermissionDenied
        comment = self.seen_comment(request, str(pk))
        if comment.author_id == request.user.pk:
            self.message_user(request, "不能处罚自己。", messages.ERROR)
            return self.back(request)
        form = SanctionForm(request.POST, comment=comment, is_local=bool(beats.beats_of(request.user)))
        if not form.is_valid():
            return self.again(request, pk, "sanction", form)
        try:
            sanction = impose(by=request.user, **form.values)
        except ValidationError as error:
            form.add_error(None, "；".join(error.messages))
            return self.again(request, pk, "sanction", form)
        self.message_user(
            request, f"已处罚：{sanction}，已通知当事人。" if sanction.user_id else f"已处罚：{sanction}。"
        )
        return self.back(request)

    def appeal_view(self, request, pk: int) -> HttpResponse:
        """Answer the appeal that waits about a comment."""
        if not self.may_moderate(request):
            raise PermissionDenied
        comment = self.seen_comment(request, str(pk))
        form = AppealForm(request.POST)
        if not form.is_valid():
            return self.again(request, pk, "appeal", form)
        waiting = Appeal.objects.filter(decision__comment=comment, state=Appeal.State.OPEN)
        appeal = waiting.select_related("decision__comment").first()
        is_upheld = form.cleaned_data["verdict"] == "uphold"
        try:
            if appeal is None:
                raise Refused("这条评论没有等待答复的申诉：可能别人刚处理过。")
            text = form.cleaned_data["text"]
            answered = judging.answer_appeal(appeal, user=request.user, is_upheld=is_upheld, text=text)
        except Refused as refusal:
            self.message_user(request, f"申诉没有处理：{refusal.message}", messages.ERROR)
        else:
            done = "，评论已恢复公开" if is_upheld and answered.decision.comment.state == State.APPROVED else ""
            done = f"{answered.get_state_display()}{done}"
            self.message_user(request, f"评论 {pk}：{done}，已通知申诉人。", messages.SUCCESS)
        return self.back(request)


def moment(text: str) -> datetime | None:
    """A moment with its zone, as a form carries it; None for anything else."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and is_aware(found) else None


def at_page(asked: Wanted, number: int) -> str:
    return Wanted(asked.tab, asked.order, number, asked.query, asked.filters, asked.is_whole).url_query
