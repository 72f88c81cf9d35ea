"""置顶: what stands at the head of a channel's or a region's list by hand."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from articles.models import Channel, Credit, Placement
from articles.publishing import withdraw
from articles.tests.pages import article_ids, main_part
from regions.models import Region

from .factories import make_article, make_author, make_channel, make_photo
from .newsroom import read
from .test_desk import DESK, place, press, shelf

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def zhejiang():
    return Region.objects.get(slug="zhejiang")


def listed(client, address: str) -> list[int]:
    read(client, address)
    return article_ids(main_part(client.get(address)))


@pytest.mark.parametrize("kind", [kind for kind in Channel.Kind if kind != Channel.Kind.LINK])
def test_the_pinned_stand_first_in_every_layout(client, site, kind):
    channel = make_channel("news", kind=kind)
    articles = [make_article(channel=channel, cover=make_photo()) for _ in range(4)]
    Credit.objects.create(article=articles[1], author=make_author(name="白一川"))
    place("channel", articles[1], channel=channel, position=2, title="置顶的题")
    place("channel", articles[0], channel=channel, position=1)
    assert listed(client, "/news/")[:4] == [articles[pk].pk for pk in (0, 1, 3, 2)]
    page = main_part(client.get("/news/")).text_content()
    assert "置顶的题" in page
    assert articles[1].title not in page
    assert ("白一川" in page) == (kind == Channel.Kind.POEMS)


def test_a_region_pins_for_itself_and_not_for_a_channel_of_it(client, site, zhejiang):
    channel = make_channel("news")
    old, new = (make_article(channel=channel, regions=[zhejiang]) for _ in range(2))
    place("region", old, region=zhejiang)
    assert listed(client, "/regions/zhejiang/")[:2] == [old.pk, new.pk]
    assert listed(client, "/regions/zhejiang/?channel=news")[:2] == [new.pk, old.pk]
    assert listed(client, "/news/")[:2] == [new.pk, old.pk]


def test_the_pinned_keep_to_their_time_their_number_and_the_first_page(client, site, clock):
    channel = make_channel("news")
    articles = [make_article(channel=channel) for _ in range(30)]
    gone, hidden, coming, *rest = (make_article() for _ in range(10))
    withdraw(gone, reason="失实")
    Channel.objects.filter(pk=hidden.channel_id).update(is_hidden=True)
    for article in (gone, hidden):
        place("channel", article, channel=channel)
    place("channel", coming, channel=channel, starts_at=clock.now + HOUR)
    for number, article in enumerate(rest, start=1):
        place("channel", article, channel=channel, position=number, ends_at=clock.now + 2 * HOUR)
    newest = [article.pk for article in reversed(articles)]

    assert listed(client, "/news/")[:25] == [article.pk for article in rest[:5]] + newest[:20]
    assert listed(client, "/news/?page=2")[:10] == newest[20:]
    clock.move(hours=1)
    assert listed(client, "/news/")[:6] == [coming.pk, *(article.pk for article in rest[:4]), newest[0]]
    clock.move(hours=1)
    assert listed(client, "/news/")[:2] == [coming.pk, newest[0]]


def test_what_is_pinned_costs_one_query(client, site, zhejiang, settings):
    settings.PAGE_CACHE_CHECK_SECONDS = 3600
    channel, cover = make_channel("news"), make_photo()
    articles = [make_article(channel=channel, regions=[zhejiang]) for _ in range(3)]
    elsewhere = [make_article() for _ in range(8)]
    costs = {}
    for number in (0, 1, 3):
        Placement.objects.all().delete()
        for article in [*articles, *elsewhere][:number]:
            place("channel", article, channel=channel, picture=cover)
            place("region", article, region=zhejiang, picture=cover)
        for address in ("/news/", "/regions/zhejiang/"):
            read(client, address)
            with CaptureQueriesContext(connection) as queries:
                read(client, address)
            costs[number, address] = len(queries)
    assert [costs[number, "/news/"] for number in (0, 1, 3)] == [5, 6, 6]
    assert [costs[number, "/regions/zhejiang/"] for number in (0, 1, 3)] == [7, 8, 8]


def test_the_desk_shows_the_pinned_and_what_follows(desk, zhejiang):
    channel = make_channel()
    articles = [make_article(channel=channel, regions=[zhejiang]) for _ in range(7)]
    newest = list(reversed(articles))
    for page, slot in (({"channel": channel}, "channel"), ({"region": zhejiang}, "region")):
        row = place(slot, articles[0], **page)
        full = desk.get(DESK, {"page": f"{slot}-{next(iter(page.values())).pk}"})
        assert [item.row for item in shelf(full, slot).items] == [row]
        assert shelf(full, slot).fillers == newest[:4]
        assert shelf(full, slot).next_in_line == newest[4]


def test_the_same_article_may_stand_on_several_pages_and_once_on_each(desk, zhejiang):
    article, one, two = make_article(), make_channel(), make_channel()
    pages = [f"channel-{one.pk}", f"channel-{two.pk}", f"region-{zhejiang.pk}"]
    for page in pages:
        slot = page.split("-")[0]
        assert press(desk, f"put:{article.pk}", f"{DESK}?page={page}", into=slot).status_code == 302
        assert press(desk, f"put:{article.pk}", f"{DESK}?page={page}", into=slot).status_code == 422
    assert Placement.objects.count() == 3
    for values in ({"slot": "channel", "channel": one}, {"slot": "region", "region": zhejiang}):
        with pytest.raises(ValidationError, match="这篇稿件已经在这个位置上了。"):
            Placement(article=article, **values).full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            Placement.objects.create(article=article, **values)


@pytest.mark.parametrize(
    ("slot", "page", "field", "message"),
    [
        ("channel", [], "channel", "“栏目页置顶”要选栏目。"),
        ("region", [], "region", "“地区页置顶”要选地区。"),
        ("pick", ["channel"], "channel", "只有“栏目页置顶”才选栏目。"),
        ("channel", ["channel", "region"], "region", "只有“地区页置顶”才选地区。"),
    ],
)
def test_a_slot_has_the_page_that_it_is_of(zhejiang, slot, page, field, message):
    pages = {"channel": make_channel(), "region": zhejiang}
    row = Placement(slot=slot, article=make_article(), **{name: pages[name] for name in page})
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert refusal.value.message_dict == {field: [message]}
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
