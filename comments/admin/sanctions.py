"""Sanctions (评论处罚): imposed from a comment's card, followed and lifted here."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from articles import beats
from comments.models import Sanction
from comments.moderation.queues import LIFT, within
from comments.refusals import Refused
from comments.sanctions import lift, lift_hindrance
from newsportal.lib.admin import CappedPaginator, NewestFirst, RecordAdmin

from .forms import LiftForm


class ForceFilter(admin.SimpleListFilter):
    title = "效力"
    parameter_name = "force"

    def lookups(self, request, model_admin):
        return [("now", "生效中"), ("over", "已结束")]

    def queryset(self, request, queryset):
        in_force = Sanction.objects.in_force().values("pk")
        match self.value():
            case "now":
                return queryset.filter(pk__in=in_force)
            case "over":
                return queryset.exclude(pk__in=in_force)
        return queryset


@admin.register(Sanction)
class SanctionAdmin(RecordAdmin):
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    ordering = ["-id"]
    list_display = ["whom", "kind", "where", "reason", "at", "until", "by", "standing"]
    list_filter = [ForceFilter, "kind"]
    list_per_page = 50
    list_select_related = ["user", "channel", "by", "lifted_by"]
    search_fields = ["user__username__exact", "network__exact"]
    search_help_text = "按用户名或网络查找（写全）"
    fields = readonly_fields = [
        *["whom", "kind", "where", "reason", "cause", "at", "until", "by", "standing", "acknowledged_at"],
        *["lifted_by", "lifted_at", "lifted_reason"],
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if not beats.beats_of(request.user):
            return rows
        # What she imposed herself, and what began under articles of her beats.
        return rows.filter(within(request.user, "comment__") | Q(by=request.user))

    def get_changelist(self, request, **kwargs):
        return NewestFirst

    @admin.display(description="当事人")
    def whom(self, obj):
        return str(obj.user) if obj.user_id else f"网络 {obj.network}"

    @admin.display(description="范围")
    def where(self, obj):
        return f"“{obj.channel}”栏目" if obj.channel_id else "全站"

    @admin.display(description="效力")
    def standing(self, obj):
        return "生效中" if obj.is_in_force else "已解除" if obj.lifted_at else "已到期"

    @admin.display(description="起因")
    def cause(self, obj):
        if not obj.comment_id:
            return "—"
        url = reverse("admin:comments_comment_change", args=[obj.comment_id])
        return format_html('<a href="{}">评论 {}</a>', url, obj.comment_id)

    # --- Lifting ---

    def get_urls(self):
        view = self.admin_site.admin_view(self.lift_view)
        return [path("<int:pk>/lift/", view, name="comments_sanction_lift"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        sanction = self.get_object(request, unquote(object_id)) if request.user.has_perm(LIFT) else None
        may_lift = sanction is not None and not lift_hindrance(sanction, request.user)
        return super().change_view(request, object_id, form_url, {"may_lift": may_lift, **(extra_context or {})})

    def lift_view(self, request, pk):
        """End a sanction before its time, with a reason that is told."""
        if not request.user.has_perm(LIFT):
            raise PermissionDenied
        sanction = self.get_object(request, str(pk))
        if sanction is None:
            raise Http404("没有这项处罚，或者不在你的分管范围。")
        form = LiftForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                lift(sanction, by=request.user, reason=form.cleaned_data["reason"])
            except Refused as refusal:
                self.message_user(request, refusal.message, messages.ERROR)
            else:
                self.message_user(request, f"已解除：{sanction}。", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:comments_sanction_change", args=[pk]))
        context = {"title": "解除处罚", "opts": self.opts, "original": sanction, "form": form}
        context = self.admin_site.each_context(request) | context
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/comments/sanction/lift.html", context, status=status)
