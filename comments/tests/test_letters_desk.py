"""The letter desk in the back office: who sees what, every form, the public text, files and figures."""

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Beat, ListedWord
from articles.tests.factories import make_member
from articles.tests.pages import tree
from comments.letters import files, rules
from comments.models import Letter, LetterTemplate

from .letters import answered, docx, make_chief, make_letter, picture, published, region_of, shown

pytestmark = pytest.mark.django_db
LIST = reverse("admin:comments_letter_changelist")
FIGURES = reverse("admin:comments_letter_figures")


@pytest.fixture
def editor(client):
    user = make_member("bianji", display_name="编辑甲", is_staff=True, groups=["责任编辑"])
    client.force_login(user)
    return user


@pytest.fixture
def director(client):
    user = make_member("zhuren", display_name="主任乙", is_staff=True, groups=["主任"])
    client.force_login(user)
    return user


def page_of(letter: Letter) -> str:
    return reverse("admin:comments_letter_change", args=[letter.pk])


def public_page_of(letter: Letter) -> str:
    return reverse("admin:comments_letter_publication", args=[letter.pk])


def take(client, letter: Letter, step: str, **values):
    """Send the form of a step, with the version that the letter has now unless told otherwise."""
    letter.refresh_from_db()
    values = {"seen": letter.version, **values}
    address = reverse("admin:comments_letter_step", args=[letter.pk, step])
    return client.post(address, {f"{step}-{name}": value for name, value in values.items()})


def fault(answer) -> str:
    return " ".join(tree(answer).xpath('string(//p[@class="errornote"])').split())


def titles(answer) -> list[str]:
    return [link.text for link in tree(answer).xpath('//td[contains(@class, "field-title")]/a')]


def test_the_queues(client, editor):
    chief = make_chief()
    old = make_letter(days_ago=40, subject="最早的一封来信")
    mine = rules.assign(make_letter(days_ago=5, subject="编辑甲的来信"), user=chief, to=editor, due_on=None)
    ready, out = answered(chief, subject="答复了的来信"), published(chief, subject="公开了的来信")
    ended = rules.withhold(make_letter(subject="不公开的来信"), user=chief, closing="void")
    assert titles(client.get(LIST)) == [old.subject, mine.subject]
    assert "超 25 天" in client.get(LIST).text
    expected = {"mine": [mine], "late": [old], "ready": [ready], "published": [out], "withheld": [ended], "x": []}
    for queue, letters in expected.items():
        assert titles(client.get(LIST, {"queue": queue})) == [letter.subject for letter in letters], queue
    assert len(titles(client.get(LIST, {"queue": "all"}))) == 5
    assert titles(client.get(LIST, {"queue": "all", "province": "hunan"})) == []
    assert titles(client.get(LIST, {"queue": "all", "province": "x"})) == []
    assert titles(client.get(LIST, {"queue": "all", "q": ready.receipt.lower()})) == [ready.subject]
    assert titles(client.get(LIST, {"queue": "all", "q": "公开了"})) == [out.subject]


@pytest.mark.parametrize("role", ["记者", "图片编辑", "站长"])
def test_who_does_not_handle_letters_sees_none(client, role):
    letter = make_letter(files=files.judge_all([picture()]))
    client.force_login(make_member("somebody", is_staff=True, groups=[role]))
    file = letter.files.get()
    for address in (
        LIST,
        page_of(letter),
        public_page_of(letter),
        reverse("admin:comments_letter_file", args=[letter.pk, file.pk]),
        reverse("admin:comments_letter_preview", args=[letter.pk, file.pk]),
    ):
        assert client.get(address).status_code == 403, address
    assert take(client, letter, "note", text="备注").status_code == 403
    assert client.get(FIGURES).status_code == (200 if role == "站长" else 403)


