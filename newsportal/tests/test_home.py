"""The home page: what editors placed, what is newest, no article twice and no place empty."""

from collections import Counter
from datetime import timedelta

import pytest

from articles.front import BLOCK_SIZE, FLASHES, HOT, MAJOR_BLOCKS, PHOTOS, TOPICS, front_page
from articles.models import Article, Channel, Placement, RankingEntry, Topic
from articles.publishing import withdraw
from articles.tests.clock import StoppedClock
from articles.tests.factories import make_article, make_channel, make_issue, make_photo
from articles.tests.pages import article_ids, main_part, text_of_main, tree

pytestmark = pytest.mark.django_db
SLOTS = 1 + 5 + 10


@pytest.fixture
def clock(monkeypatch):
    return StoppedClock(monkeypatch)


def places(page: dict) -> dict[str, list[int]]:
    """The articles of each part of the home page."""
    placed = {
        "headline": [page["headline"]] if page["headline"] else [],
        "carousel": page["carousel"],
        "picks": page["picks"],
    }
    result = {name: [row.article.pk for row in rows] for name, rows in placed.items()}
    result |= {name: [article.pk for article in page[name]] for name in ("photos", "hot", "flashes")}
    return result | {
        f"block {block['channel'].slug}": [article.pk for article in block["articles"]] for block in page["blocks"]
    }


def everything(parts: dict[str, list[int]]) -> list[int]:
    return [pk for pks in parts.values() for pk in pks]


def rank(*articles: Article) -> None:
    RankingEntry.objects.bulk_create(
        RankingEntry(period="day", position=position, article=article)
        for position, article in enumerate(articles, start=1)
    )


def test_without_articles_the_page_says_so(client, site):
    make_channel("news", home_order=1)
    page = client.get("/")
    assert page.status_code == 200
    assert article_ids(tree(page)) == []
    assert text_of_main(page)
    assert [heading.text_content().strip() for heading in tree(page).iter("h1")] == ["试刊"]


@pytest.mark.parametrize("has_picture", [True, False])
def test_a_single_article_is_the_headline(client, site, has_picture):
    article = make_article(channel=make_channel(home_order=1), cover=make_photo() if has_picture else None)
    assert {name: pks for name, pks in places(front_page()).items() if pks} == {"headline": [article.pk]}
    assert article_ids(main_part(client.get("/"))) == [article.pk]


def test_no_article_stands_twice(client, site):
    cover = make_photo()
    channels = [make_channel(home_order=number) for number in range(1, 7)]
    channels.append(make_channel(kind=Channel.Kind.GALLERY))
    articles = [
        make_article(channel=channels[number % 7], cover=cover if number % 3 else None) for number in range(120)
    ]
    for number, slot in enumerate(("headline", "carousel", "pick", "carousel", "pick", "hot")):
        Placement.objects.create(slot=slot, article=articles[number * 7])
        Placement.objects.create(slot="pick" if slot != "pick" else "headline", article=articles[number * 7])
    rank(*articles[::5])

    page = client.get("/")

    parts = places(page.context)
    assert {pk: count for pk, count in Counter(everything(parts)).items() if count > 1} == {}
    # The carousel may link an article from its picture and its title; but no two parts show one article.
    assert sorted(article_ids(main_part(page))) == sorted(everything(parts))


def test_every_place_is_taken_while_articles_last(site):
    cover = make_photo()
    channels = [make_channel(f"c{number}", home_order=number) for number in range(1, 8)]
    for _ in range(20):
        for channel in channels:
            make_article(channel=channel, cover=cover)

    parts = places(front_page())

    assert {name: len(pks) for name, pks in parts.items()} == {
        "headline": 1,
        "carousel": 5,
        "picks": 10,
        "photos": PHOTOS,
        "hot": HOT,
        "flashes": FLASHES,
        **{f"block {channel.slug}": BLOCK_SIZE for channel in channels},
    }
    assert not any(count > 1 for count in Counter(everything(parts)).values())


def test_a_busy_channel_has_its_block_still(site):
    """All that is newest comes from one channel, and the slots take it first."""
    cover = make_photo()
    busy = make_channel("busy", home_order=1)
    rank(*[make_article(channel=busy, cover=cover) for _ in range(60)][:40])

    parts = places(front_page())

    assert len(parts["block busy"]) == BLOCK_SIZE
    assert len(everything(parts)) == SLOTS + PHOTOS + HOT + FLASHES + BLOCK_SIZE


def test_the_newest_run_through_the_flashes_however_many_blocks(site):
    channels = [make_channel(f"c{number}", home_order=number) for number in range(1, 21)]
    for _ in range(7):
        for channel in channels:
            make_article(channel=channel)

    parts = places(front_page())

    assert len(parts["flashes"]) == FLASHES
    newest = Article.objects.order_by("-id").values_list("pk", flat=True)
    slots = {pk for name in ("headline", "picks", "hot") for pk in parts[name]}
    assert parts["flashes"] == [pk for pk in newest if pk not in slots][:FLASHES]


