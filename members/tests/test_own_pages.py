"""A reader's own pages: who may open them, what they cost, and what a profile may be."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from articles.tests.factories import make_article, make_channel, make_member, picture_bytes
from members import names, own_urls, sessions
from members.models import Bookmark, Member
from regions.models import Region

from .accounts import give_totp, make_reader, sign_in

pytestmark = pytest.mark.django_db
OWN = ["/members/", "/members/profile/", "/members/interests/", "/members/bookmarks/", "/members/export/"]
OWN += ["/members/close/", "/accounts/email/", "/accounts/password/", "/accounts/2fa/", "/accounts/sessions/"]
PROFILE, INTERESTS = "/members/profile/", "/members/interests/"


@pytest.fixture(autouse=True)
def _site(site):
    pass


@pytest.fixture
def reader(db):
    return make_reader("reader", display_name="听雨")


@pytest.fixture
def own(reader) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def picture(content: bytes | None = None, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if content is not None else picture_bytes(), "image/jpeg")


def files() -> list[Path]:
    folder = django_settings.MEDIA_ROOT / "avatars"
    return sorted(folder.rglob("*.*")) if folder.exists() else []


def size_of(file: Path) -> tuple[int, int]:
    with Image.open(file) as image:
        return image.size


@pytest.mark.parametrize("path", OWN)
def test_pages_are_for_whoever_is_signed_in(path, own, chief):
    refused = Client().get(path)
    assert refused.status_code == 302
    assert refused["Location"].startswith("/accounts/login/?next=")
    page = own.get(path, follow=True)
    assert page.status_code == 200
    for answer in (refused, page):
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
    assert '<header class="site-header">' in page.text
    assert "编辑后台" not in page.text
    assert 'rel="canonical"' not in page.text
    assert 'hreflang="zh-Hant"' not in page.text
    for inline in ("<style", "style=", "onclick", "<script>"):
        assert inline not in page.text
    staff = Client()
    staff.force_login(chief)
    assert staff.get(path, follow=True).status_code in {200, 403}


def test_every_address_has_been_thought_of():
    """A new page belongs into OWN, or into a test of its own."""
    tested = {path.removeprefix("/members/") for path in OWN if path.startswith("/members/")}
    others = {"bookmarks/add/", "bookmarks/state/", "state/", "strip/", "closed/"}
    others |= {"phone/", "phone/code/"}  # in test_phone_pages.py
    assert {str(route.pattern) for route in own_urls.urlpatterns} == tested | others


@pytest.mark.parametrize("path", OWN)
def test_there_is_no_traditional_form_of_what_is_private(own, path):
    assert own.get(f"/hant{path}").status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(own, method):
    for path in OWN[:6]:
        assert getattr(own, method)(path).status_code == 405, path


def test_the_gate_of_the_newsroom_stands_before_these_pages_too(settings, reporter):
    settings.STAFF_SECOND_FACTOR = True
    client = sign_in("reporter")
    for path in OWN[:6]:
        assert client.get(path)["Location"].startswith("/accounts/2fa/"), path
    # What stands in the header of public pages goes on.
    assert client.get("/members/state/").status_code == 200
    assert client.get("/members/strip/").status_code == 200
    give_totp(reporter)
    assert client.get("/members/")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_the_first_page_leads_to_everything(own, reader):
    reader.channels.add(make_channel("law", name="就案说法"))
    text = own.get("/members/").text
    # Those of the comments stand among them, though members knows nothing of comments.
    for link in (*OWN[1:], "/accounts/logout/", "/comments/mine/", "/comments/notices/", "/letters/mine/"):
        assert f'"{link}"' in text
    assert "听雨" in text
    assert "reader@example.com" in text
    assert "就案说法" in text
    assert "编辑后台" not in text


@pytest.mark.parametrize("rows", [1, 30])
def test_what_pages_cost(own, reader, rows, settings, django_assert_num_queries, monkeypatch):
    settings.PAGE_CACHE_CHECK_SECONDS = 3600  # what a half-second check asks is no part of a page's cost
    monkeypatch.setattr(sessions, "NOTED_SECONDS", 10**6)  # however long the rows take to make
    channel = make_channel("law")
    reader.channels.add(*[make_channel() for _ in range(min(rows, 9))], channel)
    reader.regions.add(*Region.objects.provinces()[: min(rows, 10)])
    for _ in range(rows):
        Bookmark.objects.create(member=reader, article=make_article(channel=channel))
    for path in OWN[:6]:
        own.get(path)
    budgets = {
        # session and reader, then: address, channels, regions, notices that wait
        "/members/": 6,
        "/members/profile/": 2,
        # count, rows, articles
        "/members/bookmarks/": 5,
        # channels and regions twice: those chosen, those on offer; and for the newest both, their places, articles
        "/members/interests/": 10,
        "/members/state/": 3,
        "/members/strip/": 6,
        "/members/export/": 2,
        "/members/close/": 2,
    }
    for path, budget in budgets.items():
        with django_assert_num_queries(budget):
            assert own.get(path).status_code == 200, path


# --- The profile ---


def test_a_nickname_and_a_picture(own, reader, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = own.post(PROFILE, {"nickname": "河边的人", "picture": picture()})
    assert (answer.status_code, answer["Location"]) == (302, PROFILE)
    reader.refresh_from_db()
    assert str(reader) == "河边的人"
    assert re.fullmatch(r"avatars/[\w-]{27}", reader.avatar)
    assert reader.avatar_url == f"/media/{reader.avatar}-96.jpg"
    assert {size_of(file) for file in files()} == {(96, 96), (192, 192)}
    assert len(files()) == 4
    page = own.get(PROFILE).text
    assert "个人资料已经保存" in page
    assert reader.avatar_url in page
    served = own.get(reader.avatar_url)
    assert (served.status_code, served["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(served.streaming_content)[:3] == b"\xff\xd8\xff"

    before = files()
    with django_capture_on_commit_callbacks(execute=True):
        own.post(PROFILE, {"nickname": "河边的人", "picture": picture(picture_bytes(colour="red"))})
    assert len(files()) == 4
    assert not set(before) & set(files())

    with django_capture_on_commit_callbacks(execute=True):
        own.post(PROFILE, {"nickname": "", "remove_picture": "on"})
    reader.refresh_from_db()
    assert (str(reader), reader.avatar, reader.avatar_url, files()) == ("reader", "", "", [])


def test_a_picture_loses_what_it_tells_of_its_maker(own, reader):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "CameraMaker", 6
    own.post(PROFILE, {"nickname": "", "picture": picture(picture_bytes(size=(400, 200), exif=exif))})
    assert files()
    for file in files():
        assert b"CameraMaker" not in file.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a<script>alert(1)</script>", "损坏"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是图片"),
        (b"\xff\xd8\xff", "损坏"),
        (b"", "空"),
        (b"\x00" * 4096, "不是图片"),
        (picture_bytes(size=(60, 60)), "太小"),
        (picture_bytes(size=(5200, 5200), picture_format="PNG"), "太大"),
        (picture_bytes()[:900], "损坏"),
        (picture_bytes() + b"\x00" * (5 * 1024 * 1024), "超过 5 MB"),
    ],
)
def test_odd_pictures_are_refused_with_the_reason(own, reader, content, said):
    answer = own.post(PROFILE, {"nickname": "河边的人", "picture": picture(content)})
    assert answer.status_code == 422
    assert said in str(answer.context["form"].errors["picture"])
    assert 'value="河边的人"' in answer.text
    reader.refresh_from_db()
    assert (reader.display_name, reader.avatar) == ("听雨", "")
    assert files() == []


def test_a_nickname_keeps_the_rules(own, reader, chief):
    other = make_reader("second", display_name="老渡口")
    for nickname in ("老 渡口", "老渡口", "chief", "本报记者", "a", "<b>", "second", "长" * 90, "x" * 101):
        answer = own.post(PROFILE, {"nickname": nickname})
        assert answer.status_code == 422, nickname
        assert list(answer.context["form"].errors) == ["nickname"]
    assert own.post(PROFILE, {"nickname": "听雨"}).status_code == 302, "her own"
    assert own.post(PROFILE, {"nickname": "reader"}).status_code == 302, "her user name"
    other.refresh_from_db()
    assert str(other) == "老渡口"


def test_somebody_took_the_nickname_a_moment_before(own, reader, monkeypatch):
    make_reader("second", display_name="老渡口")
    monkeypatch.setattr(names, "check", lambda name, member=None: name)
    answer = own.post(PROFILE, {"nickname": "老渡口"})
    assert answer.status_code == 422
    assert names.TAKEN in answer.text
    assert Member.objects.get(pk=reader.pk).display_name == "听雨"


def test_profiles_change_so_often_and_no_more(own, one_period):
    for _ in range(40):
        assert own.post(PROFILE, {"nickname": ""}).status_code == 302
    assert own.post(PROFILE, {"nickname": ""}).status_code == 429


# --- My channels and regions ---


def test_choosing_channels_and_regions(own, reader):
    law, hidden = make_channel("law", name="就案说法"), make_channel("hidden", is_hidden=True)
    hunan = Region.objects.get(slug="hunan")
    article = make_article(channel=law, title="一篇说法")
    make_article(regions=[hunan], title="湖南的一篇")
    make_article(title="别处的一篇")
    page = own.get(INTERESTS).text
    assert f'value="{law.pk}"' in page
    assert f'name="channels" value="{hidden.pk}"' not in page
    answer = own.post(INTERESTS, {"channels": [law.pk], "regions": [hunan.pk]})
    assert answer["Location"] == INTERESTS
    assert (list(reader.channels.all()), list(reader.regions.all())) == ([law], [hunan])
    page = own.get(INTERESTS).text
    assert article.get_absolute_url() in page
    assert "湖南的一篇" in page
    assert "别处的一篇" not in page
    own.post(INTERESTS, {})
    assert not reader.channels.exists()
    assert not reader.regions.exists()


@pytest.mark.parametrize("value", ["0", "x", "-1", "9" * 30, "1 OR 1=1", ""])
def test_odd_choices_are_refused(own, reader, value):
    answer = own.post(INTERESTS, {"channels": [value]})
    assert answer.status_code == 422
    assert not reader.channels.exists()


def test_nobody_chooses_everything(own, reader):
    regions = [region.pk for region in Region.objects.provinces()[:11]]
    answer = own.post(INTERESTS, {"regions": regions})
    assert answer.status_code == 422
    assert "最多选 10 个" in answer.text
    assert own.post(INTERESTS, {"regions": regions[:10]}).status_code == 302


def test_choices_change_so_often_and_no_more(own, one_period):
    for _ in range(40):
        assert own.post(INTERESTS, {}).status_code == 302
    assert own.post(INTERESTS, {}).status_code == 429


def test_a_member_of_the_back_office_has_own_pages_as_a_reader(chief):
    client = Client()
    client.force_login(chief)
    assert "编辑后台" in client.get("/members/").text
    assert client.get("/members/bookmarks/").status_code == 200
    make_member("plain")