def test_an_editor_of_a_province_sees_its_letters_alone(client, editor):
    Beat.objects.create(user=editor, region=region_of("zhejiang"))
    own, other = make_letter(), make_letter(region="hunan", files=files.judge_all([picture()]))
    assert titles(client.get(LIST)) == [own.subject]
    assert titles(client.get(LIST, {"q": other.receipt})) == []
    filters = tree(client.get(LIST)).xpath('string(//*[@id="changelist-filter"])')
    assert "浙江" in filters
    assert "湖南" not in filters
    assert client.get(page_of(own)).status_code == 200
    file = reverse("admin:comments_letter_file", args=[other.pk, other.files.get().pk])
    for address in (page_of(other), public_page_of(other), file):
        assert client.get(address).status_code == 404
    assert take(client, other, "note", text="备注").status_code == 404
    # Nor through a file of the other's under a letter of her own.
    assert client.get(reverse("admin:comments_letter_file", args=[own.pk, other.files.get().pk])).status_code == 404
    assert "湖南" not in tree(client.get(FIGURES)).xpath('string(//div[@class="results"])')


def test_a_letter_shows_all_that_is_known(client, editor):
    ListedWord.objects.create(word="黑心公司", level="hold", reason="须核实。", in_comments=True)
    letter = make_letter(text="黑心公司的电话是 13900139000，<b>请查</b>。", consent=False, email="q@example.com")
    page = client.get(page_of(letter))
    assert page.status_code == 200
    main = " ".join(tree(page).xpath('string(//div[@id="content-main"])').split())
    for told in (letter.receipt, "13800138000", "q@example.com", "不同意公开", "待审词", "须核实。", "<b>请查</b>"):
        assert told in main
    assert tree(page).xpath('//div[@class="letter-original"]/mark/text()') == ["13900139000"]
    assert letter.token not in page.text


def test_every_step_by_its_form(client, editor):
    letter = make_letter()
    steps = [
        ("assign", {"to": editor.pk, "due_on": "2999-01-01"}, "received"),
        ("forward", {"office": "市水务局", "note": "电话催过"}, "forwarded"),
        ("message", {"text": "请补一张照片。"}, "forwarded"),
        ("answer", {"text": "已经修好。", "answered_by": "市水务局"}, "answered"),
        ("note", {"text": "回访满意"}, "answered"),
        ("withhold", {"closing": "private", "text": "涉及隐私。"}, "withheld"),
        ("reopen", {"note": "又来电"}, "answered"),
    ]
    for step, values, state in steps:
        answer = take(client, letter, step, **values)
        assert (answer.status_code, answer["Location"]) == (302, page_of(letter)), fault(answer)
        letter.refresh_from_db()
        assert letter.state == state, step
    assert (letter.assignee, letter.office, letter.answered_by) == (editor, "市水务局", "市水务局")
    kinds = ["received", "assigned", "forwarded", "message", "answered", "note", "withheld", "reopened"]
    assert [event.kind for event in letter.events.all()] == kinds
    assert {event.signed_as for event in letter.events.all()[1:]} == {"编辑甲"}


@pytest.mark.parametrize(
    ("step", "values", "told"),
    [
        ("forward", {"office": ""}, "请填写“转办单位”。"),
        ("forward", {"office": "市水务局", "due_on": "2001-01-01"}, "期限不能早于今天。"),
        ("answer", {"answered_by": "市水务局", "text": "\u200b"}, "请填写“答复”。"),
        ("answer", {"answered_by": "市水务局", "text": "长" * 100_000}, "5000"),
        ("withhold", {"closing": "outside", "text": ""}, "还没有答复"),
        ("withhold", {"closing": "x"}, "有效"),
        ("assign", {"to": "999999"}, "有效"),
        ("drop", {"file": "", "note": ""}, "请填写“附件”。"),
        ("note", {"text": "备注", "seen": "x"}, "整数"),
    ],
)
def test_a_refused_step_comes_back_filled_in(client, editor, step, values, told):
    letter = make_letter(files=files.judge_all([picture()]))
    answer = take(client, letter, step, **values)
    assert answer.status_code == 422
    assert told in answer.text
    assert fault(answer)
    assert tree(answer).xpath(f'//details[@id="step-{step}"]/@open') == [""]
    for name, value in values.items():
        if name in {"office", "answered_by"} and value:
            assert tree(answer).xpath(f'//input[@name="{step}-{name}"]/@value') == [value]
    letter.refresh_from_db()
    assert (letter.state, letter.events.count()) == ("received", 1)


