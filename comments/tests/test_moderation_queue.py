"""The queue of moderators: what stands in it, for whom, in which order, and what a card tells."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.tests.factories import make_article, make_member
from articles.tests.pages import tree
from comments.models import Comment, CommentStep, Decision
from comments.moderation import cards, claims, queues
from comments.posting import delete, edit

from .factories import make_appeal, make_comment, make_decision, make_reply, make_report, make_sanction
from .moderating import QUEUE, do, post, seen, shown, url
from .writing import by, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, moderator):
    client.force_login(moderator)
    return client


def waiting(minutes: int = 1, **values) -> Comment:
    since = timezone.now() - timedelta(minutes=minutes)
    return make_comment(**{"state": "waiting", "created_at": since, **values})


# --- Tabs -------------------------------------------------------------------------------------------------------------


def test_what_waits_the_oldest_first_or_by_risk(desk):
    new, old, risky = waiting(1), waiting(9), waiting(5, risk=80, state="withheld")
    make_comment()
    make_comment(state="rejected")
    assert shown(desk.get(QUEUE)) == [old.pk, risky.pk, new.pk]
    assert shown(desk.get(QUEUE, {"order": "risk"})) == [risky.pk, old.pk, new.pk]


def test_what_is_reported_the_most_reported_first(desk):
    once, twice = make_comment(), make_comment()
    for comment in (once, twice, twice):
        make_report(comment)
    make_comment()
    assert shown(desk.get(QUEUE, {"tab": "reported"})) == [twice.pk, once.pk]


def test_appeals_the_oldest_first(desk):
    rows = [make_comment(state="rejected") for _ in range(3)]
    for comment in rows[:2]:
        make_appeal(make_decision(comment, from_state="waiting"))
    make_appeal(make_decision(rows[2], from_state="waiting"), state="refused", answer="维持", decided_at=timezone.now())
    assert shown(desk.get(QUEUE, {"tab": "appeals"})) == [rows[0].pk, rows[1].pk]


def test_what_was_decided_by_all_and_by_oneself(desk, moderator, second_moderator):
    first, second, third = (waiting() for _ in range(3))
    do("approve", first, moderator)
    do("reject", second, second_moderator)
    do("approve", third, moderator)
    do("reject", first, second_moderator)
    assert shown(desk.get(QUEUE, {"tab": "done"})) == [first.pk, third.pk, second.pk]
    assert shown(desk.get(QUEUE, {"tab": "mine"})) == [third.pk, first.pk]
    tabs = desk.get(QUEUE).context["tabs"]
    assert [(tab.label, tab.number) for tab in tabs] == [
        *[("待审", "0"), ("被举报", "0"), ("申诉", "0"), ("已处理", "4"), ("我处理的", "2")]
    ]


def test_what_authors_do_with_their_own_is_nobodys_decision(desk, moderator):
    decided = do("approve", waiting(), moderator)
    own = posted(make_article(), by(moderator), "我自己的话。")
    edit(own, writer=by(moderator), body="我改过的话。")
    delete(own, writer=by(moderator))
    for tab in ("done", "mine"):
        assert shown(desk.get(QUEUE, {"tab": tab})) == [decided.pk]
    page = desk.get(QUEUE)
    assert [tab.number for tab in page.context["tabs"][-2:]] == ["1", "1"]
    assert page.context["undo"] == Decision.objects.get(comment=decided)
    assert "撤销这个决定" not in desk.get(url("change", own.pk)).text


def test_numbers_stop_at_their_cap(desk, monkeypatch):
    monkeypatch.setattr(queues, "MOST", 2)
    monkeypatch.setattr("comments.moderation.queues.capped.__defaults__", (2,))
    for _ in range(3):
        waiting()
    assert desk.get(QUEUE).context["tabs"][0].number == "2+"


def test_pages_and_their_end(desk, monkeypatch):
    monkeypatch.setattr(queues, "SIZE", 2)
    rows = [waiting(9 - number) for number in range(5)]
    assert shown(desk.get(QUEUE)) == [rows[0].pk, rows[1].pk]
    second = desk.get(QUEUE, {"page": 2})
    assert shown(second) == [rows[2].pk, rows[3].pk]
    assert "第 2 页" in second.text
    last = desk.get(QUEUE, {"page": 3})
    assert (shown(last), last.context["has_next"]) == ([rows[4].pk], False)
    for odd in ("0", "-1", "x", "9" * 30, "٣"):
        assert desk.get(QUEUE, {"page": odd}).status_code == 200, odd


# --- Finding ----------------------------------------------------------------------------------------------------------


def test_a_comment_is_found_by_its_number_and_its_author(desk):
    author = make_member("liuxi")
    own, other = make_comment(author=author), make_comment(state="rejected")
    assert shown(desk.get(QUEUE, {"q": str(other.pk)})) == [other.pk]
    assert shown(desk.get(QUEUE, {"q": " LiuXi "})) == [own.pk]
    for nothing in ("nobody", "9" * 18, "一"):
        page = desk.get(QUEUE, {"q": nothing})
        assert page.status_code == 200, nothing
    assert "没有找到。" in desk.get(QUEUE, {"q": "nobody"}).text


def test_what_belongs_together_is_found_by_what_it_shares(desk):
    article, author = make_article(), make_member("same")
    by_author = make_comment(author=author, body_hash="a" * 32)
    in_network = make_comment(article, network="192.0.2.0/24", body_hash="a" * 32, visitor="v1")
    assert shown(desk.get(QUEUE, {"author": author.pk})) == [by_author.pk]
    assert shown(desk.get(QUEUE, {"network": "192.0.2.0/24"})) == [in_network.pk]
    assert shown(desk.get(QUEUE, {"visitor": "v1"})) == [in_network.pk]
    assert shown(desk.get(QUEUE, {"article": article.pk})) == [in_network.pk]
    assert sorted(shown(desk.get(QUEUE, {"same": by_author.pk}))) == sorted([by_author.pk, in_network.pk])
    for odd in ({"author": "x"}, {"article": "9" * 30}, {"same": "999"}):
        assert shown(desk.get(QUEUE, odd)) == [], odd


# --- Claims -----------------------------------------------------------------------------------------------------------


def test_two_moderators_have_different_comments(desk, client, second_moderator, monkeypatch):
    monkeypatch.setattr(queues, "SIZE", 2)
    rows = [waiting(9 - number) for number in range(5)]
    assert shown(desk.get(QUEUE)) == [rows[0].pk, rows[1].pk]
    client.force_login(second_moderator)
    page = client.get(QUEUE)
    assert shown(page) == [rows[2].pk, rows[3].pk]
    assert "别人正在审 2 条，没有列出。" in page.text
    whole = client.get(QUEUE, {"whole": "1"})
    assert shown(whole) == [rows[0].pk, rows[1].pk]
    assert "moderator正在审核" in whole.text
    assert not whole.context["cards"][0].acts
    assert "moderator正在审核这一条" in post(client, "approve", rows[0]).text
    rows[0].refresh_from_db()
    assert rows[0].state == "waiting"


def test_a_claim_ends_by_the_clock_by_a_decision_and_when_it_is_let_go(desk, client, moderator, second_moderator):
    row = waiting()
    desk.get(QUEUE)
    row.refresh_from_db()
    assert row.claimed_by == moderator
    assert timedelta(minutes=14) < row.claimed_until - timezone.now() <= claims.LEASE
    Comment.objects.update(claimed_until=timezone.now())
    client.force_login(second_moderator)
    assert shown(client.get(QUEUE)) == [row.pk]
    answer = client.post(url("release"), follow=True)
    assert "已放开 1 条" in answer.text
    row.refresh_from_db()
    assert (row.claimed_by, row.claimed_until) == (None, None)
    client.get(QUEUE)
    post(client, "approve", row)
    row.refresh_from_db()
    assert (row.state, row.claimed_by) == ("approved", None)


def test_a_screen_that_is_left_lets_go_of_its_own_claims_alone(desk, moderator):
    row = waiting()
    first = desk.get(QUEUE)
    (until,) = tree(first).xpath("//form[@data-mod-release]//input[@name='until']/@value")
    for odd in ("", "x", "2026-13-01T00:00", "2026-11-01T00:00:00"):
        assert desk.post(url("release"), {"left": "1", "until": odd}).status_code == 204
    desk.get(QUEUE)
    assert desk.post(url("release"), {"left": "1", "until": until}).status_code == 204
    row.refresh_from_db()
    assert row.claimed_by == moderator
    (until,) = tree(desk.get(QUEUE)).xpath("//form[@data-mod-release]//input[@name='until']/@value")
    desk.post(url("release"), {"left": "1", "until": until})
    row.refresh_from_db()
    assert row.claimed_by is None


def test_what_is_not_shown_any_more_is_let_go(desk, moderator):
    first, second = waiting(9), waiting(5, risk=90)
    desk.get(QUEUE)
    desk.get(QUEUE, {"article": second.article_id})
    assert shown(desk.get(QUEUE, {"tab": "waiting", "article": second.article_id})) == [second.pk]
    first.refresh_from_db()
    assert first.claimed_by is None


def test_whoever_only_looks_claims_nothing(client):
    row = waiting()
    client.force_login(make_member("operator", is_staff=True, groups=["站长"]))
    page = client.get(QUEUE)
    assert shown(page) == [row.pk]
    row.refresh_from_db()
    assert row.claimed_by is None
    assert not tree(page).xpath("//article//button")


# --- Cards ------------------------------------------------------------------------------------------------------------


def test_a_card_tells_all_that_is_known(desk, moderator):
    author = make_member("liuxi", display_name="柳溪人")
    make_comment(author=author)
    make_comment(author=author, state="rejected")
    make_sanction(user=author, kind="slow", reason="刷屏")
    parent = make_comment(body="楼上的话", nickname="楼主")
    row = make_reply(
        parent,
        state="withheld",
        reason="word",
        author=author,
        body="据网传，加微信 water_2026 细说",
        place="浙江",
        risk=70,
    )
    hits = [{"word": "据网传", "level": "hold", "field": "body", "start": 0, "end": 3, "version": ""}]
    for position, (step, outcome, detail) in enumerate(
        [
            ("length", "pass", {}),
            ("words", "hold", {"hits": hits}),
            ("contacts", "hold", {"wechat": ["微信 water_2026"]}),
        ]
    ):
        CommentStep.objects.create(comment=row, position=position, step=step, outcome=outcome, detail=detail)
    make_decision(row, from_state="", rule="words", reason="word")
    make_report(row, reason="rumour", note="没有根据")
    page = desk.get(QUEUE)
    (card,) = page.context["cards"]
    assert [(piece.text, piece.why) for piece in card.pieces] == [
        ("据网传", "待审词“据网传”"),
        ("，加", ""),
        ("微信 water_2026", "微信号"),
        (" 细说", ""),
    ]
    record = card.record
    assert (record.name, record.approved, record.refused, record.waiting) == ("柳溪人", 1, 1, 1)
    assert [sanction.reason for sanction in record.in_force] == ["刷屏"]
    marks = [mark.text_content() for mark in tree(page).xpath("//article//mark")]
    assert marks == ["据网传", "微信 water_2026"]
    for told in (
        *[
            "敏感词：拦截待审",
            "待审词“据网传”",
            "链接和联系方式：拦截待审",
            "微信号 微信 water_2026",
            "风险 70",
            "刷屏",
        ],
        *[
            "回复 楼主（已通过）：楼上的话",
            "IP 属地 浙江",
            "造谣",
            "没有根据",
            row.article.list_title,
            "系统拦截待审：含有敏感词",
        ],
    ):
        assert told in page.text, told
    links = tree(page).xpath("//article//a/@href")
    assert row.article.get_absolute_url() in links


def test_a_visitor_is_known_by_her_network(desk):
    row = waiting(network="192.0.2.0/24")
    make_comment(network="192.0.2.0/24", state="spam")
    make_comment(network="192.0.2.0/24", author=make_member("neighbour"))
    make_sanction(network="192.0.2.0/24", reason="广告")
    (card,) = desk.get(QUEUE).context["cards"]
    assert card.comment == row
    assert (card.record.name, card.record.approved, card.record.refused) == ("游客（192.0.2.0/24）", 0, 1)
    assert [sanction.reason for sanction in card.record.sanctions] == ["广告"]


def test_hostile_text_is_shown_as_text(desk):
    waiting(body="<script>alert(1)</script>\n第二行", nickname="<b>粗</b>")
    page = desk.get(QUEUE)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>第二行" in page.text
    assert "<b>粗" not in page.text


@pytest.mark.parametrize(
    ("body", "spans", "pieces"),
    [
        ("甲乙丙", [], [("甲乙丙", "")]),
        ("甲乙丙", [(0, 2), (1, 3)], [("甲乙", "禁止词“x”"), ("丙", "")]),
        ("甲乙", [(0, 9)], [("甲乙", "")]),
        ("", [], []),
    ],
)
def test_marks_do_not_overlap_and_stay_within_the_text(body, spans, pieces):
    hits = [{"word": "x", "level": "block", "start": start, "end": end} for start, end in spans]
    step = CommentStep(step="words", outcome="reject", detail={"hits": hits})
    assert [(piece.text, piece.why) for piece in cards.pieces_of(body, [step])] == pieces


def test_a_card_of_its_own_shows_the_whole_record(desk, moderator):
    row = waiting()
    make_decision(row, from_state="", rule="default")
    do("reject", row, moderator, note="请就事论事")
    page = desk.get(url("change", row.pk))
    assert [decision.to_state for decision in page.context["history"]] == ["waiting", "rejected"]
    assert "请就事论事" in page.text
    assert page.text.count('id="card-') == 2
    for missing in ("999999", "abc", "9" * 30):
        assert desk.get(f"/admin/comments/comment/{missing}/change/").status_code == 404


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", ["waiting", "reported", "appeals", "done", "mine"])
def test_a_queue_takes_the_same_queries_for_one_and_for_many(desk, moderator, tab):
    counts = []
    for more in (1, 18):
        for number in range(more):
            author = make_member(f"writer-{tab}-{more}-{number}")
            row = waiting(author=author, risk=number)
            make_decision(row, from_state="", rule="default")
            make_sanction(user=author)
            CommentStep.objects.create(comment=row, position=0, step="history", outcome="note", detail={})
            if tab != "waiting":
                make_report(row, reporter=author)
                do("reject", row, moderator)
            if tab == "reported":
                make_report(do("restore", row, moderator))
            if tab == "appeals":
                make_appeal(Decision.objects.filter(comment=row).latest("id"), user=author)
        desk.get(QUEUE, {"tab": tab})
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(QUEUE, {"tab": tab})
        counts.append(len(queries))
    assert len(page.context["cards"]) == 19
    assert counts[0] == counts[1]
    assert counts[0] <= 40


def test_seen_names_the_last_line_of_the_record(moderator):
    row = waiting()
    assert seen(row) == f"{row.pk}:0"
    do("approve", row, moderator)
    assert seen(row) == f"{row.pk}:{Decision.objects.get().pk}"
