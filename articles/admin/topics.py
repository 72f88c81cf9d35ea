"""Special reports: a topic with its sections, and each section with its articles (Django nests no inlines)."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from articles.boards import topic_board
from articles.models import Topic, TopicItem, TopicSection
from newsportal.lib.admin import OwnedInline, PublicModelAdmin, thumbnail

from .desk import DeskOfOne


class TopicSectionInline(OwnedInline):
    model = TopicSection
    fields = ["title", "position"]
    show_change_link = True
    verbose_name_plural = "分区（保存后点右上角的“编排”放稿件）"


@admin.register(Topic)
class TopicAdmin(DeskOfOne, PublicModelAdmin):
    board_of = staticmethod(topic_board)
    inlines = [TopicSectionInline]
    autocomplete_fields = ["banner"]
    date_hierarchy = "started_on"
    list_display = ["banner_image", "title", "slug", "started_on", "is_published", "updated_at"]
    list_display_links = ["title"]
    list_filter = ["is_published"]
    list_select_related = ["banner"]
    search_fields = ["title", "slug", "intro"]
    readonly_fields = ["updated_at"]
    fieldsets = [
        ("专题", {"fields": ["title", "slug", "intro", "banner"]}),
        ("发布", {"fields": ["is_published", "started_on", "updated_at"]}),
    ]

    @admin.display(description="头图")
    def banner_image(self, obj):
        return thumbnail(obj.banner.picture if obj.banner else None)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_published else None


class TopicItemInline(OwnedInline):
    model = TopicItem
    autocomplete_fields = ["article"]
    fields = ["article", "title", "position"]


@admin.register(TopicSection)
class TopicSectionAdmin(PublicModelAdmin):
    """Part of a topic: whoever may change topics may change it."""

    inlines = [TopicItemInline]
    list_display = ["title", "topic", "position"]
    list_select_related = ["topic"]
    search_fields = ["title", "topic__title"]
    autocomplete_fields = ["topic"]

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": ["topic_link" if obj else "topic", "title", "position"]})]

    def get_readonly_fields(self, request, obj=None):
        return ["topic_link"] if obj else []

    @admin.display(description="专题")
    def topic_link(self, obj):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:articles_topic_change", args=[obj.topic_id]), obj.topic
        )

    def view_on_site(self, obj):
        return obj.topic.get_absolute_url() if obj.topic.is_published else None

    def has_module_permission(self, request):
        # Reached from its topic: no entry of its own in the index.
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("articles.view_topic") or self.has_change_permission(request, obj)

    def has_add_permission(self, request):
        return self.has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm("articles.change_topic")

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Readers see when the topic was changed last, and its articles are what changes.
        form.instance.topic.save(update_fields=["updated_at"])