def test_who_comes_second_sees_what_the_first_did(client, editor):
    letter = make_letter()
    seen = letter.version
    rules.forward(letter, user=make_chief(), office="市水务局")
    answer = take(client, letter, "answer", seen=seen, text="我写的答复。", answered_by="市政工程处")
    assert answer.status_code == 409
    assert "别人刚刚处理过这封信" in fault(answer)
    assert "市水务局" in tree(answer).xpath('string(//ol[@class="letter-events"])')
    form = tree(answer).xpath('//details[@id="step-answer"]//form')[0]
    again = dict(form.form_values())
    assert again["answer-text"].strip() == "我写的答复。"
    assert client.post(form.get("action"), again).status_code == 302
    letter.refresh_from_db()
    assert letter.answer == "我写的答复。"


def test_a_letter_is_given_to_who_may_see_it(client, editor):
    elsewhere = make_member("other", display_name="湖南编辑", is_staff=True, groups=["责任编辑"])
    Beat.objects.create(user=elsewhere, region=region_of("hunan"))
    reporter = make_member("jizhe", is_staff=True, groups=["记者"])
    letter = make_letter()
    assert "湖南编辑不分管浙江" in take(client, letter, "assign", to=elsewhere.pk).text
    assert take(client, letter, "assign", to=reporter.pk).status_code == 422
    # A day that has passed may stay as it is.
    late = make_letter(days_ago=60)
    assert take(client, late, "assign", to=editor.pk, due_on=late.due_on.isoformat()).status_code == 302
    late.refresh_from_db()
    assert late.is_overdue


def test_an_answer_begins_with_a_template(client, editor):
    body = "【来信人】您好，“【标题】”（【受理编号】）已转【转办单位】，【地区】。"
    template = LetterTemplate.objects.create(name="已转办", body=body)
    LetterTemplate.objects.create(name="停用的", body="x", is_active=False)
    letter = make_letter()
    page = client.get(page_of(letter))
    assert "停用的" not in page.text
    filled = tree(client.get(page_of(letter), {"template": template.pk}))
    text = filled.xpath('string(//textarea[@name="answer-text"])').strip()
    assert text == f"邱慧敏您好，“{letter.subject}”（{letter.receipt}）已转有关单位，浙江省。"
    for odd in ("x", "999999", "9" * 30):
        assert client.get(page_of(letter), {"template": odd}).status_code == 200


def test_odd_addresses(client, editor):
    letter = make_letter()
    for address in ("/admin/comments/letter/x/change/", "/admin/comments/letter/999999/change/"):
        assert client.get(address).status_code == 404
    step = reverse("admin:comments_letter_step", args=[letter.pk, "note"])
    assert client.get(step)["Location"] == page_of(letter)
    assert client.post(step.replace("/note/", "/nothing/")).status_code == 404
    assert client.post(page_of(letter), {"subject": "改过"}).status_code == 200
    letter.refresh_from_db()
    assert letter.subject != "改过"


# --- The public text ---

PERSONAL = "我是邱慧敏，住3栋2单元501室。路灯坏了三个月。"


def form_of(answer) -> dict[str, str]:
    form = tree(answer).xpath('//div[@id="content-main"]//form')[0]
    return dict(form.form_values())


