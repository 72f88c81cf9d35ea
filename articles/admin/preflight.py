"""The check before publication, and which of its points stop an article on this site."""

from collections.abc import Sequence

from django.contrib import admin, messages
from django.urls import path, reverse
from django.utils.html import format_html

from articles import preflight, words
from articles.models import Article, PreflightRule

from .pages import ArticlePages


@admin.register(PreflightRule)
class PreflightRuleAdmin(admin.ModelAdmin):
    """The points of the check are the code's; what each of them does is the site's."""

    list_display = ["rule", "level"]
    list_display_links = None
    list_editable = ["level"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class PreflightView(ArticlePages):
    """The page of an article's check, for whoever may see the article."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.preflight_view)
        return [path("<int:pk>/preflight/", view, name="articles_article_preflight"), *super().get_urls()]

    def preflight_view(self, request, pk):
        """All that is missing or doubtful in the article as it was saved; asked by POST, its links to other sites."""
        article = self.seen_article(request, pk)
        found, others = words.findings_in(article), preflight.other_links(article)
        context = {
            "title": f"发布前体检：{article}",
            "lacks": [(Article.label_of(name), name, message) for name, message in preflight.lacks_of(article)],
            "words": found,
            "stopping_words": words.stopping(found, may_release=words.may_release(request.user)),
            "findings": preflight.findings(article),
            "asks_others": request.method == "POST",
            "others": others,
            "most_asked": preflight.MOST_ASKED,
            "broken": preflight.broken_links(others) if request.method == "POST" else [],
        }
        return self.answer(request, article, "preflight", context)

    def remind(self, request, article: Article, found: Sequence[preflight.Finding]) -> None:
        """Tell in one message what is doubtful in an article that goes to readers all the same, now or in time."""
        if found:
            url = reverse("admin:articles_article_preflight", args=[article.pk])
            told = "".join(finding.message for finding in found[:3])
            more = f"共 {len(found)} 处，" if len(found) > 3 else ""
            text = '《{}》体检提醒：{} {}<a href="{}">看体检结果</a>'
            self.message_user(request, format_html(text, article, told, more, url), messages.WARNING)
