"""The operation log of the back office (操作日志): written by Django's own signals while somebody uses it.

Whatever a page, an action or a form of the back office saves, adds, takes off or deletes row by row is written down in
the same transaction. What `QuerySet.update` changes in bulk is not seen: derived rows, and the reviews, which are a
record themselves.
"""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth import signals as auth_signals
from django.db import models
from django.db.models import signals
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_header_parameters

from newsportal.lib.clients import client_address, is_address, plain_address, too_often

from . import phones
from .models import Member, Operation

Action = Operation.Action
# Records themselves, derived from others, or what somebody looked at: their rows come with what is written down.
NOT_WRITTEN = {
    *["members.Operation", "articles.ArticleEvent", "articles.Revision", "articles.ReviewSight", "articles.LinkPush"],
    *[
        "articles.SitemapPart",
        "articles.SearchDocument",
        "articles.ListEntry",
        "articles.ListCount",
        "articles.ReadMark",
    ],
    *["articles.ShownPhoto", "articles.DiscardedPicture"],
    *["articles.ArticlePhoto", "articles.ArticleVideo", "articles.ArticleAudio"],
    *["articles.ArticleTerm", "articles.RelatedArticle"],
    *["articles.ArticleReads", "articles.HourlyReads", "articles.RankingEntry", "articles.RankingRefresh"],
    "articles.UnsavedText",
    # A comment changes by decisions, which are a record of their own.
    *["comments.Comment", "comments.CommentCount", "comments.CommentStep", "comments.Decision", "comments.Like"],
    *["comments.Notice", "comments.NoticeSettings", "comments.DayFigures"],
    *["comments.LetterEvent", "comments.LetterClearance", "comments.LetterTally"],
    # Readers' own.
    *["members.TakenName", "members.Bookmark", "members.PhoneNumber"],
}
# That a text passes into other hands is written down; that its page was closed says nothing.
DELETED_UNWRITTEN = {"articles.EditLock"}
APPS = ("articles", "about", "comments", "members", "regions")
# A long text is told around the place where it begins to differ.
AROUND, LONGEST = 60, 240
MOST_REFUSED, REFUSED_SECONDS = 30, 600

request_now: ContextVar[HttpRequest | None] = ContextVar("request_now", default=None)


@cache
def own_pages() -> str:
    """Where a reader's own pages begin."""
    return reverse("members:home")


@cache
def back_office() -> tuple[str, str]:
    """Where the back office and its accounts begin; asked for with every request."""
    return reverse("admin:index"), reverse("account_home")


def is_back_office(request: HttpRequest) -> bool:
    """Whether the address belongs to the back office or to its accounts. By the text that the resolver reads."""
    return request.path_info.startswith(back_office())


def is_private(request: HttpRequest) -> bool:
    """The same, or one of a reader's own pages: whatever asks who is signed in."""
    return request.path_info.startswith((*back_office(), own_pages()))


def is_staff(user: Any) -> bool:
    return user.is_authenticated and (user.is_staff or user.is_superuser)


def watched_request(row: Any = None) -> HttpRequest | None:
    """The request that is to be written down, if any: what readers do with their own accounts is theirs alone."""
    request = request_now.get()
    if request is None or request.path_info.startswith(back_office()[0]):
        return request
    is_of_staff = isinstance(row, Member) and is_staff(row)
    return request if is_of_staff or is_staff(request.user) else None


