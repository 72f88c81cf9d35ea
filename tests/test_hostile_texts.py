"""What readers write, at its worst, through every form of comments, reports, appeals and letters: never an error, never
markup, never a sign that nobody sees. The texts go in as bytes, as a program would send them."""

from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.test import Client

from articles.models import Article
from articles.tests.factories import make_article, make_member, make_profile
from comments import forms
from comments.letters import intake
from comments.models import Appeal, Comment, Letter, Report
from comments.tests.browsing import patient
from comments.tests.factories import make_comment, make_decision, make_policy
from comments.tests.letters import WRITE, WRITTEN, key_of

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
HOSTILE = {
    "html": "<b>粗体</b><img src=x onerror=alert(1)>说得好。".encode(),
    "script": b"</textarea></title><script>alert(1)</script><svg/onload=alert(1)>",
    "template": "{{ 7*7 }}{% load x %}${7*7}说得好。".encode(),
    "quotes": b'" onfocus="alert(1)" autofocus \' -- ; DROP TABLE comments_comment',
    "bidi": "\u202e\u2066说得\u202c好\u2069\u200f。".encode(),
    "zero width": "\u200b说\u200d得\u2060好\ufeff\u00ad。".encode(),
    "nothing but zero width": "\u200b\u2060\ufeff".encode(),
    "climbing marks": ("说" + "\u0301" * 60 + "得好。").encode(),
    "100,000 characters": ("长" * 100_000).encode(),
    "100,000 lines": b"\n" * 100_000 + "说得好。".encode(),
    "NUL": b"\x00\x00" + "说得好。".encode(),
    "controls": b"\x01\x08\x1b[31m\x7f" + "说得好。".encode(),
    "broken UTF-8": b"\xff\xfe\xc0\x80\xe6\xa0" + "说得好。".encode(),
    "lone surrogate": b"\xed\xa0\x80" + "说得好。".encode(),
    "beyond Unicode": b"\xf5\x80\x80\x80" + "说得好。".encode(),
    "formula": b'=HYPERLINK("http://x.example","y")',
    "emoji": "👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿𠮷说得好。".encode(),
    "line ends": "说得好。\r\nSet-Cookie: a=b\u2028\u2029\x85".encode(),
}
UNSEEN = set("\u202e\u2066\u202c\u2069\u200f\u200b\u2060\ufeff\u00ad\x00\x01\x08\x1b\x7f\u2028\u2029\x85\ufffe")
OPENED = ("<script>alert", "onerror=alert(1)>", "<svg/onload", "<b>粗体", 'onfocus="alert', ">49<")


@pytest.fixture(autouse=True)
def _site(monkeypatch):
    make_profile()
    patient(monkeypatch)
    monkeypatch.setattr(intake, "LEAST_SECONDS", -1)


@pytest.fixture
def article() -> Article:
    make_policy(visitors_may_comment=True)
    return make_article()


def send(client: Client, address: str, hostile: dict[str, bytes], **fields: str):
    """POST with these fields, some of them as bytes."""
    pairs = [f"{name}={quote_from_bytes(value)}" for name, value in hostile.items()]
    return client.post(address, "&".join([urlencode(fields), *pairs]), content_type=FORM)


