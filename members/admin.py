from collections.abc import Iterator
from datetime import date, timedelta

from allauth.account.admin import EmailAddress, EmailConfirmation
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.admin import UserSession
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html, format_html_join

from articles.models import Beat
from newsportal.lib.admin import CappedPaginator, NewestFirst, RecordAdmin
from newsportal.lib.days import midnight
from newsportal.lib.exports import SpanExport

from . import leaving, names, operations, sessions
from .admin_phones import PhonesOfMembers
from .models import Member, Operation, TakenName
from .second_factor import reset_second_factor

# allauth's own pages would show secrets and sessions to whoever may see them; ours are on the account's page.
OF_ALLAUTH = (EmailAddress, EmailConfirmation, Authenticator, UserSession, SocialAccount, SocialApp, SocialToken)
for model in OF_ALLAUTH:
    if admin.site.is_registered(model):
        admin.site.unregister(model)

MOST_FOUND = 200
PERMISSION_VERBS = {"add": "增加", "change": "修改", "delete": "删除", "view": "查看"}


def permission_label(permission: Permission) -> str:
    """The permission in Chinese: Django names its own four in English."""
    verb, _, model = permission.codename.partition("_")
    is_standard = verb in PERMISSION_VERBS and model == permission.content_type.model
    return f"{permission.content_type} | {PERMISSION_VERBS[verb] if is_standard else permission.name}"


class PermissionLabels(admin.ModelAdmin):
    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.related_model is Permission:
            field.label_from_instance = permission_label
            # Rights that decide nothing here.
            field.queryset = field.queryset.exclude(content_type__app_label__in={m._meta.app_label for m in OF_ALLAUTH})
        return field


class BeatInline(admin.TabularInline):
    """What a member of the newsroom answers for; a power like the others."""

    model = Beat
    autocomplete_fields = ["region"]
    extra = 0

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


class GivenPasswordForm(AdminPasswordChangeForm):
    """A password that somebody else chose: its owner changes it when she signs in next."""

    def save(self, commit=True):
        self.user.must_change_password = self.cleaned_data["set_usable_password"]
        return super().save(commit)


class StaffFilter(admin.SimpleListFilter):
    """The newsroom, by its own index; all the others are found by name."""

    title = "人员"
    parameter_name = "staff"

    def lookups(self, request, model_admin):
        return [("1", "编辑部")]

    def queryset(self, request, queryset):
        return queryset.filter(is_staff=True) if self.value() == "1" else queryset


@admin.register(Member)
class MemberAdmin(PhonesOfMembers, PermissionLabels, UserAdmin):
    """Accounts: a million readers' and the newsroom's. Every list is a walk along an index, the names in order."""

    change_password_form = GivenPasswordForm
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    list_per_page = 50
    list_display = ["username", "display_name", "email", "is_staff", "is_active", "last_login"]
    list_filter = [StaffFilter, "groups"]
    # What is found is up to `get_search_results`; these make the box appear.
    search_fields = ["username", "email"]
    search_help_text = "读者：写全用户名、昵称或邮箱；编辑部的人：写名字的一部分也行"
    actions = ["deactivate"]
    readonly_fields = ["last_login", "date_joined", "second_factor", "phone"]
    fieldsets = [
        (None, {"fields": ["username", "password", "must_change_password", "second_factor"]}),
        ("个人资料", {"fields": ["display_name", "email"]}),
        ("权限", {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("重要日期", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "display_name", "email", "usable_password", "password1", "password2"]}),
    ]
    inlines = [BeatInline]
    # What makes somebody more than a reader.
    powers = ["is_staff", "is_superuser", "groups", "user_permissions"]

    def get_urls(self):
        reset = self.admin_site.admin_view(self.reset_view)
        return [path("<int:pk>/second-factor/", reset, name="members_member_second_factor"), *super().get_urls()]

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 - its name there
        """One's own is changed on one's own page, which asks for the present one."""
        if self.get_object(request, unquote(id)) == request.user:
            return redirect("account_change_password")
        return super().user_change_password(request, id, form_url)

    def save_model(self, request, obj, form, change):
        """Whoever makes an account knows its first password. Whoever is made inactive is out at once."""
        if not change:
            obj.must_change_password = obj.has_usable_password()
        super().save_model(request, obj, form, change)
        if not obj.is_staff:
            self.take_names(request, obj)
        if change and "is_active" in form.changed_data and not obj.is_active:
            self.end_sign_ins(request, [obj])

    def take_names(self, request, obj) -> None:
        try:
            names.take(obj)
        except names.NameTakenError:
            messages.warning(request, f"“{obj}”和别人的名字太像，读者会分不清：请换一个。")

    def end_sign_ins(self, request, members) -> None:
        signed_in = UserSession.objects.filter(user__in=members).select_related("user")
        sessions.end_sessions(signed_in, request=request, reason="停用账号后结束")

    def delete_model(self, request, obj):
        """With all that belongs to it; comments stay, without their author."""
        leaving.delete_account(obj, remove_comments=False)

    def delete_queryset(self, request, queryset):
        for member in queryset:
            self.delete_model(request, member)

    @admin.action(description="停用所选账号", permissions=["change"])
    def deactivate(self, request, queryset):
        """Readers only, one by one, so that the log has them; what they wrote stays."""
        chosen = list(queryset.filter(is_active=True, is_staff=False, is_superuser=False))
        for member in chosen:
            member.is_active = False
            member.save(update_fields=["is_active"])
        self.end_sign_ins(request, chosen)
        messages.success(request, f"已停用 {len(chosen)} 个账号，他们的登录都已结束。编辑部的账号要逐个停用。")

    def get_search_results(self, request, queryset, search_term):
        """A reader by a whole name or address, a member of the newsroom by a part: each by an index."""
        term = search_term.strip()
        if not term:
            return queryset, False
        folded = names.key(term)
        addresses = EmailAddress.objects.filter(email=term.lower()).values_list("user_id", flat=True)
        holders = TakenName.objects.filter(key=folded).values_list("member_id", flat=True) if folded else []
        whole = Member.objects.filter(username__in={term, term.lower()}).values_list("pk", flat=True)
        noted = Member.objects.filter(email=term.lower()).values_list("pk", flat=True)
        part = Q(username__icontains=term) | Q(display_name__icontains=term) | Q(email__icontains=term)
        staff = Member.objects.filter(part, is_staff=True).values_list("pk", flat=True)
        found = {pk for rows in (addresses, holders, whole, noted, staff) for pk in rows[:MOST_FOUND]}
        return queryset.filter(pk__in=found | self.found_by_phone(term)), False

    @admin.display(description="两步验证")
    def second_factor(self, obj):
        kinds = Authenticator.objects.filter(user=obj).order_by("created_at") if obj.pk else []
        return "、".join(operations.factor_name(kind) for kind in kinds) or "没有设置"

    def reset_view(self, request, pk):
        """Take off the second factor of somebody who lost her phone; she sets up another when she signs in next."""
        member = self.get_object(request, str(pk))
        if member is None:
            raise Http404("没有这个账号。")
        if member == request.user or not self.has_change_permission(request, member):
            raise PermissionDenied
        if request.method == "POST":
            return self.reset(request, member)
        title = f"重置 {member} 的两步验证"
        context = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "member": member}
        return TemplateResponse(request, "admin/members/member/second_factor.html", context)

    def reset(self, request, member) -> HttpResponse:
        reset_second_factor(member, request=request)
        messages.success(request, f"已重置 {member} 的两步验证，{member} 的所有登录都已结束。")
        return redirect("admin:members_member_change", member.pk)

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser hands out powers: whoever keeps accounts could otherwise give them to herself."""
        return self.readonly_fields if request.user.is_superuser else [*self.readonly_fields, *self.powers]

    def has_change_permission(self, request, obj=None):
        """The account of somebody with powers is changed by a superuser: its password is a way to those powers."""
        return super().has_change_permission(request, obj) and self.is_below(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.is_below(request, obj)

    def is_below(self, request, obj) -> bool:
        return request.user.is_superuser or obj is None or not (obj.is_staff or obj.is_superuser)


admin.site.unregister(Group)


@admin.register(Group)
class NewsroomGroupAdmin(PermissionLabels, GroupAdmin):
    """Django's own, its permissions in Chinese."""


