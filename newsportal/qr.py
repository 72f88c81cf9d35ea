"""The QR codes that lead a phone to the site (扫码看全网内容) or to an article, drawn on the server."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from articles.models import Article
from newsportal.lib.pagecache import public_page
from newsportal.lib.qr import svg_of


@public_page(max_age=86400)
def site_qr(request: HttpRequest) -> HttpResponse:
    """An SVG that leads to the home page."""
    return svg_response(f"{settings.SITE_URL}/")


@public_page(max_age=86400)
def article_qr(request: HttpRequest, pk: str) -> HttpResponse:
    """An SVG that leads to the article. One query; 404 for what no reader can open."""
    article = Article.objects.published().select_related("channel").only("published_at", "channel__slug")
    found = article.filter(pk=int(pk)).first()
    if found is None:
        raise Http404("没有这篇稿件。")
    return svg_response(f"{settings.SITE_URL}{found.get_absolute_url()}")


def svg_response(text: str) -> HttpResponse:
    return HttpResponse(svg_of(text), content_type="image/svg+xml")
