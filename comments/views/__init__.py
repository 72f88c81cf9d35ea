"""Pages of comments: what all readers see, and what one writes."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from articles.models import Article
from comments.models import Comment


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
