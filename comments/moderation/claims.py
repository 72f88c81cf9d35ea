"""Whose screen a comment is on (占用): for fifteen minutes nobody else decides about it.

Taken row by row in one step: two moderators who open the queue in the same moment get different comments, because each
passes over what the other holds.
"""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from comments.models import Comment
from comments.refusals import Refused

LEASE = timedelta(minutes=15)


def free_for(user: AbstractBaseUser, at: datetime) -> Q:
    """Which comments are on nobody else's screen."""
    return Q(claimed_until=None) | Q(claimed_until__lte=at) | Q(claimed_by=user)


def taken_by_others(rows: QuerySet[Comment], user: AbstractBaseUser, at: datetime | None = None) -> QuerySet[Comment]:
    return rows.filter(claimed_by__isnull=False, claimed_until__gt=at or timezone.now()).exclude(claimed_by=user)


def take(
    rows: QuerySet[Comment], *, user: AbstractBaseUser, start: int, size: int, at: datetime | None = None
) -> tuple[list[int], bool]:
    """Claim a page of what is free: the numbers of its comments in order, and whether more follow. Lets go of the rest.

    Two queries, and two for what is let go.
    """
    at = at or timezone.now()
    with transaction.atomic():
        # Against another moderator who takes, and whoever decides: what they hold is passed over.
        free = rows.filter(free_for(user, at)).select_for_update(skip_locked=True, of=("self",), no_key=True)
        found = [comment.pk for comment in free.only("pk")[start : start + size + 1]]
        shown = found[:size]
        Comment.objects.filter(pk__in=shown).update(claimed_by=user, claimed_until=at + LEASE)
    release(user, keeping=shown)
    return shown, len(found) > size


@transaction.atomic
def release(user: AbstractBaseUser, *, keeping: list[int] | tuple[int, ...] = (), until: datetime | None = None) -> int:
    """Let go of what is on the user's screen, but for these. How many.

    `until` names a screen by the end of its claims: what was claimed later, by the next screen, stays.
    """
    mine = Comment.objects.filter(claimed_by=user).exclude(pk__in=keeping).order_by()
    mine = mine.filter(claimed_until__lte=until) if until else mine
    # What somebody decides about in this moment is let go by that.
    held = [comment.pk for comment in mine.select_for_update(skip_locked=True, no_key=True).only("pk")]
    return Comment.objects.filter(pk__in=held).update(claimed_by=None, claimed_until=None) if held else 0


def refuse_if_taken(comment: Comment, user: AbstractBaseUser, at: datetime) -> None:
    """Raise Refused when a locked comment is on somebody else's screen. Queries her name then."""
    if comment.claimed_by_id in {None, user.pk} or comment.claimed_until is None or comment.claimed_until <= at:
        return
    until = timezone.localtime(comment.claimed_until)
    raise Refused(f"{comment.claimed_by}正在审核这一条（到 {until:%H:%M} 为止）。", code="claimed")
