"""Odd requests, made by rule: what no reader sends, and the code that each deserves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest

from .odd_values import (
    BROKEN_BYTES,
    DATES,
    DAYS,
    HOSTS,
    HUGE,
    METHODS,
    NINES,
    NUL,
    NUMBERS,
    PAGED,
    PAGES,
    SLUGS,
    TRAVERSAL,
)
from .samples import Sample

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Odd:
    """An odd request and the codes it may be answered with."""

    path: str
    codes: frozenset[int]
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict, hash=False)
    body: bytes = b""
    content_type: str = "application/octet-stream"


def odd(path: str, *codes: int, **values) -> Odd:
    return Odd(path, frozenset(codes), **values)


def named(sample: Sample, path: str) -> str:
    """A path with the numbers of the sample filled in."""
    day = sample.addresses["articles:archive_day"][0].removeprefix("/rolling/").strip("/")
    author = sample.article.credits.all()[0].author_id
    return path.format(source=sample.article.source_id, author=author, day=day)


# --- The requests, category by category ---


def odd_pages(sample: Sample) -> Iterator[Odd]:
    for path in PAGED:
        for page in PAGES:
            yield odd(f"{named(sample, path)}?page={quote(page)}", 404)
        yield odd(f"{named(sample, path)}?page=1&page=1", 404)
        yield odd(f"{named(sample, path)}?page=1&page=2", 404)


def odd_slugs(sample: Sample) -> Iterator[Odd]:
    for slug in SLUGS:
        for form in ("rss", "atom"):
            for kind in ("channel", "region", "topic", "tag"):
                yield odd(f"/feeds/{kind}/{slug}/{form}.xml", 404)
        for path in ("/{}/", "/regions/{}/", "/topics/{}/", "/about/{}/", "/staff/{}/", "/tags/{}/", "/hant/{}/"):
            yield odd(path.replace("{}", slug), 404)
        yield odd(f"/regions/hunan/?channel={slug}", 404)


def odd_numbers(sample: Sample) -> Iterator[Odd]:
    address = sample.article.get_absolute_url()
    stem = address.removesuffix(f"{sample.article.pk}.html")
    for number in NUMBERS:
        code = 400 if "%00" in number else 404
        if number not in {"0", NINES}:
            yield odd(f"/sitemap-articles-{number}.xml", code)
        of_machines = (f"/feeds/source/{number}/rss.xml", f"/feeds/author/{number}/atom.xml")
        for path in (f"/sources/{number}/", f"/authors/{number}/", f"{stem}{number}.html", *of_machines):
            if number != "1":
                yield odd(path, code)
        yield odd(f"{address.removesuffix('.html')}_{number}.html", code)
        yield odd(f"/magazine/2026-{number}/", code)
        yield odd(f"/magazine/{number}-1/", code)
        yield odd(f"/reads/{number}/", code, method="POST")
        if number != "1":
            yield odd(f"/qr/{number}.svg", code)
            yield odd(f"/posters/{number}.jpg", code)


def odd_days(sample: Sample) -> Iterator[Odd]:
    for day in DAYS:
        yield odd(f"/rolling/{day}/", 404)
        year, _, rest = day.partition("/")
        yield odd(f"/newss/{year}/{rest.replace('/', '')}/{sample.article.pk}.html", 404)
    for date in DATES:
        # An empty date is none given.
        yield odd(f"/rolling/?date={quote(date)}", *([404] if date else [200]))


def broken_encodings(sample: Sample) -> Iterator[Odd]:
    for bytes_ in BROKEN_BYTES:
        for path in (f"/{bytes_}/", f"/tags/{bytes_}/", f"/regions/{bytes_}", f"/media/{bytes_}", f"/staff/{bytes_}/"):
            yield odd(path, 400)
        for path in ("/rolling/?page=", "/regions/hunan/?channel=", "/rolling/?date=", "/search/?q=", "/?x="):
            yield odd(f"{path}{bytes_}", 400)
    for nul in NUL:
        for path in (f"/{nul}/", f"/tags/{nul}/", f"/media/{nul}", f"/newss/2026/1101/{nul}.html", f"/admin/{nul}"):
            yield odd(path, 400)
        for path in ("/search/?q=", "/?x=", "/rolling/?page=", "/rolling/?date=", "/regions/hunan/?channel="):
            yield odd(f"{path}{nul}", 400)


def traversals(sample: Sample) -> Iterator[Odd]:
    for path in TRAVERSAL:
        yield odd(f"/media/{path}", 400 if "%00" in path else 404)
    for path in (
        "/static/../newsportal/settings.py",
        "/static/%2e%2e/manage.py",
        "/.env",
        "/.git/config",
        "/var/secret",
    ):
        yield odd(path, 404)


def overlong(sample: Sample) -> Iterator[Odd]:
    for length in (256, 2049, 8000, 70_000):
        for path in ("/{}", "/{}/", "/tags/{}/", "/staff/{}/", "/media/{}.jpg", "/newss/2026/1101/{}.html"):
            yield odd(path.replace("{}", "a" * length), 404)
        yield odd(f"/staff/?q={'张' * length}", 200)
    yield odd("/" + "a/" * 2000, 404)


def odd_hosts(sample: Sample) -> Iterator[Odd]:
    for host in HOSTS:
        for path in ("/", "/newss/", "/staff/?q=张三", "/none"):
            yield odd(path, 400, headers={"Host": host})


def odd_methods(sample: Sample) -> Iterator[Odd]:
    for name, path in sample.public.items():
        for method in METHODS:
            if name == "preferences" and method == "POST":
                continue
            yield odd(path, 405, method=method)
    others = ["media", "article_poster", "about:card_check", "articles:preview"]
    others += ["comments:comment_form", "comments:report_status", "comments:comment_mine"]
    files = [path for route in others for path in sample.addresses[route]]
    for route in ("letters:letter_write", "letters:letter_lookup", "letters:letter_follow", "letters:letter_mine"):
        for method in set(METHODS) - ({"POST"} if route != "letters:letter_mine" else set()):
            yield odd(sample.addresses[route][0], 405, method=method)
    for path in ("/healthz", "/readyz", "/preferences.css", "/0123456789abcdef.txt", *files):
        for method in METHODS:
            yield odd(path, 405, method=method)
    acts = ["write", "like", "report", "edit", "delete"]
    takes_posts = [f"comments:comment_{act}" for act in acts] + ["comments:appeal_write", "comments:notice_list"]
    takes_posts += ["comments:sanction_acknowledge", "comments:notice_open", "comments:notice_settings"]
    for route in takes_posts:
        for method in set(METHODS) - {"POST"}:
            yield odd(sample.addresses[route][0], 405, method=method)


def odd_headers(sample: Sample) -> Iterator[Odd]:
    """What a cache or a player might send: the page is answered whole, or 304 for its own ETag."""
    ranges = [
        "bytes=0-",
        "bytes=-1",
        "bytes=5-2",
        "bytes=x-y",
        "bytes=0-0,5-9",
        "items=0-1",
        "bytes=",
        "=",
        f"bytes={HUGE}-",
    ]
    tags = ["*", '"', 'W/"', 'W/""', '"x","y",', ",", "a" * 8000, "\udcff", "W/W/W/", '"标签"']
    encodings = [
        "*",
        "br;q=0",
        "gzip;q=0,br;q=0",
        "identity;q=0",
        ";;;",
        "gzip;q=x",
        ",,,",
        "br" * 2000,
        "压缩",
        "gzip;",
    ]
    cookies = [
        "reading=",
        "reading=dark-9",
        "reading=-",
        "=;=;=",
        "a" * 8000,
        "session=\udcff",
        'reading="',
        "reading=深色-1",
    ]
    languages = ["*", "xx-YY;q=9", "a" * 5000, "zh-CN;q=", "\udcff", "en-" * 1000]
    paths = ["/", "/newss/", sample.article.get_absolute_url(), "/qr.svg", "/staff/"]
    for path in paths:
        for header, values in (
            ("Range", ranges),
            ("If-None-Match", tags),
            ("Accept-Encoding", encodings),
            ("Cookie", cookies),
            ("Accept-Language", languages),
        ):
            for value in values:
                yield odd(path, 200, headers={header: value})
        for forwarded in ("x", "1.2.3.4, , ,", "\udcff", "::1" * 900):
            yield odd(path, 200, headers={"X-Forwarded-For": forwarded, "X-Forwarded-Host": "evil.example.com"})


def odd_charsets(sample: Sample) -> Iterator[Odd]:
    """A request may say in which encoding its query is."""
    for charset in ("utf-16", "utf-7", "latin-1", "ascii", "none", "", "\udcff", "utf-8; charset=latin-1", "=", '"'):
        headers = {"Content-Type": f"text/plain; charset={charset}"}
        yield odd("/rolling/?date=2026-01-01", 302, headers=headers)
        for path in ("/regions/hunan/?channel=newss", "/staff/?q=%E5%BC%A0%E4%B8%89", "/"):
            yield odd(path, 200, headers=headers)


def odd_feeds(sample: Sample) -> Iterator[Odd]:
    """Formats that there are none of, dates that are none, and names that are nearly those of files."""
    for name in ("rss", "rss.json", "RSS.xml", "rss.xml/", "/rss.xml", "x/rss.xml", "site/rss.xml"):
        yield odd(f"/feeds/{name}", 404)
    yield odd("/feeds", 301)
    for name in ("pages.xml/", ".xml", "articles-00.xml", "articles--1.xml", "articles-0.xml.gz"):
        yield odd(f"/sitemap-{name}", 404)
    for key in ("short", "a" * 129, "0123456789abcdeg", "0123456789ABCDEF", "%2e%2e%2f%2e%2e%2f.env", "键" * 8):
        yield odd(f"/{key}.txt", 404)
    dates = ["0", "-1", "Thu, 99 Foo 2026 25:61:61 GMT", "\udcff", "a" * 8000, "Thu, 01 Jan 99999 00:00:00 GMT", "今天"]
    for path in ("/feeds/rss.xml", "/sitemap.xml", *sample.addresses["sitemap_articles"]):
        for date in dates:
            yield odd(path, 200, headers={"If-Modified-Since": date})


def odd_ranges_of_files(sample: Sample) -> Iterator[Odd]:
    (path,) = sample.addresses["media"]
    whole = [
        "bytes=",
        "bytes=-",
        "bytes=x-y",
        "items=0-1",
        "bytes=0-0,5-9",
        "bytes=0-0;",
        "",
        "=",
        f"bytes={HUGE}-",
    ]
    for value in whole:
        yield odd(path, 200, headers={"Range": value})
    for value in ("bytes=5-2", "bytes=999999999999-", "bytes=-0", "bytes=999999999999999-999999999999999"):
        yield odd(path, 416, headers={"Range": value})
    for value in ("bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-999999999999999", "bytes=0-999999999999999"):
        yield odd(path, 206, headers={"Range": value})


def junk_forms(sample: Sample) -> Iterator[Odd]:
    form, multipart = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
    accepted = [
        *[
            b"",
            b"=",
            b"&&&",
            b"theme=dark",
            b"theme=",
            b"size=9",
            b"theme[]=dark",
            b"next=",
            b"next=%00",
            b"next=//evil.com",
        ],
        *[
            b"next=http://evil.com/",
            b"next=javascript:alert(1)",
            b"next=/\\evil.com",
            b"next=%0d%0aX:y",
            b"next=\\\\evil.com",
        ],
        *[b"next=https:evil.com", b"next=///evil.com", b"next=%09//evil.com", b"next=/%ff", b"size=" + b"1" * 5000],
        *[
            b"next=/rolling/%0d%0aSet-Cookie:%20a=b",
            "next=/标签/".encode(),
            b"%FF=%FF",
            b"theme=%FF",
            b"next=/?a=" + b"x" * 900,
        ],
    ]
    for body in accepted:
        yield odd("/preferences/", 303, method="POST", body=body, content_type=form)
    refused = [
        (b"a=1&" * 1001, form),
        (b"theme=dark", f"{form}; charset=utf-16"),
        (b"--x\r\n" * 2000, multipart),
        (b"", "multipart/form-data"),
        (b"", f"multipart/form-data; boundary={'x' * 300}"),
        (b"", "multipart/form-data; boundary=\udcff"),
        (b"theme=" + b"x" * (6 * 1024 * 1024), form),
    ]
    for body, content_type in refused:
        yield odd("/preferences/", 400, method="POST", body=body, content_type=content_type)
    # What is no form says nothing: the choice stays as it was.
    for content_type in ("application/json", "text/xml", "", "/", "x" * 3000):
        yield odd("/preferences/", 303, method="POST", body=b'{"theme": "dark"}', content_type=content_type)
    yield odd("/preferences/", 303, method="POST", body=b"--x\r\nbroken", content_type=multipart)
    yield odd("/preferences/", 303, method="POST", body=b"next=/" + b"x" * 20_000, content_type=form)
    for body in (b"", b"x" * 1000, b"a=1&" * 2000, b"\xff\xfe"):
        yield odd(f"/reads/{sample.article.pk}/", 200, method="POST", body=body, content_type=form)
        yield odd(f"/reads/{sample.article.pk}/", 200, method="POST", body=body, content_type=multipart)


def odd_cards(sample: Sample) -> Iterator[Odd]:
    """Codes of cards that nobody signed: never an error, never a person."""
    (path,) = sample.addresses["about:card_check"]
    payload, _, signature = path.removeprefix("/staff/card/").removesuffix("/").partition(":")
    for token in (
        payload,
        signature,
        f":{signature}",
        f"{payload}:",
        f"{payload}:{signature}x",
        f"{payload}::{signature}",
    ):
        yield odd(f"/staff/card/{token}/", 404)
    for token in [*SLUGS, *NUMBERS, ":", "::", ".:.", "a" * 200, "a" * 201]:
        yield odd(f"/staff/card/{token}/", 400 if "%00" in token else 404)
    for method in METHODS:
        yield odd(path, 405, method=method)


def odd_searches(sample: Sample) -> Iterator[Odd]:
    """The look-up of staff: too short is asked again; never a list, never an error."""
    for query in (
        "",
        " ",
        "张",
        "%",
        "_%",
        "%25%25",
        "' OR '1'='1",
        '"; DROP TABLE about_staffmember;--',
        "*",
        "员工",
        "card-",
    ):
        yield odd(f"/staff/?q={quote(query)}", 200)
    for query in ("<script>", "{{7*7}}", "\\", "\u202e张三", "😀😀", "a\nb", "\t\t\t"):
        yield odd(f"/staff/?q={quote(query)}", 200)
    yield odd("/staff/?q=张三&q=李四", 200)
    yield odd("/staff/?q[]=张三", 200)
    # The search of articles has an index with a language of its own; articles/tests has more of this kind.
    for query in ('"', "-", "*", "NEAR(标题 正文, 2)", "标题:*", "标题 & | !", "' OR '1'='1", "<script>", "标" * 5000):
        yield odd(f"/search/?q={quote(query)}", 200)
        yield odd(f"/search/suggest/?q={quote(query)}", 200)
    for filters in ("channel=none", "region=none", "channel=links", "page=2", "page=0", "page=x", "page=1&page=1"):
        yield odd(f"/search/?q=标题&{filters}", 404)
    for filters in ("source=无", "order=none", "from=2026-02-30", "to=x", "from=singlemessage", "q=正文", "channel="):
        yield odd(f"/search/?q=标题&{filters}", 200)


CATEGORIES = {
    function.__name__: function
    for function in (
        odd_pages,
        odd_slugs,
        odd_numbers,
        odd_days,
        broken_encodings,
        traversals,
        overlong,
        odd_hosts,
        odd_methods,
        odd_headers,
        odd_charsets,
        odd_feeds,
        odd_ranges_of_files,
        junk_forms,
        odd_searches,
        odd_cards,
    )
}
