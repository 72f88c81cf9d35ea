"""Reports, appeals and sanctions, from the moderator's side; the records of them all."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.tests.factories import make_channel, make_member
from comments.decisions import decide
from comments.models import Appeal, Comment, CommentPolicy, Decision, Notice, Report, Sanction, TrustedMember
from comments.moderation import hiding, judging
from comments.refusals import Refused
from members.models import Operation

from .factories import make_appeal, make_comment, make_policy, make_report, make_sanction
from .moderating import QUEUE, do, post, seen, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def told(user) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("id").values_list("text", flat=True))


# --- Reports ----------------------------------------------------------------------------------------------------------


def test_what_stays_has_its_reports_dismissed_and_who_reported_is_told(desk, moderator):
    row, reporter = make_comment(), make_member("reporter2")
    report = make_report(row, reporter=reporter)
    post(desk, "keep", row, note="是事实陈述")
    report.refresh_from_db()
    row.refresh_from_db()
    assert (report.state, report.handled_by, report.answer, row.reports_open) == (
        *(Report.State.DISMISSED, moderator, "是事实陈述", 0),
    )
    assert "没有发现违规，评论保留" in told(reporter)[0]
    assert "不成立" in desk.get(f"/comments/reports/{report.receipt}/").text


def test_what_goes_has_its_reports_upheld(desk):
    row, reporter = make_comment(), make_member("reporter2")
    report = make_report(row, reporter=reporter)
    post(desk, "reject", row)
    report.refresh_from_db()
    assert report.state == Report.State.UPHELD
    assert "举报成立" in told(reporter)[0]


def test_so_many_reports_hide_a_comment_until_somebody_looks(client, moderator, site):
    make_policy(hide_after_reports=3)
    row = make_comment(author=make_member("writer"))
    for number in range(3):
        assert row.body in client.get(f"/articles/{row.article_id}/comments/{row.pk}/").text
        report = make_report(row, network=f"192.0.{number}.0/24")
        hidden = hiding.hide_if_many_report(report)
        assert (hidden is not None) == (number == 2)
    row.refresh_from_db()
    assert (row.state, hidden.rule, hidden.actor) == ("waiting", "reports", None)
    assert "重新等待审核。被多位读者举报，先由审核员核对" in told(row.author)[0]
    do("approve", row, moderator)
    assert set(Report.objects.values_list("state", flat=True)) == {"dismissed"}
    for number in range(3, 9):
        assert hiding.hide_if_many_report(make_report(row, network=f"192.0.{number}.0/24")) is None


def test_one_network_and_careless_members_weigh_little(db):
    make_policy(hide_after_reports=2)
    careless = make_member("careless")
    for _ in range(3):
        make_report(make_comment(), reporter=careless, state="dismissed", handled_at=timezone.now())
    row = make_comment()
    for values in ({"network": "192.0.2.0/24"}, {"network": "192.0.2.0/24"}, {"reporter": careless}):
        assert hiding.hide_if_many_report(make_report(row, **values)) is None
    assert hiding.hide_if_many_report(make_report(row, reporter=make_member("careful"))) is not None


def test_no_number_hides_where_the_rules_say_none(db):
    make_policy(hide_after_reports=0)
    row = make_comment()
    for _ in range(9):
        assert hiding.hide_if_many_report(make_report(row, network="192.0.2.0/24")) is None


def test_a_reader_who_reports_hides_it_at_the_threshold(client, site):
    make_policy(hide_after_reports=1)
    row = make_comment()
    client.post(f"/comments/{row.pk}/report/", {"reason": "attack"}, REMOTE_ADDR="192.0.2.9")
    row.refresh_from_db()
    assert (row.state, row.reports_open) == ("waiting", 1)


# --- Appeals ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def appeal(moderator) -> Appeal:
    """Against a decision of the moderator's."""
    row = do("reject", make_comment(state="waiting", author=make_member("writer")), moderator)
    return make_appeal(Decision.objects.get(comment=row))


