"""Accounts: names to show, rights, and signing in."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.tests.factories import make_member

pytestmark = pytest.mark.django_db
Member = get_user_model()


def test_the_account_is_our_own_model():
    assert Member._meta.label == "members.Member"
    assert (Member.first_name, Member.last_name) == (None, None)
    fields = {field.name for field in Member._meta.get_fields()}
    assert "display_name" in fields
    assert not {"first_name", "last_name"} & fields


@pytest.mark.parametrize(("display_name", "shown"), [("", "reader"), ("读报人", "读报人")])
def test_others_see_the_display_name_or_else_the_username(display_name, shown):
    member = make_member("reader", display_name=display_name)

    assert [str(member), member.get_full_name(), member.get_short_name()] == [shown] * 3


def test_who_signs_up_is_a_reader():
    member = make_member("reader")

    assert (member.is_active, member.is_staff, member.is_superuser) == (True, False, False)
    assert member.get_all_permissions() == set()


def test_rights_are_those_that_were_given():
    member = make_member("reporter", is_staff=True, permissions=["view_region"])

    assert member.get_all_permissions() == {"regions.view_region"}
    assert not member.has_perm("regions.change_region")


def test_a_superuser_is_made_with_every_right():
    member = Member.objects.create_superuser("chief", password="a-long-test-password")

    assert (member.is_staff, member.has_perm("members.delete_member")) == (True, True)


def test_the_password_is_kept_as_a_hash_alone():
    member = make_member("reader")

    assert "a-long-test-password" not in member.password
    assert authenticate(username="reader", password="a-long-test-password") == member
    assert authenticate(username="reader", password="another") is None


def test_who_left_cannot_sign_in():
    member = make_member("reader", is_active=False)

    assert member.check_password("a-long-test-password")
    assert authenticate(username="reader", password="a-long-test-password") is None


def test_a_username_is_of_one_account():
    make_member("reader")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_member("reader")


def test_members_are_listed_by_username():
    for name in ("c", "a", "b"):
        make_member(name)

    assert [member.username for member in Member.objects.all()] == ["a", "b", "c"]


@pytest.mark.parametrize("username", ["", "a b", "a<b>", "a/b", "x" * 151])
def test_what_is_no_username_is_refused(username):
    with pytest.raises(ValidationError) as refusal:
        Member(username=username, password="x").full_clean()
    assert list(refusal.value.message_dict) == ["username"]


def test_a_reader_has_no_way_into_the_back_office(client, member):
    client.force_login(member)

    response = client.get("/admin/")

    assert (response.status_code, response.url) == (302, "/admin/login/?next=/admin/")
