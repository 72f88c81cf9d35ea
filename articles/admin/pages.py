"""What lists of articles, and the pages of one beside its form, have in common."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse

from articles import beats
from articles.models import Article
from newsportal.lib.admin import CappedPaginator, PublicModelAdmin, ShortPaginator


class BeatList(admin.ModelAdmin):
    """A list of which whoever has beats sees a part: picked from the newest on, and counted less far."""

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        paginator = ShortPaginator if beats.beats_of(request.user) else CappedPaginator
        return paginator(queryset, per_page, *args, **kwargs)


class ArticlePages(PublicModelAdmin):
    def seen_article(self, request, pk: int) -> Article:
        """The article, if whoever asks may see it. Raises Http404 and PermissionDenied."""
        article = self.get_object(request, str(pk))
        if article is None:
            raise Http404("没有这篇稿件。")
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def answer(self, request, article: Article, name: str, context: dict[str, Any]) -> TemplateResponse:
        """The page of a template in admin/articles/article/, which extends admin/form_page.html."""
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "original": article}
        return TemplateResponse(request, f"admin/articles/article/{name}.html", {**shared, **context})


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])
