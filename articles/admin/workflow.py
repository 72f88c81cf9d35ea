"""What is done with articles from their list or the head of their form: handed in, published, withdrawn."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from articles import reviews
from articles.forms import WithdrawForm
from articles.models import Article
from newsportal.lib.keys import keys_in

from .pages import ArticlePages, change_url

MOST_WITHDRAWN_AT_ONCE = 100
type Act = Callable[..., object]
BOTH_PLACES = [ActionLocation.CHANGE_FORM, ActionLocation.CHANGE_LIST]


class WorkflowActions(ArticlePages):
    """Each action does what a function of `articles.reviews` does, and tells of each article that it was refused."""

    def has_publish_permission(self, request):
        return request.user.has_perm(reviews.PUBLISHING)

    def has_withdraw_permission(self, request):
        return request.user.has_perm(reviews.WITHDRAWING)

    @admin.action(description="送审", description_plural="把所选稿件送审", location=BOTH_PLACES, permissions=["change"])
    def submit(self, request, queryset):
        return self.do(request, queryset, reviews.submit, "送审", "已送审")

    @admin.action(
        description="发布", description_plural="发布所选审完的稿件", location=BOTH_PLACES, permissions=["publish"]
    )
    def publish(self, request, queryset):
        return self.do(request, queryset, release, "发布", "已发布")

    @admin.action(
        description="重新公开", description_plural="重新公开所选稿件", location=BOTH_PLACES, permissions=["withdraw"]
    )
    def republish(self, request, queryset):
        return self.do(request, queryset, reviews.republish, "重新公开", "已重新公开")

    @admin.action(
        description="取消定时", description_plural="取消所选稿件的定时", location=BOTH_PLACES, permissions=["publish"]
    )
    def unschedule(self, request, queryset):
        return self.do(request, queryset, reviews.unschedule, "取消定时", "已取消定时")

    def do(self, request, queryset, act: Act, name: str, done_name: str) -> HttpResponseRedirect | None:
        """Do a step of the workflow with each article, and report about each that it could not be done with."""
        done, replaced = 0, None
        # The whole rows: the changelist defers the body, which the act reads.
        for article in queryset.defer(None).select_related("channel", "draft_of__channel"):
            try:
                act(article, user=request.user)
            except reviews.ReviewError as error:
                self.message_user(request, f"《{article}》没有{name}：{error}", messages.ERROR)
            else:
                self.log_change(request, article.draft_of or article, name)
                replaced = article.draft_of if act is release else None
                done += 1
        if done:
            self.message_user(request, f"{done_name} {done} 篇稿件。", messages.SUCCESS)
        # The page of a working copy that took its article's place is no more.
        is_form = "object_id" in request.resolver_match.kwargs
        return HttpResponseRedirect(change_url(replaced)) if is_form and replaced else None

    @admin.action(description="撤稿", description_plural="撤回所选稿件", location=BOTH_PLACES, permissions=["withdraw"])
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
        if not self.has_withdraw_permission(request):
            raise PermissionDenied
        ids = keys_in(request.GET.get("ids", ""))
        seen = self.get_queryset(request).defer(None)
        articles = list(withdrawable(seen.filter(pk__in=ids[:MOST_WITHDRAWN_AT_ONCE])))
        form = WithdrawForm(request.POST or None)
        if articles and form.is_valid():
            for article in articles:
                reviews.withdraw(article, reason=form.cleaned_data["reason"], user=request.user)
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


def release(article: Article, *, user: AbstractBaseUser) -> Article:
    """Publish what has passed its reviews. Raises ReviewError for anything else."""
    review = reviews.in_hand(article)
    if article.status != Article.Status.DRAFT:
        raise reviews.ReviewError("已经发布、定时或撤下了。")
    if review is None:
        raise reviews.ReviewError("还没有送审。")
    return reviews.release(review, user=user)
