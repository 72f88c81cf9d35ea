"""The beacon that counts reads."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.counters import RELOAD_WINDOW, count_read, is_robot, reader_digest, reads_of, refresh_rankings_if_due
from articles.models import Article
from newsportal.lib.clients import client_address


@csrf_exempt  # carries no authority: all it can do is count the sender's own read once
@require_POST
def count(request: HttpRequest, pk: str) -> JsonResponse:
    """Count a read of a public article and tell the number: {"reads": n}. 404 for what no reader can open."""
    article = Article.objects.published().filter(pk=pk).only("pk").first()
    if article is None:
        return answer({"error": "没有这篇稿件。"}, status=404)
    agent = request.headers.get("User-Agent", "")
    if not is_robot(agent):
        now, address = timezone.now(), client_address(request)
        former, reader = (reader_digest(address, agent, at=moment) for moment in (now - RELOAD_WINDOW, now))
        count_read(article.pk, reader, former=former, at=now)
        refresh_rankings_if_due(at=now)
    return answer({"reads": reads_of(article)})


def answer(data: dict, *, status: int = 200) -> JsonResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    return response
