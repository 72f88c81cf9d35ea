"""What the newsroom keeps besides articles, as much as an archive of that size has.

Placements of today and of years; words, videos, recordings; names that few articles or none have; readers.
"""

from datetime import timedelta
from itertools import cycle, islice

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from articles.models import (
    Article,
    Audio,
    Author,
    Channel,
    ListedWord,
    Photo,
    Placement,
    Source,
    Tag,
    Topic,
    Video,
)
from newsportal.lib.wordlist import form_of
from regions.models import Region

from .stock import rare_name

Slot = Placement.Slot
WORDS = 3000
# For so many articles one row of what grows with the archive.
ARTICLES_PER = {
    "tag": 40,
    "author": 200,
    "source": 500,
    "video": 500,
    "audio": 1000,
    "topic": 2000,
    "placement": 60,
    "reader": 10,
}


def make_stores(*, articles: int) -> None:
    place_articles(articles=articles)
    make_words()
    make_media(articles=articles)
    make_names(articles=articles)


def shared(articles: int, kind: str) -> int:
    return max(12, articles // ARTICLES_PER[kind])


def place_articles(*, articles: int) -> None:
    """At the head of every channel and region; some for tomorrow; and all that stood on the home page once."""
    public = list(Article.objects.published().order_by("-pk").values_list("pk", flat=True)[:2000])
    now, turn = timezone.now(), cycle(public)
    rows = [
        Placement(slot=slot, article_id=next(turn), **{name: row})
        for name, slot, pages in (
            ("channel", Slot.CHANNEL, Channel.objects.shown()),
            ("region", Slot.REGION, Region.objects.all()),
        )
        for row in pages
        for _ in range(3)
    ]
    rows += [Placement(slot=Slot.PICK, article_id=pk, starts_at=now + timedelta(days=1)) for pk in public[20:25]]
    step = max(1, articles // shared(articles, "placement"))
    past = Article.objects.published().filter(pk__lt=public[40]).order_by("-pk")
    found = past.values_list("pk", "published_at")[: shared(articles, "placement") * step : step]
    rows += [Placement(slot=Slot.PICK, article_id=pk, starts_at=at, ends_at=at + timedelta(days=1)) for pk, at in found]
    Placement.objects.bulk_create(rows, batch_size=500)


def make_words() -> None:
    words = (f"{rare_name(number * 29 + 11)}{'式社'[number % 2]}" for number in range(WORDS))
    levels = cycle(ListedWord.Level)
    ListedWord.objects.bulk_create(
        ListedWord(word=word, form=form_of(word), level=level, reason="名称不规范，请用全称。")
        for word, level in zip(words, levels, strict=False)
    )


def make_media(*, articles: int) -> None:
    """Videos, recordings and former topics, each with a picture of its own as long as there are enough."""
    pictures = cycle(Photo.objects.filter(withdrawn_at=None).order_by("pk").values_list("pk", flat=True)[:5000])
    of_file = {"file": "videos/none.mp4", "mime_type": "video/mp4", "credit": "视频组", "seconds": 90}
    Video.objects.bulk_create(
        Video(caption=f"渡口的早晨{number}", poster_id=next(pictures), **of_file)
        for number in range(shared(articles, "video"))
    )
    Audio.objects.bulk_create(
        Audio(file="audio/none.mp3", mime_type="audio/mpeg", title=f"老渔民谈休渔{number}", seconds=300)
        for number in range(shared(articles, "audio"))
    )
    of_topic = {"intro": "导言。", "started_on": "2020-01-01"}
    Topic.objects.bulk_create(
        Topic(title=f"旧专题{number}", slug=f"old-{number}", banner_id=next(pictures), **of_topic)
        for number in range(shared(articles, "topic"))
    )


def make_names(*, articles: int) -> None:
    """Tags, authors and sources that few articles have, and readers with accounts."""
    names = [rare_name(number * 17 + 3) for number in range(shared(articles, "reader"))]
    Tag.objects.bulk_create(Tag(name=f"{name}话题") for name in islice(names, shared(articles, "tag")))
    Author.objects.bulk_create(Author(name=f"通讯员{name}") for name in islice(names, shared(articles, "author")))
    Source.objects.bulk_create(Source(name=f"{name}新闻网") for name in islice(names, shared(articles, "source")))
    model = get_user_model()
    model.objects.bulk_create(
        (
            model(username=f"读者{name}", password=make_password(None), email=f"{number}@example.com")
            for number, name in enumerate(names)
        ),
        batch_size=500,
    )