def test_from_the_original_to_the_public_text(client, director):
    letter = answered(make_chief(), text=PERSONAL, reply="请拨打 0571-88012345。")
    page = client.get(public_page_of(letter))
    assert tree(page).xpath("//mark/text()") == ["邱慧敏", "3栋2单元501室", "0571-88012345"]
    proposal = form_of(page)
    assert proposal["public_text"].strip() == "我是〔姓名已隐去〕，住〔门牌号已隐去〕。路灯坏了三个月。"

    raw = proposal | {"public_text": PERSONAL, "public_answer": letter.answer, "_publish": "公开"}
    refused = client.post(public_page_of(letter), raw)
    assert refused.status_code == 422
    assert "还有 3 处个人信息没有处理" in fault(refused)
    back = form_of(refused)
    assert back["public_text"].strip() == PERSONAL
    reasons = sorted(name for name in back if name.startswith("reason-"))
    assert len(reasons) == 3

    # All is taken out by a button; the number of the office is put back with its reason.
    mended = form_of(client.post(public_page_of(letter), back | {"_suggest": "隐去"}))
    assert mended["public_text"].strip() == "我是〔姓名已隐去〕，住〔门牌号已隐去〕。路灯坏了三个月。"
    assert not [name for name in mended if name.startswith("reason-")]
    mended["public_answer"] = letter.answer
    again = form_of(client.post(public_page_of(letter), mended | {"_publish": "公开"}))
    (reason,) = [name for name in again if name.startswith("reason-")]
    done = client.post(public_page_of(letter), again | {reason: "报修电话", "_publish": "公开"})
    assert done["Location"] == page_of(letter)
    letter.refresh_from_db()
    assert (letter.state, letter.public_answer) == ("published", "请拨打 0571-88012345。")
    clearance = letter.clearances.get()
    assert (clearance.found, clearance.reason, clearance.signed_as) == ("0571-88012345", "报修电话", "主任乙")
    assert letter.text == PERSONAL


