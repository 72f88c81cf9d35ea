"""How the tests of moderation ask: comments as somebody sees them, and what is sent from the queue."""

from django.urls import reverse

from articles.models import Beat
from articles.tests.factories import make_channel, make_member
from comments.models import Comment, Decision
from comments.moderation.judging import ACTS, Order, Sight, judge

QUEUE = reverse("admin:comments_comment_changelist")


def url(name: str, *args) -> str:
    return reverse(f"admin:comments_comment_{name}", args=args)


def sight_of(comment: Comment) -> Sight:
    """The comment as it stands now."""
    last = Decision.objects.filter(comment=comment).order_by("-id").first()
    return Sight(comment.pk, last.pk if last else 0)


def seen(comment: Comment) -> str:
    sight = sight_of(comment)
    return f"{sight.pk}:{sight.seen}"


def do(name: str, comment: Comment, user, *, reason: str = "", note: str = "") -> Comment:
    """Decide as a moderator does who sees the comment as it is."""
    reason = reason or ("attack" if name == "reject" else "")
    judge(sight_of(comment), Order(ACTS[name], reason, note), user=user)
    comment.refresh_from_db()
    return comment


def post(client, name: str, comment: Comment, **values):
    """What the card's form sends."""
    reason = {"reason": "attack"} if name == "reject" else {}
    return client.post(url("judge"), {"sight": seen(comment), "act": name, **reason, **values}, follow=True)


def local_moderator(name: str = "local", **beat):
    """审核员 of one channel, her own unless told otherwise."""
    user = make_member(name, is_staff=True, groups=["审核员"])
    Beat.objects.create(user=user, **(beat or {"channel": make_channel()}))
    return user


def shown(response) -> list[int]:
    """The comments of a queue's page, in order."""
    return [card.comment.pk for card in response.context["cards"]]
