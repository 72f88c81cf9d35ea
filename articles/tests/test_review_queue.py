"""待我审: what waits for whom; and the sheet (审稿单) that tells of it afterwards."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing, reviews, revisions
from articles.models import Review, ReviewSight, Signature

from .factories import make_channel
from .newsroom import author, hand_in, pass_all, publish_reviewed, sign, signer
from .pages import tree
from .test_admin_articles import make_draft
from .test_admin_forms import messages_of
from .test_review_pages import QUEUE, at_step, judge, url

pytestmark = pytest.mark.django_db


# --- The queue --------------------------------------------------------------------------------------------------------


def test_each_finds_what_waits_for_her_the_oldest_first(client):
    older, newer, second = at_step(1), at_step(1), at_step(2)
    own = make_draft(created_by=signer(1))
    hand_in(own, by=signer(1))
    passed = make_draft()
    pass_all(passed)
    queues = {
        1: ([older, newer], "待我审 2"),
        2: ([second], "待我审 1"),
        3: ([], "待我审 0"),
    }
    for step, (waiting, label) in queues.items():
        client.force_login(signer(step))
        page = client.get(QUEUE)
        assert [review.draft for review in page.context["cl"].result_list] == waiting, step
        assert label in page.text
    client.force_login(author())
    mine = client.get(QUEUE, {"queue": "mine"})
    assert len(mine.context["cl"].result_list) == 4
    assert "待我审 " not in tree(mine).xpath("//div[@id='user-tools']")[0].text_content()


def test_one_leads_to_the_next(first):
    articles = [at_step(1) for _ in range(3)]
    page = first.get(url("review", articles[1]))
    links = {link.get("data-key"): link.get("href") for link in tree(page).xpath("//a[@data-key]")}
    assert (links["k"], links["j"]) == (url("review", articles[0]), url("review", articles[2]))
    assert "待我审 2/3" in page.text
    response = judge(first, articles[1], "_pass")
    assert response.redirect_chain == [(url("review", articles[2]), 302)]
    assert "待我审 2/2" in response.text


def test_many_are_passed_when_they_were_read(first):
    read, unread, changed, foreign = at_step(1), at_step(1), at_step(1), at_step(2)
    for article in (read, changed):
        first.get(url("review", article))
    changed.title = "又改了"
    publishing.save_article(changed)
    revisions.keep(changed)
    reviews.follow_text(changed)
    chosen = [article.draft_reviews.get().pk for article in (read, unread, changed, foreign)]
    response = first.post(
        f"{QUEUE}?queue=open", {"action": "sign_selected", "index": "0", "_selected_action": chosen}, follow=True
    )
    told = sorted(messages_of(response))
    assert told == sorted(
        [
            f"《{unread}》没有签：你还没有看过现在这一版，请先打开看。",
            f"《{changed}》没有签：你还没有看过现在这一版，请先打开看。",
            f"《{foreign}》没有签：你还没有看过现在这一版，请先打开看。",
            "已通过 1 篇。",
        ]
    )
    assert read.draft_reviews.get().place == "二审"
    assert LogEntry.objects.get(object_id=str(read.pk)).change_message == "一审通过"


def test_many_are_returned_with_one_note(first):
    here, foreign = at_step(1), at_step(2)
    chosen = [article.draft_reviews.get().pk for article in (here, foreign)]
    data = {"action": "return_selected", "index": "0", "_selected_action": chosen}
    page = first.post(f"{QUEUE}?queue=open", data, follow=True)
    where = page.redirect_chain[-1][0]
    assert first.post(where, {"note": " "}).context["form"].errors == {"note": ["这个字段是必填项。"]}
    response = first.post(where, {"note": "请按新的体例改。"}, follow=True)
    assert sorted(messages_of(response)) == sorted([f"《{foreign}》没有退回：你没有签二审的权限。", "已退回 1 篇。"])
    assert here.draft_reviews.get().place == "编写中"


@pytest.mark.parametrize("query", [{"queue": "nonsense"}, {"q": "渡口"}, {"q": "9" * 30}, {"p": "99"}])
def test_odd_queues_are_no_error(first, query):
    at_step(1)
    assert first.get(QUEUE, query, follow=True).status_code == 200


@pytest.mark.parametrize("state", ["ready", "mine", "open", "owed", "closed"])
def test_every_queue_opens(third, state):
    at_step(2)
    pass_all(make_draft())
    publish_reviewed(make_draft())
    publish_reviewed(make_draft(channel=make_channel(review_steps=1)))
    page = third.get(QUEUE, {"queue": state})
    counts = {"ready": 1, "mine": 0, "open": 1, "owed": 1, "closed": 1}
    assert len(page.context["cl"].result_list) == counts[state]


def test_the_queue_takes_the_same_queries_for_one_row_and_for_thirty(first):
    """Session, user, permissions, beats; count, rows, writers; the menu: what waits, has passed, letters"""
    channel, counts = make_channel(), []
    for more in (1, 29):
        for _ in range(more):
            at_step(1, channel=channel)
        with CaptureQueriesContext(connection) as queries:
            page = first.get(QUEUE)
        counts.append(len(queries))
        assert len(page.context["cl"].result_list) == Review.objects.count()
        assert not any('"body"' in query["sql"] or '"pages"' in query["sql"] for query in queries)
    assert counts[0] == counts[1] <= 12


def test_the_review_page_takes_the_same_queries_for_any_queue(first):
    channel = make_channel()
    article, counts = at_step(1, channel=channel), []
    for more in (0, 10):
        for _ in range(more):
            at_step(1, channel=channel)
        ReviewSight.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            first.get(url("review", article))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


# --- The sheet --------------------------------------------------------------------------------------------------------


def test_the_sheet_tells_who_signed_what_and_when(third):
    article = at_step(2, title="渡口换缆绳")
    sign(article, 2, verdict="return", returned_to=1, note="请核对数字。")
    article = publish_reviewed(article)
    copy = reviews.start_change(article, user=author())
    page = tree(third.get(url("sheet", article)))
    rows = [
        [" ".join(cell.text_content().split()) for cell in row][:3]
        for row in page.xpath("//table[@class='signatures']/tbody/tr")
    ]
    assert rows == [
        ["一审", "通过（已失效）", "first"],
        ["二审", "退回一审", "second"],
        ["一审", "通过", "first"],
        ["二审", "通过", "second"],
        ["三审", "通过", "third"],
    ]
    text = page.text_content()
    for told in ("请核对数字。", "第 1 次送审：新稿", "author", Signature.objects.first().digest, "发布留痕"):
        assert told in text
    assert url("change", article) in page.xpath("//p[@class='sheet-links']/a/@href")
    assert third.get(url("sheet", copy)).status_code == 200
    assert "还没有送过审" in third.get(url("sheet", make_draft())).text
