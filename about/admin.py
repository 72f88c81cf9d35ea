from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import lazy

from newsportal.lib.admin import OwnedInline, PublicModelAdmin, thumbnail
from newsportal.lib.qr import svg_of

from .cards import card_url
from .forms import StaffMemberForm
from .models import FriendLink, Licence, Page, SiteProfile, StaffMember


class LicenceInline(OwnedInline):
    model = Licence
    fields = ["kind", "number", "url", "valid_until", "position"]


@admin.register(SiteProfile)
class SiteProfileAdmin(PublicModelAdmin):
    """One row: the list leads straight to its form."""

    inlines = [LicenceInline]
    fieldsets = [
        ("站名", {"fields": ["name", "slogan", "description", "statement"]}),
        ("主办", {"fields": ["organization", "address", "postal_code"]}),
        ("联系", {"fields": ["phone", "fax", "mobile", "internal_phone", "email"]}),
        ("举报", {"fields": ["report_phone", "report_email"]}),
        ("会员", {"fields": ["is_sign_up_open"]}),
        ("演示", {"fields": ["is_demo"]}),
    ]

    def changelist_view(self, request, extra_context=None):
        row = SiteProfile.objects.values_list("pk", flat=True).first()
        if row is None and not self.has_add_permission(request):
            return super().changelist_view(request, extra_context)
        where = ("add", []) if row is None else ("change", [row])
        return HttpResponseRedirect(reverse(f"admin:about_siteprofile_{where[0]}", args=where[1]))

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not SiteProfile.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Page)
class PageAdmin(PublicModelAdmin):
    list_display = ["title", "slug", "is_published", "in_footer", "position", "updated_at"]
    list_editable = ["is_published", "in_footer", "position"]
    list_filter = ["is_published", "in_footer"]
    search_fields = ["title", "slug", "body"]
    readonly_fields = ["updated_at"]
    fieldsets = [
        ("单页", {"fields": ["title", "slug", "lead", "body"]}),
        ("显示", {"fields": ["is_published", "in_footer", "position", "updated_at"]}),
    ]
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 30, "class": "body-input"})}}

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_published else None


@admin.register(FriendLink)
class FriendLinkAdmin(PublicModelAdmin):
    list_display = ["name", "url", "position", "is_shown"]
    list_editable = ["position", "is_shown"]
    list_filter = ["is_shown"]
    search_fields = ["name", "url"]


@admin.register(StaffMember)
class StaffMemberAdmin(PublicModelAdmin):
    form = StaffMemberForm
    actions = ["print_cards"]
    autocomplete_fields = ["region"]
    list_display = ["portrait_image", "name", "title", "department", "card_number", "region", "status", "validity"]
    list_display_links = ["name"]
    list_filter = ["status", "department", ("region", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["region"]
    search_fields = ["name", "card_number", "title", "department"]
    readonly_fields = ["portrait_image", "updated_at"]
    fieldsets = [
        ("人员", {"fields": ["name", "title", "department", "region", "bio"]}),
        ("证件", {"fields": ["card_number", "status", "valid_until", "void_cards"]}),
        ("照片", {"fields": ["portrait_image", "portrait"]}),
    ]

    @admin.display(description="现有照片")
    def portrait_image(self, obj):
        return thumbnail(obj.picture, width=72)

    @admin.display(description="证件有效", boolean=True)
    def validity(self, obj):
        return obj.is_valid()

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    # --- Cards ---

    def get_urls(self):
        card = self.admin_site.admin_view(self.card_view)
        return [path("<int:pk>/card/", card, name="about_staffmember_card"), *super().get_urls()]

    def card_view(self, request, pk):
        """Print the card of one person: the button above her form. By POST, as it is a signature that is made."""
        sheet = None
        if request.method == "POST" and self.has_change_permission(request):
            sheet = self.print_cards(request, self.get_queryset(request).filter(pk=pk))
        return sheet or HttpResponseRedirect(reverse("admin:about_staffmember_change", args=[pk]))

    @admin.action(description="打印工作证", permissions=["change"])
    def print_cards(self, request, queryset):
        """A sheet of cards signed today, for those whose cards may be trusted. Logged, person by person."""
        members = list(queryset.select_related("region"))
        valid = [member for member in members if member.is_valid()]
        if refused := "、".join(member.name for member in members if member not in valid):
            self.message_user(request, f"{refused}已离职或证件已过期，没有打印。", messages.WARNING)
        if not valid:
            return None
        today = timezone.localdate()
        cards = []
        for member in valid:
            url = card_url(member, issued_on=today)
            cards.append({"member": member, "url": url, "qr": svg_of(url)})
            self.log_change(request, member, f"打印工作证，签发日期 {today:%Y-%m-%d}")
        context = {"cards": cards, "issued_on": today, "profile": SiteProfile.objects.first()}
        return render(request, "admin/about/staffmember/cards.html", context)


def site_header() -> str:
    """The site's name at the head of every page of the back office. Queries once a page."""
    name = SiteProfile.objects.values_list("name", flat=True).first()
    return f"{name or '新闻门户'} · 编辑后台"


# Lazy: read anew for each page, so that a new name shows at once.
admin.site.site_header = lazy(site_header, str)()
admin.site.site_title = "编辑后台"
admin.site.index_title = "工作台"
