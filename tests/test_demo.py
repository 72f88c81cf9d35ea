"""The site that the demo makes, walked from link to link."""

import io
import re
from zlib import crc32

import lxml.html
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from PIL import Image

from about.models import FriendLink, Page, SiteProfile, StaffMember
from articles.models import Article, Author, Channel, Issue, Review, Source, Tag, Topic
from articles.tests.factories import make_article, make_channel, make_profile
from comments.models import Appeal, Comment, Report, Sanction
from members import names
from newsportal.demo import loading, readers
from newsportal.demo.accounts import accounts_file
from newsportal.demo.drawing import Drawing
from newsportal.lib.hant import has_traditional
from newsportal.lib.html import media_ids
from newsportal.lib.images import store_picture
from regions.models import Region

from .test_demo_texts import rows, site


def store_small(drawings, *, progress) -> dict[str, dict]:
    """Instead of drawing: a small plain picture for each, in this process, no two the same."""
    stored = {}
    for number, drawing in enumerate(drawings):
        stored[drawing.key] = store_picture(small_picture(drawing), folder=drawing.folder, widths=drawing.widths)
        progress(number, number)
    return stored


def small_picture(drawing: Drawing) -> io.BytesIO:
    width, height = drawing.size
    buffer = io.BytesIO()
    size = (max(120, width // 10), max(120, height // 10))
    Image.new("RGB", size, "teal").save(buffer, format="JPEG", comment=drawing.key.encode())
    return buffer


@pytest.fixture
def load(db, settings, tmp_path, monkeypatch):
    """Load the demo; what the command said."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(loading, "store_all", store_small)

    def load(*options: str) -> str:
        out = io.StringIO()
        call_command("load_demo", *options, stdout=out)
        return out.getvalue()

    return load


def counts() -> dict[str, int]:
    names = ("articles", "about", "comments", "regions", "members")
    return {model.__name__: model.objects.count() for name in names for model in apps.get_app_config(name).get_models()}


def test_the_demo_makes_a_whole_site(load):
    said = load()
    assert f"演示内容已装入：{len(rows())} 篇稿件" in said
    complete()
    walk()
    before = counts()
    assert "演示内容已经在库中，没有重复装入。" in load()
    assert load("--if-empty") == ""
    assert counts() == before


def complete() -> None:
    """Everything that the texts name is there, and every row would pass the editor's form."""
    assert Article.objects.published().count() == len(rows())
    drafts = Article.objects.exclude(status=Article.Status.PUBLISHED)
    assert drafts.count() == len(site()["desk"]) + len(site()["change"])
    # At every point of the way through the reviews.
    assert {review.place for review in Review.objects.all()} == {"编写中", "一审", "二审", "三审", "待发布"}
    assert Channel.objects.count() == len(site()["channel"])
    # What readers say is in every state.
    said = [each for row in site()["comment"] for each in (row, *row.get("reply", []))]
    assert Comment.objects.count() == len(said)
    assert set(Comment.objects.values_list("state", flat=True)) == set(Comment.State.values)
    assert (Report.objects.count() > 0, Appeal.objects.count(), Sanction.objects.count()) == (True, 1, 1)
    assert StaffMember.objects.count() == len(site()["staff"])
    for model in (Article, Author, Channel, FriendLink, Issue, Page, SiteProfile, Source, StaffMember, Tag, Topic):
        for row in model.objects.all():
            try:
                row.full_clean()
            except ValidationError as error:
                pytest.fail(f"{model.__name__} {row}: {error}")
    for reader in readers.READERS:
        member = get_user_model().objects.get(username=reader.username)
        assert member.bookmarks.count() == reader.bookmarks
        assert {channel.slug for channel in member.channels.all()} == set(reader.channels)
        assert {region.slug for region in member.regions.all()} == set(reader.regions)
        assert names.check(reader.display_name, member=member) == reader.display_name
        assert member.check_password(password_of(reader.username))
    for article in Article.objects.published():
        assert len(media_ids(article.body, "data-photo")) == article.photo_uses.count(), article
        assert article.relations.exists() or article.channel.articles.count() > 10, article


def password_of(username: str) -> str:
    """As the operator reads it."""
    told = accounts_file().read_text(encoding="utf-8")
    return re.search(rf"用户名 {username}  密码 (\S+)", told)[1]


def walk() -> None:
    """Follow every link from the home page: each address answers, and every row with an address is reached.

    Traditional pages are the same pages once more: every tenth is asked for, and `test_hant` follows their links.
    """
    client, waiting, seen = Client(), ["/"], {"/"}
    # Hundreds of pages alike: SQLite's run asks for all of them, PostgreSQL's for some.
    alike = () if connection.vendor == "sqlite" else ("/tags/", "/regions/")
    elsewhere = ("/admin/", "/members/", "/posters/", "/hant/", "/accounts/", "/letters/mine/")
    media = set()
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        assert answer.status_code == 200, path
        if path.startswith("/media/"):
            b"".join(answer)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        page = lxml.html.fromstring(answer.content.decode())
        assert [heading.text_content().strip() != "" for heading in page.iter("h1")] == [True], path
        assert "演示" in page.text_content(), path
        media |= {part.split()[0] for image in page.iter("img") for part in image.get("srcset", "").split(",") if part}
        found = {link.get("href").partition("#")[0] for link in page.iter("a") if link.get("href", "").startswith("/")}
        # Drawing every poster would take minutes, and no network may ask for so many. A reply leads to its thread; what
        # is private asks who it is.
        new = {link for link in found if link and not link.startswith(elsewhere)} - seen
        seen |= new
        waiting += sorted(link for link in new if not link.startswith(alike) or crc32(link.encode()) % 4 == 0)
    pages = sorted(path for path in seen if path.endswith(("/", ".html")) and has_traditional(path))
    for path in pages[::10]:
        assert client.get(f"/hant{path}").status_code == 200, path
    for model in (Article, Channel, Region, Topic, Issue, Tag, Source, Page):
        public = Article.objects.published() if model is Article else model.objects.all()
        addresses = {row.get_absolute_url() for row in public}
        missing = {address for address in addresses if not address.startswith(elsewhere)} - seen
        unsigned = {tag.get_absolute_url() for tag in Tag.objects.filter(articles=None)}
        assert missing - unsigned - unused_sources() == set(), model
    for article in Article.objects.filter(page_count__gt=1):
        assert {article.page_url(2), article.full_url} <= seen
    for member in StaffMember.objects.all():
        found = client.get("/staff/", {"q": member.card_number}, REMOTE_ADDR=f"203.0.{member.pk}.1")
        assert member.get_absolute_url() in found.content.decode()
        assert client.get(member.get_absolute_url()).status_code == 200
    assert len(media) >= 200
    for address in sorted(media)[::10]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        b"".join(answer)


def unused_sources() -> set[str]:
    return {source.get_absolute_url() for source in Source.objects.filter(articles=None)}


@pytest.mark.parametrize("make", [make_profile, make_channel, make_article])
def test_the_demo_never_touches_a_site_that_is_not_its_own(load, make):
    make()
    before = counts()
    with pytest.raises(CommandError, match=r"数据库里已有内容，演示内容只能装入空库。"):
        load()
    assert load("--if-empty") == ""
    assert counts() == before


def test_a_loading_that_fails_leaves_nothing_half_done(load, monkeypatch):
    def broken(self):
        raise RuntimeError("interrupted")

    monkeypatch.setattr(loading.DemoLoader, "load_videos", broken)
    with pytest.raises(RuntimeError):
        load()
    assert Article.objects.count() == Channel.objects.count() == SiteProfile.objects.count() == 0
