"""The picture library: found, described, cropped, taken down, and never deleted while it is used."""

from django.contrib import admin, messages
from django.db.models import OuterRef
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from articles import library, picture_uses
from articles.models import Article, ArticlePhoto, Photo
from articles.photo_forms import PhotoForm, PhotoUploadForm
from newsportal.lib.admin import ShortPaginator, thumbnail
from newsportal.lib.images import SMALLEST_SIDE

from . import photo_filters
from .body_photos import BodyPhotos
from .media import LibraryAdmin, count_of
from .photo_filters import FILTERS, PhotoList, find, is_bounded, usable
from .photo_pages import MOST_AT_ONCE
from .photo_uploads import PhotoUploads

VIEWS = {"table": "表格", "grid": "缩略图"}


@admin.register(Photo)
class PhotoAdmin(BodyPhotos, PhotoUploads, LibraryAdmin):
    form = PhotoForm
    actions = ["take_down", "put_back"]
    # Everything below is a range of an index, or stops after so many of the newest: photo_filters.
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    paginator = ShortPaginator
    list_display = ["image", "caption", "credit", "licence_state", "size", "used", "created_at"]
    list_display_links = ["image", "caption"]
    list_filter = FILTERS
    list_per_page = 50
    ordering = ["-id"]
    search_fields = ["caption", "credit", "alt"]
    search_help_text = (
        f"按图说、署名、替代文字查找最近 {photo_filters.SEARCHED} 张；按编号查找任何一张；"
        "按拍摄日期，例如 2026-11 或 2026-11-01"
    )
    show_full_result_count = False
    readonly_fields = ["large_image", "id", "size", "uses", "down", "editor", "uploaded_by", "created_at"]

    # --- What is shown ---

    def get_queryset(self, request):
        # Counted apart, each over its own index: two joins at once would multiply.
        queryset = (
            super()
            .get_queryset(request)
            .annotate(
                in_bodies=count_of(ArticlePhoto.objects.filter(photo=OuterRef("pk"))),
                on_covers=count_of(Article.objects.filter(cover=OuterRef("pk"))),
            )
        )
        # For covers and banners to be chosen: what readers may see.
        return usable(queryset) if request.resolver_match.url_name == "autocomplete" else queryset

    def get_changelist(self, request, **kwargs):
        return PhotoList

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return find(queryset, found, search_term), may_repeat

    def changelist_view(self, request, extra_context=None):
        view = request.GET.get("view") if request.GET.get("view") in VIEWS else "table"
        context = {"view": view, "views": VIEWS, "searched": photo_filters.SEARCHED if is_bounded(request) else 0}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = PhotoUploadForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        down = ["down"] if obj and obj.withdrawn_at else []
        file = [*down, "large_image", ("id", "size"), "uses", ("uploaded_by", "created_at")] if obj else ["file"]
        crop = ["editor", ("crop_x", "crop_y"), ("crop_width", "crop_height")] if obj else []
        return [
            ("图片", {"fields": file}),
            ("说明", {"fields": ["caption", "alt", "credit", "taken_at"]}),
            ("版权", {"fields": ["licence", "rights", "expires_on", "no_watermark"]}),
            (
                "裁切和焦点" if obj else "焦点",
                {
                    "classes": ["photo-shape"],
                    "fields": [*crop, ("focal_x", "focal_y")],
                    "description": "列表和头条会按不同比例裁切图片，焦点所在的位置总会留下。"
                    "例如人脸在左上方，填 25 和 25；不确定就保留 50 和 50（正中）。"
                    + ("裁切不动原图，随时可以取消；保存后所有用到的地方随之更新。" if obj else ""),
                },
            ),
        ]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else []

    @admin.display(description="图片")
    def image(self, obj):
        return thumbnail(obj.picture)

    @admin.display(description="图片")
    def large_image(self, obj):
        return thumbnail(obj.picture, width=320)

    @admin.display(description="画面")
    def editor(self, obj):
        """The whole original; photo-editor.js makes of it what crop and focal point are drawn on."""
        return format_html(
            '<div class="photo-editor" data-photo-editor data-width="{}" data-height="{}" data-smallest="{}">'
            '<img src="{}" width="{}" height="{}" alt="{}"></div>',
            *(obj.width, obj.height, SMALLEST_SIDE),
            reverse("admin:articles_photo_whole", args=[obj.pk]),
            *(obj.width, obj.height),
            "原图，没有裁切",
        )

    @admin.display(description="尺寸")
    def size(self, obj):
        whole = f"{obj.width}×{obj.height}"
        return f"{obj.crop_width}×{obj.crop_height}（裁自 {whole}）" if obj.crop else whole

    @admin.display(description="版权")
    def licence_state(self, obj):
        if obj.withdrawn_at:
            return format_html('<strong class="photo-expired">{}</strong>', "已下架")
        if obj.is_expired:
            return format_html('<strong class="photo-expired">{} 已到期</strong>', f"{obj.expires_on:%Y-%m-%d}")
        kind = obj.get_licence_display() or "未写版权"
        return f"{kind}，{obj.expires_on:%Y-%m-%d} 到期" if obj.expires_on else kind

    @admin.display(description="用在稿件")
    def used(self, obj):
        parts = [(obj.in_bodies, "正文"), (obj.on_covers, "封面")]
        return " · ".join(f"{place} {count}" for count, place in parts if count) or "—"

    @admin.display(description="用在")
    def uses(self, obj):
        uses = picture_uses.uses_of(obj, obj.seen_by)
        listed = format_html_join("", '<div><a href="{}">{}</a></div>', [(use.url, use) for use in uses.listed])
        return format_html("{}{}", listed, uses.rest) if uses else "还没有使用"

    @admin.display(description="下架")
    def down(self, obj):
        return format_html('<strong class="photo-expired">{}</strong>', obj.withdrawn_reason)

    def get_object(self, request, object_id, from_field=None):
        """The picture, which remembers who looks: its readonly fields are not told of the request."""
        photo = super().get_object(request, object_id, from_field)
        if photo is not None:
            photo.seen_by = request.user
        return photo

    # --- The picker ---

    def picker_items(self, request, found):
        """Neither what is taken down nor, unless it is asked for, what has expired."""
        return found.filter(withdrawn_at=None) if request.GET.get("expired") else usable(found)

    def picker_item(self, photo) -> dict:
        picture = photo.picture
        return {
            "id": photo.pk,
            "caption": photo.caption,
            "alt": photo.alt,
            "credit": photo.credit,
            "note": photo.credit if picture else "已下架",
            "image": picture.smallest if picture else "",
            "large": picture.src if picture else "",
            "width": picture.width if picture else photo.width,
            "height": picture.height if picture else photo.height,
        }

    # --- Saving and deleting ---

    def save_model(self, request, obj, form, change):
        if not change:
            obj.uploaded_by = request.user
            super().save_model(request, obj, form, change)
            if form.filled:
                said = f"图片文件里写着{'、'.join(form.filled)}，已经填上：请核对。"
                self.message_user(request, said, messages.WARNING)
            return
        if count := library.save_photo(obj):
            self.message_user(request, f"{count} 篇稿件中的这张图片随之更新。", messages.INFO)

    def get_deleted_objects(self, objs, request):
        reasons = [reason for obj in objs for reason in picture_uses.reasons_to_keep(obj, request.user)]
        return ([], {}, set(), reasons) if reasons else super().get_deleted_objects(objs, request)

    def delete_model(self, request, obj):
        self.delete_photos(request, [obj])

    def delete_queryset(self, request, queryset):
        self.delete_photos(request, queryset)

    def delete_photos(self, request, photos) -> None:
        """Each by itself: what a text took hold of since the look at its uses stays, and is told."""
        for photo in photos:
            try:
                library.delete_photo(photo)
            except library.PhotoError as error:
                self.message_user(request, str(error), messages.ERROR)

    def response_delete(self, request, obj_display, obj_id):
        """Not told as deleted when it stayed: why was told already."""
        if Photo.objects.filter(pk=obj_id).exists():
            return HttpResponseRedirect(reverse("admin:articles_photo_change", args=[obj_id]))
        return super().response_delete(request, obj_display, obj_id)

    # --- Taking down ---

    @admin.action(description="下架所选图片", permissions=["withdraw"])
    def take_down(self, request, queryset):
        """Ask for the reason on a page of its own: `take_down_view` does the work."""
        ids = list(queryset.filter(withdrawn_at=None).order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if not ids or len(ids) > MOST_AT_ONCE:
            text = f"一次最多下架 {MOST_AT_ONCE} 张，请少选一些。" if ids else "所选图片都已经下架了。"
            self.message_user(request, text, messages.WARNING)
            return None
        return HttpResponseRedirect(reverse("admin:articles_photo_take_down", query={"ids": ",".join(map(str, ids))}))

    @admin.action(description="恢复所选图片", permissions=["withdraw"])
    def put_back(self, request, queryset):
        down = queryset.exclude(withdrawn_at=None).order_by("pk")
        if (count := down.count()) > MOST_AT_ONCE or not count:
            text = f"一次最多恢复 {MOST_AT_ONCE} 张，请少选一些。" if count else "所选图片都没有下架。"
            self.message_user(request, text, messages.WARNING)
            return
        self.put_all_back(request, down)
