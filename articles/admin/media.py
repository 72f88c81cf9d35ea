"""The library of photos, videos and sound, and the pickers that put them into a body."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Func, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html_join

from articles import publishing
from articles.audio import AudioForm
from articles.forms import PhotoUploadForm, VideoForm
from articles.models import Article, ArticlePhoto, Audio, Issue, Photo, Placement, Topic, Video
from newsportal.lib.admin import PublicModelAdmin, thumbnail

from .body_photos import BodyPhotos
from .stories import numbers_of

PICKER_ITEMS = 24
# As many uses are listed as an editor can look through; the rest is a number.
MOST_USES = 20


class LibraryAdmin(PublicModelAdmin):
    """A library that bodies draw from: `picker/` answers the newest items, those that `q` finds, or `ids`, as JSON."""

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
            found = found.order_by("-id")[:PICKER_ITEMS]
        return JsonResponse({"items": [self.picker_item(obj) for obj in found]})


@admin.register(Photo)
class PhotoAdmin(BodyPhotos, LibraryAdmin):
    list_display = ["image", "caption", "credit", "size", "used", "created_at"]
    list_display_links = ["image", "caption"]
    list_filter = ["created_at", "taken_at"]
    list_per_page = 50
    search_fields = ["caption", "credit", "alt", "id__exact"]
    search_help_text = "按图说、署名、替代文字或编号查找"
    show_full_result_count = False
    readonly_fields = ["large_image", "id", "size", "uses", "uploaded_by", "created_at"]
    # What rendered bodies repeat of a picture.
    rendered_fields = {"caption", "alt", "credit", "focal_x", "focal_y"}

    def get_queryset(self, request):
        # Counted apart, each over its own index: two joins at once would multiply.
        return (
            super()
            .get_queryset(request)
            .annotate(
                in_bodies=count_of(ArticlePhoto.objects.filter(photo=OuterRef("pk"))),
                on_covers=count_of(Article.objects.filter(cover=OuterRef("pk"))),
            )
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = PhotoUploadForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        file = ["large_image", ("id", "size"), "uses", ("uploaded_by", "created_at")] if obj else ["file"]
        return [
            ("图片", {"fields": file}),
            ("说明", {"fields": ["caption", "alt", "credit", "rights", "taken_at"]}),
            (
                "焦点",
                {
                    "fields": [("focal_x", "focal_y")],
                    "description": "列表和头条会按不同比例裁切图片，焦点所在的位置总会留下。"
                    "例如人脸在左上方，填 25 和 25；不确定就保留 50 和 50（正中）。",
                },
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else []

    def picker_item(self, photo) -> dict:
        picture = photo.picture
        return {
            "id": photo.pk,
            "caption": photo.caption,
            "alt": photo.alt,
            "credit": photo.credit,
            "note": photo.credit,
            "image": picture.smallest,
            "large": picture.src,
            "width": photo.width,
            "height": photo.height,
        }

    @admin.display(description="图片")
    def image(self, obj):
        return thumbnail(obj.picture)

    @admin.display(description="图片")
    def large_image(self, obj):
        return thumbnail(obj.picture, width=320)

    @admin.display(description="尺寸", ordering="width")
    def size(self, obj):
        return f"{obj.width}×{obj.height}"

    @admin.display(description="用在稿件")
    def used(self, obj):
        parts = [(obj.in_bodies, "正文"), (obj.on_covers, "封面")]
        return " · ".join(f"{place} {count}" for count, place in parts if count) or "—"

    @admin.display(description="用在")
    def uses(self, obj):
        return format_html_join("", '<div><a href="{}">{}</a></div>', uses_of(obj)) or "还没有使用"

    def reasons_to_keep(self, obj):
        return [f"图片 {obj.pk} 用在{label}：请先在那里换掉它。" for _, label in uses_of(obj)]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)
        if change and (count := self.refresh_articles(obj, form.changed_data)):
            self.message_user(request, f"{count} 篇稿件中的这张图片随之更新。", messages.INFO)

    def refresh_articles(self, photo, changed) -> int:
        """Render the articles again that show a picture of which these fields have changed. Returns how many."""
        return publishing.rerender_articles_with(photo=photo) if self.rendered_fields & set(changed) else 0


def count_of(queryset) -> Coalesce:
    """How many rows a correlated queryset has, as an expression: GROUP BY nothing, so never no row."""
    counted = queryset.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Coalesce(Subquery(counted), 0)


def uses_of(photo: Photo) -> list[tuple[str, str]]:
    """Where a picture is used, as (address in the back office, words). Six queries, at most MOST_USES rows each."""
    listed = [
        ("正文", Article.objects.filter(photo_uses__photo=photo).only("title")),
        ("封面", Article.objects.filter(cover=photo).only("title")),
        ("专题头图", Topic.objects.filter(banner=photo)),
        ("杂志封面", Issue.objects.filter(cover=photo)),
        ("推荐位", Placement.objects.filter(picture=photo).select_related("article")),
        ("视频封面", Video.objects.filter(poster=photo)),
    ]
    return [(change_url(obj), f"{place}《{obj}》") for place, objects in listed for obj in objects[:MOST_USES]]


def change_url(obj) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


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
            "image": video.poster.picture.smallest,
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
