"""Looking at an article's revisions, comparing two, and bringing one back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html

from articles import reviews, revisions
from articles.forms import RestoreForm
from articles.models import Article, Revision

from .pages import change_url
from .reviews import ReviewViews

PER_PAGE = 50


class RevisionViews(ReviewViews):
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
        page = Paginator(revisions.of(article).order_by("-number").select_related("user"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        old, new = chosen(request, article)
        context = {
            "title": f"修订：{article}",
            "page": page,
            "old": old,
            "new": new,
            "changes": revisions.changes(old.content, new.content) if old and new else [],
            "may_restore": self.may_restore(request, article),
            "marks": marks(article, page),
        }
        return self.answer(request, article, "revisions", context)

    def may_restore(self, request, article: Article) -> bool:
        is_draft = article.status == Article.Status.DRAFT
        return self.has_change_permission(request, article) if is_draft else self.may_revise(request, article)

    def restore_view(self, request, pk, number):
        """Show what bringing a revision back would change, and do it: in a draft, or in a working copy of it."""
        article = self.seen_article(request, pk)
        if not self.may_restore(request, article):
            raise PermissionDenied
        revision = get_object_or_404(revisions.of(article), number=number)
        form = RestoreForm(request.POST if request.method == "POST" else None, article=article)
        if form.is_valid() and (answer := self.restore(request, article, revision, form)):
            return answer
        context = {
            "title": f"恢复到{revision}：{article}",
            "revision": revision,
            "form": form,
            "is_public": article.status != Article.Status.DRAFT,
            "changes": revisions.changes(revisions.content_of(article), revision.content),
        }
        return self.answer(request, article, "restore", context)

    def restore(self, request, article: Article, revision: Revision, form: RestoreForm) -> HttpResponse | None:
        """None, with the reason in the form, when the revision cannot come back now."""
        correction = form.cleaned_data.get("correction", "").strip()
        try:
            draft, lost = reviews.restore(article, revision, user=request.user, correction=correction)
        except reviews.ReviewError as error:
            form.add_error(None, str(error))
            return None
        self.log_change(request, article.draft_of or article, f"恢复到{revision}")
        where = "修改稿" if draft.draft_of_id else f"《{draft}》"
        self.message_user(request, f"{where}已恢复到{revision}的内容。", messages.SUCCESS)
        if lost:
            self.message_user(request, f"这些已经不在库里，没有恢复：{'；'.join(lost)}。", messages.WARNING)
        return HttpResponseRedirect(change_url(draft))

    @admin.display(description="修订")
    def revisions_link(self, obj):
        url = reverse("admin:articles_article_revisions", args=[obj.pk])
        return format_html('<a href="{}">对照各版，恢复旧稿</a>', url)


def chosen(request, article: Article) -> tuple[Revision | None, Revision | None]:
    """(older, newer) of the two revisions that the address names, or of the last two; None where there is no second."""
    numbers = [request.GET.get(name, "") for name in ("old", "new")]
    wanted = {int(number) for number in numbers if number.isdecimal() and len(number) < 10}
    found = list(revisions.of(article).filter(number__in=wanted).order_by("number")) if wanted else []
    if not wanted:
        found = list(revisions.of(article).order_by("-number")[:2])[::-1]
    return (found[0], found[1]) if len(found) == 2 else (None, found[-1] if found else None)


def marks(article: Article, page) -> dict[int, str]:
    """What the newest of the page's revisions that say the same as a row are: what is written, what readers have."""
    rows = {"现在": article}
    if article.draft_of_id:
        rows = {"修改稿": article, "线上": article.draft_of}
    elif article.status != Article.Status.DRAFT:
        rows = {"线上": article}
    found: dict[int, str] = {}
    for mark, row in rows.items():
        content = revisions.bare(revisions.content_of(row))
        same = next((revision for revision in page.object_list if revisions.bare(revision.content) == content), None)
        if same is not None:
            found[same.number] = f"{found[same.number]}、{mark}" if same.number in found else mark
    return found
