"""One letter on the desk: what it says, what was done, and the forms of what may be done next."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from articles import words
from comments.models import Letter, LetterFile, LetterTemplate
from newsportal.lib.images import BadPictureError, upright_preview
from newsportal.lib.keys import is_key

from .. import publication, redaction, rules
from ..desk_forms import FORMS, PublicForm
from ..rules import LetterError, StaleError

PREVIEW_WIDTH = 960
# Nothing of what a reader sent runs in a browser of the newsroom.
HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
DONE = {
    "assign": "已分派",
    "forward": "已转办",
    "answer": "已答复，来信人可以看到",
    "message": "已留言，来信人可以看到",
    "note": "已记下备注",
    "drop": "已删除附件",
    "withhold": "已办结，不公开",
    "reopen": "已重新办理",
    "edit": "已保存公开文字，读者还看不到",
    "show": "已公开来信，等待答复",
    "publish": "已公开来信和答复",
}


class LetterDesk:
    """The pages of one letter, for the ModelAdmin of letters."""

    admin_site: AdminSite

    def desk_pages(self):
        return [
            ("<int:pk>/step/<slug:step>/", self.step_view, "step"),
            ("<int:pk>/publication/", self.publication_view, "publication"),
            ("<int:pk>/files/<int:file>/", self.file_view, "file"),
            ("<int:pk>/files/<int:file>/preview.jpg", self.preview_view, "preview"),
        ]

    def seen_letter(self, request: HttpRequest, pk) -> Letter:
        """The letter, if who asks may see it at all. 403 without the right, 404 outside of her beats."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).select_related("region__parent", "province", "assignee", "user")
        letter = rows.filter(pk=pk).first() if is_key(str(pk)) else None
        if letter is None:
            raise Http404("没有这封来信，或者它不在您的分管范围内。")
        return letter

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self.letter_page(request, self.seen_letter(request, object_id))

    def letter_page(self, request, letter: Letter, *, bound=None, fault: str = "", status: int = 200) -> HttpResponse:
        """`bound`: (step, form) that was refused, shown as it was filled in."""
        files = list(letter.files.all())
        letter_steps = rules.open_steps(letter, request.user) - (set() if files else {"drop"})
        template = self.chosen_template(request)
        forms = {
            step: form_class(letter=letter, template=template, prefix=step)
            for step, form_class in FORMS.items()
            if step in letter_steps
        }
        if bound and bound[0] in forms:
            forms[bound[0]] = bound[1]
        hits = publication.hits_in(letter, letter.text)
        context = {
            **self.admin_site.each_context(request),
            "title": letter.subject,
            "opts": self.opts,
            "letter": letter,
            "forms": [(step, rules.STEPS[step].label, form) for step, form in forms.items()],
            "media": sum((form.media for form in forms.values()), self.media),
            "refused": bound[0] if bound else "",
            "template": template,
            "templates": LetterTemplate.objects.filter(is_active=True) if "answer" in forms else [],
            "pieces": redaction.marked(letter.text, hits),
            "findings": words.search([("text", "正文", letter.text)], words.Scope.COMMENT),
            "files": files,
            "events": letter.events.select_related("user").order_by("pk"),
            "may_prepare": bool({"edit", "show", "publish"} & letter_steps),
            "fault": fault,
        }
        return TemplateResponse(request, "admin/comments/letter/letter.html", context, status=status)

    def chosen_template(self, request) -> LetterTemplate | None:
        wanted = request.GET.get("template", "")
        return LetterTemplate.objects.filter(pk=wanted, is_active=True).first() if is_key(wanted) else None

    def step_view(self, request, pk, step):
        """Take a step as its form says, and go back to the letter."""
        letter = self.seen_letter(request, pk)
        if step not in FORMS:
            raise Http404("没有这一步。")
        if request.method != "POST":
            return HttpResponseRedirect(letter_url(letter))
        form = FORMS[step](request.POST, letter=letter, prefix=step)
        if not form.is_valid():
            return self.letter_page(request, letter, bound=(step, form), fault=form.first_fault, status=422)
        try:
            getattr(rules, step)(letter, user=request.user, **form.values)
        except LetterError as error:
            letter = self.seen_letter(request, pk)
            form.renew(letter)
            status = 409 if isinstance(error, StaleError) else 422
            return self.letter_page(request, letter, bound=(step, form), fault=str(error), status=status)
        self.message_user(request, f"{letter.receipt} {DONE[step]}。", messages.SUCCESS)
        return HttpResponseRedirect(letter_url(letter))

    # --- What readers get ---

    def publication_view(self, request, pk):
        """The original beside the public text, what is personal in it, and why it may stand."""
        letter = self.seen_letter(request, pk)
        may = rules.open_steps(letter, request.user) & {"edit", "show", "publish"}
        if not may:
            self.message_user(
                request, f"这封信现在是“{letter.get_state_display()}”，您不能整理公开文字。", messages.ERROR
            )
            return HttpResponseRedirect(letter_url(letter))
        if letter.is_public:
            may -= {"edit"}
        if request.method != "POST":
            form = PublicForm(initial=publication.proposed(letter) | {"seen": letter.version})
            return self.publication_page(request, letter, form, may)
        form = PublicForm(request.POST)
        step = next((step for step in ("publish", "show", "edit") if f"_{step}" in request.POST), "")
        if not form.is_valid() or not step:
            return self.publication_page(request, letter, form, may, status=422 if step else 200)
        return self.take_publication(request, letter, form, may, step)

    def take_publication(self, request, letter: Letter, form: PublicForm, may: set[str], step: str) -> HttpResponse:
        values = form.values
        reasons = {
            found.hit: reason
            for found in publication.unsettled(letter, values)
            if (reason := request.POST.get(f"reason-{found.hit.key}", "").strip()[:200])
        }
        try:
            if step not in may:
                raise LetterError(f"您现在不能{rules.STEPS[step].label}。")
            publication.clear(letter, user=request.user, hits=reasons)
            getattr(publication, step)(letter, user=request.user, values=values, seen=form.cleaned_data["seen"])
        except LetterError as error:
            letter = self.seen_letter(request, letter.pk)
            form.renew(letter)
            status = 409 if isinstance(error, StaleError) else 422
            return self.publication_page(request, letter, form, may, fault=str(error), status=status)
        self.message_user(request, f"{letter.receipt} {DONE[step]}。", messages.SUCCESS)
        return HttpResponseRedirect(letter_url(letter))

    def publication_page(
        self, request, letter: Letter, form: PublicForm, may: set[str], *, fault: str = "", status: int = 200
    ) -> HttpResponse:
        if form.is_bound and "_suggest" in request.POST and form.is_valid():
            values = {
                part: redaction.redacted(text, publication.hits_in(letter, text)) for part, text in form.values.items()
            }
            form = PublicForm(initial=values | {"seen": letter.version})
        values = form.values if form.is_bound and form.is_valid() else {**form.initial}
        originals = {part: getattr(letter, source) for part, source in publication.SOURCES.items()}
        rows: list[dict[str, Any]] = [
            {
                "label": publication.PARTS[part],
                "field": form[part],
                "pieces": redaction.marked(text, publication.hits_in(letter, text)) if text else [],
            }
            for part in publication.PARTS
            for text in [originals.get(part, "")]
            if part != "public_answer" or letter.answer
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": f"整理公开文字：{letter.subject}",
            "opts": self.opts,
            "letter": letter,
            "form": form,
            "rows": rows,
            "findings": by_key(publication.findings(letter, values), request),
            "may": may,
            "fault": fault,
        }
        return TemplateResponse(request, "admin/comments/letter/publication.html", context, status=status)

    # --- Files ---

    def seen_file(self, request, pk, file) -> LetterFile:
        row = self.seen_letter(request, pk).files.filter(pk=file).first()
        if row is None or not storages["originals"].exists(row.stored):
            raise Http404("没有这个附件。")
        return row

    def file_view(self, request, pk, file):
        """The file as it was sent, to be saved and never to be shown by the browser."""
        row = self.seen_file(request, pk, file)
        content = storages["originals"].open(row.stored)
        answer = FileResponse(
            content, as_attachment=True, filename=row.name, content_type="application/octet-stream", headers=HARMLESS
        )
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    def preview_view(self, request, pk, file):
        """A picture made anew from the one that was sent, upright and without metadata."""
        row = self.seen_file(request, pk, file)
        if row.kind != LetterFile.Kind.PICTURE:
            raise Http404("只有图片可以预览。")
        try:
            content = upright_preview(row.stored, most=PREVIEW_WIDTH)
        except BadPictureError as error:
            raise Http404(str(error)) from error
        answer = HttpResponse(content, content_type="image/jpeg", headers=HARMLESS)
        patch_cache_control(answer, private=True, no_store=True)
        return answer


def letter_url(letter: Letter) -> str:
    return reverse("admin:comments_letter_change", args=[letter.pk])


def by_key(findings, request) -> list[dict[str, Any]]:
    """What is found, each text once, with the reason given or typed."""
    rows: dict[str, dict[str, Any]] = {}
    for found in findings:
        row = rows.setdefault(
            found.hit.key,
            {
                "hit": found.hit,
                "parts": [],
                "cleared": found.reason,
                "typed": request.POST.get(f"reason-{found.hit.key}", ""),
            },
        )
        if found.part_label not in row["parts"]:
            row["parts"].append(found.part_label)
    return list(rows.values())
