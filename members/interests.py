"""My regions and channels: what a reader chose, and the newest of it for the strip on the home page."""

from articles.lists import entries, gather_ids, in_order
from articles.models import Article, Channel, ListEntry

from .models import Member

Scope = ListEntry.Scope
Region = Member.regions.rel.model
# Of each: more would say nothing of anybody any more.
MOST = 10
STRIP = 6


def channels():
    return Channel.objects.shown().order_by("nav_group", "nav_order", "id")


def regions():
    return Region.objects.provinces()


def newest_of(member: Member) -> list[Article]:
    """The newest articles of all that the member chose, each once. Four queries, however much was chosen."""
    chosen = [entries(Scope.SITE, 0, channel=pk) for pk in member.channels.values_list("pk", flat=True)]
    chosen += [entries(Scope.REGION, pk) for pk in member.regions.values_list("pk", flat=True)]
    parts = gather_ids(places.values_list("article_id", flat=True)[:STRIP] for places in chosen)
    found = in_order(list({pk for part in parts for pk in part}))
    return sorted(found, key=lambda article: (article.published_at, article.pk), reverse=True)[:STRIP]
