"""Writing a letter: what is kept, what is refused and comes back, and how often a network may write."""

import re

import pytest
from django.core.files.storage import storages
from django.core.signing import TimestampSigner
from django.test import Client

from articles.models import ListedWord
from articles.tests.clock import StoppedClock
from articles.tests.factories import make_member
from articles.tests.pages import tree
from comments.letters import figures, files, intake
from comments.models import Letter, LetterEvent, LetterFile
from comments.texts import clean, clean_line

from .letters import TEXT, WRITE, WRITTEN, docx, key_of, make_letter, picture, upload, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site", "_patient")]


@pytest.fixture
def _patient(monkeypatch):
    """Whoever writes took her time."""
    monkeypatch.setattr(intake, "LEAST_SECONDS", -1)


def fields_of(answer) -> dict[str, str]:
    """What the form that came back has in its fields."""
    form = tree(answer).xpath('//form[@class="letter-form"]')[0]
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def test_a_letter_is_kept_before_the_sender_hears_of_it(client):
    answer = write(client)

    letter = Letter.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, letter.follow_url)
    assert {name: getattr(letter, name) for name in WRITTEN if name not in {"region", "consent"}} == {
        name: value for name, value in WRITTEN.items() if name not in {"region", "consent"}
    }
    assert (letter.region.slug, letter.province.slug, letter.consent, letter.state) == (
        "zhejiang",
        "zhejiang",
        True,
        "received",
    )
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}", letter.receipt)
    assert len(letter.token) == 32
    event = letter.events.get()
    assert (event.kind, event.state, event.user, event.signed_as) == ("received", "received", None, "")
    total, (province,) = figures.by_province()
    assert (total.received, province.name, province.received, province.answered) == (1, "浙江", 1, 0)
    page = client.get(letter.follow_url).text
    assert letter.receipt in page
    assert "路灯坏了三个月没有人修" in page


def test_the_form_is_one_visitor_s_own(client):
    answer = client.get(WRITE)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    # "no-referrer" would make browsers send the form with an unknown origin.
    assert answer["Referrer-Policy"] == "same-origin"
    assert client.get(f"{WRITE}?region=hunan").context["form"]["region"].value() == "hunan"
    assert client.put(WRITE).status_code == 405
    assert client.get(f"/hant{WRITE}").status_code == 404


def test_a_double_click_is_one_letter(client):
    key = key_of(client)
    first, second = write(client, key=key), write(client, key=key)
    assert first["Location"] == second["Location"]
    assert Letter.objects.count() == LetterEvent.objects.count() == 1
    assert figures.by_province()[0].received == 1


def test_two_presses_at_once_are_one_letter(client, monkeypatch):
    """The second looked for the letter before the first had written it."""
    key = key_of(client)
    write(client, key=key)
    found = []
    monkeypatch.setattr(
        intake, "sent_before", lambda once: found.append(once) or (Letter.objects.get() if found[1:] else None)
    )
    assert write(client, key=key)["Location"] == Letter.objects.get().follow_url
    assert len(found) == 2
    assert LetterEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "请填写姓名。"),
        ("name", "邱", "至少"),
        ("phone", "", "电话和邮箱至少填一项"),
        ("phone", "call me", "电话号码只写数字"),
        ("email", "somebody@", "邮箱地址不完整"),
        ("region", "", "请选择地区。"),
        ("region", "atlantis", "请在列表里选一个地区。"),
        ("subject", "灯", "至少"),
        ("subject", "长" * 61, "60"),
        ("text", "太短", "至少"),
        ("text", "长" * 100_000, "5000"),
        ("text", "\u200b" * 300, "请写下您要反映的事情。"),
        ("consent", "", "请选择是否同意公开。"),
        ("consent", "maybe", "请选择同意或者不同意。"),
        ("website", "https://example.com", "请清空后再寄"),
    ],
)
def test_a_refused_form_comes_back_filled_in_and_says_why(client, field, value, told):
    answer = write(client, **{field: value})
    assert answer.status_code == 422
    assert told in tree(answer).xpath('string(//div[@class="letter-refused"])')
    assert Letter.objects.count() == 0
    back = fields_of(answer)
    kept = {name: sent for name, sent in WRITTEN.items() if name != field}
    assert {name: back.get(name, "").strip() for name in kept} == kept
    if field == "text":
        assert len(back["text"]) >= len(value)
    # Mended, and sent with the key that came back.
    assert client.post(WRITE, {**WRITTEN, "key": back["key"]}).status_code == 303


@pytest.mark.parametrize("key", ["", "forged", "a:b:c", "x" * 5000])
def test_a_forged_key_is_replaced(client, key):
    answer = client.post(WRITE, {**WRITTEN, "key": key})
    assert answer.status_code == 422
    assert "表单不完整" in answer.text
    back = fields_of(answer)
    assert back["key"] != key
    assert client.post(WRITE, {**WRITTEN, "key": back["key"]}).status_code == 303


