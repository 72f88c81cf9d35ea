"""What readers see below an article: the best, all of it by pages, one thread; each a short range of an index."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.http import Http404

from articles.lists import gather_ids
from articles.models import Article
from newsportal.lib.pagination import ListPage

from .counting import count_of
from .models import Comment, CommentCount

ORDERS = {"new": ("-id",), "old": ("id",), "liked": ("-likes", "-id")}
ORDER_NAMES = {"new": "最新", "old": "最早", "liked": "最多赞"}
PAGE_SIZE, REPLIES_SHOWN, THREAD_SIZE = 20, 3, 30
# The database walks to a page: so far, and no further. The newest and the oldest first make twice as many.
MOST_PAGES = 500
BEST, NEWEST = 3, 5


@dataclass
class Shown:
    """A comment with what stands below it. `answers` is whom it answers by name, where that is not the thread's top."""

    comment: Comment
    replies: list["Shown"] = field(default_factory=list)
    answers: str = ""

    @property
    def more(self) -> int:
        """How many replies are not among those shown."""
        return max(0, self.comment.replies - len(self.replies))


@dataclass(frozen=True)
class Best:
    """What the article's own page shows."""

    count: CommentCount
    best: list[Shown]
    newest: list[Shown]


def threads_of(article: Article) -> QuerySet[Comment]:
    """The public comments at the top of their threads, of an article that is known to be public."""
    rows = Comment.objects.filter(article=article, root=None, state=Comment.State.APPROVED)
    return rows.defer("body_hash", "form_key", "address", "visitor")


def best_of(article: Article) -> Best:
    """The best and the newest comments of an article. Three queries."""
    best = threads_of(article).order_by("-is_featured", "-likes", "-id")[:BEST]
    best = [row for row in best if row.is_featured or row.likes]
    taken = {row.pk for row in best}
    newest = threads_of(article).order_by("-id")[: NEWEST + BEST]
    newest = [row for row in newest if row.pk not in taken][:NEWEST]
    return Best(count_of(article), [Shown(row) for row in best], [Shown(row) for row in newest])


def thread_page(article: Article, order: str, number: int) -> tuple[ListPage, CommentCount]:
    """A page of the threads of an article, each with its first replies. Raises Http404 beyond the last.

    Two queries; two more where there are replies, and one where they answer each other.
    """
    count = count_of(article)
    last = min(MOST_PAGES, max(1, -(-count.threads // PAGE_SIZE)))
    if number > last:
        raise Http404("没有这样的页码。")
    start = (number - 1) * PAGE_SIZE
    rows = list(threads_of(article).order_by(*ORDERS[order])[start : start + PAGE_SIZE])
    return ListPage(with_replies(rows), number, last), count


def with_replies(threads: list[Comment]) -> list[Shown]:
    """The threads, each with its first replies."""
    answered = [row for row in threads if row.replies]
    picked = gather_ids(approved_below(row).values_list("pk")[:REPLIES_SHOWN] for row in answered) if answered else []
    replies = Comment.objects.filter(pk__in=[pk for ids in picked for pk in ids]).order_by("id") if answered else []
    shown = named(list(replies), threads)
    return [Shown(row, [each for each in shown if each.comment.root_id == row.pk]) for row in threads]


def approved_below(thread: Comment) -> QuerySet[Comment]:
    return Comment.objects.filter(root=thread, state=Comment.State.APPROVED).order_by("id")


def named(replies: list[Comment], threads: Iterable[Comment]) -> list[Shown]:
    """The replies, each with the name of whom it answers. One query, where they answer other than the top."""
    known = {row.pk: row.nickname for row in [*threads, *replies]}
    wanted = {row.parent_id for row in replies if row.parent_id != row.root_id}
    if unknown := wanted - known.keys():
        # What is not public any more is not named either.
        parents = Comment.objects.filter(pk__in=unknown, state=Comment.State.APPROVED)
        known |= dict(parents.values_list("pk", "nickname"))
    return [Shown(row, answers=known.get(row.parent_id, "") if row.parent_id in wanted else "") for row in replies]


@dataclass(frozen=True)
class Thread:
    """One thread from some reply on. `following` is the number of the reply with which the next page begins."""

    top: Comment
    replies: list[Shown]
    start: int
    following: int | None
    answers: str = ""

    @property
    def comment(self) -> Comment:
        """So that the top is drawn as every comment is."""
        return self.top


def thread_from(top: Comment, start: int) -> Thread:
    """The replies of a thread from the one with this number on. One query, or two."""
    rows = list(approved_below(top).filter(pk__gte=start)[: THREAD_SIZE + 1])
    following = rows[THREAD_SIZE].pk if len(rows) > THREAD_SIZE else None
    return Thread(top, named(rows[:THREAD_SIZE], [top]), start, following)
