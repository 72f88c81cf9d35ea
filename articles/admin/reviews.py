"""An article's way through the three reviews: the page where it is read and signed, its sheet, its buttons."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from articles import preflight, reviews, revisions, words
from articles.models import Article, Review, Signature, Step
from articles.rendering import with_stories
from articles.review_forms import ReleaseForm, SignForm
from articles.trace import text_digest

from .pages import ArticlePages, change_url

State = Review.State
QUEUE = "admin:articles_review_changelist"


class ReviewViews(ArticlePages):
    """The pages and buttons of an article's way through the reviews, for whoever may see the article."""

    admin_site: AdminSite

    def get_urls(self):
        pages = [
            ("<int:pk>/review/", self.review_view, "articles_article_review"),
            ("<int:pk>/sheet/", self.sheet_view, "articles_article_sheet"),
            ("<int:pk>/release/", require_POST(self.release_view), "articles_article_release"),
            ("<int:pk>/recall/", require_POST(self.recall_view), "articles_article_recall"),
            ("<int:pk>/revise/", require_POST(self.revise_view), "articles_article_revise"),
            ("<int:pk>/drop/", require_POST(self.drop_view), "articles_article_drop"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    def may_revise(self, request: HttpRequest, article: Article) -> bool:
        """Whether who asks may begin a change of what readers have: its author, and who edits others' texts."""
        is_own = article.created_by_id == request.user.pk
        return (is_own or request.user.has_perm(reviews.EDITING)) and self.has_change_permission(request)

    # --- Reading and signing ---

    def review_view(self, request, pk):
        """The text under review, what changed in it, what is doubtful, who signed; and the form of who signs now."""
        article = self.seen_article(request, pk)
        review = reviews.open_review(article)
        if review is None:
            raise Http404("这篇稿件不在审。")
        # Read with the review: what is shown is the revision that the form names.
        article = review.draft
        refusal = reviews.refusal_to_sign(review, request.user)
        form = None
        if not refusal:
            form = SignForm(request.POST if request.method == "POST" else None, review=review, user=request.user)
            if form.is_valid() and (answer := self.sign(request, review, form)):
                return answer
        elif request.method == "POST":
            # Signed meanwhile, or never hers to sign: said, and nothing done.
            self.message_user(request, refusal, messages.ERROR)
            return HttpResponseRedirect(request.path)
        context = self.review_context(request, article, review)
        return self.answer(request, article, "review", {**context, "form": form, "refusal": refusal})

    def review_context(self, request, article: Article, review: Review) -> dict[str, Any]:
        signatures = list(review.signatures.select_related("reviewer", "revision").order_by("pk"))
        old, new, since = self.compared(request, review, signatures)
        return {
            "title": f"{review.place}：{article}",
            "review": review,
            "pages": with_stories(article.rendered),
            "signatures": signatures,
            "standing": reviews.standing(review, signatures),
            "since": since,
            "changes": revisions.changes(old, new) if old else [],
            "lacks": preflight.lacks_of(article),
            "findings": preflight.findings(article),
            "words": words.findings_in(article),
            "may_recall": reviews.may_recall(review, request.user),
            "may_release": review.state == State.PASSED and request.user.has_perm(reviews.PUBLISHING),
            "release_form": ReleaseForm(),
            "neighbours": neighbours(request, review),
        }

    def compared(
        self, request, review: Review, signatures: list[Signature]
    ) -> tuple[revisions.Content | None, revisions.Content, str]:
        """(before, now, what "before" is in words): what who asks signed or saw last, or what readers have."""
        new = review.revision.content if review.revision else revisions.content_of(review.draft)
        signed = [signature.revision for signature in signatures if signature.user_id == request.user.pk]
        seen = reviews.see(review, user=request.user) if review.revision else None
        for revision in [*signed[-1:], *([seen] if seen else [])]:
            if revision.pk != review.revision_id:
                return revision.content, new, f"你上次看的{revision}"
        if review.is_change:
            return revisions.content_of(review.article), new, "线上的文字"
        return None, new, ""

    def sign(self, request, review: Review, form: SignForm) -> HttpResponse | None:
        """Sign as the form says, and publish if it says so. None, the reason in the form, when it cannot be done."""
        values, is_return = form.cleaned_data, "_return" in form.data
        title, following = str(review.draft), neighbours(request, review)["next"]
        try:
            signed = reviews.sign(
                review,
                user=request.user,
                step=values["step"],
                revision=values["revision"],
                verdict=Signature.Verdict.RETURN if is_return else Signature.Verdict.PASS,
                note=values["note"],
                returned_to=values["returned_to"] if is_return else None,
                duty_editor=values.get("duty_editor", ""),
            )
        except reviews.ReviewError as error:
            form.add_error(None, str(error))
            return None
        step = Step(values["step"]).label
        done = f"{step}退回给{Step(values['returned_to']).label}" if is_return else f"{step}通过"
        self.log_change(request, review.article, done)
        self.message_user(request, f"《{title}》{done}。", messages.SUCCESS)
        wanted = values.get("publication")
        if signed.state == State.PASSED and wanted in {"now", "at"}:
            self.publish_signed(request, signed, at=values["at"] if wanted == "at" else None)
        return HttpResponseRedirect(following or reverse(QUEUE))

    def publish_signed(self, request, review: Review, *, at=None) -> Article | None:
        """Publish what has passed; None, with a message, when something stands against it."""
        title, is_change = str(review.draft), review.is_change
        try:
            article = reviews.release(review, user=request.user, at=at)
        except reviews.ReviewError as error:
            self.message_user(request, f"《{title}》没有发布：{error}", messages.ERROR)
            return None
        done = "已替换线上的文字" if is_change else "已定时" if at else "已发布"
        self.log_change(request, article, done)
        self.message_user(request, f"《{title}》{done}。", messages.SUCCESS)
        if not is_change:
            self.remind(request, article, preflight.findings(article))
        return article

    def sheet_view(self, request, pk):
        """审稿单: every passage of the article through the reviews, to be printed and filed."""
        article = self.seen_article(request, pk)
        subject = article.draft_of or article
        passages = subject.reviews.select_related("submitted_by", "revision").order_by("pk")
        passages = passages.prefetch_related("signatures__reviewer", "signatures__revision")
        context = {
            "title": f"审稿单：{subject}",
            "article": subject,
            "passages": [
                (review, reviews.standing(review, review.signatures.all()))
                for review in passages
                if review.submitted_at
            ],
            "events": subject.events.select_related("user").order_by("number"),
            "text_digest": text_digest(subject),
        }
        return self.answer(request, article, "sheet", context)

    # --- Buttons ---

    def release_view(self, request, pk):
        article = self.seen_article(request, pk)
        if not request.user.has_perm(reviews.PUBLISHING):
            raise PermissionDenied
        review, form = reviews.in_hand(article), ReleaseForm(request.POST)
        if review is None:
            self.message_user(request, "这篇稿件不在审，没有什么可以发布。", messages.ERROR)
            return HttpResponseRedirect(reverse(QUEUE))
        if not form.is_valid():
            self.message_user(request, form.errors["at"][0], messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_article_review", args=[pk]))
        published = self.publish_signed(request, review, at=form.cleaned_data["at"])
        return HttpResponseRedirect(change_url(published or article))

    def recall_view(self, request, pk):
        article = self.seen_article(request, pk)
        review = reviews.in_hand(article)
        if review is None:
            raise Http404("这篇稿件不在审。")
        return self.do_step(request, article, "撤回送审", lambda: reviews.recall(review, user=request.user) and article)

    def revise_view(self, request, pk):
        article = self.seen_article(request, pk)
        if not self.may_revise(request, article):
            raise PermissionDenied
        return self.do_step(request, article, "起修改稿", lambda: reviews.start_change(article, user=request.user))

    def drop_view(self, request, pk):
        copy = self.seen_article(request, pk)
        if not copy.draft_of_id:
            raise Http404("这不是修改稿。")
        return self.do_step(request, copy, "放弃修改", lambda: reviews.drop_change(copy, user=request.user))

    def do_step(self, request, article: Article, name: str, step) -> HttpResponse:
        """Do what a button says, and go where `step` leads: to the article that it returns."""
        subject = article.draft_of or article
        try:
            target = step()
        except reviews.ReviewError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(change_url(article))
        self.log_change(request, subject, name)
        self.message_user(request, f"《{subject}》已{name}。", messages.SUCCESS)
        return HttpResponseRedirect(change_url(target))


def neighbours(request, review: Review) -> dict[str, str]:
    """The review pages before and after this one in the user's queue; empty where there is none. One query, or two."""
    queue = list(reviews.waiting_for(request.user).values_list("pk", "draft_id")[:500])
    at = next((index for index, (pk, _) in enumerate(queue) if pk == review.pk), None)
    if at is None:
        return {"previous": "", "next": "", "of": str(len(queue))}
    around = {"previous": queue[at - 1 : at] if at else [], "next": queue[at + 1 : at + 2]}
    found = {
        name: reverse("admin:articles_article_review", args=[rows[0][1]]) if rows else ""
        for name, rows in around.items()
    }
    return {**found, "at": str(at + 1), "of": str(len(queue))}
