"""A member's phone number among her own pages: add, prove, change, take off. 404 where no text messages are sent."""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from . import phones
from .own_pages import FORM, View, answer_status, is_hasty, own_page, safe_target, show
from .phone_forms import PhoneCodeForm, PhoneForm

OVER = "验证码已经过期或者用过了，请重新获取。"
TOO_MANY_WRONG = "验证码输错的次数太多了，请重新获取。"


def phone_page(view: View) -> View:
    """One of one's own pages, for whoever has just shown that it is she: by a number one signs in."""
    guarded = own_page(confirmed(view))

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        if not phones.are_on():
            raise Http404("本站不用手机号。")
        return guarded(request)

    return shown


def confirmed(view: View) -> View:
    """`view` after the password or second factor was asked for again; who has neither is not asked."""

    @wraps(view)
    def shown(request: HttpRequest) -> HttpResponse:
        if reauthentication.get_reauthentication_flows(request.user):
            reauthentication.raise_if_reauthentication_required(request, app="allauth.account")
        return view(request)

    return shown


@phone_page
@require_http_methods(FORM)
def phone(request: HttpRequest) -> HttpResponse:
    """Her number, and the form that sends a code to another. By POST; `action=remove` takes hers off."""
    if request.method == "POST" and is_hasty(request, "phone", most=40, seconds=3600):
        return respond_429(request)
    kept = phones.kept_by(request.user)
    if request.POST.get("action") == "remove":
        get_adapter().remove_phone(request.user)
        messages.success(request, "手机号已经去掉。")
        return redirect("members:phone")
    data = request.POST if request.method == "POST" else None
    form = PhoneForm(data, user=request.user, phone=kept.phone if kept else None)
    refused = None
    if form.is_valid():
        refused = send_code(request, form.cleaned_data["phone"], back=safe_target(request, ""))
        if refused is None:
            return redirect("members:phone_code")
        form.add_error(None, refused.message)
    context = {"form": form, "kept": kept, "masked": phones.masked(kept.phone) if kept else ""}
    context["back"] = request.POST.get("next", request.GET.get("next", ""))
    return answer(request, "phone", "手机号", refused, answer_status(form), context)


def send_code(request: HttpRequest, number: str, *, back: str) -> phones.NotSentError | None:
    """Begin to prove a number; what kept the message from leaving, if anything did."""
    try:
        phones.Verification.begin(request, number, back=back)
    except phones.NotSentError as error:
        return error
    return None


def answer(request, template, title, refused: phones.NotSentError | None, status: int, context) -> HttpResponse:
    """The page with its form filled in; with the status of the refusal and when to come back, where there is one."""
    response = show(request, template, title, status=refused.status if refused else status, **context)
    if refused and refused.wait:
        response.headers["Retry-After"] = str(refused.wait)
    return response


@phone_page
@require_http_methods(FORM)
def phone_code(request: HttpRequest) -> HttpResponse:
    """Where the code is typed. By POST; `action` may be `resend` or `cancel`."""
    process = phones.Verification.resume(request)
    if process is None:
        if request.method == "POST":
            messages.error(request, OVER)
        return redirect("members:phone")
    action = request.POST.get("action") if request.method == "POST" else "show"
    if action == "cancel":
        process.abort()
        return redirect("members:phone")
    if action == "resend":
        return send_again(request, process)
    if action == "show":
        return show_code(request, process, code_form(request, process, None))
    return check_code(request, process)


def code_form(request: HttpRequest, process: phones.Verification, data) -> PhoneCodeForm:
    return PhoneCodeForm(data, code=process.code, phone=process.phone, user=request.user)


def show_code(request, process, form, refused: phones.NotSentError | None = None) -> HttpResponse:
    context = {"form": form, "masked": phones.masked(process.phone), "refused": refused}
    context["sms_folder"] = settings.SMS_FOLDER
    return answer(request, "phone_code", "填写验证码", refused, answer_status(form), context)


def send_again(request: HttpRequest, process: phones.Verification) -> HttpResponse:
    """Another code, with tries of its own. Where it does not leave, the one before stays good."""
    refused = send_code(request, process.phone, back=process.state["back"])
    if refused:
        return show_code(request, process, code_form(request, process, None), refused)
    messages.success(request, "新的验证码已经发出，以最近的一条短信为准。")
    return redirect("members:phone_code")


def go_on(request: HttpRequest, back: str) -> HttpResponse:
    """To what she wanted the number for, which shows by itself that it is done; else to the page of the number."""
    if not back:
        messages.success(request, "手机号已经验证。")
    return redirect(back or "members:phone")


def check_code(request: HttpRequest, process: phones.Verification) -> HttpResponse:
    if not process.may_try():
        return respond_429(request)
    form = code_form(request, process, request.POST)
    if form.is_valid():
        try:
            process.finish()
        except phones.NumberTakenError:
            # Somebody else proved the same number a moment ago.
            form.add_error("code", get_adapter().error_messages["phone_taken"])
        else:
            return go_on(request, process.state["back"])
    if process.record_invalid_attempt():
        return show_code(request, process, form)
    messages.error(request, TOO_MANY_WRONG)
    return redirect("members:phone")
