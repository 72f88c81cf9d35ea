"""What each member of the newsroom answers for (分管): an editor of 浙江 sees and touches nothing else."""

from collections.abc import Collection

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q

from regions.models import Region

from .models import Article, Beat, Channel

# Of a history, that of whoever has beats is picked from so many of the newest rows: of a small channel or region there
# may be no thousand in ten years, and the whole table would be walked for them. An article's own is always whole.
LOOKED_THROUGH = 50_000


def beats_of(user: AbstractBaseUser) -> list[Beat]:
    """The beats of a user; none for who answers for the whole site. One query for each user object."""
    if user.is_superuser:
        return []
    if not hasattr(user, "kept_beats"):
        user.kept_beats = list(user.beats.select_related("channel", "region"))
    return user.kept_beats


def channels_of(user: AbstractBaseUser) -> list[int]:
    """The channels that a user answers for wholly, by their keys; none for who answers for the whole site."""
    return [beat.channel_id for beat in beats_of(user) if beat.region_id is None]


def within(user: AbstractBaseUser, path: str = "") -> Q:
    """Which articles, reached from a row by `path` ("article__"), lie within a user's beats; all for who has none."""
    beats = beats_of(user)
    if not beats:
        return Q()
    channels = channels_of(user)
    regions = [beat.region_id for beat in beats if beat.channel_id is None]
    found = Q(**{f"{path}channel__in": channels}) if channels else Q()
    if regions:
        found |= Q(lies_in(regions, f"{path}pk"))
    for beat in beats:
        if beat.channel_id and beat.region_id:
            found |= Q(lies_in([beat.region_id], f"{path}pk"), **{f"{path}channel": beat.channel_id})
    return found


def reaching(user: AbstractBaseUser, key: str) -> Q:
    """`within` for rows that name their article in the column `key`, asked row by row as they are walked.

    Joined to it, a database may begin with all articles of the channels, however few of the rows are wanted.
    """
    beats = beats_of(user)
    if not beats:
        return Q()
    if all(beat.channel_id is None for beat in beats):
        return Q(lies_in([beat.region_id for beat in beats], key))
    return Q(Exists(Article.objects.filter(within(user), pk=OuterRef(key))))


def lies_in(regions: Collection[int], article: str) -> Exists:
    """Whether an article has one of the regions, or a city of theirs.

    Asked row by row, as a list is walked from the newest: as a condition on the key, SQLite would gather and sort all
    articles of the channels that stand beside it.
    """
    places = Region.objects.filter(Q(pk__in=regions) | Q(parent__in=regions))
    return Exists(Article.regions.through.objects.filter(article=OuterRef(article), region__in=places.values("pk")))


def covers(user: AbstractBaseUser, channel: Channel, regions: Collection[Region]) -> bool:
    """Whether an article of the channel and the regions would lie within the user's beats."""
    beats = beats_of(user)
    places = {region.pk for region in regions} | {region.parent_id for region in regions}
    return not beats or any(
        beat.channel_id in {None, channel.pk} and (beat.region_id is None or beat.region_id in places) for beat in beats
    )


def pages_within(user: AbstractBaseUser) -> Q:
    """Which placements a user may see and change: those at the head of her channels and regions; all for who has none.

    The home page's own slots are for whoever answers for the whole site. A channel in one region is no page.
    """
    beats = beats_of(user)
    if not beats:
        return Q()
    channels = channels_of(user)
    regions = [beat.region_id for beat in beats if beat.channel_id is None]
    return Q(channel__in=channels) | Q(region__in=regions) | Q(region__parent__in=regions)


def may_fill(user: AbstractBaseUser, *, channel: Channel | None = None, region: Region | None = None) -> bool:
    """Whether a user may place articles there; on the home page itself, when neither is given."""
    whole = [beat for beat in beats_of(user) if not (beat.channel_id and beat.region_id)]
    if channel is not None:
        mine = any(beat.channel_id == channel.pk for beat in whole)
    else:
        mine = region is not None and any(beat.region_id in {region.pk, region.parent_id} - {None} for beat in whole)
    return not beats_of(user) or mine


def in_words(user: AbstractBaseUser) -> str:
    """The user's beats as they are told: 浙江、科技前沿."""
    return "、".join(str(beat) for beat in beats_of(user)) or "全站"
