"""Taking one's data along, and closing the account: exact, confirmed, final."""

import json
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from articles.models import Review, Reviewer
from articles.publishing import withdraw
from articles.tests.factories import make_article, make_channel
from members import avatars
from members.models import Bookmark, Operation, TakenName
from newsportal import accounts
from regions.models import Region

from .accounts import PASSWORD, make_reader, sign_in
from .test_own_pages import files, picture

pytestmark = pytest.mark.django_db
EXPORT, CLOSE = "/members/export/", "/members/close/"
CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36"


@pytest.fixture(autouse=True)
def _site(site):
    pass


@pytest.fixture
def elsewhere(monkeypatch):
    """Another app that keeps something of members: what it was told to forget."""
    told = []
    module = SimpleNamespace(
        export=lambda user: {"评论": [f"{user} 的评论"]},
        forget=lambda user, *, remove_comments: told.append((user.username, remove_comments)),
        unread=lambda user: 3,
    )
    monkeypatch.setattr(accounts, "keepers", lambda: [module])
    return told


@pytest.fixture
def reader(db):
    return make_reader("reader", display_name="听雨")


@pytest.fixture
def own(reader) -> Client:
    return sign_in("reader", headers={"user-agent": CHROME}, REMOTE_ADDR="198.51.100.7")


# --- The export ---


def test_the_export_is_exact(own, reader, elsewhere):
    kept, gone = make_article(title="留着的"), make_article(title="撤下的")
    for article in (kept, gone):
        Bookmark.objects.create(member=reader, article=article)
    withdraw(gone, reason="撤")
    reader.channels.add(make_channel("law", name="就案说法"))
    reader.regions.add(Region.objects.get(slug="hunan"))
    make_reader("second")
    answer = own.post(EXPORT)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="my-data-{reader.pk}.json"'
    assert "no-store" in answer["Cache-Control"]
    data = json.loads(answer.content)
    assert list(data) == ["导出时间", "账号", "关注的栏目", "关注的地区", "收藏", "登录的设备", "评论"]
    account = data["账号"]
    reader.refresh_from_db()
    assert account == {
        "用户名": "reader",
        "昵称": "听雨",
        "邮箱": [{"地址": "reader@example.com", "已确认": True}],
        "注册时间": reader.date_joined.isoformat(),
        "最近登录": reader.last_login.isoformat(),
        "头像": "",
    }
    assert (data["关注的栏目"], data["关注的地区"]) == (["就案说法"], ["湖南"])
    rows = [(row["标题"], row["网址"]) for row in data["收藏"]]
    assert rows == [("留着的", kept.get_absolute_url()), ("（已撤下）", "")]
    [device] = data["登录的设备"]
    assert (device["设备"], device["网络地址"]) == ("Chrome（Windows）", "198.51.100.7")
    assert data["评论"] == ["听雨 的评论"]
    assert "password" not in answer.text


def test_a_link_starts_no_export(own):
    page = own.get(EXPORT)
    assert page["Content-Type"].startswith("text/html")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = own.cookies
    assert strict.post(EXPORT).status_code == 403


def test_exports_are_throttled(own, one_period):
    for _ in range(10):
        assert own.post(EXPORT).status_code == 200
    assert own.post(EXPORT).status_code == 429


# --- Closing the account ---


@pytest.mark.parametrize("remove", [False, True])
def test_closing_the_account(own, reader, elsewhere, remove, django_capture_on_commit_callbacks):
    avatars.replace(reader, picture())
    Bookmark.objects.create(member=reader, article=make_article())
    reader.channels.add(make_channel("law"))
    phone = sign_in("reader")
    other = make_reader("second")
    assert len(files()) == 4
    with django_capture_on_commit_callbacks(execute=True):
        answer = own.post(CLOSE, {"proof": PASSWORD, "comments": "remove" if remove else "keep"})
    assert (answer.status_code, answer["Location"]) == (302, "/members/closed/")
    assert "已经删除" in own.get("/members/closed/").text
    assert elsewhere == [("reader", remove)] * 2, "and once more what came in meanwhile"
    assert list(get_user_model().objects.all()) == [other]
    assert not Bookmark.objects.exists()
    assert not UserSession.objects.exists()
    assert [name.member for name in TakenName.objects.all()] == [other]
    assert [row.user for row in EmailAddress.objects.all()] == [other]
    assert files() == []
    for client in (own, phone):
        assert client.get("/members/").status_code == 302
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["reader@example.com"], "【试刊】您的账号已经注销")
    assert ("一并删除" in sent.body, "已注销用户" in sent.body) == (remove, not remove)
    [line] = Operation.objects.filter(action="closed")
    assert (line.user, line.username, line.object_name, line.address) == (None, "", "", "")
    assert line.object_id == str(reader.pk)
    assert "reader" not in json.dumps(line.changes)
    assert make_reader("reader").username == "reader", "the name is free again"


@pytest.mark.parametrize("values", [{}, {"proof": ""}, {"proof": "wrong-password"}, {"proof": PASSWORD + " "}])
def test_it_needs_the_password(own, reader, elsewhere, values):
    answer = own.post(CLOSE, {"comments": "keep", **values})
    assert answer.status_code == 422
    assert get_user_model().objects.filter(pk=reader.pk).exists()
    assert elsewhere == []
    assert own.get("/members/").status_code == 200
    assert own.post(CLOSE, {"comments": "burn", "proof": PASSWORD}).status_code == 422


