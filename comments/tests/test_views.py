"""The pages: what readers see, how a comment is written with and without script, and what is one's own."""

import json
import re
from datetime import timedelta

import lxml.html
import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from articles.tests.factories import make_article, make_member, make_profile
from articles.tests.pages import text_of_main
from comments import forms, throttle
from comments.counting import count_of
from comments.decisions import decide
from comments.models import Appeal, Comment, Like, Notice, NoticeSettings, Report
from comments.posting import post
from comments.views import acts
from comments.writers import COOKIE

from .browsing import fields_of, patient, send
from .factories import make_comment, make_decision, make_policy, make_reply, make_report, make_sanction
from .writing import by

pytestmark = pytest.mark.django_db
State = Comment.State
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def _site(db, monkeypatch):
    make_profile()
    patient(monkeypatch)


@pytest.fixture
def article():
    return make_article(title="一座桥的两岸")


@pytest.fixture
def reader(client, member):
    """A client with a member signed in."""
    client.force_login(member)
    return client


@pytest.fixture
def visitors(article):
    return make_policy(visitors_may_comment=True)


def names(response) -> list[str]:
    """Who speaks on a page, in order."""
    page = lxml.html.fromstring(response.content.decode())
    return [each.text_content() for each in page.xpath("//article[contains(@class,'comment')]/header/*[1]")]


# --- What all readers see ---


def test_all_comments_newest_oldest_and_most_liked(client, article):
    for number, likes in enumerate([1, 5, 3]):
        make_comment(article, nickname=f"甲{number}", likes=likes)
    make_comment(article, nickname="等着的", state=State.WAITING)
    path = f"/articles/{article.pk}/comments/"
    assert names(client.get(path)) == ["甲2", "甲1", "甲0"]
    assert names(client.get(f"{path}?order=old")) == ["甲0", "甲1", "甲2"]
    assert names(client.get(f"{path}?order=liked")) == ["甲1", "甲2", "甲0"]
    assert "共 3 条评论" in text_of_main(client.get(path))
    for wrong in ("?order=best", "?page=2", "?page=0", "?page=x"):
        assert client.get(path + wrong).status_code == 404


def test_all_pages_are_reached(client, article):
    for number in range(21):
        make_comment(article, nickname=f"甲{number}")
    path = f"/articles/{article.pk}/comments/"
    assert len(names(client.get(path))) == 20
    assert names(client.get(f"{path}?page=2")) == ["甲0"]
    assert names(client.get(f"{path}?order=old&page=2")) == ["甲20"]
    assert f'href="{path}?order=old&amp;page=2"' in client.get(f"{path}?order=old").content.decode()


def test_replies_stand_two_deep_and_say_whom_they_answer(client, article):
    top = make_comment(article, nickname="楼主")
    first = make_reply(top, nickname="甲")
    second = make_reply(first, nickname="乙")
    make_reply(second, nickname="丙")
    make_reply(second, nickname="丁")
    hidden = make_reply(top, nickname="藏", state=State.REJECTED)
    make_reply(hidden, nickname="戊")
    page = client.get(f"/articles/{article.pk}/comments/")
    assert names(page) == ["楼主", "甲", "乙", "丙"]
    assert re.findall("@(.)</b>", page.content.decode()) == ["甲", "乙"]
    assert "查看全部 5 条回复" in page.content.decode()
    thread = client.get(f"/articles/{article.pk}/comments/{top.pk}/")
    assert names(thread) == ["楼主", "甲", "乙", "丙", "丁", "戊"]
    assert "藏" not in thread.content.decode()


def test_a_reply_has_an_address_in_its_thread(client, article):
    top = make_comment(article)
    replies = [make_reply(top, nickname=f"甲{number}") for number in range(35)]
    path = f"/articles/{article.pk}/comments/{top.pk}/"
    answer = client.get(f"/articles/{article.pk}/comments/{replies[2].pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?start={replies[2].pk}#c{replies[2].pk}")
    page = client.get(f"{path}?start={replies[2].pk}")
    assert names(page)[1:] == [f"甲{number}" for number in range(2, 32)]
    assert f'href="{path}?start={replies[32].pk}"' in page.content.decode()
    assert client.get(f"{path}?start=x").status_code == 404


