"""The newsroom's first page: what was published, what waits, what comes, what is read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import dashboard
from articles.models import Beat, HourlyReads, RankingEntry, Review

from .factories import make_article, make_channel, make_member
from .newsroom import hand_in, pass_all, publish_reviewed, sign
from .pages import tree
from .test_admin_articles import make_draft

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


def numbers(lines) -> list[tuple[str, int]]:
    return [(line.name, line.number) for line in lines]


def test_the_output_of_today_by_channel(clock, editor):
    cases, society = make_channel(name="就案说法"), make_channel(name="社会热点")
    for channel, hours in ((cases, 1), (society, 1), (society, 11), (society, 13), (society, -1)):
        make_article(channel=channel, published_at=clock.now - timedelta(hours=hours))
    make_draft(channel=cases)
    assert numbers(dashboard.output(editor)) == [("社会热点", 2), ("就案说法", 1)]


def test_the_queues_and_their_oldest(editor):
    first = [make_draft() for _ in range(2)]
    for draft in first:
        hand_in(draft)
    second = make_draft()
    hand_in(second)
    sign(second, 1)
    pass_all(make_draft())
    publish_reviewed(make_draft(channel=make_channel(review_steps=1)))
    Review.objects.filter(draft=first[0]).update(waiting_since=timezone.now() - timedelta(hours=5, minutes=3))
    lines = dashboard.queues(editor)
    assert numbers(lines) == [("一审", 2), ("二审", 1), ("三审", 0), ("待发布", 1), ("欠审", 1)]
    assert [line.note.replace("\xa0", " ") for line in lines] == ["5 小时", "0 分钟", "", "0 分钟", "0 分钟"]


def test_reads_by_the_hour_end_with_this_one(clock):
    article, other = make_article(), make_article()
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for back, row, reads in ((0, article, 3), (0, other, 4), (23, article, 5), (24, article, 6)):
        HourlyReads.objects.create(article=row, hour=hour - timedelta(hours=back), reads=reads)
    lines = dashboard.reads_by_hour()
    assert (len(lines), lines[-1].number, lines[0].number, sum(line.number for line in lines)) == (24, 7, 5, 12)
    assert lines[-1].name == f"{timezone.localtime(hour):%H}"


def test_the_page_shows_charts_with_their_numbers_and_ways(clock, client, editor):
    soon = make_article(title="明天的稿件", published_at=timezone.now() + timedelta(hours=1))
    article = make_article(title="今天的稿件", short_title="")
    RankingEntry.objects.create(period="day", position=1, article=article, reads=41)
    hand_in(make_draft())
    client.force_login(editor)
    page = client.get(INDEX)
    found = tree(page)
    assert len(found.xpath("//section[@aria-labelledby='newsroom-heading']//svg[@class='chart']")) == 3
    links = {link.text_content(): link.get("href") for link in found.xpath("//section[@class='newsroom']//a")}
    assert links["明天的稿件"] == f"/admin/articles/article/{soon.pk}/change/"
    assert links["今天的稿件"] == f"/admin/articles/article/{article.pk}/change/"
    assert links["一审"] == "/admin/articles/review/?queue=open"
    assert "41" in page.text
    for address in {link for link in links.values() if link}:
        assert client.get(address).status_code == 200, address


def test_an_empty_newsroom_says_so(client, editor):
    client.force_login(editor)
    page = client.get(INDEX).text
    for told in ("今天还没有发布稿件。", "没有定时的稿件。", "还没有点击。"):
        assert told in page


def test_it_keeps_to_the_beat_and_to_who_may_see_articles(clock, client):
    own, foreign = make_channel(name="科技前沿"), make_channel(name="诗坛荟萃")
    for channel in (own, foreign):
        make_article(channel=channel)
        hand_in(make_draft(channel=channel))
    user = make_member("science", is_staff=True, groups=["责任编辑"])
    Beat.objects.create(user=user, channel=own)
    assert numbers(dashboard.output(user)) == [("科技前沿", 1)]
    assert numbers(dashboard.queues(user))[0] == ("一审", 1)
    client.force_login(make_member("nobody", is_staff=True))
    assert "今天的编辑部" not in client.get(INDEX).text


def test_it_takes_the_same_queries_for_any_newsroom(clock, client, editor):
    client.force_login(editor)
    counts = []
    for more in (1, 8):
        for _ in range(more):
            channel = make_channel(nav_group=1)
            article = make_article(channel=channel)
            position = RankingEntry.objects.count() + 1
            RankingEntry.objects.create(period="day", position=position, article=article, reads=1)
            make_article(channel=channel, published_at=timezone.now() + timedelta(hours=1))
            hand_in(make_draft(channel=channel))
        with CaptureQueriesContext(connection) as queries:
            client.get(INDEX)
        # What waits of comments is counted in their own tests.
        counts.append(len([query for query in queries if '"comments_' not in query["sql"]]))
        assert not any('"body"' in query["sql"] for query in queries)
    assert counts[0] == counts[1] <= 17
