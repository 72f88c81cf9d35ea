"""Printed cards: the signed address in their code, what it proves at the door, and the sheet they are printed on."""

from datetime import date, datetime, timedelta

import pytest
import segno
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from about.cards import Check, Verdict, card_url, check_card, signer
from about.models import StaffMember
from articles.tests.clock import StoppedClock
from articles.tests.factories import make_member
from articles.tests.pages import main_part, text_of_main, tree
from articles.tests.test_admin_forms import fill
from regions.models import Region

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)
STAFF = "/admin/about/staffmember/"


@pytest.fixture(autouse=True)
def clock(monkeypatch, site):
    site.phone = "010-5555 0100"
    site.save()
    return StoppedClock(monkeypatch)


@pytest.fixture
def desk(client, chief):
    client.force_login(chief)
    return client


def make_staff(**overrides) -> StaffMember:
    values = {"name": "沈若谷", "title": "首席记者", "card_number": "B-1001", "department": "要闻部"}
    return StaffMember.objects.create(**{**values, "valid_until": TODAY + timedelta(days=30), **overrides})


def card_of(member: StaffMember, *, issued_on: date = TODAY) -> str:
    """The path that the card's code leads to."""
    return card_url(member, issued_on=issued_on).removeprefix("http://127.0.0.1:8000")


def token_of(path: str) -> str:
    return path.removeprefix("/staff/card/").removesuffix("/")


def verdict(response) -> str:
    return main_part(response).xpath('.//section[contains(@class, "verdict")]//h1')[0].text_content()


# --- At the door ---


def test_a_card_of_somebody_employed_is_genuine(client):
    member = make_staff(region=Region.objects.get(slug="zhejiang"))

    response = client.get(card_of(member))

    assert (response.status_code, verdict(response)) == (200, "证件真实有效")
    said = text_of_main(response)
    for words in ("沈若谷在职", "首席记者", "要闻部", "浙江省", "B-1001", "2026年12月3日", "签发日期：2026年11月3日"):
        assert words in said
    assert "核实时间 2026年11月3日 12:00:00" in said
    assert "verdict-valid" in response.text


def test_what_is_checked_now_says_the_time_of_now(client, clock):
    path = card_of(make_staff())
    assert "12:00:00" in text_of_main(client.get(path))
    clock.move(seconds=61)
    assert "12:01:01" in text_of_main(client.get(path))


def test_who_left_is_found_out_at_once(client):
    member = make_staff()
    path = card_of(member, issued_on=TODAY - timedelta(days=700))
    assert verdict(client.get(path)) == "证件真实有效"
    # Behind the back of every cache: no generation of the pages was raised.
    StaffMember.objects.update(status="left")

    response = client.get(path)

    assert (response.status_code, verdict(response)) == (410, "已离职，证件无效")
    said = text_of_main(response)
    assert "沈若谷已不是本站人员" in said
    assert "请致电编辑部 010-5555 0100" in said
    assert "真实有效" not in response.text
    assert "verdict-valid" not in response.text
    assert "id-card-invalid" in response.text


def test_a_card_ends_with_its_day(client, clock):
    path = card_of(make_staff(valid_until=TODAY))
    assert verdict(client.get(path)) == "证件真实有效"
    clock.now = datetime(2026, 11, 3, 16, 0, tzinfo=clock.now.tzinfo)  # midnight in the newsroom

    response = client.get(path)

    assert (response.status_code, verdict(response)) == (410, "证件已过期")
    assert "有效期到 2026年11月3日为止" in text_of_main(response)


def test_an_old_card_does_not_live_by_the_new_one(client):
    member = make_staff(valid_until=TODAY - timedelta(days=1))
    old = card_of(member)
    member.valid_until = TODAY + timedelta(days=365)
    member.save()

    assert verdict(client.get(card_of(member))) == "证件真实有效"
    response = client.get(old)
    assert (response.status_code, verdict(response)) == (410, "证件已过期")
    assert "2026年11月2日" in text_of_main(response)
    assert "在职，证件有效" not in text_of_main(response)


def test_a_time_that_was_shortened_holds_for_cards_printed_before(client):
    member = make_staff()
    path = card_of(member)
    StaffMember.objects.update(valid_until=TODAY - timedelta(days=1))
    assert verdict(client.get(path)) == "证件已过期"


@pytest.mark.parametrize("change", ["public_id", "issued", "until", "signature", "missing", "salt"])
def test_what_was_changed_or_invented_proves_nothing(client, django_assert_num_queries, change):
    member, other = make_staff(), make_staff(name="欧阳", card_number="B-2002")
    token = token_of(card_of(member))
    payload, signature = token.split(":")
    forged = {
        "public_id": token.replace(member.public_id, other.public_id),
        "issued": token.replace("20261103", "20261102"),
        "until": token.replace("20261203", "20361203"),
        "signature": f"{payload}:{'A' * len(signature)}",
        "missing": payload,
        "salt": f"{payload}:{signature[:-1]}",
    }[change]
    assert check_card(token).verdict is Verdict.VALID
    client.get("/staff/")  # reads what stands around every page

    with django_assert_num_queries(0):
        response = client.get(f"/staff/card/{forged}/")

    assert (response.status_code, verdict(response)) == (404, "无法核实")
    said = text_of_main(response)
    assert "二维码不是本站签发的，或被改动过" in said
    assert "请致电编辑部" in said
    for person in (member, other):
        assert person.name not in response.text
        assert person.card_number not in response.text


