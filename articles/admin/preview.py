"""Showing an article as readers will see it, at any width, and a link for somebody outside."""

from django.conf import settings
from django.urls import path
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from articles.views.preview import preview_link

from .pages import ArticlePages

# The page holds the preview in a frame.
FRAMING = {**settings.SECURE_CSP, "frame-src": [CSP.SELF]}


class PreviewPage(ArticlePages):
    """The page of an article's preview, for whoever may see the article."""

    def get_urls(self):
        view = csp_override(FRAMING)(self.admin_site.admin_view(self.preview_view))
        return [path("<int:pk>/preview/", view, name="articles_article_preview"), *super().get_urls()]

    def preview_view(self, request, pk):
        """The article as it was saved last, in a frame of any width, and a new link to it."""
        article = self.seen_article(request, pk)
        link, until = preview_link(article)
        context = {
            "title": f"预览：{article}",
            "is_published": article.is_published,
            "link": link,
            "address": f"{settings.SITE_URL}{link}",
            "until": until,
            "widths": [("375", "手机"), ("768", "平板"), ("1440", "电脑")],
        }
        return self.answer(request, article, "preview", context)
