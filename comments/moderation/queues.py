"""The queues of moderators: which comments stand in each, for whom, and in which order.

Everything here is a range of an index, or stops after a page: counts are capped, no page lies deeper than LAST_PAGE.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict

from articles import beats
from articles.models import Article
from comments.models import Appeal, Comment, Decision
from newsportal.lib.admin import newest
from newsportal.lib.keys import is_key

MODERATE, FEATURE = "comments.moderate_comment", "comments.feature_comment"
SANCTION, LIFT = "comments.add_sanction", "comments.change_sanction"
WAITING, REPORTED, APPEALS, DONE, MINE, FOUND = "waiting", "reported", "appeals", "done", "mine", "found"
TABS = {WAITING: "待审", REPORTED: "被举报", APPEALS: "申诉", DONE: "已处理", MINE: "我处理的"}
# What is to be done: claimed by whoever looks at it.
OPEN_TABS = (WAITING, REPORTED, APPEALS)
ORDERS = {"oldest": "先到的在前", "risk": "风险高的在前"}
SIZE, LAST_PAGE = 20, 50
MOST = 999
LITTLE = 5_000
# By which whoever looks finds what was written together; each has an index.
FILTERS = ("article", "author", "network", "visitor", "same")


@dataclass(frozen=True)
class Wanted:
    """Which page of which queue an address asks for; nonsense in it asks for nothing."""

    tab: str = WAITING
    order: str = "oldest"
    page: int = 1
    query: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    # 待审 with what others have on their screens, and without claiming any of it.
    is_whole: bool = False

    @property
    def url_query(self) -> str:
        """The address's query that asks for this page."""
        given = QueryDict(mutable=True)
        values = {"tab": self.tab, "order": self.order, "page": self.page, "q": self.query, **self.filters}
        values["whole"] = "1" if self.is_whole else ""
        usual = {"tab": WAITING, "order": "oldest", "page": 1}
        given.update({name: value for name, value in values.items() if value and usual.get(name) != value})
        return given.urlencode()


def wanted(values: QueryDict) -> Wanted:
    """Read from an address's query."""
    query = values.get("q", "").strip()[:150]
    filters = {name: values[name][:64] for name in FILTERS if values.get(name)}
    tab, page = values.get("tab", ""), values.get("page", "")
    if tab not in TABS:
        tab = FOUND if query or filters else WAITING
    order = values.get("order", "")
    number = min(int(page), LAST_PAGE) if is_key(page) else 1
    whole = values.get("whole") == "1"
    return Wanted(tab, order if order in ORDERS else "oldest", max(1, number), query, filters, whole)


def within(user: AbstractBaseUser, path: str = "") -> Q:
    """Which rows, whose comment is reached by `path` ("comment__"), stand under articles of the user's beats.

    All, for whoever answers for the whole site. Asked row by row, as a queue is walked.
    """
    return beats.reaching(user, f"{path}article")


def seen_by(user: AbstractBaseUser) -> QuerySet[Comment]:
    """The comments under articles of the user's beats; all, for whoever answers for the whole site."""
    return Comment.objects.filter(within(user))


