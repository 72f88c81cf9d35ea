"""评论须先验证手机号: whom the rule asks, what she hears, and that her words are not lost meanwhile."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_channel, make_member, make_profile
from articles.tests.test_admin_forms import fill
from comments.models import Comment, CommentPolicy, CommentStep
from comments.moderation.cards import told
from comments.pipeline import REFUSE, STEPS, STEPS_WITH_PHONE, examine, phone
from comments.posting import edit
from comments.refusals import Refused
from comments.rules import rules_for
from members import phones

from .browsing import fields_of, patient, send
from .factories import make_policy
from .writing import by, make_draft, posted, visitor

pytestmark = pytest.mark.django_db
NUMBER = "+8613800138000"
WORDS = "桥修好以后，两岸的孩子上学近了三里路。"
MEMBER_HEARS = "这里评论须先验证手机号：请先到会员中心的“手机号”里验证。"
VISITOR_HEARS = "这里评论须先验证手机号：请先登录，没有账号请先成为会员。"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def _site(db, monkeypatch, settings):
    settings.SMS_SENDER = "members.tests.sms.keep"
    make_profile()
    patient(monkeypatch)


@pytest.fixture
def article():
    return make_article(title="一座桥的两岸", channel=make_channel(name="要闻快讯"))


@pytest.fixture
def rule():
    return make_policy(needs_phone=True, visitors_may_comment=True)


@pytest.fixture
def reader(client, member) -> Client:
    client.force_login(member)
    return client


def steps_of(comment: Comment) -> list[str]:
    return list(comment.steps.order_by("position").values_list("step", flat=True))


# --- The step ---


@pytest.mark.parametrize(
    ("values", "said", "detail"),
    [
        ({}, MEMBER_HEARS, {}),
        ({"has_phone": True}, "", {}),
        ({"is_member": False, "nickname": "读者"}, VISITOR_HEARS, {}),
        ({"is_staff": True}, "", {"staff": True}),
        ({"is_trusted": True}, MEMBER_HEARS, {}),
    ],
)
def test_the_step(article, values, said, detail):
    result = phone(make_draft(article, policy=CommentPolicy(needs_phone=True), **values))
    assert (result.outcome, result.message, result.detail) == (REFUSE if said else "pass", said, detail)


def test_it_is_asked_where_the_rules_want_it(article):
    draft = make_draft(article, policy=CommentPolicy(needs_phone=True), has_phone=True)
    assert list(examine(draft).results) == list(STEPS_WITH_PHONE)
    assert list(examine(make_draft(article)).results) == list(STEPS)


def test_a_closed_article_says_so_first(article):
    verdict = examine(make_draft(article, policy=CommentPolicy(needs_phone=True, is_open=False)))
    assert verdict.rule == "closed"


# --- Posting ---


def test_member_visitor_and_newsroom(article, rule, member):
    for writer, said in ((by(member), MEMBER_HEARS), (visitor(), VISITOR_HEARS)):
        with pytest.raises(Refused) as refused:
            posted(article, writer)
        assert (refused.value.message, refused.value.code) == (said, "phone")
    assert not Comment.objects.exists()
    staff = posted(article, by(make_member("desk", is_staff=True)))
    assert steps_of(staff) == list(STEPS_WITH_PHONE)
    phones.keep(member, NUMBER)
    comment = posted(article, by(member), "桥修得好。")
    assert steps_of(comment) == list(STEPS_WITH_PHONE)
    found = {comment.pk: told(CommentStep.objects.get(comment=comment, step="phone")) for comment in (staff, comment)}
    assert list(found.values()) == [("手机号", "通过", "编辑部的账号，不用验证"), ("手机号", "通过", "已验证")]


def test_rule_off(article, member):
    make_policy()
    assert steps_of(posted(article, by(member))) == list(STEPS)


def test_a_channels_own_rule(article, member):
    make_policy(channel=article.channel, needs_phone=True)
    with pytest.raises(Refused, match="须先验证手机号"):
        posted(article, by(member))
    posted(make_article(channel=make_channel()), by(member))


def test_where_no_codes_are_sent_the_rule_sleeps(article, rule, member, settings):
    settings.SMS_SENDER = ""
    assert steps_of(posted(article, by(member))) == list(STEPS)
    assert steps_of(posted(article, visitor(), "桥修得好。")) == list(STEPS)


def test_an_edit_is_asked_too(article, rule, member):
    phones.keep(member, NUMBER)
    comment = posted(article, by(member))
    phones.take_off(member)
    with pytest.raises(Refused, match="须先验证手机号"):
        edit(comment, writer=by(member), body="桥修得好。")


def test_a_number_that_nobody_can_read_any_more_is_none(article, rule, member, settings):
    phones.keep(member, NUMBER)
    settings.SECRET_KEY = "another-secret-" * 4
    with pytest.raises(Refused, match="须先验证手机号"):
        posted(article, by(member))


def test_it_costs_one_query(article, rule, member):
    phones.keep(member, NUMBER)

    def cost() -> int:
        body = f"第{Comment.objects.count()}条。"
        with CaptureQueriesContext(connection) as queries:
            posted(article, by(member), body)
        return len(queries)

    with_rule = cost()
    CommentPolicy.objects.update(needs_phone=False)
    assert with_rule == cost() + 1


# --- The pages ---


def test_a_member_is_led_to_her_number_and_back(reader, article, rule):
    path = f"/comments/write/{article.pk}/"
    for answer in (reader.get(path), reader.get(f"/comments/form/{article.pk}/")):
        assert "这里评论须先验证手机号" in answer.text
        assert f'href="/members/phone/?next={path}"' in answer.text
        assert "data-comment-form" not in answer.text


def test_her_words_wait_for_her(reader, article, member, rule):
    """The rule came while she wrote."""
    CommentPolicy.objects.update(needs_phone=False)
    path = f"/comments/write/{article.pk}/"
    hidden = fields_of(reader.get(path))
    CommentPolicy.objects.update(needs_phone=True)
    for headers in ({}, FETCH):
        answer = reader.post(path, hidden | {"body": WORDS}, headers=headers)
        assert answer.status_code == 422
        assert MEMBER_HEARS in answer.text
        assert f"readonly>{WORDS}</textarea>" in answer.text
    assert not Comment.objects.exists()
    assert WORDS in reader.get(path).text
    other = make_article()
    assert WORDS not in reader.get(f"/comments/write/{other.pk}/").text

    phones.keep(member, NUMBER)
    page = reader.get(path)
    assert f">{WORDS}</textarea>" in page.text
    assert send(reader, article, WORDS).status_code == 302
    assert Comment.objects.get().body == WORDS
    assert f">{WORDS}</textarea>" not in reader.get(path).text
    assert "comment_kept" not in reader.session


def test_what_is_too_long_for_a_comment_is_not_kept_for_it(reader, article, rule):
    path = f"/comments/write/{article.pk}/"
    CommentPolicy.objects.update(needs_phone=False)
    hidden = fields_of(reader.get(path))
    CommentPolicy.objects.update(needs_phone=True)
    answer = reader.post(path, hidden | {"body": "长" * 1001})
    assert "评论最多 1000 个字" in answer.text
    assert f"{'长' * 1001}</textarea>" in answer.text
    assert "验证以后会在这里等您" not in answer.text
    assert "comment_kept" not in reader.session
    answer = reader.post(path, {"body": WORDS, "token": "forged"})
    assert "您写的文字（验证以后会在这里等您）" in answer.text
    assert reader.session["comment_kept"] == {"article": article.pk, "body": WORDS}


def test_nobody_elses_page_puts_words_in_the_place_of_hers(article, member, rule):
    reader = Client(enforce_csrf_checks=True)
    reader.force_login(member)
    answer = reader.post(f"/comments/write/{article.pk}/", {"body": WORDS})
    assert (answer.status_code, WORDS in answer.text) == (403, True)
    assert "comment_kept" not in reader.session


def test_an_answer_leads_back_to_the_answer(reader, article, member, rule):
    phones.keep(member, NUMBER)
    parent = posted(article, by(member))
    Comment.objects.update(state="approved", waiting_since=None)
    phones.take_off(member)
    page = reader.get(f"/comments/write/{article.pk}/", {"reply": parent.pk})
    assert f"?next=/comments/write/{article.pk}/%3Freply%3D{parent.pk}" in page.text


def test_a_visitor_is_led_to_the_sign_in(article, rule):
    path = f"/comments/write/{article.pk}/"
    guest = Client()
    page = guest.get(path)
    assert "登录后评论" in page.text
    assert "data-comment-form" not in page.text
    CommentPolicy.objects.update(needs_phone=False)
    hidden = fields_of(guest.get(path))
    CommentPolicy.objects.update(needs_phone=True)
    answer = guest.post(path, hidden | {"body": WORDS, "nickname": "读者"})
    assert (answer.status_code, VISITOR_HEARS in answer.text, WORDS in answer.text) == (422, True, True)


def test_the_newsroom_has_its_form(client, article, rule):
    client.force_login(make_member("desk", is_staff=True))
    assert send(client, article, WORDS).status_code == 302


# --- The back office ---


POLICY = "/admin/comments/commentpolicy/"


def test_the_rule_is_offered_where_codes_are_sent(client, chief, settings):
    client.force_login(chief)
    policy = make_policy()
    address = f"{POLICY}{policy.pk}/change/"
    page = client.get(address)
    assert "评论须先验证手机号" in page.text
    assert client.post(address, fill(page) | {"needs_phone": "on"}).status_code == 302
    assert rules_for(None).needs_phone
    settings.SMS_SENDER = ""
    page = client.get(address)
    assert "手机号" not in page.text
    assert client.post(address, fill(page)).status_code == 302
    assert not rules_for(None).needs_phone
    policy.refresh_from_db()
    assert policy.needs_phone, "as it was, when the site sends codes again"
