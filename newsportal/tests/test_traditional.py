"""Every page below /hant/, through the public door: what is there, what is not, and that it is made once."""

import re

import pytest

from about.models import StaffMember
from articles.models import OldAddress
from articles.publishing import index_article, withdraw
from articles.tests.factories import make_article, make_channel
from newsportal.lib import hant

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(site):
    return make_article(
        channel=make_channel("life"), title="理发店里的头发", body="<p>皇后在里面发现了干净的面条。</p>"
    )


@pytest.fixture
def conversions(monkeypatch) -> list[str]:
    """The pages that were converted."""
    pages, original = [], hant.traditional_html
    monkeypatch.setattr(hant, "traditional_html", lambda html: pages.append(html) or original(html))
    return pages


def text(client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def test_a_page_is_there_in_both_scripts(client, article):
    plain, converted = (text(client, prefix + article.get_absolute_url()) for prefix in ("", "/hant"))

    assert '<html lang="zh-CN">' in plain
    assert "皇后在里面发现了干净的面条。" in plain
    assert '<html lang="zh-Hant">' in converted
    assert "皇后在裡面發現了乾淨的麵條。" in converted
    assert "<title>理髮店裡的頭髮" in converted
    assert "理发" not in converted
    assert converted.count("<p") == plain.count("<p")


def test_both_forms_name_each_other(client, article, settings):
    path = article.get_absolute_url()
    plain, converted = (text(client, prefix + path) for prefix in ("", "/hant"))

    site = settings.SITE_URL
    for page, canonical in ((plain, site + path), (converted, f"{site}/hant{path}")):
        assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [canonical]
        assert dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page)) == {
            "zh-Hans": site + path,
            "zh-Hant": f"{site}/hant{path}",
            "x-default": site + path,
        }
    switch = '<a class="script-switch" href="{}" rel="alternate" hreflang="{}" lang="{}">{}</a>'
    assert switch.format(f"/hant{path}", "zh-Hant", "zh-Hant", "繁體") in plain
    assert switch.format(path, "zh-Hans", "zh-Hans", "简体") in converted


def test_the_switch_keeps_the_page_of_a_list_and_nothing_else_of_the_query(client, site):
    channel = make_channel("life")
    for _ in range(25):
        make_article(channel=channel)

    plain, converted = (text(client, f"{prefix}/life/?utm=x&page=2") for prefix in ("", "/hant"))

    assert 'class="script-switch" href="/hant/life/?page=2"' in plain
    assert 'class="script-switch" href="/life/?page=2"' in converted
    assert "utm" not in plain + converted
    assert '<input type="hidden" name="next" value="/life/?page=2">' in plain
    assert '<input type="hidden" name="next" value="/hant/life/?page=2">' in converted


def test_an_address_with_chinese_is_quoted_in_the_switch(client, article):
    article.tags.create(name="桥梁")
    index_article(article)
    assert 'href="/hant/tags/%E6%A1%A5%E6%A2%81/" rel="alternate"' in text(client, "/tags/桥梁/")
    assert 'href="/tags/%E6%A1%A5%E6%A2%81/" rel="alternate"' in text(client, "/hant/tags/桥梁/")


def test_choosing_colours_leads_back_to_the_traditional_page(client, article):
    page = text(client, "/hant/preferences/")
    assert '<form method="post" action="/preferences/"' in page

    answer = client.post("/preferences/", {"theme": "dark", "next": "/hant/preferences/"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/hant/preferences/")


# --- What leads elsewhere ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "target"),
    [
        ("/hant", 301, "/hant/"),
        ("/hant/life", 301, "/hant/life/"),
        ("/hant/rolling/?date=2026-01-02", 302, "/hant/rolling/2026/01/02/"),
    ],
)
def test_redirects_stay_below(client, article, path, status, target):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (status, target)


def test_an_old_address_leads_to_the_traditional_page(client, article):
    OldAddress.objects.create(path="/old/2020/0101/5.html", article=article)
    answer = client.get("/hant/old/2020/0101/5.html")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/hant{article.get_absolute_url()}")


# --- What is not there ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *["/hant/none/", "/hant/hant/", "/hant/hant/life/", "/hant/admin/", "/hant/admin/login/", "/hant/static/a.css"],
        *["/hant/media/a.jpg", "/hant/reads/1/", "/hant/qr.svg", "/hant/sw.js", "/hant/manifest.webmanifest"],
        *[
            "/hant/healthz",
            "/hant/preferences.css",
            "/hant/search/suggest/",
            "/hant//evil.example.com/",
            "/hant//",
            "/hant/%E7%AE%80/",
        ],
    ],
)
def test_what_has_no_traditional_form_answers_404_in_traditional(client, article, path):
    response = client.get(path)

    page = response.content.decode()
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert not response.cookies
    assert '<html lang="zh-Hant">' in page
    assert "沒有找到這一頁" in page
    assert "没有" not in page
    assert int(response.headers.get("Content-Length", len(response.content))) == len(response.content)


def test_what_begins_alike_is_something_else(client, article):
    assert 'lang="zh-CN"' in text(client, "/hantan/", 404)
    make_channel("hanta")
    assert text(client, "/hanta/")


def test_what_was_withdrawn_says_so_in_traditional(client, article):
    withdraw(article, reason="来源有误，发现后撤回")
    page = text(client, f"/hant{article.get_absolute_url()}", 410)
    assert "來源有誤，發現後撤回" in page
    assert "hreflang" in page  # the switch
    assert '<link rel="alternate" hreflang' not in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/hant/", "/hant/preferences/", "/hant/reads/1/", "/hant/admin/login/"])
def test_nothing_is_written_below(client, article, method, path):
    response = getattr(client, method)(path, {"theme": "dark"} if method == "post" else None)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert not response.cookies


def test_what_cannot_be_read_is_refused_in_traditional(client, article):
    page = text(client, "/hant/%ff/", 400)
    assert "請求無法識別" in page


# --- Kept -------------------------------------------------------------------------------------------------------------


def test_a_kept_page_is_converted_once(client, article, conversions):
    path = f"/hant{article.get_absolute_url()}"

    first = client.get(path)
    again = [client.get(path, headers={"accept-encoding": encoding}) for encoding in ("br", "gzip", "")]

    assert len(conversions) == 1
    assert {response.headers["ETag"] for response in again} == {first.headers["ETag"]}
    assert client.get(path, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    assert client.head(path).headers["ETag"] == first.headers["ETag"]
    assert len(conversions) == 1


def test_the_forms_are_kept_apart(client, article, conversions):
    path = article.get_absolute_url()

    etags = {client.get(prefix + path).headers["ETag"] for _ in range(2) for prefix in ("", "/hant")}

    assert len(etags) == 2
    assert len(conversions) == 1
    assert 'lang="zh-CN"' in text(client, path)


# --- 人员查询, whose answer is never kept -----------------------------------------------------------------------------


def test_a_name_is_found_as_it_stands_on_the_traditional_page(client, site):
    StaffMember.objects.create(name="于晓华", title="记者", card_number="A-1", valid_until="2999-12-31")

    for query in ("于晓华", "於曉華", "于曉華", "a-1"):
        response = client.get("/hant/staff/", {"q": query})
        page = response.content.decode()
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        assert "曉華" in page, query
        assert 'class="script-switch" href="/staff/?q=' in page
    assert "曉華" not in client.get("/hant/staff/", {"q": "李曉華"}).content.decode().replace("李曉華", "")
    assert 'value="於曉華"' in client.get("/hant/staff/", {"q": "於曉華"}).content.decode()
