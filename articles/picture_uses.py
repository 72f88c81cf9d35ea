"""Where pictures are used: what keeps one from deletion, and where one that expires has to be replaced."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.urls import reverse
from django.utils import timezone

from .beats import pages_within, within
from .models import Article, ArticlePhoto, Issue, Photo, Placement, Topic, Video

# As many uses are listed as an editor can look through; the rest is a number, counted so far.
MOST_USES, COUNTED = 20, 1000
# From so many days before it expires a picture is told of.
SOON_DAYS = 30


@dataclass(frozen=True)
class Use:
    """A place that refers to a picture: in words, and its address in the back office."""

    place: str
    name: str
    url: str

    def __str__(self) -> str:
        return f"{self.place}《{self.name}》"


@dataclass(frozen=True)
class Uses:
    """The uses that somebody may see, up to MOST_USES of a kind, and how many there are besides."""

    listed: list[Use]
    others: int = 0

    def __bool__(self) -> bool:
        return bool(self.listed or self.others)

    @property
    def rest(self) -> str:
        return f"另有 {self.others} 处没有列出" if self.others else ""


def in_bodies(photo: Photo) -> QuerySet:
    return Article.objects.filter(photo_uses__photo=photo)


def on_covers(photo: Photo) -> QuerySet:
    return Article.objects.filter(cover=photo)


def shown_before(photo: Photo) -> QuerySet:
    """Articles that showed it once and do not now: an old revision may be brought back."""
    now = Q(Exists(ArticlePhoto.objects.filter(article=OuterRef("pk"), photo=photo))) | Q(cover=photo)
    return Article.objects.filter(shown_photos__photo=photo).exclude(now)


def placed_with(photo: Photo) -> QuerySet:
    """Placements that show it, with all that their names are made of."""
    rows = Placement.objects.filter(picture=photo).select_related("article", "channel", "region__parent")
    return rows.defer("article__body", "article__pages")


EARLIER = "发布过的旧版"
OF_ARTICLES: dict[str, Callable[[Photo], QuerySet]] = {
    "正文": in_bodies,
    "封面": on_covers,
    EARLIER: shown_before,
}
OF_OTHERS: dict[str, Callable[[Photo], QuerySet]] = {
    "专题头图": lambda photo: Topic.objects.filter(banner=photo),
    "杂志封面": lambda photo: Issue.objects.filter(cover=photo),
    "推荐位": placed_with,
    "视频封面": lambda photo: Video.objects.filter(poster=photo),
}


def uses_of(photo: Photo, user: AbstractBaseUser) -> Uses:
    """Where a picture is used, as far as the user's beats reach. Fourteen queries, of MOST_USES rows at most."""
    listed, others = [], 0
    for place, find in OF_ARTICLES.items():
        found = find(photo)
        rows = found.filter(within(user)).only("title", "draft_of").order_by("-pk")[:MOST_USES]
        seen = [Use(place, f"{row}（修改稿）" if row.draft_of_id else str(row), url_of(row)) for row in rows]
        listed += seen
        others += found.order_by()[:COUNTED].count() - len(seen)
    for place, find in OF_OTHERS.items():
        found = find(photo)
        own = found.filter(pages_within(user)) if found.model is Placement else found
        rows = list(own[:MOST_USES])
        listed += [Use(place, str(row), url_of(row)) for row in rows]
        others += found.order_by()[:COUNTED].count() - len(rows)
    return Uses(listed, max(0, others))


def reasons_to_keep(photo: Photo, user: AbstractBaseUser) -> list[str]:
    """What stands against deleting a picture, as Chinese sentences; empty when nothing refers to it."""
    uses = uses_of(photo, user)
    reasons = [
        f"图片 {photo.pk} 用在{use}：旧版可能恢复，不能删除；不能再用时请“下架”。"
        if use.place == EARLIER
        else f"图片 {photo.pk} 用在{use}：请先在那里换掉它。"
        for use in uses.listed
    ]
    return reasons + ([f"图片 {photo.pk} {uses.rest}。"] if uses.others else [])


def url_of(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


# --- For lists of pictures --------------------------------------------------------------------------------------------


def is_used() -> Q:
    """Whether a row of the library is used anywhere by what is there now. Six looks at an index for each row."""
    tests = [
        # What answers for most of them, first.
        Article.objects.filter(cover=OuterRef("pk")),
        ArticlePhoto.objects.filter(photo=OuterRef("pk")),
        Topic.objects.filter(banner=OuterRef("pk")),
        Issue.objects.filter(cover=OuterRef("pk")),
        Placement.objects.filter(picture=OuterRef("pk")),
        Video.objects.filter(poster=OuterRef("pk")),
    ]
    return any_of(tests)


def expiring_in_use(*, days: int = SOON_DAYS) -> QuerySet[Photo]:
    """What is used and has expired or will within so many days, longest expired first; not what is taken down."""
    until = timezone.localdate() + timedelta(days=days)
    return Photo.objects.filter(is_used(), expires_on__lte=until, withdrawn_at=None).order_by("expires_on", "pk")


def is_used_in(channel: int) -> Q:
    """Whether a row of the library is in the body or on the cover of an article of the channel."""
    covers = Article.objects.filter(cover=OuterRef("pk"), channel=channel)
    # Not joined: SQLite would begin with the articles of the channel, for each picture.
    in_channel = Exists(Article.objects.filter(pk=OuterRef("article"), channel=channel))
    bodies = ArticlePhoto.objects.filter(in_channel, photo=OuterRef("pk"))
    return any_of([covers, bodies])


def any_of(tests: Iterable[QuerySet]) -> Q:
    """Whether one of the correlated querysets finds something, each looked up for its row.

    Of EXISTS beside another, PostgreSQL would first read all covers that there are, for every page anew.
    """
    found = Q()
    for test in tests:
        found |= Q(IsNull(Subquery(test.order_by().values("pk")[:1]), False))
    return found


def articles_of(photos: Iterable[Photo], user: AbstractBaseUser, *, most: int = 5) -> dict[int, list[Article]]:
    """The newest articles that show each of a few pictures, within the user's beats. Two queries for each picture."""
    found = {}
    for photo in photos:
        bodies, covers = (find(photo).filter(within(user)) for find in (in_bodies, on_covers))
        rows = [*bodies.only("title").order_by("-pk")[:most], *covers.only("title").order_by("-pk")[:most]]
        found[photo.pk] = sorted({row.pk: row for row in rows}.values(), key=lambda row: -row.pk)[:most]
    return found