def test_a_signed_text_that_is_no_card_is_none():
    for text in ("", "x", "a.b", "a.b.c", "a.20261103", "a.20261103.20261332", "a.1.2.3"):
        assert check_card(signer().sign(text)) == Check(Verdict.FORGED), text


def test_the_public_address_of_a_card_is_no_proof_and_proves_no_way_to_one(client):
    member = make_staff()
    page = client.get(member.get_absolute_url())
    assert page.status_code == 200
    assert "/staff/card/" not in page.text
    assert client.get(f"/staff/card/{member.public_id}/").status_code == 404


def test_a_changed_secret_keeps_cards_alive_by_its_fallback(client, settings):
    path = card_of(make_staff())
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-" * 5
    assert verdict(client.get(path)) == "无法核实"
    settings.SECRET_KEY_FALLBACKS = [former]
    assert verdict(client.get(path)) == "证件真实有效"


def test_nothing_keeps_what_was_checked(client):
    member = make_staff()
    for path in (card_of(member), "/staff/card/junk/"):
        response = client.get(path)
        assert "no-store" in response.headers["Cache-Control"]
        assert "ETag" not in response.headers
        assert not response.cookies
        assert not response.wsgi_request.session.accessed
        assert '<meta name="robots" content="noindex">' in response.text
        assert client.post(path).status_code == 405


@pytest.mark.parametrize("others", [0, 3])
def test_a_check_takes_one_query(client, django_assert_num_queries, others):
    for number in range(others):
        make_staff(card_number=f"B-{number:04}", region=Region.objects.all()[number])
    path = card_of(make_staff(region=Region.objects.get(slug="henan")))
    client.get("/staff/")  # reads what stands around every page

    # 1 the member with the region
    with django_assert_num_queries(1):
        assert client.get(path).status_code == 200


# --- Printing ---


def sheet_links(response) -> list[str]:
    return [link.get("href") for link in tree(response).xpath('//p[@class="check"]/a')]


def test_the_sheet_shows_each_card_with_its_code(desk):
    members = [make_staff(), make_staff(name="欧阳", card_number="B-2002")]
    left = make_staff(name="某甲", card_number="B-3003", status="left")
    late = make_staff(name="某乙", card_number="B-4004", valid_until=TODAY - timedelta(days=1))
    chosen = {"action": "print_cards", "_selected_action": [each.pk for each in [*members, left, late]]}

    response = desk.post(STAFF, chosen)

    urls = [card_url(each, issued_on=TODAY) for each in members]
    assert sorted(sheet_links(response)) == sorted(urls)
    for member, url in zip(members, urls, strict=True):
        assert member.name in response.text
        assert member.card_number in response.text
        size = len(segno.make(url, error="m", micro=False).matrix) + 4
        assert f'viewBox="0 0 {size} {size}"' in response.text
    for refused in (left, late):
        assert refused.card_number not in response.text
    assert "某乙、某甲已离职或证件已过期，没有打印。" in desk.get(STAFF).text
    logged = LogEntry.objects.values_list("object_id", "change_message")
    assert sorted(logged) == [(str(each.pk), "打印工作证，签发日期 2026-11-03") for each in members]
    assert "style=" not in response.text
    assert "no-cache" in response.headers["Cache-Control"]


def test_what_was_printed_is_genuine_to_anybody(desk):
    make_staff()
    response = desk.post(STAFF, {"action": "print_cards", "_selected_action": [StaffMember.objects.get().pk]})
    (url,) = sheet_links(response)
    assert verdict(Client().get(url.removeprefix("http://127.0.0.1:8000"))) == "证件真实有效"


def test_one_card_is_printed_from_its_form(desk):
    member = make_staff()
    address = f"{STAFF}{member.pk}/card/"
    page = tree(desk.get(f"{STAFF}{member.pk}/change/"))
    assert page.xpath(f'//form[@action="{address}"]//button')[0].text_content() == "打印工作证"
    assert sheet_links(desk.post(address)) == [card_url(member, issued_on=TODAY)]
    # A reload of the address alone makes no signature.
    assert desk.get(address).headers["Location"] == f"{STAFF}{member.pk}/change/"
    StaffMember.objects.update(status="left")
    assert not tree(desk.get(f"{STAFF}{member.pk}/change/")).xpath(f'//form[@action="{address}"]')
    assert desk.post(address).headers["Location"] == f"{STAFF}{member.pk}/change/"
    assert LogEntry.objects.count() == 1


def test_whoever_may_only_look_prints_nothing(client):
    member = make_staff()
    client.force_login(make_member("looker", is_staff=True, permissions=["view_staffmember"]))
    assert "打印工作证" not in client.get(STAFF).text
    assert client.post(f"{STAFF}{member.pk}/card/").status_code == 302
    client.post(STAFF, {"action": "print_cards", "_selected_action": [member.pk]})
    assert not LogEntry.objects.exists()
    assert Client().post(f"{STAFF}{member.pk}/card/").headers["Location"].startswith("/admin/login/")


def test_lost_cards_are_made_void_for_ever(desk):
    member = make_staff()
    lost, address = card_of(member), f"{STAFF}{member.pk}/change/"
    desk.post(address, fill(desk.get(address)))
    assert verdict(desk.get(lost)) == "证件真实有效"

    desk.post(address, fill(desk.get(address), void_cards="on"))

    response = desk.get(lost)
    assert (response.status_code, verdict(response)) == (410, "无法核实")
    assert "已挂失或换发" in text_of_main(response)
    assert "沈若谷" not in response.text
    member.refresh_from_db()
    assert verdict(desk.get(card_of(member))) == "证件真实有效"
    assert member.updated_at == timezone.now()