def test_whoever_decided_does_not_answer_the_appeal(desk, appeal, moderator):
    page = desk.get(QUEUE, {"tab": "appeals"})
    assert "这是你作的决定：要由另一位审核员答复。" in page.text
    # Nothing can be chosen here, so nothing is offered for what is chosen; letting go is.
    assert "处理选中的" not in page.text
    assert "放开这些评论" in page.text
    row = appeal.decision.comment
    answer = desk.post(url("appeal", row.pk), {"verdict": "uphold", "text": "改判"}, follow=True)
    assert "申诉要由另一位审核员处理" in answer.text
    assert "申诉还没有答复" in post(desk, "restore", row).text
    row.refresh_from_db()
    assert row.state == "rejected"


@pytest.mark.parametrize(
    ("verdict", "state", "said"),
    [("uphold", "approved", "您的申诉成立，评论已恢复公开。"), ("refuse", "rejected", "您的申诉不成立，维持原决定。")],
)
def test_another_answers_and_the_author_is_told(client, appeal, second_moderator, verdict, state, said, site):
    client.force_login(second_moderator)
    row = appeal.decision.comment
    answer = client.post(
        url("appeal", row.pk), {"verdict": verdict, "text": "核对过原文", "back": "tab=appeals"}, follow=True
    )
    assert "已通知申诉人" in answer.text
    appeal.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, appeal.decided_by, appeal.answer) == (state, second_moderator, "核对过原文")
    assert told(row.author)[-1] == f"{said}核对过原文"
    again = client.post(url("appeal", row.pk), {"verdict": verdict, "text": "又一次"}, follow=True)
    assert "没有等待答复的申诉" in again.text


def test_what_its_author_deleted_does_not_come_back(client, appeal, second_moderator):
    row = appeal.decision.comment
    decide(row, "deleted", actor=row.author, reason="author")
    client.force_login(second_moderator)
    answer = client.post(url("appeal", row.pk), {"verdict": "uphold", "text": "有理"}, follow=True)
    assert f"评论 {row.pk}：申诉成立，已通知申诉人。" in answer.text
    assert told(row.author)[-1] == "您的申诉成立。有理"
    assert Notice.objects.latest("id").link == "/comments/mine/"


def test_an_answer_without_words_comes_back(client, appeal, second_moderator):
    client.force_login(second_moderator)
    row = appeal.decision.comment
    page = client.post(url("appeal", row.pk), {"verdict": "uphold", "text": " ", "back": "tab=appeals"})
    assert page.status_code == 422
    assert "请写答复：申诉人会看到。" in page.text


def test_the_answer_to_an_appeal_is_not_undone(appeal, second_moderator):
    judging.answer_appeal(appeal, user=second_moderator, is_upheld=True, text="有理")
    decision = Decision.objects.latest("id")
    assert judging.last_of(second_moderator) is None
    with pytest.raises(Refused, match="申诉的结果不能撤销"):
        judging.take_one_back(decision, user=second_moderator)


def test_whoever_was_overruled_does_not_refuse_it_again(desk, appeal, moderator, second_moderator):
    judging.answer_appeal(appeal, user=second_moderator, is_upheld=True, text="有理")
    row = appeal.decision.comment
    for name in ("reject", "spam"):
        assert "你对这条评论的决定在申诉中被改判过" in post(desk, name, row).text
    many = desk.post(url("many"), {"chosen": [seen(row)], "act": "spam"})
    assert many.context["outcome"].done == []
    row.refresh_from_db()
    assert row.state == "approved"
    # Another may, for which there is an appeal again.
    assert do("reject", row, second_moderator).state == "rejected"


# --- Sanctions --------------------------------------------------------------------------------------------------------


