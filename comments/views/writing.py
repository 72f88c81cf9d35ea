"""Writing a comment: the form as a fragment and as a page of its own, and changing what was written just now."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from comments import forms
from comments.models import Comment
from comments.posting import GONE, MOST_EDITS, edit, may_edit, post
from comments.refusals import Refused
from comments.rules import rules_for
from comments.throttle import knocks_too_often
from comments.writers import Writer, remember, writer_of
from newsportal.lib.keys import is_key

from . import check_csrf, find_article, status_of

State = Comment.State
# Of the writer's own, below the form: what readers do not see, and she should know of.
OWN_SHOWN = 5
OWN_STATES = (State.WAITING, State.WITHHELD, State.REJECTED, State.SPAM)
KEPT_TEXT = "comment_kept"
MOST_KNOCKS, KNOCK_SECONDS = 60, 60


@require_safe
@never_cache
def comment_form(request: HttpRequest, pk: str) -> HttpResponse:
    """The fragment: the form, or why there is none; and the writer's own comments that readers do not see."""
    article = public_article(pk)
    context = form_context(request, article, writer_of(request), parent=parent_of(request, article))
    return render(request, "comments/form_fragment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # asked by `take`, so that nobody's words are lost with an outdated token
@never_cache
def comment_write(request: HttpRequest, pk: str) -> HttpResponse:
    """The same on a page of its own, which works without JavaScript; and where every form is sent to."""
    if request.method == "POST":
        article = find_article(pk)
        return take(request, article) if article.is_published else give_back(request)
    article = public_article(pk)
    context = form_context(request, article, writer_of(request), parent=parent_of(request, article))
    context["received"] = received(request, context["own"])
    return show(request, context)


def take(request: HttpRequest, article: Article) -> HttpResponse:
    """Post the comment of a form. Where it is refused, all that was typed comes back: 422, 429 when it is too soon, 403
    without a good token.
    """
    writer = writer_of(request, make=True)
    parent = parent_of(request, article)
    typed = {"body": request.POST.get("body", ""), "nickname": request.POST.get("nickname", "")}
    try:
        check_csrf(request)
        if knocks_too_often(request, "comment", most=MOST_KNOCKS, seconds=KNOCK_SECONDS):
            raise Refused("提交得太频繁了，请一分钟后再试。", code="rate", wait=KNOCK_SECONDS)
        if parent is not None and not parent.is_approved:
            raise Refused(GONE, code="parent")
        token = forms.check(request.POST, article.pk)
        comment = post(article=article, writer=writer, parent=parent, form_key=token.key, **typed)
    except Refused as refused:
        # What readers do not see is quoted to nobody, by whatever number it is asked for.
        answered = parent if parent is not None and parent.is_approved else None
        context = form_context(request, article, writer, parent=answered, typed=typed)
        # Not from a page of somebody else's, which could put its words in the place of hers.
        if context["needs_phone"] and len(typed["body"]) <= context["longest"] and refused.code != "csrf":
            keep_text(request, article, typed["body"])
            context["is_kept"] = True
        keep_token(request, context, refused)
        return show(request, context | {"refused": refused}, status=status_of(refused))
    forget_text(request)
    if is_fragment(request):
        context = form_context(request, article, writer, received=comment)
        return remember(request, show(request, context))
    place = reverse("comments:comment_write", args=[article.pk])
    return remember(request, redirect(f"{place}?received={comment.pk}#received"))


def give_back(request: HttpRequest) -> HttpResponse:
    """The words of a form whose article went from sight meanwhile. 404, and nothing is told of the article."""
    message = "这篇稿件已经不公开，评论没有发表。"
    context = {"heading": "没有发表", "message": message, "text": request.POST.get("body", "")}
    return render(request, "comments/not_now.html", context, status=404)


def keep_token(request: HttpRequest, context: dict[str, Any], refused: Refused) -> None:
    """A form that is still good keeps its key: so a click that was meant once is one comment, whatever came between."""
    if refused.code not in {"old", "forged", "used"}:
        context["token"] = request.POST.get("token", "")


def keep_text(request: HttpRequest, article: Article, body: str) -> None:
    """Keep what a member wrote while she goes to prove her phone number: one text, as long as she is signed in."""
    request.session[KEPT_TEXT] = {"article": article.pk, "body": body}


def kept_text(request: HttpRequest, article: Article) -> dict[str, str]:
    kept = request.session.get(KEPT_TEXT) or {}
    return {"body": kept["body"]} if kept.get("article") == article.pk else {}


def forget_text(request: HttpRequest) -> None:
    """Once a comment was taken in. Asks a session only where there is one."""
    if request.user.is_authenticated and KEPT_TEXT in request.session:
        del request.session[KEPT_TEXT]


def public_article(pk: str) -> Article:
    """The article that one may comment on. Raises Http404 for what readers cannot open."""
    article = find_article(pk)
    if not article.is_published:
        raise Http404("没有这篇稿件，或者已经不公开。")
    return article


def parent_of(request: HttpRequest, article: Article) -> Comment | None:
    """The comment that is answered, named by `reply`. Raises Http404 for what readers do not see below this article."""
    given = request.POST.get("reply") or request.GET.get("reply") or ""
    if not given:
        return None
    if not is_key(given):
        raise Http404("没有这条评论。")
    parent = Comment.objects.select_related("root").filter(article=article, pk=given).first()
    # While it is sent, `take` says in words what became of it.
    if parent is None or (request.method != "POST" and not parent.is_approved):
        raise Http404("这条评论不存在，或者已经不公开。")
    return parent


def form_context(
    request: HttpRequest,
    article: Article,
    writer: Writer,
    *,
    parent: Comment | None = None,
    typed: dict[str, str] | None = None,
    received: Comment | None = None,
) -> dict[str, Any]:
    """What the form's template needs. Four queries at most."""
    rules, now = rules_for(article.channel), timezone.now()
    own = own_hidden(article, writer)
    for comment in own:
        comment.is_editable = may_edit(comment, writer, now)
    # A visitor need not name herself again for what she says next.
    nickname = "" if writer.user else next((comment.nickname for comment in (received, *own) if comment), "")
    kept = kept_text(request, article) if writer.user and rules.needs_phone else {}
    return {
        "article": article,
        "parent": parent,
        "writer": writer,
        "closed": rules.closed_because(article, now),
        "needs_account": not writer.user and (rules.needs_phone or not rules.policy.visitors_may_comment),
        "needs_phone": rules.needs_phone and writer.user and not (writer.user.is_staff or writer.has_phone),
        "visitors_may": rules.policy.visitors_may_comment,
        "longest": rules.policy.longest,
        "is_reviewed_first": rules.policy.mode == rules.policy.Mode.PRE or not writer.user,
        "token": forms.new_token(article.pk),
        "honeypot": forms.HONEYPOT,
        "typed": typed or {"nickname": nickname} | kept,
        "is_kept": bool(kept) and not typed,
        "shows_place": bool(settings.IP_DATABASES),
        "own": own,
        "received": received,
        "is_public_now": received is not None and received.state == State.APPROVED,
        "login_next": f"{article.get_absolute_url()}#comments",
    }


def own_hidden(article: Article, writer: Writer) -> list[Comment]:
    """The writer's own comments under this article that readers do not see, the newest first. One query."""
    if not writer.user and not writer.visitor:
        return []
    rows = Comment.objects.filter(writer.own(), article=article, state__in=OWN_STATES)
    return list(rows.order_by("-created_at")[:OWN_SHOWN])


def received(request: HttpRequest, own: list[Comment]) -> Comment | None:
    """The comment that was taken in just now, by the page that `take` leads to: one of the writer's own."""
    given = request.GET.get("received", "")
    if not is_key(given):
        return None
    hidden = next((comment for comment in own if comment.pk == int(given)), None)
    if hidden:
        return hidden
    comment = Comment.objects.filter(pk=given, state=State.APPROVED).first()
    return comment if comment and writer_of(request).owns(comment) else None


def is_fragment(request: HttpRequest) -> bool:
    """Whether the script of the form asks, which puts the answer in place of the form."""
    return request.headers.get("X-Requested-With") == "fetch"


def show(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    received = context.get("received")
    context["is_public_now"] = received is not None and received.state == State.APPROVED
    template = "comments/form_fragment.html" if is_fragment(request) else "comments/comment_write.html"
    response = render(request, template, context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(context["refused"].wait)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # asked below
@never_cache
def comment_edit(request: HttpRequest, pk: str) -> HttpResponse:
    """Change one's own words, five minutes long. 404 for what is somebody else's."""
    writer = writer_of(request)
    comment = get_object_or_404(Comment.objects.select_related("article__channel"), writer.own(), pk=pk)
    context = {"comment": comment, "article": comment.article, "body": comment.body, "most_edits": MOST_EDITS}
    context["longest"] = rules_for(comment.article.channel).policy.longest
    context["is_editable"] = may_edit(comment, writer)
    if request.method != "POST":
        return render(request, "comments/comment_edit.html", context)
    try:
        check_csrf(request)
        edit(comment, writer=writer, body=request.POST.get("body", ""))
    except Refused as refused:
        context |= {"refused": refused, "body": request.POST.get("body", "")}
        return render(request, "comments/comment_edit.html", context, status=status_of(refused))
    place = reverse("comments:comment_write", args=[comment.article_id])
    return redirect(f"{place}?received={comment.pk}#received")
