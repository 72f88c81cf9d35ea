"""预览首页: the home page of a minute to come is the one that readers get when the clock gets there."""

import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from articles.front import front_page
from articles.models import Article, Placement
from articles.tests.pages import article_ids, main_part
from newsportal import chrome

from .factories import make_article, make_channel, make_photo
from .test_desk import place
from .test_desk_rights import PAGE, PREVIEW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BANNER = re.compile(r'<p class="preview-note wrap".*?</p>\n')


def at(moment) -> dict[str, str]:
    return {"at": f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"}


@pytest.fixture
def coming_day(clock):
    """A site on which something begins, ends, appears and goes in the hours to come."""
    cover = make_photo()
    channels = [make_channel(home_order=number) for number in (1, 2)]
    articles = [make_article(cover=cover, channel=channels[number % 2]) for number in range(40)]
    for hours in range(1, 20, 3):
        make_article(cover=cover, channel=channels[0], published_at=clock.now + hours * HOUR)
        make_article(expires_at=clock.now + hours * HOUR)
    place("headline", articles[0], ends_at=clock.now + 2 * HOUR)
    place("headline", articles[1], starts_at=clock.now + 5 * HOUR, title="晚上的头条")
    place("carousel", articles[2], starts_at=clock.now + HOUR, ends_at=clock.now + 30 * HOUR)
    place("pick", make_article(published_at=clock.now + 3 * HOUR))
    return articles


@pytest.mark.parametrize("hours", [0, 1, 2, 3, 5, 13, 40])
def test_it_is_what_readers_get_when_the_clock_gets_there(desk, client, site, clock, coming_day, hours):
    moment = clock.now + hours * HOUR
    response = desk.get(PAGE, at(moment))
    assert response.status_code == 200
    banner = BANNER.search(response.text)
    assert f"{timezone.localtime(moment):%Y年%-m月%-d日 %H:%M} 的首页" in banner[0]

    clock.now = moment
    chrome.keeper.forget()
    caches["pages"].clear()
    client.logout()
    assert client.get("/").text == BANNER.sub("", response.text)


def test_the_hours_differ(desk, site, clock, coming_day):
    """Proof that the test above compares pages that are not all the same."""
    pages = [article_ids(main_part(desk.get(PAGE, at(clock.now + hours * HOUR)))) for hours in (0, 1, 2, 3, 5, 13, 40)]
    assert len({tuple(page) for page in pages}) == 7
    assert pages[0][0] == coming_day[0].pk
    assert pages[4][0] == coming_day[1].pk
    assert "晚上的头条" in desk.get(PAGE, at(clock.now + 5 * HOUR)).text
    # What a slot falls back to then, and not what it falls back to now.
    assert (
        pages[2][0] == Article.objects.published(clock.now + 2 * HOUR).newest_first().filter(cover__isnull=False)[0].pk
    )


def test_nothing_of_it_reaches_readers_or_a_cache(desk, client, site, clock, coming_day):
    before = client.get("/").text
    response = desk.get(PAGE, at(clock.now + 5 * HOUR))
    assert {"no-store", "private"} <= set(response["Cache-Control"].replace(" ", "").split(","))
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    client.logout()
    assert client.get("/").text == before
    assert client.get("/", at(clock.now + 5 * HOUR)).text == before
    assert "晚上的头条" not in before
    assert client.get(PAGE, at(clock.now + 5 * HOUR)).status_code == 302
    assert client.get(f"/hant{PAGE}").status_code == 404


def test_the_frame_offers_moments_and_widths(desk, site, clock):
    page = desk.get(PREVIEW)
    assert page.context["presets"] == [
        ("现在", "2026-11-03T12:00"),
        ("今晚 20:00", "2026-11-03T20:00"),
        ("明早 06:00", "2026-11-04T06:00"),
    ]
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert 'src="/admin/articles/placement/preview/page/?at=2026-11-03T12%3A00"' in page.text
    clock.move(hours=9)
    assert [name for name, _ in desk.get(PREVIEW).context["presets"]] == ["现在", "明晚 20:00", "明早 06:00"]
    clock.move(hours=5)
    assert [name for name, _ in desk.get(PREVIEW).context["presets"]] == ["现在", "今晚 20:00", "今早 06:00"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("明天", "时间写法不对"),
        ("2026-13-01T00:00", "时间写法不对"),
        ("2020-01-01T00:00", "只能预览现在和以后的首页。"),
        ("0001-01-01T00:00", "年份要在 2000 到 2999 之间。"),
        ("9999-12-31T23:59", "年份要在 2000 到 2999 之间。"),
        ("<b>", "时间写法不对"),
        ("9" * 500, "时间写法不对"),
    ],
)
def test_a_moment_that_cannot_be_is_told(desk, site, clock, typed, message):
    page = desk.get(PREVIEW, {"at": typed})
    assert page.status_code == 400
    assert message in page.text
    assert page.context["value"] == typed[:40]
    answer = desk.get(PAGE, {"at": typed})
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_any_later_minute_will_do(desk, site, clock):
    make_article()
    assert desk.get(PAGE, {"at": "2999-12-31T23:59"}).status_code == 200
    # The minute that runs is now.
    clock.move(seconds=30)
    assert desk.get(PAGE, at(clock.now)).status_code == 200


def test_the_moment_is_an_argument(clock, django_assert_num_queries):
    """The same seven queries, whatever the moment; the clock is asked for no more than the default."""
    article = make_article(cover=make_photo(), published_at=clock.now + HOUR)
    Placement.objects.create(slot="headline", article=article, starts_at=clock.now + 2 * HOUR, title="另题")
    assert front_page()["headline"] is None
    assert front_page(clock.now + HOUR)["headline"].title == article.title
    assert front_page(clock.now + 2 * HOUR)["headline"].title == "另题"
    with django_assert_num_queries(6):  # no channel stands on this home page, so its articles are not asked for
        front_page(clock.now + HOUR)
