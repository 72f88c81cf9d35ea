"""What the menu and the first page of the back office say of letters."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml.html import fromstring

from articles.models import Beat
from articles.tests.factories import make_channel, make_member
from comments.letters import rules, waiting
from regions.models import Region

from .letters import answered, make_chief, make_letter, published

pytestmark = pytest.mark.django_db


def editor(name: str = "letter-editor", role: str = "责任编辑", **beat):
    user = make_member(name, is_staff=True, groups=[role])
    if beat:
        Beat.objects.create(user=user, **beat)
    return user


def table(client) -> list[list[str]]:
    """The rows of the block: name, number, since when."""
    rows = fromstring(client.get("/admin/").text).xpath("//section[@aria-labelledby='letters-heading']//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_each_queue_with_its_number_and_its_oldest(client):
    chief, user = make_chief(), editor(role="主任")
    make_letter(days_ago=2)
    mine = rules.assign(make_letter(days_ago=9), user=chief, to=user, due_on=None)
    rules.assign(make_letter(days_ago=30), user=chief, to=None, due_on=timezone.localdate() - timedelta(days=3))
    answered(chief)
    published(chief)
    rules.withhold(make_letter(), user=chief, closing="void")
    client.force_login(user)
    assert table(client) == [
        ["待办", "3", "4 周"],
        ["我经办的", "1", "1 周"],
        ["已过期限", "1", "4 周"],
        ["待公开", "1", "0 分钟"],
    ]
    assert "待办来信 3" in client.get("/admin/").text
    for line, expected in zip(waiting.lines(user), (3, 1, 1, 1), strict=True):
        assert client.get(line.url).context["cl"].result_count == expected
    assert mine.subject in client.get(waiting.lines(user)[1].url).text


def test_a_queue_without_letters_says_so(client):
    client.force_login(editor())
    assert table(client) == [["待办", "0", "—"], ["我经办的", "0", "—"], ["已过期限", "0", "—"]]
    assert "待办来信 0" in client.get("/admin/").text


def test_only_those_of_ones_own_regions(client):
    make_letter(region="hunan")
    make_letter(region="zhejiang")
    client.force_login(editor(region=Region.objects.get(slug="hunan")))
    assert table(client)[0][1] == "1"
    assert "待办来信 1" in client.get("/admin/").text


@pytest.mark.parametrize("role", ["记者", "图片编辑", "站长"])
def test_nothing_for_who_handles_no_letters(client, role):
    make_letter()
    client.force_login(editor(role=role))
    assert table(client) == []
    assert "待办来信" not in client.get("/admin/").text


def test_nothing_for_who_answers_for_other_channels(client):
    make_letter()
    client.force_login(editor(channel=make_channel()))
    assert table(client) == []
    assert "待办来信" not in client.get("/admin/").text


def test_the_same_queries_for_any_number(client):
    user, counts = editor(), []
    client.force_login(user)
    for more in (1, 9):
        for _ in range(more):
            rules.assign(make_letter(), user=make_chief(), to=user, due_on=None)
        client.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
