"""What a moderator does: one comment, many, and back again; what is written down and who is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.tests.factories import make_article, make_member
from articles.tests.pages import tree
from comments.counting import count_of
from comments.models import Comment, Decision, Notice, Report
from comments.moderation import judging

from .factories import make_comment, make_reply, make_report
from .moderating import QUEUE, do, post, seen, shown, sight_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def told(user) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("id").values_list("text", flat=True))


# --- One --------------------------------------------------------------------------------------------------------------


def test_a_comment_is_approved_and_seen(desk, moderator, site):
    author = make_member("writer")
    row = make_comment(state="waiting", author=author, created_at=timezone.now() - timedelta(minutes=7))
    answer = post(desk, "approve", row)
    assert answer.redirect_chain == [(QUEUE, 302)]
    assert f"评论 {row.pk} 已通过。" in answer.text
    decision = Decision.objects.get(comment=row)
    assert (decision.from_state, decision.to_state, decision.actor, decision.actor_name) == (
        *("waiting", "approved", moderator, "moderator"),
    )
    assert timedelta(minutes=7) <= decision.waited < timedelta(minutes=8)
    assert count_of(row.article).approved == 1
    assert row.body in desk.get(f"/articles/{row.article_id}/comments/").text
    assert "已通过审核" in told(author)[0]


def test_a_refusal_says_why_to_the_record_and_to_the_author(desk):
    row = make_comment(state="waiting", author=make_member("writer"))
    post(desk, "reject", row, reason="rumour", note="与通报不符")
    row.refresh_from_db()
    decision = Decision.objects.get(comment=row)
    assert (row.state, row.reason, decision.reason, decision.note) == ("rejected", "rumour", "rumour", "与通报不符")
    (text,) = told(row.author)
    assert "没有通过。原因：造谣。与通报不符。" in text


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"reason": "", "note": "先写的说明"}, "请选择不通过的原因。"),
        ({"reason": "other", "note": ""}, "选“其他”时请写明原因"),
        ({"reason": "word", "note": "先写的说明"}, "不在可用的选项中"),
        ({"reason": "ad", "note": "长" * 301}, "300"),
    ],
)
def test_a_refusal_without_its_reason_comes_back_filled_in(desk, values, wrong):
    row = make_comment(state="waiting")
    for where in ({}, {"card": row.pk}, {"back": "tab=waiting&order=risk"}):
        answer = post(desk, "reject", row, **values, **where)
        assert answer.status_code == 422
        assert wrong in answer.text
        page = tree(answer)
        (details,) = page.xpath("//details[@data-mod-reject and @open]")
        assert details.xpath(".//input[@name='note']/@value") == [values["note"]]
        assert details.xpath(".//input[@name='reason'][@checked]/@value") == (
            [values["reason"]] if values["reason"] in {"other", "ad"} else []
        )
    row.refresh_from_db()
    assert row.state == "waiting"


def test_what_was_decided_meanwhile_is_not_decided_again(desk, second_moderator):
    row = make_comment(state="waiting")
    before = seen(row)
    do("reject", row, second_moderator)
    answer = desk.post(url("judge"), {"sight": before, "act": "approve"}, follow=True)
    assert "你看过以后，moderator2已经改动，现在是“未通过”" in answer.text
    row.refresh_from_db()
    assert (row.state, Decision.objects.count()) == ("rejected", 1)


def test_what_its_author_edited_meanwhile_is_read_again(desk):
    row = make_comment(state="waiting")
    before = seen(row)
    Decision.objects.create(comment=row, act="edit", from_state="waiting", to_state="waiting")
    answer = desk.post(url("judge"), {"sight": before, "act": "approve"}, follow=True)
    assert "系统或作者已经改动" in answer.text
    row.refresh_from_db()
    assert row.state == "waiting"


def test_spam_featured_and_back(desk, moderator):
    row = make_comment(state="waiting")
    assert do("spam", row, moderator).reason == "ad"
    assert do("restore", row, moderator).state == "approved"
    assert do("feature", row, moderator).is_featured
    assert not do("unfeature", row, moderator).is_featured
    assert list(Decision.objects.order_by("id").values_list("act", "to_state")) == [
        *[("state", "spam"), ("state", "approved"), ("feature", "approved"), ("unfeature", "approved")]
    ]


def test_nonsense_is_answered_with_words(desk):
    row = make_comment(state="waiting")
    for act in ("", "explode", "keep"):
        answer = desk.post(url("judge"), {"sight": seen(row), "act": act}, follow=True)
        assert answer.status_code == 200
        assert "没有处理" in answer.text
    assert "没有处理" in desk.post(url("judge"), {"sight": "999:0", "act": "approve"}, follow=True).text
    assert desk.get(url("judge")).status_code == 405
    row.refresh_from_db()
    assert row.state == "waiting"


def test_the_way_back_leads_to_the_queue_and_nowhere_else(desk):
    row = make_comment(state="waiting")
    answer = post(desk, "approve", row, back="tab=done&evil=https://example.com/&page=2")
    assert answer.redirect_chain == [(f"{QUEUE}?tab=done&page=2", 302)]
    other = make_comment(state="waiting")
    assert post(desk, "approve", other, card=other.pk).redirect_chain == [(url("change", other.pk), 302)]


# --- Many -------------------------------------------------------------------------------------------------------------


def test_many_are_decided_each_checked_and_told(desk, moderator, second_moderator):
    good, done, gone, taken = (make_comment(state="waiting") for _ in range(4))
    values = [seen(row) for row in (good, done, gone, taken)]
    do("approve", done, second_moderator)
    Comment.objects.filter(pk=gone.pk).update(state="deleted", waiting_since=None)
    Comment.objects.filter(pk=taken.pk).update(
        claimed_by=second_moderator, claimed_until=timezone.now() + timedelta(minutes=5)
    )
    page = desk.post(url("many"), {"chosen": [*values, "nonsense"], "act": "reject", "reason": "ad", "note": "刷屏"})
    outcome = page.context["outcome"]
    assert outcome.done == [good.pk]
    assert [(failure.pk, failure.why[:6]) for failure in outcome.failures] == [
        *[(done.pk, "你看过以后，"), (gone.pk, "“作者已删除"), (taken.pk, "modera")]
    ]
    assert "未通过 1 条。" in page.text
    assert "有 3 条没有处理：" in page.text
    decision = Decision.objects.get(comment=good)
    assert (decision.batch, decision.note) == (outcome.batch, "刷屏")


def test_many_without_choice_or_reason_come_back(desk):
    row = make_comment(state="waiting")
    for values, wrong in (
        ({"act": "reject", "reason": "ad"}, "一条也没有选"),
        ({"chosen": [seen(row)], "act": "reject"}, "请选择不通过的原因。"),
        ({"chosen": [seen(row)], "act": ""}, "请选择处理。"),
        ({"chosen": [seen(row)], "act": "feature"}, "不在可用的选项中"),
        ({"chosen": [f"{number}:0" for number in range(1, 300)], "act": "approve"}, "一次最多处理 200 条"),
    ):
        answer = desk.post(url("many"), values)
        assert answer.status_code == 422, values
        assert wrong in answer.text, values
    assert Decision.objects.count() == 0


def test_what_is_alike_is_listed_and_decided(desk, moderator):
    author, article = make_member("spammer"), make_article()
    old = make_comment(state="waiting", author=author, created_at=timezone.now() - timedelta(days=9))
    new = make_comment(author=author, body_hash="b" * 32)
    same = make_comment(article, state="waiting", body_hash="b" * 32)
    refused = make_comment(article, state="spam")
    cases = [
        ({"author": author.pk}, [old]),
        ({"author": author.pk, "state": "open"}, [new, old]),
        ({"author": author.pk, "state": "open", "days": "7"}, [new]),
        ({"same": new.pk, "state": "open"}, [same, new]),
        ({"article": article.pk}, [same]),
        ({"article": article.pk, "state": "refused"}, [refused]),
        ({"article": article.pk, "state": "x", "days": "x"}, [same]),
        ({}, []),
        ({"author": "x"}, []),
    ]
    for query, rows in cases:
        assert [row.pk for row in desk.get(url("many"), query).context["rows"]] == [row.pk for row in rows], query
    address = f"{url('many')}?author={author.pk}&state=open"
    chosen = [row.sight for row in desk.get(address).context["rows"]]
    assert desk.post(address, {"chosen": chosen, "act": "spam"}).context["outcome"].done == [new.pk, old.pk]


def test_so_many_are_listed_and_no_more(desk, monkeypatch):
    monkeypatch.setattr("comments.admin.many.MOST_AT_ONCE", 2)
    article = make_article()
    rows = [make_comment(article, state="waiting") for _ in range(3)]
    listed = desk.get(url("many"), {"article": article.pk}).context["rows"]
    assert [row.pk for row in listed] == [rows[2].pk, rows[1].pk]


# --- Back -------------------------------------------------------------------------------------------------------------


def test_the_last_decision_is_taken_back(desk, moderator):
    waits = timezone.now() - timedelta(hours=3)
    row, other = make_comment(state="waiting", created_at=waits), make_comment(state="waiting")
    post(desk, "reject", row)
    page = desk.get(QUEUE)
    assert (page.context["undo"].comment, page.context["undo_number"]) == (row, 1)
    answer = desk.post(url("undo"), {"decision": page.context["undo"].pk}, follow=True)
    assert "已撤销 1 条。" in answer.text
    row.refresh_from_db()
    assert (row.state, row.claimed_by) == ("waiting", moderator)
    assert abs(row.waiting_since - waits) < timedelta(seconds=1)
    assert shown(answer) == [row.pk, other.pk]
    undone = Decision.objects.latest("id")
    assert (undone.undo_of.to_state, undone.reason) == ("rejected", "undo")
    assert answer.context["undo"] is None


def test_a_batch_is_taken_back_whole_but_for_what_was_decided_since(desk, second_moderator):
    rows = [make_comment(state="waiting") for _ in range(3)]
    desk.post(url("many"), {"chosen": [seen(row) for row in rows], "act": "reject", "reason": "ad"})
    do("restore", rows[1], second_moderator)
    assert desk.get(QUEUE).context["undo_number"] == 3
    answer = desk.post(url("undo"), follow=True)
    assert "已撤销 2 条。" in answer.text
    assert f"评论 {rows[1].pk} 没有撤销：这个决定之后又有了新的处理，不能撤销。" in answer.text
    assert [Comment.objects.get(pk=row.pk).state for row in rows] == ["waiting", "approved", "waiting"]


def test_after_ten_minutes_nothing_is_taken_back(desk, moderator):
    row = make_comment(state="waiting")
    at = timezone.now() - timedelta(minutes=11)
    judging.judge(sight_of(row), judging.Order(judging.ACTS["approve"]), user=moderator, at=at)
    assert desk.get(QUEUE).context["undo"] is None
    assert "没有可以撤销的" in desk.post(url("undo"), follow=True).text
    decision = Decision.objects.get(comment=row)
    assert "超过十分钟" in desk.post(url("undo"), {"decision": decision.pk}, follow=True).text


def test_another_moderator_does_not_take_it_back(desk, second_moderator):
    row = do("approve", make_comment(state="waiting"), second_moderator)
    decision = Decision.objects.get(comment=row)
    assert "只能撤销自己的决定" in desk.post(url("undo"), {"decision": decision.pk}, follow=True).text
    row.refresh_from_db()
    assert row.state == "approved"


def test_reports_that_a_refusal_settled_are_open_again(desk):
    row = make_comment()
    report = make_report(row)
    post(desk, "reject", row)
    report.refresh_from_db()
    assert report.state == Report.State.UPHELD
    desk.post(url("undo"))
    report.refresh_from_db()
    row.refresh_from_db()
    assert (report.state, row.reports_open, row.state) == (Report.State.OPEN, 1, "approved")


def test_reports_that_an_approval_dismissed_are_open_again(desk):
    """Of a comment that went out of sight for its reports, and was approved by a slip of the hand."""
    row = make_comment(state="waiting")
    report = make_report(row)
    post(desk, "approve", row)
    report.refresh_from_db()
    assert report.state == Report.State.DISMISSED
    desk.post(url("undo"))
    report.refresh_from_db()
    row.refresh_from_db()
    assert (report.state, report.handled_by, row.reports_open, row.state) == (Report.State.OPEN, None, 1, "waiting")


def test_a_reply_counts_again_when_it_comes_back(desk, moderator):
    reply = make_reply(make_comment())
    assert count_of(reply.article).approved == 2
    post(desk, "spam", reply)
    assert count_of(reply.article).approved == 1
    desk.post(url("undo"))
    assert count_of(reply.article).approved == 2
