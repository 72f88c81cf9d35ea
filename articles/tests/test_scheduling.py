"""What the clock alone changes: a scheduled article appears on its second, on pages kept before it was due."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles.models import Placement
from articles.publishing import next_change
from newsportal.lib import pagecache

from .factories import make_article, make_channel, make_photo
from .pages import article_ids, main_part

pytestmark = pytest.mark.django_db
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def listed(client):
    """The articles in the main part of a page, as a reader gets it."""

    def listed(path: str) -> list[int]:
        answer = client.get(path)
        assert answer.status_code == 200
        return article_ids(main_part(answer))

    return listed


# --- When the next change is ---


def test_nothing_is_due(clock):
    make_article()
    make_article(expires_at=clock.now)
    make_article(status="draft", published_at=clock.now + SECOND, expires_at=clock.now + HOUR)
    Placement.objects.create(slot="pick", article=make_article(), starts_at=clock.now - HOUR, ends_at=clock.now)
    assert next_change() is None


def test_the_next_change_is_the_first_of_all(clock):
    article = make_article()
    Placement.objects.create(slot="pick", article=article, ends_at=clock.now + 4 * HOUR)
    assert next_change() == clock.now + 4 * HOUR
    Placement.objects.create(slot="hot", article=article, starts_at=clock.now + 3 * HOUR)
    assert next_change() == clock.now + 3 * HOUR
    make_article(expires_at=clock.now + 2 * HOUR)
    assert next_change() == clock.now + 2 * HOUR
    make_article(published_at=clock.now + HOUR)
    assert next_change() == clock.now + HOUR
    clock.move(hours=1)
    assert next_change() == clock.now + HOUR
    clock.move(hours=1)
    assert next_change() == clock.now + HOUR


# --- On pages that are kept ---


def test_a_scheduled_article_appears_on_its_second(clock, site, client, listed):
    channel = make_channel("news", home_order=1)
    old = make_article(channel=channel)
    coming = make_article(channel=channel, published_at=clock.now + 10 * SECOND)
    paths = ["/", "/news/", "/rolling/"]
    assert {path: listed(path) for path in paths} == {path: [old.pk] for path in paths}
    assert client.get(coming.get_absolute_url()).status_code == 404

    # Each page is kept to the second of the change, not for all of PAGE_CACHE_SECONDS.
    assert pagecache.clock.next_change == coming.published_at
    assert pagecache.keep_until() == coming.published_at.timestamp()

    clock.move(seconds=9.9)
    with CaptureQueriesContext(connection) as queries:
        assert {path: listed(path) for path in paths} == {path: [old.pk] for path in paths}
    # At most the generation is asked for: the pages were kept.
    assert all("shared_cache" in query["sql"] for query in queries)
    clock.move(seconds=0.2)
    assert {path: set(listed(path)) for path in paths} == {path: {coming.pk, old.pk} for path in paths}
    assert client.get(coming.get_absolute_url()).status_code == 200


def test_the_pages_are_kept_again_afterwards(clock, site, listed, settings):
    make_article(published_at=clock.now + SECOND)
    listed("/rolling/")
    clock.move(seconds=1.1)
    listed("/rolling/")
    clock.move(seconds=settings.PAGE_CACHE_CHECK_SECONDS)
    listed("/rolling/")

    with CaptureQueriesContext(connection) as queries:
        listed("/rolling/")

    assert len(queries) == 0
    assert pagecache.keep_until() == clock.now.timestamp() + settings.PAGE_CACHE_SECONDS


def test_a_change_within_the_check_window_is_not_missed(clock, site, listed):
    """The generation was asked for an instant before the change: the kept page ends by itself."""
    coming = make_article(published_at=clock.now + timedelta(milliseconds=200))
    assert listed("/rolling/") == []
    clock.move(seconds=0.3)
    assert listed("/rolling/") == [coming.pk]


def test_an_expired_article_goes_on_its_second(clock, site, client, listed):
    going = make_article(channel=make_channel("news"), expires_at=clock.now + 10 * SECOND)
    assert listed("/news/") == [going.pk]
    assert client.get(going.get_absolute_url()).status_code == 200
    clock.move(seconds=9.9)
    assert listed("/news/") == [going.pk]
    clock.move(seconds=0.2)
    assert listed("/news/") == []
    assert client.get(going.get_absolute_url()).status_code == 410


def test_a_placement_takes_its_place_and_leaves_it(clock, site, client):
    cover = make_photo()
    placed, newest = make_article(cover=cover), make_article(cover=cover)
    Placement.objects.create(
        slot="headline", article=placed, starts_at=clock.now + 10 * SECOND, ends_at=clock.now + 20 * SECOND
    )
    seen = []
    for _ in range(3):
        caught = client.get("/")
        seen.append(article_ids(main_part(caught))[0])
        clock.move(seconds=10.1)
    assert seen == [newest.pk, placed.pk, newest.pk]


def test_what_is_scheduled_later_is_known_to_pages_kept_before(
    clock, site, listed, django_capture_on_commit_callbacks, settings
):
    """The page is kept for long; then an editor schedules an article for soon."""
    assert listed("/rolling/") == []
    assert pagecache.clock.next_change is None
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        coming = make_article(published_at=clock.now + 5 * SECOND)
    assert listed("/rolling/") == []
    clock.move(seconds=5.1)
    assert settings.PAGE_CACHE_SECONDS > 5
    assert listed("/rolling/") == [coming.pk]


def test_a_lost_generation_makes_pages_no_older_than_their_time(clock, site, listed, settings):
    """Should the bump not arrive (a broken shared cache), a page is right again when its time is over."""
    assert listed("/rolling/") == []
    article = make_article()
    assert listed("/rolling/") == []
    clock.move(seconds=settings.PAGE_CACHE_SECONDS + 1)
    assert listed("/rolling/") == [article.pk]


def test_browsers_are_told_to_ask_again_soon(clock, site, client, settings):
    make_article()
    caches["pages"].clear()
    assert client.get("/rolling/")["Cache-Control"].startswith(f"public, max-age={settings.PAGE_MAX_AGE},")
    assert settings.PAGE_MAX_AGE == 1
