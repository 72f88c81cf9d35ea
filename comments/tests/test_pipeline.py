"""Each step by itself, and all of them in order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import ListedWord
from articles.tests.factories import make_article, make_channel
from comments import pipeline
from comments.models import Comment, CommentPolicy, Sanction
from comments.pipeline import REFUSE, STEP_NAMES, STEPS, STEPS_WITH_PHONE, Outcome, examine
from comments.refusals import span_of
from comments.rules import Rules, rules_for
from newsportal.lib.wordlist import Entry, WordList

from .factories import make_policy
from .writing import ago, make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make_article(channel=make_channel(name="要闻快讯"))


def outcome(step: str, draft) -> tuple[str, str]:
    result = STEPS[step](draft)
    return str(result.outcome), result.message


def test_the_order_of_the_steps():
    order = ["length", "closed", "sanctions", "rate", "duplicate", "words", "contacts", "history", "default"]
    assert list(STEPS) == order
    with_phone = [*order[:2], "phone", *order[2:]]
    assert list(STEPS_WITH_PHONE) == list(STEP_NAMES) == with_phone


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"body": ""}, "请写下评论再发表。"),
        ({"body": "长" * 1001}, "评论最多 1000 个字，现在有 1001 个：请删去一些再发表。"),
        ({"body": "长" * 100_000}, "评论最多 1000 个字，现在有 100000 个：请删去一些再发表。"),
        ({"is_member": False, "nickname": ""}, "请填一个昵称。"),
        ({"is_member": False, "nickname": "名" * 21}, "昵称最多 20 个字。"),
        ({"body": "长" * 1000}, ""),
        ({"is_member": False, "nickname": "名" * 20}, ""),
    ],
)
def test_length(article, values, said):
    assert outcome("length", make_draft(article, **values)) == (REFUSE if said else "pass", said)


def test_closed(article):
    assert outcome("closed", make_draft(article)) == ("pass", "")
    shut = Rules(CommentPolicy(), is_site_open=False)
    assert outcome("closed", make_draft(article, rules=shut))[1] == "本站评论暂时关闭。"
    policy = CommentPolicy(is_open=False)
    assert outcome("closed", make_draft(article, policy=policy))[1] == "“要闻快讯”栏目的评论已关闭。"
    article.published_at = ago(days=3, minutes=1)
    policy = CommentPolicy(closes_after_days=3)
    assert outcome("closed", make_draft(article, policy=policy))[1] == "发布满 3 天的稿件不再接受评论。"
    article.published_at = ago(days=3, minutes=-1)
    assert outcome("closed", make_draft(article, policy=policy))[0] == "pass"
    article.comments_open = False
    assert outcome("closed", make_draft(article))[1] == "这篇稿件的评论已关闭。"
    article.status = "withdrawn"
    assert outcome("closed", make_draft(article))[1] == "这篇稿件已经不公开，不能评论。"


def test_visitors_comment_where_the_rules_let_them(article):
    draft = {"is_member": False, "nickname": "读者"}
    assert outcome("closed", make_draft(article, **draft))[1] == "请先登录再评论。"
    policy = CommentPolicy(visitors_may_comment=True)
    assert outcome("closed", make_draft(article, policy=policy, **draft))[0] == "pass"


def test_the_rules_are_the_channels_then_the_sites_then_the_defaults(article):
    rules = rules_for(article.channel)
    assert (rules.policy.mode, rules.policy.visitors_may_comment, rules.is_site_open) == ("pre", False, True)
    site = make_policy(mode="after_n")
    assert rules_for(article.channel).policy == site
    own = make_policy(channel=article.channel, mode="trusted")
    make_policy(channel=make_channel())
    assert rules_for(article.channel_id).policy == own
    assert rules_for(None).policy == site
    site.is_open = False
    site.save()
    assert rules_for(article.channel).closed_because(article, timezone.now()) == "本站评论暂时关闭。"
    assert CommentPolicy.objects.count() == 3


def sanction(kind: str, **values) -> Sanction:
    return Sanction(**{"kind": kind, "reason": "骂人", "user_id": 1, "until": None, **values})


def test_sanctions(article):
    until = timezone.localtime().replace(year=2030, month=5, day=1, hour=8, minute=0)
    draft = make_draft(article, sanctions=[sanction("mute", until=until)])
    assert outcome("sanctions", draft) == (REFUSE, "您被禁言，到 2030年5月1日 08:00 为止。原因：骂人")
    draft = make_draft(article, sanctions=[sanction("mute", until=until), sanction("ban", channel=article.channel)])
    said = "您在“要闻快讯”栏目被封禁，不能评论，没有期限。原因：骂人"
    assert outcome("sanctions", draft) == (REFUSE, said)
    result = pipeline.sanctions(make_draft(article, sanctions=[sanction("hold")]))
    assert (result.outcome, result.reason) == (Outcome.HOLD, "sanction")
    said = "编辑部给您发了一条警告：请先在“我的评论”里点“知道了”，再发表评论。"
    assert outcome("sanctions", make_draft(article, sanctions=[sanction("warn")])) == (REFUSE, said)
    read = sanction("warn", acknowledged_at=timezone.now())
    assert outcome("sanctions", make_draft(article, sanctions=[read])) == ("pass", "")


def test_who_is_slowed_down_waits_ten_minutes(article):
    slow = [sanction("slow")]
    assert outcome("sanctions", make_draft(article, sanctions=slow))[0] == "pass"
    now = timezone.now()
    draft = make_draft(article, sanctions=slow, at=now, own_times=[now - timedelta(minutes=4)])
    assert outcome("sanctions", draft) == (REFUSE, "您的发言被限速（骂人），请 6 分钟后再试。")
    draft = make_draft(article, sanctions=slow, at=now, own_times=[now - timedelta(minutes=10)])
    assert outcome("sanctions", draft)[0] == "pass"


def test_seconds_between_two(article):
    now = timezone.now()
    draft = make_draft(article, at=now, own_times=[now - timedelta(seconds=3)])
    result = pipeline.rate(draft)
    assert (result.message, result.wait) == ("发表太频繁了，请 12 秒后再试。", 12)
    draft = make_draft(article, at=now, own_times=[now - timedelta(seconds=3.5)])
    assert pipeline.rate(draft).wait == 12
    draft = make_draft(article, at=now, own_times=[now - timedelta(seconds=15)])
    assert pipeline.rate(draft).outcome == "pass"


def test_how_many_in_ten_minutes_and_in_a_day(article):
    now = timezone.now()
    five = [now - timedelta(minutes=each) for each in (1, 2, 3, 4, 5)]
    assert outcome("rate", make_draft(article, at=now, own_times=five))[1] == "发表太频繁了，请 5 分钟后再试。"
    assert outcome("rate", make_draft(article, at=now, own_times=five[:4]))[0] == "pass"
    thirty = [now - timedelta(minutes=20 * each) for each in range(1, 31)]
    assert outcome("rate", make_draft(article, at=now, own_times=thirty))[1] == "发表太频繁了，请 14 小时后再试。"
    none = CommentPolicy(seconds_between=0, most_in_ten_minutes=0, most_in_a_day=0)
    assert outcome("rate", make_draft(article, at=now, own_times=thirty, policy=none))[0] == "pass"


def test_a_network_may_write_four_times_as_often(article):
    now = timezone.now()
    three = [now - timedelta(seconds=each) for each in (1, 2, 3)]
    assert outcome("rate", make_draft(article, at=now, network_times=three))[0] == "pass"
    four = [*three, now - timedelta(seconds=5)]
    said = "您所在的网络发表太频繁了，请 10 秒后再试。"
    assert outcome("rate", make_draft(article, at=now, network_times=four)) == (REFUSE, said)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 秒"), (12, "12 秒"), (59, "59 秒"), (60, "1 分钟"), (61, "2 分钟"), (3600, "1 小时"), (3601, "2 小时")],
)
def test_spans_in_words(seconds, said):
    assert span_of(seconds) == said


def test_duplicates(article):
    said = "这段话您在一天之内已经发过，不用重复发表。"
    assert outcome("duplicate", make_draft(article, is_own_repeat=True)) == (REFUSE, said)
    assert outcome("duplicate", make_draft(article, is_own_repeat=True, is_edit=True))[0] == "pass"
    assert outcome("duplicate", make_draft(article, same_by_others=1))[0] == "pass"
    result = pipeline.duplicate(make_draft(article, same_by_others=2))
    assert (result.outcome, result.reason, result.detail) == (Outcome.HOLD, "ad", {"others": 2})


@pytest.mark.parametrize(("level", "found"), [("block", "reject"), ("hold", "hold"), ("warn", "note")])
def test_listed_words(article, level, found):
    word = ListedWord(word="加微信", level=level, reason="广告", in_comments=True)
    result = pipeline.words(make_draft(article, body="好文，加 薇信/加 微 信 看看", words=[word]))
    assert str(result.outcome) == found
    (hit,) = result.detail["hits"]
    assert (hit["word"], hit["level"], hit["field"], hit["start"], hit["end"]) == ("加微信", level, "body", 8, 13)
    assert hit["version"] == word.changed_at.isoformat()
    assert pipeline.words(make_draft(article, words=[word])).outcome == "pass"


def test_a_visitors_nickname_is_looked_at_too(article):
    words = {1: ListedWord(word="总编辑", level="block", changed_at=timezone.now())}
    names = {"listed_names": WordList([Entry(1, "总编辑")]), "name_words": words}
    draft = make_draft(article, is_member=False, nickname="本报总编辑", **names)
    assert outcome("words", draft) == (REFUSE, "这个昵称不能用，请换一个。")
    words[1].level = "hold"
    assert outcome("words", draft)[0] == "hold"


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("详情见 https://a.example/x 和 www.b.com", ["links"]),
        ("打 13912345678 找我", ["phones"]),
        ("打 139-1234-5678", ["phones"]),
        ("打 １３９１２３４５６７８", ["phones"]),
        ("幺三九幺二三四五六七八，随时", ["phones"]),
        ("①③⑨ ①②③④ ⑤⑥⑦⑧", ["phones"]),
        ("139，1234，5678", ["phones"]),
        ("+86 139·1234·5678", ["phones"]),
        ("扣扣一二三四五六七八九", ["qq"]),
        ("一共一万三千九百一十二元，三十四人，五十六天", []),
        ("电话 010-12345678", ["phones"]),
        ("加扣扣 123456789", ["qq"]),
        ("QQ群：87654321", ["qq"]),
        ("微信号：abc_12345", ["wechat"]),
        ("加V xiaoli2020", ["wechat"]),
        ("2026年11月27日，第13912345678901号文", []),
        ("三环路上堵了 2 公里，我 8:30 才到。", []),
        ("微信很好用，QQ 也不错。", []),
    ],
)
def test_links_and_numbers(article, body, kinds):
    result = pipeline.contacts(make_draft(article, body=body))
    assert sorted(result.detail) == kinds
    assert (result.outcome, result.reason) == ((Outcome.HOLD, "contact") if kinds else (Outcome.PASS, ""))


def test_links_to_this_site_are_welcome(article, settings):
    assert pipeline.contacts(make_draft(article, body=f"见 {settings.SITE_URL}/rolling/")).outcome == "pass"


@pytest.mark.parametrize(
    ("past", "found"),
    [
        ([], "pass"),
        (["rejected"] * 2, "pass"),
        (["rejected"] * 3, "hold"),
        (["spam", "rejected", "rejected", "approved", "approved", "approved"], "hold"),
        (["spam", "rejected", "rejected", *["approved"] * 4], "pass"),
    ],
)
def test_what_became_of_the_last_ones(article, past, found):
    result = pipeline.history(make_draft(article, past=past))
    assert str(result.outcome) == found


@pytest.mark.parametrize(
    ("mode", "values", "found"),
    [
        ("pre", {"is_trusted": True, "approvals": 99, "is_staff": True}, "wait"),
        ("trusted", {"is_trusted": True}, "approve"),
        ("trusted", {"approvals": 99}, "wait"),
        ("after_n", {"approvals": 3}, "approve"),
        ("after_n", {"approvals": 2}, "wait"),
        ("after_n", {"approvals": 3, "is_member": False}, "wait"),
    ],
)
def test_who_is_read_at_once(article, mode, values, found):
    assert outcome("default", make_draft(article, policy=CommentPolicy(mode=mode), **values)) == (found, "")


# --- All of them ---


def test_the_first_final_word_decides_and_all_are_asked(article):
    word = ListedWord(word="内幕", level="hold", reason="")
    body = "内幕见 https://a.example"
    verdict = examine(make_draft(article, body=body, words=[word], past=["spam"] * 5))
    assert (verdict.rule, verdict.state) == ("words", Comment.State.WITHHELD)
    assert list(verdict.results) == list(STEPS)
    assert [name for name, result in verdict.results.items() if result.outcome == "hold"] == [
        "words",
        "contacts",
        "history",
    ]
    assert (verdict.risk, verdict.links) == (80, 1)


def test_a_refusal_ends_the_asking(article):
    verdict = examine(make_draft(article, is_own_repeat=True))
    assert (verdict.is_refused, verdict.rule) == (True, "duplicate")
    assert list(verdict.results) == ["length", "closed", "sanctions", "rate", "duplicate"]


def test_a_late_refusal_counts_more_than_an_early_hold(article):
    """Of a held sender: what cannot be taken in at all is not taken in."""
    verdict = examine(make_draft(article, sanctions=[sanction("hold")], is_own_repeat=True))
    assert (verdict.is_refused, verdict.rule) == (True, "duplicate")


def test_nothing_remarkable_waits_for_a_moderator(article):
    verdict = examine(make_draft(article))
    assert (verdict.rule, verdict.state, verdict.risk, verdict.links) == ("default", Comment.State.WAITING, 0, 0)


def test_one_step_can_be_tried_alone(article):
    verdict = examine(
        make_draft(article, past=["spam"] * 5), {"history": pipeline.history, "default": pipeline.default}
    )
    assert (verdict.rule, list(verdict.results)) == ("history", ["history", "default"])
