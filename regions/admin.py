from django.contrib import admin

from .models import Region


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["name", "full_name", "code", "parent", "slug", "position"]
    list_editable = ["position"]
    list_filter = [("parent", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["name", "full_name", "code", "slug"]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["name", "full_name", "code", "parent"]}),
        ("显示", {"fields": ["slug", "position"]}),
    ]
