"""What one reader alone sees: writing a letter, following it, and her own letters. Never kept anywhere."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comments.models import Letter, LetterEvent
from comments.throttle import knocks_too_often
from newsportal.lib.csrf import csrf_holds
from newsportal.lib.pagination import page_number, paginate

from . import holding, intake, rules
from .forms import LetterForm, LookupForm

# So few look-ups that nobody tries numbers, which have 59 bits while the shared cache is down and counts nothing.
LOOKUPS, CHANGES, PERIOD = 20, 20, 600
STALE = "页面打开得太久，或浏览器不接受 Cookie，没有寄出。内容都还在：请再按一次“寄出”。"
# What the sender is told of, by kind.
TOLD = {
    LetterEvent.Kind.RECEIVED: "收到您的来信",
    LetterEvent.Kind.FORWARDED: "转给有关单位办理",
    LetterEvent.Kind.ANSWERED: "答复",
    LetterEvent.Kind.SHOWN: "来信已公开，等待答复",
    LetterEvent.Kind.PUBLISHED: "来信和答复已公开",
    LetterEvent.Kind.WITHHELD: "办结，不公开",
    LetterEvent.Kind.REOPENED: "重新办理",
    LetterEvent.Kind.MESSAGE: "编辑给您的留言",
    LetterEvent.Kind.CONSENT: "您改变了公开意愿",
}


def own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one reader: kept by no cache, found by no search engine, its address told to no other site.

    To our own it is told: a form whose sender is unknown would be refused.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return cache_control(private=True, no_store=True)(wrapper)


@own_page
@csrf_exempt  # asked by the view itself, so that a letter of an hour is not lost with an outdated token
@require_http_methods(["GET", "HEAD", "POST"])
def letter_write(request: HttpRequest) -> HttpResponse:
    """The form, and what it sends. A refused form comes back filled in and says why; a letter is sent once."""
    if request.method != "POST":
        return write_page(request, LetterForm(initial={"region": request.GET.get("region", "")}), key=intake.new_key())
    key = intake.read_key(request.POST.get("key", ""))
    form = LetterForm(request.POST, request.FILES, once=key.once)
    if (sent := intake.sent_before(key.once)) is not None:
        return HttpResponseRedirect(sent.follow_url, status=303)
    form_key = request.POST["key"] if key.once else intake.new_key()
    if not csrf_holds(request):
        return write_page(request, form, key=form_key, fault=STALE, status=403)
    is_good = form.is_valid()
    # Once more: the first press may have been done, and its files moved, while those of the second were judged.
    if not is_good and (sent := intake.sent_before(key.once)) is not None:
        return HttpResponseRedirect(sent.follow_url, status=303)
    if not is_good or key.fault:
        return write_page(request, form, key=form_key, fault=key.fault, status=422)
    sender_network = intake.network_of(request)
    if minutes := intake.minutes_to_wait(sender_network):
        return wait_page(request, form, key=form_key, minutes=minutes)
    letter = intake.receive(
        values={name: form.cleaned_data[name] for name in LetterForm.Meta.fields},
        judged=form.cleaned_data["files"],
        once=key.once,
        sender_network=sender_network,
        user=request.user if request.user.is_authenticated else None,
    )
    return HttpResponseRedirect(letter.follow_url, status=303)


def wait_page(request: HttpRequest, form: LetterForm, *, key: str, minutes: int) -> HttpResponse:
    fault = f"这个网络一小时内已经寄出 {intake.MOST_LETTERS} 封信，请 {minutes} 分钟后再寄。内容还在，先别关页面。"
    response = write_page(request, form, key=key, fault=fault, status=429)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def write_page(request: HttpRequest, form: LetterForm, *, key: str, fault: str = "", status: int = 200) -> HttpResponse:
    """The form as it is, or as it comes back: with the files that it brought, unless another site may have sent it."""
    if status in {422, 429}:
        form.ready = holding.hold(request, form.ready, once=intake.read_key(key).once)
    context = {"form": form, "key": key, "fault": fault, "sent_again": status != 200}
    return render(request, "letters/letter_write.html", context, status=status)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def letter_lookup(request: HttpRequest) -> HttpResponse:
    """From the receipt number and a contact to the private address."""
    form = LookupForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if knocks_too_often(request, "letter-lookup", most=LOOKUPS, seconds=PERIOD):
            form.is_valid()
            form.add_error(None, "查询太频繁了，请十分钟后再试。")
            return render(request, "letters/letter_lookup.html", {"form": form}, status=429)
        letter = form.found() if form.is_valid() else None
        if letter is not None:
            return HttpResponseRedirect(letter.follow_url, status=303)
    status = 422 if form.is_bound else 200
    return render(request, "letters/letter_lookup.html", {"form": form}, status=status)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def letter_follow(request: HttpRequest, token: str) -> HttpResponse:
    """A letter for whoever wrote it: its states, messages, answer; and whether it may be shown."""
    letter = get_object_or_404(Letter.objects.select_related("region"), token=token)
    is_refused = False
    if request.method == "POST":
        is_refused = knocks_too_often(request, "letter-consent", most=CHANGES, seconds=PERIOD)
        if not is_refused:
            if request.POST.get("consent") in {"yes", "no"}:
                rules.change_consent(letter, consent=request.POST["consent"] == "yes")
            return HttpResponseRedirect(letter.follow_url, status=303)
    events = [(event, TOLD[event.kind]) for event in letter.events.filter(kind__in=TOLD).order_by("pk")]
    context = {"letter": letter, "events": events, "files": letter.files.all(), "is_refused": is_refused}
    return render(request, "letters/letter_follow.html", context, status=429 if is_refused else 200)


@own_page
@require_safe
@login_required
def letter_mine(request: HttpRequest) -> HttpResponse:
    """The letters of the member who asks, newest first."""
    mine = Letter.objects.filter(user=request.user).select_related("region").defer("text", "answer").order_by("-pk")
    return render(
        request,
        "letters/letter_mine.html",
        {"title": "我的来信", "page": paginate(mine, page_number(request), size=20)},
    )
