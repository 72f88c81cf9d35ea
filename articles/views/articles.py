"""An article's own pages: as it was published, page by page, whole, or gone."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from articles.addresses import is_known
from articles.contents import contents_of
from articles.lists import newest
from articles.models import Article, ArticleEvent, Channel, Credit, OldAddress, Topic
from articles.related import beside
from articles.rendering import with_stories
from articles.trace import public_history
from newsportal.lib.pagecache import public_page

WHOLE = "all"
PLAIN_KINDS = {Channel.Kind.NEWS, Channel.Kind.DOCUMENTS}


@public_page
def article_detail(request: HttpRequest, pk: str, part: str = "1", **address: str) -> HttpResponse:
    """An article, or page `part` of it, or all of it. Eight queries.

    301 from a former address, 410 for what was withdrawn or is past its time, 404 for everything else.
    """
    article = find_article(int(pk))
    if article is None or not is_known(article):
        return redirect_from_old(request, part)
    if request.path != address_of(article, part):
        return redirect_from_old(request, part)
    if article.is_gone:
        return gone(request, article)
    return render_article(request, article, part)


def render_article(request: HttpRequest, article: Article, part: str) -> HttpResponse:
    """The page of an article from `find_article`, published or not. Raises Http404 beyond its pages.

    Three queries, and one more when its text refers to related stories.
    """
    number = 1 if part == WHOLE else int(part)
    if number > article.page_count or (part == WHOLE and article.page_count == 1):
        raise Http404("稿件没有这一页。")
    shown = range(1, article.page_count + 1) if part == WHOLE else range(number, number + 1)
    history = public_history(article, article.events.all())
    context = {
        "article": article,
        "pages": with_stories([{"number": each} | article.rendered[each - 1] for each in shown]),
        "number": number,
        "is_whole": part == WHOLE,
        "contents": contents_of(article, shown=shown),
        "beside": beside(article),
        "topics": list(Topic.objects.shown().filter(sections__items__article=article).distinct()),
        "history": history,
        "corrections": [event for event in history if event.is_correction],
        "reads": article.read_total.total if hasattr(article, "read_total") else 0,
    }
    kind = article.channel.kind
    return render(request, "articles/article.html" if kind in PLAIN_KINDS else f"articles/article_{kind}.html", context)


def find_article(pk: int) -> Article | None:
    """The article with all that its page shows of it. Five queries."""
    related = ("channel", "source", "cover", "video__poster", "read_total")
    credits_in_order = Prefetch("credits", Credit.objects.select_related("author"))
    events = Prefetch("events", ArticleEvent.objects.order_by("number"))
    articles = Article.objects.select_related(*related).prefetch_related("regions", "tags", credits_in_order, events)
    return articles.filter(pk=pk).first()


def address_of(article: Article, part: str) -> str:
    return article.full_url if part == WHOLE else article.page_url(int(part))


def redirect_from_old(request: HttpRequest, part: str) -> HttpResponse:
    """301 to where the article of a former address is now. Raises Http404 when the path never was one."""
    suffix = "" if part == "1" else f"_{part}"
    former = f"{request.path.removesuffix('.html').removesuffix(suffix)}.html"
    old = OldAddress.objects.select_related("article__channel").filter(path=former).first()
    if old is None or old.article is None or not is_known(old.article):
        raise Http404("没有这篇稿件。")
    return HttpResponsePermanentRedirect(address_of(old.article, part))


def gone(request: HttpRequest, article: Article) -> HttpResponse:
    """410: the article was here and is no more, with the reason and something else to read."""
    context = {"article": article, "newest": list(newest()[:10])}
    return render(request, "articles/gone.html", context, status=410)
