"""The word desk: the words that the newsroom watches, what a word would have stopped, and many words at once."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from articles import words
from articles.models import ListedWord
from articles.word_forms import ManyWordsForm, WordTrialForm
from newsportal.lib.csvfile import csv_answer

HEADS = ["词语", "级别", "理由", "例外", "用于", "启用", "列入人", "列入时间"]


class ScopeFilter(admin.SimpleListFilter):
    title = "用于"
    parameter_name = "scope"

    def lookups(self, request, model_admin):
        return ListedWord.Scope.choices

    def queryset(self, request, queryset):
        column = ListedWord.COLUMNS.get(self.value())
        return queryset.filter(**{column: True}) if column else queryset


@admin.register(ListedWord)
class ListedWordAdmin(admin.ModelAdmin):
    list_display = ["word", "level", "scopes", "reason", "is_active", "created_by", "changed_at"]
    list_filter = ["level", ScopeFilter, "is_active"]
    list_select_related = ["created_by"]
    search_fields = ["word", "reason"]
    readonly_fields = ["created_by", "created_at", "changed_at"]
    fields = [
        *["word", "level", ("in_articles", "in_comments", "in_names"), "reason", "exceptions", "is_active"],
        *readonly_fields,
    ]

    def get_fields(self, request, obj=None):
        return self.fields if obj else [name for name in self.fields if name not in self.readonly_fields]

    @admin.display(description="用于")
    def scopes(self, obj):
        return "、".join(obj.scopes)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def get_urls(self):
        pages = [
            ("try/", self.trial_view, "articles_listedword_try"),
            ("many/", self.many_view, "articles_listedword_many"),
            ("download/", self.download_view, "articles_listedword_download"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def answer(self, request, name: str, context) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/articles/listedword/{name}.html", {**shared, **context})

    def trial_view(self, request):
        """What a word would have stopped in the last thirty days. Changes nothing, so the address may be shared."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = WordTrialForm(request.GET or None)
        is_asked = form.is_valid()
        context = {
            "title": "试用词语",
            "form": form,
            "trial": words.try_word(form.word_to_try) if is_asked else None,
            "listed": form.listed() if is_asked else None,
            "days": words.TRIED_DAYS,
            "may_add": self.has_add_permission(request),
        }
        return self.answer(request, "try", context)

    def many_view(self, request):
        """Many words at once: judged line by line first, and saved, all of them or none, when nothing is wrong."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ManyWordsForm(request.POST or None)
        if form.is_valid() and "_save" in request.POST:
            number = form.save(user=request.user)
            self.message_user(request, f"已列入 {number} 个词。", messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:articles_listedword_changelist"))
        return self.answer(request, "many", {"title": "批量列入", "form": form})

    def download_view(self, request):
        """The whole list as a table for a spreadsheet; the first four columns are what `many_view` takes back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = ListedWord.objects.select_related("created_by").order_by("-pk")
        lines = (line_of(word) for word in rows.iterator(chunk_size=500))
        return csv_answer([HEADS, *lines], name=f"words-{timezone.localdate():%Y%m%d}")


def line_of(word: ListedWord) -> list[str]:
    return [
        word.word,
        word.get_level_display(),
        word.reason,
        "；".join(word.phrases),
        "、".join(word.scopes),
        "是" if word.is_active else "否",
        str(word.created_by or "系统"),
        f"{timezone.localtime(word.created_at):%Y-%m-%d %H:%M}",
    ]
