"""Every step of a letter, from every state, by every role; and what each writes down."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Beat
from articles.tests.factories import make_channel, make_city, make_member
from comments.letters import figures, publication, rights, rules
from comments.letters.rules import LetterError, StaleError
from comments.models import Letter, LetterClearance, LetterEvent, LetterFile

from .letters import answered, make_chief, make_letter, published, region_of, shown

pytestmark = pytest.mark.django_db
S = Letter.State
ROLES = ["记者", "责任编辑", "主任", "总编", "审核员", "图片编辑", "站长"]
HANDLING, PUBLISHING = {"责任编辑", "主任", "总编", "审核员"}, {"主任", "总编"}

# step: {state: what it leads to}. Where a state is missing, the step is refused.
TABLE = {
    "assign": {S.RECEIVED: S.RECEIVED, S.FORWARDED: S.FORWARDED, S.ANSWERED: S.ANSWERED},
    "forward": {S.RECEIVED: S.FORWARDED, S.FORWARDED: S.FORWARDED},
    "answer": {S.RECEIVED: S.ANSWERED, S.FORWARDED: S.ANSWERED, S.ANSWERED: S.ANSWERED},
    "message": {state: state for state in S},
    "note": {state: state for state in S},
    "drop": {state: state for state in S},
    "edit": {S.RECEIVED: S.RECEIVED, S.FORWARDED: S.FORWARDED, S.ANSWERED: S.ANSWERED},
    "show": {S.RECEIVED: S.RECEIVED, S.FORWARDED: S.FORWARDED},
    "publish": {S.ANSWERED: S.PUBLISHED, S.PUBLISHED: S.PUBLISHED},
    "withhold": {state: S.WITHHELD for state in S if state != S.WITHHELD},
    "reopen": {S.WITHHELD: S.RECEIVED},
}
# What each step is called with.
VALUES = {
    "assign": {"to": None, "due_on": None},
    "forward": {"office": "市水务局"},
    "answer": {"text": "已经修好。", "answered_by": "市水务局"},
    "message": {"text": "请补一张照片。"},
    "note": {"text": "打过电话。"},
    "withhold": {"closing": "outside", "text": "请找法院。"},
    "reopen": {"note": "又来信了"},
}


def in_state(state: str, chief) -> Letter:
    if state == S.RECEIVED:
        return make_letter()
    if state == S.FORWARDED:
        return rules.forward(make_letter(), user=chief, office="市政工程处")
    if state == S.ANSWERED:
        return answered(chief)
    if state == S.PUBLISHED:
        return published(chief)
    return rules.withhold(make_letter(), user=chief, closing="outside", text="请找法院。")


def take(step: str, letter: Letter, user, **more) -> Letter:
    if step in {"edit", "show", "publish"}:
        return getattr(publication, step)(letter, user=user, values=publication.proposed(letter), **more)
    if step == "drop":
        return rules.drop(letter, user=user, file=make_file(letter), note="有病毒", **more)
    return getattr(rules, step)(letter, user=user, **VALUES[step], **more)


def make_file(letter: Letter) -> LetterFile:
    return letter.files.create(name="情况.pdf", kind="pdf", stored="letters/202610/none.pdf", size=9, sha256="a" * 64)


def test_the_table_is_the_one_of_the_rules():
    assert set(TABLE) == set(rules.STEPS)
    for step, rule in rules.STEPS.items():
        assert set(TABLE[step]) == rule.sources, step
        if rule.target:
            assert set(TABLE[step].values()) == {rule.target}, step


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("step", list(TABLE))
def test_every_step_from_every_state(step, state):
    chief = make_chief()
    letter = in_state(state, chief)
    before, events = letter.version, letter.events.count()
    if state in TABLE[step]:
        done = take(step, letter, chief, seen=before)
        done.refresh_from_db()
        assert (done.state, done.version) == (TABLE[step][state], before + 1)
        assert done.events.count() == events + 1
        assert done.events.last().state == done.state
        assert (done.waiting_since is not None) == done.is_waiting
    else:
        with pytest.raises(LetterError, match="现在是"):
            take(step, letter, chief)
        letter.refresh_from_db()
        assert (letter.state, letter.version, letter.events.count()) == (state, before, events)
    assert figures.recount() == 0


@pytest.mark.parametrize("role", ROLES)
def test_every_step_by_every_role(role):
    chief, user = make_chief(), make_member("somebody", is_staff=True, groups=[role])
    allowed = set()
    for step, states in TABLE.items():
        letter = in_state(next(iter(states)), chief)
        if rules.refusal(letter, step, user):
            with pytest.raises(LetterError, match="权限"):
                take(step, letter, user)
        else:
            take(step, letter, user)
            allowed.add(step)
    publishing = {"show", "publish"} if role in PUBLISHING else set()
    assert allowed == (set(TABLE) - {"show", "publish"} | publishing if role in HANDLING else set())
    assert user.has_perm(rights.VIEWING) == (role in HANDLING)
    assert user.has_perm("comments.view_lettertally") == (role in HANDLING | {"站长"})


def test_what_readers_have_is_taken_from_them_by_who_may_publish():
    chief, editor = make_chief(), make_member("somebody", is_staff=True, groups=["责任编辑"])
    for letter in (published(chief), shown(chief)):
        with pytest.raises(LetterError, match="公开和撤下来信"):
            rules.withhold(letter, user=editor, closing="private", text="撤下。")
        done = rules.withhold(letter, user=chief, closing="private", text="撤下。")
        assert (done.is_public, done.withdrawn_at is not None, done.state) == (False, True, "withheld")


@pytest.mark.parametrize(
    ("beats", "sees"),
    [
        ([], {"zhejiang", "hunan", "hangzhou"}),
        ([("zhejiang", None)], {"zhejiang", "hangzhou"}),
        ([("hangzhou", None)], {"hangzhou"}),
        ([(None, "letters")], {"zhejiang", "hunan", "hangzhou"}),
        ([("hunan", "letters")], {"hunan"}),
        ([("hunan", "tech")], set()),
        ([(None, "tech")], set()),
        ([(None, "tech"), ("hunan", None)], {"hunan"}),
    ],
)
def test_beats_decide_of_whose_letters_an_editor_knows(beats, sees):
    city = make_city(region_of("zhejiang"), slug="hangzhou", name="杭州")
    channels = {"letters": make_channel("nav", kind="link", link="/letters/"), "tech": make_channel("tech"), None: None}
    user = make_member("somebody", is_staff=True, groups=["总编"])
    for region, channel in beats:
        Beat.objects.create(user=user, region=region_of(region) if region else None, channel=channels[channel])
    letters = {slug: make_letter(region=slug) for slug in ("zhejiang", "hunan")} | {
        "hangzhou": make_letter(region=city)
    }

    assert {letter.region.slug for letter in Letter.objects.filter(rights.within(user))} == sees
    for slug, letter in letters.items():
        refusal = rules.refusal(letter, "forward", user)
        assert (refusal == "") == (slug in sees), slug
        assert refusal in {"", "这封信不在您的分管范围内。"}


def test_a_screen_that_is_out_of_date_changes_nothing():
    chief, letter = make_chief(), make_letter()
    seen = letter.version
    rules.forward(letter, user=chief, office="市水务局", seen=seen)
    with pytest.raises(StaleError, match="别人刚刚处理过这封信"):
        rules.answer(letter, user=chief, text="已经修好。", answered_by="市水务局", seen=seen)
    letter.refresh_from_db()
    assert (letter.state, letter.answer) == ("forwarded", "")


def test_the_time_is_that_of_the_first_answer():
    chief = make_chief()
    letter = make_letter(days_ago=10)
    at = timezone.now() - timedelta(days=4)
    letter = rules.answer(letter, user=chief, text="第一次答复。", answered_by="市水务局", at=at)
    letter = rules.answer(letter, user=chief, text="更好的答复。", answered_by="市水务局")
    assert (letter.answer, letter.days, letter.answered_at) == ("更好的答复。", 6, at)
    said = letter.events.filter(kind="answered").values_list("message", flat=True)
    assert list(said) == ["第一次答复。", "更好的答复。"]
    assert figures.by_province()[0].median == 6


def test_another_answer_takes_the_public_one_away():
    """What was made ready for readers was of the answer before."""
    chief = make_chief()
    letter = answered(chief)
    publication.edit(letter, user=chief, values=publication.proposed(letter))
    letter = rules.answer(letter, user=chief, text="更好的答复。", answered_by="市水务局")
    assert (letter.public_answer, letter.public_text != "") == ("", True)
    assert publication.proposed(letter)["public_answer"] == "更好的答复。"


def test_an_end_without_an_answer_says_why():
    chief = make_chief()
    with pytest.raises(LetterError, match="还没有答复"):
        rules.withhold(make_letter(), user=chief, closing="outside")
    assert rules.withhold(make_letter(), user=chief, closing="void").state == "withheld"
    assert rules.withhold(answered(chief), user=chief, closing="no_consent").state == "withheld"


def test_advertisements_are_in_no_figure():
    chief = make_chief()
    letter = rules.withhold(make_letter(), user=chief, closing="void")
    rules.withhold(make_letter(), user=chief, closing="duplicate", text="见另一封。")
    total, _ = figures.by_province()
    assert (total.received, total.answered) == (1, 0)
    rules.reopen(letter, user=chief)
    assert figures.by_province()[0].received == 2
    assert figures.recount() == 0


def test_a_letter_is_taken_up_again_where_it_stood():
    chief = make_chief()
    for letter, state in (
        (make_letter(), "received"),
        (rules.forward(make_letter(), user=chief, office="市水务局"), "forwarded"),
        (answered(chief), "answered"),
        (published(chief), "answered"),
    ):
        rules.withhold(letter, user=chief, closing="private", text="不宜公开。")
        again = rules.reopen(letter, user=chief)
        assert (again.state, again.closing, again.closed_at) == (state, "", None)


def test_the_sender_changes_her_mind():
    chief = make_chief()
    for letter, state in ((published(chief), "withheld"), (shown(chief), "forwarded"), (make_letter(), "received")):
        done = rules.change_consent(letter, consent=False)
        assert (done.is_public, done.consent, done.state) == (False, False, state)
        assert done.events.last().kind == "consent"
        with pytest.raises(LetterError):
            take("publish" if state == "withheld" else "show", done, chief)
        events = rules.change_consent(done, consent=True).events.count()
        done.refresh_from_db()
        # Pressed twice: no screen of the desk is out of date by it.
        again = rules.change_consent(done, consent=True)
        again.refresh_from_db()
        assert (again.version, again.events.count()) == (done.version, events)
    assert figures.recount() == 0


# --- What the database keeps ---


@pytest.mark.parametrize(
    "change", [{"text": "改过"}, {"subject": "改过"}, {"receipt": "AAAA-AAAA-AAAA"}, {"received_at": timezone.now()}]
)
def test_the_original_cannot_be_changed(change):
    letter = make_letter()
    with pytest.raises(IntegrityError, match="来信原文不能修改"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)
    Letter.objects.filter(pk=letter.pk).update(name="别的字段")


def test_the_record_cannot_be_changed():
    chief, letter = make_chief(), make_letter(text="我的电话是 13800138000，路灯坏了。")
    (found,) = publication.unsettled(letter, {"public_text": letter.text})
    publication.clear(letter, user=chief, hits={found.hit: "他自己要求公开"})
    for row, change, told in (
        (letter.events.first(), {"note": "改过"}, "来信办理记录不能修改"),
        (letter.clearances.first(), {"reason": "改过"}, "个人信息保留确认不能修改"),
    ):
        with pytest.raises(IntegrityError, match=told), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        letter.delete()
    # An account may go; what it did stays.
    rules.note(letter, user=chief, text="备注")
    name = str(chief)
    chief.delete()
    assert LetterEvent.objects.filter(user=None, signed_as=name).exists()
    assert LetterClearance.objects.get().signed_as == name
    assert LetterFile.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"phone": "", "email": ""},
        {"published_at": timezone.now()},
        {"state": "published"},
    ],
)
def test_the_database_refuses_what_the_rules_would(change):
    letter = make_letter(consent=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)
