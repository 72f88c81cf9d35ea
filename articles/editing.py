"""Who has an article open to write (编辑锁): told to the others, taken over by whoever must, binding for nobody.

Taken by the open page itself, never by reading it; it ends when the page is closed, or 90 seconds after it fell silent.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from .models import Article, EditLock
from .models.keeping import LOCK_LASTS


def holder(article: Article) -> EditLock | None:
    """Who has the article open now. One query."""
    return EditLock.objects.live().filter(article=article).select_related("user").first()


@transaction.atomic
def report(article: Article, *, user: AbstractBaseUser) -> EditLock:
    """The page of an article is open before the user: keep the lock, or take it when nobody else has it.

    Returns the lock as it is now. One to three queries and the row.
    """
    now, rows = timezone.now(), EditLock.objects.filter(article=article)
    if not rows.filter(user=user).update(seen_at=now):
        silent = rows.filter(seen_at__lte=now - LOCK_LASTS)
        if not silent.update(user=user, taken_at=now, seen_at=now):
            # Of two who open the page at once, one comes first.
            lock = EditLock(article=article, user=user, taken_at=now, seen_at=now)
            EditLock.objects.bulk_create([lock], ignore_conflicts=True)
    # Whoever had it may have closed the page this very moment.
    return rows.select_related("user").first() or EditLock(article=article, user=user)


@transaction.atomic
def take_over(article: Article, *, user: AbstractBaseUser) -> AbstractBaseUser | None:
    """Take the lock from whoever has it; that is whom this returns, None when nobody else did.

    The former holder's page hears of it with its next report. Saved as a row: the operation log sees it.
    """
    lock = (
        EditLock.objects.live().select_for_update(of=("self",)).filter(article=article).select_related("user").first()
    )
    if lock is None or lock.user_id == user.pk:
        report(article, user=user)
        return None
    former = lock.user
    lock.user, lock.taken_at, lock.seen_at = user, timezone.now(), timezone.now()
    lock.save()
    return former


def let_go(article: Article, *, user: AbstractBaseUser) -> None:
    """The user's page was closed, or the text saved. One query."""
    EditLock.objects.filter(article=article, user=user).delete()
