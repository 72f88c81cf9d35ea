from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import lazy

from newsportal.lib.admin import OwnedInline, PublicModelAdmin, thumbnail

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
    autocomplete_fields = ["region"]
    list_display = ["portrait_image", "name", "title", "department", "card_number", "region", "status", "validity"]
    list_display_links = ["name"]
    list_filter = ["status", "department", ("region", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["region"]
    search_fields = ["name", "card_number", "title", "department"]
    readonly_fields = ["portrait_image", "updated_at"]
    fieldsets = [
        ("人员", {"fields": ["name", "title", "department", "region", "bio"]}),
        ("证件", {"fields": ["card_number", "status", "valid_until"]}),
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


def site_header() -> str:
    """The site's name at the head of every page of the back office. Queries once a page."""
    name = SiteProfile.objects.values_list("name", flat=True).first()
    return f"{name or '新闻门户'} · 编辑后台"


# Lazy: read anew for each page, so that a new name shows at once.
admin.site.site_header = lazy(site_header, str)()
admin.site.site_title = "编辑后台"
admin.site.index_title = "工作台"