def test_pictures_are_found_behind_a_flood_of_briefs(site):
    cover = make_photo()
    pictured = [make_article(cover=cover) for _ in range(12)]
    for _ in range(100):
        make_article()

    parts = places(front_page())

    newest_first = [article.pk for article in reversed(pictured)]
    assert parts["headline"] == newest_first[:1]
    assert parts["carousel"] == newest_first[1:6]
    assert parts["photos"] == newest_first[6:11]


def test_blocks_are_the_channels_that_editors_chose(site):
    first, second = make_channel("second", home_order=2), make_channel("first", home_order=1)
    for channel in (
        first,
        second,
        make_channel("not-on-home"),
        make_channel("hidden", home_order=3, is_hidden=True),
    ):
        for _ in range(30):
            make_article(channel=channel)
    make_channel("empty", home_order=4)

    blocks = front_page()["blocks"]

    assert [block["channel"].slug for block in blocks] == ["first", "second"]
    for block in blocks:
        assert {article.channel_id for article in block["articles"]} == {block["channel"].pk}
        newest_first = [article.pk for article in block["articles"]]
        assert newest_first == sorted(newest_first, reverse=True)


def test_the_first_blocks_are_large(site):
    make_channel(home_order=1)  # empty, so it takes no large place
    channels = [make_channel(home_order=number) for number in range(2, MAJOR_BLOCKS + 4)]
    for _ in range(12):
        for channel in channels:
            make_article(channel=channel)
    assert [block["is_major"] for block in front_page()["blocks"]] == [True] * MAJOR_BLOCKS + [False] * 2


def test_galleries_come_first_among_the_pictures(site):
    cover = make_photo()
    gallery = make_channel(kind=Channel.Kind.GALLERY)
    albums = [make_article(channel=gallery, cover=cover) for _ in range(3)]
    coverless = make_article(channel=gallery)
    others = [make_article(cover=cover) for _ in range(20)]

    photos = places(front_page())["photos"]

    assert photos[:3] == [article.pk for article in reversed(albums)]
    assert coverless.pk not in photos
    assert set(photos[3:]) < {article.pk for article in others}
    assert len(photos) == PHOTOS


def test_the_ranking_is_what_is_read_and_then_what_is_new(clock, site):
    old = [make_article(published_at=clock.now - timedelta(days=number)) for number in range(20, 24)]
    newest = [make_article() for _ in range(40)]
    rank(old[2], withdraw(make_article(), reason="撤"), make_article(status="draft"), old[0])

    hot = places(front_page())["hot"]

    assert hot[:2] == [old[2].pk, old[0].pk]
    assert len(hot) == HOT
    assert set(hot[2:]) < {article.pk for article in newest}


def test_nothing_that_is_not_public_is_on_the_page(client, clock, site):
    cover, channel = make_photo(), make_channel("news", home_order=1)
    values = {"channel": channel, "cover": cover}
    public = make_article(**values)
    hidden = [
        make_article(**values, status="draft"),
        make_article(**values, published_at=clock.now + timedelta(days=1)),
        make_article(**values, expires_at=clock.now),
        withdraw(make_article(**values), reason="撤"),
        make_article(cover=cover, channel=make_channel("hidden", home_order=2, is_hidden=True)),
    ]
    rank(*hidden)
    for article in hidden:
        for slot in ("headline", "carousel", "pick"):
            Placement.objects.create(slot=slot, article=article)

    assert Article.objects.count() == 6
    assert article_ids(tree(client.get("/"))) == [public.pk]


def test_a_slot_shows_the_title_that_editors_gave_it(client, site):
    article = make_article(title="本来的标题")
    Placement.objects.create(slot="headline", article=article, title="首页上的标题")
    text = text_of_main(client.get("/"))
    assert "首页上的标题" in text
    assert "本来的标题" not in text


def test_topics_and_the_newest_magazine(client, clock, site):
    day = clock.now.date()
    topics = [
        Topic.objects.create(
            title=f"专题{number}",
            slug=f"topic-{number}",
            intro="导言",
            started_on=day - timedelta(days=number),
            is_published=number != 1,
        )
        for number in range(5)
    ]
    make_issue(year=2026, number=10)
    newest = make_issue(year=2026, number=11)
    make_issue(year=2026, number=12, is_published=False)

    page = client.get("/")

    assert [topic.pk for topic in page.context["topics"]] == [topics[0].pk, topics[2].pk, topics[3].pk]
    assert len(page.context["topics"]) == TOPICS
    assert page.context["issue"] == newest
    links = {link.get("href") for link in main_part(page).iter("a")}
    assert {"/topics/topic-0/", "/magazine/2026-11/"} <= links
    assert not {"/topics/topic-1/", "/magazine/2026-12/"} & links
