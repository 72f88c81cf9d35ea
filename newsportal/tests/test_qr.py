"""The QR codes of the site and of articles, read back module by module from its drawing."""

import io
import re
from datetime import timedelta
from itertools import pairwise

import lxml.etree
import pytest
import segno
from django.utils import timezone

from articles.publishing import withdraw
from articles.tests.factories import make_article, make_channel
from articles.tests.pages import tree
from newsportal.lib.qr import modules_of

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


def drawn_modules(svg: bytes) -> list[list[int]]:
    """The dark modules that the drawing's strokes cover, row by row, without the border of two."""
    root = lxml.etree.fromstring(svg)
    size = int(root.get("viewBox").split()[2])
    rows = [[0] * size for _ in range(size)]
    (strokes,) = (path for path in root.iter(f"{SVG}path") if path.get("stroke"))
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", strokes.get("d")):
        values = [float(value) for value in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            rows[int(y)][int(x) : int(x + values[0])] = [1] * int(values[0])
            x += values[0]
        elif command == "M":
            x, y = values
        else:
            x, y = x + values[0], y + values[1]
    return [row[2:-2] for row in rows[2:-2]]


def test_the_code_leads_to_the_home_page(client, settings):
    settings.SITE_URL = "https://news.example.com"

    response = client.get("/qr.svg")

    expected = segno.make("https://news.example.com/", error="m", micro=False, mask=2)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert drawn_modules(response.content) == [list(row) for row in expected.matrix]
    other = segno.make("https://other.example.com/", error="m", micro=False, mask=2)
    assert drawn_modules(response.content) != [list(row) for row in other.matrix]


def test_the_code_is_one_drawing_black_on_white_of_any_size(client):
    root = lxml.etree.fromstring(client.get("/qr.svg").content)

    assert root.tag == f"{SVG}svg"
    assert "width" not in root.attrib
    assert "height" not in root.attrib
    left, top, width, height = root.get("viewBox").split()
    assert (left, top, width) == ("0", "0", height)
    colours = {path.get("stroke") or path.get("fill") for path in root.iter(f"{SVG}path")}
    assert root.get("class") == "qr-drawing"
    assert colours == {"#000", "#fff"}
    assert not list(root.iter(f"{SVG}script", f"{SVG}style"))


def test_the_code_is_kept_for_a_day(client):
    response = client.get("/qr.svg")

    assert response.headers["Cache-Control"] == "public, max-age=86400, stale-if-error=300"
    assert client.get("/qr.svg", HTTP_IF_NONE_MATCH=response.headers["ETag"]).status_code == 304


def test_the_code_of_an_article_leads_to_its_address(client, site, settings):
    settings.SITE_URL = "https://news.example.com"
    article = make_article()

    response = client.get(f"/qr/{article.pk}.svg")

    address = f"https://news.example.com{article.get_absolute_url()}"
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/svg+xml")
    assert response.headers["Cache-Control"] == "public, max-age=86400, stale-if-error=300"
    expected = segno.make(address, error="m", micro=False, mask=2)
    assert drawn_modules(response.content) == modules_of(address) == [list(row) for row in expected.matrix]


def test_what_no_reader_can_open_has_no_code(client, site):
    hidden = make_channel(is_hidden=True)
    later, before = timezone.now() + timedelta(days=1), timezone.now() - timedelta(minutes=1)
    closed = [
        make_article(status="draft"),
        make_article(published_at=later),
        make_article(expires_at=before),
        make_article(channel=hidden),
        withdraw(make_article(), reason="撤"),
    ]
    assert client.get(f"/qr/{make_article().pk}.svg").status_code == 200

    assert {client.get(f"/qr/{article.pk}.svg").status_code for article in closed} == {404}
    assert client.get("/qr/999999.svg").status_code == 404


def test_the_article_shows_the_code_and_prints_it_again(client, site, settings):
    settings.SITE_URL = "https://news.example.com"
    article = make_article()

    page = tree(client.get(article.get_absolute_url()))

    (panel,) = page.xpath("//details[@data-share]")
    (code,) = panel.xpath(".//span[@role='img']/*")
    assert (code.tag, code.get("id")) == ("svg", "article-qr")
    assert page.xpath("//*[contains(@class, 'print-source')]//use/@href") == ["#article-qr"]
    assert f"https://news.example.com{article.get_absolute_url()}" in page.xpath("string(//*[@class='share-address'])")


def test_reading_back_notices_a_wrong_drawing():
    code = segno.make("https://news.example.com/", error="m", micro=False, mask=2)
    buffer = io.BytesIO()
    code.save(buffer, kind="svg", border=2, omitsize=True, light="#fff")
    shifted = buffer.getvalue().replace(b"h1", b"h2", 1)

    assert drawn_modules(buffer.getvalue()) == [list(row) for row in code.matrix]
    assert drawn_modules(shifted) != [list(row) for row in code.matrix]
    assert any(before != after for before, after in pairwise(code.matrix))
