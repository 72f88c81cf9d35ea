"""A reader's own pages (会员中心), and the fragments of it in public pages. Private, and kept by no cache."""

import json
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.logout import logout
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from newsportal.lib import hant
from newsportal.lib.clients import too_often
from newsportal.lib.keys import is_key, keys_in
from newsportal.lib.pagination import page_number

from . import bookmarks, interests, leaving, operations, phones
from .own_forms import CloseForm, InterestsForm, ProfileForm
from .views import frame

View = Callable[..., HttpResponse]
# A page of the longest list has fewer articles.
MOST_ASKED = 60
FORM = ["GET", "HEAD", "POST"]


def own_page(view: View) -> View:
    """`view` for whoever is signed in, kept by no cache. The form that she is sent to leads back."""
    return never_cache(login_required(view))


def show(request: HttpRequest, template: str, title: str, *, status: int = 200, **context) -> HttpResponse:
    # In the site's look for people of the newsroom, too: these are their pages as readers.
    whole = frame(request) | {"frame": "account/site.html", "title": title} | context
    return render(request, f"members/{template}.html", whole, status=status)


def is_hasty(request: HttpRequest, purpose: str, *, most: int, seconds: int) -> bool:
    """Whether this reader did it too often; another of the same network is counted by herself."""
    return too_often(request, f"{purpose}-{request.user.pk}", most=most, seconds=seconds)


def answer_status(form) -> int:
    return 422 if form.is_bound else 200


@own_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The way to everything of one's own. Up to seven queries."""
    address = EmailAddress.objects.get_primary_email(request.user)
    unread = get_adapter().unread_count(request.user)
    chosen = [row.name for row in [*request.user.channels.all(), *request.user.regions.all()]]
    phone = {"phone": phones.masked(phones.number_of(request.user))} if phones.are_on() else {}
    return show(request, "home", "会员中心", address=address, unread=unread, chosen=chosen, **phone)


@own_page
@require_http_methods(FORM)
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, request.FILES or None, member=request.user)
    if request.method == "POST" and is_hasty(request, "profile", most=40, seconds=3600):
        return respond_429(request)
    if form.is_valid() and form.save():
        messages.success(request, "个人资料已经保存。")
        return redirect("members:profile")
    if form.is_bound:
        # What is shown around the form is what stands, not what was tried.
        request.user.refresh_from_db(fields=["display_name", "avatar"])
    return show(request, "profile", "个人资料", form=form, status=answer_status(form))


@own_page
@require_http_methods(FORM)
def interest_list(request: HttpRequest) -> HttpResponse:
    now = {"channels": request.user.channels.all(), "regions": request.user.regions.all()}
    form = InterestsForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_bound and is_hasty(request, "interests", most=40, seconds=3600):
        return respond_429(request)
    if form.is_valid():
        request.user.channels.set(form.cleaned_data["channels"])
        request.user.regions.set(form.cleaned_data["regions"])
        messages.success(request, "已经保存。首页会显示您关注的栏目和地区的新稿件。")
        return redirect("members:interest_list")
    articles = [] if form.is_bound else interests.newest_of(request.user)
    return show(request, "interests", "我的栏目和地区", form=form, articles=articles, status=answer_status(form))


# --- Bookmarks ---


@own_page
@require_http_methods(FORM)
def bookmark_list(request: HttpRequest) -> HttpResponse:
    """The bookmarks. By POST: `article` is kept, or taken off where `action` says so; in JSON for a script."""
    if request.method == "POST":
        return change_bookmark(request)
    page = bookmarks.page_of(request.user, page_number(request))
    # With its last one a page goes, too.
    goes = len(page.items) == 1 and page.previous
    back = f"{request.path}?page={page.previous}" if goes else request.get_full_path()
    return show(request, "bookmarks", "我的收藏", page=page, back=back)


