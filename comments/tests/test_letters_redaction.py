"""Personal data is found however it is written, and nothing else is; what stays must be said."""

import pytest

from comments.letters import publication, redaction, rules
from comments.letters.rules import LetterError
from comments.models import LetterClearance

from .letters import answered, make_chief, make_letter, published


def kinds_in(text: str, **own) -> list[tuple[str, str]]:
    return [(hit.kind, hit.found) for hit in redaction.find(text, **own)]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("电话13800138000。", "mobile", "13800138000"),
        ("打 138 0013 8000 找我", "mobile", "138 0013 8000"),
        ("打138-0013-8000找我", "mobile", "138-0013-8000"),
        ("+86 13800138000", "mobile", "+86 13800138000"),
        ("１３８００１３８０００", "mobile", "１３８００１３８０００"),
        ("一三八〇〇一三八〇〇〇", "mobile", "一三八〇〇一三八〇〇〇"),
        ("一三八零零一三八零零零", "mobile", "一三八零零一三八零零零"),
        ("打138　0013　8000找我", "mobile", "138　0013　8000"),
        ("138·0013·8000", "mobile", "138·0013·8000"),
        ("138，0013，8000", "mobile", "138，0013，8000"),
        ("138/0013/8000", "mobile", "138/0013/8000"),
        ("138（0013）8000", "mobile", "138（0013）8000"),
        ("138 - 0013 - 8000", "mobile", "138 - 0013 - 8000"),
        ("电话138\n0013\n8000", "mobile", "138\n0013\n8000"),
        ("幺三八零零幺三八零零零", "mobile", "幺三八零零幺三八零零零"),
        ("壹叁捌零零壹叁捌零零零", "mobile", "壹叁捌零零壹叁捌零零零"),
        ("①③⑧⓪⓪①③⑧⓪⓪⓪", "mobile", "①③⑧⓪⓪①③⑧⓪⓪⓪"),
        ("𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎", "mobile", "𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎"),
        ("008613800138000", "mobile", "008613800138000"),
        ("110105　19491231　002X", "identity", "110105　19491231　002X"),
        ("110105，1949，1231，002X", "identity", "110105，1949，1231，002X"),
        ("壹壹零壹零伍壹玖肆玖壹贰叁壹零零贰X", "identity", "壹壹零壹零伍壹玖肆玖壹贰叁壹零零贰X"),
        ("0571-88012345", "landline", "0571-88012345"),
        ("(010)65880000", "landline", "(010)65880000"),
        ("（０１０）６５８８００００", "landline", "（０１０）６５８８００００"),
        ("400-820-1234", "landline", "400-820-1234"),
        ("座机：6588 0000", "landline", "6588 0000"),
        ("11010519491231002X", "identity", "11010519491231002X"),
        ("110105 19491231 002x", "identity", "110105 19491231 002x"),
        ("身份证１１０１０５１９４９１２３１００２Ｘ", "identity", "１１０１０５１９４９１２３１００２Ｘ"),
        ("110105194912310021", "identity", "110105194912310021"),
        ("老证110105491231002", "identity", "110105491231002"),
        ("护照E12345678丢了", "passport", "E12345678"),
        ("护照ＥＡ１２３４５６７", "passport", "ＥＡ１２３４５６７"),
        ("通行证H1234567801", "passport", "H1234567801"),
        ("卡号 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("6222021234567890128", "card", "6222021234567890128"),
        ("写信到 a.b-c@example.com.cn 吧", "email", "a.b-c@example.com.cn"),
        ("a ＠ example．com", "email", "a ＠ example．com"),
        ("微信：wang_5566", "account", "wang_5566"),
        ("加我VX wang5566", "account", "wang5566"),
        ("QQ号12345678", "account", "12345678"),
        ("车牌浙A12345", "plate", "浙A12345"),
        ("浙A·D12345的车", "plate", "浙A·D12345"),
        ("粤Z1234港", "plate", "粤Z1234港"),
        ("住3栋2单元501室", "home", "3栋2单元501室"),
        ("幸福里12号楼301", "home", "12号楼301"),
        ("翠苑3-2-501", "home", "3-2-501"),
    ],
)
def test_it_is_found(text, kind, found):
    assert kinds_in(text) == [(kind, found)]


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月3日，一九九八年三月二十日",
        "工单编号20261103123456",
        "G60高速、K1024路、T12345次列车",
        "一共 4300 元，11 亩地，3160 斤",
        "4111111111111112 不是银行卡",
        "000000000000000000",
        "110105199913310021 没有这个生日",
        "第138号文件，1380013800",
        "拨打110、119、120、12345",
        "A股上涨，B12345",
        "3号线和5号楼",
        "二〇二六年一月一日至三月三十一日",
        "满意度 99.5%，1-2 天",
        "",
    ],
)
def test_it_is_none(text):
    assert kinds_in(text) == []


def test_the_writer_s_own_name_and_contacts_are_found():
    found = kinds_in(
        "我叫邱慧敏，邮箱 QIU@Example.com，热线 65880000。", name="邱慧敏", contacts=("qiu@example.com", "65880000")
    )
    assert found == [("name", "邱慧敏"), ("contact", "QIU@Example.com"), ("contact", "65880000")]
    assert kinds_in("邱，12", name="邱", contacts=("12",)) == []


