"""Reports, likes, sanctions, appeals and notices: each a function, with what follows from it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.tests.factories import make_article, make_channel, make_member
from comments import appeals, notices, places, sanctions
from comments.decisions import decide
from comments.liking import like
from comments.models import Appeal, Comment, Like, Notice, Report, Sanction
from comments.refusals import Refused
from comments.reporting import new_receipt, report, settle

from .factories import make_appeal, make_comment, make_decision, make_report, make_sanction
from .writing import by, visitor

pytestmark = pytest.mark.django_db
State = Comment.State


def refused(function, *args, **values) -> str:
    with pytest.raises(Refused) as raised:
        function(*args, **values)
    return raised.value.message


# --- 举报 ---


def test_a_report_gets_a_number(member):
    comment = make_comment()
    made = report(comment, writer=by(member), reason="attack", note=" 骂\n人 ")
    comment.refresh_from_db()
    assert (made.reporter, made.visitor, made.network, made.note) == (member, "", "203.0.113.0/24", "骂 人")
    assert (made.state, comment.reports_open, comment.state) == ("open", 1, State.APPROVED)
    by_visitor = report(comment, writer=visitor("a"), reason="ad")
    assert (by_visitor.reporter, by_visitor.visitor) == (None, "a")
    assert len({new_receipt() for _ in range(1000)}) == 1000
    assert len(made.receipt) == 14


def test_one_person_reports_once(member):
    comment = make_comment()
    first = report(comment, writer=by(member), reason="attack")
    assert report(comment, writer=by(member), reason="ad") == first
    comment.refresh_from_db()
    assert (comment.reports_open, Report.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"reason": ""}, "请选择举报的理由。"),
        ({"reason": "first"}, "请选择举报的理由。"),
        ({"reason": "other", "note": "\u200b "}, "选“其他”时请写明理由。"),
        ({"reason": "ad", "note": "长" * 301}, "说明最多 300 个字。"),
    ],
)
def test_reports_that_say_nothing(values, said):
    assert refused(report, make_comment(), writer=visitor(), **values) == said


def test_what_is_not_public_is_not_reported():
    for comment in (make_comment(state=State.WAITING), make_comment(make_article(status="draft"))):
        assert refused(report, comment, writer=visitor(), reason="ad") == "这条评论已经不公开了。"


def test_a_comment_that_stays_has_its_reports_dismissed(member, moderator):
    comment = make_comment()
    made = make_report(comment, reporter=member)
    make_report(comment, state="upheld", handled_at=timezone.now())
    assert settle(comment, is_upheld=False, actor=moderator, answer="没有违反规定。") == [made]
    comment.refresh_from_db()
    made.refresh_from_db()
    assert (comment.reports_open, made.state, made.answer) == (0, "dismissed", "没有违反规定。")
    said = f"您对评论的举报（{made.receipt}）已核查，没有发现违规，评论保留。没有违反规定。"
    assert Notice.objects.get().text == said
    assert settle(comment, is_upheld=False, actor=moderator) == []


# --- 赞 ---


def test_liked_once_and_no_more(member):
    comment = make_comment()
    assert like(comment, writer=by(member)) is True
    assert like(comment, writer=visitor("a")) is True
    assert comment.likes == 2
    assert like(comment, writer=by(member)) is False
    comment.refresh_from_db()
    assert (comment.likes, Like.objects.count()) == (1, 1)
    assert refused(like, make_comment(state=State.SPAM), writer=by(member)) == "这条评论已经不公开了。"


# --- 处罚 ---


def test_a_sanction_is_told(member, moderator):
    channel = make_channel(name="要闻")
    until = timezone.localtime().replace(year=2030, month=5, day=1, hour=8, minute=0)
    values = {"kind": "mute", "reason": "骂人", "by": moderator, "until": until, "channel": channel}
    sanction = sanctions.impose(user=member, **values)
    said = "评论处罚：禁言（只限“要闻”栏目），到 2030-05-01 08:00 为止。原因：骂人"
    assert (Notice.objects.get().text, sanction.by) == (said, moderator)
    sanctions.impose(network="203.0.113.0/24", kind="ban", reason="刷广告", by=moderator)
    assert (Notice.objects.count(), Sanction.objects.count()) == (1, 2)
    with pytest.raises(ValidationError, match="必须有到期时间"):
        sanctions.impose(user=member, kind="mute", reason="骂人", by=moderator)


def test_a_sanction_is_lifted_with_a_reason(member, moderator):
    sanction = make_sanction(user=member)
    assert refused(sanctions.lift, sanction, by=moderator, reason="") == "请写明解除的原因。"
    sanctions.lift(sanction, by=moderator, reason="误判。")
    sanction.refresh_from_db()
    assert (sanction.is_in_force, sanction.lifted_by, sanction.lifted_reason) == (False, moderator, "误判。")
    assert Notice.objects.get().text == "评论处罚已解除：禁言。误判。"
    assert refused(sanctions.lift, sanction, by=moderator, reason="再来") == "这项处罚已经结束。"


def test_a_sanction_is_acknowledged_by_whom_it_meets(member):
    sanction = make_sanction(user=member, kind="warn")
    assert not sanctions.acknowledge(sanction, user=make_member("other"))
    assert sanctions.acknowledge(sanction, user=member)
    assert not sanctions.acknowledge(sanction, user=member)


# --- 申诉 ---


@pytest.fixture
def decision(member, moderator):
    return decide(make_comment(author=member), State.REJECTED, actor=moderator, reason="attack", is_told=False)


def test_an_appeal_that_is_upheld(decision, member, second_moderator):
    appeal = appeals.appeal(decision, writer=by(member), text=" 我没有骂人。 ")
    assert (appeal.text, appeal.user, appeal.state) == ("我没有骂人。", member, "open")

    appeals.answer(appeal, actor=second_moderator, is_upheld=True, text="您说得对。")

    comment = Comment.objects.get(pk=decision.comment_id)
    assert (comment.state, comment.reason) == (State.APPROVED, "appeal")
    (notice,) = Notice.objects.all()
    assert (notice.kind, notice.text, notice.link) == (
        "appeal",
        "您的申诉成立，评论已恢复公开。您说得对。",
        comment.get_absolute_url(),
    )
    assert (
        refused(appeals.answer, appeal, actor=second_moderator, is_upheld=False, text="不。") == "这个申诉已经处理过。"
    )


def test_an_appeal_that_is_refused(decision, member, second_moderator):
    appeal = appeals.appeal(decision, writer=by(member), text="我没有骂人。")
    assert refused(appeals.answer, appeal, actor=second_moderator, is_upheld=False, text=" ").startswith("请写答复")
    appeals.answer(appeal, actor=second_moderator, is_upheld=False, text="确实是骂人。")
    appeal.refresh_from_db()
    assert (appeal.state, appeal.decided_by, appeal.answer) == ("refused", second_moderator, "确实是骂人。")
    assert Comment.objects.get(pk=decision.comment_id).state == State.REJECTED
    assert Notice.objects.get().text == "您的申诉不成立，维持原决定。确实是骂人。"
    assert refused(appeals.appeal, decision, writer=by(member), text="再来。") == "对这个决定已经申诉过一次。"


def test_whoever_decided_does_not_decide_again(decision, member, moderator):
    appeal = appeals.appeal(decision, writer=by(member), text="我没有骂人。")
    said = refused(appeals.answer, appeal, actor=moderator, is_upheld=True, text="好。")
    assert said == "申诉要由另一位审核员处理。"
    assert Appeal.objects.get().state == "open"


def test_what_is_not_appealed_against(decision, member, moderator):
    now = timezone.now()
    assert refused(appeals.appeal, decision, writer=by(member), text="") == "请写下申诉的理由。"
    assert "最多 500 个字" in refused(appeals.appeal, decision, writer=by(member), text="长" * 501)
    assert refused(appeals.appeal, decision, writer=by(moderator), text="我。") == "只能为自己的评论申诉。"
    late = now + timedelta(days=7, minutes=1)
    assert refused(appeals.appeal, decision, writer=by(member), text="我。", at=late) == "已经超过七天，不能再申诉。"
    approved = decide(make_comment(author=member, state=State.WAITING), State.APPROVED, actor=moderator)
    assert refused(appeals.appeal, approved, writer=by(member), text="我。") == "只有没有通过的评论才能申诉。"
    decide(Comment.objects.get(pk=decision.comment_id), State.SPAM, actor=moderator, reason="ad")
    assert "已经有了新的结果" in refused(appeals.appeal, decision, writer=by(member), text="我。")


def test_a_visitor_appeals_too(moderator, second_moderator):
    decision = decide(make_comment(visitor="a"), State.SPAM, actor=moderator, reason="ad")
    appeal = appeals.appeal(decision, writer=visitor("a"), text="不是广告。")
    appeals.answer(appeal, actor=second_moderator, is_upheld=True, text="好。")
    assert (appeal.user, Notice.objects.count()) == (None, 0)


def test_a_decision_of_a_rule_is_appealed_against_too(member, moderator):
    decision = make_decision(make_comment(author=member, state=State.REJECTED), from_state="")
    appeal = appeals.appeal(decision, writer=by(member), text="词用得没错。")
    appeals.answer(appeal, actor=moderator, is_upheld=True, text="好。")
    assert Comment.objects.get().state == State.APPROVED


def test_an_open_appeal_is_in_nobodys_way(decision, member):
    assert make_appeal(decision).user == member


# --- 通知 ---


def test_notices_by_mail_where_they_are_wanted(member, settings, django_capture_on_commit_callbacks):
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    member.email = "reader@example.com"
    member.save()
    with django_capture_on_commit_callbacks(execute=True):
        notices.notify(member, kind="reply", text="一", link="/comments/mine/")
    assert mail.outbox == []
    notices.set_mail(member, by_mail=True)
    with django_capture_on_commit_callbacks() as waiting:
        notices.notify(member, kind="reply", text="林远 回复了您。", link="/comments/mine/")
    assert mail.outbox == []
    waiting[0]()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["reader@example.com"], "回复通知")
    assert sent.body.startswith("林远 回复了您。\n\nhttp://127.0.0.1:8000/comments/mine/\n")
    settings.MAIL_WORKS = False
    with django_capture_on_commit_callbacks() as waiting:
        notices.notify(member, kind="reply", text="二")
    assert waiting == []
    notices.set_mail(member, by_mail=False)
    assert not notices.wants_mail(member)
    assert notices.notify(None, kind="reply", text="无人") is None


def test_a_mail_that_fails_loses_nothing(member, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise OSError("no server")

    monkeypatch.setattr(notices, "send_mail", broken)
    notices.send("reader@example.com", Notice(user=member, kind="reply", text="一"))
    assert "could not be mailed" in caplog.text


def test_notices_are_read(member):
    one, _ = (notices.notify(member, kind="reply", text=text) for text in ("一", "二"))
    assert notices.unread(member) == 2
    assert (notices.mark_read(member, notice=one), notices.unread(member)) == (1, 1)
    assert (notices.mark_read(member), notices.mark_read(member)) == (1, 0)


# --- IP 属地 ---


@pytest.mark.parametrize(
    ("region", "label"),
    [
        ("中国|广东省|深圳市|电信|CN", "广东"),
        ("中国|0|北京|北京市|联通", "北京"),
        ("中国|0|内蒙古|呼和浩特市|移动", "内蒙古"),
        ("中国|新疆维吾尔自治区|乌鲁木齐市|电信|CN", "新疆"),
        ("中国|广西壮族自治区|0|0|CN", "广西"),
        ("中国|香港特别行政区|0|0|CN", "中国香港"),
        ("中国|台湾省|台北市|0|CN", "中国台湾"),
        ("中国|0|0|0", "中国"),
        ("Australia|Queensland|Brisbane|0|AU", "海外"),
        ("0|0|0|内网IP|内网IP", "海外"),
        ("", ""),
    ],
)
def test_labels_of_places(region, label):
    assert places.label_of(region) == label


class Finder:
    """As ip2region's: by the text of an address."""

    def search(self, address: str) -> str:
        return {"8.8.8.8": "United States|0|0|Google|US", "240e::1": "中国|浙江省|杭州市|电信|CN"}[address]


def test_the_place_of_an_address(settings, monkeypatch, caplog):
    assert places.place_of("8.8.8.8") == ""
    settings.IP_DATABASES = ["v4.xdb", "v6.xdb"]
    monkeypatch.setattr(places, "searchers", lambda paths: {4: Finder(), 6: Finder()})
    assert [places.place_of(address) for address in ("8.8.8.8", "240e::1", "192.168.1.1", "")] == [
        "海外",
        "浙江",
        "",
        "",
    ]
    # A label is no reason to lose a comment.
    assert places.place_of("1.1.1.1") == ""
    assert "could not be looked up" in caplog.text


def test_files_of_both_versions_are_told_apart(tmp_path):
    paths = []
    for version in (4, 6):
        head = (3).to_bytes(2, "little") + bytes(14) + version.to_bytes(2, "little") + (4).to_bytes(2, "little")
        path = tmp_path / f"v{version}.xdb"
        path.write_bytes(head.ljust(256, b"\x00") + bytes(524288))
        paths.append(str(path))
    found = places.searchers(tuple(paths))
    assert sorted(found) == [4, 6]
    assert [found[4].search("8.8.8.8"), found[6].search("240e::1")] == ["", ""]
