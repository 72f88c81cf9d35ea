"""What stands around every page: drawn once for all pages on which it is the same, and never out of date."""

import pytest

from about.models import Page
from articles.models import Channel
from articles.tests.factories import make_article, make_channel
from articles.tests.pages import tree
from newsportal import chrome
from newsportal.lib.pagecache import bump
from regions.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def channels(site) -> list[Channel]:
    return [make_channel(slug, nav_group=Channel.NavGroup.FIRST) for slug in ("society", "society2")]


def marked(client, address: str, path: str = ".//header") -> list[tuple[str, str]]:
    """(address, mark) of the marked entries in header, region bar or footer."""
    links = [link for part in tree(client.get(address)).iterfind(path) for link in part.iter("a")]
    return list(
        dict.fromkeys((link.get("href"), link.get("aria-current")) for link in links if link.get("aria-current"))
    )


def test_an_entry_is_marked_on_its_page_and_below_it(client, channels):
    article = make_article(channel=channels[0])

    assert marked(client, "/society/") == [("/society/", "page")]
    assert marked(client, article.get_absolute_url()) == [("/society/", "true")]
    assert marked(client, "/society2/") == [("/society2/", "page")]
    assert marked(client, "/search/") == [("/search/", "page")]
    for address in ("/rolling/", "/", "/no-such-page/"):
        assert marked(client, address) == []


def test_a_region_is_marked_on_its_page(client, site):
    region = Region.objects.provinces().first()
    address = region.get_absolute_url()
    assert marked(client, address, ".//nav[@class='region-bar']") == [(address, "page")]
    assert marked(client, "/", ".//nav[@class='region-bar']") == []


def test_a_page_of_the_footer_is_marked(client, site):
    page = Page.objects.create(slug="us", title="关于我们", body="<p>我们</p>", in_footer=True)
    assert marked(client, page.get_absolute_url(), ".//footer") == [("/about/us/", "page")]


def test_pages_on_which_nothing_differs_share_what_is_drawn(client, channels):
    articles = [make_article(channel=channels[0]) for _ in range(3)]
    for address in ["/rolling/", "/ranking/", *(article.get_absolute_url() for article in articles)]:
        assert client.get(address).status_code == 200

    drawn = chrome.keeper.get().drawn
    assert sorted(place for template, place in drawn if template == "chrome/navigation.html") == [
        " below",
        "/society/ below",
    ]


def test_a_new_name_shows_at_once(client, channels, django_capture_on_commit_callbacks):
    assert "社会新名" not in client.get("/rolling/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        Channel.objects.filter(slug="society").update(name="社会新名")
        bump()
    assert client.get("/rolling/").content.decode().count("社会新名") == 2
