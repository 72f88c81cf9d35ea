"""Deep pages: whatever happened to the articles, the pages of a list are the list, each row once."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404

from articles import paging
from articles.listing import place, retire_expired, wrong_counts
from articles.models import Article, Channel, ListCount, ListEntry, Tag
from articles.paging import end_of, entry_page, find, take_census
from articles.publishing import index_article, publish, reindex_channel, save_article, withdraw
from regions.models import Region

from .clock import StoppedClock
from .factories import make_article, make_channel, make_source, make_tag

pytestmark = pytest.mark.django_db
Scope = ListEntry.Scope
DAY = timedelta(days=1)


@pytest.fixture
def near(monkeypatch):
    """Every page but the first counts as deep."""
    monkeypatch.setattr(paging, "NEAR", 0)


def years(count: int, start: datetime, *, step: timedelta, **values) -> list[Article]:
    """So many articles, newest first, one every `step` back from `start`."""
    values = {"channel": make_channel(), "source": make_source(), "status": "published", **values}
    rows = [Article(title=f"稿件{number}", published_at=start - number * step, **values) for number in range(count)]
    made = Article.objects.bulk_create(rows)
    place(article.pk for article in made)
    return made


def pages(scope: int, target: int, *, channel: int = 0, size: int = 3) -> list[int]:
    """The articles of all pages of a list, in order."""
    last = entry_page(scope, target, 1, channel=channel, size=size).last
    found = [entry_page(scope, target, number, channel=channel, size=size).items for number in range(1, last + 1)]
    assert all(len(items) == size for items in found[:-1])
    with pytest.raises(Http404):
        entry_page(scope, target, last + 1, channel=channel, size=size)
    return [article.pk for items in found for article in items]


def expected(**rule) -> list[int]:
    published = Article.objects.published().filter(**rule).order_by("-published_at", "-pk")
    return list(published.values_list("pk", flat=True).distinct())


# --- Where a page begins ---


def test_places_are_found_bucket_by_bucket():
    counts = Counter({202611: 3, 202610: 0, 202609: 2})
    found = [find(counts, position) for position in range(5)]
    assert found == [(202611, 0), (202611, 1), (202611, 2), (202609, 0), (202609, 1)]


@pytest.mark.parametrize(
    ("bucket", "end"),
    [
        (202611, (2026, 12, 1)),
        (202612, (2027, 1, 1)),
        (20261130, (2026, 12, 1)),
        (20261231, (2027, 1, 1)),
        (20240228, (2024, 2, 29)),
    ],
)
def test_where_a_bucket_ends(bucket, end):
    assert end_of(bucket) == datetime(*end, tzinfo=UTC)


def test_every_page_of_years(clock, near):
    articles = years(60, clock.now, step=timedelta(hours=500))
    assert pages(Scope.SITE, 0, size=7) == [article.pk for article in articles]
    assert pages(Scope.SITE, 0, channel=articles[0].channel_id) == [article.pk for article in articles]


def test_every_page_of_one_second(clock, near):
    """What was imported at one moment is in the order of the numbers."""
    articles = years(10, clock.now - 40 * DAY, step=timedelta(0))
    assert pages(Scope.SITE, 0) == [article.pk for article in reversed(articles)]


def test_a_deep_page_skips_no_more_than_a_day(clock, near, django_assert_num_queries):
    articles = years(100, clock.now, step=timedelta(hours=6))

    # 1 the months; 2 the days of the month; 3 the articles
    with django_assert_num_queries(3) as queries:
        page = entry_page(Scope.SITE, 0, 17, size=5)

    assert [article.pk for article in page.items] == [article.pk for article in articles[80:85]]
    last = queries.captured_queries[-1]["sql"]
    offset = int(last.partition("OFFSET ")[2].split(")")[0])
    assert offset < 4


def test_pages_near_the_beginning_take_two_queries(clock, django_assert_num_queries):
    years(30, clock.now, step=DAY)
    # 1 the months; 2 the articles
    with django_assert_num_queries(2):
        entry_page(Scope.SITE, 0, 5, size=5)
    # 1 the months
    with django_assert_num_queries(1), pytest.raises(Http404):
        entry_page(Scope.SITE, 0, 8, size=5)
    with django_assert_num_queries(1):
        assert entry_page(Scope.TAG, 1, 1).items == []


def test_a_list_without_days_skips_within_its_month(clock, near, django_assert_num_queries):
    tag = make_tag()
    articles = years(40, clock.now, step=DAY)
    for article in articles:
        article.tags.add(tag)
    place(article.pk for article in articles)

    assert not ListCount.objects.filter(scope=Scope.TAG, bucket__gte=1_000_000).exists()
    # 1 the months; 2 the articles
    with django_assert_num_queries(2):
        page = entry_page(Scope.TAG, tag.pk, 6, size=7)
    assert [article.pk for article in page.items] == [article.pk for article in articles[35:]]


# --- What readers do not see ---


def test_the_scheduled_shift_nothing(clock, near):
    articles = years(20, clock.now, step=DAY)
    coming = years(7, clock.now + 35 * DAY, step=6 * DAY)
    assert take_census(Scope.SITE, 0, 0).coming == 6  # and one that appears at this very moment

    assert pages(Scope.SITE, 0) == sorted(
        (article.pk for article in [coming[-1], *articles]),
        key=lambda pk: (Article.objects.get(pk=pk).published_at, pk),
        reverse=True,
    )
    assert coming[-1].published_at < clock.now + DAY
    clock.move(days=40)
    assert len(pages(Scope.SITE, 0)) == 27


def test_the_expired_leave_no_hole(clock, near):
    articles = years(40, clock.now, step=DAY)
    gone = articles[3:37:4]
    for article in gone:
        article.expires_at = clock.now + timedelta(minutes=1)
        article.save()
    place(article.pk for article in gone)
    clock.move(minutes=1)
    left = [article.pk for article in articles if article not in gone]

    assert ListEntry.objects.filter(article__in=gone).count() == 3 * len(gone)
    assert pages(Scope.SITE, 0) == left
    assert retire_expired(most=4) == 4
    assert pages(Scope.SITE, 0) == left
    assert [retire_expired() for _ in range(2)] == [len(gone) - 4, 0]
    assert not ListEntry.objects.filter(article__in=gone).exists()
    assert pages(Scope.SITE, 0) == left
    assert wrong_counts() == 0


def test_what_expired_stands_again_when_its_time_is_moved(clock):
    article = make_article(expires_at=clock.now + DAY)
    clock.move(days=2)
    retire_expired()
    assert pages(Scope.SITE, 0) == []
    article.expires_at = clock.now + DAY
    save_article(article)
    index_article(article)
    assert pages(Scope.SITE, 0) == [article.pk]


# --- Anything at all ---


class Newsroom:
    """Does at random what editors do."""

    def __init__(self, clock: StoppedClock, seed: int) -> None:
        self.clock, self.random = clock, random.Random(seed)
        self.channels = [make_channel() for _ in range(3)]
        self.sources = [make_source() for _ in range(2)]
        self.tags = [make_tag() for _ in range(2)]
        self.regions = list(Region.objects.all()[:3])

    def any_article(self) -> Article | None:
        pks = list(Article.objects.values_list("pk", flat=True))
        return Article.objects.select_related("channel").get(pk=self.random.choice(pks)) if pks else None

    def write(self) -> None:
        moment = self.clock.now + self.random.choice([-400, -61, -31, -30, -2, -1, 0, 0, 1, 33]) * DAY
        moment += self.random.choice([0, 1, 1]) * timedelta(seconds=self.random.randrange(90_000))
        expiry = self.random.choice([None, None, moment + self.random.randrange(1, 500) * DAY])
        choice = self.random.choice
        make_article(
            channel=choice(self.channels),
            source=choice(self.sources),
            regions=self.random.sample(self.regions, k=choice([0, 1, 2])),
            tags=self.random.sample(self.tags, k=choice([0, 1, 2])),
            published_at=moment,
            expires_at=expiry,
        )

    def withdraw(self) -> None:
        article = self.any_article()
        if article and article.is_published:
            withdraw(article, reason="撤")

    def publish_again(self) -> None:
        article = self.any_article()
        if article and article.status == Article.Status.WITHDRAWN:
            publish(article)

    def move(self) -> None:
        if article := self.any_article():
            article.channel = self.random.choice(self.channels)
            article.source = self.random.choice(self.sources)
            article.expires_at = self.random.choice([None, article.published_at + 600 * DAY])
            article.published_at -= self.random.choice([0, 3]) * DAY
            save_article(article)
            article.tags.set(self.random.sample(self.tags, k=1))
            index_article(article)

    def hide(self) -> None:
        channel = self.random.choice(self.channels)
        channel.is_hidden = not channel.is_hidden
        channel.save()
        reindex_channel(channel)

    def let_time_pass(self) -> None:
        self.clock.move(days=self.random.randrange(30), seconds=self.random.randrange(90_000))

    def sweep(self) -> None:
        retire_expired(most=self.random.choice([1, 50]))

    def work(self, steps: int) -> None:
        often = [self.write] * 6 + [self.move, self.withdraw, self.publish_again, self.let_time_pass, self.sweep]
        for _ in range(steps):
            self.random.choice([*often, *often, self.hide])()


@pytest.mark.parametrize("seed", range(4))
def test_all_pages_of_all_lists_are_the_lists(clock, near, seed):
    room = Newsroom(clock, seed)
    for _ in range(3):
        room.work(25)
        assert wrong_counts() == 0
        assert pages(Scope.SITE, 0) == expected()
        for channel in Channel.objects.all():
            assert pages(Scope.SITE, 0, channel=channel.pk) == expected(channel=channel)
        for source in room.sources:
            assert pages(Scope.SOURCE, source.pk) == expected(source=source)
        for tag in Tag.objects.all():
            assert pages(Scope.TAG, tag.pk, size=2) == expected(tags=tag)
        for region in room.regions:
            assert pages(Scope.REGION, region.pk) == expected(regions=region)
            for channel in room.channels:
                of_channel = expected(regions=region, channel=channel)
                assert pages(Scope.REGION, region.pk, channel=channel.pk, size=2) == of_channel
