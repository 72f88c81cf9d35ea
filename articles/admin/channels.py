"""Channels: the navigation, and where articles live."""

from django.contrib import admin
from django.db.models import Count, Q

from articles import publishing
from articles.forms import ChannelForm
from articles.models import Article, Channel
from newsportal.lib.admin import PublicModelAdmin


@admin.register(Channel)
class ChannelAdmin(PublicModelAdmin):
    form = ChannelForm
    list_display = ["name", "slug", "kind", "nav_group", "nav_order", "home_order", "is_hidden", "published", "drafts"]
    list_editable = ["nav_group", "nav_order", "home_order"]
    list_filter = ["kind", "nav_group", "is_hidden"]
    list_per_page = 200
    search_fields = ["name", "slug", "description"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "kind", "link", "description"]}),
        ("导航与首页", {"fields": ["nav_group", "nav_order", "home_order", "is_hidden"]}),
    ]

    def get_queryset(self, request):
        published = Count("articles", filter=Q(articles__status=Article.Status.PUBLISHED))
        drafts = Count("articles", filter=Q(articles__status=Article.Status.DRAFT))
        return super().get_queryset(request).annotate(published_count=published, draft_count=drafts)

    def get_readonly_fields(self, request, obj=None):
        # Every address of its articles begins with it.
        return ["slug"] if obj and obj.articles.exists() else []

    def view_on_site(self, obj):
        return None if obj.is_hidden else obj.get_absolute_url()

    @admin.display(description="已发布", ordering="published_count")
    def published(self, obj):
        return obj.published_count

    @admin.display(description="草稿", ordering="draft_count")
    def drafts(self, obj):
        return obj.draft_count

    def reasons_to_keep(self, obj):
        count = obj.articles.count()
        return [f"栏目“{obj}”里还有 {count} 篇稿件：请先移到别的栏目；不想公开可以改为“隐藏”。"] if count else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "is_hidden" in form.changed_data:
            publishing.reindex_channel(obj)
