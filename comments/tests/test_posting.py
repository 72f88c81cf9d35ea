"""A comment on its way in: what is kept of it, what is refused and why, and what its author may still do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.tests.factories import make_article, make_member
from comments.counting import count_of
from comments.drafts import gather
from comments.models import Comment, CommentStep, Decision, Notice, TrustedMember
from comments.pipeline import STEPS
from comments.posting import delete, edit, may_delete, may_edit, post
from comments.refusals import Refused

from .factories import make_comment, make_policy, make_reply, make_report, make_sanction
from .writing import ADDRESS, by, listed, posted, visitor

pytestmark = pytest.mark.django_db
State = Comment.State


@pytest.fixture
def article():
    return make_article()


@pytest.fixture
def policy(article):
    """The site's rules: visitors are welcome, no limits of time."""
    return make_policy(visitors_may_comment=True)


def refusal(function, *args, **values) -> str:
    with pytest.raises(Refused) as raised:
        function(*args, **values)
    return raised.value.message


def numbers(article) -> tuple[int, int]:
    row = count_of(article)
    return row.approved, row.threads


def test_a_members_comment_waits_with_all_that_is_known_of_it(article, member):
    comment = posted(article, by(member), " 很好\u200b的报道。\r\n\r\n\r\n支持 ", form_key="k1")

    comment.refresh_from_db()
    assert (comment.body, comment.nickname, comment.author, comment.visitor) == (
        "很好的报道。\n\n支持",
        "member",
        member,
        "",
    )
    assert (comment.state, comment.reason, comment.risk, comment.links) == ("waiting", "first", 0, 0)
    assert (comment.address, comment.network, comment.place) == (ADDRESS, "203.0.113.0/24", "")
    assert (comment.parent, comment.root, comment.by_staff, comment.form_key) == (None, None, False, "k1")
    assert comment.waiting_since == comment.created_at
    assert comment.decided_at is None
    assert [(step.step, step.outcome) for step in comment.steps.order_by("position")] == [
        *[(name, "pass") for name in list(STEPS)[:-1]],
        ("default", "wait"),
    ]
    (decision,) = Decision.objects.all()
    assert (decision.from_state, decision.to_state, decision.rule, decision.reason) == (
        "",
        "waiting",
        "default",
        "first",
    )
    assert numbers(article) == (0, 0)
    assert not Notice.objects.exists()


def test_a_visitors_comment(article, policy):
    comment = posted(article, visitor("abc"))
    assert (comment.author, comment.visitor, comment.nickname, comment.state) == (None, "abc", "读者", "waiting")


def test_the_newsroom_is_marked(article):
    reporter = make_member("reporter", display_name="记者林远", is_staff=True)
    comment = posted(article, by(reporter))
    assert (comment.by_staff, comment.nickname, comment.state) == (True, "记者林远", "waiting")


def test_what_is_found_is_kept_with_the_comment(article, member):
    listed("黑心")
    comment = posted(article, by(member), "黑-心商家，联系 13912345678")
    assert (comment.state, comment.reason, comment.risk) == (State.WITHHELD, "word", 75)
    step = CommentStep.objects.get(comment=comment, step="words")
    assert [(hit["word"], hit["start"], hit["end"]) for hit in step.detail["hits"]] == [("黑心", 0, 3)]
    assert comment.steps.get(step="contacts").detail == {"phones": ["13912345678"]}
    assert Decision.objects.get().rule == "words"


def test_a_forbidden_word_is_kept_as_refused_and_says_why(article, member):
    listed("黑心", level="block")
    comment = posted(article, by(member), "黑心商家")
    assert (comment.state, comment.reason) == (State.REJECTED, "word")
    assert (comment.waiting_since, comment.decided_at) == (None, comment.created_at)
    assert numbers(article) == (0, 0)


def test_who_is_trusted_is_read_at_once(article, member):
    make_policy(mode="trusted")
    TrustedMember.objects.create(user=member)
    top = posted(article, by(member))
    assert (top.state, numbers(article)) == (State.APPROVED, (1, 1))
    other = make_member("other")
    TrustedMember.objects.create(user=other)
    reply = posted(article, by(other), "同意。", parent=top)
    top.refresh_from_db()
    assert (reply.root, reply.parent, top.replies, numbers(article)) == (top, top, 1, (2, 1))
    assert [(notice.user, notice.text) for notice in Notice.objects.all()] == [
        (member, "other 回复了您的评论“说得有道理。”：同意。")
    ]


