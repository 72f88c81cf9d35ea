"""Pages of comments: what all readers see, and what one writes."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from articles.models import Article
from comments.models import Comment
from comments.refusals import Refused
from newsportal.lib.csrf import csrf_holds

STALE = "页面打开得太久，或浏览器不接受 Cookie，没有发出。文字还在：请再点一次按钮。"


def check_csrf(request: HttpRequest) -> None:
    """Raise Refused for a form without a good token. The view is `csrf_exempt`: so what was typed comes back."""
    if not csrf_holds(request):
        raise Refused(STALE, code="csrf")


def status_of(refused: Refused) -> int:
    """The status with which a refused form comes back."""
    if refused.code == "csrf":
        return 403
    return 429 if refused.wait else 422


def find_article(pk: str | int) -> Article:
    """The article with its channel, without its text. Raises Http404."""
    rows = Article.objects.select_related("channel").defer("body", "pages")
    return get_object_or_404(rows, pk=pk)


def find_comment(pk: str | int) -> Comment:
    """A public comment with its article and thread. Raises Http404 for any other."""
    rows = Comment.objects.select_related("article__channel", "root").defer("article__body", "article__pages")
    comment = get_object_or_404(rows, pk=pk)
    if not comment.is_public:
        raise Http404("这条评论不存在，或者已经不公开。")
    return comment
