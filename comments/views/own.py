"""One's own: comments with what became of them, appeals, sanctions, notices."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments import appeals, notices, sanctions
from comments.models import Comment, Decision, Notice, Sanction
from comments.models.decisions import LONGEST_APPEAL
from comments.posting import may_delete, may_edit
from comments.refusals import Refused
from comments.writers import Writer, writer_of
from newsportal.lib.pagination import page_number, paginate

from . import check_csrf, status_of

PAGE_SIZE = 20


@require_safe
@never_cache
def comment_mine(request: HttpRequest) -> HttpResponse:
    """我的评论: of the account, or of a visitor's browser. Five queries."""
    writer = writer_of(request)
    rows = Comment.objects.filter(writer.own()).select_related("article__channel", "root")
    rows = rows.defer("article__body", "article__pages").order_by("-created_at", "-id")
    page = paginate(rows, page_number(request), size=PAGE_SIZE)
    add_decisions(page.items, writer)
    in_force = []
    if writer.user:
        in_force = list(Sanction.objects.in_force().filter(user=writer.user).select_related("channel").order_by("-id"))
    context = {"title": "我的评论", "page": page, "writer": writer, "sanctions": in_force}
    context["unread"] = notices.unread(writer.user) if writer.user else 0
    return render(request, "comments/comment_mine.html", context)


def add_decisions(comments, writer: Writer) -> None:
    """Give each comment the decision that stands, and what its author can do about it. One query."""
    now = timezone.now()
    rows = Decision.objects.filter(comment__in=comments, act=Decision.Act.STATE).select_related("appeal")
    last = {decision.comment_id: decision for decision in rows.order_by("id")}
    for comment in comments:
        comment.decision = last.get(comment.pk)
        comment.is_appealable = comment.decision is not None and not appeals.hindrance(comment.decision, at=now)
        comment.is_editable = may_edit(comment, writer, now)
        comment.is_deletable = may_delete(comment, writer)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # asked below, so that the words are not lost with an outdated token
@never_cache
def appeal_write(request: HttpRequest, pk: str) -> HttpResponse:
    """Appeal against a decision about one's own comment. 404 for somebody else's; 422 or 403 where it is refused."""
    writer = writer_of(request)
    rows = Decision.objects.select_related("comment__article__channel", "appeal")
    decision = get_object_or_404(rows.filter(comment__in=Comment.objects.filter(writer.own())), pk=pk)
    context = {"decision": decision, "comment": decision.comment, "longest": LONGEST_APPEAL}
    context["hindrance"] = appeals.hindrance(decision)
    if request.method != "POST":
        return render(request, "comments/appeal_write.html", context)
    try:
        check_csrf(request)
        appeals.appeal(decision, writer=writer, text=request.POST.get("text", ""))
    except Refused as refused:
        context |= {"refused": refused, "text": request.POST.get("text", "")}
        return render(request, "comments/appeal_write.html", context, status=status_of(refused))
    return redirect("comments:comment_mine")


@require_POST
@login_required
@never_cache
def sanction_acknowledge(request: HttpRequest, pk: str) -> HttpResponse:
    """知道了: the account has read its sanction."""
    sanctions.acknowledge(get_object_or_404(Sanction, pk=pk, user=request.user), user=request.user)
    return redirect("comments:comment_mine")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def notice_list(request: HttpRequest) -> HttpResponse:
    """The account's notices, the newest first; sent, it marks all of them as read."""
    if request.method == "POST":
        notices.mark_read(request.user)
        return redirect("comments:notice_list")
    page = paginate(Notice.objects.filter(user=request.user), page_number(request), size=PAGE_SIZE)
    context = {"title": "通知", "page": page, "unread": notices.unread(request.user)}
    context |= {"by_mail": notices.wants_mail(request.user), "mail_works": settings.MAIL_WORKS}
    return render(request, "comments/notice_list.html", context)


@require_POST
@login_required
@never_cache
def notice_open(request: HttpRequest, pk: str) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    notices.mark_read(request.user, notice=notice)
    return redirect(notice.link or "comments:notice_list")


@require_POST
@login_required
@never_cache
def notice_settings(request: HttpRequest) -> HttpResponse:
    """Whether notices come by mail too."""
    notices.set_mail(request.user, by_mail=request.POST.get("by_mail") == "on")
    return redirect("comments:notice_list")
