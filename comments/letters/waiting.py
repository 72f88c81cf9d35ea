"""What the menu and the first page of the back office say of letters: how many wait in each queue, and since when."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from comments.models import Letter
from comments.moderation.desk import Line, line_of

from .rights import HANDLING, PUBLISHING, region_ids, within


def handles_any(user: AbstractBaseUser) -> bool:
    """Whether there are letters that a user may handle: not, where she answers for other channels alone."""
    return user.has_perm(HANDLING) and region_ids(user) != set()


def to_do(user: AbstractBaseUser) -> QuerySet[Letter]:
    """The letters of a user's regions that wait for an answer, the oldest first."""
    return Letter.objects.filter(within(user)).waiting().order_by("waiting_since", "id")


def lines(user: AbstractBaseUser) -> list[Line]:
    """Each queue of the desk: how many letters stand in it, since when the first does. Two short queries each."""
    mine = to_do(user).filter(assignee=user)
    late = to_do(user).filter(due_on__lt=timezone.localdate()).order_by("due_on", "id")
    ready = Letter.objects.filter(within(user), state=Letter.State.ANSWERED).order_by("id")
    queues = [("", "待办", to_do(user), "waiting_since"), ("mine", "我经办的", mine, "waiting_since")]
    queues += [("late", "已过期限", late, "waiting_since")]
    queues += [("ready", "待公开", ready, "answered_at")] if user.has_perm(PUBLISHING) else []
    address = reverse("admin:comments_letter_changelist")
    return [
        line_of(
            label, rows, rows.values_list(column, flat=True).first(), f"{address}?queue={name}" if name else address
        )
        for name, label, rows, column in queues
    ]
