"""The lists readers see: what stands in them, in which order, page by page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404

from articles.lists import (
    HOT_SHOWN,
    entries,
    gather_ids,
    hot_articles,
    in_order,
    newest,
    of_day,
    rankings,
)
from articles.models import Article, Channel, ListEntry, Placement, RankingEntry
from articles.paging import entry_page
from articles.publishing import reindex_channel, withdraw
from regions.models import Region

from .factories import make_article, make_author, make_channel, make_city, make_photo, make_source, make_tag
from .pages import article_ids, main_part, text_of_main, tree

pytestmark = pytest.mark.django_db
Scope = ListEntry.Scope
DAY = timedelta(days=1)


@pytest.fixture
def hunan(db):
    return Region.objects.get(slug="hunan")


def pks(articles) -> list[int]:
    return [article.pk for article in articles]


def hidden_ones(clock, **values) -> list[Article]:
    """One article of each sort that no list may show."""
    return [
        make_article(**values, status="draft"),
        make_article(**values, published_at=clock.now + DAY),
        make_article(**values, published_at=clock.now - 2 * DAY, expires_at=clock.now - DAY),
        withdraw(make_article(**values), reason="撤"),
    ]


# --- Order and what is left out ---


def test_of_two_upper_ends_the_database_is_told_the_earlier(clock):
    for rows in (Article.objects.published, lambda before: entries(Scope.SITE, 0, before=before)):
        for before, end in ((clock.now - DAY, clock.now - DAY), (clock.now + DAY, clock.now)):
            sql = str(rows(before=before).query)
            assert sql.count('"published_at" <') == 1
            assert f"{end:%Y-%m-%d %H:%M:%S}" in sql.partition('"published_at" <')[2][:30]


def test_newest_first_and_the_later_number_first_within_a_second(clock):
    old = make_article(published_at=clock.now - 2 * DAY)
    ties = [make_article(published_at=clock.now - DAY) for _ in range(3)]
    new = make_article(published_at=clock.now)
    oldest = make_article(published_at=clock.now - 3 * DAY)

    assert pks(newest()) == [new.pk, *reversed(pks(ties)), old.pk, oldest.pk]


def test_no_list_shows_what_is_not_public(clock, hunan):
    tag, author, source, channel = make_tag(), make_author(name="林晓舟"), make_source(), make_channel()
    values = {"regions": [hunan], "tags": [tag], "credit": "林晓舟", "source": source, "channel": channel}
    public = make_article(**values)
    hidden = hidden_ones(clock, **values)
    in_hidden_channel = make_article(**{**values, "channel": make_channel(is_hidden=True)})

    assert Article.objects.count() == len(hidden) + 2
    assert pks(newest()) == [public.pk]
    for scope, target in (
        (Scope.REGION, hunan.pk),
        (Scope.TAG, tag.pk),
        (Scope.AUTHOR, author.pk),
        (Scope.SOURCE, source.pk),
    ):
        assert pks(entry_page(scope, target, 1).items) == [public.pk]
    assert pks(entry_page(Scope.REGION, hunan.pk, 1, channel=channel.pk).items) == [public.pk]
    assert pks(in_order([in_hidden_channel.pk, *pks(hidden), public.pk])) == [public.pk]


def test_lists_change_on_their_second(clock, hunan):
    coming = make_article(regions=[hunan], published_at=clock.now + timedelta(seconds=2))
    going = make_article(regions=[hunan], expires_at=clock.now + timedelta(seconds=2))

    assert pks(entry_page(Scope.REGION, hunan.pk, 1).items) == [going.pk]
    clock.move(seconds=1.999999)
    assert pks(entry_page(Scope.REGION, hunan.pk, 1).items) == [going.pk]
    clock.move(seconds=0.000001)
    assert pks(entry_page(Scope.REGION, hunan.pk, 1).items) == [coming.pk]
    assert pks(newest()) == [coming.pk]


def test_entries_are_in_the_order_of_lists(clock, hunan):
    articles = [make_article(regions=[hunan], published_at=clock.now - DAY) for _ in range(3)]
    late = make_article(regions=[hunan], published_at=clock.now - 2 * DAY)

    ids = entries(Scope.REGION, hunan.pk).values_list("article_id", flat=True)

    assert list(ids) == [*reversed(pks(articles)), late.pk]


def test_in_order_keeps_the_order_it_is_given():
    first, second, third = make_article(), make_article(), make_article()
    assert pks(in_order([second.pk, third.pk, first.pk])) == [second.pk, third.pk, first.pk]
    assert in_order([]) == []
    assert in_order([third.pk + 1]) == []


def test_a_list_reads_no_body():
    make_article()
    (article,) = newest()
    assert {"body", "pages"} <= article.get_deferred_fields()


def test_a_day_is_the_day_of_the_readers(clock):
    midnight = datetime(2026, 10, 31, 16, tzinfo=UTC)  # of 1 November in China
    before = make_article(published_at=midnight - timedelta(seconds=1))
    first, last = make_article(published_at=midnight), make_article(published_at=midnight + DAY - timedelta(seconds=1))
    after = make_article(published_at=midnight + DAY)

    assert pks(of_day(date(2026, 11, 1))) == [last.pk, first.pk]
    assert pks(of_day(date(2026, 10, 31))) == [before.pk]
    assert pks(of_day(date(2026, 11, 2))) == [after.pk]


# --- Several lists in one query ---


def test_gathering_asks_once(django_assert_num_queries):
    channels = [make_channel() for _ in range(3)]
    for number, channel in enumerate(channels):
        for _ in range(number):
            make_article(channel=channel)
    parts = [newest().filter(channel=channel).values_list("pk", flat=True)[:1] for channel in channels]

    with django_assert_num_queries(1):
        result = gather_ids(parts)

    newest_of = [Article.objects.filter(channel=channel).order_by("-id").first() for channel in channels]
    assert result == [[], [newest_of[1].pk], [newest_of[2].pk]]


def test_gathering_nothing(django_assert_num_queries):
    article = make_article()
    nothing = Article.objects.none().values_list("pk", flat=True)
    everything = Article.objects.order_by("pk").values_list("pk", flat=True)[:5]

    with django_assert_num_queries(0):
        assert gather_ids([]) == []
        assert gather_ids([nothing, nothing[:3]]) == [[], []]
        assert gather_ids([Article.objects.filter(pk__in=[]).values_list("pk", flat=True)]) == [[]]
    with django_assert_num_queries(1):
        assert gather_ids([nothing, everything, nothing]) == [[], [article.pk], []]


def test_gathering_keeps_each_order():
    articles = [make_article() for _ in range(6)]
    up, down = Article.objects.order_by("pk"), Article.objects.order_by("-pk")
    parts = [up.values_list("pk", flat=True)[:4], down.values_list("pk", flat=True)[1:5]]
    assert gather_ids(parts) == [pks(articles)[:4], list(reversed(pks(articles)))[1:5]]


# --- Pages ---


def test_a_list_has_pages_of_twenty(hunan):
    articles = [make_article(regions=[hunan]) for _ in range(41)]
    newest_first = list(reversed(pks(articles)))

    pages = [entry_page(Scope.REGION, hunan.pk, number) for number in (1, 2, 3)]

    assert [pks(page.items) for page in pages] == [newest_first[:20], newest_first[20:40], newest_first[40:]]
    assert {page.last for page in pages} == {3}
    with pytest.raises(Http404):
        entry_page(Scope.REGION, hunan.pk, 4)


# --- Channel, region, tag, source, author pages ---


def test_a_channel_shows_its_articles_in_order(client, clock, site):
    channel, other = make_channel("news"), make_channel("other")
    articles = [make_article(channel=channel, published_at=clock.now - number * DAY) for number in range(3)]
    elsewhere = make_article(channel=other)
    hidden = hidden_ones(clock, channel=channel)

    page = client.get("/news/")

    shown = article_ids(main_part(page))
    assert shown == [*pks(articles), elsewhere.pk]  # and 今日热点, without what the list shows
    assert not set(pks(hidden)) & set(article_ids(tree(page)))
    assert client.get("/news/?page=2").status_code == 404


def test_a_channel_of_every_kind_has_its_list(client, site):
    for kind in ("news", "gallery", "video", "poems", "documents"):
        channel = make_channel(kind, kind=kind)
        assert client.get(f"/{kind}/").status_code == 200
        article = make_article(channel=channel, cover=make_photo())
        assert client.get(f"/{kind}/?page=1").status_code == 200
        assert client.get(article.get_absolute_url()).status_code == 200


def test_hidden_channels_and_links_have_no_page(client, site):
    make_channel("hidden", is_hidden=True)
    make_channel("link", kind="link", link="/magazine/")
    assert [client.get(path).status_code for path in ("/hidden/", "/link/", "/none/")] == [404, 404, 404]


def test_a_region_shows_what_happens_in_its_cities(client, clock, site, hunan):
    city, other = make_city(hunan), Region.objects.get(slug="hubei")
    in_city, in_province = make_article(regions=[city]), make_article(regions=[hunan])
    elsewhere = make_article(regions=[other])
    hidden = hidden_ones(clock, regions=[hunan])

    of_province = article_ids(main_part(client.get("/regions/hunan/")))
    of_city = article_ids(main_part(client.get(f"/regions/{city.slug}/")))

    assert of_province[:2] == [in_province.pk, in_city.pk]
    assert of_city[0] == in_city.pk
    assert elsewhere.pk not in of_province[:2]
    assert not set(pks(hidden)) & set(of_province)
    assert f"/regions/{city.slug}/" in client.get("/regions/hunan/").content.decode()


def test_a_region_is_filtered_by_channel(client, clock, site, hunan):
    law, rural, empty = make_channel("law"), make_channel("rural"), make_channel("empty")
    lawful, country = make_article(channel=law, regions=[hunan]), make_article(channel=rural, regions=[hunan])
    make_article(channel=empty, regions=[Region.objects.get(slug="hubei")])

    page = client.get("/regions/hunan/?channel=law")

    listed = pks(page.context["page"].items)
    assert listed == [lawful.pk]
    assert country.pk not in listed
    assert [channel.slug for channel in page.context["channels"]] == ["law", "rural"]
    for nonsense in ("empty", "none", "", "LAW", "law'"):
        assert client.get("/regions/hunan/", {"channel": nonsense}).status_code == 404


def test_the_filter_offers_no_channel_that_has_nothing_to_show(client, clock, site, hunan):
    shown = make_channel("shown")
    make_article(channel=shown, regions=[hunan])
    values = {"regions": [hunan]}
    make_article(channel=make_channel("coming"), **values, published_at=clock.now + DAY)
    make_article(channel=make_channel("expired"), **values, published_at=clock.now - DAY, expires_at=clock.now)
    withdraw(make_article(channel=make_channel("withdrawn"), **values), reason="撤")

    page = client.get("/regions/hunan/")

    assert [channel.slug for channel in page.context["channels"]] == ["shown"]
    for slug in ("coming", "expired", "withdrawn"):
        assert client.get(f"/regions/hunan/?channel={slug}").status_code == 404
    clock.move(days=1)
    assert client.get("/regions/hunan/?channel=coming").status_code == 200


def test_a_region_without_articles_still_has_something_to_read(client, site, hunan):
    elsewhere = make_article(regions=[Region.objects.get(slug="hubei")])

    page = client.get("/regions/hunan/")

    assert page.status_code == 200
    assert article_ids(main_part(page)) == [elsewhere.pk]
    assert client.get("/regions/hunan/?page=2").status_code == 404


def test_the_index_shows_every_region_with_its_newest(client, clock, site, hunan):
    articles = [make_article(regions=[hunan]) for _ in range(4)]
    hidden = hidden_ones(clock, regions=[hunan])

    page = client.get("/regions/")

    shown = {region.slug: pks(listed) for region, listed in page.context["regions"]}
    assert len(shown) == 34
    assert shown["hunan"] == list(reversed(pks(articles)))[:3]
    assert [slug for slug, listed in shown.items() if listed] == ["hunan"]
    links = {link.get("href") for link in main_part(page).iter("a")}
    assert {f"/regions/{slug}/" for slug in shown} <= links
    assert article_ids(main_part(page)) == shown["hunan"]
    assert not set(pks(hidden)) & set(article_ids(tree(page)))


@pytest.mark.parametrize("owner", ["tag", "source", "author"])
def test_what_signs_or_marks_articles_lists_them(client, clock, site, owner):
    tag, source, author = make_tag(name="渡口 桥"), make_source(), make_author(name="林晓舟")
    values = {"tags": [tag], "source": source, "credit": "林晓舟"}
    articles = [make_article(**values) for _ in range(21)]
    hidden = hidden_ones(clock, **values)
    other = make_article()
    url = {"tag": tag, "source": source, "author": author}[owner].get_absolute_url()

    first, second = client.get(url), client.get(f"{url}?page=2")

    newest_first = list(reversed(pks(articles)))
    assert article_ids(main_part(first))[:20] == newest_first[:20]
    assert article_ids(main_part(second))[0] == newest_first[20]
    for page in (first, second):
        assert not set(pks(hidden)) & set(article_ids(tree(page)))
        assert other.pk not in pks(page.context["page"].items)
    assert client.get(f"{url}?page=3").status_code == 404


def test_a_list_with_nothing_public_is_not_there(client, clock, site):
    tag, source, author = make_tag(), make_source(), make_author(name="林晓舟")
    hidden_ones(clock, tags=[tag], source=source, credit="林晓舟")
    for owner in (tag, source, author):
        assert client.get(owner.get_absolute_url()).status_code == 404


def test_a_channel_that_is_hidden_and_shown_again(client, clock, site, hunan):
    channel = make_channel("news")
    article = make_article(channel=channel, regions=[hunan])
    for is_hidden, expected in ((True, []), (False, [article.pk])):
        channel.is_hidden = is_hidden
        channel.save()
        reindex_channel(channel)
        clock.move(minutes=1)  # longer than any page is kept
        assert article_ids(main_part(client.get("/regions/hunan/"))) == expected


# --- Rolling news and the archive ---


def test_rolling_news_show_everything(client, clock, site):
    articles = [make_article(published_at=clock.now - number * DAY) for number in range(41)]
    hidden = hidden_ones(clock)

    first, second = client.get("/rolling/"), client.get("/rolling/?page=2")

    assert article_ids(main_part(first)) == pks(articles)[:40]
    assert article_ids(main_part(second)) == pks(articles)[40:]
    assert not set(pks(hidden)) & set(article_ids(tree(first)) + article_ids(tree(second)))


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ("2026-11-01", "/rolling/2026/11/01/"),
        ("1999-02-28", "/rolling/1999/02/28/"),
        ("2026-13-01", None),
        ("2026-02-30", None),
        ("20261101", None),
        ("2026-1-1", None),
        ("2026-W45-1", None),
        ("2026-305", None),
        ("0001-01-01", None),
        ("0999-12-31", None),
        ("3000-01-01", None),
        ("9999-12-31", None),
        ("２０２６-11-01", None),
        ("2026-11-01 ", None),
        ("昨天", None),
    ],
)
def test_the_date_leads_to_its_archive(client, clock, site, given, target):
    answer = client.get("/rolling/", {"date": given})
    assert answer.status_code == (302 if target else 404)
    assert answer.headers.get("Location") == target


def test_the_archive_shows_one_day_and_leads_to_its_neighbours(client, clock, site):
    middle = [make_article(published_at=clock.now - 5 * DAY) for _ in range(2)]
    before = make_article(published_at=clock.now - 9 * DAY)
    after = make_article(published_at=clock.now - 2 * DAY)
    make_article(published_at=clock.now - 4 * DAY, status="draft")

    page = client.get("/rolling/2026/10/29/")

    assert article_ids(main_part(page)) == list(reversed(pks(middle)))
    assert (page.context["previous"], page.context["next"]) == (date(2026, 10, 25), date(2026, 11, 1))
    links = {link.get("href") for link in main_part(page).iter("a")}
    assert {"/rolling/2026/10/25/", "/rolling/2026/11/01/"} <= links
    assert article_ids(main_part(client.get("/rolling/2026/10/25/"))) == [before.pk]
    last = client.get("/rolling/2026/11/01/")
    assert article_ids(main_part(last)) == [after.pk]
    assert last.context["next"] is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("2026/11/03", 200),
        ("2026/11/04", 404),  # tomorrow
        ("1990/01/01", 200),
        ("1989/12/31", 404),
        ("2026/02/29", 404),
        ("2024/02/29", 200),
        ("2026/00/01", 404),
        ("2026/13/01", 404),
        ("2026/10/00", 404),
        ("2026/10/32", 404),
        ("2026/1/1", 404),
        ("2999/01/01", 404),
        ("0000/00/00", 404),
    ],
)
def test_days_of_the_archive(client, clock, site, path, status):
    make_article()
    assert client.get(f"/rolling/{path}/").status_code == status


def test_an_empty_day_says_so_and_leads_on(client, clock, site):
    make_article(published_at=clock.now - 9 * DAY)
    page = client.get("/rolling/2026/11/02/")
    assert page.status_code == 200
    assert article_ids(main_part(page)) == []
    assert len(text_of_main(page)) > 20
    assert "/rolling/2026/10/25/" in {link.get("href") for link in main_part(page).iter("a")}


# --- 今日热点 ---


def rank(period: str, *articles: Article) -> None:
    RankingEntry.objects.bulk_create(
        RankingEntry(period=period, position=position, article=article, reads=100 - position)
        for position, article in enumerate(articles, start=1)
    )


def test_hot_is_placed_then_read_then_new(clock):
    newest_ones = [make_article(published_at=clock.now - DAY) for _ in range(3)]
    placed, read = make_article(published_at=clock.now - 9 * DAY), make_article(published_at=clock.now - 8 * DAY)
    Placement.objects.create(slot="hot", article=placed)
    rank("hot", read, newest_ones[0])
    rank("day", make_article(published_at=clock.now - 30 * DAY))

    assert pks(hot_articles()) == pks([placed, read, newest_ones[0], newest_ones[2], newest_ones[1]])


def test_hot_leaves_out_what_is_not_public_and_what_the_page_shows(clock):
    shown, other = make_article(), make_article()
    gone = hidden_ones(clock)
    rank("hot", *gone, shown)
    Placement.objects.create(slot="hot", article=gone[0])
    Placement.objects.create(slot="hot", article=other, starts_at=clock.now + DAY)
    Placement.objects.create(slot="hot", article=shown, ends_at=clock.now)

    assert pks(hot_articles(exclude={shown.pk})) == [other.pk]
    assert pks(hot_articles()) == [shown.pk, other.pk]


def test_hot_is_five_at_most():
    articles = [make_article() for _ in range(9)]
    assert pks(hot_articles()) == list(reversed(pks(articles)))[:HOT_SHOWN]


def test_hot_is_never_empty_while_the_page_leaves_anything(client, clock, site):
    """One busy channel fills its page and all the newest of the site; the rest is older and unread."""
    older = [make_article(published_at=clock.now - 30 * DAY) for _ in range(3)]
    busy = make_channel("busy", kind="documents")
    articles = [make_article(channel=busy, published_at=clock.now - DAY) for _ in range(30)]
    rank("hot", *articles[:20])

    page = client.get("/busy/")

    assert pks(page.context["page"].items) == list(reversed(pks(articles)))
    assert pks(page.context["hot"]) == list(reversed(pks(older)))


# --- Rankings ---


def test_the_ranking_shows_three_periods_in_exact_order(client, clock, site):
    first, second, third = make_article(), make_article(), make_article()
    hidden = hidden_ones(clock)
    rank("day", second, *hidden, first)
    rank("week", third, second, first)
    rank("month", first)

    page = client.get("/ranking/")

    lists = {name: [(article.pk, reads) for article, reads in rows] for name, rows in page.context["lists"]}
    assert lists == {
        "日榜": [(second.pk, 99), (first.pk, 94)],
        "周榜": [(third.pk, 99), (second.pk, 98), (first.pk, 97)],
        "月榜": [(first.pk, 99)],
    }
    linked = [int(match) for match in [*article_ids(main_part(page))]]
    assert linked == [second.pk, first.pk, third.pk]
    assert not set(pks(hidden)) & set(article_ids(tree(page)))


def test_the_ranking_ends_at_twenty(client, clock, site):
    articles = [make_article() for _ in range(22)]
    rank("day", *articles)
    page = client.get("/ranking/")
    assert article_ids(main_part(page)) == pks(articles)[:20]


def test_a_ranking_that_nobody_filled_shows_the_newest(client, clock, site):
    articles = [make_article() for _ in range(3)]
    assert article_ids(main_part(client.get("/ranking/"))) == list(reversed(pks(articles)))


def test_rankings_of_nothing():
    assert rankings(["day", "week"], most=20) == [("日榜", []), ("周榜", [])]


# --- Archived fields of a list ---


def test_a_channel_says_what_it_is(client, site):
    make_channel("law", name="就案说法", description="以案说法，讲清一条规矩。")
    page = client.get("/law/")
    assert [heading.text_content().strip() for heading in tree(page).iter("h1")] == ["就案说法"]
    assert "以案说法，讲清一条规矩。" in text_of_main(page)
    assert Channel.objects.get(slug="law").get_absolute_url() == "/law/"
