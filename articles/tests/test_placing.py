"""The slots of the home page: placed by hand, else filled by themselves, each article once."""

from datetime import timedelta

import pytest

from articles.lists import newest
from articles.models import Article, Placement
from articles.placing import PLACES, Slot, fill_slots
from articles.publishing import withdraw

from .factories import make_article, make_channel, make_photo

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def place(slot: str, article: Article, **values) -> Placement:
    return Placement.objects.create(slot=slot, article=article, **values)


def filled() -> dict[str, list[int]]:
    return {slot: [placed.article.pk for placed in places] for slot, places in fill_slots(newest()).items()}


def test_every_place_is_filled_by_the_newest_and_none_twice():
    cover = make_photo()
    articles = [make_article(cover=cover if number % 2 else None) for number in range(24)]
    newest_first = [article.pk for article in reversed(articles)]
    pictured = newest_first[::2]

    slots = filled()

    assert slots[Slot.HEADLINE] == pictured[:1]
    assert slots[Slot.CAROUSEL] == pictured[1:6]
    rest = [pk for pk in newest_first if pk not in pictured[:6]]
    assert slots[Slot.PICK] == rest[:10]


def test_what_editors_place_comes_first_in_their_order():
    cover = make_photo()
    articles = [make_article(cover=cover) for _ in range(20)]
    old = articles[:4]
    place("headline", old[0])
    place("carousel", old[1], position=2)
    place("carousel", old[2], position=1)
    place("pick", old[3])

    slots = filled()

    newest_first = [article.pk for article in reversed(articles)]
    assert slots[Slot.HEADLINE] == [old[0].pk]
    assert slots[Slot.CAROUSEL] == [old[2].pk, old[1].pk, *newest_first[:3]]
    assert slots[Slot.PICK] == [old[3].pk, *newest_first[3:12]]


def test_a_placement_holds_from_its_start_to_its_end(clock):
    cover = make_photo()
    first, second, _newest = [make_article(cover=cover) for _ in range(3)]
    place("headline", first, ends_at=clock.now + HOUR)
    place("headline", second, starts_at=clock.now + HOUR, ends_at=clock.now + 2 * HOUR)

    seen = []
    for _ in range(3):
        seen.append(filled()[Slot.HEADLINE])
        clock.move(hours=1)

    assert seen == [[first.pk], [second.pk], [_newest.pk]]


def test_a_place_falls_back_when_its_article_goes(clock):
    cover = make_photo()
    withdrawn, expiring, hidden, scheduled = (
        make_article(cover=cover),
        make_article(cover=cover, expires_at=clock.now + HOUR),
        make_article(cover=cover, channel=make_channel(is_hidden=True)),
        make_article(cover=cover, published_at=clock.now + HOUR),
    )
    other = make_article(cover=cover)
    for position, article in enumerate((hidden, scheduled, expiring, withdrawn)):
        place("headline", article, position=position)

    assert filled()[Slot.HEADLINE] == [expiring.pk]
    Article.objects.filter(pk=expiring.pk).update(expires_at=clock.now)
    assert filled()[Slot.HEADLINE] == [withdrawn.pk]
    withdraw(withdrawn, reason="撤")
    assert filled()[Slot.HEADLINE] == [other.pk]
    clock.move(hours=1)
    assert filled()[Slot.HEADLINE] == [scheduled.pk]


def test_more_placements_than_places():
    cover = make_photo()
    articles = [make_article(cover=cover) for _ in range(20)]
    for position, article in enumerate(articles):
        place("carousel", article, position=position)
        place("pick", article, position=20 - position)

    slots = filled()

    pks = [article.pk for article in articles]
    assert slots[Slot.CAROUSEL] == pks[:5]
    assert slots[Slot.PICK] == list(reversed(pks))[:10]
    assert slots[Slot.HEADLINE] == [pks[9]]  # the newest that is left


def test_an_article_placed_twice_stands_in_the_weightier_slot():
    cover = make_photo()
    article, *others = [make_article(cover=cover) for _ in range(3)]
    for slot in ("pick", "carousel", "headline"):
        place(slot, article)

    slots = filled()

    assert slots[Slot.HEADLINE] == [article.pk]
    assert slots[Slot.CAROUSEL] == [others[1].pk, others[0].pk]
    assert slots[Slot.PICK] == []


def test_the_carousel_takes_only_articles_with_a_picture():
    plain, pictured = make_article(), make_article(cover=make_photo())
    bare = make_article()
    place("carousel", plain)
    place("carousel", bare, picture=make_photo(), position=1)
    place("headline", pictured)

    slots = filled()

    assert slots[Slot.CAROUSEL] == [bare.pk]
    assert slots[Slot.PICK] == [plain.pk]


def test_the_headline_is_never_empty():
    assert filled() == {Slot.HEADLINE: [], Slot.CAROUSEL: [], Slot.PICK: []}
    first = make_article()
    assert filled() == {Slot.HEADLINE: [first.pk], Slot.CAROUSEL: [], Slot.PICK: []}
    second = make_article()
    assert filled() == {Slot.HEADLINE: [second.pk], Slot.CAROUSEL: [], Slot.PICK: [first.pk]}
    pictured = make_article(cover=make_photo(), published_at=first.published_at - HOUR)
    assert filled() == {Slot.HEADLINE: [pictured.pk], Slot.CAROUSEL: [], Slot.PICK: [second.pk, first.pk]}


def test_a_place_has_its_own_title_and_picture():
    cover, picture = make_photo(alt="封面"), make_photo(alt="另图")
    article, plain = make_article(title="本来的标题", cover=cover), make_article(title="无图的标题")
    place("headline", article, title="换过的标题", picture=picture)
    place("pick", plain)

    slots = fill_slots(newest())

    (headline,), (pick,) = slots[Slot.HEADLINE], slots[Slot.PICK]
    assert (headline.title, headline.picture.alt) == ("换过的标题", "另图")
    assert (pick.title, pick.picture) == ("无图的标题", None)
    Placement.objects.filter(slot="headline").update(title="", picture=None)
    (headline,) = fill_slots(newest())[Slot.HEADLINE]
    assert (headline.title, headline.picture.alt) == ("本来的标题", "封面")


def test_hot_placements_are_no_slot_of_the_home_page():
    article = make_article(cover=make_photo())
    place("hot", article)
    assert set(fill_slots([])) == set(PLACES)
    assert all(places == [] for places in fill_slots([]).values())


def test_one_query_whatever_is_placed(django_assert_num_queries):
    cover = make_photo()
    pool = list(newest())
    with django_assert_num_queries(1):
        fill_slots(pool)
    for _ in range(12):
        article = make_article(cover=cover)
        place("pick", article, picture=cover)
        place("carousel", article)
    with django_assert_num_queries(1):
        slots = fill_slots(pool)
        for places in slots.values():
            for placed in places:
                assert placed.article.get_absolute_url()
                assert placed.article.source.name
    assert len(slots[Slot.CAROUSEL]) == 5
