"""A list of the back office that is taken home by days, as CSV."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from .csvfile import csv_answer

# Days that are offered at first.
USUAL_SPAN = timedelta(days=30)
EARLIEST = 1990
# A browser's own field of a day knows one way of writing it, whatever the language.
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SpanForm(forms.Form):
    """The first and the last day of an export."""

    first = forms.DateField(label="从", widget=DAY)
    last = forms.DateField(label="到", widget=DAY)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "结束的日期不能早于开始的日期。")
        elif first and last and not EARLIEST <= first.year <= last.year <= timezone.localdate().year + 1:
            self.add_error("first", f"请填 {EARLIEST} 年以后的日期。")
        return cleaned


class SpanExport:
    """For a ModelAdmin: a page that asks for days, at export/, and the file of their rows.

    The admin names the page, says in a sentence what is in the file, and gives `exported_rows`, heads first.
    """

    export_title = ""
    export_hint = ""
    export_file = ""  # in ASCII, without days and ending

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def exported_rows(self, request: HttpRequest, first: date, last: date) -> Iterator[list]:
        raise NotImplementedError

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The rows of some days, for whoever may see the list. 422 with what was typed for days that are none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.localdate()
        form = SpanForm(request.POST or None, initial={"first": today - USUAL_SPAN, "last": today})
        if form.is_valid():
            first, last = form.cleaned_data["first"], form.cleaned_data["last"]
            return csv_answer(self.exported_rows(request, first, last), name=f"{self.export_file}-{first}-{last}")
        context = self.admin_site.each_context(request) | {"title": self.export_title, "opts": self.opts, "form": form}
        context["hint"] = self.export_hint
        return TemplateResponse(request, "admin/span_export.html", context, status=422 if form.is_bound else 200)
