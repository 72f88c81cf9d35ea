"""What happened to articles before readers' eyes: to look at, and never to change."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from articles import beats
from articles.beats import LOOKED_THROUGH
from articles.models import ArticleEvent
from newsportal.lib.admin import NewestFirst, RecordAdmin, newest

from .pages import BeatList


class EventList(NewestFirst):
    """The newest first; those of a kind as their index has them."""

    def get_ordering(self, request, queryset):
        return ["-at", "-id"] if "kind__exact" in request.GET else super().get_ordering(request, queryset)


def is_whole_list(request) -> bool:
    """Whether the list of all articles' events is asked for, and not those of one."""
    is_list = request.resolver_match.url_name == "articles_articleevent_changelist"
    return is_list and not (request.GET.get("q") or "article__id__exact" in request.GET)


@admin.register(ArticleEvent)
class ArticleEventAdmin(BeatList, RecordAdmin):
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    ordering = ["-id"]
    list_display = ["at", "kind", "article_link", "number", "reason", "user", "text"]
    list_display_links = ["at"]
    list_filter = ["kind"]
    list_per_page = 50
    list_select_related = ["article", "user"]
    search_fields = ["article__id__exact"]
    search_help_text = f"按稿件编号查找；分管部分栏目或地区的，列表只列最近 {LOOKED_THROUGH} 条里的"
    fields = readonly_fields = [
        *["article_link", "number", "kind", "at", "user", "reason"],
        *["text_digest", "previous", "digest"],
    ]

    def get_queryset(self, request):
        seen = super().get_queryset(request).filter(beats.reaching(request.user, "article"))
        if beats.beats_of(request.user) and is_whole_list(request):
            seen = newest(seen, LOOKED_THROUGH)
        return seen.defer("article__body", "article__pages")

    def get_changelist(self, request, **kwargs):
        return EventList

    def lookup_allowed(self, lookup, value, request):
        # The article's own form leads here.
        return lookup == "article__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description="稿件")
    def article_link(self, obj):
        url = reverse("admin:articles_article_change", args=[obj.article_id])
        return format_html('<a href="{}">{}</a>', url, obj.article)

    @admin.display(description="文本指纹")
    def text(self, obj):
        return format_html("<code>{}</code>", obj.text_digest[:12])
