"""The counts of lists: kept with every write, right when two write at once, mended and checked by a command."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from articles.listing import misplaced, place, recount, retire_expired, wrong_counts
from articles.models import Article, ListCount, ListEntry
from articles.paging import entry_page
from articles.publishing import index_article, publish, withdraw
from regions.models import Region

from .factories import make_article, make_channel, make_city, make_source, make_tag

pytestmark = pytest.mark.django_db
Scope = ListEntry.Scope
DAY = timedelta(days=1)


def counts(**rule) -> dict[tuple[int, int, int, int], int]:
    rows = ListCount.objects.filter(**rule).exclude(count=0)
    return {tuple(key): count for *key, count in rows.values_list("scope", "target", "channel", "bucket", "count")}


# --- Kept with every write ---


def test_what_is_counted_of_an_article(clock):
    hunan, tag, source = Region.objects.get(slug="hunan"), make_tag(), make_source()
    city = make_city(hunan)
    article = make_article(regions=[city], tags=[tag], source=source, credit="林晓舟", published_at=clock.now)
    author = article.credits.get().author
    channel, month, day = article.channel_id, 202611, 20261103

    assert counts() == dict.fromkeys(
        [
            *((Scope.SITE, 0, part, bucket) for part in (0, channel) for bucket in (month, day)),
            *((Scope.REGION, area.pk, 0, bucket) for area in (hunan, city) for bucket in (month, day)),
            *((Scope.REGION, area.pk, channel, month) for area in (hunan, city)),
            (Scope.TAG, tag.pk, 0, month),
            (Scope.AUTHOR, author.pk, 0, month),
            *((Scope.SOURCE, source.pk, 0, bucket) for bucket in (month, day)),
        ],
        1,
    )


def test_counts_follow_the_article(clock):
    first = make_article(published_at=clock.now)
    second = make_article(published_at=clock.now, channel=first.channel, source=first.source)
    whole = (Scope.SITE, 0, 0, 202611)
    assert counts()[whole] == 2

    withdraw(second, reason="撤")
    assert counts()[whole] == 1
    publish(second, at=clock.now - 60 * DAY)
    assert counts()[whole] == 1
    assert counts()[(Scope.SITE, 0, 0, 202609)] == 1
    index_article(second)
    assert counts()[(Scope.SITE, 0, 0, 202609)] == 1
    withdraw(second, reason="撤")
    withdraw(first, reason="撤")
    assert counts() == {}


def test_the_day_is_of_utc_whatever_the_time_zone_of_the_site(settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    with timezone.override("Asia/Shanghai"):
        make_article(published_at=timezone.datetime(2026, 11, 1, 7, 59, 59, tzinfo=timezone.get_current_timezone()))
        assert {bucket for *_, bucket in counts(scope=Scope.SITE)} == {202610, 20261031}


def test_a_failed_publication_counts_nothing(clock):
    article = make_article(status="draft", published_at=None)
    with transaction.atomic():
        publish(article)
        assert len(counts()) == 6
        transaction.set_rollback(True)
    assert counts() == {}


@pytest.mark.parametrize("number", [1, 30])
def test_placing_takes_the_same_queries_for_many(django_assert_num_queries, number):
    source, channel = make_source(), make_channel()
    rows = [Article(title="稿件", channel=channel, source=source) for _ in range(number)]
    for row in rows:
        row.status, row.published_at = "published", timezone.now()
    ids = [article.pk for article in Article.objects.bulk_create(rows)]
    # 1 the articles, locked; 2 their places; 3 no longer; 4 hidden channels; 5 regions; 6, 7, 8 the articles' regions,
    # tags, authors; 9 the places; 10 the counts; and the savepoint
    with django_assert_num_queries(12):
        place(ids)
    assert ListEntry.objects.count() == 3 * number


def test_the_beacon_takes_out_what_is_past_its_time(clock, client):
    going = make_article(expires_at=clock.now + timedelta(minutes=1))
    read = make_article()
    clock.move(minutes=10)
    assert ListEntry.objects.filter(article=going).exists()

    client.post(f"/reads/{read.pk}/", headers={"user-agent": "Mozilla/5.0 Firefox/132.0"})

    assert not ListEntry.objects.filter(article=going).exists()
    assert wrong_counts() == 0


def test_nothing_to_take_out_costs_one_query(django_assert_num_queries):
    make_article()
    with django_assert_num_queries(1):
        assert retire_expired() == 0


# --- Two at once ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
def test_two_who_publish_at_once_lose_no_count():
    """Both publish into the same lists, in opposite orders, and both change one article: no deadlock, exact counts."""
    channel, source = make_channel(), make_source()
    drafts = [make_article(channel=channel, source=source, status="draft", published_at=None) for _ in range(12)]
    shared = make_article(channel=channel, source=source)
    together, failures = threading.Barrier(2), []

    def work(articles: list[Article]) -> None:
        try:
            for article in articles:
                together.wait(timeout=30)
                publish(article)
                index_article(shared)
        except Exception as error:  # told by the assertion below, with its text
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(part,)) for part in (drafts[:6], drafts[:5:-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert entry_page(Scope.SITE, 0, 1).last == 1
    assert counts(scope=Scope.SITE, channel=0, bucket__lt=1_000_000).popitem()[1] == 13
    assert wrong_counts() == 0


# --- Mended and checked ---


def spoil() -> tuple[Article, Article]:
    """A place that is missing, a place that is wrong, and counts that are neither right nor for anything."""
    lost, strayed = make_article(), make_article()
    ListEntry.objects.filter(article=lost, scope=Scope.SOURCE).delete()
    ListEntry.objects.create(scope=Scope.TAG, target=99, article=strayed, published_at=strayed.published_at)
    ListCount.objects.filter(scope=Scope.SITE, channel=0).update(count=7)
    ListCount.objects.create(scope=Scope.TAG, target=98, bucket=202611, count=3)
    return lost, strayed


def test_the_check_tells_what_is_wrong_and_changes_nothing(capsys):
    make_article()
    call_command("rebuild_lists", check=True)
    assert capsys.readouterr().out == "列表与稿件一致，计数无误。\n"
    lost, strayed = spoil()
    before = counts(), ListEntry.objects.count()

    # Wrong are: the month and day of the site; of a source twice, of a tag that has a place; of a tag that has none.
    assert list(misplaced(Article.objects.all())) == [lost.pk, strayed.pk]
    assert wrong_counts() == 2 + 2 + 1 + 1
    with pytest.raises(CommandError, match=rf"2 篇稿件的列表位置不对（{lost.pk}、{strayed.pk} 等），6 处计数不对"):
        call_command("rebuild_lists", check=True)
    assert (counts(), ListEntry.objects.count()) == before


def test_rebuilding_mends_it(capsys):
    lost, _ = spoil()
    call_command("rebuild_lists")
    assert capsys.readouterr().out == "已重建 2 篇稿件的列表位置，重新计数完毕。\n"
    call_command("rebuild_lists", check=True)
    assert not ListEntry.objects.filter(target=99).exists()
    assert ListEntry.objects.filter(article=lost).count() == 3
    assert not ListCount.objects.filter(target=98).exists()


def test_counting_anew_gives_what_publishing_counted(clock):
    hunan, tag = Region.objects.get(slug="hunan"), make_tag()
    for age in (0, 1, 40, 400):
        make_article(regions=[hunan], tags=[tag], credit="林晓舟", published_at=clock.now - age * DAY)
    before = counts()
    recount()
    assert counts() == before
    assert len(before) == len(ListCount.objects.all())


def test_the_migration_fills_the_lists_of_an_existing_site(clock):
    """What was published before the counts: the same as if it were published now, but for the places it had."""
    from importlib import import_module  # a migration's name is no identifier

    make_article(regions=[Region.objects.get(slug="hunan")], tags=[make_tag()], credit="林晓舟")
    make_article(published_at=clock.now + DAY)
    make_article(status="draft")
    make_article(channel=make_channel(is_hidden=True))
    expired = make_article(expires_at=clock.now + DAY)
    clock.move(days=1, seconds=1)
    before = set(ListEntry.objects.exclude(article=expired).values_list("scope", "target", "channel", "article"))
    ListEntry.objects.filter(scope=Scope.SITE).delete()
    ListCount.objects.all().delete()

    filling = import_module("articles.migrations.0006_fill_list_counts")
    filling.fill(apps, SimpleNamespace(connection=connection))

    assert set(ListEntry.objects.values_list("scope", "target", "channel", "article")) == before
    assert wrong_counts() == 0
    assert list(misplaced(Article.objects.all())) == []


def test_pages_of_a_site_are_made_of_counts(site, clock):
    for _ in range(3):
        make_article()
    ListCount.objects.all().delete()
    assert Client().get("/rolling/?page=2").status_code == 404
    recount()
    assert len(entry_page(Scope.SITE, 0, 1).items) == 3
