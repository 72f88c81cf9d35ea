"""Picking a story that readers have, for the card of a related story in a body."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from articles.rendering import stories
from newsportal.lib.admin import PublicModelAdmin
from newsportal.lib.keys import keys_in

FEWEST_LETTERS, MOST_STORIES = 2, 24


class StoryPicker(PublicModelAdmin):
    """A view of the articles' admin that answers published articles in JSON, to whoever may write."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.story_picker_view)
        return [path("picker/", view, name="articles_article_picker"), *super().get_urls()]

    def story_picker_view(self, request: HttpRequest) -> JsonResponse:
        """The newest public articles, those that `q` finds, or those whose numbers `ids` lists.

        Whatever beat they belong to: every reader can open them.
        """
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        found = stories()
        if "ids" in request.GET:
            found = found.filter(pk__in=numbers_of(request))
        elif len(query := request.GET.get("q", "").strip()[:100]) >= FEWEST_LETTERS or query.isdecimal():
            found, _ = self.get_search_results(request, found, query)
        most = None if "ids" in request.GET else MOST_STORIES
        return JsonResponse({"items": [story_item(article) for article in found.order_by("-id")[:most]]})


def numbers_of(request: HttpRequest) -> list[int]:
    """The numbers in `ids`, at most as many as a long body refers to."""
    return keys_in(request.GET.get("ids", ""))[:200]


def story_item(article) -> dict:
    day = timezone.localtime(article.published_at)
    image = article.cover.picture.smallest if article.has_picture else ""
    note = f"{article.channel.name} · {day:%Y-%m-%d}"
    return {"id": article.pk, "caption": article.title, "note": note, "image": image}
