"""Looking at an article's revisions, comparing two, and bringing one back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html

from articles import publishing, revisions, words
from articles.forms import RestoreForm
from articles.models import Article, Revision

from .pages import ArticlePages

PER_PAGE = 50


class RevisionViews(ArticlePages):
    """The pages of an article's revisions, for whoever may see the article; who may change it may bring one back."""

    def get_urls(self):
        pages = [
            ("<int:pk>/revisions/", self.revisions_view, "articles_article_revisions"),
            ("<int:pk>/revisions/<int:number>/restore/", self.restore_view, "articles_article_restore"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def revisions_view(self, request, pk):
        """All revisions, the newest first, and two of them side by side: those chosen, or the last two."""
        article = self.seen_article(request, pk)
        page = Paginator(article.revisions.order_by("-number").select_related("user"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        old, new = chosen(request, article)
        context = {
            "title": f"修订：{article}",
            "page": page,
            "old": old,
            "new": new,
            "changes": revisions.changes(old.content, new.content) if old and new else [],
            "may_restore": self.has_change_permission(request, article),
            "newest": article.revisions.order_by("-number").values_list("number", flat=True).first(),
        }
        return self.answer(request, article, "revisions", context)

    def restore_view(self, request, pk, number):
        """Show what bringing a revision back would change, and do it."""
        article = self.seen_article(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        revision = get_object_or_404(article.revisions, number=number)
        may_release = words.may_release(request.user)
        data = request.POST if request.method == "POST" else None
        form = RestoreForm(data, article=article, revision=revision, may_release=may_release)
        if form.is_valid():
            lost = publishing.restore(article, revision, user=request.user, reason=form.cleaned_data["correction"])
            self.log_change(request, article, f"恢复到{revision}")
            self.message_user(request, f"《{article}》已恢复到{revision}的内容。", messages.SUCCESS)
            if lost:
                self.message_user(request, f"这些已经不在库里，没有恢复：{'；'.join(lost)}。", messages.WARNING)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        context = {
            "title": f"恢复到{revision}：{article}",
            "revision": revision,
            "form": form,
            "is_public": article.is_published,
            "changes": revisions.changes(revisions.content_of(article), revision.content),
        }
        return self.answer(request, article, "restore", context)

    @admin.display(description="修订")
    def revisions_link(self, obj):
        url = reverse("admin:articles_article_revisions", args=[obj.pk])
        return format_html('<a href="{}">对照各版，恢复旧稿</a>', url)


def chosen(request, article: Article) -> tuple[Revision | None, Revision | None]:
    """(older, newer) of the two revisions that the address names, or of the last two; None where there is no second."""
    numbers = [request.GET.get(name, "") for name in ("old", "new")]
    wanted = {int(number) for number in numbers if number.isdecimal() and len(number) < 10}
    found = list(article.revisions.filter(number__in=wanted).order_by("number")) if wanted else []
    if not wanted:
        found = list(article.revisions.order_by("-number")[:2])[::-1]
    return (found[0], found[1]) if len(found) == 2 else (None, found[-1] if found else None)
