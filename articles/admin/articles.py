"""Writing articles, and what is done with them besides: publishing what was reviewed, withdrawing."""

import re
from http import HTTPStatus

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from articles import beats, publishing, reviews, revisions
from articles.arrangement import SEARCHED
from articles.forms import ArticleForm
from articles.models import Article, ArticleReads, Channel, Credit, Review, Source
from articles.rendering import with_stories
from newsportal.lib.admin import OwnedInline, gathered, newest, thumbnail

from .keeping import KeepingViews, being_edited, with_editor
from .pages import BeatList
from .pasting import PastingViews
from .preflight import PreflightView
from .preview import PreviewPage
from .reviews import ReviewViews
from .revisions import RevisionViews
from .states import ArticleList, PublishedFilter, StateFilter, is_of_few, place_of
from .statistics import StatisticsView
from .stories import StoryPicker
from .workflow import WorkflowActions

# The number alone, or at the end of an address: /channel/2026/1101/12.html, 12_2.html.
NUMBER = re.compile(r"(?:^|/)([0-9]{1,18})(?:(?:_\w+)?\.html)?$")
SAVE_BUTTONS = {"_save", "_continue", "_addanother"}
# Django's name for the choice of actions at the head of a change form.
FORM_ACTION = f"{ActionLocation.CHANGE_FORM.value}-action"
COPY_HINT = "线上的文字不变：这份修改稿审完以后，一次替换上去；不要了可以放弃。"


class CreditInline(OwnedInline):
    model = Credit
    autocomplete_fields = ["author"]
    fields = ["role", "author", "position"]
    # Set by the article's admin where the text cannot be changed.
    is_closed = False

    def has_add_permission(self, request, obj=None):
        return not self.is_closed

    def has_change_permission(self, request, obj=None):
        return not self.is_closed

    def has_delete_permission(self, request, obj=None):
        return not self.is_closed


