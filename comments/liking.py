"""Likes (赞): once per person, and taken back by asking again."""

from django.db import IntegrityError, transaction
from django.db.models import F

from .models import Comment, Like
from .refusals import Refused
from .writers import Writer


@transaction.atomic
def like(comment: Comment, *, writer: Writer) -> bool:
    """Like a public comment, or no more if this person liked it; whether she likes it now.

    Raises Refused for a comment that is not public. Side effect: the comment's number of likes. Two clicks at once
    follow one another, for the comment's row is locked.
    """
    row = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if not row.is_public:
        raise Refused("这条评论已经不公开了。", code="gone")
    mine = Like.objects.filter(writer.own(user="user"), comment=row)
    if mine.delete()[0]:
        change = -1
    else:
        try:
            with transaction.atomic():
                Like.objects.create(comment=row, user=writer.user, visitor=writer.visitor)
        except IntegrityError:  # on SQLite the lock is no lock, but then nobody is in between either
            return True
        change = 1
    Comment.objects.filter(pk=row.pk).update(likes=F("likes") + change)
    comment.likes = row.likes + change
    return change > 0
