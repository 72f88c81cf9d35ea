"""The states of articles as the newsroom speaks of them."""

from django.contrib import admin
from django.utils import timezone

from articles.models import Article
from newsportal.lib.admin import NewestFirst
from newsportal.lib.days import midnight

from .photo_filters import DayFilter

UNPUBLISHED = {"draft", "withdrawn"}


class StateFilter(admin.SimpleListFilter):
    """The state as readers meet it: what the clock decides is told apart, which `status` alone does not."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("draft", "草稿和在审"),
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


class PublishedFilter(DayFilter):
    """What was published lately. Of everything but drafts and withdrawn articles: a range of their index."""

    title, parameter_name = "发布时间", "published"

    def queryset(self, request, queryset):
        if self.since is None:
            return queryset
        rows, state = queryset.filter(published_at__gte=midnight(self.since)), request.GET.get("state")
        if state not in UNPUBLISHED:
            rows = rows.filter(status=Article.Status.PUBLISHED)
        return rows if state == "scheduled" else rows.filter(published_at__lte=timezone.now())


class ArticleList(NewestFirst):
    """The newest first, by number; by the day of which an index is walked, where the list is one of days."""

    def get_ordering(self, request, queryset):
        state = request.GET.get("state")
        if state == "scheduled":
            return ["published_at", "id"]
        if state == "expired":
            return ["-expires_at", "-id"]
        if request.GET.get("published") in DayFilter.days and state not in UNPUBLISHED:
            return ["-published_at", "-id"]
        return super().get_ordering(request, queryset)


def is_of_few(request) -> bool:
    """Whether the list is of what is seldom in any channel, and is picked from an index of its own.

    SQLite would rather take all articles of a channel, and sort them.
    """
    return request.GET.get("state") == "expired" or "ai_use__exact" in request.GET


def state_of(article: Article) -> str:
    """The state in words: 定时 for what the clock will publish, 已下线 for what it took off."""
    if article.status != Article.Status.PUBLISHED:
        return article.get_status_display()
    if article.published_at > timezone.now():
        return f"定时 {timezone.localtime(article.published_at):%m-%d %H:%M}"
    if article.is_gone:
        return "已下线"
    return "栏目已隐藏" if article.channel.is_hidden else "已发布"


def place_of(article: Article) -> str:
    """The state in words with its place in the reviews. The article's `open_reviews` have been fetched."""
    places = [review.place for review in article.open_reviews]
    if article.status != Article.Status.DRAFT:
        return "，".join([state_of(article), *places])
    place = places[0] if places else article.get_status_display()
    return f"修改稿：{place}" if article.draft_of_id else place