def test_a_key_of_yesterday_and_one_of_this_moment(client, monkeypatch):
    key = key_of(client)
    with monkeypatch.context() as today:
        today.setattr(intake, "MOST_SECONDS", -1)
        assert "页面打开得太久了" in client.post(WRITE, {**WRITTEN, "key": key}).text
    monkeypatch.setattr(intake, "LEAST_SECONDS", 3)
    answer = client.post(WRITE, {**WRITTEN, "key": key})
    assert answer.status_code == 422
    assert "寄得太快了" in answer.text
    assert fields_of(answer)["key"] == key
    # A key of something else of this site is none.
    other = TimestampSigner(salt="other").sign("abc")
    assert intake.read_key(other).once == ""


def test_an_outdated_token_loses_nothing():
    client = Client(enforce_csrf_checks=True)
    answer = write(client)
    assert answer.status_code == 403
    assert "没有寄出" in answer.text
    assert fields_of(answer)["text"].strip() == TEXT
    assert Letter.objects.count() == 0
    token = tree(answer).xpath('//form[@class="letter-form"]//input[@name="csrfmiddlewaretoken"]/@value')[0]
    again = client.post(WRITE, {**WRITTEN, "key": fields_of(answer)["key"], "csrfmiddlewaretoken": token})
    assert again.status_code == 303


def test_a_network_writes_ten_letters_an_hour(client, monkeypatch):
    clock = StoppedClock(monkeypatch)
    for number in range(intake.MOST_LETTERS):
        clock.move(seconds=60)
        assert write(client, REMOTE_ADDR="203.0.113.7", name=f"写信人{number}").status_code == 303
    answer = write(client, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 429
    assert "一小时内已经寄出 10 封信，请 51 分钟后再寄" in answer.text
    assert answer["Retry-After"] == "3060"
    assert fields_of(answer)["text"].strip() == TEXT
    assert Letter.objects.count() == 10
    # Another network, and the same one later.
    other = Client()
    assert other.post(WRITE, {**WRITTEN, "key": key_of(other)}, REMOTE_ADDR="198.51.100.1").status_code == 303
    clock.move(seconds=51 * 60 + 1)
    assert write(client).status_code == 303
    assert len({letter.network for letter in Letter.objects.all()}) == 2
    assert not Letter.objects.filter(network__contains="203").exists()


def test_a_listed_word_is_for_the_desk_to_see(client):
    ListedWord.objects.create(word="黑心公司", level="block", reason="须核实。", in_comments=True)
    assert write(client, text=f"{TEXT}都怪黑 心 公 司。").status_code == 303
    assert Letter.objects.get().is_flagged


def test_a_member_s_letter_is_hers(client):
    member = make_member("reader")
    client.force_login(member)
    write(client)
    letter = Letter.objects.get()
    assert letter.user == member
    mine = client.get("/letters/mine/")
    assert letter.follow_url in mine.text
    assert mine["Cache-Control"] == "private, no-store"
    make_letter(subject="别人的信件标题")
    assert "别人的信件标题" not in client.get("/letters/mine/").text
    anonymous = Client().get("/letters/mine/")
    assert (anonymous.status_code, anonymous["Location"]) == (302, "/accounts/login/?next=/letters/mine/")


# --- Hostile texts ---


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{ settings.SECRET_KEY }} ' OR 1=1 -- 电话"


def test_markup_stays_text(client):
    write(client, subject="<b>粗体</b>的标题", text=HOSTILE * 2, name="<i>邱慧敏")
    letter = Letter.objects.get()
    assert letter.text == HOSTILE * 2
    page = client.get(letter.follow_url)
    assert not tree(page).xpath('//div[@class="prose"]//*[not(self::p or self::br)]')
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("甲\u202e乙\u2066丙\u200b丁\ufeff", "甲乙丙丁"),
        ("甲\x00乙\x07丙", "甲乙丙"),
        ("一行\r\n二行\r三行\u2028四行", "一行\n二行\n三行\n四行"),
        ("甲\n\n\n\n\n乙  \n丙", "甲\n\n乙\n丙"),
        ("138\u200d0013\u200d8000", "13800138000"),
        ("好👨\u200d👩\u200d👧的", "好👨\u200d👩\u200d👧的"),
        ("甲\u2029乙\tz̀́̂̃̄", "甲\n乙 z̀́̂"),
        ("𠮷野家的㐂字", "𠮷野家的㐂字"),
        ("  \u3000前后\u3000  ", "前后"),
        ("半\ud800个", "半个"),
    ],
)
def test_what_nobody_sees_is_taken_out(sent, kept):
    assert clean(sent) == kept


def test_a_line_is_one_line():
    assert clean_line(" 一\r\n二\t三\u3000四 ") == "一 二 三 四"


