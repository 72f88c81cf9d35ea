"""Public letters for search engines: a part for each range of numbers, so that nothing is counted."""

from collections.abc import Iterator

from django.urls import reverse

from articles.sitemaps import PART, Place
from comments.models import Letter


def parts() -> int:
    """How many parts there are: up to the last letter that is public, whatever lies between. One query."""
    last = Letter.objects.public().order_by("-pk").values_list("pk", flat=True).first()
    return 0 if last is None else last // PART + 1


def places_of_part(number: int) -> Iterator[Place]:
    """The public letters of a part. One query, a range of the primary key."""
    rows = Letter.objects.public().filter(pk__gte=number * PART, pk__lt=(number + 1) * PART).order_by("pk")
    for pk, changed_at in rows.values_list("pk", "changed_at"):
        yield Place(reverse("letters:letter_detail", args=[pk]), changed_at)