def change_bookmark(request: HttpRequest) -> HttpResponse:
    if is_hasty(request, "bookmark", most=300, seconds=600):
        return respond_429(request)
    number = article_number(request.POST.get("article", ""))
    marks = request.POST.get("action") != "remove"
    if not marks:
        bookmarks.take_off(request.user, number)
    elif not bookmarks.keep(request.user, get_object_or_404(Article.objects.published(), pk=number)):
        said = f"收藏已满 {bookmarks.MOST} 篇，请先去掉一些。"
        if wants_json(request):
            return JsonResponse({"marked": False, "said": said}, status=422)
        messages.error(request, said)
        return redirect("members:bookmark_list")
    if wants_json(request):
        return JsonResponse({"marked": marks})
    messages.success(request, "已收藏。" if marks else "已取消收藏。")
    return redirect(safe_target(request))


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def safe_target(request: HttpRequest, otherwise: str = "members:bookmark_list") -> str:
    target = request.POST.get("next", "")
    is_safe = target.startswith("/") and target.isprintable() and url_has_allowed_host_and_scheme(target, None)
    return target if is_safe else otherwise


def article_number(text: str) -> int:
    """The number of an article as a form or an address names it. Raises Http404."""
    if not is_key(text):
        raise Http404("没有这篇稿件。")
    return int(text)


@own_page
@require_safe
def bookmark_add(request: HttpRequest) -> HttpResponse:
    """Where the link under an article leads without JavaScript: the form that keeps it, or takes it off."""
    number = article_number(request.GET.get("article", ""))
    article = get_object_or_404(Article.objects.published().for_list(), pk=number)
    is_marked = bool(bookmarks.marked_among(request.user, [article.pk]))
    return show(request, "bookmark_add", "收藏稿件", article=article, is_marked=is_marked)


@never_cache
@require_safe
def bookmark_state(request: HttpRequest) -> HttpResponse:
    """For the script: which of `articles` (numbers and commas) are kept, and the token that a change needs."""
    if not request.user.is_authenticated:
        return JsonResponse({"marked": [], "token": ""}, status=403)
    pks = keys_in(request.GET.get("articles", ""))[:MOST_ASKED]
    return JsonResponse({"marked": bookmarks.marked_among(request.user, pks), "token": get_token(request)})


# --- Fragments of public pages ---


def fragment(request: HttpRequest, template: str, **context) -> HttpResponse:
    """A part of a public page for one reader; `script=hant` asks for Traditional characters."""
    html = render_to_string(f"members/{template}.html", context)
    return HttpResponse(hant.traditional_html(html) if request.GET.get("script") == "hant" else html)


@never_cache
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """Who is signed in, for the header: a name and how many notices wait; or the ways in."""
    if not request.user.is_authenticated:
        return fragment(request, "state", member=None)
    return fragment(request, "state", member=request.user, unread=get_adapter().unread_count(request.user))


@never_cache
@require_safe
def strip(request: HttpRequest) -> HttpResponse:
    """The newest of what the reader chose, for the home page; empty for whoever chose nothing."""
    if not request.user.is_authenticated:
        return HttpResponse()
    articles = interests.newest_of(request.user)
    return fragment(request, "strip", articles=articles) if articles else HttpResponse()


# --- Taking along, and leaving ---


@own_page
@require_http_methods(FORM)
def export(request: HttpRequest) -> HttpResponse:
    """All that is kept of the reader, as a file. By POST, so that no link on another site starts it."""
    if request.method != "POST":
        return show(request, "export", "导出我的数据")
    if is_hasty(request, "export", most=10, seconds=3600):
        return respond_429(request)
    text = json.dumps(leaving.export_of(request.user), ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{request.user.pk}.json"'
    return response


@own_page
@require_http_methods(FORM)
def close(request: HttpRequest) -> HttpResponse:
    """Close the account for ever. People of the newsroom cannot: what they signed and wrote needs them."""
    if operations.is_staff(request.user):
        return show(request, "close_refused", "注销账号", status=403)
    form = CloseForm(request.POST if request.method == "POST" else None, member=request.user)
    if form.is_bound and not ratelimit.consume(request, action="reauthenticate", user=request.user):
        return respond_429(request)
    if form.is_valid():
        try:
            remove = form.cleaned_data["comments"] == "remove"
            leaving.close_account(request.user, remove_comments=remove, request=request)
        except (ProtectedError, RestrictedError):
            return show(request, "close_refused", "注销账号", status=403)
        logout(request)
        return redirect("members:closed")
    return show(request, "close", "注销账号", form=form, status=answer_status(form))


@never_cache
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    return show(request, "closed", "账号已经注销")