def test_the_proposal_says_what_stood_there():
    text = "我是邱慧敏，电话13800138000，住3栋2单元501室。\n身份证11010519491231002X。"
    hits = redaction.find(text, name="邱慧敏")
    assert redaction.redacted(text, hits) == (
        "我是〔姓名已隐去〕，电话〔手机号码已隐去〕，住〔门牌号已隐去〕。\n身份证〔身份证号码已隐去〕。"
    )
    assert kinds_in(redaction.redacted(text, hits), name="邱慧敏") == []
    assert "".join(piece for piece, _ in redaction.marked(text, hits)) == text
    assert redaction.redacted("没有", []) == "没有"


def test_a_long_text_of_digits_and_signs_is_read_at_once():
    for text in ("1" * 6000, "1 - . " * 1000, "a@" * 3000, "3栋" * 3000, "浙A" * 3000, "微信" * 3000):
        redaction.find(text)


# --- Publication ---


pytestmark = pytest.mark.django_db
PERSONAL = "我是邱慧敏，住3栋2单元501室，电话13800138000。路灯坏了三个月，请派人来修。"


def test_nothing_personal_becomes_public_by_itself():
    chief = make_chief()
    letter = answered(chief, text=PERSONAL, by="市政工程处")
    letter = rules.answer(letter, user=chief, text="请联系 0571-88012345 的老王。", answered_by="市政工程处")
    raw = {
        "public_subject": letter.subject,
        "public_text": PERSONAL,
        "public_answer": letter.answer,
        "signature": "邱慧敏",
    }
    with pytest.raises(LetterError, match="还有 5 处个人信息没有处理：正文里的来信人姓名“邱慧敏”"):
        publication.publish(letter, user=chief, values=raw)
    letter.refresh_from_db()
    assert (letter.is_public, letter.public_text, letter.state) == (False, "", "answered")

    letter = publication.publish(letter, user=chief, values=publication.proposed(letter))
    assert (
        letter.public_text
        == "我是〔姓名已隐去〕，住〔门牌号已隐去〕，电话〔联系方式已隐去〕。路灯坏了三个月，请派人来修。"
    )
    assert letter.public_answer == "请联系 〔固定电话已隐去〕 的老王。"
    assert letter.signature == "浙江读者 邱**"
    assert letter.text == PERSONAL


def test_what_stays_has_a_reason():
    chief = make_chief()
    letter = answered(chief, text=PERSONAL)
    letter = rules.answer(letter, user=chief, text="请拨打 0571-88012345 报修。", answered_by="市政工程处")
    values = publication.proposed(letter) | {"public_answer": letter.answer}
    (found,) = publication.unsettled(letter, values)
    assert (found.part_label, found.hit.label) == ("答复", "固定电话")
    publication.clear(letter, user=chief, hits={found.hit: "单位公开的报修电话"})
    publication.clear(letter, user=chief, hits={found.hit: "又说一遍"})
    assert publication.publish(letter, user=chief, values=values).public_answer == "请拨打 0571-88012345 报修。"
    row = LetterClearance.objects.get()
    assert (row.kind, row.found, row.reason, row.signed_as) == (
        "landline",
        "0571-88012345",
        "单位公开的报修电话",
        str(chief),
    )
    # The reason is for this number alone.
    with pytest.raises(LetterError, match="0571-88012346"):
        publication.publish(letter, user=chief, values=values | {"public_answer": "请拨打 0571-88012346 报修。"})


def test_the_names_of_offices_are_read_too():
    chief = make_chief()
    letter = answered(chief, by="老王 13700137000")
    with pytest.raises(LetterError, match="13700137000"):
        publication.publish(letter, user=chief, values=publication.proposed(letter))


def test_only_with_consent_and_with_words():
    chief = make_chief()
    refused = answered(chief, consent=False)
    with pytest.raises(LetterError, match="来信人没有同意公开"):
        publication.publish(refused, user=chief, values=publication.proposed(refused))
    letter = answered(chief)
    for part, told in (
        ("public_answer", "公开答复是空的"),
        ("public_text", "都要填写"),
        ("public_subject", "都要填写"),
    ):
        with pytest.raises(LetterError, match=told):
            publication.publish(letter, user=chief, values=publication.proposed(letter) | {part: ""})


def test_what_readers_have_is_changed_by_publishing_again():
    chief = make_chief()
    letter = published(chief)
    first = letter.published_at
    again = publication.publish(
        letter, user=chief, values=publication.proposed(letter) | {"public_text": "改过的文字。"}
    )
    assert (again.public_text, again.published_at, again.events.last().kind) == ("改过的文字。", first, "edited")
    with pytest.raises(LetterError):
        publication.edit(letter, user=chief, values=publication.proposed(letter))


def test_a_letter_that_readers_have_is_not_changed_unseen():
    chief = make_chief()
    letter = make_letter()
    letter = publication.show(letter, user=chief, values=publication.proposed(letter))
    with pytest.raises(LetterError, match="读者正在看这封信"):
        publication.edit(letter, user=chief, values=publication.proposed(letter))
    with pytest.raises(LetterError, match="已经公开了"):
        publication.show(letter, user=chief, values=publication.proposed(letter))
