"""The pickers that put pictures, videos and sound into a body, and the libraries of videos and sound."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, Func, Subquery
from django.db.models.functions import Coalesce
from django.http import JsonResponse
from django.urls import path

from articles import publishing
from articles.audio import AudioForm
from articles.forms import VideoForm
from articles.models import Article, Audio, Video
from newsportal.lib.admin import PublicModelAdmin, thumbnail

from .stories import numbers_of

PICKER_ITEMS = 24
# As many uses are listed as an editor can look through; the rest is a number.
MOST_USES = 20


class LibraryAdmin(PublicModelAdmin):
    """A library that bodies draw from: `picker/` answers the newest items, or those that `q` finds, as JSON."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_picker"
        return [path("picker/", self.admin_site.admin_view(self.picker_view), name=name), *super().get_urls()]

    def picker_view(self, request):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if "ids" in request.GET:
            found = self.get_queryset(request).filter(pk__in=numbers_of(request)).order_by("-id")
        else:
            found, _ = self.get_search_results(request, self.get_queryset(request), request.GET.get("q", "")[:100])
            found = self.picker_items(request, found).order_by("-id")[:PICKER_ITEMS]
        return JsonResponse({"items": [self.picker_item(obj) for obj in found]})

    def picker_items(self, request, found):
        """Of what was found, what may be put into a body."""
        return found


@admin.register(Video)
class VideoAdmin(LibraryAdmin):
    form = VideoForm
    autocomplete_fields = ["poster"]
    list_display = ["image", "caption", "credit", "duration", "mime_type", "created_at"]
    list_display_links = ["image", "caption"]
    list_select_related = ["poster"]
    search_fields = ["caption", "credit", "id__exact"]
    search_help_text = "按说明、署名或编号查找"
    show_full_result_count = False
    readonly_fields = ["id", "mime_type", "created_at"]

    def get_fieldsets(self, request, obj=None):
        facts = [("资料", {"fields": [("id", "mime_type", "created_at")]})] if obj else []
        return [
            ("文件", {"fields": ["file", "subtitles", "poster"]}),
            ("说明", {"fields": ["caption", "credit", "seconds", ("width", "height")]}),
            *facts,
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("poster")

    def picker_item(self, video) -> dict:
        return {
            "id": video.pk,
            "caption": video.caption,
            "note": video.duration,
            "image": video.poster.picture.smallest if video.poster.picture else "",
        }

    @admin.display(description="封面")
    def image(self, obj):
        return thumbnail(obj.poster.picture)

    @admin.display(description="时长", ordering="seconds")
    def duration(self, obj):
        return obj.duration

    def reasons_to_keep(self, obj):
        used = [*obj.articles.all()[:MOST_USES], *articles_showing(obj)[:MOST_USES]]
        return [f"视频 {obj.pk} 用在稿件《{article}》：请先在那里换掉它。" for article in dict.fromkeys(used)]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            publishing.rerender_articles_with(video=obj)


def articles_showing(video: Video):
    """Articles with the video in their body."""
    return Article.objects.filter(video_uses__video=video).only("id", "title")


def count_of(queryset) -> Coalesce:
    """How many rows a correlated queryset has, as an expression: GROUP BY nothing, so never no row."""
    counted = queryset.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted), 0)


@admin.register(Audio)
class AudioAdmin(LibraryAdmin):
    form = AudioForm
    list_display = ["title", "credit", "duration", "mime_type", "created_at"]
    search_fields = ["title", "credit", "id__exact"]
    search_help_text = "按标题、署名或编号查找"
    show_full_result_count = False
    readonly_fields = ["id", "mime_type", "created_at"]

    def get_fieldsets(self, request, obj=None):
        facts = [("资料", {"fields": [("id", "mime_type", "created_at")]})] if obj else []
        return [
            ("文件", {"fields": ["file", "seconds"]}),
            ("说明", {"fields": ["title", "credit", "transcript"]}),
            *facts,
        ]

    def picker_item(self, audio) -> dict:
        return {"id": audio.pk, "caption": audio.title, "note": audio.duration, "image": ""}

    @admin.display(description="时长", ordering="seconds")
    def duration(self, obj):
        return obj.duration

    def reasons_to_keep(self, obj):
        shown = Article.objects.filter(audio_uses__audio=obj).only("id", "title")[:MOST_USES]
        return [f"音频 {obj.pk} 用在稿件《{article}》：请先在那里换掉它。" for article in shown]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            publishing.rerender_articles_with(audio=obj)