def test_nul_and_broken_utf_8_are_no_server_error(client):
    assert write(client, text=f"{TEXT}\x00甲").status_code == 303
    assert Letter.objects.get().text == f"{TEXT}甲"
    body = f"key={key_of(client)}&name=%FF%FE&subject=%C3%28&text=%ED%A0%80&region=%00&consent=%F0".encode()
    answer = client.generic("POST", WRITE, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    broken = client.generic("POST", WRITE, b"--x\r\nbroken", content_type="multipart/form-data; boundary=x")
    assert broken.status_code in {400, 422}
    assert client.generic("POST", WRITE, b"{}", content_type="application/json").status_code == 422
    assert Letter.objects.count() == 1


# --- Files ---


def test_files_are_kept_where_no_address_leads(client):
    answer = write(client, files=[picture("我家 门口.JPG"), docx(), upload("说明.txt", "路灯".encode("gb18030"))])
    assert answer.status_code == 303
    kept = [(file.name, file.kind) for file in LetterFile.objects.all()]
    assert kept == [("我家 门口.jpg", "picture"), ("情况.docx", "docx"), ("说明.txt", "txt")]
    for file in LetterFile.objects.all():
        assert re.fullmatch(r"letters/\d{6}/[0-9a-f]{32}\.(jpg|docx|txt)", file.stored)
        assert storages["originals"].exists(file.stored)
        assert client.get(f"/media/{file.stored}").status_code == 404
        assert client.get(f"/media/../originals/{file.stored}").status_code == 404


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (lambda: upload("空.pdf", b""), "空文件"),
        (lambda: upload("网页.jpg", b"<html><script>alert(1)</script>"), "类型不收"),
        (lambda: upload("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "类型不收"),
        (lambda: upload("程序.pdf", b"MZ\x90\x00"), "类型不收"),
        (lambda: upload("坏图.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50), "无法读取"),
        (lambda: picture("小.png", size=(20, 20), picture_format="PNG"), "太小"),
        (lambda: upload("坏.docx", b"PK\x03\x04" + b"\x00" * 200), "打不开"),
        (lambda: docx("炸弹.docx", **{"word/media/a.bin": b"\0" * (70 * 2**20)}), "太大"),
        (lambda: docx("实体.docx", **{"word/a.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]>"}), "不安全"),
        (lambda: docx("宏.docx", **{"word/vbaProject.bin": b"x"}), "宏程序"),
        (lambda: upload("宏.doc", OLE + b"\0" * 600 + "_VBA_PROJECT".encode("utf-16-le")), "宏程序"),
        (lambda: upload("二进制.txt", b"\x00\x01\x02"), "类型不收"),
        (lambda: upload("大.pdf", b"%PDF-1.7" + b"\0" * files.MOST_BYTES), "超过 10 MB"),
    ],
)
def test_an_odd_file_is_refused_by_its_content(client, file, told):
    answer = write(client, files=[picture(), file()])
    assert answer.status_code == 422
    assert told in tree(answer).xpath('string(//p[@id="id_files_error"])')
    assert Letter.objects.count() == 0
    assert not storages["originals"].exists("letters")


def test_seven_files_or_too_much_of_them_are_too_many(client, monkeypatch):
    assert "最多 6 个文件，您选了 7 个" in write(client, files=[picture(f"{n}.jpg") for n in range(7)]).text
    monkeypatch.setattr(files, "MOST_TOTAL", 100)
    assert "文件合计超过" in write(client, files=[picture()]).text
    assert write(client, files=[]).status_code == 303


@pytest.mark.parametrize(
    ("name", "content", "kept", "kind"),
    [
        ("../../etc/passwd.pdf", b"%PDF-1.4 x", "passwd.pdf", "pdf"),
        ("C:\\我的\\材料.doc", OLE + b"\0" * 600, "材料.doc", "doc"),
        ("材料.wps", OLE + b"\0" * 600, "材料.wps", "doc"),
        ("照片.exe", None, "照片.jpg", "picture"),
        ("a\u202efdp.jpg", None, "afdp.jpg", "picture"),
        ("长" * 300 + ".pdf", b"%PDF-1.4 x", "长" * 90 + ".pdf", "pdf"),
        (".pdf", b"%PDF-1.4 x", "pdf.pdf", "pdf"),
    ],
)
def test_a_file_is_named_by_what_it_is(name, content, kept, kind):
    file = picture() if content is None else upload("x", content)
    file._name = name  # Django's own classes would take the folders off
    judged = files.judge(file)
    assert (judged.name, judged.kind) == (kept, kind)


def test_a_letter_that_fails_leaves_nothing(client, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(figures, "move", fail)
    with pytest.raises(RuntimeError):
        make_letter(files=files.judge_all([picture()]))
    assert Letter.objects.count() == LetterFile.objects.count() == 0
    assert not any(found for _, found in map(storages["originals"].listdir, storages["originals"].listdir("")[0]))
