"""Every page in Traditional characters: nothing Simplified is left, and its links stay among its like."""

import re
from urllib.parse import parse_qs, unquote

import lxml.html
import pytest
from django.test import Client
from django.urls import resolve

from about.models import FriendLink, Page
from articles.publishing import save_article
from newsportal.lib.hant import PREFIX, has_traditional
from newsportal.lib.pagecache import is_html

from .samples import FRAGMENTS, Sample, fill_site

pytestmark = pytest.mark.django_db

HAN = re.compile(r"[\u3400-\u9fff]")
# Addresses of this site that stay as they are, each with the reason.
PLAIN = {
    "/preferences/": "the form that is sent",
    "/preferences.css": "the reader's own style sheet",
    "/manifest.webmanifest": "one app in either script",
}


@pytest.fixture
def sample(db) -> Sample:
    sample = fill_site()
    sample.article.title = "理发师的头发：干部在里面发现了什么"
    save_article(sample.article)
    Page.objects.update(body="<p>联系我们，请在后面留言。</p>")
    FriendLink.objects.update(name="中国台湾网")
    return sample


def is_left(element) -> bool:
    """Whether the element says that it is not to be converted, or lies in one that does."""
    return any(
        above.get("translate") == "no" or (above.tag != "html" and above.get("lang"))
        for above in (element, *element.iterancestors())
    )


def words(page: lxml.html.HtmlElement) -> str:
    """All that people read or hear of a page: texts and attributes."""
    found = []
    for element in page.iter(lxml.etree.Element):
        if element.tag not in {"script", "style"} and not is_left(element):
            found.append(element.text or "")
            found += [element.get(name, "") for name in ("alt", "title", "aria-label", "content")]
        if element.getparent() is not None and not is_left(element.getparent()):
            found.append(element.tail or "")
    return " ".join(found)


def only_simplified(text: str) -> set[str]:
    """Characters that no Traditional text holds: those that Big5, made for it, has no place for."""

    def is_traditional(sign: str) -> bool:
        try:
            sign.encode("big5")
        except UnicodeEncodeError:
            return False
        return True

    return {sign for sign in HAN.findall(text) if not is_traditional(sign)}


def parts(url: str) -> tuple[str, dict[str, list[str]]]:
    """Path and query of an address, whatever was quoted in it and in which order its parameters stand."""
    path, _, query = url.partition("?")
    return unquote(path), parse_qs(query)


def page_of(path: str) -> lxml.html.HtmlElement:
    response = Client().get(path)
    assert response.status_code == 200, path
    return lxml.html.document_fromstring(response.content.decode())


def test_every_page_has_a_traditional_form(sample):
    pages = {name for name in sample.public if not name.endswith(" hant")}
    without = pages - {name.removesuffix(" hant") for name in sample.traditional}
    assert {"site_qr", "service_worker", "manifest"} <= without
    for name in without:
        assert name in FRAGMENTS or not is_html(Client().get(sample.public[name])), name
    for path in sample.traditional.values():
        assert resolve(path.removeprefix(PREFIX).partition("?")[0])


def test_nothing_simplified_is_left(sample):
    for path in sample.traditional.values():
        other = path.removeprefix(PREFIX)
        plain, page = page_of(other), page_of(path)
        assert only_simplified(words(plain)), path
        assert only_simplified(words(page)) == set(), path
        assert (plain.get("lang"), page.get("lang")) == ("zh-CN", "zh-Hant")
        # The switch leads to and fro.
        assert [parts(url) for url in page.xpath("//a[@hreflang='zh-Hans']/@href")] == [
            parts(path.removeprefix(PREFIX))
        ]
        assert [parts(url) for url in plain.xpath("//a[@hreflang='zh-Hant']/@href")] == [parts(path)]
        # Nothing else changed: the same elements in the same order.
        assert [element.tag for element in page.iter()] == [element.tag for element in plain.iter()], path


def test_phrases_decide(sample):
    assert "理髮師的頭髮：幹部在裡面發現了什麼" in words(page_of(PREFIX + sample.article.get_absolute_url()))
    assert "中國臺灣網" in words(page_of("/hant/"))
    assert "聯繫我們，請在後面留言。" in words(page_of("/hant/about/page-0/"))


def test_links_stay_among_traditional_pages_and_lead_somewhere(sample):
    links = set()
    for path in sample.traditional.values():
        page = page_of(path)
        found = [element.get(name) for element in page.iter("a", "form") for name in ("href", "action")]
        switch = {element.get("href") for element in page.iter("a") if element.get("hreflang")}
        assert len(switch) == 1, path
        links |= {url for url in found if url and url.startswith("/")} - switch

    assert len(links) > 40
    for url in links:
        assert url.startswith(f"{PREFIX}/") or url in PLAIN or not has_traditional(url), url
    for url in links:
        assert not url.startswith(f"{PREFIX}/") or Client().get(url).status_code == 200, url
