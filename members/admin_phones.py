"""A member's phone number in the back office: so much of it as tells two apart, and the way to take it off."""

from allauth.account.adapter import get_adapter
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from . import operations, phones
from .models import Member, Operation


class PhonesOfMembers(admin.ModelAdmin):
    """A part of the admin of members; as if it were not there where the site knows no numbers."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.phone_view)
        return [path("<int:pk>/phone/", view, name="members_member_phone"), *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not phones.are_on():
            return fieldsets
        return [
            (name, {**options, "fields": [*options["fields"], "phone"]} if "email" in options["fields"] else options)
            for name, options in fieldsets
        ]

    def found_by_phone(self, term: str) -> set[int]:
        """The account that proved a number, typed whole. One query, and none for what is no number."""
        phone = phones.number_in(term) if phones.are_on() else ""
        owner = phones.owner_of(phone) if phone else None
        return {owner.pk} if owner else set()

    @admin.display(description="手机号")
    def phone(self, obj):
        row = phones.kept_by(obj)
        if row is None:
            return "没有"
        shown = f"{phones.masked(row.phone)}，{operations.to_the_second(row.verified_at)} 验证"
        return format_html('{}　<a href="{}">去掉</a>', shown, reverse("admin:members_member_phone", args=[obj.pk]))

    def phone_view(self, request, pk):
        """Take off a number: its owner lost it, or somebody else proved it who is asked to let go of it."""
        member = self.get_object(request, str(pk)) if phones.are_on() else None
        if member is None:
            raise Http404("没有这个账号。")
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        if request.method == "POST":
            self.take_off(request, member)
            return redirect("admin:members_member_change", member.pk)
        title = f"去掉 {member} 的手机号"
        context = self.admin_site.each_context(request) | {"title": title, "opts": self.opts, "member": member}
        context["masked"] = phones.masked(phones.number_of(member))
        return TemplateResponse(request, "admin/members/member/phone.html", context)

    def take_off(self, request, member: Member) -> None:
        before = phones.take_off(member)
        if not before:
            messages.warning(request, f"账号 {member} 没有手机号。")
            return
        changes = {"手机号": [before, "由后台去掉"]}
        operations.write(Operation.Action.SECURITY, request, row=member, changes=changes)
        get_adapter().send_notification_mail("account/email/phone_changed", member, {"before": before, "phone": ""})
        messages.success(request, f"已去掉 {member} 的手机号 {before}。")
