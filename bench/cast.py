"""What generated articles belong to, and what editors put together of them. Imported once the portal is open."""

import io
import random
from typing import Any

from django.contrib.auth import get_user_model
from PIL import Image

from about.models import FriendLink, Licence, Page, SiteProfile
from articles.models import (
    Article,
    Author,
    Channel,
    Issue,
    IssueItem,
    Photo,
    Placement,
    Source,
    Tag,
    Topic,
    TopicItem,
    TopicSection,
)
from newsportal.demo import texts
from newsportal.lib.images import PHOTO_WIDTHS, store_picture
from regions.models import Region

from .people import make_staff
from .stock import rare_name
from .writing import Cast

CITIES_PER_PROVINCE, TAGS, AUTHORS, SOURCES, PHOTOS = 2, 1200, 300, 60, 40


def make_cast() -> Cast:
    """What articles belong to, from the demo: profile, channels, people, sources; and cities and tags in numbers."""
    site = texts.site()
    profile = SiteProfile.objects.create(**site["profile"])
    Licence.objects.bulk_create(Licence(profile=profile, **row) for row in site["licence"])
    Page.objects.bulk_create(Page(**row) for row in site["page"])
    FriendLink.objects.bulk_create(FriendLink(**row) for row in site["friend_link"])
    channels = Channel.objects.bulk_create(Channel(**row) for row in site["channel"])
    with_articles = [row for row in channels if row.kind != Channel.Kind.LINK]
    with_articles.sort(key=lambda row: row.slug != "express")
    provinces = list(Region.objects.provinces())
    cities = Region.objects.bulk_create(
        Region(code=f"{province.code[:2]}{n}100", name=f"{province.name}{n}市", full_name=f"{province.name}{n}市",
               slug=f"{province.slug}-{n}", parent=province)
        for province in provinces for n in range(1, CITIES_PER_PROVINCE + 1)
    )  # fmt: skip
    own = next(row["name"] for row in site["source"] if row.get("is_own"))
    sources = [Source(name=own, is_own=True), *(Source(name=f"{rare_name(n * 977)}报") for n in range(SOURCES - 1))]
    demo_tags = sorted({tag for _, row in texts.articles() for tag in row["tags"]})
    tags = [*demo_tags, *(rare_name(n * 311 + 7) for n in range(TAGS))][:TAGS]
    authors = [row["name"] for row in site["author"]]
    authors += [f"{rare_name(n * 131 + 3)}" for n in range(AUTHORS - len(authors))]
    tags = Tag.objects.bulk_create(Tag(name=name) for name in dict.fromkeys(tags))
    authors = Author.objects.bulk_create(Author(name=name) for name in dict.fromkeys(authors))
    sources = Source.objects.bulk_create(sources)
    regions = [*provinces, *cities]
    kinds = {"channel": with_articles, "regions": regions, "tags": tags, "credits": authors, "source": sources}
    return Cast(
        channels=[row.pk for row in with_articles],
        regions=[(row.pk,) for row in provinces] + [(city.pk, city.parent_id) for city in cities],
        tags=[row.pk for row in tags],
        authors=[row.pk for row in authors],
        sources=[row.pk for row in sources],
        files=store_pictures(),
        # The least of the channels and of the provinces: who answers for them finds her own among all the others.
        staff=make_staff(with_articles[-1].pk, with_articles[0].pk, provinces[-1].pk),
        names={kind: {row.pk: str(row) for row in rows} for kind, rows in kinds.items()},
    )


def store_pictures() -> list[dict[str, Any]]:
    """A few pictures of one colour, stored as every upload is: what the rows of the library say of their files."""
    stored = []
    for number in range(PHOTOS):
        file = io.BytesIO()
        Image.new("RGB", (1280, 853), (number * 6, 90, 200 - number * 4)).save(file, "JPEG", comment=str(number))
        file.seek(0)
        stored.append(store_picture(file, folder="photos", widths=PHOTO_WIDTHS))
    return stored


def make_packages(chance: random.Random) -> None:
    """Topics, magazine issues and placements, of the newest articles; an account for the back office."""
    photo = Photo.objects.first()
    newest = list(Article.objects.published().newest_first().values_list("pk", flat=True)[:400])
    for number in range(12):
        values = {"title": f"专题{number}", "slug": f"topic-{number}", "intro": "导言。", "banner": photo}
        topic = Topic.objects.create(**values, started_on="2026-01-01", is_published=True)
        issue = Issue.objects.create(
            year=2026, number=number + 1, title=f"第{number + 1}期", published_on="2026-01-01", cover=photo,
            is_published=True,
        )  # fmt: skip
        for part in range(3):
            section = TopicSection.objects.create(topic=topic, title=f"分区{part}", position=part)
            picked = chance.sample(newest, k=min(8, len(newest)))
            TopicItem.objects.bulk_create(TopicItem(section=section, article_id=pk) for pk in picked)
        IssueItem.objects.bulk_create(
            IssueItem(issue=issue, article_id=pk, column="要闻", position=n) for n, pk in enumerate(picked)
        )
    slots = [slot for slot in Placement.Slot if slot not in {Placement.Slot.CHANNEL, Placement.Slot.REGION}]
    placed = zip(slots, newest, strict=False)
    Placement.objects.bulk_create(Placement(slot=slot, article_id=pk) for slot, pk in placed)
    get_user_model().objects.create_superuser("chief", password=None)