def test_a_sanction_is_imposed_told_logged_and_lifted(desk, moderator):
    author = make_member("rude")
    row = make_comment(author=author)
    values = {"kind": "mute", "days": "7", "why": "多次辱骂", "only_channel": "on"}
    answer = desk.post(url("sanction", row.pk), values, follow=True)
    assert "已处罚：禁言：rude，已通知当事人。" in answer.text
    sanction = Sanction.objects.get()
    assert (sanction.user, sanction.by, sanction.reason, sanction.channel, sanction.comment) == (
        *(author, moderator, "多次辱骂", row.article.channel, row),
    )
    assert timedelta(days=6, hours=23) < sanction.until - timezone.now() <= timedelta(days=7)
    assert "禁言" in told(author)[0]
    assert Operation.objects.filter(model="comments.sanction", action="add").count() == 1
    listed = reverse("admin:comments_sanction_changelist")
    for query, number in ({"force": "now"}, 1), ({"force": "over"}, 0), ({"q": "rude"}, 1), ({"q": "x"}, 0):
        assert desk.get(listed, query).context["cl"].result_count == number, query
    page = desk.get(reverse("admin:comments_sanction_change", args=[sanction.pk]))
    lift = reverse("admin:comments_sanction_lift", args=[sanction.pk])
    assert lift in page.text
    assert desk.post(lift, {"reason": ""}).status_code == 422
    assert "已解除" in desk.post(lift, {"reason": "已经道歉"}, follow=True).text
    sanction.refresh_from_db()
    assert (sanction.is_in_force, sanction.lifted_by, sanction.lifted_reason) == (False, moderator, "已经道歉")
    assert told(author)[-1] == "评论处罚已解除：禁言。已经道歉"
    assert "这项处罚已经结束" in desk.post(lift, {"reason": "再来"}, follow=True).text
    assert desk.get(reverse("admin:comments_sanction_lift", args=[999])).status_code == 404


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"kind": "mute", "days": "0", "why": "骂人"}, "禁言和限速必须有期限"),
        ({"kind": "ban", "days": "0", "why": ""}, "请写明原因"),
        ({"kind": "shadow", "days": "1", "why": "骂人"}, "不在可用的选项中"),
        ({"kind": "ban", "days": "x", "why": "骂人"}, "不在可用的选项中"),
    ],
)
def test_a_sanction_that_cannot_be_comes_back_filled_in(desk, values, wrong):
    row = make_comment(author=make_member("rude"), state="waiting")
    for where in ({}, {"card": row.pk}):
        answer = desk.post(url("sanction", row.pk), {**values, **where})
        assert answer.status_code == 422
        assert wrong in answer.text
        assert f'value="{values["why"]}"' in answer.text
    assert Sanction.objects.count() == 0


def test_visitors_are_sanctioned_by_their_network(desk):
    row = make_comment(network="192.0.2.0/24")
    assert (
        "游客没有账号，不能警告"
        in desk.post(url("sanction", row.pk), {"kind": "warn", "days": "1", "why": "注意"}).text
    )
    desk.post(url("sanction", row.pk), {"kind": "ban", "days": "0", "why": "广告"})
    sanction = Sanction.objects.get()
    assert (sanction.user, sanction.network, sanction.until) == (None, "192.0.2.0/24", None)
    nobody = make_comment()
    assert "无法处罚" in desk.post(url("sanction", nobody.pk), {"kind": "ban", "days": "0", "why": "广告"}).text


def test_nobody_frees_herself(desk, moderator):
    sanction = make_sanction(user=moderator, by=make_member("zongbian"))
    page = reverse("admin:comments_sanction_change", args=[sanction.pk])
    lift = reverse("admin:comments_sanction_lift", args=[sanction.pk])
    assert lift not in desk.get(page).text
    assert "不能解除对自己的处罚" in desk.post(lift, {"reason": "误会"}, follow=True).text
    assert Sanction.objects.in_force().count() == 1
    # Nor by being trusted.
    add = reverse("admin:comments_trustedmember_add")
    assert "不能把自己列入" in desk.post(add, {"username": "MODERATOR", "note": ""}).text
    assert TrustedMember.objects.count() == 0


def test_a_warning_has_no_end(desk):
    row = make_comment(author=make_member("rude"))
    desk.post(url("sanction", row.pk), {"kind": "warn", "days": "7", "why": "请文明"})
    assert Sanction.objects.get().until is None


# --- Records ----------------------------------------------------------------------------------------------------------


