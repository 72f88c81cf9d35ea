"""The word desk: the words that the newsroom watches, and what a word would have stopped."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path

from articles import words
from articles.forms import WordTrialForm
from articles.models import ListedWord


@admin.register(ListedWord)
class ListedWordAdmin(admin.ModelAdmin):
    list_display = ["word", "level", "reason", "is_active", "created_by", "changed_at"]
    list_filter = ["level", "is_active"]
    list_select_related = ["created_by"]
    search_fields = ["word", "reason"]
    readonly_fields = ["created_by", "created_at", "changed_at"]
    fields = ["word", "level", "reason", "exceptions", "is_active", *readonly_fields]

    def get_fields(self, request, obj=None):
        return self.fields if obj else [name for name in self.fields if name not in self.readonly_fields]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def get_urls(self):
        trial = self.admin_site.admin_view(self.trial_view)
        return [path("try/", trial, name="articles_listedword_try"), *super().get_urls()]

    def trial_view(self, request):
        """What a word would have stopped in the last thirty days. Changes nothing, so the address may be shared."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = WordTrialForm(request.GET or None)
        context = self.admin_site.each_context(request) | {
            "title": "试用词语",
            "opts": self.opts,
            "form": form,
            "trial": words.try_word(form.word_to_try) if form.is_valid() else None,
            "days": words.TRIED_DAYS,
            "may_add": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/articles/listedword/try.html", context)