def test_what_is_not_public_has_no_page(client, article):
    other = make_article()
    waiting = make_comment(article, state=State.WAITING)
    below = make_reply(make_comment(article, state=State.SPAM))
    for address in (
        f"/articles/{article.pk}/comments/{waiting.pk}/",
        f"/articles/{article.pk}/comments/{below.pk}/",
        f"/articles/{other.pk}/comments/{make_comment(article).pk}/",
        "/articles/999999/comments/",
        "/articles/999999/comments/best/",
        f"/articles/{article.pk}/comments/999999/",
        f"/articles/{article.pk}/comments/{10**17}/",
        f"/comments/{waiting.pk}/like/",
        f"/comments/{below.pk}/report/",
        "/comments/form/999999/",
        "/comments/reports/JB-AAAAA-AAAAA/",
    ):
        assert client.get(address).status_code == 404, address


def test_comments_go_with_their_article(client, article):
    comment = make_comment(article)
    draft = make_article(status="draft", published_at=None)
    article.status, article.withdrawn_at = "withdrawn", timezone.now()
    article.save()
    for address, status in (
        (f"/articles/{article.pk}/comments/", 410),
        (f"/articles/{article.pk}/comments/{comment.pk}/", 410),
        (f"/articles/{article.pk}/comments/best/", 404),
        (f"/comments/form/{article.pk}/", 404),
        (f"/comments/write/{article.pk}/", 404),
        (f"/articles/{draft.pk}/comments/", 404),
    ):
        answer = client.get(address)
        assert answer.status_code == status, address
        assert comment.body not in answer.content.decode()


def test_the_best_and_the_newest_for_the_article(client, article):
    for number in range(10):
        make_comment(article, nickname=f"甲{number}", likes=number if number < 3 else 0)
    make_comment(article, nickname="精", is_featured=True)
    page = client.get(f"/articles/{article.pk}/comments/best/")
    assert names(page) == ["精", "甲2", "甲1", "甲9", "甲8", "甲7", "甲6", "甲5"]
    assert 'data-comment-count="11"' in page.content.decode()
    empty = client.get(f"/articles/{make_article().pk}/comments/best/")
    assert "还没有公开的评论" in empty.content.decode()


def test_the_frame_stands_in_the_article_itself(client, article):
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'href="/articles/{article.pk}/comments/"' in page
    assert f'href="/comments/write/{article.pk}/"' in page
    article.comments_open = False
    article.save()
    closed = client.get(make_article(comments_open=False).get_absolute_url()).content.decode()
    assert "这篇稿件的评论已关闭。" in closed
    assert "/comments/write/" not in closed


def test_texts_are_shown_harmless(client, article):
    make_comment(article, nickname="<b>甲", body='<script>alert(1)</script>\n看 https://evil.example/?a="x')
    page = client.get(f"/articles/{article.pk}/comments/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;甲" in page
    assert '<a href="https://evil.example/?a=" rel="nofollow ugc noopener">' in page


# --- Writing ---


def test_a_member_writes_without_script(reader, article, member):
    answer = send(reader, article, "说得好。")
    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/comments/write/{article.pk}/?received={comment.pk}#received",
    )
    page = reader.get(answer["Location"])
    text = text_of_main(page)
    assert "评论已收到，审核通过后公开。" in text
    assert "等待审核" in text
    assert (comment.author, comment.body, comment.state) == (member, "说得好。", State.WAITING)
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_a_member_writes_with_script(reader, article):
    top = make_comment(article, nickname="楼主")
    form = reader.get(f"/comments/form/{article.pk}/?reply={top.pk}")
    assert '回复 <b translate="no">@楼主</b>' in form.content.decode()
    answer = reader.post(f"/comments/write/{article.pk}/", fields_of(form) | {"body": "同意。"}, headers=FETCH)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "评论已收到，审核通过后公开。" in answer.content.decode()
    assert Comment.objects.get(body="同意。").parent == top


