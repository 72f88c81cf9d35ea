"""An account that leaves, and one that asks what is known of it."""

import json

import pytest

from comments import notices
from comments.accounts import export, forget, unread
from comments.counting import count_of
from comments.liking import like
from comments.models import Comment, Decision, Like, Notice

from .factories import make_appeal, make_comment, make_decision, make_reply, make_report, make_sanction
from .writing import by, posted

pytestmark = pytest.mark.django_db
State = Comment.State


def test_comments_stay_without_their_author(member):
    comment = make_comment(author=member, network="203.0.113.0/24", address="203.0.113.1", place="广东")
    waiting = make_comment(author=member, state=State.WAITING)
    assert forget(member, remove_comments=False) == 2
    member.delete()
    comment.refresh_from_db()
    assert (comment.author, comment.nickname, comment.address, comment.network, comment.place) == (
        None,
        "已注销用户",
        None,
        "",
        "",
    )
    assert (comment.state, comment.body != "", count_of(comment.article).approved) == (State.APPROVED, True, 1)
    waiting.refresh_from_db()
    assert waiting.state == State.WAITING


def test_comments_go_with_their_words(member):
    comment = make_comment(author=member)
    reply = make_reply(comment)
    make_comment(author=member, state=State.REJECTED)
    make_comment(author=member, state=State.DELETED)
    assert forget(member, remove_comments=True) == 3
    assert forget(member, remove_comments=True) == 0
    member.delete()
    assert {(row.state, row.body, row.nickname) for row in Comment.objects.exclude(pk=reply.pk)} == {
        ("deleted", "", "已注销用户")
    }
    assert (count_of(comment.article).approved, Comment.objects.public().count()) == (0, 0)
    assert Decision.objects.filter(rule="account", reason="account").count() == 2


def test_likes_are_taken_back(member):
    comment = make_comment()
    like(comment, writer=by(member))
    forget(member, remove_comments=False)
    comment.refresh_from_db()
    assert (comment.likes, Like.objects.count()) == (0, 0)


def test_what_waits_to_be_read(member):
    assert unread(member) == 0
    notices.notify(member, kind=Notice.Kind.REPLY, text="有人回复了你。", link="/")
    assert unread(member) == 1


def test_everything_that_is_known(member):
    comment = posted(make_comment().article, by(member), "我的话。")
    make_appeal(make_decision(make_comment(author=member, state=State.REJECTED)))
    make_report(make_comment(), reporter=member)
    make_sanction(user=member)
    like(make_comment(), writer=by(member))
    known = export(member)
    assert {name: len(rows) for name, rows in known.items()} == {
        "评论": 2,
        "赞": 1,
        "举报": 1,
        "申诉": 1,
        "处罚": 1,
        "通知": 0,
        "来信": 0,
    }
    first = known["评论"][0]
    assert (first["内容"], first["状态"], first["网络地址"]) == ("我的话。", "等待审核", "203.0.113.7")
    assert first["网址"] == comment.article.get_absolute_url()
    assert json.loads(json.dumps(known))["申诉"][0]["理由"] == "我说的是事实，请再看一遍。"
