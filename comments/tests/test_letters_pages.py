"""What readers see of letters, and what the one who wrote it sees."""

import re

import pytest
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_member, make_tag
from articles.tests.pages import tree
from comments import notices, throttle
from comments.letters import intake, private, publication, rules, views
from comments.models import Letter, Notice
from newsportal.lib import pagecache

from .letters import answered, make_chief, make_letter, published, region_of, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
# A period that does not end between two requests of a test.
AGES = 10**9
LIST = "/letters/"


def subjects(answer) -> list[str]:
    return [link.text for link in tree(answer).xpath('//main//article[@class="letter-item"]//h2/a')]


def test_the_list_shows_public_letters_newest_first_and_filters_them(client):
    chief = make_chief()
    first, second = published(chief, subject="先公开的一封信"), shown(chief, subject="后公开的一封信")
    elsewhere = published(chief, region="hunan", subject="湖南的一封来信")
    make_letter(subject="没有公开的一封信")
    answered(chief, subject="答复了没有公开的")
    assert subjects(client.get(LIST)) == [elsewhere.public_subject, second.public_subject, first.public_subject]
    assert subjects(client.get(f"{LIST}?state=waiting")) == ["后公开的一封信"]
    assert subjects(client.get(f"{LIST}?state=answered")) == ["湖南的一封来信", "先公开的一封信"]
    assert subjects(client.get(f"{LIST}?region=zhejiang")) == ["后公开的一封信", "先公开的一封信"]
    assert subjects(client.get(f"{LIST}?region=zhejiang&state=answered")) == ["先公开的一封信"]
    assert subjects(client.get(f"{LIST}?region=hainan")) == []
    for odd in ("region=atlantis", "state=void", "page=0", "page=2", "region=hunan&page=2"):
        assert client.get(f"{LIST}?{odd}").status_code == 404, odd
    # As the form sends it.
    assert len(subjects(client.get(f"{LIST}?region=&state="))) == 3


def test_the_figures_are_of_all_letters_and_by_province(client):
    chief = make_chief()
    for days in (2, 4, 9):
        answered(chief, days_ago=days)
    make_letter(consent=False)
    published(chief, region="hunan", days_ago=1)
    page = tree(client.get(LIST))
    sums = [" ".join(part.text_content().split()) for part in page.xpath('//dl[@class="letter-sums"]/div')]
    assert sums == ["收到来信5 封", "已经答复4 封", "一般几天答复2 天"]
    rows = [[cell.text_content() for cell in row] for row in page.xpath('//table[@class="letter-figures"]//tr')]
    assert rows == [
        ["地区", "收到", "答复", "天数"],
        ["浙江", "4", "3", "4"],
        ["湖南", "1", "1", "1"],
        ["全国", "5", "4", "2"],
    ]
    assert page.xpath('//*[local-name()="svg"][@class="chart"]/@aria-label') == ["答复最快的地区：天数的中位数"]
    ours = tree(client.get(f"{LIST}?region=hunan"))
    assert "收到来信1" in " ".join(ours.xpath('string(//dl[@class="letter-sums"])').split())


def test_a_letter_is_what_the_desk_made_of_it(client):
    chief = make_chief()
    letter = published(chief, text="我是邱慧敏，住3栋2单元501室。\n\n路灯坏了三个月。", days_ago=5)
    page = client.get(letter.get_absolute_url())
    assert page.status_code == 200
    main = " ".join(tree(page).xpath("string(//main)").split())
    assert "我是〔姓名已隐去〕，住〔门牌号已隐去〕。" in main
    assert "5 天后市政工程处答复" in main
    assert "浙江读者 邱**" in main
    steps = [" ".join(step.text_content().split()) for step in tree(page).xpath('//ol[@class="letter-steps"]/li')]
    assert [step.split()[0] for step in steps] == ["收到", "转办", "答复", "公开答复"]
    for private_word in (letter.name, letter.phone, letter.receipt, letter.token, "501室"):
        assert private_word not in page.text


def test_a_letter_that_waits_says_how_long(client):
    letter = shown(make_chief(), days_ago=8)
    main = " ".join(tree(client.get(letter.get_absolute_url())).xpath("string(//main)").split())
    assert "已等 8 天，已转市政工程处" in main
    assert "等待答复 第 8 天" in main
    # Answered, and the answer not yet fit for readers.
    rules.answer(letter, user=make_chief(), text="请找老王 13700137000。", answered_by="市政工程处")
    caches["pages"].clear()
    page = client.get(letter.get_absolute_url()).text
    assert "答复正在整理" in page
    assert "13700137000" not in page


def test_nobody_has_waited_no_days(client):
    letter = shown(make_chief(), days_ago=0)
    assert "今天收到，已转市政工程处" in tree(client.get(letter.get_absolute_url())).xpath("string(//main)")
    own = tree(client.get(letter.follow_url)).xpath("string(//main)")
    assert "现在：已转办，已转市政工程处" in own
    assert "0 天" not in own