def test_decisions_are_exported_by_day_and_run_on_nobodys_machine(desk, moderator):
    row = make_comment(state="waiting", body="=HYPERLINK(1)", nickname="+甲", created_at=timezone.now())
    do("reject", row, moderator, note="-10")
    export = reverse("admin:comments_decision_export")
    today = timezone.localdate()
    answer = desk.post(export, {"first": today, "last": today})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heads, line = text.splitlines()
    assert heads.startswith("编号,时间,评论,稿件编号")
    for cell in ("等待审核,未通过,moderator,", "人身攻击,'-10,", "'=HYPERLINK(1)", "'+甲"):
        assert cell in line, cell
    other = today - timedelta(days=3)
    empty = b"".join(desk.post(export, {"first": other, "last": other}).streaming_content).decode()
    assert len(empty.splitlines()) == 1
    for first, last in ((today, other), ("", today), ("0001-01-01", today), ("x", today)):
        assert desk.post(export, {"first": first, "last": last}).status_code == 422


def test_records_are_listed_with_ways_to_their_cards(desk, moderator):
    row = do("reject", make_comment(state="waiting"), moderator)
    report = make_report(make_comment())
    appeal = make_appeal(Decision.objects.get(comment=row))
    for name, query, comment in (
        ("decision", str(row.pk), row),
        ("decision", "moderator", row),
        ("report", report.receipt, report.comment),
        ("appeal", str(row.pk), row),
    ):
        page = desk.get(reverse(f"admin:comments_{name}_changelist"), {"q": query})
        assert page.context["cl"].result_count == 1, name
        assert url("change", comment.pk) in page.text, name
    for name, obj in (("decision", Decision.objects.get(comment=row)), ("report", report), ("appeal", appeal)):
        address = reverse(f"admin:comments_{name}_change", args=[obj.pk])
        assert desk.get(address).status_code == 200
        assert desk.post(address, {}).status_code == 403


# --- Rules ------------------------------------------------------------------------------------------------------------


def test_the_rules_are_kept_by_the_chief_and_read_by_moderators(client, moderator):
    chief = make_member("zongbian", is_staff=True, groups=["总编"])
    add = reverse("admin:comments_commentpolicy_add")
    client.force_login(moderator)
    assert client.get(add).status_code == 403
    client.force_login(chief)
    channel = make_channel()
    values = dict.fromkeys(("needed_approvals", "closes_after_days", "seconds_between", "most_in_ten_minutes"), 3)
    values |= {"most_in_a_day": 9, "network_factor": 4, "longest": 500, "hide_after_reports": 5}
    values |= {"channel": channel.pk, "mode": "pre", "is_open": "on"}
    assert client.post(add, values).status_code == 302
    policy = CommentPolicy.objects.get()
    assert (policy.channel, policy.longest, policy.hide_after_reports) == (channel, 500, 5)
    again = client.post(add, values)
    assert again.status_code == 200
    assert CommentPolicy.objects.count() == 1


def test_somebody_is_trusted_by_her_user_name(desk, moderator):
    make_member("liuxi")
    add = reverse("admin:comments_trustedmember_add")
    assert "没有这个用户名。" in desk.post(add, {"username": "nobody", "note": ""}).text
    assert desk.post(add, {"username": "LIUXI", "note": "老读者"}).status_code == 302
    assert "已经在名单里。" in desk.post(add, {"username": "liuxi", "note": ""}).text
    (row,) = desk.get(reverse("admin:comments_trustedmember_changelist")).context["cl"].result_list
    assert (row.user.username, row.by, row.note) == ("liuxi", moderator, "老读者")


def test_a_sanction_of_long_ago_is_told_as_over(desk):
    author = make_member("calm")
    make_sanction(user=author, until=timezone.now() - timedelta(days=1), at=timezone.now() - timedelta(days=2))
    row = make_comment(author=author, state="waiting")
    (card,) = desk.get(QUEUE).context["cards"]
    assert (card.comment, card.record.in_force, len(card.record.sanctions)) == (row, [], 1)
    assert "（已结束）" in desk.get(QUEUE).text
    assert Comment.objects.count() == 1
