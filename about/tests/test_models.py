"""The site's profile, its licences, links and pages, as rows and as readers see them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from about.models import FriendLink, Licence, Page, SiteProfile, StaffMember, new_public_id
from articles.tests.clock import StoppedClock
from articles.tests.factories import make_profile
from articles.tests.pages import tree
from newsportal import chrome
from newsportal.lib.images import PORTRAIT_WIDTHS
from regions.models import Region

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)


@pytest.fixture
def clock(monkeypatch):
    return StoppedClock(monkeypatch)


def make_page(**overrides) -> Page:
    return Page.objects.create(**{"title": "联系我们", "slug": "contact", "body": "<p>写信来</p>", **overrides})


def footer(client) -> str:
    """The footer of a page that shows nothing but what stands around every page."""
    chrome.keeper.forget()
    response = client.get("/no-such-channel/")
    (element,) = tree(response).iter("footer")
    return " ".join(element.text_content().split())


# --- Profile ----------------------------------------------------------------------------------------------------------


def test_there_is_one_profile_however_often_one_is_saved():
    make_profile(name="甲")
    SiteProfile(name="乙", description="一句话").save()

    assert list(SiteProfile.objects.values_list("pk", "name")) == [(1, "乙")]
    assert str(SiteProfile.objects.get()) == "乙"


def test_the_database_refuses_a_second_profile():
    make_profile()

    with pytest.raises(IntegrityError), transaction.atomic():
        SiteProfile.objects.bulk_create([SiteProfile(pk=2, name="乙", description="一句话")])
    assert SiteProfile.objects.count() == 1


@pytest.mark.parametrize("number", ["010-12345678", "+86 10 1234 5678", "12345", "4008 123 123"])
def test_a_phone_number_is_taken(number):
    SiteProfile(name="甲", description="乙", phone=number).clean_fields()


@pytest.mark.parametrize("number", ["1234", "电话", "010-1234x", "<b>12345", "-12345", "1" * 30])
def test_what_is_no_phone_number_is_refused(number):
    with pytest.raises(ValidationError) as refusal:
        SiteProfile(name="甲", description="乙", phone=number).clean_fields()

    assert refusal.value.message_dict == {"phone": ["请填写电话号码：数字、空格和短横线，例如 010-12345678。"]}


def test_every_page_shows_the_profile_and_escapes_it(client):
    make_profile(name="试刊", organization="报社", phone="010-1234", statement="声明<b>一</b>", is_demo=True)

    shown = footer(client)

    for words in ("报社", "010-1234", "声明<b>一</b>", "desk@example.com", "演示站点"):
        assert words in shown


def test_a_site_without_a_profile_answers_all_the_same(client):
    assert client.get("/staff/").status_code == 200
    assert "新闻网" in footer(client)


def test_what_is_not_filled_in_is_not_shown(client):
    make_profile(email="")

    shown = footer(client)

    for words in ("电话", "邮箱", "地址", "主办", "演示站点"):
        assert words not in shown


# --- Licences ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid_until", "expected"),
    [(None, True), (TODAY - timedelta(days=1), False), (TODAY, True), (TODAY + timedelta(days=1), True)],
)
def test_a_licence_is_valid_up_to_and_on_its_last_day(clock, valid_until, expected):
    licence = Licence(kind="icp", number="京ICP备1号", valid_until=valid_until)

    assert licence.is_valid() is expected
    assert licence.is_valid(on=TODAY) is expected


def test_the_day_ends_at_midnight_in_the_newsroom(clock):
    """16:00 in London is midnight in Peking."""
    licence = Licence(kind="icp", number="京ICP备1号", valid_until=TODAY)

    clock.now = datetime(2026, 11, 3, 15, 59, tzinfo=UTC)
    assert licence.is_valid()
    clock.now = datetime(2026, 11, 3, 16, 0, tzinfo=UTC)
    assert not licence.is_valid()


def test_a_licence_out_of_date_is_not_shown(client, clock):
    profile = make_profile()
    for number, valid_until in (
        ("京ICP备1号", None),
        ("新闻许可2号", TODAY),
        ("视听许可3号", TODAY - timedelta(days=1)),
    ):
        Licence.objects.create(profile=profile, kind="other", number=number, valid_until=valid_until)
    assert Licence.objects.count() == 3

    shown = footer(client)
    assert ("京ICP备1号" in shown, "新闻许可2号" in shown, "视听许可3号" in shown) == (True, True, False)

    clock.move(days=1)
    shown = footer(client)
    assert ("京ICP备1号" in shown, "新闻许可2号" in shown, "视听许可3号" in shown) == (True, False, False)


def test_the_footer_forgets_a_licence_within_minutes_of_midnight(client, clock):
    profile = make_profile()
    Licence.objects.create(profile=profile, kind="icp", number="京ICP备1号", valid_until=TODAY)
    clock.now = datetime(2026, 11, 3, 15, 59, tzinfo=UTC)
    assert [licence.number for licence in chrome.keeper.get().licences] == ["京ICP备1号"]

    clock.move(minutes=11)

    assert chrome.keeper.get().licences == []


def test_licences_are_ordered_and_named():
    profile = make_profile()
    Licence.objects.create(profile=profile, kind="police", number="公安2号", position=2)
    Licence.objects.create(profile=profile, kind="icp", number="京ICP备1号", position=1)

    assert [str(licence) for licence in Licence.objects.all()] == ["ICP 备案 京ICP备1号", "公安备案 公安2号"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Licence.objects.create(profile=profile, kind="icp", number="京ICP备1号")


# --- Links and pages --------------------------------------------------------------------------------------------------


def test_friend_links_that_are_shown_stand_in_order(client):
    make_profile()
    FriendLink.objects.create(name="友站乙", url="https://b.example/", position=2)
    FriendLink.objects.create(name="友站甲", url="https://a.example/", position=1)
    FriendLink.objects.create(name="友站丙", url="https://c.example/", is_shown=False)
    assert str(FriendLink.objects.get(position=1)) == "友站甲"

    shown = footer(client)

    assert shown.index("友站甲") < shown.index("友站乙")
    assert "友站丙" not in shown


def test_a_page_is_cleaned_when_it_is_saved():
    page = make_page(body='<p class="MsoNormal" onclick="x()">　　写信来</p><script>x()</script>')

    page.refresh_from_db()
    assert page.body == "<p>写信来</p>"
    assert (str(page), page.get_absolute_url()) == ("联系我们", "/about/contact/")


@pytest.mark.parametrize("body", ["<p>&nbsp;</p>", "<script>x()</script>", "　", "<hr>"])
def test_a_page_with_nothing_to_read_is_refused(body):
    with pytest.raises(ValidationError) as refusal:
        Page(title="联系我们", slug="contact", body=body).clean()

    assert refusal.value.message_dict == {"body": ["正文里没有可读的文字，请填写内容。"]}
    Page(title="联系我们", slug="contact", body="写信来").clean()


def test_the_footer_lists_public_pages_that_belong_there(client):
    make_profile()
    make_page(position=2)
    make_page(title="关于我们", slug="us", position=1)
    make_page(title="内部说明", slug="internal", is_published=False)
    make_page(title="无处可寻", slug="elsewhere", in_footer=False)

    shown = footer(client)

    assert shown.index("关于我们") < shown.index("联系我们")
    assert "内部说明" not in shown
    assert "无处可寻" not in shown


# --- Staff ------------------------------------------------------------------------------------------------------------


def make_staff(**overrides) -> StaffMember:
    values = {"name": "沈若谷", "title": "记者", "card_number": "B-1001", "valid_until": TODAY, **overrides}
    return StaffMember(**values)


@pytest.mark.parametrize(
    ("status", "valid_until", "expected"),
    [
        ("active", TODAY, True),
        ("active", TODAY - timedelta(days=1), False),
        ("left", TODAY + timedelta(days=900), False),
    ],
)
def test_a_card_is_valid_for_the_employed_until_its_last_day(clock, status, valid_until, expected):
    member = make_staff(status=status, valid_until=valid_until)

    assert member.is_valid() is expected
    assert member.is_valid(on=TODAY) is expected


def test_the_address_of_a_card_cannot_be_guessed():
    addresses = {new_public_id() for _ in range(200)}

    assert len(addresses) == 200
    assert {len(address) for address in addresses} == {12}
    assert make_staff(public_id="AbC_-0123456").get_absolute_url() == "/staff/AbC_-0123456/"


@pytest.mark.parametrize("number", ["b-1001", "B1", "-B100", "B 100", "B_100", "证1001", "B" * 31])
def test_what_is_no_card_number_is_refused(number):
    with pytest.raises(ValidationError) as refusal:
        make_staff(card_number=number).clean_fields()

    assert list(refusal.value.message_dict) == ["card_number"]


@pytest.mark.parametrize("number", ["B-1001", "K310114512345001", "0001"])
def test_a_card_number_is_taken(number):
    make_staff(card_number=number).clean_fields(exclude=["region"])


def test_staff_with_one_card_number_cannot_be_two():
    make_staff().save()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_staff(name="另一人").save()
    assert str(StaffMember.objects.get()) == "沈若谷（B-1001）"


def test_a_region_with_staff_cannot_go():
    region = Region.objects.get(slug="zhejiang")
    make_staff(region=region).save()

    with pytest.raises(IntegrityError), transaction.atomic():
        region.delete()
    assert Region.objects.filter(slug="zhejiang").exists()


def test_the_portrait_is_described_for_those_who_cannot_see_it():
    data = {"name": "staff/ab/cd", "width": 480, "height": 640}
    member = make_staff(photo_data=data)

    assert make_staff().picture is None
    assert (member.picture.alt, member.picture.widths) == ("沈若谷的证件照", PORTRAIT_WIDTHS)


def test_a_row_knows_when_it_was_changed(clock):
    member = make_staff()
    member.save()
    assert member.updated_at == timezone.now()
