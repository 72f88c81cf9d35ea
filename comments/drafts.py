"""What the pipeline looks at: a text, and what is known of it and of whoever wrote it. Gathered here, judged there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from articles import words
from articles.models import Article, ListedWord
from newsportal.lib.wordlist import WordList

from .models import Comment, Sanction, TrustedMember
from .rules import Rules, rules_for
from .texts import digest_of
from .writers import Writer

DAY = timedelta(days=1)
# So many of one person's or network's comments within a day are looked at: more than any limit allows.
MOST_TIMES = 500
HISTORY_DAYS, HISTORY_ROWS = 30, 20
COUNTED = (Comment.State.APPROVED, Comment.State.REJECTED, Comment.State.SPAM)


@dataclass(frozen=True)
class Draft:
    """A text on its way in, or a kept one that is judged once more. Plain values: judging it asks no database.

    Times and earlier texts are those of the 24 hours before `at`; `past` are the states of the writer's last decided
    comments; `approvals` is how many of hers were approved, up to what the rules need. `has_phone` is looked up where
    the rules ask for it, and nowhere else.
    """

    article: Article
    rules: Rules
    at: datetime
    body: str
    nickname: str = ""
    is_member: bool = False
    is_staff: bool = False
    is_trusted: bool = False
    is_edit: bool = False
    has_phone: bool = False
    approvals: int = 0
    sanctions: Sequence[Sanction] = ()
    own_times: Sequence[datetime] = ()
    network_times: Sequence[datetime] = ()
    is_own_repeat: bool = False
    same_by_others: int = 0
    past: Sequence[str] = ()
    listed: WordList = field(default_factory=lambda: WordList([]))
    words: Mapping[int, ListedWord] = field(default_factory=dict)
    listed_names: WordList = field(default_factory=lambda: WordList([]))
    name_words: Mapping[int, ListedWord] = field(default_factory=dict)


def gather(
    *, article: Article, writer: Writer, body: str, nickname: str, at: datetime, editing: Comment | None = None
) -> Draft:
    """Everything that the pipeline asks about a text of this writer. At most eleven queries, each by an index."""
    rules = rules_for(article.channel_id)
    listed, by_key = words.keepers[words.Scope.COMMENT].get()
    listed_names, names_by_key = words.keepers[words.Scope.NAME].get() if not writer.user else (WordList([]), {})
    others = Comment.objects.exclude(pk=editing.pk) if editing else Comment.objects.all()
    since = at - DAY
    same = others.filter(body_hash=digest_of(body), created_at__gt=since).exclude(state=Comment.State.DELETED)
    mine = same_person(writer)
    return Draft(
        article=article,
        rules=rules,
        at=at,
        body=body,
        nickname=nickname,
        is_member=writer.user is not None,
        is_staff=writer.user is not None and writer.user.is_staff,
        is_trusted=writer.user is not None and TrustedMember.objects.filter(user=writer.user).exists(),
        is_edit=editing is not None,
        has_phone=rules.needs_phone and writer.has_phone,
        approvals=approvals_of(writer, rules.policy.needed_approvals),
        sanctions=sanctions_on(writer, article, at),
        own_times=[] if editing else times(others.filter(mine, created_at__gt=since)),
        network_times=[] if editing else network_times(others, writer, since),
        is_own_repeat=same.filter(mine).exists(),
        same_by_others=same.exclude(mine).order_by()[:10].count(),
        past=past_of(writer, at),
        listed=listed,
        words=by_key,
        listed_names=listed_names,
        name_words=names_by_key,
    )


def same_person(writer: Writer) -> Q:
    """The condition for what this person wrote; of a visitor without a sign, what visitors of her network wrote."""
    if writer.is_known:
        return writer.own()
    return Q(network=writer.network, author=None) if writer.network else Q(pk__in=[])


def times(rows) -> list[datetime]:
    """When these were written, the newest first."""
    return list(rows.order_by("-created_at").values_list("created_at", flat=True)[:MOST_TIMES])


def network_times(rows, writer: Writer, since: datetime) -> list[datetime]:
    if not writer.network:
        return []
    return times(rows.filter(network=writer.network, created_at__gt=since))


def approvals_of(writer: Writer, most: int) -> int:
    """How many of a member's comments were approved, counted up to `most`; of a visitor none."""
    if not writer.user:
        return 0
    return Comment.objects.filter(author=writer.user, state=Comment.State.APPROVED).order_by()[:most].count()


def past_of(writer: Writer, at: datetime) -> list[str]:
    """The states of the writer's last decided comments, the newest first."""
    if not writer.is_known:
        return []
    since = at - timedelta(days=HISTORY_DAYS)
    rows = Comment.objects.filter(writer.own(), created_at__gt=since, state__in=COUNTED)
    return list(rows.order_by("-created_at").values_list("state", flat=True)[:HISTORY_ROWS])


def sanctions_on(writer: Writer, article: Article, at: datetime) -> list[Sanction]:
    """What holds for this writer under this article."""
    whom = Q(user=writer.user) if writer.user else Q(network=writer.network, user=None) & ~Q(network="")
    here = Q(channel=None) | Q(channel=article.channel_id)
    return list(Sanction.objects.in_force(at).filter(whom, here).select_related("channel").order_by("id"))
