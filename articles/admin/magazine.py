"""Issues of the magazine with their tables of contents."""

from django.contrib import admin

from articles.boards import issue_board
from articles.models import Issue, IssueItem
from newsportal.lib.admin import OwnedInline, PublicModelAdmin, thumbnail

from .desk import DeskOfOne


class IssueItemInline(OwnedInline):
    model = IssueItem
    autocomplete_fields = ["article"]
    fields = ["column", "article", "title", "position"]


@admin.register(Issue)
class IssueAdmin(DeskOfOne, PublicModelAdmin):
    board_of = staticmethod(issue_board)
    inlines = [IssueItemInline]
    autocomplete_fields = ["cover"]
    list_display = ["cover_image", "title", "year", "number", "published_on", "is_published"]
    list_display_links = ["title"]
    list_filter = ["is_published", "year"]
    list_select_related = ["cover"]
    search_fields = ["title", "intro", "year__exact"]
    fieldsets = [
        ("本期", {"fields": [("year", "number"), "title", "intro", "cover"]}),
        ("发布", {"fields": ["published_on", "is_published"]}),
    ]

    @admin.display(description="封面")
    def cover_image(self, obj):
        return thumbnail(obj.cover.picture)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_published else None