def test_a_visitor_is_known_by_her_browser_afterwards(client, article, visitors):
    send(client, article, "路过。", nickname="路人")
    assert client.cookies[COOKIE]["httponly"]
    assert client.cookies[COOKIE]["samesite"] == "Lax"
    mine = client.get(f"/comments/form/{article.pk}/").content.decode()
    assert "路过。" in mine
    assert "路过。" not in Client().get(f"/comments/form/{article.pk}/").content.decode()
    comment = Comment.objects.get()
    assert comment.visitor != ""
    assert comment.visitor not in client.cookies[COOKIE].value


def test_visitors_are_asked_to_sign_in_where_they_may_not_write(client, article):
    page = client.get(f"/comments/form/{article.pk}/").content.decode()
    assert f"/accounts/login/?next={article.get_absolute_url()}" in page
    assert "data-comment-form" not in page
    answer = client.post(f"/comments/write/{article.pk}/", {"token": forms.new_token(article.pk), "body": "我的话"})
    assert answer.status_code == 422
    assert "我的话" in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_refused_form_comes_back_filled_in(reader, article):
    answer = send(reader, article, "长" * 100_000)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "评论最多 1000 个字，现在有 100000 个：请删去一些再发表。" in page
    assert "长" * 100_000 in page
    assert not Comment.objects.exists()


def test_too_soon_says_how_soon(reader, article):
    send(reader, article, "一。")
    answer = send(reader, article, "二。")
    assert answer.status_code == 429
    assert re.search("请 1[45] 秒后再试", answer.content.decode())
    assert answer["Retry-After"] in {"14", "15"}
    assert "二。" in answer.content.decode()


def test_a_form_is_good_for_one_comment(reader, article):
    make_policy()
    hidden = fields_of(reader.get(f"/comments/write/{article.pk}/"))
    answers = [reader.post(f"/comments/write/{article.pk}/", hidden | {"body": "一次。"}) for _ in range(3)]
    assert [answer["Location"] for answer in answers] == [answers[0]["Location"]] * 3
    assert Comment.objects.count() == 1
    other = reader.post(f"/comments/write/{article.pk}/", hidden | {"body": "另一句。"})
    assert other.status_code == 422
    assert "已经用过一次" in other.content.decode()
    again = reader.post(f"/comments/write/{article.pk}/", fields_of(other) | {"body": "另一句。"})
    assert (again.status_code, Comment.objects.count()) == (302, 2)


def test_a_refused_form_keeps_its_key(reader, article):
    hidden = fields_of(reader.get(f"/comments/write/{article.pk}/"))
    answer = reader.post(f"/comments/write/{article.pk}/", hidden | {"body": ""})
    assert fields_of(answer)["token"] == hidden["token"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"token": ""}, "表单不完整"),
        ({"token": "forged"}, "表单不完整"),
        ({"token": signing.dumps({"a": 1}, salt=forms.SALT)}, "表单不完整"),
        ({"token": signing.dumps([1, 2], salt=forms.SALT)}, "表单不完整"),
        ({"token": signing.dumps({"a": 1, "k": "x", "t": 1.0}, salt="other")}, "表单不完整"),
        ({"token": forms.new_token(999_999)}, "表单不是这篇稿件的"),
        ({forms.HONEYPOT: "https://spam.example"}, "“个人网址”一栏是防垃圾评论用的"),
    ],
)
def test_forms_that_nobody_filled_in(reader, article, change, said):
    hidden = fields_of(reader.get(f"/comments/write/{article.pk}/"))
    answer = reader.post(f"/comments/write/{article.pk}/", hidden | {"body": "说得好。"} | change)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "说得好。" in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_form_that_is_too_quick_and_one_that_is_too_old(reader, article, monkeypatch):
    monkeypatch.setattr(forms, "LEAST_SECONDS", 2)
    assert "发表得太快了" in send(reader, article).content.decode()
    hidden = fields_of(reader.get(f"/comments/write/{article.pk}/"))
    monkeypatch.setattr(forms, "MOST_SECONDS", -1)
    old = reader.post(f"/comments/write/{article.pk}/", hidden | {"body": "说得好。"})
    assert "表单放得太久，已经过期" in old.content.decode()
    assert fields_of(old)["token"] != hidden["token"]