def test_what_is_not_public_is_not_there_and_what_was_is_gone(client, django_capture_on_commit_callbacks):
    chief = make_chief()
    for letter in (make_letter(), answered(chief), rules.withhold(make_letter(), user=chief, closing="void")):
        assert client.get(letter.get_absolute_url()).status_code == 404
    letter = published(chief)
    assert client.get(letter.get_absolute_url()).status_code == 200
    assert len(subjects(client.get(LIST))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        rules.withhold(letter, user=chief, closing="private", text="涉及案情。")
    gone = client.get(letter.get_absolute_url())
    assert gone.status_code == 410
    assert letter.public_subject not in gone.text
    assert subjects(client.get(LIST)) == []
    for odd in ("0", "01", "9" * 18, "9" * 19, "x", "１"):
        assert client.get(f"{LIST}{odd}/").status_code == 404


def test_publishing_makes_the_pages_fresh(client, django_capture_on_commit_callbacks):
    chief = make_chief()
    letter = answered(chief)
    assert subjects(client.get(LIST)) == []
    with django_capture_on_commit_callbacks(execute=True):
        publication.publish(letter, user=chief, values=publication.proposed(letter))
    assert subjects(client.get(LIST)) == [letter.subject]
    # What readers never see makes no page old.
    generation = pagecache.current_generation()
    with django_capture_on_commit_callbacks(execute=True):
        rules.note(make_letter(), user=chief, text="备注")
    pagecache.forget_checks()
    assert pagecache.current_generation() == generation


@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_costs_the_same_for_one_letter_and_for_thirty(client, rows, settings):
    settings.PAGE_CACHE_CHECK_SECONDS = 3600
    pagecache.current_generation()
    chief = make_chief()
    tag = make_tag(name=views.TAG)
    for number in range(rows):
        letter = published(chief, region=region_of(["zhejiang", "hunan", "hubei"][number % 3]), days_ago=number + 1)
        make_article(tags=[tag])
    client.get("/letters/")
    budgets = {LIST: 5, f"{LIST}?state=answered": 5, f"{LIST}?region=zhejiang": 6, letter.get_absolute_url(): 3}
    for path, queries in budgets.items():
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        assert len(asked) == queries, path


def test_reports_about_letters_stand_beside_them(client):
    make_article(title="记者去看了路灯", tags=[make_tag(name="群众来信")])
    assert "记者去看了路灯" in tree(client.get(LIST)).xpath('string(//section[@class="letter-follow-ups"])')


# --- The one who wrote it ---


def test_the_private_page_tells_what_was_done(client):
    chief = make_chief()
    letter = rules.forward(make_letter(), user=chief, office="市水务局", note="内部备注不外传")
    rules.message(letter, user=chief, text="请补一张照片。")
    letter = rules.answer(letter, user=chief, text="水管已经换好。", answered_by="市水务局")
    answer = client.get(letter.follow_url)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    said = " ".join(tree(answer).xpath('string(//ol[@class="letter-log"])').split())
    for told in ("收到您的来信", "转给有关单位办理：市水务局", "请补一张照片。", "水管已经换好。"):
        assert told in said
    assert "内部备注不外传" not in answer.text
    assert str(chief) not in said
    assert client.get(f"/hant{letter.follow_url}").status_code == 404
    for odd in ("x" * 32, "x" * 31, letter.receipt, letter.token[:-1] + "!"):
        assert client.get(f"/letters/follow/{odd}/").status_code == 404


def test_the_sender_takes_her_consent_back(client, django_capture_on_commit_callbacks):
    letter = published(make_chief())
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(letter.follow_url, {"consent": "no"})
    assert (answer.status_code, answer["Location"]) == (303, letter.follow_url)
    assert client.get(letter.get_absolute_url()).status_code == 410
    assert "改为同意公开" in client.get(letter.follow_url).text
    client.post(letter.follow_url, {"consent": "perhaps"})
    letter.refresh_from_db()
    assert not letter.consent
    assert Client(enforce_csrf_checks=True).post(letter.follow_url, {"consent": "yes"}).status_code == 403


def test_the_sender_changes_her_mind_so_often_and_no_more(client, monkeypatch):
    monkeypatch.setattr(private, "CHANGES", 1)
    monkeypatch.setattr(private, "PERIOD", AGES)
    letter = make_letter()
    assert client.post(letter.follow_url, {"consent": "no"}).status_code == 303
    answer = client.post(letter.follow_url, {"consent": "yes"})
    assert answer.status_code == 429
    assert "请十分钟后再试" in answer.text
    letter.refresh_from_db()
    assert (letter.consent, letter.events.filter(kind="consent").count()) == (False, 1)


@pytest.mark.parametrize("contact", ["13800138000", "138 0013 8000", "Qiu@Example.com"])
def test_a_letter_is_found_by_its_number_and_a_contact(client, contact):
    letter = make_letter(phone="138-0013-8000", email="qiu@example.com")
    for receipt in (letter.receipt, letter.receipt.lower(), letter.receipt.replace("-", ""), f" {letter.receipt} "):
        answer = client.post("/letters/follow/", {"receipt": receipt, "contact": contact})
        assert (answer.status_code, answer["Location"]) == (303, letter.follow_url)


def test_neither_alone_finds_a_letter(client):
    letter = make_letter(email="")
    other = make_letter(phone="13900139000")
    told = "没有找到：请核对受理编号"
    for receipt, contact in (
        (letter.receipt, other.phone),
        (letter.receipt, "电话"),
        (letter.receipt, "@"),
        ("AAAA-AAAA-AAAA", letter.phone),
        ("'; --", letter.phone),
    ):
        answer = client.post("/letters/follow/", {"receipt": receipt, "contact": contact})
        assert answer.status_code == 422
        assert told in answer.text
    assert client.post("/letters/follow/", {}).status_code == 422
    assert client.get("/letters/follow/").status_code == 200


def test_numbers_are_not_tried(client, monkeypatch, one_period):
    letter = make_letter()
    monkeypatch.setattr(private, "LOOKUPS", 2)
    monkeypatch.setattr(private, "PERIOD", AGES)
    right = {"receipt": letter.receipt, "contact": letter.phone}
    codes = [client.post("/letters/follow/", right).status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    assert "请十分钟后再试" in client.post("/letters/follow/", right).text

    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(throttle, "too_often", broken)
    assert client.post("/letters/follow/", right).status_code == 303


# --- Mail ---


@pytest.fixture
def mailing(settings):
    settings.MAIL_WORKS = True
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.mark.usefixtures("mailing")
def test_a_mail_says_that_something_happened_and_not_what(django_capture_on_commit_callbacks):
    chief = make_chief()
    with django_capture_on_commit_callbacks(execute=True):
        letter = make_letter(email="qiu@example.com")
        rules.assign(letter, user=chief, to=chief, due_on=None)
        rules.note(letter, user=chief, text="内部备注")
        rules.forward(letter, user=chief, office="市水务局")
        rules.answer(letter, user=chief, text="水管已经换好。", answered_by="市水务局")
        assert mail.outbox == []
    assert [message.subject for message in mail.outbox] == ["您的来信已收到", "您的来信已转办", "您的来信有了答复"]
    for message in mail.outbox:
        assert message.to == ["qiu@example.com"]
        assert f"http://127.0.0.1:8000{letter.follow_url}" in message.body
        assert letter.receipt in message.body
        # Nor anything that the sender typed: the address may be somebody else's.
        assert not re.search(f"水管|水务局|备注|{letter.name}|{letter.subject}", message.body)


@pytest.mark.usefixtures("mailing")
def test_a_member_is_told_by_a_notice_too_and_never_by_two_mails(client, django_capture_on_commit_callbacks):
    chief, member = make_chief(), make_member("reader", email="qiu@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        letter = make_letter(user=member, email="qiu@example.com")
        rules.note(letter, user=chief, text="内部备注")
    told = Notice.objects.values_list("user", "kind", "text", "link")
    received = (member.pk, "letter", f"您的来信（受理编号 {letter.receipt}）已收到。", letter.follow_url)
    assert list(told) == [received]
    assert [message.subject for message in mail.outbox] == ["您的来信已收到"]
    mail.outbox.clear()
    notices.set_mail(member, by_mail=True)
    with django_capture_on_commit_callbacks(execute=True):
        rules.answer(letter, user=chief, text="水管已经换好。", answered_by="市水务局")
    assert [message.subject for message in mail.outbox] == ["来信通知"]
    assert "水管" not in mail.outbox[0].body
    # Another address than the account's is told by a mail of its own.
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        make_letter(user=member, email="other@example.com")
    assert sorted(message.to[0] for message in mail.outbox) == ["other@example.com", "qiu@example.com"]
    client.force_login(member)
    assert f"您的来信（受理编号 {letter.receipt}）有了答复。" in client.get("/comments/notices/").text


@pytest.mark.usefixtures("mailing")
def test_a_mail_that_fails_breaks_nothing(client, django_capture_on_commit_callbacks, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("no server")

    monkeypatch.setattr("comments.letters.mail.send_mail", broken)
    with django_capture_on_commit_callbacks(execute=True):
        letter = make_letter(email="qiu@example.com")
    assert Letter.objects.filter(pk=letter.pk).exists()


def test_no_mail_without_a_server_or_an_address(django_capture_on_commit_callbacks, settings):
    settings.MAIL_WORKS = False
    with django_capture_on_commit_callbacks(execute=True):
        make_letter(email="qiu@example.com")
    settings.MAIL_WORKS = True
    with django_capture_on_commit_callbacks(execute=True):
        make_letter()
    assert mail.outbox == []


def test_a_receipt_cannot_be_guessed():
    assert len({make_letter().receipt for _ in range(20)}) == 20
    assert intake.read_key(intake.new_key()).once != intake.read_key(intake.new_key()).once
