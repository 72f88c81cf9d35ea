"""站长 and the numbers of members: so much as tells two apart, found by the whole, taken off and written down."""

import pytest
from django.core import mail
from django.test import Client

from articles.tests.factories import make_member
from members import phones
from members.models import Operation, PhoneNumber

from .accounts import make_reader, sign_in

pytestmark = pytest.mark.django_db
LIST = "/admin/members/member/"
NUMBER = "+8613800138000"


@pytest.fixture(autouse=True)
def _texts(site, settings):
    settings.SMS_SENDER = "members.tests.sms.keep"


@pytest.fixture
def keeper(db) -> Client:
    make_member("zhanzhang", is_staff=True, groups=["站长"])
    return sign_in("zhanzhang")


@pytest.fixture
def reader(db):
    reader = make_reader("reader")
    phones.keep(reader, NUMBER)
    return reader


def address(member, page: str = "change") -> str:
    return f"{LIST}{member.pk}/{page}/"


def found(client, query: str) -> set[str]:
    return {member.username for member in client.get(LIST, {"q": query}).context["cl"].result_list}


def test_it_is_masked(keeper, reader):
    page = keeper.get(address(reader))
    assert "138****8000" in page.text
    assert f'href="{address(reader, "phone")}"' in page.text
    assert "13800138000" not in page.text
    assert "没有" in keeper.get(address(make_reader("other"))).text
    assert keeper.get(f"{LIST}add/").status_code == 200


def test_somebody_is_found_by_the_whole_number(keeper, reader, settings):
    make_reader("other")
    for query in ("13800138000", "+86 138 0013 8000"):
        assert found(keeper, query) == {"reader"}
    for query in ("1380013800", "138****8000", "13900139000"):
        assert found(keeper, query) == set()
    settings.SMS_SENDER = ""
    assert found(keeper, "13800138000") == set()


def test_taking_it_off(keeper, reader):
    page = keeper.get(address(reader, "phone"))
    assert "138****8000" in page.text
    assert "13800138000" not in page.text
    assert PhoneNumber.objects.exists(), "looking at it changes nothing"
    answer = keeper.post(address(reader, "phone"), follow=True)
    assert "已去掉 reader 的手机号 138****8000。" in answer.text
    assert not PhoneNumber.objects.exists()
    [line] = Operation.objects.filter(action="security")
    assert (line.username, line.object_name) == ("zhanzhang", "reader")
    assert line.changes == {"手机号": ["138****8000", "由后台去掉"]}
    assert mail.outbox[0].to == ["reader@example.com"]
    assert "不再使用手机号 138****8000。" in mail.outbox[0].body
    answer = keeper.post(address(reader, "phone"), follow=True)
    assert "账号 reader 没有手机号。" in answer.text
    assert "没有手机号" in keeper.get(address(reader, "phone")).text
    assert Operation.objects.filter(action="security").count() == 1


def test_saving_an_account_writes_no_number_down(keeper, reader):
    keeper.post(f"{LIST}{reader.pk}/delete/", {"post": "yes"})
    assert not PhoneNumber.objects.exists()
    assert all("138" not in str(row.changes) for row in Operation.objects.all())


def test_who_may_not_change_accounts_sees_none(client, reader, reporter, chief):
    client = sign_in("reporter")
    assert client.get(address(reader, "phone")).status_code == 403
    assert client.post(address(reader, "phone")).status_code == 403
    phones.keep(chief, "+8613900139000")
    make_member("zhanzhang", is_staff=True, groups=["站长"])
    assert sign_in("zhanzhang").post(address(chief, "phone")).status_code == 403, "somebody with more powers"
    assert PhoneNumber.objects.count() == 2


def test_without_a_sender_there_is_nothing(keeper, reader, settings):
    settings.SMS_SENDER = ""
    assert "手机号" not in keeper.get(address(reader)).text
    assert keeper.get(address(reader, "phone")).status_code == 404
    assert keeper.post(address(reader, "phone")).status_code == 404
    assert keeper.get(f"{LIST}999999/phone/").status_code == 404
    settings.SMS_SENDER = "members.tests.sms.keep"
    assert keeper.get(f"{LIST}999999/phone/").status_code == 404
    assert PhoneNumber.objects.exists()
