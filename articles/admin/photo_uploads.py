"""Several pictures at once: uploaded, each with its own answer, and then described one below the other."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import path, reverse

from articles import library
from articles.models import Photo
from articles.photo_forms import MOST_FILES, ManyPhotosForm, Result, WordsForm
from newsportal.lib.keys import keys_in
from newsportal.lib.pagecache import bump

from .photo_pages import PhotoPages

MOST_DESCRIBED = 50


class PhotoUploads(PhotoPages):
    def get_urls(self):
        pages = [
            ("add-many/", self.add_many_view, "articles_photo_add_many"),
            ("fill-in/", self.fill_in_view, "articles_photo_fill_in"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def add_many_view(self, request):
        """The form; by POST what became of each file, as JSON for the script that sends them one by one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, results = ManyPhotosForm(), []
        if request.method == "POST":
            form = ManyPhotosForm(request.POST, request.FILES)
            results = form.keep_all(by=request.user) if form.is_valid() else []
            for result in results:
                if result.is_new:
                    self.log_addition(request, result.photo, "成批上传")
        if request.headers.get("Accept") == "application/json":
            return as_json(form, results)
        new = [result.photo.pk for result in results if result.is_new]
        context = {
            "title": "上传多张图片",
            "form": form,
            "media": form.media,
            "results": results,
            "fill_in": fill_in_url(new) if new else "",
            "most_files": MOST_FILES,
        }
        return self.answer_page(request, "add_many", context)

    def fill_in_view(self, request):
        """The words of some pictures, each in a form of its own on one page."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        ids = keys_in(request.GET.get("ids", ""))
        photos = Photo.objects.filter(pk__in=ids[:MOST_DESCRIBED]).order_by("pk")
        forms = [WordsForm(request.POST or None, instance=photo, prefix=str(photo.pk)) for photo in photos]
        faults = sum(len(form.errors) for form in forms)
        if request.method == "POST" and not faults:
            self.save_words(request, forms)
            return HttpResponseRedirect(reverse("admin:articles_photo_changelist"))
        return self.answer_page(request, "fill_in", {"title": "填写图说", "forms": forms, "faults": faults})

    def save_words(self, request, forms: list[WordsForm]) -> None:
        changed = [form for form in forms if form.has_changed()]
        for form in changed:
            library.save_photo(form.instance)
            self.log_change(request, form.instance, self.construct_change_message(request, form, []))
        bump()
        self.message_user(request, f"已保存 {len(changed)} 张图片的说明。", messages.SUCCESS)


def as_json(form: ManyPhotosForm, results: list[Result]) -> JsonResponse:
    if form.errors:
        return JsonResponse(
            {"error": "".join(error for errors in form.errors.values() for error in errors)}, status=400
        )
    rows = [
        {"name": row.name, "text": row.text, "id": row.photo.pk if row.photo else None, "is_new": row.is_new}
        for row in results
    ]
    return JsonResponse({"rows": rows})


def fill_in_url(ids: list[int]) -> str:
    return reverse("admin:articles_photo_fill_in", query={"ids": ",".join(map(str, ids))})
