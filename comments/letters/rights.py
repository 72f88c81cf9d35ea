"""Who may see and handle which letters: permissions by role, regions by beat (分管)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.urls import reverse

from articles.beats import beats_of
from comments.models import Letter

VIEWING = "comments.view_letter"
HANDLING = "comments.handle_letter"
PUBLISHING = "comments.publish_letter"


def region_ids(user: AbstractBaseUser) -> set[int] | None:
    """The regions of whose letters a user may know; None for all.

    A beat of a region counts, whatever else it names, unless its channel is not that of the letters; a beat of the
    letters' channel alone is all of them; beats of other channels are none. One query for each user object.
    """
    beats = beats_of(user)
    if not beats:
        return None
    address = reverse("letters:letter_list")
    found: set[int] = set()
    for beat in beats:
        if beat.channel_id and beat.channel.link != address:
            continue
        if beat.region_id is None:
            return None
        found.add(beat.region_id)
    return found


def within(user: AbstractBaseUser) -> Q:
    """Which letters lie within a user's beats; a province includes its cities."""
    regions = region_ids(user)
    return Q() if regions is None else Q(province__in=regions) | Q(region__in=regions)


def covers(user: AbstractBaseUser, letter: Letter) -> bool:
    """The same of one letter."""
    regions = region_ids(user)
    return regions is None or bool({letter.province_id, letter.region_id} & regions)
