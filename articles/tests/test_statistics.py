"""统计: items, words, pictures and reads of some months, by channel, author, duty editor and month."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import statistics
from articles.models import ArticleReads, Beat, Credit

from .factories import make_article, make_author, make_channel, make_member, make_photo
from .test_admin_articles import make_draft

pytestmark = pytest.mark.django_db
PAGE = "/admin/articles/article/statistics/"
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
SPAN = {"first": "2026-10", "last": "2026-11"}


@pytest.fixture
def made():
    """Three articles of two months, and what does not count."""
    cases, society = make_channel(name="就案说法"), make_channel(name="社会热点")
    photo = make_photo()
    with_photo = f'<p>一二三四五</p><figure data-photo="{photo.pk}"></figure>'
    rows = [
        make_article(channel=society, published_at=at(10, 31, 15), body="<p>一二三</p>", duty_editor="沈若谷"),
        # 16 o'clock UTC is midnight here: November.
        make_article(channel=society, published_at=at(10, 31, 16), body=with_photo, duty_editor="沈若谷"),
        make_article(channel=cases, published_at=at(11, 9, 3), body="<p>一二三四</p>", duty_editor="程予安"),
    ]
    for number, article in enumerate(rows, start=1):
        ArticleReads.objects.create(article=article, total=number * 10)
    make_article(channel=cases, published_at=at(9, 30, 15))
    make_draft(channel=cases)
    return rows


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, 59, tzinfo=UTC)


def table(user, group: str, first=OCTOBER, last=NOVEMBER) -> list[list]:
    return [row.cells for row in statistics.table(user, first=first, last=last, group=group)]


def test_by_channel_editor_and_month(made, editor):
    assert table(editor, "channel") == [["社会热点", 2, 8, 1, 30], ["就案说法", 1, 4, 0, 30]]
    assert table(editor, "editor") == [["沈若谷", 2, 8, 1, 30], ["程予安", 1, 4, 0, 30]]
    assert table(editor, "month") == [["2026-10", 1, 3, 0, 10], ["2026-11", 2, 9, 1, 50]]
    assert table(editor, "channel", last=OCTOBER) == [["社会热点", 1, 3, 0, 10]]


def test_an_article_counts_once_for_each_author(made, editor):
    one, two = make_author(name="白一川"), make_author(name="韩拾光")
    Credit.objects.create(article=made[1], author=one, role="文字记者")
    Credit.objects.create(article=made[1], author=one, role="摄影")
    Credit.objects.create(article=made[1], author=two, role="统筹")
    Credit.objects.create(article=made[0], author=two, role="作者")
    assert table(editor, "author") == [["韩拾光", 2, 8, 1, 30], ["白一川", 1, 5, 1, 20]]


def test_the_page_and_the_file_say_the_same(client, editor, made):
    client.force_login(editor)
    page = client.get(PAGE, {**SPAN, "group": "channel"})
    assert [row.cells for row in page.context["rows"]] == table(editor, "channel")
    assert page.context["total"].cells == ["合计", 3, 12, 1, 60]
    answer = client.get(f"{PAGE}?{page.context['download']}")
    lines = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert lines == [
        ["栏目", "篇数", "字数", "正文图片", "点击"],
        ["社会热点", "2", "8", "1", "30"],
        ["就案说法", "1", "4", "0", "30"],
    ]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statistics-2026-10-2026-11.csv"'


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"first": "2026-11", "last": "2026-10"}, "结束的月份不能早于开始的月份。"),
        ({"first": "2025-01", "last": "2026-01"}, "一次最多统计 12 个月。"),
        ({"first": "十月"}, "月份请写成 2026-11 的样子。"),
        ({"first": "0001-01", "last": "0001-02"}, "请填 1990 年以后的月份。"),
        ({"first": "9999-12", "last": "9999-12"}, "请填 1990 年以后的月份。"),
        ({"first": ""}, "请填月份。"),
        ({"group": "weather"}, "weather"),
    ],
)
def test_what_cannot_be_counted_is_told(client, editor, query, told):
    client.force_login(editor)
    page = client.get(PAGE, {**SPAN, "group": "channel", **query})
    assert page.status_code == 200
    assert told in page.text


def test_it_keeps_to_the_beat(client, made):
    user = make_member("cases", is_staff=True, groups=["责任编辑"])
    Beat.objects.create(user=user, channel=made[2].channel)
    assert table(user, "channel") == [["就案说法", 1, 4, 0, 30]]
    client.force_login(make_member("nobody", is_staff=True))
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("group", statistics.GROUPS)
def test_it_takes_the_same_queries_for_any_number(editor, made, group):
    table(editor, group)  # the beats, once
    counts = []
    for more in (0, 5):
        for _ in range(more):
            make_article(published_at=at(10, 5, 3), credit="白一川", duty_editor="某某")
        with CaptureQueriesContext(connection) as queries:
            table(editor, group)
        counts.append(len(queries))
    assert counts == [2, 2]