def remember_request(get_response: Callable[[HttpRequest], HttpResponse]):
    """Middleware: know who uses the back office while a request of it that may change something is answered.

    Its sign-in is a part of it. Whatever file the back office hands out is written down here, before its first byte.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return get_response(request)
        token = request_now.set(request)
        try:
            return get_response(request)
        finally:
            request_now.reset(token)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_back_office(request):
            return get_response(request)
        response = answer(request)
        if name := name_of_download(response):
            write(Action.EXPORT, request, object_name=name)
        return response

    return middleware


def name_of_download(response: HttpResponse) -> str:
    """The name of the file that an answer is; empty for a page."""
    kind, values = parse_header_parameters(response.headers.get("Content-Disposition", ""))
    return values.get("filename", "file")[:200] if kind == "attachment" else ""


def write(action: Action, request: HttpRequest | None, *, row: models.Model | None = None, **values: Any) -> Operation:
    """Add a line to the log. The address is the one that our outermost proxy saw; none for a command's line."""
    address = client_address(request) if request else ""
    asks = request.user if request and request.user.is_authenticated else None
    user = values.pop("user", None) or asks
    if row is not None:
        values |= {"model": row._meta.label_lower, "object_id": str(row.pk), "object_name": str(row)[:200]}
    return Operation.objects.create(
        at=timezone.now(),
        user=user,
        username=values.pop("username", "") or (user.get_username() if user else ""),
        address=plain_address(address) if is_address(address) else "",
        path=request.path[:300] if request else "",
        action=action,
        **values,
    )


def write_closed(request: HttpRequest, number: int, changes: dict[str, list[str]]) -> None:
    """That an account was closed by its owner: its number, which older lines have too, and no name."""
    Operation.objects.create(
        at=timezone.now(),
        path=request.path[:300],
        action=Action.CLOSED,
        model=Member._meta.label_lower,
        object_id=str(number),
        changes=changes,
    )


# --- What the signals tell ---


def connect() -> None:
    """Listen to the models whose rows people keep. To each by itself: a listener to all would slow every deletion."""
    kept = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    for model in [*kept, apps.get_model("auth.Group")]:
        if model._meta.label in NOT_WRITTEN:
            continue
        signals.pre_save.connect(before_save, sender=model)
        signals.post_save.connect(after_save, sender=model)
        if model._meta.label not in DELETED_UNWRITTEN:
            signals.pre_delete.connect(before_delete, sender=model)
        for field in model._meta.many_to_many:
            signals.m2m_changed.connect(relation_changed, sender=field.remote_field.through)
    auth_signals.user_logged_in.connect(logged_in)
    auth_signals.user_logged_out.connect(logged_out)
    auth_signals.user_login_failed.connect(login_failed)
    factor_signals.authenticator_added.connect(factor_added)
    factor_signals.authenticator_removed.connect(factor_removed)
    factor_signals.authenticator_reset.connect(codes_made)
    factor_signals.authentication_failed.connect(code_refused)


def before_save(sender, instance, raw, **kwargs) -> None:
    """Keep the row as it stands, for `after_save`. One query."""
    if raw or watched_request(instance) is None:
        return
    names = [field.attname for field in written_fields(sender)]
    instance.row_before = sender._base_manager.filter(pk=instance.pk).values(*names).first() if instance.pk else None


def after_save(sender, instance, created, raw, **kwargs) -> None:
    request = watched_request(instance)
    if request is None or raw:
        return
    before = getattr(instance, "row_before", None) or {}
    changes = {}
    for field in written_fields(sender):
        old, new = before.get(field.attname), getattr(instance, field.attname)
        if old != new and not (created and new in (None, "", field.get_default())):
            changes[str(field.verbose_name)] = told(field, old, new)
    if created or changes:
        write(Action.ADD if created else Action.CHANGE, request, row=instance, changes=changes)


def before_delete(sender, instance, **kwargs) -> None:
    if (request := watched_request(instance)) is not None:
        values = {
            str(field.verbose_name): [shown(field, getattr(instance, field.attname)), ""]
            for field in written_fields(sender)
            if getattr(instance, field.attname) not in (None, "")
        }
        write(Action.DELETE, request, row=instance, changes={name: cut(*pair) for name, pair in values.items()})


def relation_changed(sender, instance, action, reverse, model, pk_set, **kwargs) -> None:
    """Tags, regions, groups: what was put to a row and what was taken off."""
    request = watched_request(instance)
    if request is None or reverse or action not in {"post_add", "post_remove", "pre_clear"}:
        return
    field = next(one for one in instance._meta.many_to_many if one.remote_field.through is sender)
    rows = getattr(instance, field.name).all() if action == "pre_clear" else model._base_manager.filter(pk__in=pk_set)
    names = "、".join(sorted(str(row) for row in rows))
    if names:
        pair = ["", names] if action == "post_add" else [names, ""]
        write(Action.CHANGE, request, row=instance, changes={str(field.verbose_name): cut(*pair)})


