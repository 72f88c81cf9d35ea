"""Channels: the navigation, and where articles live."""

from django.contrib import admin
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from articles import publishing
from articles.forms import ChannelForm
from articles.listing import FIRST_DAY
from articles.models import Article, Channel, ListCount, ListEntry
from newsportal.lib.admin import PublicModelAdmin

from .media import count_of


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
        # From the counts of the channel's list and a small index: a million articles are not counted for a table.
        months = ListCount.objects.filter(scope=ListEntry.Scope.SITE, target=0, channel=OuterRef("pk"))
        published = months.filter(bucket__lt=FIRST_DAY).values("channel").annotate(n=Sum("count")).values("n")
        drafts = count_of(Article.objects.filter(channel=OuterRef("pk"), status=Article.Status.DRAFT))
        counts = {"published_count": Coalesce(Subquery(published), 0), "draft_count": drafts}
        return super().get_queryset(request).annotate(**counts)

    def get_readonly_fields(self, request, obj=None):
        # Every address of its articles begins with it.
        return ["slug"] if obj and obj.articles.exists() else []

    def view_on_site(self, obj):
        return None if obj.is_hidden else obj.get_absolute_url()

    @admin.display(description="在列表中", ordering="published_count")
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