def assert_harmless(answer, *kept: str) -> None:
    assert answer.status_code in {200, 302, 303, 400, 422}, answer.status_code
    text = answer.content.decode()
    assert not [sign for sign in OPENED if sign in text]
    for value in kept:
        assert not set(value) & UNSEEN, repr(value[:80])
        assert len(value) <= 6000


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_comments(client, article, text):
    """Written by a visitor as text and as nickname, by a member, changed, read by all."""
    write = f"/comments/write/{article.pk}/"
    for hostile in ({"body": text}, {"nickname": text}):
        fields = {"token": forms.new_token(article.pk), "body": "说得好。", "nickname": "读者"}
        fields = {name: value for name, value in fields.items() if name not in hostile}
        assert_harmless(send(client, write, hostile, **fields))
    member = make_member("pen")
    own = make_comment(article, author=member, state="waiting")
    signed_in = Client()
    signed_in.force_login(member)
    assert_harmless(send(signed_in, write, {"body": text}, token=forms.new_token(article.pk)))
    assert_harmless(send(signed_in, f"/comments/{own.pk}/edit/", {"body": text}))
    # What says something at all, and no more than is let in, is taken in.
    is_refused = text in (HOSTILE["nothing but zero width"], HOSTILE["100,000 characters"])
    assert Comment.objects.exclude(pk=own.pk).exists() != is_refused
    for comment in Comment.objects.all():
        assert_harmless(signed_in.get("/comments/mine/"), comment.body, comment.nickname)
    Comment.objects.update(state="approved", waiting_since=None, reason="")
    for page in (f"/articles/{article.pk}/comments/", f"/articles/{article.pk}/comments/best/", write):
        assert_harmless(client.get(page))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_reports_and_appeals(client, article, text):
    comment = make_comment(article)
    answer = send(client, f"/comments/{comment.pk}/report/", {"note": text}, reason="other")
    assert_harmless(answer, *Report.objects.values_list("note", flat=True))
    assert_harmless(send(client, f"/comments/{comment.pk}/report/", {"reason": text}, note="骂人"))
    author = make_member("pen")
    decision = make_decision(make_comment(article, author=author, state="rejected"), from_state="waiting")
    client.force_login(author)
    answer = send(client, f"/comments/appeal/{decision.pk}/", {"text": text})
    assert_harmless(answer, *Appeal.objects.values_list("text", flat=True))
    moderator = make_member("judge", is_staff=True, groups=["审核员"])
    client.force_login(moderator)
    for tab in ("reported", "appeals"):
        assert_harmless(client.get("/admin/comments/comment/", {"tab": tab}))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_letters(client, text):
    for field in ("name", "subject", "text", "phone", "email", "region"):
        fields = {name: value for name, value in WRITTEN.items() if name != field} | {"key": key_of(client)}
        assert_harmless(send(client, WRITE, {field: text}, **fields))
    for letter in Letter.objects.all():
        assert_harmless(client.get(letter.follow_url), letter.name, letter.subject, letter.text)
    for field, other in (("receipt", "contact"), ("contact", "receipt")):
        assert_harmless(send(client, "/letters/follow/", {field: text}, **{other: "AAAA-AAAA-AAAA"}))
    client.force_login(make_member("desk", is_staff=True, groups=["主任"]))
    for letter in Letter.objects.all():
        address = f"/admin/comments/letter/{letter.pk}/"
        assert_harmless(send(client, f"{address}step/note/", {"note-text": text}, **{"note-seen": str(letter.version)}))
        assert_harmless(client.get(f"{address}change/"), *letter.events.values_list("note", flat=True))
        assert_harmless(send(client, f"{address}publication/", {"public_text": text}, _suggest="1", seen="1"))


@pytest.mark.parametrize("key", ["", "forged", "a.b.c", "\x00", "😀", "0" * 100_000])
def test_forged_keys_make_nothing(client, article, key):
    address = f"/comments/write/{article.pk}/"
    fields = {"nickname": "读者", "body": "说得好。"}
    assert send(client, address, {"token": key.encode()}, **fields).status_code in {400, 422}
    answer = send(client, WRITE, {"key": key.encode()}, **WRITTEN)
    assert answer.status_code in {400, 422}
    assert (Comment.objects.count(), Letter.objects.count()) == (0, 0)


def test_a_replayed_form_makes_nothing_more(client, article):
    """The same form again: the same words are the same comment, others are refused, on another article too."""
    token, address = forms.new_token(article.pk), f"/comments/write/{article.pk}/"
    for body, status in (("第一遍。", 302), ("第一遍。", 302), ("第二遍。", 422)):
        assert client.post(address, {"token": token, "nickname": "读者", "body": body}).status_code == status
    other = make_article()
    replayed = {"token": token, "nickname": "读者", "body": "第三遍。"}
    assert client.post(f"/comments/write/{other.pk}/", replayed).status_code == 422
    stranger = Client()
    assert stranger.post(address, {**replayed, "body": "第一遍，别人。"}).status_code == 422
    assert Comment.objects.count() == 1
    key = key_of(client)
    first, again = (client.post(WRITE, {**WRITTEN, "key": key}) for _ in range(2))
    assert (first.status_code, again.status_code, first["Location"]) == (303, 303, again["Location"])
    assert Letter.objects.count() == 1