def test_after_some_approvals_one_is_read_at_once(article, member):
    make_policy(mode="after_n", needed_approvals=2)
    for _ in range(2):
        make_comment(article, author=member)
    assert posted(article, by(member)).state == State.APPROVED


def test_only_what_readers_see_is_answered(article, member):
    waiting = make_comment(article, state=State.WAITING)
    below = make_reply(waiting)
    elsewhere = make_comment()
    for parent in (waiting, below, elsewhere):
        said = refusal(posted, article, by(member), parent=parent)
        assert said == "您回复的评论已经不公开了：可以改为直接评论稿件。"
    assert Comment.objects.filter(author=member).count() == 0


def test_an_answer_to_an_answer_stays_in_the_thread(article, member):
    top = make_comment(article)
    reply = make_reply(top)
    comment = posted(article, by(member), parent=reply)
    assert (comment.parent, comment.root) == (reply, top)


# --- Once ---


def test_a_second_click_makes_no_second_comment(article, member):
    first = posted(article, by(member), form_key="k1")
    again = posted(article, by(member), form_key="k1")
    assert (again, Comment.objects.count(), Decision.objects.count()) == (first, 1, 1)


def test_a_used_form_with_other_words_is_refused(article, member, policy):
    posted(article, by(member), form_key="k1")
    said = "这张表单已经用过一次：文字还在，请再点一次“发表”。"
    assert refusal(posted, article, by(member), "别的话。", form_key="k1") == said
    assert refusal(posted, article, by(make_member("other")), form_key="k1") == said
    # A visitor's first form, clicked twice: neither click knew the other's sign.
    first = posted(article, visitor("a", is_new=True), "第一次来。", form_key="k2")
    assert posted(article, visitor("b", is_new=True), "第一次来。", form_key="k2") == first


def test_the_same_words_again_are_refused(article, member, policy):
    posted(article, by(member), "加油，北京！")
    said = "这段话您在一天之内已经发过，不用重复发表。"
    assert refusal(posted, article, by(member), "加油 北京") == said
    assert refusal(posted, make_article(), by(member), "加油 北京") == said
    day_later = timezone.now() + timedelta(days=1, minutes=1)
    assert posted(article, by(member), "加油 北京", at=day_later).state == State.WAITING


def test_words_that_many_use_are_held(article, policy):
    states = [posted(article, visitor(f"v{number}")).state for number in range(4)]
    assert states == ["waiting", "waiting", "withheld", "withheld"]


def test_what_was_deleted_may_be_said_again(article, member, policy):
    delete(posted(article, by(member)), writer=by(member))
    assert posted(article, by(member)).state == State.WAITING


# --- Limits ---


def test_limits_count_what_is_in_the_database(article, member):
    now = timezone.now()
    posted(article, by(member), "一。", at=now - timedelta(seconds=3))
    assert refusal(posted, article, by(member), "二。", at=now) == "发表太频繁了，请 12 秒后再试。"
    posted(article, by(member), "二。", at=now + timedelta(seconds=12))


def test_a_network_has_limits_of_its_own(article):
    make_policy(visitors_may_comment=True, most_in_ten_minutes=1, network_factor=2)
    for number in range(2):
        posted(article, visitor(f"v{number}"), f"第{number}句。")
    said = "您所在的网络发表太频繁了，请 10 分钟后再试。"
    assert refusal(posted, article, visitor("v3"), "第三句。") == said
    posted(article, visitor("v3", address="198.51.100.1"), "第三句。")


def test_who_keeps_no_cookie_is_taken_for_the_network(article):
    make_policy(visitors_may_comment=True, most_in_ten_minutes=1, network_factor=9)
    posted(article, visitor("a", is_new=True), "一。")
    assert refusal(posted, article, visitor("b", is_new=True), "二。") == "发表太频繁了，请 10 分钟后再试。"
    assert posted(article, visitor("c"), "三。").pk


def test_a_sanction_on_the_network_meets_its_visitors_alone(article, member, policy):
    make_sanction(network="203.0.113.0/24", kind="ban")
    assert "封禁" in refusal(posted, article, visitor())
    posted(article, by(member))
    posted(article, visitor(address="198.51.100.1"))


def test_a_sanction_of_another_channel_does_not_meet(article, member):
    make_sanction(user=member, channel=make_article().channel)
    posted(article, by(member))
    make_sanction(user=member, channel=article.channel)
    assert "禁言" in refusal(posted, article, by(member), "再说一句。")