def test_without_a_password_it_needs_a_word(own, reader):
    reader.set_unusable_password()
    reader.save()
    own.force_login(reader)
    assert "请输入“注销”两个字" in own.get(CLOSE).text
    assert own.post(CLOSE, {"comments": "keep", "proof": "删除"}).status_code == 422
    assert own.post(CLOSE, {"comments": "keep", "proof": " 注销 "}).status_code == 302
    assert not get_user_model().objects.exists()


def test_passwords_are_not_guessed_here(own, reader):
    for _ in range(10):
        own.post(CLOSE, {"comments": "keep", "proof": "wrong-password"})
    assert own.post(CLOSE, {"comments": "keep", "proof": PASSWORD}).status_code == 429
    assert get_user_model().objects.filter(pk=reader.pk).exists()


def test_people_of_the_newsroom_cannot_leave_by_themselves(reporter):
    client = sign_in("reporter")
    for answer in (client.get(CLOSE), client.post(CLOSE, {"comments": "keep", "proof": PASSWORD})):
        assert answer.status_code == 403
        assert "不能自己注销" in answer.text
    assert get_user_model().objects.filter(pk=reporter.pk).exists()


def test_whom_a_signature_needs_stays(own, reader, elsewhere):
    """Once of the newsroom, and a reader now."""
    review = Review.objects.create(article=make_article(status="draft", published_at=None), submitted_by=reader)
    Reviewer.objects.create(article=review.article, user=reader, step=1)
    answer = own.post(CLOSE, {"comments": "keep", "proof": PASSWORD})
    assert answer.status_code == 403
    assert get_user_model().objects.filter(pk=reader.pk).exists()
    assert elsewhere == [], "with all that she wrote"
    assert mail.outbox == []


def test_a_mail_server_that_is_down_does_not_keep_anybody(own, reader, settings):
    settings.MAILERS = {"default": {"BACKEND": "members.tests.broken_mail.EmailBackend"}}
    assert own.post(CLOSE, {"comments": "keep", "proof": PASSWORD})["Location"] == "/members/closed/"
    assert not get_user_model().objects.exists()


def test_what_is_broken_off_goes_on_when_it_is_begun_again(own, reader, monkeypatch):
    """A member of many thousand comments would never get away, did each attempt begin at the first."""
    calls = []
    for _ in range(3):
        Bookmark.objects.create(member=reader, article=make_article())

    def forget(user, *, remove_comments):
        calls.append(user.bookmarks.count())
        if len(calls) == 2:
            raise RuntimeError("no time left")
        user.bookmarks.filter(pk=user.bookmarks.first().pk).delete()

    monkeypatch.setattr(accounts, "keepers", lambda: [SimpleNamespace(forget=forget)])
    own.raise_request_exception = False
    assert own.post(CLOSE, {"comments": "keep", "proof": PASSWORD}).status_code == 500
    assert mail.outbox == []
    assert own.post(CLOSE, {"comments": "keep", "proof": PASSWORD}).status_code == 302
    assert calls == [3, 2, 2, 1]
    assert not get_user_model().objects.exists()


def test_closing_it_twice_at_the_same_moment_is_once(own, reader, monkeypatch):
    calls = []

    def forget(user, *, remove_comments):
        calls.append(get_user_model().objects.filter(pk=user.pk).delete())

    monkeypatch.setattr(accounts, "keepers", lambda: [SimpleNamespace(forget=forget)])
    assert own.post(CLOSE, {"comments": "keep", "proof": PASSWORD})["Location"] == "/members/closed/"
    assert (len(calls), mail.outbox) == (1, [])
    assert not Operation.objects.filter(action="closed").exists()


@pytest.mark.parametrize("by_list", [False, True])
def test_an_account_that_the_back_office_deletes_leaves_no_more(
    chief, reader, elsewhere, by_list, django_capture_on_commit_callbacks
):
    avatars.replace(reader, picture())
    own, desk = sign_in("reader"), sign_in("chief")
    place = "/admin/members/member/"
    values = {"action": "delete_selected", "_selected_action": [reader.pk]} if by_list else {}
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(place if by_list else f"{place}{reader.pk}/delete/", {"post": "yes", **values})
    assert (answer.status_code, answer["Location"]) == (302, place)
    assert elsewhere == [("reader", False)]
    assert files() == []
    assert own.get("/members/").status_code == 302
    assert list(get_user_model().objects.all()) == [chief]
    assert Operation.objects.filter(action="delete", object_name="听雨").count() == 1


def test_what_the_other_app_cannot_forget_stops_all(own, reader, elsewhere, monkeypatch):
    def fail(user, *, remove_comments):
        raise RuntimeError("cannot")

    monkeypatch.setattr(accounts, "keepers", lambda: [SimpleNamespace(forget=fail)])
    own.raise_request_exception = False
    assert own.post(CLOSE, {"comments": "keep", "proof": PASSWORD}).status_code == 500
    assert get_user_model().objects.filter(pk=reader.pk).exists()
    assert mail.outbox == []
