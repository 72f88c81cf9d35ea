"""The rules of commenting (评论规则), tried before they hold; and the members who are read at once."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.urls import path

from articles.beats import beats_of, channels_of
from articles.words import TRIED_DAYS
from comments.models import CommentPolicy, TrustedMember
from comments.moderation import trials
from comments.moderation.trials import LIMITS
from newsportal.lib.admin import PublicModelAdmin


def may_rule(user, policy: CommentPolicy | None) -> bool:
    """Whether the rules are a user's to change: all, or those of her channels; None asks whether there may be any."""
    return not beats_of(user) or policy is None or policy.channel_id in channels_of(user)


class LimitsForm(forms.ModelForm):
    """Limits that are tried: those of a policy that is never saved, so it may stand beside the one that holds."""

    class Meta:
        model = CommentPolicy
        fields = ["channel", *LIMITS]

    def validate_unique(self):
        pass

    def validate_constraints(self):
        pass


@admin.register(CommentPolicy)
class CommentPolicyAdmin(PublicModelAdmin):
    list_display = ["name", "is_open", "mode", "visitors_may_comment", "closes_after_days", "changed_at"]
    list_filter = ["mode", "is_open"]
    list_select_related = ["channel"]
    search_fields = ["channel__name"]
    readonly_fields = ["changed_at"]
    fieldsets = [
        (
            None,
            {"fields": ["channel", "is_open", "mode", "needed_approvals", "visitors_may_comment", "closes_after_days"]},
        ),
        ("限制", {"fields": [*LIMITS, "hide_after_reports"]}),
        ("记录", {"fields": ["changed_at"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """Whether a proved phone number is wanted is asked where the site can send a code to one."""
        fieldsets = super().get_fieldsets(request, obj)
        if not settings.SMS_SENDER:
            return fieldsets
        (name, options), *others = fieldsets
        return [(name, {**options, "fields": [*options["fields"], "needs_phone"]}), *others]

    @admin.display(description="范围", ordering="channel")
    def name(self, obj):
        return str(obj)

    def get_readonly_fields(self, request, obj=None):
        """A policy stays that of its channel."""
        return [*self.readonly_fields, "channel"] if obj else self.readonly_fields

    # --- Beats ---

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_rule(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and may_rule(request.user, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Whoever answers for some channels makes rules for one of them, and none for the site."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "channel" and beats_of(request.user):
            field.required, field.queryset = True, field.queryset.filter(pk__in=channels_of(request.user))
        return field

    # --- Trials ---

    def get_urls(self):
        view = self.admin_site.admin_view(self.trial_view)
        return [path("try/", view, name="comments_commentpolicy_try"), *super().get_urls()]

    def trial_view(self, request):
        """How many of the last thirty days' comments other limits would have refused. Changes nothing."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = set(request.GET) & set(LIMITS)
        form = LimitsForm(request.GET if asked else None, instance=CommentPolicy())
        trial = trials.try_limits(form.instance, user=request.user) if asked and form.is_valid() else None
        context = {"title": "试用限制", "opts": self.opts, "form": form, "trial": trial, "days": TRIED_DAYS}
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, "admin/comments/commentpolicy/try.html", context)


class TrustForm(forms.ModelForm):
    """Somebody by her user name: whoever moderates may not look through the accounts."""

    username = forms.CharField(label="用户名", max_length=150)
    asker = None  # who fills it in

    class Meta:
        model = TrustedMember
        fields = ["note"]

    def clean_username(self):
        user = get_user_model().objects.filter(username__iexact=self.cleaned_data["username"], is_active=True).first()
        if user is None:
            raise ValidationError("没有这个用户名。")
        if user == self.asker:
            raise ValidationError("不能把自己列入：要由别人来加。")
        if TrustedMember.objects.filter(user=user).exists():
            raise ValidationError("已经在名单里。")
        self.instance.user = user
        return user


@admin.register(TrustedMember)
class TrustedMemberAdmin(admin.ModelAdmin):
    list_display = ["user", "note", "by", "at"]
    list_select_related = ["user", "by"]
    search_fields = ["user__username", "user__display_name"]

    def get_form(self, request, obj=None, **kwargs):
        form = type("TrustForm", (TrustForm,), {"asker": request.user})
        return super().get_form(request, obj, **kwargs if obj else {**kwargs, "form": form})

    def get_fields(self, request, obj=None):
        return ["user", "note", "by", "at"] if obj else ["username", "note"]

    def get_readonly_fields(self, request, obj=None):
        return ["user", "by", "at"] if obj else []

    # Trust holds in every channel, so whoever answers for some of them gives and takes none.

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not beats_of(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not beats_of(request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not beats_of(request.user)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.by = request.user
        super().save_model(request, obj, form, change)
