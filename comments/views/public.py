"""What all readers see of comments: the same bytes for everybody, a second old at most."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from articles.addresses import is_known
from articles.views.articles import gone
from comments import listing
from comments.models import Comment
from newsportal.lib.keys import is_key
from newsportal.lib.pagecache import public_page
from newsportal.lib.pagination import page_number

from . import find_article

# Approved now, seen now; and yet the database is asked once a second, however many read.
FRESH = 1.0


@public_page(params=("order", "page"), seconds=FRESH)
def comment_list(request: HttpRequest, pk: str) -> HttpResponse:
    """全部评论 of an article. Three queries; three more where there are replies. 410 with the article."""
    article = find_article(pk)
    if not is_known(article):
        raise Http404("没有这篇稿件。")
    if article.is_gone:
        return gone(request, article)
    order = request.GET.get("order", "new")
    if order not in listing.ORDERS:
        raise Http404("没有这样的次序。")
    page, count = listing.thread_page(article, order, page_number(request))
    context = {"article": article, "page": page, "count": count, "order": order, "orders": orders(article, order)}
    return render(request, "comments/comment_list.html", context)


def orders(article, current: str) -> list[dict]:
    """The ways of ordering the list, each with its address."""
    path = reverse("comments:comment_list", args=[article.pk])
    return [
        {"name": name, "url": path if key == "new" else f"{path}?order={key}", "is_current": key == current}
        for key, name in listing.ORDER_NAMES.items()
    ]


@public_page(seconds=FRESH)
def comment_best(request: HttpRequest, pk: str) -> HttpResponse:
    """The fragment for the article's own page: the number, the best and the newest. Four queries."""
    article = find_article(pk)
    if not article.is_published:
        raise Http404("没有这篇稿件。")
    return render(request, "comments/best.html", {"article": article, "shown": listing.best_of(article)})


@public_page(params=("start",), seconds=FRESH)
def comment_detail(request: HttpRequest, pk: str, comment_pk: str) -> HttpResponse:
    """A thread: a comment with what is said below it. The address of a reply leads to its place there.

    Three queries; one more where replies answer each other.
    """
    rows = Comment.objects.select_related("article__channel", "root").defer("article__body", "article__pages")
    comment = get_object_or_404(rows.filter(article=pk), pk=comment_pk)
    if comment.article.is_gone and is_known(comment.article):
        return gone(request, comment.article)
    if not comment.is_public:
        raise Http404("这条评论不存在，或者已经不公开。")
    if comment.root_id:
        return redirect(comment)
    start = request.GET.get("start", "0")
    if not is_key(start):
        raise Http404("没有这样的回复。")
    thread = listing.thread_from(comment, int(start))
    return render(request, "comments/comment_detail.html", {"article": comment.article, "thread": thread})
