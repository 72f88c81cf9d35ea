"""待我审: what waits for whom, the oldest first."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import ExpressionWrapper, F, IntegerField, OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince

from articles import beats, reviews
from articles.beats import LOOKED_THROUGH
from articles.models import Review, ReviewSight, Signature, Step
from articles.review_forms import ReturnForm
from newsportal.lib.admin import NewestFirst, RecordAdmin, gathered, newest
from newsportal.lib.keys import is_key, keys_in

from .keeping import being_edited, with_editor
from .pages import BeatList

MOST_AT_ONCE, SEARCHED = 100, 20_000
State = Review.State
QUEUES = {
    None: "待我审",
    "ready": "待发布",
    "mine": "我送审的",
    "open": "全部在审",
    "owed": "欠审",
    "closed": "已审结",
}


class QueueFilter(admin.SimpleListFilter):
    """Whose turn it is; at first, one's own."""

    title = "队列"
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return list(QUEUES.items())

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value} if value else {}, [self.parameter_name])
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request, queryset):
        match self.value():
            case None:
                return reviews.waiting_for(request.user, among=queryset)
            case "ready":
                return queryset.filter(state=State.PASSED)
            case "mine":
                # Asked of what is open, row by row: by its index SQLite would take all that she handed in in years.
                sender = ExpressionWrapper(F("submitted_by") + 0, output_field=IntegerField())
                return queryset.alias(sender=sender).filter(state__in=Review.OPEN, sender=request.user.pk)
            case "open":
                return queryset.filter(state=State.WAITING)
            case "owed":
                return queryset.filter(state__in=[State.OWED, State.REFUSED])
            case "closed":
                # By the index of what is closed, whose order is the list's; a refused one waits for its author.
                closed = queryset.filter(closed_at__isnull=False).exclude(submitted_at=None)
                if beats.beats_of(request.user) and not request.GET.get("q"):
                    closed = newest(closed, LOOKED_THROUGH)
                return closed.exclude(state__in=Review.OPEN)
        return queryset.none()


class ReviewList(NewestFirst):
    """What has waited longest first; of what is closed, what was closed last."""

    def get_ordering(self, request, queryset):
        return ["-closed_at", "-id"] if is_closed(request) else super().get_ordering(request, queryset)


def is_closed(request) -> bool:
    """Whether the list that is asked for is the one of closed reviews: it grows with the archive."""
    return request.GET.get(QueueFilter.parameter_name) == "closed"


