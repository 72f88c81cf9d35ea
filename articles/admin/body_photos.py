"""Pictures that come into the library from the text that shows them, and their words mended there."""

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from articles import library
from articles.models import Photo
from articles.photos import keep_photo
from newsportal.lib.images import BadPictureError

TOO_LARGE = "图片超过 {} MB，请压缩后再上传。"


class PhotoWordsForm(forms.ModelForm):
    """What readers are told of a picture, as it is mended from within a text."""

    class Meta:
        model = Photo
        fields = ["caption", "alt", "credit"]


class BodyPhotos:
    """Two views of the picture library that answer the body editor in JSON. Refusals are {"error": Chinese text}."""

    def get_urls(self):
        views = [("upload/", self.upload_view, "upload"), ("<int:pk>/words/", self.words_view, "words")]
        own = [path(at, self.admin_site.admin_view(view), name=f"articles_photo_{name}") for at, view, name in views]
        return [*own, *super().get_urls()]

    @method_decorator(require_POST)
    def upload_view(self, request: HttpRequest) -> JsonResponse:
        """Take the picture `file` into the library, or find it there: its row, and whether `is_new`.

        400 for what is no picture, 413 for what is too many bytes, both before anything is decoded; 409 for a picture
        that was taken down.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        file = request.FILES.get("file")
        if file is None:
            return JsonResponse({"error": "没有收到图片，请重试。"}, status=400)
        if file.size > settings.PHOTO_MAX_BYTES:
            return JsonResponse({"error": TOO_LARGE.format(settings.PHOTO_MAX_BYTES // 2**20)}, status=413)
        try:
            # In no transaction: nobody shall wait while a picture is decoded.
            photo, is_new = keep_photo(file.read(), by=request.user)
        except BadPictureError as error:
            return JsonResponse({"error": str(error)}, status=400)
        if not photo.is_shown:
            return JsonResponse({"error": f"这张图片（编号 {photo.pk}）已经下架，不能再用。"}, status=409)
        if is_new:
            self.log_addition(request, photo, "从正文上传")
        return JsonResponse(self.picker_item(photo) | {"is_new": is_new})

    @method_decorator(require_POST)
    def words_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Save caption, alt and credit of a picture, wherever it is shown: its row, and in how many `articles`.

        400 with {"errors": {field: [message]}}.
        """
        photo = get_object_or_404(Photo, pk=pk)
        if not self.has_change_permission(request, photo):
            raise PermissionDenied
        form = PhotoWordsForm(request.POST, instance=photo)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=400)
        count = 0
        if form.changed_data:
            try:
                with transaction.atomic():
                    count = library.save_photo(photo)
                    self.log_change(request, photo, self.construct_change_message(request, form, []))
            except BadPictureError as error:
                return JsonResponse({"error": str(error)}, status=400)
        return JsonResponse(self.picker_item(photo) | {"articles": count})