def test_an_editor_prepares_and_does_not_publish(client, editor):
    letter = answered(make_chief())
    page = client.get(public_page_of(letter))
    assert tree(page).xpath('//div[@class="submit-row"]/input/@name') == ["_edit", "_suggest"]
    values = form_of(page) | {"public_text": "整理好的文字。"}
    assert client.post(public_page_of(letter), values | {"_edit": "保存"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.public_text, letter.is_public) == ("整理好的文字。", False)
    values["seen"] = letter.version
    refused = client.post(public_page_of(letter), values | {"_publish": "公开"})
    assert (refused.status_code, fault(refused)) == (422, "您现在不能公开。")
    ended = rules.withhold(letter, user=make_chief(), closing="private", text="不宜公开。")
    assert client.get(public_page_of(ended))["Location"] == page_of(ended)


def test_a_letter_is_shown_while_it_waits(client, director):
    letter = make_letter()
    values = form_of(client.get(public_page_of(letter)))
    assert client.post(public_page_of(letter), values | {"_show": "先行公开"}).status_code == 302
    letter.refresh_from_db()
    assert (letter.is_public, letter.state) == (True, "received")
    assert client.post(public_page_of(letter), values | {"_show": "先行公开"}).status_code in {302, 422}
    empty = form_of(client.get(public_page_of(answered(make_chief()))))
    answer = client.post(public_page_of(letter), empty | {"public_text": "", "_publish": "公开"})
    assert answer.status_code in {302, 422}


@pytest.mark.parametrize(
    ("step", "name", "more"), [("forward", "office", {}), ("answer", "answered_by", {"text": "已经修好。"})]
)
def test_an_office_that_readers_see_at_once_tells_nothing_personal(client, director, step, name, more):
    letter = shown(director)
    answer = take(client, letter, step, **{name: "市水务局 13900139000"}, **more)
    assert answer.status_code == 422
    assert "手机号码“13900139000”：请只写单位全称。" in answer.text
    assert take(client, letter, step, **{name: "市水务局"}, **more).status_code == 302
    # Of a letter that nobody reads yet, it is asked when it becomes public.
    assert take(client, make_letter(), step, **{name: "市水务局 13900139000"}, **more).status_code == 302


def test_a_stale_public_text_is_kept(client, director):
    letter = answered(make_chief())
    values = form_of(client.get(public_page_of(letter))) | {"public_text": "我整理的文字。"}
    rules.note(letter, user=make_chief(), text="备注")
    answer = client.post(public_page_of(letter), values | {"_publish": "公开"})
    assert answer.status_code == 409
    back = form_of(answer)
    assert back["public_text"].strip() == "我整理的文字。"
    assert client.post(public_page_of(letter), back | {"_publish": "公开"}).status_code == 302


# --- Files and figures ---

# Session, account and rights; what waits for her (three counts); letters: counted and read; their regions and people;
# provinces to filter by.
LIST_QUERIES = 13
# The same and the letter, its files, events, template words and listed words; people to choose from.
PAGE_QUERIES = 15


def test_a_file_is_downloaded_and_never_shown(client, editor):
    letter = make_letter(files=files.judge_all([docx("情况.docx"), picture("路灯.jpg")]))
    document, photo = letter.files.all()
    answer = client.get(reverse("admin:comments_letter_file", args=[letter.pk, document.pk]))
    content = b"".join(answer)
    assert content.startswith(b"PK\x03\x04")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%83%85%E5%86%B5.docx"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    preview = client.get(reverse("admin:comments_letter_preview", args=[letter.pk, photo.pk]))
    assert (preview["Content-Type"], preview.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert client.get(reverse("admin:comments_letter_preview", args=[letter.pk, document.pk])).status_code == 404
    assert reverse("admin:comments_letter_preview", args=[letter.pk, photo.pk]) in client.get(page_of(letter)).text


def test_a_file_is_deleted_and_the_record_says_so(client, editor, django_capture_on_commit_callbacks):
    letter = make_letter(files=files.judge_all([docx("情况.docx"), picture("路灯.jpg")]))
    document, photo = letter.files.all()
    assert take(client, letter, "drop", file=document.pk).status_code == 422  # without a reason
    other = make_letter(files=files.judge_all([picture("别人的.jpg")])).files.get()
    assert take(client, letter, "drop", file=other.pk, note="错了").status_code == 422
    assert take(client, letter, "drop", file="9" * 30, note="错了").status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        answer = take(client, letter, "drop", file=document.pk, note="有病毒")
    assert (answer.status_code, answer["Location"]) == (302, page_of(letter))
    shelf = storages["originals"]
    assert [shelf.exists(file.stored) for file in (document, photo, other)] == [False, True, True]
    assert list(letter.files.all()) == [photo]
    event = letter.events.last()
    assert (event.kind, event.note) == ("note", f"删除附件“情况.docx”（SHA-256 {document.sha256}）：有病毒")
    assert client.get(reverse("admin:comments_letter_file", args=[letter.pk, document.pk])).status_code == 404
    # Twice, from another screen.
    with pytest.raises(rules.LetterError, match="已经删除了"):
        rules.drop(letter, user=editor, file=document, note="有病毒")
    page = client.get(page_of(letter))
    assert tree(page).xpath('//select[@name="drop-file"]/option/text()') == ["请选择", "路灯.jpg"]
    rules.drop(letter, user=editor, file=photo, note="与来信无关")
    assert not tree(client.get(page_of(letter))).xpath('//details[@id="step-drop"]')


def test_the_figures_as_a_table_and_as_a_file(client, editor):
    published(make_chief(), days_ago=4)
    make_letter(region="hunan")
    rows = [
        [cell.text_content() for cell in row] for row in tree(client.get(FIGURES)).xpath('//div[@class="results"]//tr')
    ]
    assert rows[1:] == [
        ["浙江", "1", "1", "100", "4", "0", "1"],
        ["湖南", "1", "0", "0", "", "0", "0"],
        ["全国", "2", "1", "50", "4", "0", "1"],
    ]
    answer = client.get(FIGURES, {"format": "csv"})
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("地区,收到,答复")
    assert lines[1] == "浙江,1,1,100,4,0,1"
    assert client.get(FIGURES, {"format": "xls"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_desk_costs_the_same_for_one_letter_and_for_thirty(client, editor, rows):
    chief = make_chief()
    for _ in range(rows):
        letter = rules.assign(make_letter(), user=chief, to=chief, due_on=None)
    client.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)
    assert len(asked) == LIST_QUERIES
    for _ in range(rows):
        rules.note(letter, user=chief, text="备注")
    with CaptureQueriesContext(connection) as asked:
        client.get(page_of(letter))
    assert len(asked) == PAGE_QUERIES
