"""Pages of the picture library beside its forms: the whole original, taking down, what expires."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from articles import library, picture_uses
from articles.models import Photo
from articles.photo_forms import TakeDownForm
from newsportal.lib.admin import PublicModelAdmin, ShortPaginator
from newsportal.lib.images import BadPictureError, upright_preview
from newsportal.lib.keys import keys_in

PREVIEW_WIDTH = 960
PER_PAGE = 20
MOST_AT_ONCE = 100


class PhotoPages(PublicModelAdmin):
    def get_urls(self):
        pages = [
            ("<int:pk>/whole.jpg", self.whole_view, "articles_photo_whole"),
            ("take-down/", self.take_down_view, "articles_photo_take_down"),
            ("<int:pk>/put-back/", self.put_back_view, "articles_photo_put_back"),
            ("expiring/", self.expiring_view, "articles_photo_expiring"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view, cacheable=view == self.whole_view), name=name)
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def answer_page(self, request, name: str, context: dict) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/articles/photo/{name}.html", {**shared, **context})

    def whole_view(self, request, pk):
        """The whole original to crop, which no reader's address shows. 404 when it is lost."""
        photo = self.get_object(request, str(pk))
        if photo is None:
            raise Http404("没有这张图片。")
        if not self.has_view_or_change_permission(request, photo):
            raise PermissionDenied
        try:
            content = upright_preview(photo.data.get("original", ""), most=PREVIEW_WIDTH)
        except BadPictureError as error:
            raise Http404(str(error)) from error
        # The original never changes.
        headers = {"Cache-Control": "private, max-age=86400"}
        return HttpResponse(content, content_type="image/jpeg", headers=headers)

    def has_withdraw_permission(self, request):
        return request.user.has_perm("articles.withdraw_photo")

    def take_down_view(self, request):
        """The reason, and where the pictures are; by POST they are taken down."""
        if not self.has_withdraw_permission(request):
            raise PermissionDenied
        ids = keys_in(request.GET.get("ids", ""))
        photos = list(self.get_queryset(request).filter(pk__in=ids[:MOST_AT_ONCE], withdrawn_at=None).order_by("pk"))
        form = TakeDownForm(request.POST or None)
        if photos and form.is_valid():
            self.take_all_down(request, photos, form.cleaned_data["reason"])
        if not photos or form.is_valid():
            return HttpResponseRedirect(reverse("admin:articles_photo_changelist"))
        rows = [(photo, picture_uses.uses_of(photo, request.user)) for photo in photos]
        return self.answer_page(request, "take_down", {"title": "下架图片", "rows": rows, "form": form})

    def take_all_down(self, request, photos: list[Photo], reason: str) -> None:
        done = count = 0
        for photo in photos:
            try:
                count += library.take_down(photo, reason=reason)
            except library.PhotoError as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.log_change(request, photo, f"下架：{reason}")
                done += 1
        if done:
            text = f"已下架 {done} 张图片，{count} 篇稿件的正文随之更新；文件已从网站上删除，原图仍留在后台。"
            self.message_user(request, text, messages.SUCCESS)

    def put_back_view(self, request, pk):
        """Show a picture again that was taken down; by POST."""
        if not self.has_withdraw_permission(request):
            raise PermissionDenied
        photo = get_object_or_404(Photo, pk=pk)
        if request.method == "POST":
            self.put_all_back(request, [photo])
        return HttpResponseRedirect(reverse("admin:articles_photo_change", args=[pk]))

    def put_all_back(self, request, photos: Iterable[Photo]) -> None:
        done = 0
        for photo in photos:
            try:
                library.put_back(photo)
            except (library.PhotoError, BadPictureError) as error:
                self.message_user(request, f"图片 {photo.pk} 没有恢复：{error}", messages.ERROR)
            else:
                self.log_change(request, photo, "恢复上架")
                done += 1
        if done:
            self.message_user(request, f"已恢复 {done} 张图片，用到它的页面随之更新。", messages.SUCCESS)

    def expiring_view(self, request):
        """Pictures that are in use and have expired or will within a month, with the articles concerned."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        page = ShortPaginator(picture_uses.expiring_in_use(), PER_PAGE).get_page(request.GET.get("page"))
        articles = picture_uses.articles_of(page.object_list, request.user)
        context = {
            "title": "版权到期的图片",
            "page": page,
            "rows": [(photo, articles[photo.pk]) for photo in page.object_list],
            "most": ShortPaginator.most,
        }
        return self.answer_page(request, "expiring", context)
