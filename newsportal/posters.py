"""The share poster of an article, drawn when the first reader asks for it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from articles import posters
from articles.models import Article
from newsportal import chrome
from newsportal.lib.clients import too_often
from newsportal.lib.pagecache import public_page

# So many new posters may one network have drawn in a minute; those drawn before cost nothing.
MOST_A_MINUTE = 20


@public_page(keep=False)
def article_poster(request: HttpRequest, pk: str) -> HttpResponse:
    """The poster as JPEG, 1080 by 1440 pixels. One query when the poster was drawn before.

    404 for what no reader can open, 429 where too many posters are asked for at once.
    """
    articles = Article.objects.published().select_related("channel", "source", "cover").defer("body", "pages")
    article = articles.filter(pk=int(pk)).first()
    if article is None:
        raise Http404("没有这篇稿件。")
    poster = posters.poster_of(article, site=chrome.keeper.get().profile.name, site_url=settings.SITE_URL)
    content = posters.kept(poster)
    if content is None:
        if too_often(request, "poster", most=MOST_A_MINUTE, seconds=60):
            return later()
        try:
            content = posters.drawn(poster)
        except posters.BusyError:
            return later()
    return HttpResponse(content, content_type="image/jpeg")


def later() -> HttpResponse:
    response = HttpResponse("海报正在生成，请稍后再试。", status=429, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response
