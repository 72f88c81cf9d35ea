"""How a reader likes to read: the cookie, the form that sets it, and the style sheet made of it."""

import pytest
from django.test import Client

from articles.tests.pages import tree
from newsportal.preferences import Preferences

ADDRESS = "/preferences/"
DEFAULT = "/* 默认设置 */\n"
ELDER = '@import url("/static/css/elder.css");\n'


def css(client, cookie: str | None = None) -> str:
    if cookie is not None:
        client.cookies["reading"] = cookie
    return client.get("/preferences.css").content.decode()


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        (None, DEFAULT),
        ("", DEFAULT),
        ("auto-1", DEFAULT),
        ("dark-1", ":root:root{color-scheme:dark}\n"),
        ("light-1", ":root:root{color-scheme:light}\n"),
        ("auto-2", ":root:root{--type-scale:1.15}\n"),
        ("auto-3", ":root:root{--type-scale:1.32}\n"),
        ("dark-4", ":root:root{color-scheme:dark;--type-scale:1.5}\n"),
        ("dark", ":root:root{color-scheme:dark}\n"),
        ("dark-9", ":root:root{color-scheme:dark}\n"),
        ("dark-2-x", ":root:root{color-scheme:dark;--type-scale:1.15}\n"),
        ("DARK-3", ":root:root{--type-scale:1.32}\n"),
        ("dark-1-standard", ":root:root{color-scheme:dark}\n"),
        ("auto-1-elder", f"{ELDER}:root:root{{--type-scale:1.5}}\n"),
        ("dark-4-elder", f"{ELDER}:root:root{{color-scheme:dark;--type-scale:1.8}}\n"),
        ("light-9-elder-x", f"{ELDER}:root:root{{color-scheme:light;--type-scale:1.5}}\n"),
        ("elder", DEFAULT),
        ("red;}body{-1", DEFAULT),
        ("-", DEFAULT),
    ],
)
def test_the_style_sheet_of_a_cookie(client, cookie, expected):
    assert css(client, cookie) == expected


def test_the_style_sheet_is_for_one_browser_only(client):
    response = client.get("/preferences.css")

    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Vary"] == "Cookie"
    assert not response.cookies
    assert client.post("/preferences.css").status_code == 405


def test_the_style_sheet_is_asked_for_anew_and_mostly_unchanged(client):
    seen = client.get("/preferences.css").headers["ETag"]
    assert client.get("/preferences.css", headers={"if-none-match": seen}).status_code == 304
    client.cookies["reading"] = "dark-1"
    changed = client.get("/preferences.css", headers={"if-none-match": seen})
    assert (changed.status_code, changed.content) == (200, b":root:root{color-scheme:dark}\n")


@pytest.mark.parametrize(
    ("sent", "before", "after"),
    [
        ({"theme": "dark"}, None, "dark-1"),
        ({"size": "3"}, None, "auto-3"),
        ({"theme": "dark", "size": "2"}, None, "dark-2"),
        ({"size": "4"}, "dark-2", "dark-4"),
        ({"theme": "auto"}, "dark-2", "auto-2"),
        ({}, "dark-2", "dark-2"),
        ({"mode": "elder"}, None, "auto-1-elder"),
        ({"mode": "elder"}, "dark-3", "dark-3-elder"),
        ({"theme": "light"}, "dark-3-elder", "light-3-elder"),
        ({"mode": "standard"}, "dark-3-elder", "dark-3"),
        ({"mode": "young"}, "dark-3-elder", "dark-3"),
        ({"theme": "pink", "size": "9"}, "dark-2", "auto-1"),
        ({"theme": "", "size": ""}, "dark-2", "auto-1"),
        ({"theme": "dark\r\nSet-Cookie: a=b"}, None, "auto-1"),
    ],
)
def test_what_is_sent_is_remembered_for_a_year(client, sent, before, after):
    if before:
        client.cookies["reading"] = before

    response = client.post(ADDRESS, sent)

    cookie = response.cookies["reading"]
    assert (response.status_code, response.url, cookie.value) == (303, "/", after)
    assert (cookie["max-age"], cookie["samesite"], cookie["path"]) == (31536000, "Lax", "/")
    assert not cookie["secure"]
    assert list(response.cookies) == ["reading"]
    assert response.headers["Cache-Control"] == "no-store"


def test_what_was_chosen_shows_at_once(client):
    client.post(ADDRESS, {"theme": "dark", "size": "4"})

    assert css(client) == ":root:root{color-scheme:dark;--type-scale:1.5}\n"


def test_over_tls_the_cookie_is_for_tls_only(client, settings):
    settings.HTTPS = True

    assert client.post(ADDRESS, {"theme": "dark"}, secure=True).cookies["reading"]["secure"] is True


def test_no_token_is_needed_as_a_public_page_can_carry_none():
    response = Client(enforce_csrf_checks=True).post(ADDRESS, {"theme": "dark"})

    assert (response.status_code, response.cookies["reading"].value) == (303, "dark-1")


@pytest.mark.parametrize("target", ["/", "/rolling/", "/search/?q=%E6%B0%B4&page=2", "/letters/#form"])
def test_the_reader_comes_back_to_where_the_choice_was_made(client, target):
    assert client.post(ADDRESS, {"theme": "dark", "next": target}).url == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        "https://evil.example/",
        "http://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "https:evil.example",
        "https:///evil.example",
        " //evil.example/",
        "\x08//evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "/a\r\nSet-Cookie: x=y",
        "/a\nb",
        "http://testserver/",
    ],
)
def test_nobody_is_sent_elsewhere(client, target):
    response = client.post(ADDRESS, {"theme": "dark", "next": target})

    assert (response.status_code, response.url) == (303, "/")


def test_the_form_offers_every_choice_and_says_nothing_of_the_visitor(client, site):
    client.cookies["reading"] = "dark-4"
    response = client.get(ADDRESS)
    other = Client().get(ADDRESS)

    assert response.status_code == 200
    assert response.content == other.content
    assert not response.cookies
    (form,) = tree(response).xpath('//main//form[@action="/preferences/"]')
    assert form.get("method") == "post"
    buttons = [(button.get("name"), button.get("value")) for button in form.iter("button")]
    sizes, themes = [("size", step) for step in "1234"], [("theme", name) for name in ("auto", "dark", "light")]
    modes = [("mode", name) for name in ("elder", "standard")]
    assert sorted(buttons) == modes + sizes + themes
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_one_tap_leads_to_the_elder_mode_from_every_page(client, site):
    response = client.get("/staff/?utm_source=x")

    (form,) = tree(response).xpath('//header//form[contains(@class, "mode-form")]')
    assert (form.get("method"), form.get("action")) == ("post", ADDRESS)
    assert [(button.get("name"), button.get("value")) for button in form.iter("button")] == [
        ("mode", "elder"),
        ("mode", "standard"),
    ]
    assert [field.get("value") for field in form.iter("input")] == ["/staff/"]


def test_the_form_without_parameters_is_one_page_for_all(client, site):
    assert client.get(ADDRESS + "?theme=dark").content == client.get(ADDRESS).content
    assert client.put(ADDRESS).status_code == 405


def test_preferences_of_unknown_values_are_the_default():
    assert Preferences.of(None, None) == Preferences("auto", "1")
    assert Preferences.of("dark", "2").cookie == "dark-2"