def test_a_form_with_an_outdated_csrf_token_comes_back_filled_in(article, member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    data = {"token": forms.new_token(article.pk), "body": "说得好。"}
    for headers in ({}, FETCH):
        answer = client.post(f"/comments/write/{article.pk}/", data, headers=headers)
        assert answer.status_code == 403
        assert "页面打开得太久，或浏览器不接受 Cookie，没有发出。" in answer.content.decode()
        assert "说得好。" in answer.content.decode()
    assert not Comment.objects.exists()
    # What came back is good: the same key, and a token that fits the cookie.
    hidden = fields_of(answer)
    assert hidden["token"] == data["token"]
    assert client.post(f"/comments/write/{article.pk}/", hidden | {"body": "说得好。"}).status_code == 302
    assert Comment.objects.get().body == "说得好。"


def test_other_forms_give_back_what_was_typed_when_their_csrf_token_is_outdated(article, member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    own, other = make_comment(article, author=member, state="waiting"), make_comment(article)
    refused = make_decision(make_comment(article, author=member, state="rejected"))
    for address, data in (
        (f"/comments/{own.pk}/edit/", {"body": "改成这样的话"}),
        (f"/comments/{other.pk}/report/", {"reason": "ad", "note": "这是一条广告的话"}),
        (f"/comments/appeal/{refused.pk}/", {"text": "我要申诉的话"}),
    ):
        answer = client.post(address, data)
        assert answer.status_code == 403
        assert [*data.values()][-1] in answer.content.decode()
        assert "没有发出。文字还在" in answer.content.decode()
    own.refresh_from_db()
    assert own.body != "改成这样的话"
    assert not Report.objects.exists()
    assert not Appeal.objects.exists()


def test_words_come_back_when_commenting_was_closed_meanwhile(reader, article):
    hidden = fields_of(reader.get(f"/comments/write/{article.pk}/"))
    make_policy(is_open=False)
    for headers in ({}, FETCH):
        answer = reader.post(f"/comments/write/{article.pk}/", hidden | {"body": "关闭以前写的话"}, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.count("本站评论暂时关闭。") == 1
        assert "关闭以前写的话" in page


def test_words_come_back_when_the_article_went_meanwhile_and_nothing_of_the_article(reader, article):
    hidden = fields_of(reader.get(f"/comments/write/{article.pk}/"))
    article.status, article.withdrawn_at = article.Status.WITHDRAWN, timezone.now()
    article.save()
    answer = reader.post(f"/comments/write/{article.pk}/", hidden | {"body": "撤稿以前写的话"})
    assert answer.status_code == 404
    assert "这篇稿件已经不公开，评论没有发表。" in answer.content.decode()
    assert "撤稿以前写的话" in answer.content.decode()
    assert article.title not in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_visitor_need_not_name_herself_twice(client, visitors, article):
    send(client, article, nickname="过路的人")
    assert 'name="nickname" value="过路的人"' in client.get(f"/comments/form/{article.pk}/").content.decode()
    assert 'name="nickname" value=""' in Client().get(f"/comments/form/{article.pk}/").content.decode()


def test_odd_bytes_make_no_error(reader, article):
    token = forms.new_token(article.pk)
    for body in (b"a\x00b", b"\xff\xfe", "😀𠮷\u202e".encode(), b"%"):
        data = f"token={token}&body=".encode() + b"".join(b"%%%02X" % byte for byte in body)
        answer = reader.post(f"/comments/write/{article.pk}/", data, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in {302, 422, 429}
    assert reader.get(f"/comments/write/{article.pk}/?reply=x").status_code == 404
    assert reader.get(f"/comments/write/{article.pk}/?reply={10**30}").status_code == 404
    assert reader.get(f"/comments/write/{article.pk}/?received=x").status_code == 200


def test_an_answer_to_what_has_gone_keeps_the_words(reader, article, moderator):
    top = make_comment(article)
    hidden = fields_of(reader.get(f"/comments/write/{article.pk}/?reply={top.pk}"))
    decide(top, State.SPAM, actor=moderator, reason="ad")
    answer = reader.post(f"/comments/write/{article.pk}/", hidden | {"body": "我不同意。"})
    assert answer.status_code == 422
    assert "您回复的评论已经不公开了" in answer.content.decode()
    assert "我不同意。" in answer.content.decode()
    # Its words are told no more, and the form now comments on the article itself.
    assert top.body not in answer.content.decode()
    assert "reply" not in fields_of(answer)


def test_posting_works_while_the_shared_cache_is_down(reader, article, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ConnectionError("no cache")

    monkeypatch.setattr(throttle, "too_often", broken)
    assert send(reader, article, "一。").status_code == 302
    assert send(reader, article, "二。").status_code == 429  # counted in the database
    assert "did not count" in caplog.text


def test_knocking_without_end_is_stopped(reader, article, monkeypatch):
    monkeypatch.setattr(throttle, "too_often", lambda *args, **kwargs: True)
    answer = send(reader, article)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    comment = make_comment(article)
    for act in ("like", "report"):
        assert reader.post(f"/comments/{comment.pk}/{act}/", {"reason": "ad"}).status_code == 429


def test_closed_says_why_and_shows_ones_own(reader, article, member):
    make_comment(article, author=member, state=State.WAITING, body="还在等。")
    make_comment(article, author=member, state=State.REJECTED, reason="attack", body="没通过的。")
    make_policy(is_open=False)
    page = reader.get(f"/comments/form/{article.pk}/").content.decode()
    assert "本站评论暂时关闭。" in page
    assert "data-comment-form" not in page
    assert "还在等。" in page
    assert "原因：人身攻击" in page
    assert make_comment(article).body not in page


# --- Afterwards ---


def test_editing_and_deleting(reader, article, member):
    comment = post(article=article, writer=by(member), body="原话。")
    path = f"/comments/{comment.pk}/edit/"
    assert "原话。" in reader.get(path).content.decode()
    refused = reader.post(path, {"body": ""})
    assert refused.status_code == 422
    assert reader.post(path, {"body": "改过。"})["Location"].startswith(f"/comments/write/{article.pk}/?received=")
    comment.refresh_from_db()
    assert comment.body == "改过。"
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert "不能再修改" in reader.get(path).content.decode()
    kept = reader.post(path, {"body": "太晚了。"})
    assert (kept.status_code, "太晚了。" in kept.content.decode()) == (422, True)
    path = f"/comments/{comment.pk}/delete/"
    assert "不能恢复" in reader.get(path).content.decode()
    for _ in range(2):
        assert reader.post(path)["Location"] == "/comments/mine/"
    comment.refresh_from_db()
    assert comment.state == State.DELETED


def test_other_peoples_are_not_touched(client, article, member):
    comment = make_comment(article, author=make_member("other"))
    decision = make_decision(make_comment(article, author=comment.author, state=State.REJECTED))
    for signed_in in (False, True):
        if signed_in:
            client.force_login(member)
        for address in (
            f"/comments/{comment.pk}/edit/",
            f"/comments/{comment.pk}/delete/",
            f"/comments/appeal/{decision.pk}/",
        ):
            assert client.get(address).status_code == 404
            assert client.post(address, {"body": "我的", "text": "我的"}).status_code == 404
    comment.refresh_from_db()
    assert comment.state == State.APPROVED


def test_liking_with_and_without_script(client, article):
    comment = make_comment(article)
    path = f"/comments/{comment.pk}/like/"
    assert "赞这条评论" in client.get(path).content.decode()
    assert client.post(path)["Location"] == comment.get_absolute_url()
    assert "您已经赞过" in client.get(path).content.decode()
    assert json.loads(client.post(path, headers=FETCH).content) == {"likes": 0, "liked": False}
    assert json.loads(client.post(path, headers=FETCH).content) == {"likes": 1, "liked": True}
    assert Like.objects.count() == 1


def test_who_drops_her_cookie_is_not_many_people_for_long(client, article, member, monkeypatch):
    monkeypatch.setattr(acts, "MOST_NEW_LIKES", 2)
    comment, other = make_comment(article), make_comment(article)
    client.post(f"/comments/{comment.pk}/like/")
    path = f"/comments/{comment.pk}/like/"
    assert json.loads(Client().post(path, headers=FETCH).content)["likes"] == 2
    answer = Client().post(path)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "您所在的网络给这条评论点的赞太多了" in answer.content.decode()
    assert Like.objects.filter(comment=comment).count() == 2
    # Whoever is known goes on, and so do other comments.
    assert json.loads(client.post(path, headers=FETCH).content) == {"likes": 1, "liked": False}
    reader = Client()
    reader.force_login(member)
    assert json.loads(reader.post(path, headers=FETCH).content) == {"likes": 2, "liked": True}
    assert Client().post(f"/comments/{other.pk}/like/").status_code == 302


def test_a_visitor_reports_and_follows_her_report(client, article, moderator):
    comment = make_comment(article, body="骂人的话")
    path = f"/comments/{comment.pk}/report/"
    page = client.get(path).content.decode()
    for reason in ("违法违规", "造谣", "人身攻击", "广告", "泄露隐私", "与新闻无关", "其他"):
        assert reason in page
    refused = client.post(path, {"reason": "other", "note": ""})
    assert (refused.status_code, "请写明理由" in refused.content.decode()) == (422, True)
    answer = client.post(path, {"reason": "attack", "note": "骂人"})
    report = Report.objects.get()
    assert answer["Location"] == f"/comments/reports/{report.receipt}/"
    status = client.get(answer["Location"].lower())
    assert report.receipt in text_of_main(status)
    assert "待处理" in text_of_main(status)
    decide(comment, State.REJECTED, actor=moderator, reason="attack")
    status = text_of_main(client.get(answer["Location"]))
    assert "举报成立" in status
    assert "骂人的话" not in status


def test_my_comments(reader, article, member):
    make_comment(article, author=member, body="公开的。")
    make_comment(article, author=member, state=State.WAITING, body="在等的。")
    refused = make_comment(article, author=member, state=State.REJECTED, reason="attack", body="没过的。")
    decision = make_decision(refused, note="请就事论事")
    make_comment(article, body="别人的。")
    make_sanction(user=member, kind="warn", reason="注意言辞")
    page = reader.get("/comments/mine/")
    text = text_of_main(page)
    for words in ("公开的。", "在等的。", "没过的。", "原因：人身攻击。请就事论事", "警告", "注意言辞"):
        assert words in text
    assert "别人的。" not in text
    assert f'href="/comments/appeal/{decision.pk}/"' in page.content.decode()


def test_a_visitors_comments_are_those_of_her_browser(client, article, visitors):
    send(client, article, "路过。", nickname="路人")
    assert "路过。" in text_of_main(client.get("/comments/mine/"))
    assert "还没有评论。" in text_of_main(Client().get("/comments/mine/"))
    forged = Client()
    forged.cookies[COOKIE] = client.cookies[COOKIE].value + "x"
    assert "还没有评论。" in text_of_main(forged.get("/comments/mine/"))


def test_appealing(reader, article, member, moderator):
    comment = make_comment(article, author=member)
    decision = decide(comment, State.REJECTED, actor=moderator, reason="attack")
    path = f"/comments/appeal/{decision.pk}/"
    assert "为什么应该通过" in reader.get(path).content.decode()
    long = reader.post(path, {"text": "长" * 501})
    assert (long.status_code, "长" * 501 in long.content.decode()) == (422, True)
    assert reader.post(path, {"text": "我没有骂人。"})["Location"] == "/comments/mine/"
    assert Appeal.objects.get().text == "我没有骂人。"
    assert "已经申诉过一次" in reader.get(path).content.decode()
    assert reader.post(path, {"text": "再来。"}).status_code == 422
    assert "申诉：待处理" in text_of_main(reader.get("/comments/mine/"))


def test_a_warning_is_acknowledged(reader, article, member):
    sanction = make_sanction(user=member, kind="warn")
    assert send(reader, article).status_code == 422
    assert reader.post(f"/comments/sanctions/{sanction.pk}/")["Location"] == "/comments/mine/"
    assert send(reader, article).status_code == 302
    others = make_sanction(user=make_member("other"), kind="warn")
    assert reader.post(f"/comments/sanctions/{others.pk}/").status_code == 404


def test_notices(reader, client, member):
    one = Notice.objects.create(user=member, kind="reply", text="林远 回复了您。", link="/rolling/")
    Notice.objects.create(user=member, kind="decision", text="通过了。")
    Notice.objects.create(user=make_member("other"), kind="reply", text="别人的。")
    text = text_of_main(reader.get("/comments/notices/"))
    assert "2 条未读" in text
    assert "别人的。" not in text
    assert reader.post(f"/comments/notices/{one.pk}/")["Location"] == "/rolling/"
    assert "1 条未读" in text_of_main(reader.get("/comments/notices/"))
    reader.post("/comments/notices/")
    assert "没有未读的通知" in text_of_main(reader.get("/comments/notices/"))
    reader.post("/comments/notices/settings/", {"by_mail": "on"})
    assert NoticeSettings.objects.get().by_mail
    reader.post("/comments/notices/settings/", {})
    assert not NoticeSettings.objects.get().by_mail


def test_no_mail_is_offered_where_none_can_be_sent(reader, settings):
    assert "也发邮件" in reader.get("/comments/notices/").text
    settings.MAIL_WORKS = False
    answer = reader.get("/comments/notices/").text
    assert "也发邮件" not in answer
    assert "填写邮箱" not in text_of_main(reader.get("/comments/notices/"))


def test_notices_are_for_those_who_are_signed_in():
    for address in ("/comments/notices/",):
        assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"


def test_reading_changes_nothing(reader, article, member):
    comment = make_comment(article, author=member)
    for address in ("like", "report", "edit", "delete"):
        reader.get(f"/comments/{comment.pk}/{address}/")
    assert reader.get("/comments/notices/settings/").status_code == 405
    comment.refresh_from_db()
    assert (comment.state, comment.likes, count_of(article).approved) == (State.APPROVED, 0, 1)
    make_report(comment)


@pytest.mark.parametrize("rows", [1, 30])
def test_own_pages_cost_the_same_for_one_and_for_thirty(
    reader, article, member, rows, settings, django_assert_num_queries
):
    settings.PAGE_CACHE_CHECK_SECONDS = 3600
    for number in range(rows):
        comment = make_comment(article, author=member, state=State.WAITING if number % 2 else State.REJECTED)
        make_decision(comment, reason="attack")
        Notice.objects.create(user=member, kind="reply", text="有人回复了您。", link="/rolling/")
    reader.get("/comments/mine/")
    # Session, account; count, comments; decisions; sanctions; unread.
    with django_assert_num_queries(7):
        reader.get("/comments/mine/")
    # Session, account; count, notices; unread; mail.
    with django_assert_num_queries(6):
        reader.get("/comments/notices/")
    # Session, account; the article; the rules; one's own.
    with django_assert_num_queries(5):
        reader.get(f"/comments/form/{article.pk}/")
