"""An article keeps its address for ever: 301 from every former one, 410 for what is gone, 404 for what never was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches

from articles.models import Article, Channel, OldAddress
from articles.publishing import publish, save_article, withdraw

from .factories import make_article, make_channel
from .pages import article_ids, main_part, text_of_main, tree

pytestmark = pytest.mark.django_db

TWO_PAGES = '<p>第一页的字。</p><hr class="page-break"><p>第二页的字。</p>'
NIGHT = datetime(2026, 11, 1, 16, 30, tzinfo=UTC)  # already 2 November in the site's time zone


@pytest.fixture
def news(db):
    return make_channel("news")


@pytest.fixture
def law(db):
    return make_channel("law")


@pytest.fixture
def article(clock, site, news):
    return make_article(channel=news, published_at=NIGHT, body=TWO_PAGES)


def move(article: Article, channel: Channel) -> None:
    article.channel = channel
    save_article(article)


def test_the_address_is_made_of_channel_day_and_number(article):
    assert article.get_absolute_url() == f"/news/2026/1102/{article.pk}.html"
    assert article.page_url(1) == article.get_absolute_url()
    assert article.page_url(2) == f"/news/2026/1102/{article.pk}_2.html"
    assert article.full_url == f"/news/2026/1102/{article.pk}_all.html"


def test_an_article_never_published_has_no_address(news):
    assert make_article(status="draft", published_at=None, channel=news).get_absolute_url() == ""


def test_each_page_shows_its_own_part(client, article):
    first, second, whole = (client.get(url) for url in (article.page_url(1), article.page_url(2), article.full_url))

    assert [first.status_code, second.status_code, whole.status_code] == [200, 200, 200]
    assert "第一页的字。" in text_of_main(first)
    assert "第二页的字。" not in text_of_main(first)
    assert "第二页的字。" in text_of_main(second)
    assert "第一页的字。" not in text_of_main(second)
    assert "第一页的字。" in text_of_main(whole)
    assert "第二页的字。" in text_of_main(whole)
    for page in (first, second, whole):
        assert [heading.text_content().strip() for heading in tree(page).iter("h1")] == [article.title]


def test_an_article_of_one_page_has_no_other(client, clock, site, news):
    article = make_article(channel=news)
    assert client.get(article.get_absolute_url()).status_code == 200
    assert client.get(article.page_url(2)).status_code == 404
    assert client.get(article.full_url).status_code == 404
    links = [link.get("href") for link in main_part(client.get(article.get_absolute_url())).iter("a")]
    assert article.full_url not in links
    assert article.page_url(2) not in links


@pytest.mark.parametrize("part", ["_1", "_3", "_0", "_02", "_999", "_1000", "_-1", "_x", "_", "_All", "_2_2", "_all_2"])
def test_a_page_that_is_not_there(client, article, part):
    assert client.get(article.get_absolute_url().replace(".html", f"{part}.html")).status_code == 404


def test_only_the_true_address_answers(client, article, law):
    pk = article.pk
    wrong = [
        f"/law/2026/1102/{pk}.html",
        f"/news/2026/1101/{pk}.html",
        f"/news/2025/1102/{pk}.html",
        f"/news/2026/1102/0{pk}.html",
        f"/news/2026/1102/{pk}.htm",
        f"/news/2026/1102/{pk}",
        f"/news/2026/1102/{pk + 1}.html",
        f"/news/2026/11/02/{pk}.html",
        f"/News/2026/1102/{pk}.html",
        f"/none/2026/1102/{pk}_2.html",
        f"/news/2026/1102/{pk}.html/",
    ]
    assert {url: client.get(url).status_code for url in wrong} == dict.fromkeys(wrong, 404)
    assert client.get(f"/news/2026/1102/{pk}.html").status_code == 200


def test_digits_of_another_script_are_no_second_address(client, article):
    wide = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}
    day = article.get_absolute_url().replace("1102", "1102".translate(wide))
    number = f"/news/2026/1102/{str(article.pk).translate(wide)}.html"
    source = article.source.get_absolute_url()
    assert client.get(source).status_code == 200
    assert client.get("/rolling/2026/11/02/").status_code == 200

    for path in (day, number, source.translate(wide), "/rolling/２０２６/11/02/", "/rolling/2026/1１/02/"):
        assert client.get(path).status_code == 404, path


# --- Moves ---


def test_a_moved_article_is_found_from_its_old_address(client, article, law):
    old = [article.page_url(1), article.page_url(2), article.full_url]
    move(article, law)
    new = [article.page_url(1), article.page_url(2), article.full_url]

    answers = [client.get(url) for url in old]

    assert [answer.status_code for answer in answers] == [301, 301, 301]
    assert [answer["Location"] for answer in answers] == new
    assert [answer["Cache-Control"] for answer in answers] == ["public, max-age=1"] * 3
    assert [client.get(url).status_code for url in new] == [200, 200, 200]


def test_a_new_date_moves_the_article_too(client, article):
    old = article.get_absolute_url()
    article.published_at = NIGHT + timedelta(days=1)
    save_article(article)

    answer = client.get(old)

    assert (answer.status_code, answer["Location"]) == (301, f"/news/2026/1103/{article.pk}.html")
    assert OldAddress.objects.get().path == old


def test_a_new_hour_of_the_same_day_is_no_move(article):
    article.published_at = NIGHT + timedelta(hours=2)
    save_article(article)
    assert not OldAddress.objects.exists()


def test_a_chain_of_moves_leads_straight_to_the_end(client, article, law):
    scene, addresses = make_channel("scene"), [article.get_absolute_url()]
    move(article, law)
    addresses.append(article.get_absolute_url())
    article.published_at = NIGHT - timedelta(days=7)
    move(article, scene)

    for url in addresses:
        answer = client.get(url)
        assert (answer.status_code, answer["Location"]) == (301, article.get_absolute_url())
    assert set(OldAddress.objects.values_list("path", flat=True)) == set(addresses)


def test_back_in_its_first_channel_the_first_address_answers_again(client, article, news, law):
    first = article.get_absolute_url()
    move(article, law)
    second = article.get_absolute_url()
    move(article, news)

    assert client.get(first).status_code == 200
    answer = client.get(second)
    assert (answer.status_code, answer["Location"]) == (301, first)
    assert list(OldAddress.objects.values_list("path", flat=True)) == [second]


def test_an_article_moved_while_withdrawn_keeps_its_old_address(client, article, law):
    first = article.get_absolute_url()
    withdraw(article, reason="待核实")
    move(article, law)

    assert client.get(first)["Location"] == article.get_absolute_url()
    assert client.get(article.get_absolute_url()).status_code == 410

    publish(article, at=NIGHT + timedelta(days=1))
    answer = client.get(first)
    assert (answer.status_code, answer["Location"]) == (301, f"/law/2026/1103/{article.pk}.html")


def test_a_move_tells_nothing_of_an_article_that_is_not_public(client, clock, site, news, law):
    article = make_article(channel=news, published_at=clock.now + timedelta(days=1))
    old = article.get_absolute_url()
    move(article, law)
    assert client.get(old).status_code == 404
    assert client.get(article.get_absolute_url()).status_code == 404

    clock.move(days=1)
    assert client.get(old).status_code == 301
    assert client.get(article.get_absolute_url()).status_code == 200


def test_a_move_into_a_hidden_channel_ends_at_nothing(client, article):
    old = article.get_absolute_url()
    move(article, make_channel("hidden", is_hidden=True))
    assert client.get(old).status_code == 404
    assert client.get(article.get_absolute_url()).status_code == 404


def test_the_query_string_is_no_part_of_the_address(client, article):
    assert client.get(article.get_absolute_url() + "?from=wechat&isappinstalled=0").status_code == 200


# --- Gone, or never there ---


def test_a_withdrawn_article_says_why(client, article):
    other = make_article(channel=article.channel, title="还能读的一篇")
    withdraw(article, reason="应当事人要求撤稿")

    for url in (article.page_url(1), article.page_url(2), article.full_url):
        answer = client.get(url)
        assert answer.status_code == 410
        assert "应当事人要求撤稿" in text_of_main(answer)
        assert "第一页的字" not in answer.content.decode()
        assert article_ids(main_part(answer)) == [other.pk]
        assert answer["Cache-Control"] == "public, max-age=1"
        assert not answer.cookies


def test_an_expired_article_is_gone(client, clock, article):
    article.expires_at = clock.now + timedelta(hours=1)
    save_article(article)
    assert client.get(article.get_absolute_url()).status_code == 200

    clock.move(hours=1, seconds=1)

    answer = client.get(article.get_absolute_url())
    assert answer.status_code == 410
    assert "第一页的字" not in answer.content.decode()


def test_an_article_published_again_is_back(client, article):
    publish(withdraw(article, reason="待核实"))
    answer = client.get(article.get_absolute_url())
    assert answer.status_code == 200
    page = tree(answer)
    (record,) = page.xpath("//details[@class='trace']")
    assert "待核实" in record.text_content()
    record.drop_tree()
    assert "待核实" not in page.text_content()


def test_drafts_and_scheduled_articles_are_not_there(client, clock, site, news):
    draft = make_article(channel=news, status="draft", title="未发的草稿")
    scheduled = make_article(channel=news, published_at=clock.now + timedelta(seconds=1), title="定时的稿件")

    for article in (draft, scheduled):
        answer = client.get(article.get_absolute_url())
        assert answer.status_code == 404
        assert article.title not in answer.content.decode()

    clock.move(seconds=1)
    assert client.get(scheduled.get_absolute_url()).status_code == 200
    assert client.get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("change", ["published", "withdrawn", "expired"])
def test_a_hidden_channel_shows_nothing_and_tells_nothing(client, clock, article, change):
    if change == "withdrawn":
        withdraw(article, reason="内部原因")
    if change == "expired":
        Article.objects.filter(pk=article.pk).update(expires_at=clock.now)
    expected = {"published": 200, "withdrawn": 410, "expired": 410}[change]
    assert client.get(article.get_absolute_url()).status_code == expected

    Channel.objects.filter(slug="news").update(is_hidden=True)
    caches["pages"].clear()

    answer = client.get(article.get_absolute_url())
    assert answer.status_code == 404
    assert article.title not in answer.content.decode()
    assert "内部原因" not in answer.content.decode()
