"""What waits for whoever looks at a page of the back office, counted for its menu."""

from django import template
from django.db.models import QuerySet

from articles import beats, reviews
from articles.models import Review

register = template.Library()
MOST = 99


@register.simple_tag
def waiting_reviews(user) -> str:
    """How many texts wait for the user's signature, in words of the menu; "99+" beyond. Empty for who signs nothing.

    Two queries, one where the user has no beats.
    """
    if not any(user.has_perm(permission) for permission in reviews.SIGNING.values()):
        return ""
    return counted(reviews.waiting_for(user))


@register.simple_tag
def passed_reviews(user) -> str:
    """How many texts have passed and wait to be published, for who may do it; empty for others. One query."""
    if not user.has_perm(reviews.PUBLISHING):
        return ""
    return counted(Review.objects.filter(beats.within(user, "draft__"), state=Review.State.PASSED))


def counted(rows: QuerySet) -> str:
    count = rows.order_by()[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count)
