"""What the tables themselves keep: rules that hold whatever the code thinks."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.tests.factories import make_article, make_channel, make_member
from comments.counting import add_to_count, count_of, recount
from comments.models import Comment, CommentCount, CommentPolicy, CommentStep, Like, Notice, Sanction

from .factories import make_appeal, make_comment, make_decision, make_policy, make_reply, make_report, make_sanction

pytestmark = pytest.mark.django_db
State = Comment.State


def refused(function, *args, **values) -> bool:
    """Whether the database refuses it."""
    try:
        with transaction.atomic():
            function(*args, **values)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("thread_state", [None, *State.values])
@pytest.mark.parametrize("is_published", [True, False])
def test_what_readers_see_is_one_rule_said_twice(state, thread_state, is_published):
    article = make_article() if is_published else make_article(status="draft", published_at=None)
    top = make_comment(article, state=thread_state) if thread_state else None
    comment = make_comment(article, state=state, parent=top)

    seen = state == "approved" and thread_state in {None, "approved"} and is_published
    assert Comment.objects.public().filter(pk=comment.pk).exists() is seen
    assert Comment.objects.get(pk=comment.pk).is_public is seen


def test_rules_say_what_they_are_of_and_exist_once():
    channel = make_channel(name="要闻")
    assert [str(make_policy()), str(make_policy(channel=channel))] == ["全站", "要闻"]
    assert refused(make_policy)
    assert refused(make_policy, channel=channel)
    with pytest.raises(ValidationError, match="全站和每个栏目只能各有一套规则"):
        CommentPolicy().full_clean()


@pytest.mark.parametrize(
    "values", [{"needed_approvals": 0}, {"network_factor": 0}, {"longest": 0}, {"longest": 5001}, {"mode": "none"}]
)
def test_impossible_rules_are_refused_twice(values):
    assert refused(make_policy, **values)
    with pytest.raises(ValidationError):
        CommentPolicy(**values).full_clean()


def test_a_navigation_link_has_no_rules():
    with pytest.raises(ValidationError, match="导航链接没有稿件"):
        CommentPolicy(channel=make_channel(kind="link", link="/magazine/")).full_clean()


@pytest.mark.parametrize(
    "values",
    [
        {"state": "seen"},
        {"state": "waiting", "waiting_since": None},
        {"waiting_since": timezone.now()},
        {"state": "rejected", "reason": ""},
        {"body": ""},
        {"nickname": ""},
        {"state": "spam", "is_featured": True},
    ],
)
def test_impossible_comments_are_refused(values):
    assert refused(make_comment, **values)


def test_a_deleted_comment_may_be_empty():
    assert make_comment(state=State.DELETED, body="").pk


def test_a_reply_stands_in_the_thread_of_what_it_answers():
    top = make_comment()
    reply = make_reply(top)
    deeper = make_reply(reply)
    assert [each.root for each in (reply, deeper)] == [top, top]
    assert refused(Comment.objects.create, article=top.article, nickname="甲", body="乙", parent=top)
    for comment in (top, reply, deeper):
        comment.clean()
    with pytest.raises(ValidationError, match="同一篇稿件、同一楼"):
        Comment(article=make_article(), parent=top, root=top).clean()
    with pytest.raises(ValidationError, match="同一篇稿件、同一楼"):
        Comment(article=top.article, parent=top, root=make_comment(top.article)).clean()


@pytest.mark.parametrize("field", ["note", "reason", "to_state", "rule"])
def test_a_decision_cannot_be_changed(field):
    decision = make_decision(make_comment(state=State.REJECTED))
    setattr(decision, field, "spam" if field == "to_state" else "ad")
    assert refused(decision.save)


def test_a_decision_outlives_who_made_it(moderator):
    decision = make_decision(make_comment(), actor=moderator)
    moderator.delete()
    decision.refresh_from_db()
    assert (decision.actor, decision.actor_name) == (None, "moderator")


def test_a_decision_to_refuse_says_why():
    comment = make_comment()
    assert refused(make_decision, comment, to_state=State.REJECTED, reason="")
    assert refused(make_decision, comment, act="feature", from_state=State.WAITING)
    assert not refused(make_decision, comment, act="feature", from_state=State.APPROVED)


def test_a_step_cannot_be_changed():
    step = CommentStep.objects.create(comment=make_comment(), position=1, step="length", outcome="pass")
    step.outcome = "hold"
    assert refused(step.save)


def test_an_appeal_is_answered_by_somebody_else(moderator, second_moderator):
    decision = make_decision(make_comment(state=State.REJECTED), actor=moderator)
    appeal = make_appeal(decision)
    assert refused(make_appeal, decision)
    appeal.decided_by = moderator
    with pytest.raises(ValidationError, match="另一位审核员"):
        appeal.clean()
    appeal.decided_by = second_moderator
    appeal.clean()
    appeal.state = "upheld"
    assert refused(appeal.save)


def test_one_reports_and_likes_once(member):
    comment = make_comment()
    make_report(comment, reporter=member)
    make_report(comment, visitor="a")
    assert refused(make_report, comment, reporter=member)
    assert refused(make_report, comment, visitor="a")
    assert refused(make_report, comment, reason="first")
    assert refused(make_report, comment, state="upheld")
    for values in ({"user": member}, {"visitor": "a"}):
        Like.objects.create(comment=comment, **values)
        assert refused(Like.objects.create, comment=comment, **values)
    assert refused(Like.objects.create, comment=comment)


@pytest.mark.parametrize(
    "values",
    [
        {"network": "192.0.2.0/24", "kind": "mute", "until": None},
        {"network": "192.0.2.0/24", "kind": "warn"},
        {"network": "192.0.2.0/24", "reason": ""},
        {"network": "192.0.2.0/24", "kind": "shadow"},
        {"network": ""},
    ],
)
def test_impossible_sanctions_are_refused_twice(values):
    assert refused(make_sanction, **values)
    with pytest.raises(ValidationError):
        Sanction(**{"kind": "mute", "reason": "攻击", "until": timezone.now() + timedelta(1), **values}).full_clean()


def test_a_sanction_ends_in_the_future_and_is_lifted_with_a_reason(member):
    with pytest.raises(ValidationError, match="到期时间必须在以后"):
        Sanction(user=member, kind="mute", reason="攻击", until=timezone.now() - timedelta(1)).full_clean()
    sanction = make_sanction(user=member)
    sanction.lifted_at = timezone.now()
    assert refused(sanction.save)


def test_a_sanction_is_in_force_until_it_ends_or_is_lifted(member):
    now = timezone.now()
    running = make_sanction(user=member, until=now + timedelta(hours=1))
    forever = make_sanction(user=member, kind="ban")
    past = make_sanction(user=member, until=now - timedelta(hours=1), at=now - timedelta(hours=2))
    lifted = make_sanction(user=member, lifted_at=now, lifted_reason="误判")

    assert set(Sanction.objects.in_force()) == {running, forever}
    assert [each.is_in_force for each in (running, forever, past, lifted)] == [True, True, False, False]


def test_a_notice_leads_to_pages_of_ours_only(member):
    assert refused(Notice.objects.create, user=member, kind="reply", text="看", link="//evil.example")
    assert refused(Notice.objects.create, user=member, kind="reply", text="看", link="https://evil.example")
    assert not refused(Notice.objects.create, user=member, kind="reply", text="看", link="/comments/mine/")


def test_numbers_are_counted_and_counted_anew():
    article = make_article()
    assert (count_of(article).approved, CommentCount.objects.count()) == (0, 0)
    top = make_comment(article)
    make_reply(top)
    make_reply(top, state=State.WAITING)
    hidden = make_comment(article, state=State.REJECTED)
    make_reply(hidden)
    assert (count_of(article).approved, count_of(article).threads) == (2, 1)
    top.refresh_from_db()
    hidden.refresh_from_db()
    assert (top.replies, hidden.replies) == (1, 1)

    add_to_count(article.pk, approved=3, threads=2)
    assert (count_of(article).approved, count_of(article).threads) == (5, 3)
    assert (recount(article).approved, recount(article).threads) == (2, 1)


def test_the_numbers_of_an_article_begin_with_the_first_change():
    article = make_article()
    add_to_count(article.pk, approved=1, threads=1)
    assert (count_of(article).approved, count_of(article).threads) == (1, 1)


def test_comments_say_who_says_what():
    member = make_member("linyuan", display_name="林远")
    assert str(make_comment(author=member, body="好")) == "林远：好"
