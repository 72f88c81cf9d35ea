"""What waits for whoever looks at a page of the back office."""

from django import template

from articles import reviews

register = template.Library()
MOST = 99


@register.simple_tag
def waiting_reviews(user) -> str:
    """How many texts wait for the user's signature, in words of the menu; "99+" beyond. Empty for who signs nothing.

    Two queries, one where the user has no beats.
    """
    if not any(user.has_perm(permission) for permission in reviews.SIGNING.values()):
        return ""
    count = reviews.waiting_for(user).order_by()[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count)
