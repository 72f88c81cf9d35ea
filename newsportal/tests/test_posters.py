"""Share posters through the public door: what they are, how often they are drawn, and who has none."""

import io
import threading
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from about.models import SiteProfile
from articles.posters import keeping
from articles.publishing import save_article, withdraw
from articles.tests.factories import make_article, make_channel, make_photo
from newsportal import chrome, posters
from newsportal.lib import pagecache

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(site):
    return make_article(cover=make_photo(size=(640, 427)))


@pytest.fixture
def drawings(monkeypatch) -> list[str]:
    """The titles of the posters that are drawn, in order; drawing goes on as ever."""
    titles, draw = [], keeping.draw

    def noted(poster):
        titles.append(poster.title)
        return draw(poster)

    monkeypatch.setattr(keeping, "draw", noted)
    return titles


def address(article) -> str:
    return f"/posters/{article.pk}.jpg"


def files() -> list[str]:
    return sorted(path.name for path in django_settings.POSTERS_ROOT.rglob("*") if path.is_file())


def test_a_poster_is_an_upright_picture(client, article):
    response = client.get(address(article))

    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    with Image.open(io.BytesIO(response.content)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (1080, 1440), "RGB")
        assert not image.getexif()


def test_it_obeys_the_rule_of_public_pages(client, article, chief):
    seen = client.get(address(article))
    by_staff = Client()
    by_staff.force_login(chief)

    assert by_staff.get(address(article)).content == seen.content
    assert seen["Cache-Control"] == "public, max-age=1, stale-if-error=300"
    assert not seen.cookies
    assert not seen.wsgi_request.session.accessed
    assert client.get(address(article), headers={"if-none-match": seen["ETag"]}).status_code == 304
    assert client.head(address(article)).content == b""
    # A JPEG is compressed already.
    packed = client.get(address(article), headers={"accept-encoding": "br, gzip"})
    assert "Content-Encoding" not in packed.headers
    assert packed.content == seen.content
    assert client.post(address(article)).status_code == 405


def test_it_is_drawn_once(client, article, drawings):
    first = client.get(address(article))
    caches["pages"].clear()

    assert client.get(address(article)).content == first.content
    assert drawings == [article.title]
    assert len(files()) == 1


def test_a_kept_poster_costs_one_query(client, article, settings):
    settings.PAGE_CACHE_CHECK_SECONDS = 3600
    pagecache.current_generation()
    client.get(address(article))
    chrome.keeper.get()

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(article)).status_code == 200
    assert len(queries) == 1
    assert '"body"' not in queries[0]["sql"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "更正后的标题"), ("lead", "更正后的导语。"), ("ai_use", "generated"), ("cover", None)],
)
def test_a_correction_makes_another_poster_and_takes_the_former_away(client, article, drawings, field, value):
    before = client.get(address(article))
    (former,) = files()
    setattr(article, field, value)
    save_article(article)

    after = client.get(address(article))

    assert after.content != before.content
    assert len(drawings) == 2
    assert former not in files()
    assert len(files()) == 1


def test_what_it_does_not_show_draws_nothing_anew(client, article, drawings):
    client.get(address(article))
    article.body = "<p>另一段正文。</p>"
    save_article(article)

    client.get(address(article))

    assert len(drawings) == 1


def test_the_name_of_the_site_and_the_focal_point_are_part_of_it(client, article, drawings):
    client.get(address(article))
    SiteProfile.objects.update(name="新名日报")
    chrome.keeper.forget()
    client.get(address(article))
    article.cover.focal_x = 0
    article.cover.save()
    client.get(address(article))

    assert len(drawings) == 3


def test_only_public_articles_have_one(client, article, drawings):
    later, before = timezone.now() + timedelta(days=1), timezone.now() - timedelta(minutes=1)
    closed = [
        make_article(status="draft"),
        make_article(published_at=later),
        make_article(expires_at=before),
        make_article(channel=make_channel(is_hidden=True)),
        withdraw(make_article(), reason="撤"),
    ]

    assert {client.get(address(one)).status_code for one in closed} == {404}
    assert client.get("/posters/999999.jpg").status_code == 404
    assert drawings == []
    assert client.get(address(article)).status_code == 200


def test_withdrawing_takes_the_poster_away(client, article, django_capture_on_commit_callbacks):
    other = make_article()
    assert [client.get(address(one)).status_code for one in (article, other)] == [200, 200]
    assert len(files()) == 2

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(article, reason="撤")

    assert client.get(address(article)).status_code == 404
    assert [name.partition("-")[0] for name in files()] == [str(other.pk)]
    assert client.get(address(other)).status_code == 200


def test_the_folder_is_bounded(client, site, monkeypatch):
    monkeypatch.setattr(keeping, "SLOTS", 2)
    articles = [make_article() for _ in range(5)]
    for article in articles:
        client.get(address(article))

    assert {name.partition("-")[0] for name in files()} == {str(article.pk) for article in articles[-2:]}


def test_many_at_once_draw_it_once(article, monkeypatch):
    began, go_on, drawn = threading.Event(), threading.Event(), []

    def slow(poster):
        drawn.append(poster)
        began.set()
        go_on.wait(10)
        return b"jpeg"

    monkeypatch.setattr(keeping, "draw", slow)
    poster = posters.posters.poster_of(article, site="试刊", site_url="https://news.example.com")
    answers: list[bytes] = []
    readers = [threading.Thread(target=lambda: answers.append(keeping.drawn(poster))) for _ in range(3)]
    for reader in readers:
        reader.start()
        began.wait(10)
    with pytest.raises(keeping.BusyError):
        waiting_for_places(poster)
    go_on.set()
    for reader in readers:
        reader.join(10)

    assert answers == [b"jpeg"] * 3
    assert len(drawn) == 1


def waiting_for_places(poster) -> None:
    """Ask until all places are taken by the others, who may still be on their way."""
    for _ in range(1000):
        if keeping.places._value == 0:
            keeping.drawn(poster)
        threading.Event().wait(0.01)


def test_too_many_are_put_off(client, article, monkeypatch):
    def busy(poster):
        raise keeping.BusyError

    monkeypatch.setattr(posters.posters, "drawn", busy)
    response = client.get(address(article))

    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (429, "5", "no-store")
    assert files() == []


def test_one_network_cannot_have_all_drawn(site, monkeypatch, drawings, one_period):
    monkeypatch.setattr(posters, "MOST_A_MINUTE", 2)
    articles = [make_article() for _ in range(4)]
    client = Client(REMOTE_ADDR="203.0.113.9")

    assert [client.get(address(one)).status_code for one in articles] == [200, 200, 429, 429]
    # Those that were drawn are still there for it, and another network may have more.
    assert client.get(address(articles[0])).status_code == 200
    assert Client(REMOTE_ADDR="198.51.100.1").get(address(articles[2])).status_code == 200
    assert len(drawings) == 3


def test_a_folder_that_cannot_be_written_costs_no_poster(client, article, settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings.POSTERS_ROOT = tmp_path / "file" / "posters"

    assert client.get(address(article)).status_code == 200
    withdraw(article, reason="撤")


def test_a_lost_cover_is_left_out(client, article, monkeypatch):
    with_cover = client.get(address(article)).content
    for file in django_settings.MEDIA_ROOT.rglob("*.jpg"):
        file.unlink()
    for file in django_settings.POSTERS_ROOT.rglob("*.jpg"):
        file.unlink()

    response = client.get(address(article))

    assert response.status_code == 200
    assert response.content != with_cover
