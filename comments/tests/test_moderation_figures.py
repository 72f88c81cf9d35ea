"""The figures of a day and of a month, the public report, and what the back office shows first."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.tests.clock import StoppedClock
from articles.tests.factories import make_article, make_channel, make_member
from articles.tests.pages import text_of_main, tree
from comments.models import Appeal, DayFigures, Report
from comments.moderation import desk, figures

from .factories import make_appeal, make_comment, make_decision, make_report, make_sanction
from .moderating import QUEUE, local_moderator

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 10, 4, tzinfo=UTC)
DAY = date(2026, 11, 10)


def a_day(moderator, at: datetime = NOON) -> None:
    """Something of everything, at one moment."""
    wait = timedelta(minutes=10)
    rows = [make_comment(state="waiting", created_at=at) for _ in range(5)]
    held = {"words", "contacts"}
    for row, rule in zip(rows, ["default", "default", "words", "contacts", "default"], strict=True):
        state = "withheld" if rule in held else "waiting"
        make_decision(row, from_state="", to_state=state, rule=rule, reason="word", at=at)
    make_decision(make_comment(created_at=at), from_state="", rule="default", at=at)
    make_decision(make_comment(state="rejected", created_at=at), from_state="", rule="words", reason="word", at=at)
    by = {"actor": moderator, "from_state": "waiting", "at": at}
    make_decision(rows[0], to_state="approved", waited=wait, **by)
    refused = make_decision(rows[1], to_state="rejected", reason="attack", waited=wait * 6, **by)
    make_decision(rows[2], to_state="spam", reason="ad", waited=wait * 6, **by)
    wrong = make_decision(rows[3], to_state="rejected", reason="ad", waited=wait, **by)
    make_decision(rows[3], **(by | {"from_state": "rejected"}), to_state="waiting", reason="undo", undo_of=wrong)
    make_report(rows[0], created_at=at, state=Report.State.UPHELD, handled_at=at)
    make_report(rows[0], created_at=at)
    make_appeal(refused, created_at=at, state=Appeal.State.UPHELD, decided_at=at, answer="有理")
    make_sanction(network="192.0.2.0/24", at=at)


def test_a_day_is_counted_from_the_record(moderator):
    a_day(moderator)
    a_day(moderator, NOON + timedelta(days=1))
    counted = figures.count_day(DAY)
    waits = counted.pop("waits")
    assert counted == {
        "posted": 7,
        "at_once": 1,
        "held": {"default": 3, "words": 1, "contacts": 1},
        "refused": {"words": 1},
        "approved": 1,
        "rejected": {"attack": 1},
        "spam": 1,
        "reports": {"attack": 2},
        "settled": {"upheld": 1},
        "appeals": 1,
        "answered": {"upheld": 1},
        "sanctions": {"mute": 1},
    }
    assert sum(waits.values()) == 3
    assert abs(figures.median(waits) - 3600) < 200


@pytest.mark.parametrize("seconds", [1, 15, 59, 600, 3600, 86_400, 30 * 86_400])
def test_the_middle_of_a_histogram_is_near(seconds):
    waits = figures.histogram([timedelta(seconds=seconds)] * 3 + [timedelta(seconds=seconds * 9)] * 2)
    assert abs(figures.median(waits) - seconds) <= seconds * 0.05 + 1
    assert figures.median({}) is None
    assert figures.histogram([timedelta(0)]) == {"0": 1}


def test_days_that_are_over_are_counted_once_and_add_up(moderator, monkeypatch):
    clock = StoppedClock(monkeypatch, start=NOON)
    a_day(moderator)
    a_day(moderator, NOON + timedelta(days=1))
    assert figures.fill() == 0  # the first day is not over
    clock.move(days=3)
    assert figures.fill(most=1) == 1
    assert figures.fill() == 2
    assert figures.fill() == 0
    assert [str(day) for day in DayFigures.objects.order_by("day")] == ["2026-11-10", "2026-11-11", "2026-11-12"]
    month = figures.month(date(2026, 11, 1))
    assert (month.number("posted"), month.number("held"), month.kinds("held")) == (
        *(14, 10, {"default": 6, "contacts": 2, "words": 2}),
    )
    assert (month.last, month.is_whole, month.number("no such")) == (date(2026, 11, 12), False, 0)
    assert figures.month(date(2026, 10, 1)) is None
    assert figures.months() == [date(2026, 11, 1)]
    clock.move(days=60)
    call_command("count_comment_days", "--anew")
    assert DayFigures.objects.count() == 63
    assert figures.months() == [date(2027, 1, 1), date(2026, 12, 1), date(2026, 11, 1)]
    assert figures.month(date(2026, 11, 1)).is_whole


def test_whoever_opens_the_queue_counts_yesterday(client, moderator):
    make_decision(make_comment(), from_state="", at=timezone.now() - timedelta(days=2))
    client.force_login(moderator)
    assert client.get(QUEUE).status_code == 200
    assert DayFigures.objects.count() == 2


# --- The public report ------------------------------------------------------------------------------------------------


def test_the_report_of_a_month(client, site, moderator):
    a_day(moderator)
    DayFigures.objects.create(day=DAY, figures=figures.count_day(DAY))
    DayFigures.objects.create(day=date(2026, 10, 31), figures={})
    text = text_of_main(client.get("/comments/report/"))
    assert re.search(r"（中位数）(1 小时|[56]\d 分钟|2 小时)", text)
    assert text == text_of_main(client.get("/comments/report/2026-11/"))
    for told in (
        *[
            "2026年11月",
            "统计到 11月10日",
            "收到评论7",
            "先审5",
            "审核员通过1",
            "判为垃圾评论1",
            "敏感词1",
            "人身攻击1",
        ],
        *["收到举报2", "举报成立1", "申诉成立1", "禁言1", "2026年10月"],
    ):
        assert told in text, told
    assert "全月的数字" in text_of_main(client.get("/comments/report/2026-10/"))
    for missing in ("2026-09", "2026-13", "2026-1", "1999-11", "abc"):
        assert client.get(f"/comments/report/{missing}/").status_code == 404, missing


def test_a_site_without_figures_says_so(client, site):
    page = client.get("/comments/report/")
    assert page.status_code == 200
    assert "还没有数字" in text_of_main(page)


def test_the_list_of_comments_leads_to_the_report(client, site):
    page = client.get(f"/articles/{make_comment().article_id}/comments/")
    assert "/comments/report/" in tree(page).xpath("//main//a/@href")


# --- The first page of the back office --------------------------------------------------------------------------------


def test_the_first_page_shows_what_waits_and_since_when(client, moderator):
    make_comment(state="waiting", created_at=timezone.now() - timedelta(hours=5, minutes=2))
    make_comment(state="withheld")
    make_report(make_comment())
    make_appeal(make_decision(make_comment(state="rejected"), from_state="waiting"))
    lines = desk.lines(moderator)
    assert [(line.name, line.label, line.since.replace("\xa0", " ")) for line in lines] == [
        *[("待审", "2", "5 小时"), ("被举报", "1", "0 分钟"), ("申诉", "1", "0 分钟")]
    ]
    client.force_login(moderator)
    page = client.get("/admin/")
    section = tree(page).xpath("//section[@aria-labelledby='comments-heading']")[0]
    assert len(section.xpath(".//svg[@class='chart']")) == 1
    assert [cell.text_content() for cell in section.xpath(".//td[@class='number']")] == ["2", "1", "1"]
    for address in section.xpath(".//a/@href"):
        assert client.get(address).status_code == 200, address
    assert "待审评论 2" in page.text


def test_the_menu_stops_at_its_cap(client, moderator, monkeypatch):
    monkeypatch.setattr("comments.templatetags.moderation_desk.MENU_MOST", 1)
    for _ in range(2):
        make_comment(state="waiting")
    client.force_login(moderator)
    for address in ("/admin/", QUEUE):
        assert "待审评论 1+" in client.get(address).text, address


def test_it_keeps_to_the_beat_and_to_who_may_moderate(client):
    channel = make_channel()
    make_comment(make_article(channel=channel), state="waiting")
    make_comment(state="waiting")
    client.force_login(local_moderator(channel=channel))
    assert "待审评论 1" in client.get("/admin/").text
    client.force_login(make_member("reporter2", is_staff=True, groups=["记者"]))
    page = client.get("/admin/").text
    assert "待审评论" not in page
    assert "comments-heading" not in page


def test_great_numbers_of_one_article_are_shown_to_who_sets_the_rules(client, moderator):
    """By one click, or by several that each stay below the number."""
    article = make_article(title="桥要不要收费")
    batches, others = [uuid4(), uuid4()], make_article(title="桥灯亮了")
    for number in range(desk.MANY):
        make_decision(make_comment(article), batch=batches[number % 2], actor=moderator, from_state="waiting")
    for _ in range(desk.MANY - 1):
        make_decision(make_comment(), batch=uuid4(), actor=moderator, from_state="waiting")
        make_decision(make_comment(others), batch=batches[0], actor=moderator, from_state="waiting")
    # One by one is nobody's batch.
    make_decision(make_comment(others), actor=moderator, from_state="waiting")
    client.force_login(make_member("zongbian", is_staff=True, groups=["总编"]))
    text = " ".join(tree(client.get("/admin/")).text_content().split())
    assert "moderator 对《桥要不要收费》批量处理 20 条：已通过" in text
    assert "桥灯亮了》批量" not in text
    client.force_login(moderator)
    assert "一天内的大批处理" not in client.get("/admin/").text


def test_the_block_takes_the_same_queries_for_any_queue(client, moderator):
    counts = []
    client.force_login(moderator)
    for more in (1, 9):
        for _ in range(more):
            make_report(make_comment(state="waiting"))
        client.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
