from django.contrib import admin

from newsportal.lib.admin import PublicModelAdmin

from .models import Region


@admin.register(Region)
class RegionAdmin(PublicModelAdmin):
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

    def get_readonly_fields(self, request, obj=None):
        # Lists keep the province of each place: another parent would leave them wrong.
        return ["parent"] if obj else []

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def reasons_to_keep(self, obj):
        """Rows that only mention the region by a many-to-many relation: Django would drop those mentions silently."""
        mentions = [field for field in obj._meta.related_objects if field.many_to_many]
        counts = [(getattr(obj, field.get_accessor_name()).count(), field) for field in mentions]
        return [
            f"有 {count} 篇{field.related_model._meta.verbose_name}属于“{obj}”：请先改掉它们的地区。"
            for count, field in counts
            if count
        ]
