"""Several at the same moment, on PostgreSQL: nothing is posted twice, no limit is passed, no number is lost."""

import pytest
from django.db import connection

from articles.tests.at_once import at_once
from articles.tests.factories import make_article, make_member
from comments.counting import count_of, recount
from comments.decisions import decide
from comments.liking import like
from comments.models import Comment, Decision, Like
from comments.posting import post
from comments.refusals import Refused

from .factories import make_comment, make_policy, make_reply
from .writing import by, visitor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]
State = Comment.State


def test_a_double_click_posts_once():
    article, member = make_article(), make_member("member")
    values = {"article": article, "writer": by(member), "body": "一次。", "form_key": "k1"}
    assert at_once(*[lambda: post(**values)] * 4, refusal=Refused) == []
    assert (Comment.objects.count(), Decision.objects.count()) == (1, 1)


def test_a_double_click_from_two_networks_posts_once():
    article = make_article()
    make_policy(visitors_may_comment=True)
    works = [
        lambda number=number: post(
            article=article,
            writer=visitor(f"v{number}", address=f"203.0.{number}.7", is_new=True),
            body="一次。",
            nickname="读者",
            form_key="k1",
        )
        for number in range(4)
    ]
    assert at_once(*works, refusal=Refused) == []
    assert Comment.objects.count() == 1


def test_one_person_is_not_quicker_than_the_limit():
    article, member = make_article(), make_member("member")
    works = [lambda text=text: post(article=article, writer=by(member), body=text) for text in ("一。", "二。", "三。")]
    refused = at_once(*works, refusal=Refused)
    assert (len(refused), Comment.objects.count()) == (2, 1)
    assert all("发表太频繁了" in each for each in refused)


def test_two_moderators_decide_once():
    moderators = [make_member(name, is_staff=True) for name in ("a", "b")]
    comment = make_comment(state=State.WAITING)
    works = [
        lambda actor=actor: decide(Comment.objects.get(pk=comment.pk), State.APPROVED, actor=actor)
        for actor in moderators
    ]
    (refused,) = at_once(*works, refusal=Refused)
    assert "可能别人刚处理过" in refused
    assert (Decision.objects.count(), count_of(comment.article).approved) == (1, 1)


def test_the_top_goes_while_an_answer_comes():
    actor = make_member("a", is_staff=True)
    for _ in range(5):
        top = make_comment()
        reply = make_reply(top, state=State.WAITING)
        works = [
            lambda top=top: decide(Comment.objects.get(pk=top.pk), State.SPAM, actor=actor, reason="ad"),
            lambda reply=reply: decide(Comment.objects.get(pk=reply.pk), State.APPROVED, actor=actor),
        ]
        assert at_once(*works, refusal=Refused) == []
        written = count_of(top.article)
        counted = recount(top.article)
        assert (written.approved, written.threads) == (counted.approved, counted.threads) == (0, 0)


def test_many_decisions_about_one_article_lose_no_number():
    actor, article = make_member("a", is_staff=True), make_article()
    waiting = [make_comment(article, state=State.WAITING) for _ in range(6)]
    works = [
        lambda pk=comment.pk: decide(Comment.objects.get(pk=pk), State.APPROVED, actor=actor) for comment in waiting
    ]
    assert at_once(*works, refusal=Refused) == []
    assert (count_of(article).approved, count_of(article).threads) == (6, 6)


def test_likes_at_once_are_all_counted_and_a_double_click_is_none():
    comment = make_comment()
    works = [lambda name=name: like(Comment.objects.get(pk=comment.pk), writer=visitor(name)) for name in "abcd"]
    assert at_once(*works, refusal=Refused) == []
    comment.refresh_from_db()
    assert (comment.likes, Like.objects.count()) == (4, 4)
    twice = [lambda: like(Comment.objects.get(pk=comment.pk), writer=visitor("a"))] * 2
    assert at_once(*twice, refusal=Refused) == []
    comment.refresh_from_db()
    assert comment.likes == Like.objects.count() == 4
