"""One button each: like, report, take back. Every link leads to a page with that button: no script is needed."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comments.liking import like
from comments.models import Comment, Like, Report
from comments.moderation.hiding import hide_if_many_report
from comments.posting import delete
from comments.refusals import Refused
from comments.reporting import report
from comments.throttle import knocks_too_often
from comments.writers import remember, writer_of

from . import check_csrf, find_comment, status_of
from .writing import is_fragment

MOST_LIKES, MOST_REPORTS, PERIOD = 60, 10, 600
# Of one comment, by browsers of one network that nobody has seen before: whoever drops her cookie is no other person.
MOST_NEW_LIKES, HOUR = 20, 3600
READ_OR_SEND = require_http_methods(["GET", "HEAD", "POST"])


@READ_OR_SEND
@never_cache
def comment_like(request: HttpRequest, pk: str) -> HttpResponse:
    """Like a comment or no more. To the script: {"likes": n, "liked": true}."""
    comment = find_comment(pk)
    if request.method != "POST":
        writer = writer_of(request)
        liked = Like.objects.filter(writer.own(user="user"), comment=comment).exists()
        return render(request, "comments/comment_like.html", {"comment": comment, "liked": liked})
    writer = writer_of(request, make=True)
    if knocks_too_often(request, "comment-like", most=MOST_LIKES, seconds=PERIOD):
        return too_soon(request, "点赞太频繁了，请十分钟后再试。")
    if writer.is_new and knocks_too_often(request, f"comment-like-{comment.pk}", most=MOST_NEW_LIKES, seconds=HOUR):
        return too_soon(request, "您所在的网络给这条评论点的赞太多了：登录以后可以点赞，或者一小时后再试。", wait=HOUR)
    try:
        liked = like(comment, writer=writer)
    except Refused as refused:
        return too_soon(request, refused.message, status=409)
    if is_fragment(request):
        return remember(request, JsonResponse({"likes": comment.likes, "liked": liked}))
    return remember(request, redirect(comment))


@READ_OR_SEND
@csrf_exempt  # asked below, so that the note is not lost with an outdated token
@never_cache
def comment_report(request: HttpRequest, pk: str) -> HttpResponse:
    """Report a comment; leads to the page of the receipt. 422 or 403 with all that was typed where it is refused."""
    comment = find_comment(pk)
    reasons = Report._meta.get_field("reason").choices
    context = {"comment": comment, "article": comment.article, "reasons": reasons, "typed": {}}
    if request.method != "POST":
        return render(request, "comments/comment_report.html", context)
    if knocks_too_often(request, "comment-report", most=MOST_REPORTS, seconds=PERIOD):
        return too_soon(request, "举报太频繁了，请十分钟后再试。")
    typed = {"reason": request.POST.get("reason", ""), "note": request.POST.get("note", "")}
    try:
        check_csrf(request)
        made = report(comment, writer=writer_of(request, make=True), **typed)
    except Refused as refused:
        context |= {"refused": refused, "typed": typed}
        return render(request, "comments/comment_report.html", context, status=status_of(refused))
    hide_if_many_report(made)
    return remember(request, redirect(made))


@require_safe
@never_cache
def report_status(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of a report, for whoever knows its number. It says nothing of the comment but when it was written."""
    rows = Report.objects.select_related("comment__article")
    return render(request, "comments/report_status.html", {"report": get_object_or_404(rows, receipt=receipt.upper())})


@READ_OR_SEND
@never_cache
def comment_delete(request: HttpRequest, pk: str) -> HttpResponse:
    """Take back one's own comment. 404 for what is somebody else's."""
    writer = writer_of(request)
    comment = get_object_or_404(Comment.objects.select_related("article__channel"), writer.own(), pk=pk)
    if request.method != "POST":
        return render(request, "comments/comment_delete.html", {"comment": comment, "article": comment.article})
    with suppress(Refused):  # it is deleted already, which is what was asked for
        delete(comment, writer=writer)
    return redirect(reverse("comments:comment_mine"))


def too_soon(request: HttpRequest, message: str, *, status: int = 429, wait: int = PERIOD) -> HttpResponse:
    """What cannot be done now, on a page or for the script."""
    if is_fragment(request):
        response = JsonResponse({"error": message}, status=status, json_dumps_params={"ensure_ascii": False})
    else:
        response = render(request, "comments/not_now.html", {"message": message}, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(wait)
    return response
