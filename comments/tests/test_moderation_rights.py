"""Who may do what, in which state: all combinations of roles, states and acts, and the doors that lead to them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Beat
from articles.tests.factories import make_article, make_channel, make_city, make_member
from comments.models import Appeal, Comment, CommentPolicy, Decision, Report, Sanction, TrustedMember
from comments.moderation import judging, queues
from comments.moderation.judging import ACTS, Order, Sight
from comments.refusals import Refused
from regions.models import Region

from .factories import make_appeal, make_comment, make_decision, make_policy, make_report, make_sanction
from .moderating import QUEUE, do, local_moderator, post, seen, shown, sight_of, url

pytestmark = pytest.mark.django_db

STAFF = ["记者", "责任编辑", "主任", "总编", "审核员", "图片编辑", "站长"]
MODERATORS = {"审核员", "总编"}
FEATURING = MODERATORS | {"责任编辑"}


def people() -> dict:
    staff = {role: make_member(f"role-{number}", is_staff=True, groups=[role]) for number, role in enumerate(STAFF)}
    own = make_member("channel-moderator", is_staff=True, groups=["审核员"])
    Beat.objects.create(user=own, channel=make_channel())
    return {**staff, "会员": make_member("plain"), "别处的审核员": own}


def reported() -> Comment:
    comment = make_comment()
    make_report(comment)
    comment.refresh_from_db()
    return comment


def appealed() -> Comment:
    comment = make_comment(state="rejected", author=make_member("appellant"))
    make_appeal(make_decision(comment, from_state="waiting", actor=make_member("judge", is_staff=True)))
    return comment


def below_a_rejected_one() -> Comment:
    root = make_comment(state="rejected")
    return make_comment(parent=root)


STATES: dict[str, Callable[[], Comment]] = {
    "待审": lambda: make_comment(state="waiting"),
    "拦截": lambda: make_comment(state="withheld"),
    "已通过": make_comment,
    "被举报": reported,
    "精选": lambda: make_comment(is_featured=True),
    "楼已不公开": below_a_rejected_one,
    "未通过": lambda: make_comment(state="rejected"),
    "垃圾": lambda: make_comment(state="spam"),
    "申诉中": appealed,
    "已删除": lambda: make_comment(state="deleted"),
}
JUDGED = {"approve": MODERATORS, "reject": MODERATORS, "spam": MODERATORS}
REFUSABLE = {"reject": MODERATORS, "spam": MODERATORS}
# Whoever is not named is refused.
ALLOWED = {
    "待审": JUDGED,
    "拦截": JUDGED,
    "已通过": {**REFUSABLE, "feature": FEATURING},
    "被举报": {**REFUSABLE, "keep": MODERATORS, "feature": FEATURING},
    "精选": {**REFUSABLE, "unfeature": FEATURING},
    "楼已不公开": REFUSABLE,
    "未通过": {"restore": MODERATORS, "spam": MODERATORS},
    "垃圾": {"restore": MODERATORS, "reject": MODERATORS},
    "申诉中": {},
    "已删除": {},
}


@pytest.mark.parametrize("state", STATES)
def test_every_act_by_every_role(state):
    cast, comment = people(), STATES[state]()
    for name, act in ACTS.items():
        done = set()
        for role, user in cast.items():
            with transaction.atomic():
                try:
                    judging.judge(sight_of(comment), Order(act, "attack" if name == "reject" else ""), user=user)
                    done.add(role)
                except Refused:
                    pass
                transaction.set_rollback(True)
        assert done == ALLOWED[state].get(name, set()), name


# --- The doors --------------------------------------------------------------------------------------------------------


def snapshot() -> tuple:
    """What any of the doors would change."""
    return (
        list(Comment.objects.order_by("pk").values_list("pk", "state", "is_featured", "reports_open")),
        Decision.objects.count(),
        list(Report.objects.order_by("pk").values_list("state")),
        list(Appeal.objects.order_by("pk").values_list("state")),
        list(Sanction.objects.order_by("pk").values_list("lifted_at")),
    )


def judged(client, comment) -> None:
    for name in ACTS:
        post(client, name, comment)


def in_bulk(client, comment) -> None:
    client.post(url("many"), {"chosen": [seen(comment)], "act": "reject", "reason": "ad"})


def sanctioned(client, comment) -> None:
    client.post(url("sanction", comment.pk), {"kind": "ban", "days": "0", "why": "谩骂"})


def answered(client, comment) -> None:
    client.post(url("appeal", comment.pk), {"verdict": "uphold", "text": "有理"})


def lifted(client, comment) -> None:
    client.post(reverse("admin:comments_sanction_lift", args=[Sanction.objects.get().pk]), {"reason": "已改正"})


def undone(client, comment) -> None:
    decision = Decision.objects.filter(comment=comment).order_by("-id").first()
    client.post(url("undo"), {"decision": decision.pk})
    client.post(url("undo"))


def with_a_sanction() -> Comment:
    comment = make_comment(author=make_member("muted"))
    make_sanction(user=comment.author, comment=comment)
    return comment


def decided_by_another() -> Comment:
    return do("approve", make_comment(state="waiting"), make_member("done-by", is_staff=True, groups=["审核员"]))


DOORS = {
    "card": (judged, STATES["待审"], MODERATORS),
    "card of a public one": (judged, make_comment, FEATURING),
    "many at once": (in_bulk, STATES["待审"], MODERATORS),
    "sanction": (sanctioned, lambda: make_comment(author=make_member("rude")), MODERATORS),
    "sanction of a network": (sanctioned, lambda: make_comment(network="192.0.2.0/24"), MODERATORS),
    "appeal": (answered, appealed, MODERATORS),
    "lifting": (lifted, with_a_sanction, MODERATORS),
    # Nobody takes back what another decided.
    "undoing": (undone, decided_by_another, set()),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_by_every_role(door, client):
    go, make, allowed = DOORS[door]
    cast, comment = people(), make()
    before, done = snapshot(), set()
    for role, user in cast.items():
        client.force_login(user)
        with transaction.atomic():
            go(client, Comment.objects.get(pk=comment.pk))
            if snapshot() != before:
                done.add(role)
            transaction.set_rollback(True)
    assert done == allowed


PAGES = {
    "queue": (lambda comment: QUEUE, {"责任编辑", "总编", "审核员", "站长", "别处的审核员"}),
    "card": (lambda comment: url("change", comment.pk), {"责任编辑", "总编", "审核员", "站长"}),
    "many": (lambda comment: url("many"), {"总编", "审核员", "别处的审核员"}),
    "decisions": (
        lambda comment: reverse("admin:comments_decision_export"),
        {"责任编辑", "总编", "审核员", "站长", "别处的审核员"},
    ),
    "trial": (lambda comment: reverse("admin:comments_commentpolicy_try"), {"总编", "审核员", "站长", "别处的审核员"}),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_by_every_role(page, client):
    address, allowed = PAGES[page]
    comment = make_comment(state="waiting")
    opened = set()
    for role, user in people().items():
        client.force_login(user)
        if client.get(address(comment)).status_code == 200:
            opened.add(role)
    assert opened == allowed


# --- Beats ------------------------------------------------------------------------------------------------------------


def test_a_moderator_of_a_channel_sees_and_decides_there_alone(client):
    channel = make_channel()
    user = local_moderator(channel=channel)
    own, foreign = make_comment(make_article(channel=channel), state="waiting"), make_comment(state="waiting")
    for comment in (own, foreign):
        make_report(comment)
    client.force_login(user)
    for tab in ("waiting", "reported"):
        assert shown(client.get(QUEUE, {"tab": tab})) == [own.pk]
    assert shown(client.get(QUEUE, {"q": str(foreign.pk)})) == []
    assert shown(client.get(QUEUE, {"article": foreign.article_id})) == []
    assert client.get(url("change", foreign.pk)).status_code == 404
    for name in ("approve", "reject", "spam"):
        assert "不在你的分管范围" in post(client, name, foreign).text
    page = client.post(url("many"), {"chosen": [seen(own), seen(foreign)], "act": "reject", "reason": "ad"})
    assert [failure.pk for failure in page.context["outcome"].failures] == [foreign.pk]
    assert page.context["outcome"].done == [own.pk]
    assert client.post(url("sanction", foreign.pk), {"kind": "ban", "days": "0", "why": "骂人"}).status_code == 404
    assert client.post(url("appeal", foreign.pk), {"verdict": "uphold", "text": "好"}).status_code == 404


def test_a_moderator_of_a_region_sees_its_cities(client):
    hunan = Region.objects.get(slug="hunan")
    user = local_moderator(region=hunan)
    city = make_comment(make_article(regions=[make_city(hunan)]), state="waiting")
    make_comment(state="waiting")
    client.force_login(user)
    assert shown(client.get(QUEUE)) == [city.pk]
    assert [tab.number for tab in client.get(QUEUE).context["tabs"]] == ["1", "0", "0", "0", "0"]


def test_what_a_moderator_of_a_channel_imposes_holds_there_alone(client):
    channel = make_channel(name="就案说法")
    client.force_login(local_moderator(channel=channel))
    comment = make_comment(make_article(channel=channel), author=make_member("rude"))
    client.post(url("sanction", comment.pk), {"kind": "mute", "days": "3", "why": "谩骂"})
    sanction = Sanction.objects.get()
    assert (sanction.channel, sanction.user, sanction.comment) == (channel, comment.author, comment)


def test_a_moderator_of_a_channel_ends_what_holds_there_alone(client):
    channel = make_channel()
    user = local_moderator(channel=channel)
    comment, rude = make_comment(make_article(channel=channel), author=make_member("rude")), make_member("rude2")
    whole, here = make_sanction(user=rude, comment=comment), make_sanction(user=rude, comment=comment, channel=channel)
    elsewhere = make_sanction(user=rude, comment=comment, channel=make_channel())
    own = make_sanction(user=rude, comment=comment, by=user)
    client.force_login(user)
    for sanction in (whole, here, elsewhere, own):
        lift = reverse("admin:comments_sanction_lift", args=[sanction.pk])
        is_hers = sanction in (here, own)
        page = client.get(reverse("admin:comments_sanction_change", args=[sanction.pk]))
        assert (lift in page.text) == is_hers
        answer = client.post(lift, {"reason": "已改正"}, follow=True)
        assert ("请找处罚人或分管全站的人解除" in answer.text) != is_hers
    assert list(Sanction.objects.in_force().order_by("pk")) == [whole, elsewhere]


def test_trust_and_the_sites_rules_are_for_whoever_answers_for_the_whole_site(client):
    channel, other = make_channel(), make_channel()
    user = local_moderator(channel=channel)
    user.groups.add(Group.objects.get(name="总编"))
    trusted = TrustedMember.objects.create(user=make_member("liuxi"))
    client.force_login(user)
    assert client.get(reverse("admin:comments_trustedmember_changelist")).status_code == 200
    for route, args in (("add", []), ("delete", [trusted.pk])):
        address = reverse(f"admin:comments_trustedmember_{route}", args=args)
        assert client.post(address, {"username": "liuxi", "note": "", "post": "yes"}).status_code == 403
    changed = reverse("admin:comments_trustedmember_change", args=[trusted.pk])
    assert client.post(changed, {"note": "改"}).status_code == 403

    rules = {row: make_policy(channel=row) for row in (None, channel, other)}
    for row, policy in rules.items():
        change = reverse("admin:comments_commentpolicy_change", args=[policy.pk])
        values = {"needed_approvals": 3, "closes_after_days": 0, "seconds_between": 0, "most_in_ten_minutes": 0}
        values |= {"most_in_a_day": 0, "network_factor": 4, "longest": 123, "hide_after_reports": 5, "mode": "pre"}
        assert client.post(change, values).status_code == (302 if row == channel else 403)
    assert list(CommentPolicy.objects.filter(longest=123)) == [rules[channel]]
    rules[channel].delete()
    add = reverse("admin:comments_commentpolicy_add")
    for chosen, status in (("", 200), (other.pk, 200), (channel.pk, 302)):
        assert client.post(add, {**values, "channel": chosen}).status_code == status
    assert CommentPolicy.objects.filter(channel=channel).count() == 1


def test_records_keep_to_the_beat(client):
    channel = make_channel()
    user = local_moderator(channel=channel)
    own, foreign = make_comment(make_article(channel=channel)), make_comment()
    for comment in (own, foreign):
        make_appeal(make_decision(comment, to_state="rejected", reason="ad", from_state="waiting"))
        make_report(comment)
        make_sanction(network="192.0.2.0/24", comment=comment)
    client.force_login(user)
    for name in ("decision", "report", "appeal", "sanction"):
        listed = client.get(reverse(f"admin:comments_{name}_changelist"))
        assert listed.context["cl"].result_count == 1, name
    today = timezone.localdate()
    text = b"".join(client.post(reverse("admin:comments_decision_export"), {"first": today, "last": today})).decode()
    assert own.body in text
    assert foreign.body not in text


def test_whoever_has_beats_sees_the_last_records_and_all_that_she_searches_for(client, monkeypatch):
    for module in ("articles.beats", "comments.admin.records"):
        monkeypatch.setattr(f"{module}.LOOKED_THROUGH", 2)
    user, another = local_moderator(channel=make_channel()), make_member("another", groups=["审核员"])
    own = make_comment(make_article(channel=user.beats.get().channel))
    make_decision(own, actor=user, from_state="waiting")
    decisions = reverse("admin:comments_decision_changelist")
    client.force_login(user)

    def seen_now() -> tuple:
        lists = [shown(client.get(QUEUE, {"tab": tab})) for tab in ("done", "mine")]
        return *lists, *(client.get(decisions, asked).context["cl"].result_count for asked in ({}, {"q": own.pk}))

    assert seen_now() == ([own.pk], [own.pk], 1, 1)
    for _ in range(2):
        make_decision(make_comment(), actor=another, from_state="waiting")
    assert seen_now() == ([], [own.pk], 0, 1)


# --- Oneself ----------------------------------------------------------------------------------------------------------


def test_nobody_decides_about_herself(client, moderator):
    comment = make_comment(state="waiting", author=moderator)
    client.force_login(moderator)
    assert "自己的评论" in post(client, "approve", comment).text
    assert not next(iter(client.get(url("change", comment.pk)).context["cards"])).acts
    page = client.post(url("sanction", comment.pk), {"kind": "ban", "days": "0", "why": "试试"}, follow=True)
    assert Sanction.objects.count() == 0
    assert "不能处罚自己" in page.text
    appeal = make_appeal(make_decision(make_comment(state="rejected", author=moderator), from_state="waiting"))
    with pytest.raises(Refused, match="自己的评论"):
        judging.answer_appeal(appeal, user=moderator, is_upheld=True, text="好")


@pytest.mark.parametrize("text", ["", "12", "12:", ":3", "a:1", "1:b", "1:2:3", "٣:1", "1" * 19 + ":1"])
def test_a_sight_that_makes_no_sense_is_none(text, client, moderator):
    assert Sight.read(text) is None
    client.force_login(moderator)
    answer = client.post(url("judge"), {"sight": text, "act": "approve"}, follow=True)
    assert answer.status_code == 200
    assert "没有处理：页面不完整" in answer.text


def test_the_rights_are_asked_for_by_their_names():
    assert {act.right for act in ACTS.values()} == {queues.MODERATE, queues.FEATURE}
