"""站长's side: finding a reader among many, stopping her, and clearing away what was never confirmed."""

import io
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles.tests.factories import make_member
from articles.tests.test_admin_forms import fill
from members.models import Operation, TakenName

from .accounts import PASSWORD, make_reader, sign_in

pytestmark = pytest.mark.django_db
LIST = "/admin/members/member/"


@pytest.fixture
def keeper(db):
    """站长, signed in."""
    make_member("zhanzhang", is_staff=True, groups=["站长"])
    return sign_in("zhanzhang")


def found(client, query: str) -> set[str]:
    answer = client.get(LIST, {"q": query})
    assert answer.status_code == 200
    return {member.username for member in answer.context["cl"].result_list}


def test_a_reader_is_found_by_a_whole_name_or_address(keeper, reporter):
    make_reader("tingyu", display_name="听雨的人")
    make_reader("second")
    other = make_reader("third")
    EmailAddress.objects.create(user=other, email="new@example.com")
    for query in ("tingyu", "TINGYU", "听雨的人", "聽雨的人", "tingyu@example.com", " Tingyu@Example.com "):
        assert found(keeper, query) == {"tingyu"}, query
    assert found(keeper, "new@example.com") == {"third"}
    for query in ("ting", "听雨", "example.com", "%", "_", "\\", "'", "x" * 300, "\u200b"):
        assert found(keeper, query) <= {"reporter"}, query
    assert found(keeper, "report") == {"reporter"}, "people of the newsroom by a part"


def test_the_list_never_counts_everybody(keeper, django_assert_num_queries, reporter):
    for number in range(30):
        make_reader(f"reader-{number}")
    keeper.get(LIST)
    # session, account, rights (2), groups of the filter, count up to the limit, rows, the site's name, waiting letters
    with django_assert_num_queries(9) as seen:
        assert keeper.get(LIST).status_code == 200
    counts = [query["sql"] for query in seen.captured_queries if "COUNT(" in query["sql"]]
    counts = [sql for sql in counts if "comments_letter" not in sql]
    assert [("LIMIT" in sql, "10000" in sql) for sql in counts] == [(True, True)]
    assert {member.username for member in keeper.get(f"{LIST}?staff=1").context["cl"].result_list} == {
        "reporter",
        "zhanzhang",
    }


def test_stopping_readers_at_once(keeper, reporter):
    readers = [make_reader("reader"), make_reader("second")]
    client = sign_in("reader")
    chosen = [member.pk for member in (*readers, reporter)]
    answer = keeper.post(LIST, {"action": "deactivate", "_selected_action": chosen}, follow=True)
    assert "已停用 2 个账号" in answer.text
    assert client.get("/members/").status_code == 302
    assert "_auth_user_id" not in sign_in("reader").session
    reporter.refresh_from_db()
    assert reporter.is_active
    assert not UserSession.objects.filter(user__in=readers).exists()
    assert {line.object_name for line in Operation.objects.filter(action="change")} == {"reader", "second"}


def test_stopping_one_by_the_form(keeper):
    reader = make_reader("reader")
    client = sign_in("reader")
    address = f"{LIST}{reader.pk}/change/"
    chief = Client()
    chief.force_login(make_member("chief", is_staff=True, is_superuser=True))
    values = fill(chief.get(address))
    values.pop("is_active")
    assert chief.post(address, values).status_code == 302
    reader.refresh_from_db()
    assert not reader.is_active
    assert client.get("/members/").status_code == 302
    assert not UserSession.objects.filter(user=reader).exists()


def test_a_name_given_in_the_back_office_is_taken(keeper):
    make_reader("tingyu")
    values = {"username": "tlngyu", "display_name": "新人", "usable_password": "true"}
    values |= {"password1": PASSWORD, "password2": PASSWORD}
    add = f"{LIST}add/"
    answer = keeper.post(add, fill(keeper.get(add), **values), follow=True)
    assert "和别人的名字太像" in answer.text
    keeper.post(add, fill(keeper.get(add), **values | {"username": "lvcheng"}))
    made = get_user_model().objects.get(username="lvcheng")
    assert set(TakenName.objects.filter(member=made).values_list("key", flat=True)) == {"lvcheng", "新人"}


def test_whoever_may_not_change_accounts_stops_nobody(client, reporter):
    reader = make_reader("reader")
    client = sign_in("reporter")
    client.post(LIST, {"action": "deactivate", "_selected_action": [reader.pk]})
    reader.refresh_from_db()
    assert reader.is_active


def test_what_was_never_confirmed_is_cleared_away(chief):
    long_ago = timezone.now() - timedelta(days=8)

    def unconfirmed(username: str, **values):
        user = make_member(username, email=f"{username}@example.com", **{"date_joined": long_ago, **values})
        EmailAddress.objects.create(user=user, email=user.email, primary=True)
        return user

    unconfirmed("gone")
    unconfirmed("new", date_joined=timezone.now() - timedelta(days=6))
    unconfirmed("seen", last_login=long_ago)
    unconfirmed("staff", is_staff=True)
    make_reader("confirmed", date_joined=long_ago)
    make_member("made", date_joined=long_ago, email="made@example.com")
    out = io.StringIO()
    call_command("tidy_members", stdout=out)
    assert out.getvalue() == "删除了 1 个没有确认的账号。\n"
    left = set(get_user_model().objects.values_list("username", flat=True))
    assert left == {"new", "seen", "staff", "confirmed", "made", "chief"}
