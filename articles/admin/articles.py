"""Writing, publishing and withdrawing articles."""

import re

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from articles import preflight, publishing, revisions, words
from articles.forms import ArticleForm, WithdrawForm, lacks_of
from articles.models import Article, ArticleReads, Channel, Credit, Source
from newsportal.lib.admin import CappedPaginator, NewestFirst, OwnedInline, thumbnail

from .preflight import PreflightView
from .preview import PreviewPage
from .revisions import RevisionViews

# Titles are looked through, not indexed: so many of the newest. Any article is found by its number or address.
SEARCHED = 20_000
MOST_WITHDRAWN_AT_ONCE = 100
# The number alone, or at the end of an address: /channel/2026/1101/12.html, 12_2.html.
NUMBER = re.compile(r"(?:^|/)([0-9]{1,18})(?:(?:_\w+)?\.html)?$")
SAVE_BUTTONS = {"_save", "_continue", "_addanother"}
# Django's name for the choice of actions at the head of a change form.
FORM_ACTION = f"{ActionLocation.CHANGE_FORM.value}-action"
BOTH_PLACES = [ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST]


class StateFilter(admin.SimpleListFilter):
    """The state as readers meet it: what the clock decides is told apart, which `status` alone does not."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("draft", "草稿"),
            ("scheduled", "定时发布"),
            ("public", "已发布"),
            ("expired", "已下线"),
            ("withdrawn", "已撤稿"),
        ]

    def queryset(self, request, queryset):
        status, now = Article.Status, timezone.now()
        published = queryset.filter(status=status.PUBLISHED)
        match self.value():
            case "draft":
                return queryset.filter(status=status.DRAFT)
            case "scheduled":
                return published.filter(published_at__gt=now)
            case "public":
                return published.filter(published_at__lte=now).exclude(expires_at__lte=now)
            case "expired":
                return published.filter(expires_at__lte=now)
            case "withdrawn":
                return queryset.filter(status=status.WITHDRAWN)
        return queryset


def state_of(article: Article) -> str:
    """The state in words: 定时 for what the clock will publish, 已下线 for what it took off."""
    if article.status != Article.Status.PUBLISHED:
        return article.get_status_display()
    if article.published_at > timezone.now():
        return f"定时 {timezone.localtime(article.published_at):%m-%d %H:%M}"
    if article.is_gone:
        return "已下线"
    return "栏目已隐藏" if article.channel.is_hidden else "已发布"


class CreditInline(OwnedInline):
    model = Credit
    autocomplete_fields = ["author"]
    fields = ["role", "author", "position"]


@admin.register(Article)
class ArticleAdmin(PreviewPage, PreflightView, RevisionViews):
    form = ArticleForm
    inlines = [CreditInline]
    actions = ["publish", "withdraw"]
    autocomplete_fields = ["source", "cover", "video", "regions", "tags"]
    paginator = CappedPaginator
    # Everything below is a range of an index, or stops after a page: no hierarchy of dates, which asks for all of
    # them, no sums beside the filters, no order but the one by number.
    show_facets = admin.ShowFacets.NEVER
    sortable_by = []
    list_display = ["cover_image", "title", "channel", "state", "published_at", "reads", "modified_at"]
    list_display_links = ["title"]
    list_filter = [StateFilter, "channel", "origin", "ai_use", "published_at"]
    list_select_related = ["channel", "cover"]
    list_per_page = 50
    ordering = ["-id"]
    search_fields = ["title", "short_title"]
    search_help_text = f"按标题、短标题查找最近 {SEARCHED} 篇；按编号或网址查找任何一篇"
    show_full_result_count = False
    readonly_fields = [
        *["characters", "page_count", "address", "trace", "revisions_link", "reads"],
        *["created_by", "created_at", "modified_at", "withdrawn_at"],
    ]
    # Fields that put something before readers, or take it from them.
    publishing_fields = ["status", "published_at", "expires_at", "updated_at"]

    # --- What is shown ---

    def get_queryset(self, request):
        # A subquery, not a join: counting the list leaves it out.
        total = ArticleReads.objects.filter(article=OuterRef("pk")).values("total")
        queryset = super().get_queryset(request).annotate(total_reads=Coalesce(Subquery(total), 0))
        if "object_id" in request.resolver_match.kwargs:
            return queryset.select_related("channel")
        # Lists, autocomplete: two long columns that nobody looks at.
        return queryset.defer("body", "pages")

    def get_changelist(self, request, **kwargs):
        return NewestFirst

    def get_search_results(self, request, queryset, search_term):
        """Titles among the newest, and the article whose number or address was typed. One query for the newest."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, may_repeat
        newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        recent = found.filter(pk__gt=newest - SEARCHED)
        number = NUMBER.search(search_term.strip())
        return recent | queryset.filter(pk=number[1]) if number else recent, may_repeat

    def get_fieldsets(self, request, obj=None):
        may_edit = self.has_change_permission(request, obj) if obj else True
        publication = [*self.publishing_fields, "comments_open"]
        # Also where it was typed while readers could still open the article: it comes back with the reason against it.
        if obj and may_edit and (obj.is_published or request.POST.get("correction")):
            publication.append("correction")
        if obj and obj.status == Article.Status.WITHDRAWN:
            publication += ["withdrawn_at", "withdrawn_reason"]
        hint = "" if self.has_publish_permission(request) else "你可以保存草稿；发布由有发布权限的编辑完成。"
        fieldsets = [
            ("标题", {"fields": ["kicker", "title", "subtitle", "short_title"]}),
            ("正文", {"fields": ["lead", "body", *(["seen"] if obj and may_edit else [])]}),
            ("归属", {"fields": ["channel", "regions", "tags", "cover", "video"]}),
            ("来源", {"fields": ["origin", "source", "source_url", "original_title"]}),
            (
                "署名",
                {"fields": ["duty_editor", "ai_use"], "description": "作者、记者、摄影等填在页面下方的“署名”里。"},
            ),
            ("发布", {"fields": publication, "description": hint}),
        ]
        if obj:
            derived = ["address", "trace", "revisions_link", ("characters", "page_count", "reads")]
            derived += ["created_by", ("created_at", "modified_at")]
            fieldsets.append(("资料", {"fields": derived}))
        return fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.may_release = words.may_release(request.user)
        return form

    def get_readonly_fields(self, request, obj=None):
        if self.has_publish_permission(request):
            return self.readonly_fields
        return [*self.readonly_fields, *self.publishing_fields]

    def get_changeform_initial_data(self, request):
        own = Source.objects.filter(is_own=True).values_list("pk", flat=True).first()
        return {"source": own} | super().get_changeform_initial_data(request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "channel":
            kwargs["queryset"] = Channel.objects.exclude(kind=Channel.Kind.LINK)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.is_published else None

    @admin.display(description="封面")
    def cover_image(self, obj):
        return thumbnail(obj.cover.picture if obj.cover else None)

    @admin.display(description="状态")
    def state(self, obj):
        return state_of(obj)

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
            return "发布后生成"
        url = obj.get_absolute_url()
        return format_html('<a href="{0}">{0}</a>', url) if obj.is_published else url

    # --- Who may do what ---

    def has_publish_permission(self, request):
        return request.user.has_perm("articles.publish_article")

    def has_change_permission(self, request, obj=None):
        """To change what is published is to publish: without that permission only drafts can be edited."""
        may_change = super().has_change_permission(request, obj)
        if obj is None or obj.status == Article.Status.DRAFT:
            return may_change
        return may_change and self.has_publish_permission(request)

    def reasons_to_keep(self, obj):
        if obj.status != Article.Status.DRAFT:
            return [f"《{obj}》发布过，读者可能收藏或转发过它的地址：请用“撤稿”，不要删除。"]
        return [f"《{obj}》有留痕，不能删除。"] if obj.events.exists() else []

    # --- Saving ---

    def save_model(self, request, obj, form, change):
        if obj.status == Article.Status.PUBLISHED:
            obj.withdrawn_at, obj.withdrawn_reason = None, ""
        correction = form.cleaned_data.get("correction", "")
        if correction and "updated_at" not in form.changed_data:
            obj.updated_at = timezone.now()
        publishing.save_article(obj, user=request.user, reason=correction, is_correction=bool(correction))
        for finding in form.findings:
            self.message_user(request, str(finding), messages.WARNING)
        self.remind(request, obj, form.reminders)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        publishing.index_article(form.instance)
        revisions.keep(form.instance, user=request.user)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id and FORM_ACTION in request.POST:
            self.keep_unsaved(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

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

    # --- Publishing and withdrawing ---

    @admin.action(description="发布", description_plural="发布所选稿件", location=BOTH_PLACES, permissions=["publish"])
    def publish(self, request, queryset):
        done, left, reminders = 0, 0, []
        # The whole rows: the changelist defers the body, which publishing reads.
        for article in queryset.defer(None).select_related("channel"):
            if article.status == Article.Status.PUBLISHED:
                left += 1
            elif lacks := lacks_of(article):
                told = "".join(message for _, message in lacks)
                self.message_user(request, f"《{article}》没有发布：{told}", messages.ERROR)
            elif stops := words.stopping(words.findings_in(article), may_release=words.may_release(request.user)):
                self.message_user(request, f"《{article}》没有发布：{stops[0]}", messages.ERROR)
            elif (found := preflight.findings(article)) and found[0].is_stopping:
                self.message_user(request, f"《{article}》没有发布：{found[0].message}", messages.ERROR)
            else:
                publishing.publish(article, user=request.user)
                self.log_change(request, article, "发布")
                reminders.append((article, found))
                done += 1
        if done:
            self.message_user(request, f"已发布 {done} 篇稿件。", messages.SUCCESS)
        for article, found in reminders:
            self.remind(request, article, found)
        if left:
            self.message_user(request, f"{left} 篇稿件已经发布或定时，没有改动。", messages.WARNING)

    @admin.action(description="撤稿", description_plural="撤回所选稿件", location=BOTH_PLACES, permissions=["publish"])
    def withdraw(self, request, queryset):
        """Ask for the reason on a page of its own: `withdraw_view` does the work."""
        ids = list(withdrawable(queryset).values_list("pk", flat=True)[: MOST_WITHDRAWN_AT_ONCE + 1])
        if not ids:
            self.message_user(request, "所选稿件都不在网站上，没有可以撤的。", messages.WARNING)
            return None
        if len(ids) > MOST_WITHDRAWN_AT_ONCE:
            self.message_user(request, f"一次最多撤 {MOST_WITHDRAWN_AT_ONCE} 篇，请少选一些。", messages.ERROR)
            return None
        return HttpResponseRedirect(
            reverse("admin:articles_article_withdraw", query={"ids": ",".join(str(pk) for pk in ids)})
        )

    def get_urls(self):
        withdraw = self.admin_site.admin_view(self.withdraw_view)
        return [path("withdraw/", withdraw, name="articles_article_withdraw"), *super().get_urls()]

    def withdraw_view(self, request):
        if not self.has_publish_permission(request):
            raise PermissionDenied
        ids = [int(pk) for pk in request.GET.get("ids", "").split(",") if pk.isdecimal() and len(pk) < 19]
        articles = list(withdrawable(Article.objects.filter(pk__in=ids[:MOST_WITHDRAWN_AT_ONCE])))
        form = WithdrawForm(request.POST or None)
        if articles and form.is_valid():
            for article in articles:
                publishing.withdraw(article, reason=form.cleaned_data["reason"], user=request.user)
                self.log_change(request, article, f"撤稿：{form.cleaned_data['reason']}")
            self.message_user(request, f"已撤回 {len(articles)} 篇稿件。", messages.SUCCESS)
        if not articles or form.is_valid():
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        context = self.admin_site.each_context(request) | {
            "title": "撤稿",
            "opts": self.opts,
            "articles": articles,
            "form": form,
        }
        return TemplateResponse(request, "admin/articles/article/withdraw.html", context)


def withdrawable(queryset):
    """What readers can or could open: published, and its time has come."""
    return queryset.filter(status=Article.Status.PUBLISHED, published_at__lte=timezone.now()).select_related("channel")