@admin.register(Operation)
class OperationAdmin(SpanExport, RecordAdmin):
    """The log: searched by what an index finds, and exported by days."""

    export_title, export_file = "导出操作日志", "operations"
    export_hint = "导出所选日期的全部操作，CSV 格式，可以用 Excel、WPS 打开；每次导出也记入日志。"

    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    ordering = ["-id"]
    list_display = ["moment", "username", "address", "action", "what", "summary"]
    list_filter = ["action"]
    list_per_page = 50
    search_fields = ["username__exact", "address__exact"]
    search_help_text = "按用户名或网络地址查找（写全）"
    fields = readonly_fields = ["moment", "user", "username", "address", "path", "action", "what", "details"]

    def get_changelist(self, request, **kwargs):
        return NewestFirst

    @admin.display(description="时间")
    def moment(self, obj):
        return operations.to_the_second(obj.at)

    @admin.display(description="对象")
    def what(self, obj):
        if not obj.model:
            return "—"
        kind = model_name(obj.model)
        return f"{kind} {obj.object_id}《{obj.object_name}》" if obj.object_name else f"{kind} {obj.object_id}"

    @admin.display(description="改动")
    def summary(self, obj):
        """The names of the fields; what stood there is on the row's own page."""
        return "、".join(obj.changes) or "—"

    @admin.display(description="改动前后")
    def details(self, obj):
        rows = format_html_join("", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", change_rows(obj))
        head = format_html("<tr><th>{}</th><th>{}</th><th>{}</th></tr>", "字段", "原来", "现在")
        return format_html('<table class="operation-changes">{}{}</table>', head, rows) if obj.changes else "—"

    def exported_rows(self, request, first, last):
        return rows_of(first, last)


def model_name(label: str) -> str:
    """The Chinese name of a model that may be gone by now."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except LookupError:
        return label


def change_rows(operation: Operation) -> Iterator[tuple[str, str, str]]:
    return ((name, *pair) for name, pair in operation.changes.items())


def rows_of(first: date, last: date) -> Iterator[list[str]]:
    """The table of the export: a row for each field that an operation changed, or one without."""
    yield ["时间", "用户名", "网络地址", "页面", "操作", "对象类型", "对象编号", "对象", "字段", "原来", "现在"]
    span = {"at__gte": midnight(first), "at__lt": midnight(last + timedelta(days=1))}
    rows = Operation.objects.filter(**span).order_by("at", "id")
    for row in rows.iterator(chunk_size=500):
        moment = operations.to_the_second(row.at)
        kind = model_name(row.model) if row.model else ""
        own = [moment, row.username, row.address, row.path, row.get_action_display(), kind]
        own += [row.object_id, row.object_name]
        for change in list(change_rows(row)) or [("", "", "")]:
            yield [*own, *change]