@admin.register(Article)
class ArticleAdmin(
    *[BeatList, KeepingViews, WorkflowActions, StatisticsView, PreviewPage, PreflightView, PastingViews],
    *[RevisionViews, ReviewViews, StoryPicker],
):
    form = ArticleForm
    inlines = [CreditInline]
    actions = ["submit", "publish", "withdraw", "republish", "unschedule"]
    autocomplete_fields = ["source", "cover", "video", "regions", "tags"]
    # Everything below is a range of an index, or stops after a page: no hierarchy of dates, which asks for all of
    # them, no sums beside the filters, no order but the one by number.
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    list_display = ["cover_image", "title", "channel", "state", "published_at", "reads", "modified_at"]
    list_display_links = ["title"]
    list_filter = [StateFilter, "channel", "origin", "ai_use", PublishedFilter]
    list_select_related = ["channel", "cover"]
    list_per_page = 50
    ordering = ["-id"]
    search_fields = ["title", "short_title"]
    search_help_text = f"按标题、短标题查找最近 {SEARCHED} 篇；按编号或网址查找任何一篇"
    show_full_result_count = False
    readonly_fields = [
        *["characters", "page_count", "address", "trace", "revisions_link", "reads", "text"],
        *["created_by", "created_at", "modified_at", "withdrawn_at"],
    ]
    written_fields = [
        *["kicker", "title", "subtitle", "short_title", "lead", "body", "channel", "regions", "tags", "cover", "video"],
        *["origin", "source", "source_url", "original_title", "duty_editor", "ai_use"],
    ]

    # --- What is shown ---

    def get_queryset(self, request):
        # A subquery, not a join: counting the list leaves it out.
        total = ArticleReads.objects.filter(article=OuterRef("pk")).values("total")
        own = beats.reaching(request.user, "pk") if is_of_few(request) else beats.within(request.user)
        queryset = super().get_queryset(request).filter(own)
        queryset = queryset.annotate(total_reads=Coalesce(Subquery(total), 0))
        if "object_id" in request.resolver_match.kwargs:
            return queryset.select_related("channel", "draft_of")
        # Lists, autocomplete: two long columns that nobody looks at.
        queryset = queryset.defer("body", "pages")
        if request.resolver_match.url_name == "autocomplete":
            # A working copy is placed nowhere: its article is.
            return queryset.filter(draft_of=None)
        return queryset.prefetch_related(
            Prefetch("draft_reviews", Review.objects.open(), to_attr="open_reviews"), being_edited("edit_lock")
        )

    def get_changelist(self, request, **kwargs):
        return ArticleList

    def get_search_results(self, request, queryset, search_term):
        """Titles among the newest, and the article whose number or address was typed. One query; for a number three."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, may_repeat
        recent, number = newest(found, SEARCHED), NUMBER.search(search_term.strip())
        if number:
            recent = gathered(queryset, recent, queryset.filter(pk=number[1]))
        return recent, may_repeat

    def get_fieldsets(self, request, obj=None):
        is_writing = self.is_writing(request, obj)
        is_changing = obj is not None and self.has_change_permission(request, obj)
        own = ["seen"] if is_changing else [] if obj else ["draft_key", "docx"]
        about_text = [
            ("标题", {"fields": ["kicker", "title", "subtitle", "short_title"]}),
            ("正文", {"fields": [*own, "lead", "body" if is_writing else "text"]}),
            ("归属", {"fields": ["channel", "regions", "tags", "cover", "video"]}),
            ("来源", {"fields": ["origin", "source", "source_url", "original_title"]}),
            (
                "署名",
                {"fields": ["duty_editor", "ai_use"], "description": "作者、记者、摄影等填在页面下方的“署名”里。"},
            ),
        ]
        if obj and obj.draft_of_id:
            about_text.insert(0, ("修改稿", {"fields": ["correction"] if is_writing else [], "description": COPY_HINT}))
        fieldsets = [*about_text, ("发布", {"fields": self.publication_fields(obj)})]
        if obj:
            derived = ["address", "trace", "revisions_link", ("characters", "page_count", "reads")]
            derived += ["created_by", ("created_at", "modified_at")]
            fieldsets.append(("资料", {"fields": derived}))
        return fieldsets

    def publication_fields(self, obj) -> list[str]:
        """What is decided beside the text. A working copy has none: its article keeps its own."""
        if obj is None or obj.status == Article.Status.DRAFT:
            return [] if obj and obj.draft_of_id else ["expires_at", "comments_open"]
        if obj.status == Article.Status.WITHDRAWN:
            return ["comments_open", "withdrawn_at", "withdrawn_reason"]
        return ["published_at", "expires_at", "updated_at", "comments_open"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user, form.restored = request.user, self.restored_of(request, obj)
        if obj:
            form.refusal = self.refusal_of(request, obj)
            form.reason = self.review_of(obj).reason if obj.draft_of_id and self.review_of(obj) else ""
        return form

    def get_changeform_initial_data(self, request):
        own = Source.objects.filter(is_own=True).values_list("pk", flat=True).first()
        return {"source": own} | super().get_changeform_initial_data(request)

    def get_readonly_fields(self, request, obj=None):
        names = list(self.readonly_fields)
        if not self.is_writing(request, obj):
            names += self.written_fields
        if not self.has_publish_permission(request):
            names += ["expires_at"]
        return names

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "channel":
            kwargs["queryset"] = Channel.objects.exclude(kind=Channel.Kind.LINK)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_inline_instances(self, request, obj=None):
        inlines = super().get_inline_instances(request, obj)
        if not self.is_writing(request, obj):
            for inline in inlines:
                inline.is_closed, inline.max_num = True, 0
        return inlines

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_published else None

    @admin.display(description="封面")
    def cover_image(self, obj):
        return thumbnail(obj.cover.picture if obj.cover else None)

    @admin.display(description="状态")
    def state(self, obj):
        return with_editor(place_of(obj), obj)

    @admin.display(description="正文")
    def text(self, obj):
        """The body as readers see it, where it cannot be changed."""
        shown = render_to_string("admin/articles/article/text.html", {"pages": with_stories(obj.rendered)})
        return format_html('<div class="reviewed-text" lang="zh-Hans">{}</div>', shown)

    @admin.display(description="留痕")
    def trace(self, obj):
        url = reverse("admin:articles_articleevent_changelist", query={"article__id__exact": obj.pk})
        return format_html('<a href="{}">发布、修改、更正和撤稿的记录</a>', url)

    @admin.display(description="阅读")
    def reads(self, obj):
        return obj.total_reads

    @admin.display(description="地址")
    def address(self, obj):
        if not obj.published_at:
            return "替换后仍是原来的地址" if obj.draft_of_id else "发布后生成"
        url = obj.get_absolute_url()
        return format_html('<a href="{0}">{0}</a>', url) if obj.is_published else url

    # --- Who may do what ---

    def review_of(self, obj) -> Review | None:
        """The review in hand of an article. One query for each object."""
        if not hasattr(obj, "kept_review"):
            obj.kept_review = reviews.in_hand(obj)
        return obj.kept_review

    def refusal_of(self, request, obj) -> str:
        """Why whoever asks cannot change the text now; empty when she can. Asked once for each object."""
        if not hasattr(obj, "kept_refusal"):
            obj.kept_refusal = reviews.refusal_to_write(request.user, obj, self.review_of(obj))
        return obj.kept_refusal

    def is_writing(self, request, obj) -> bool:
        """Whether the form holds the text: what is typed comes back, also from who may change it no more."""
        if obj is None or (request.method == "POST" and "title" in request.POST):
            return True
        return not self.refusal_of(request, obj)

    def has_change_permission(self, request, obj=None):
        """On its way through the reviews a text is changed by those whose turn it is; the form tells the others why."""
        may_change = super().has_change_permission(request, obj)
        if obj is None or not may_change:
            return may_change
        if obj.status == Article.Status.WITHDRAWN:
            return self.has_withdraw_permission(request)
        if obj.status == Article.Status.PUBLISHED:
            return self.has_publish_permission(request)
        if request.method == "POST":
            return reviews.takes_part(request.user, obj)
        return not self.refusal_of(request, obj)

    def reasons_to_keep(self, obj):
        if obj.status != Article.Status.DRAFT:
            return [f"《{obj}》发布过，读者可能收藏或转发过它的地址：请用“撤稿”，不要删除。"]
        if obj.draft_of_id:
            return [f"《{obj}》是修改稿：不要了请打开它，点“放弃修改”。"]
        if obj.reviews.exists():
            return [f"《{obj}》送过审，审稿的记录要保留，不能删除；不要了，留作草稿就可以。"]
        return [f"《{obj}》有留痕，不能删除。"] if obj.events.exists() else []

    # --- Saving ---

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST" or not object_id:
            return super().changeform_view(request, object_id, form_url, extra_context)
        # Against whoever signs or publishes the text at this moment.
        with transaction.atomic():
            # As the page itself will find it: that takes "+5" for 5.
            article = self.get_object(request, unquote(object_id))
            if article is not None:
                reviews.lock(article.draft_of_id or article.pk)
                article.refresh_from_db(fields=["version"])
                self.rebase_credits(request, article)
            if FORM_ACTION in request.POST:
                self.keep_unsaved(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        review = self.review_of(obj) if obj else None
        is_draft = obj is None or obj.status == Article.Status.DRAFT
        is_at_author = review is None or review.state == Review.State.WRITING
        context |= {
            "review": review,
            "may_submit": is_at_author and is_draft and self.is_writing(request, obj),
            "returned": reviews.last_return(review) if review and is_at_author else None,
            "copy": None if is_draft else reviews.copy_of(obj),
            "may_revise": not is_draft and self.may_revise(request, obj),
        }
        context |= self.keeping_context(request, obj, context["adminform"].form)
        answer = super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
        if context["conflict"]:
            answer.status_code = HTTPStatus.CONFLICT
        return answer

    def save_model(self, request, obj, form, change):
        publishing.save_article(obj, user=request.user)
        for finding in form.findings:
            self.message_user(request, str(finding), messages.WARNING)
        self.remind(request, obj, form.reminders)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        article = form.instance
        self.forget_unsaved(request, form, is_new=not change)
        publishing.index_article(article)
        if article.status != Article.Status.DRAFT:
            return
        revisions.keep(article, user=request.user)
        if article.draft_of_id:
            reviews.correct(article, form.cleaned_data["correction"])
        if reviews.follow_text(article):
            text = "文字改过，之前的签名随之失效：稿件回到一审，重新审。"
            self.message_user(request, text, messages.WARNING)
        if form.is_submission:
            self.hand_in(request, article)

    def hand_in(self, request, article: Article) -> None:
        """Submit what was just saved. The form has judged it: only what changed meanwhile can stand against it."""
        try:
            review = reviews.submit(article, user=request.user)
        except reviews.ReviewError as error:
            self.message_user(request, f"《{article}》已保存，没有送审：{error}", messages.ERROR)
            return
        self.log_change(request, article, "送审")
        self.message_user(request, f"《{article}》已送审，现在等{review.place}。", messages.SUCCESS)

    def response_add(self, request, obj, post_url_continue=None):
        return self.after_submission(request) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.after_submission(request) or super().response_change(request, obj)

    def after_submission(self, request) -> HttpResponseRedirect | None:
        if "_submit" not in request.POST:
            return None
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    def keep_unsaved(self, request, object_id) -> None:
        """Keep what was typed when an action is run on the form: Django would redirect, and it would be gone.

        Return in any field presses the first button of the form, "run", with no action chosen: it saves, as it does in
        every other form. An action on a form with changes becomes a save that the form refuses, saying why.
        """
        obj = self.get_object(request, object_id)
        if SAVE_BUTTONS & request.POST.keys() or obj is None or not self.has_change_permission(request, obj):
            return
        chosen = request.POST[FORM_ACTION]
        if chosen and not self.has_unsaved(request, obj):
            return
        request.POST = request.POST.copy()
        request.POST["_continue"] = "1"
        request.POST["unsaved_action"] = chosen

    def has_unsaved(self, request, obj) -> bool:
        form = self.get_form(request, obj, change=True)(request.POST, request.FILES, instance=obj)
        formsets, _ = self._create_formsets(request, obj, change=True)
        return form.has_changed() or any(formset.has_changed() for formset in formsets)
