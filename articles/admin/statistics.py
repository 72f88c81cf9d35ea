"""Statistics of what the newsroom made, shown and downloaded."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from articles import beats, statistics
from articles.statistics import GROUPS, MOST_MONTHS, months_later
from newsportal.lib.charts import bars
from newsportal.lib.csvfile import csv_answer

from .pages import ArticlePages

CHARTED = 15
HEADS = ["篇数", "字数", "正文图片", "点击"]


class MonthField(forms.DateField):
    """A month, as its first day."""

    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m", attrs={"type": "month"})
        errors = {"invalid": "月份请写成 2026-11 的样子。", "required": "请填月份。"}
        super().__init__(input_formats=["%Y-%m"], widget=widget, error_messages=errors, **kwargs)


class StatisticsForm(forms.Form):
    first = MonthField(label="从")
    last = MonthField(label="到")
    group = forms.ChoiceField(label="按", choices=[(name, label) for name, (label, _) in GROUPS.items()])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", "结束的月份不能早于开始的月份。")
        elif first and last and not date(1990, 1, 1) <= first <= last <= date(2200, 1, 1):
            self.add_error("first", "请填 1990 年以后的月份。")
        elif first and last and months_later(first, MOST_MONTHS) <= last:
            self.add_error("last", f"一次最多统计 {MOST_MONTHS} 个月。")
        return cleaned


class StatisticsView(ArticlePages):
    """The page of the statistics, within the beats of whoever asks."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.statistics_view)
        return [path("statistics/", view, name="articles_article_statistics"), *super().get_urls()]

    def statistics_view(self, request):
        """A table of some months, this one at first; as CSV when the address asks for it."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        month = timezone.localdate().replace(day=1)
        chosen = {"first": f"{month:%Y-%m}", "last": f"{month:%Y-%m}", "group": "channel"}
        form = StatisticsForm({name: request.GET.get(name, value) for name, value in chosen.items()})
        context = {
            **self.admin_site.each_context(request),
            "title": "统计",
            "opts": self.opts,
            "form": form,
            "scope": beats.in_words(request.user),
            "heads": HEADS,
        }
        if form.is_valid():
            rows = statistics.table(request.user, **form.cleaned_data)
            group = GROUPS[form.cleaned_data["group"]][0]
            if request.GET.get("format") == "csv":
                lines = [[group, *HEADS], *(row.cells for row in rows)]
                return csv_answer(lines, name=f"statistics-{form['first'].value()}-{form['last'].value()}")
            charted = [(row.name, row.items) for row in rows[:CHARTED]]
            context |= {
                "group": group,
                "rows": rows,
                "total": statistics.total(rows),
                "chart": bars(charted, label=f"各{group}的篇数") if charted else "",
                "download": f"{request.GET.urlencode()}&format=csv" if request.GET else "format=csv",
            }
        return TemplateResponse(request, "admin/articles/article/statistics.html", context)