def test_what_is_gathered_costs_a_fixed_number_of_queries(article, member, django_assert_num_queries):
    """Rules; words; trust; approvals; sanctions; own times, the network's; own repeats, others' same; the past."""
    listed("黑心")
    values = {"article": article, "writer": by(member), "body": "好。", "nickname": "", "at": timezone.now()}
    gather(**values)
    for rows in (0, 30):
        for _ in range(rows):
            make_comment(article, author=member, network="203.0.113.0/24")
        with django_assert_num_queries(10):
            gather(**values)


# --- Afterwards ---


def test_an_edit_goes_through_everything_again(article, member):
    make_policy(mode="trusted")
    trust = TrustedMember.objects.create(user=member)
    comment = posted(article, by(member), "原来的话。")
    assert numbers(article) == (1, 1)
    trust.delete()

    edit(comment, writer=by(member), body="改过的话。")

    comment.refresh_from_db()
    assert (comment.body, comment.state, comment.reason) == ("改过的话。", State.WAITING, "edited")
    assert comment.edited_at is not None
    assert numbers(article) == (0, 0)
    assert set(comment.steps.values_list("run", flat=True)) == {1, 2}
    last = Decision.objects.order_by("-id")[0]
    assert (last.act, last.from_state, last.to_state, last.note, last.actor) == (
        "edit",
        "approved",
        "waiting",
        "原来的话。",
        member,
    )


def test_an_edit_that_the_rules_refuse_upholds_its_reports(article, member):
    make_policy(mode="trusted")
    TrustedMember.objects.create(user=member)
    comment = posted(article, by(member), "原来的话。")
    report = make_report(comment)
    listed("脏词", level="block")

    edit(comment, writer=by(member), body="改成脏词。")

    comment.refresh_from_db()
    report.refresh_from_db()
    assert (comment.state, comment.reports_open, report.state) == (State.REJECTED, 0, "upheld")


def test_an_edit_of_nothing_changes_nothing(article, member):
    comment = posted(article, by(member), "原话。")
    edit(comment, writer=by(member), body=" 原话。 ")
    assert (Decision.objects.count(), comment.steps.filter(run=2).count()) == (1, 0)


def test_an_edit_is_refused_as_a_comment_is(article, member):
    comment = posted(article, by(member), "原话。")
    assert refusal(edit, comment, writer=by(member), body="长" * 1001).startswith("评论最多 1000 个字")
    comment.refresh_from_db()
    assert comment.body == "原话。"


def test_editing_ends(article, member):
    comment = posted(article, by(member), "原话。")
    late = comment.created_at + timedelta(minutes=5)
    assert (may_edit(comment, by(member)), may_edit(comment, by(member), late)) == (True, False)
    assert "满五分钟" in refusal(edit, comment, writer=by(member), body="晚了。", at=late)
    assert "满五分钟" in refusal(edit, comment, writer=by(make_member("other")), body="不是我的。")
    for number in range(5):
        edit(comment, writer=by(member), body=f"第{number}次。")
    assert "次数太多" in refusal(edit, comment, writer=by(member), body="第六次。")


@pytest.mark.parametrize("state", [State.REJECTED, State.SPAM, State.DELETED])
def test_what_was_decided_against_is_not_edited(member, state):
    assert not may_edit(make_comment(author=member, state=state), by(member))


def test_one_deletes_ones_own(article, member):
    top = make_comment(article, author=member)
    reply = make_reply(top)
    assert numbers(article) == (2, 1)
    assert "自己的" in refusal(delete, top, writer=by(make_member("other")))

    delete(top, writer=by(member))

    top.refresh_from_db()
    assert (top.state, top.reason, top.body != "", numbers(article)) == (State.DELETED, "author", True, (0, 0))
    assert not Comment.objects.public().exists()
    assert not Comment.objects.get(pk=reply.pk).is_public
    assert not may_delete(top, by(member))
    assert not Notice.objects.exists()


def test_a_visitor_owns_what_her_browser_wrote(policy):
    mine = make_comment(visitor="a")
    assert (may_delete(mine, visitor("a")), may_delete(mine, visitor("b")), may_delete(mine, visitor(""))) == (
        True,
        False,
        False,
    )
    delete(mine, writer=visitor("a"))
    assert Decision.objects.get().rule == "author"


def test_hostile_texts_are_kept_harmless(article, member):
    nasty = "<script>alert(1)</script>\x00\u202e' OR 1=1 --"
    assert posted(article, by(member), nasty).body == "<script>alert(1)</script>' OR 1=1 --"
    assert refusal(posted, article, by(member), "\u200b\u2060\x00") == "请写下评论再发表。"
    assert refusal(post, article=article, writer=visitor(), body="好。", nickname="\u202e") == "请填一个昵称。"
