"""Text from elsewhere, as the editor asks for it: a paste cleaned, a .docx file read, a draft made of one."""

from collections.abc import Callable
from functools import wraps
from pathlib import PurePath

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from articles.models import Article
from articles.pasting import BadFileError, Pasted, docx, paste
from articles.pasting.drafting import make_draft
from articles.pasting.forms import ImportForm, own_source, too_large

from .pages import ArticlePages, change_url

# Beside the text or the file: the token, the limits between the parts of a form.
SLACK = 64 * 1024
type View = Callable[[HttpRequest], HttpResponse]


class PastingViews(ArticlePages):
    """For whoever may write articles; pictures are stored only for whoever may add some to the library."""

    def get_urls(self):
        admin_view = self.admin_site.admin_view
        paste_view = self.answering(admin_view(self.paste_view), settings.PASTE_MAX_BYTES, "粘贴的内容")
        docx_view = self.answering(admin_view(self.docx_view), settings.DOCX_MAX_BYTES, "文件")
        return [
            path("paste/", paste_view, name="articles_article_paste"),
            path("docx/", docx_view, name="articles_article_docx"),
            path("import-docx/", admin_view(self.import_docx_view), name="articles_article_import_docx"),
            *super().get_urls(),
        ]

    def answering(self, view: View, most: int, what: str) -> View:
        """The view, for scripts: says in JSON what stands against it before anything of the body is read.

        Exempt from the check of the token here only because that would read the body: `view` checks it.
        """

        @csrf_exempt
        @wraps(view)
        def judged(request: HttpRequest) -> HttpResponse:
            if request.method != "POST":
                return refuse("这个地址只接受 POST。", status=405)
            if not self.admin_site.has_permission(request):
                return refuse("登录已过期：请在新窗口登录，再试一次。你写的文字还在这里。", status=403)
            if not self.may_write(request):
                return refuse("你没有写稿的权限。", status=403)
            if length_of(request) > most + SLACK:
                return refuse(f"{what}超过 {most // 2**20} MB，请分几次。", status=413)
            return view(request)

        return judged

    def may_write(self, request) -> bool:
        return self.has_add_permission(request) or self.has_change_permission(request)

    def paste_view(self, request):
        """JSON {"html", "notes", "title"} of the clipboard's HTML in the field `html`."""
        source = request.POST.get("html", "")
        if not source.strip():
            return refuse("没有收到粘贴的内容。", status=400)
        if len(source.encode("utf-8", "replace")) > settings.PASTE_MAX_BYTES:
            return refuse(f"粘贴的内容超过 {settings.PASTE_MAX_BYTES // 2**20} MB，请分几次。", status=413)
        return answer_with(paste(source, user=request.user))

    def docx_view(self, request):
        """JSON {"html", "notes", "title"} of the .docx in the field `file`."""
        file = request.FILES.get("file")
        if file is None:
            return refuse("没有收到文件。", status=400)
        if file.size > settings.DOCX_MAX_BYTES:
            return refuse(too_large(), status=413)
        try:
            return answer_with(docx(file, user=request.user, name=file.name))
        except BadFileError as error:
            return refuse(str(error), status=400)

    def import_docx_view(self, request):
        """Make a draft of a file: nothing but this form is needed, not even a script."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None, user=request.user)
        if form.is_valid():
            try:
                article = self.import_file(request, form)
            except BadFileError as error:
                form.add_error("file", str(error))
            else:
                return HttpResponseRedirect(change_url(article))
        context = self.admin_site.each_context(request) | {"title": "导入 Word 文件", "opts": self.opts, "form": form}
        return TemplateResponse(request, "admin/articles/article/import_docx.html", context)

    def import_file(self, request, form: ImportForm) -> Article:
        """The draft of a file. Raises BadFileError."""
        values = form.cleaned_data
        pasted = docx(values["file"], user=request.user, name=values["file"].name)
        region = values.get("region")
        article = make_draft(
            pasted,
            title=values["title"] or pasted.title or stem_of(values["file"]),
            channel=values["channel"],
            regions=[region] if region else [],
            source=own_source(),
            user=request.user,
        )
        self.log_addition(request, article, "导入 Word 文件")
        self.message_user(request, f"《{article}》已导入，存成了草稿。", messages.SUCCESS)
        self.tell(request, pasted)
        return article

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        # Before the transaction of the form: nobody shall wait while pictures are decoded.
        if request.method == "POST" and not object_id and "docx" in request.FILES and self.has_add_permission(request):
            self.take_docx(request, request.FILES["docx"])
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.docx_error = getattr(request, "docx_error", "")
        return form

    def take_docx(self, request, file: UploadedFile) -> None:
        """Write the text of a file into the body that was typed, and its title where there is none yet."""
        try:
            if file.size > settings.DOCX_MAX_BYTES:
                raise BadFileError(too_large())
            pasted = docx(file, user=request.user, name=file.name)
        except BadFileError as error:
            request.docx_error = str(error)
            return
        request.POST = request.POST.copy()
        request.POST["body"] = "\n".join(filter(None, [request.POST.get("body", "").rstrip(), pasted.html]))
        if not request.POST.get("title", "").strip():
            request.POST["title"] = pasted.title[:100]
        self.message_user(request, f"已读入 {file.name} 的文字和图片。", messages.SUCCESS)
        self.tell(request, pasted)

    def tell(self, request, pasted: Pasted) -> None:
        for note in pasted.notes:
            self.message_user(request, note, messages.WARNING)


def length_of(request: HttpRequest) -> int:
    value = request.META.get("CONTENT_LENGTH") or "0"
    return int(value) if value.isdecimal() and len(value) < 19 else 0


def stem_of(file: UploadedFile) -> str:
    return PurePath(file.name).stem.strip() or "导入的稿件"


def refuse(message: str, *, status: int) -> JsonResponse:
    return JsonResponse({"error": message}, status=status)


def answer_with(pasted: Pasted) -> JsonResponse:
    return JsonResponse({"html": pasted.html, "notes": pasted.notes, "title": pasted.title})