@admin.register(Review)
class ReviewAdmin(BeatList, RecordAdmin):
    """The queue: read on each article's review page, passed and returned there, or here when it was read there."""

    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    ordering = ["waiting_since", "id"]
    list_display = ["title", "channel", "kind", "place", "submitted_by", "waits", "seen"]
    list_display_links = None
    list_filter = [QueueFilter]
    list_per_page = 50
    list_select_related = ["article", "draft__channel", "submitted_by", "revision"]
    search_fields = ["article__id__exact", "draft__title"]
    search_help_text = f"按稿件编号或标题查找；已审结的，标题只找最近 {SEARCHED} 件；"
    search_help_text += f"分管部分栏目或地区的，已审结只列最近 {LOOKED_THROUGH} 件里的"
    actions = ["sign_selected", "return_selected"]
    fields = readonly_fields = ["article", "state", "step", "needed", "reason", "submitted_by", "submitted_at"]

    class Media:
        css = {"all": ["admin_site/keeping.css"]}

    def get_queryset(self, request):
        sights = ReviewSight.objects.filter(review=OuterRef("pk"), user=request.user)
        queryset = super().get_queryset(request).filter(beats.reaching(request.user, "article"))
        queryset = queryset.annotate(
            seen_revision=Subquery(sights.values("revision")), seen_number=Subquery(sights.values("revision__number"))
        )
        queryset = queryset.exclude(state=State.WRITING, submitted_at=None).defer(
            *[f"{row}__{name}" for row in ("article", "draft") for name in ("body", "pages")], "revision__content"
        )
        return queryset.prefetch_related(being_edited("draft__edit_lock"))

    def get_changelist(self, request, **kwargs):
        return ReviewList

    def get_search_results(self, request, queryset, search_term):
        """Everything of a queue; of what is closed, titles among the newest, and those of any article by its number."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        if not term or not is_closed(request):
            return found, may_repeat
        by_number = [queryset.filter(article=term)] if is_key(term) else []
        return gathered(queryset, newest(found, SEARCHED), *by_number), may_repeat

    def changelist_view(self, request, extra_context=None):
        title = QUEUES.get(request.GET.get(QueueFilter.parameter_name), QUEUES[None])
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def has_sign_permission(self, request):
        return any(request.user.has_perm(permission) for permission in reviews.SIGNING.values())

    # --- Columns ---

    @admin.display(description="稿件")
    def title(self, obj):
        article = obj.draft or obj.article
        page = "review" if obj.state in Review.OPEN and obj.submitted_at else "sheet"
        url = reverse(f"admin:articles_article_{page}", args=[article.pk])
        return format_html('<a href="{}">{}</a>', url, article)

    @admin.display(description="栏目")
    def channel(self, obj):
        return (obj.draft or obj.article).channel

    @admin.display(description="类别")
    def kind(self, obj):
        return obj.kind

    @admin.display(description="审次")
    def place(self, obj):
        return with_editor(obj.place, obj.draft)

    @admin.display(description="已等", ordering="waiting_since")
    def waits(self, obj):
        if obj.closed_at or obj.waiting_since is None:
            return "—"
        moment = timezone.localtime(obj.waiting_since)
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), timesince(moment, depth=1))

    @admin.display(description="你看过")
    def seen(self, obj):
        if obj.revision is None or obj.seen_revision is None:
            return "还没有看"
        if obj.seen_revision == obj.revision_id:
            return f"看过{obj.revision}"
        url = reverse(
            "admin:articles_article_revisions",
            args=[(obj.draft or obj.article).pk],
            query={"old": obj.seen_number, "new": obj.revision.number},
        )
        return format_html('看过第 {} 版，<a href="{}">看后来的改动</a>', obj.seen_number, url)

    # --- Many at once ---

    @admin.action(description="通过所选（看过现在这一版的）", permissions=["sign"])
    def sign_selected(self, request, queryset):
        """Pass each that was read as it is now; say of each other why not."""
        done = 0
        for review in queryset[:MOST_AT_ONCE]:
            title = str(review.draft or review.article)
            try:
                if review.seen_revision != review.revision_id:
                    raise reviews.ReviewError("你还没有看过现在这一版，请先打开看。")
                reviews.sign(review, user=request.user, step=review.step, revision=review.revision_id)
            except reviews.ReviewError as error:
                self.message_user(request, f"《{title}》没有签：{error}", messages.ERROR)
            else:
                self.note(request, review, f"{Step(review.step).label}通过")
                done += 1
        self.tell_number(request, f"已通过 {done} 篇。", done)

    @admin.action(description="退回所选给作者", permissions=["sign"])
    def return_selected(self, request, queryset):
        """Ask for the note on a page of its own: `return_view` does the work."""
        ids = ",".join(str(pk) for pk in queryset.values_list("pk", flat=True)[:MOST_AT_ONCE])
        return HttpResponseRedirect(reverse("admin:articles_review_return", query={"ids": ids}))

    def get_urls(self):
        back = self.admin_site.admin_view(self.return_view)
        return [path("return/", back, name="articles_review_return"), *super().get_urls()]

    def return_view(self, request):
        if not self.has_sign_permission(request):
            raise PermissionDenied
        ids = keys_in(request.GET.get("ids", ""))
        chosen = list(self.get_queryset(request).filter(pk__in=ids[:MOST_AT_ONCE]).select_related("draft", "article"))
        form = ReturnForm(request.POST or None)
        if chosen and form.is_valid():
            self.return_all(request, chosen, form.cleaned_data["note"])
        if not chosen or form.is_valid():
            return HttpResponseRedirect(reverse("admin:articles_review_changelist"))
        context = {"title": "退回给作者", "opts": self.opts, "reviews": chosen, "form": form}
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, "admin/articles/review/return.html", context)

    def return_all(self, request, chosen: list[Review], note: str) -> None:
        done = 0
        for review in chosen:
            title = str(review.draft or review.article)
            try:
                reviews.sign(
                    review,
                    user=request.user,
                    step=review.step,
                    revision=review.revision_id,
                    verdict=Signature.Verdict.RETURN,
                    note=note,
                    returned_to=Step.AUTHOR,
                )
            except reviews.ReviewError as error:
                self.message_user(request, f"《{title}》没有退回：{error}", messages.ERROR)
            else:
                self.note(request, review, f"{Step(review.step).label}退回给作者")
                done += 1
        self.tell_number(request, f"已退回 {done} 篇。", done)

    def note(self, request, review: Review, text: str) -> None:
        """Write it into the article's history, where its editors look."""
        self.admin_site.get_model_admin(type(review.article)).log_change(request, review.article, text)

    def tell_number(self, request, text: str, done: int) -> None:
        if done:
            self.message_user(request, text, messages.SUCCESS)
