"""How many comments readers see: changed with the states, and counted anew where somebody doubts."""

from django.db.models import Count, F, Q

from articles.models import Article

from .models import Comment, CommentCount

APPROVED = Comment.State.APPROVED


def add_to_count(article_id: int, *, approved: int, threads: int) -> None:
    """Add to an article's numbers, made when missing. Call it inside the transaction that changes the state.

    The row is locked until that ends, so two decisions about one article follow one another and none is lost.
    """
    rows = CommentCount.objects.filter(article_id=article_id)
    if not rows.exists():
        # Two at once: the second waits for the first, and then finds its row.
        CommentCount.objects.bulk_create([CommentCount(article_id=article_id)], ignore_conflicts=True)
    rows.update(approved=F("approved") + approved, threads=F("threads") + threads)


def recount(article: Article) -> CommentCount:
    """Count an article's comments and replies anew, and write what was found. For imports, and whoever doubts."""
    threads = Comment.objects.filter(article=article, root=None)
    below = Count("thread", filter=Q(thread__state=APPROVED))
    for thread in threads.annotate(below=below).exclude(below=F("replies")).only("pk"):
        Comment.objects.filter(pk=thread.pk).update(replies=thread.below)
    approved = Comment.objects.filter(article=article).approved()
    values = {"approved": approved.count(), "threads": approved.filter(root=None).count()}
    return CommentCount.objects.update_or_create(article=article, defaults=values)[0]


def count_of(article: Article) -> CommentCount:
    """An article's numbers; zeros, unsaved, for one without comments. One query."""
    return CommentCount.objects.filter(article=article).first() or CommentCount(article=article)