def logged_in(sender, request, user, **kwargs) -> None:
    if request_now.get() is not None and is_staff(user):
        write(Action.LOGIN, request, user=user)


def logged_out(sender, request, user, **kwargs) -> None:
    if request_now.get() is not None and user is not None and is_staff(user):
        write(Action.LOGOUT, request, user=user)


def login_failed(sender, credentials, request=None, **kwargs) -> None:
    """So many from one network are enough to see that somebody guesses; the log is not his to fill."""
    if request is None or request_now.get() is None:
        return
    if not too_often(request, "login-refused", most=MOST_REFUSED, seconds=REFUSED_SECONDS):
        write(Action.REFUSED, request, username=without_address(str(credentials.get("username", "")))[:150])


def without_address(typed: str) -> str:
    """What was typed as a user name; of an address or a number so much as tells two of them apart."""
    if phones.are_on() and (phone := phones.number_in(typed)):
        return phones.masked(phone)
    name, at, host = typed.rpartition("@")
    return f"{name[:1]}***@{host}" if at else typed


def factor_added(sender, request, user, authenticator, **kwargs) -> None:
    if is_staff(user):
        write(Action.SECURITY, request, row=user, changes={factor_name(authenticator): ["", "已设置"]})


def factor_removed(sender, request, user, authenticator, **kwargs) -> None:
    if is_staff(user):
        write(Action.SECURITY, request, row=user, changes={factor_name(authenticator): ["已设置", "已删除"]})


def codes_made(sender, request, user, authenticator, **kwargs) -> None:
    if is_staff(user):
        write(Action.SECURITY, request, row=user, changes={factor_name(authenticator): ["", "重新生成"]})


def code_refused(sender, request, user, authenticator, **kwargs) -> None:
    """A wrong code after a right password: somebody may know the password. As many lines as for wrong passwords."""
    if not too_often(request, "login-refused", most=MOST_REFUSED, seconds=REFUSED_SECONDS):
        write(Action.REFUSED, request, username=user.get_username(), changes={"两步验证": ["", "验证码不对"]})


# --- In words ---


FACTORS = {Authenticator.Type.TOTP: "动态口令", Authenticator.Type.RECOVERY_CODES: "恢复码"}


def factor_name(authenticator: Authenticator) -> str:
    """As the pages call it; a passkey by the name that its owner gave it."""
    return FACTORS.get(authenticator.type) or f"通行密钥“{authenticator}”"


def written_fields(model: type[models.Model]) -> list[models.Field]:
    """The columns that somebody decides: not keys, not what the code derives or dates."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name != "last_login" and (field.editable or field.name == "draft_of")
    ]


def told(field: models.Field, old: Any, new: Any) -> list[str]:
    """Before and after, as an editor reads them. A query for each row that a field refers to."""
    if field.name == "password":
        return ["（不显示）", "（已改）"]
    return cut(shown(field, old), shown(field, new))


def shown(field: models.Field, value: Any) -> str:
    if value is None:
        return ""
    if field.name == "password":
        return "（不显示）"
    if isinstance(field, models.ForeignKey):
        row = field.remote_field.model._base_manager.filter(pk=value).first()
        return f"{row}（{value}）" if row is not None else str(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return "是" if value else "否"
    if isinstance(field, models.DateTimeField):
        return to_the_second(value)
    return str(value)


def to_the_second(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


def cut(old: str, new: str) -> list[str]:
    """Both, no longer than LONGEST: of longer texts what stands around the first difference."""
    if max(len(old), len(new)) <= LONGEST:
        return [old, new]
    same = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
    start = max(0, same - AROUND)
    return [excerpt(text, start) for text in (old, new)]


def excerpt(text: str, start: int) -> str:
    part = text[start : start + LONGEST]
    head, tail = "…" if start and part else "", "…" if start + LONGEST < len(text) else ""
    return f"{head}{part}{tail}（共 {len(text)} 字）" if head or tail else part