def no_undoing(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Without those that take another back. By a value and not by null: SQLite would walk all that are null first."""
    return decisions.annotate(undoes=Coalesce("undo_of_id", 0)).filter(undoes=0)


def not_undone(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those that stand: neither taken back, nor taking another back."""
    return no_undoing(decisions).filter(~Exists(Decision.objects.filter(undo_of=OuterRef("pk"))))


# --- What stands in each ---


def waiting(user: AbstractBaseUser, order: str = "oldest") -> QuerySet[Comment]:
    """What waits. One query, once for each user object, where she has beats: how to look for it."""
    by = ["-risk", "waiting_since", "id"] if order == "risk" else ["waiting_since", "id"]
    rows = waiting_below(user) if has_little(user) else seen_by(user).waiting()
    return rows.order_by(*by)


def waiting_below(user: AbstractBaseUser) -> QuerySet[Comment]:
    """What waits under articles of the user's beats, looked for from these articles: good where it is little."""
    below = Comment.objects.waiting().order_by().values("article").distinct()
    return Comment.objects.waiting().filter(article__in=Article.objects.filter(beats.within(user), pk__in=below))


def has_little(user: AbstractBaseUser) -> bool:
    """Whether no more than LITTLE waits in the user's beats: then the queue of all would be walked far for it.

    Only which way is quicker hangs on it, never what is found, so a user object keeps the answer.
    """
    if not beats.beats_of(user):
        return False
    if not hasattr(user, "has_little_waiting"):
        user.has_little_waiting = waiting_below(user).order_by()[: LITTLE + 1].count() <= LITTLE
    return user.has_little_waiting


def reported(user: AbstractBaseUser) -> QuerySet[Comment]:
    return seen_by(user).filter(reports_open__gt=0).order_by("-reports_open", "id")


def appeals(user: AbstractBaseUser) -> QuerySet[Appeal]:
    """Those that wait for an answer, the oldest first; of others' decisions and of one's own."""
    return Appeal.objects.filter(within(user, "decision__comment__"), state=Appeal.State.OPEN).order_by("id")


def decided(user: AbstractBaseUser) -> QuerySet[Decision]:
    """What moderators decided, the newest first; for whoever has beats, among the last LOOKED_THROUGH lines."""
    rows = Decision.objects.filter(within(user, "comment__"), actor__isnull=False)
    rows = newest(rows, beats.LOOKED_THROUGH) if beats.beats_of(user) else rows
    return by_moderators(rows).order_by("-id")


def decided_by(user: AbstractBaseUser) -> QuerySet[Decision]:
    """What the user decided, the newest first."""
    return by_moderators(Decision.objects.filter(within(user, "comment__"), actor=user)).order_by("-id")


def by_moderators(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Without what authors do with words of their own: change them, take them back."""
    return decisions.exclude(act=Decision.Act.EDIT).exclude(to_state=Comment.State.DELETED)


def last_only(decisions: QuerySet[Decision], **same: Any) -> QuerySet[Decision]:
    """Of each comment the last of these alone."""
    later = by_moderators(Decision.objects.filter(comment=OuterRef("comment"), id__gt=OuterRef("id"), **same))
    return decisions.filter(~Exists(later))


def rows_of(user: AbstractBaseUser, asked: Wanted) -> QuerySet:
    """The rows of a queue, in order: comments, or for some tabs what leads to them (`path_of`)."""
    match asked.tab:
        case "reported":
            rows = reported(user)
        case "appeals":
            rows = appeals(user)
        case "done":
            rows = last_only(decided(user), actor__isnull=False)
        case "mine":
            rows = last_only(decided_by(user), actor=user)
        case "found":
            return found(user, asked)
        case _:
            rows = waiting(user, asked.order)
    return rows.filter(conditions(asked.filters, path_of(asked.tab)))


def path_of(tab: str) -> str:
    """How the rows of a tab lead to their comments."""
    return {APPEALS: "decision__comment__", DONE: "comment__", MINE: "comment__"}.get(tab, "")


def conditions(filters: dict[str, str], path: str = "") -> Q:
    """The filters as a condition; one that makes no sense finds nothing."""
    found = Q()
    for name, value in filters.items():
        if name in {"article", "author", "same"} and not is_key(value):
            return Q(pk__in=[])
        if name == "same":
            digest = Comment.objects.filter(pk=value).values_list("body_hash", flat=True).first()
            found &= Q(**{f"{path}body_hash": digest}) & ~Q(**{f"{path}body_hash": ""})
        else:
            found &= Q(**{f"{path}{name}": value})
    return found


def found(user: AbstractBaseUser, asked: Wanted) -> QuerySet[Comment]:
    """Comments of any state, the newest first: by number or user name, or by what they have in common."""
    rows = seen_by(user).filter(conditions(asked.filters))
    if asked.query:
        if is_key(asked.query):
            rows = rows.filter(pk=asked.query)
        else:
            named = get_user_model().objects.filter(username__iexact=asked.query).values_list("pk", flat=True)
            rows = rows.filter(author__in=list(named[:10]))
    return rows.order_by("-created_at", "-id")


# --- How many ---


@dataclass(frozen=True)
class Tab:
    """A tab with how much stands in it, in words; "999+" beyond."""

    name: str
    label: str
    number: str
    is_current: bool


def tabs(user: AbstractBaseUser, asked: Wanted) -> list[Tab]:
    """Five short queries: each counts to its cap and no further."""
    counted = {
        WAITING: waiting(user),
        REPORTED: reported(user),
        APPEALS: appeals(user),
        DONE: decided(user),
        MINE: decided_by(user),
    }
    return [Tab(name, label, capped(counted[name]), is_current=name == asked.tab) for name, label in TABS.items()]


def capped(rows: QuerySet, most: int = MOST) -> str:
    """How many rows, counted to a cap. One query."""
    number = rows.order_by()[: most + 1].count()
    return f"{most}+" if number > most else str(number)
