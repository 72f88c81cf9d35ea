"""Where states change: from each to each, with all that follows from it."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.utils import timezone

from articles.tests.factories import make_article, make_member
from comments.counting import count_of, recount
from comments.decisions import decide, feature, undo
from comments.models import Comment, Decision, Notice, Report
from comments.refusals import Refused

from .factories import make_comment, make_decision, make_reply, make_report

pytestmark = pytest.mark.django_db
State = Comment.State
REASONED = {State.REJECTED, State.SPAM, State.WITHHELD}


def numbers(article) -> tuple[int, int]:
    row = count_of(article)
    return row.approved, row.threads


def refused(function, *args, **values) -> str:
    with pytest.raises(Refused) as raised:
        function(*args, **values)
    return raised.value.code


@pytest.mark.parametrize(("before", "to"), [pair for pair in permutations(State, 2) if pair[0] != State.DELETED])
@pytest.mark.parametrize("place", ["top", "reply", "reply below what is not public"])
def test_from_each_state_to_each(moderator, before, to, place):
    article = make_article()
    top = make_comment(article, state=State.SPAM if "not" in place else State.APPROVED) if place != "top" else None
    comment = make_comment(article, state=before, parent=top)
    if top is None:
        make_reply(comment)
        make_reply(comment, state=State.WAITING)
    reason = "attack" if to in REASONED else ""

    decision = decide(comment, to, actor=moderator, reason=reason, note="看过了")

    kept = Comment.objects.get(pk=comment.pk)
    for row in (comment, kept):
        assert (row.state, row.reason) == (to, reason)
        assert (row.waiting_since is not None) is (to in {State.WAITING, State.WITHHELD})
        assert (row.decided_at is None) is (to in {State.WAITING, State.WITHHELD})
    assert (decision.act, decision.from_state, decision.to_state) == ("state", before, to)
    assert (decision.actor, decision.actor_name, decision.note) == (moderator, "moderator", "看过了")
    assert (decision.waited is not None) is (before in {State.WAITING, State.WITHHELD})
    written = numbers(article), [top.pk and Comment.objects.get(pk=top.pk).replies] if top else [kept.replies]
    counted = recount(article)
    again = [Comment.objects.get(pk=(top or kept).pk).replies]
    assert written == ((counted.approved, counted.threads), again)


def test_what_its_author_deleted_stays_deleted(moderator):
    comment = make_comment(state=State.DELETED)
    assert refused(decide, comment, State.APPROVED, actor=moderator) == "deleted"


def test_the_second_moderator_hears_that_she_is_second(moderator, second_moderator):
    comment = make_comment(state=State.WAITING)
    stale = Comment.objects.get(pk=comment.pk)
    decide(comment, State.APPROVED, actor=moderator)
    assert refused(decide, stale, State.APPROVED, actor=second_moderator) == "same"
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("to", sorted(REASONED))
def test_a_refusal_needs_a_reason(moderator, to):
    assert refused(decide, make_comment(), to, actor=moderator) == "reason"


def test_claim_and_selection_end_with_the_decision(moderator):
    comment = make_comment(is_featured=True, claimed_by=moderator, claimed_until=timezone.now())
    decide(comment, State.REJECTED, actor=moderator, reason="ad")
    comment.refresh_from_db()
    assert (comment.is_featured, comment.claimed_by, comment.claimed_until) == (False, None, None)


@pytest.mark.parametrize(
    ("to", "reason", "said"),
    [
        (State.APPROVED, "", "您的评论“说得好。”已通过审核，读者可以看到了。"),
        (
            State.REJECTED,
            "attack",
            "您的评论“说得好。”没有通过。原因：人身攻击。请对事不对人。如有异议，七天内可以申诉一次。",
        ),
        (
            State.SPAM,
            "ad",
            "您的评论“说得好。”被判为垃圾评论。原因：广告。请对事不对人。如有异议，七天内可以申诉一次。",
        ),
        (State.WITHHELD, "contact", "您的评论“说得好。”重新等待审核。原因：含有链接或联系方式。请对事不对人。"),
    ],
)
def test_the_author_is_told(moderator, member, to, reason, said):
    comment = make_comment(author=member, state=State.WAITING, body="说得好。")
    decide(comment, to, actor=moderator, reason=reason, note="请对事不对人" if reason else "")
    (notice,) = Notice.objects.all()
    link = comment.get_absolute_url() if to == State.APPROVED else "/comments/mine/"
    assert (notice.user, notice.kind, notice.text, notice.link) == (member, "decision", said, link)


def test_a_rule_and_oneself_tell_nobody(member):
    decide(make_comment(author=member), State.WITHHELD, actor=None, rule="words", reason="word")
    decide(make_comment(author=member), State.DELETED, actor=member)
    assert not Notice.objects.exists()


def test_whoever_is_answered_hears_of_it_once(moderator, member):
    top = make_comment(author=member, body="怎么办？")
    reply = make_reply(top, state=State.WAITING, nickname="林远", body="等一等。")
    for to in (State.APPROVED, State.WAITING, State.APPROVED):
        decide(reply, to, actor=moderator)
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.kind, notice.text) == (member, "reply", "林远 回复了您的评论“怎么办？”：等一等。")


def test_nobody_hears_of_what_nobody_sees(moderator, member):
    hidden = make_comment(author=member, state=State.REJECTED)
    decide(make_reply(hidden, state=State.WAITING), State.APPROVED, actor=moderator)
    own = make_comment(author=member)
    decide(make_reply(own, author=member, state=State.WAITING), State.APPROVED, actor=moderator)
    assert not Notice.objects.filter(kind="reply").exists()


def test_a_refusal_upholds_the_reports(moderator, member):
    comment = make_comment()
    mine, another = make_report(comment, reporter=member), make_report(comment)
    decide(comment, State.REJECTED, actor=moderator, reason="attack")
    assert Comment.objects.get(pk=comment.pk).reports_open == 0
    assert {report.state for report in Report.objects.all()} == {"upheld"}
    another.refresh_from_db()
    assert (another.handled_by, another.handled_at) == (moderator, Decision.objects.get().at)
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.text) == (member, f"您对评论的举报（{mine.receipt}）已处理，举报成立，谢谢您。")


def test_words_taken_back_leave_no_report_open(member):
    """No moderator could settle it: about what its author deleted there is nothing to decide."""
    author = make_member("author")
    comment = make_comment(author=author)
    report = make_report(comment, reporter=member)
    decide(comment, State.DELETED, actor=author, reason="author")
    report.refresh_from_db()
    assert Comment.objects.get(pk=comment.pk).reports_open == 0
    assert (report.state, report.handled_by, report.answer) == ("upheld", None, "作者已删除这条评论。")
    assert Notice.objects.get(user=member).text.endswith("已处理，举报成立，谢谢您。作者已删除这条评论。")


def test_one_click_about_many_is_one_batch(moderator):
    batch = uuid4()
    for comment in (make_comment(), make_comment()):
        decide(comment, State.SPAM, actor=moderator, reason="ad", batch=batch)
    assert Decision.objects.filter(batch=batch).count() == 2


# --- 精选 ---


def test_featured_and_no_more(moderator):
    comment = make_comment()
    decision = feature(comment, is_featured=True, actor=moderator)
    assert (decision.act, decision.from_state, decision.to_state) == ("feature", "approved", "approved")
    assert Comment.objects.get(pk=comment.pk).is_featured
    assert refused(feature, comment, is_featured=True, actor=moderator) == "same"
    assert feature(comment, is_featured=False, actor=moderator).act == "unfeature"
    assert not Comment.objects.get(pk=comment.pk).is_featured
    hidden = make_reply(make_comment(state=State.SPAM))
    assert refused(feature, hidden, is_featured=True, actor=moderator) == "state"


# --- Undo ---


def test_undone_within_ten_minutes(moderator, member):
    comment = make_comment(state=State.WAITING, created_at=timezone.now() - timedelta(hours=3))
    since, report = comment.waiting_since, make_report(comment)
    decision = decide(comment, State.REJECTED, actor=moderator, reason="ad")

    undone = undo(decision, actor=moderator)

    kept = Comment.objects.get(pk=comment.pk)
    assert (kept.state, kept.reason, kept.waiting_since, kept.reports_open) == (State.WAITING, "undo", since, 1)
    assert (undone.undo_of, undone.from_state, undone.to_state) == (decision, "rejected", "waiting")
    report.refresh_from_db()
    assert (report.state, report.handled_at, report.handled_by) == ("open", None, None)
    assert refused(undo, undone, actor=moderator) == "kind"


def test_an_approval_undone(moderator):
    comment = make_comment(state=State.REJECTED)
    decision = decide(comment, State.APPROVED, actor=moderator)
    undo(decision, actor=moderator)
    assert (numbers(comment.article), Comment.objects.get(pk=comment.pk).reason) == ((0, 0), "undo")


def test_what_is_not_undone(moderator):
    comment = make_comment(state=State.WAITING)
    now = timezone.now()
    first = decide(comment, State.REJECTED, actor=moderator, reason="ad", at=now)
    assert refused(undo, first, actor=moderator, at=now + timedelta(minutes=10, seconds=1)) == "late"
    decide(comment, State.APPROVED, actor=moderator)
    assert refused(undo, first, actor=moderator) == "late"
    by_rule = make_decision(make_comment(state=State.REJECTED), from_state="waiting")
    assert refused(undo, by_rule, actor=moderator) == "kind"


def test_the_queries_of_a_decision(moderator, django_assert_num_queries):
    """The number of its thread; the row; its state; whether there is a count, its change; the line; two savepoints."""
    comment = make_comment(make_comment().article, state=State.WAITING)
    make_member("other")
    with django_assert_num_queries(8):
        decide(comment, State.APPROVED, actor=moderator)
