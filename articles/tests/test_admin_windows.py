"""What the lists of the newsroom leave out and put first, so that they stay quick: by window, by number, by day."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, reviews
from articles.admin import events as event_admin
from articles.admin import names as name_admin
from articles.admin import photo_filters, review_queue
from articles.models import ArticleEvent, Beat, LinkPush, OldAddress, Review

from .factories import make_article, make_channel, make_member, make_photo
from .newsroom import hand_in, publish_reviewed, sign
from .test_admin_articles import make_draft

pytestmark = pytest.mark.django_db
ARTICLES, EVENTS = "/admin/articles/article/", "/admin/articles/articleevent/"
QUEUE, PHOTOS = "/admin/articles/review/", "/admin/articles/photo/"
OLD, PUSHES = "/admin/articles/oldaddress/", "/admin/articles/linkpush/"


def found(client, address: str, **query: str) -> list[int]:
    return [row.pk for row in client.get(address, query).context["cl"].result_list]


@pytest.fixture
def editor_of(client):
    """Signs in an editor who answers for one channel."""

    def sign_in(channel):
        user = make_member(f"editor-{channel.pk}", is_staff=True, groups=["责任编辑"])
        Beat.objects.create(user=user, channel=channel)
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def operator(client, chief):
    client.force_login(chief)
    return client


# --- Articles ---


def test_articles_are_narrowed_by_the_day_of_publication(desk):
    now = timezone.now()
    days = {"today": 0, "week": 5, "month": 20, "year": 200, "": 500}
    rows = {name: make_article(published_at=now - timedelta(days=back)).pk for name, back in days.items()}
    coming = make_article(published_at=now + timedelta(hours=1)).pk
    withdrawn = make_article(status="withdrawn", withdrawn_at=now, published_at=now - timedelta(days=3)).pk
    make_draft()
    newest = [rows["today"], rows["week"], rows["month"], rows["year"]]
    for count, name in enumerate(["today", "week", "month", "year"], start=1):
        assert found(desk, ARTICLES, published=name) == newest[:count]
    assert found(desk, ARTICLES, published="week", state="withdrawn") == [withdrawn]
    assert found(desk, ARTICLES, published="week", state="draft") == []
    assert found(desk, ARTICLES, published="week", state="scheduled") == [coming]
    assert len(found(desk, ARTICLES, published="nonsense")) == 8


def test_what_is_scheduled_comes_in_the_order_of_its_time(desk):
    now = timezone.now()
    late, soon = (make_article(published_at=now + timedelta(hours=hours)).pk for hours in (5, 1))
    assert found(desk, ARTICLES, state="scheduled") == [soon, late]


def test_what_has_expired_comes_with_the_last_first(desk, editor_of):
    now, channel = timezone.now(), make_channel()
    last, first = (make_article(channel=channel, expires_at=now - timedelta(minutes=ago)).pk for ago in (1, 9))
    other = make_article(expires_at=now - timedelta(minutes=5)).pk
    assert found(desk, ARTICLES, state="expired") == [last, other, first]
    assert found(editor_of(channel), ARTICLES, state="expired") == [last, first]


def test_what_used_ai_is_found_within_a_beat(editor_of):
    channel = make_channel()
    own = make_article(channel=channel, ai_use="assisted")
    make_article(ai_use="assisted")
    make_article(channel=channel)
    assert found(editor_of(channel), ARTICLES, ai_use__exact="assisted") == [own.pk]


# --- The queue ---


def test_closed_reviews_come_with_the_last_first(desk):
    early, late = publish_reviewed(make_draft()), publish_reviewed(make_draft())
    owed = publish_reviewed(make_draft(channel=make_channel(review_steps=1)))
    assert [Review.objects.get(pk=pk).article for pk in found(desk, QUEUE, queue="closed")] == [late, early]
    assert owed.reviews.get().pk not in found(desk, QUEUE, queue="closed")


def test_a_refused_review_is_not_closed(desk):
    article = publish_reviewed(make_draft(channel=make_channel(review_steps=1)))
    sign(article, 2, verdict="return", note="有误。", returned_to=0)
    review = article.reviews.get()
    assert (review.state, review.closed_at is None) == ("refused", False)
    assert found(desk, QUEUE, queue="closed") == []
    assert found(desk, QUEUE, queue="owed") == [review.pk]


def test_titles_of_closed_reviews_are_looked_for_among_the_newest_and_a_number_anywhere(desk, monkeypatch):
    monkeypatch.setattr(review_queue, "SEARCHED", 1)
    old, new = (publish_reviewed(make_draft(title=f"渡口{name}")) for name in "甲乙")
    assert found(desk, QUEUE, queue="closed", q="渡口") == [new.reviews.get().pk]
    assert found(desk, QUEUE, queue="closed", q=str(old.pk)) == [old.reviews.get().pk]
    assert found(desk, QUEUE, queue="closed", q="9" * 30) == []
    assert len(found(desk, QUEUE, queue="closed")) == 2


def test_whoever_has_beats_sees_what_was_closed_lately(desk, editor_of, monkeypatch):
    monkeypatch.setattr(review_queue, "LOOKED_THROUGH", 2)
    channel = make_channel()
    own = [publish_reviewed(make_draft(channel=channel, title=f"渡口{n}")).reviews.get().pk for n in range(2)]
    publish_reviewed(make_draft())
    assert len(found(desk, QUEUE, queue="closed")) == 3
    client = editor_of(channel)
    assert found(client, QUEUE, queue="closed") == own[1:]
    # What is typed is looked for further back.
    assert found(client, QUEUE, queue="closed", q="渡口0") == own[:1]


def test_the_queue_is_that_of_the_beat_and_of_nobody_who_wrote(editor_of, desk):
    channel = make_channel()
    own, other = make_draft(channel=channel), make_draft()
    for draft in (own, other):
        hand_in(draft)
    client = editor_of(channel)
    assert found(client, QUEUE) == [own.reviews.get().pk]
    user = client.get(QUEUE).wsgi_request.user
    assert list(reviews.waiting_for(user)) == list(reviews.waiting_for(user, among=Review.objects.all()))
    own.created_by = user
    own.save(update_fields=["created_by"])
    assert found(client, QUEUE) == []


@pytest.mark.parametrize("queue", ["", "closed", "mine"])
def test_the_queues_take_the_same_queries_for_one_row_and_for_thirty(editor_of, queue):
    """Session, user, permissions, beats; the last key of what is closed; count, rows, writers; the menu's two counts"""
    channel = make_channel()
    client, counts = editor_of(channel), []
    for more in (1, 29):
        for _ in range(more):
            publish_reviewed(make_draft(channel=channel))
            hand_in(make_draft(channel=channel))
        Review.objects.filter(state="waiting").update(**mine(client) if queue == "mine" else {"step": 1})
        with CaptureQueriesContext(connection) as queries:
            page = client.get(QUEUE, {"queue": queue} if queue else {})
        counts.append(len(queries))
        assert len(page.context["cl"].result_list) == Review.objects.count() // 2
    assert counts[0] == counts[1] <= (12 if queue == "closed" else 11)


def mine(client) -> dict:
    return {"submitted_by": client.get(EVENTS).wsgi_request.user}


# --- Histories and records ---


def test_events_of_a_kind_are_in_the_order_of_their_time(desk):
    for _ in range(2):
        publishing.withdraw(make_article(), reason="有误")
    kinds = {"kind__exact": "withdrawn"}
    events = list(ArticleEvent.objects.filter(kind="withdrawn").order_by("-at", "-pk").values_list("pk", flat=True))
    assert len(events) == 2
    assert found(desk, EVENTS, **kinds) == events


def test_whoever_has_beats_sees_the_last_events_and_all_of_an_article(desk, editor_of, monkeypatch):
    monkeypatch.setattr(event_admin, "LOOKED_THROUGH", 2)
    channel = make_channel()
    article = make_article(channel=channel)
    publishing.withdraw(article, reason="有误")
    for _ in range(2):
        publishing.withdraw(make_article(), reason="有误")
    everything = ArticleEvent.objects.count()
    own = list(article.events.order_by("-pk").values_list("pk", flat=True))
    assert own
    assert len(found(desk, EVENTS)) == everything
    client = editor_of(channel)
    assert found(client, EVENTS) == []
    assert found(client, EVENTS, article__id__exact=str(article.pk)) == own
    assert found(client, EVENTS, q=str(article.pk)) == own
    assert client.get(f"{EVENTS}{own[0]}/change/").status_code == 200


@pytest.mark.parametrize("query", [{}, {"kind__exact": "withdrawn"}], ids=["all", "withdrawn"])
def test_the_events_take_the_same_queries_for_one_row_and_for_thirty(editor_of, query):
    """Session, user, permissions, beats; the last key; count, rows; the menu's two counts"""
    channel = make_channel()
    client, counts = editor_of(channel), []
    for more in (1, 29):
        for _ in range(more):
            publishing.withdraw(make_article(channel=channel), reason="有误")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(EVENTS, query)
        counts.append(len(queries))
        assert page.context["cl"].result_list
    assert counts[0] == counts[1] <= 11


def test_old_addresses_are_found_whole_or_by_article_anywhere_and_in_part_among_the_newest(operator, monkeypatch):
    monkeypatch.setattr(name_admin, "SEARCHED", 1)
    article = make_article(title="渡口的早晨")
    old = OldAddress.objects.create(path="/old/1.html", article=article)
    new = OldAddress.objects.create(path="/old/22.html", article=make_article(title="渡口的傍晚"))
    assert found(operator, OLD) == [new.pk, old.pk]
    assert found(operator, OLD, q="渡口") == found(operator, OLD, q="old/") == [new.pk]
    assert found(operator, OLD, q="/old/1.html") == [old.pk]
    assert found(operator, OLD, q=f" {article.pk} ")[-1] == old.pk
    assert found(operator, OLD, o="1") == [new.pk, old.pk]


def test_pushes_that_were_given_up_come_by_their_error(operator):
    rows = [
        LinkPush.objects.create(target="indexnow", url=f"https://example.com/{number}.html", last_error=error)
        for number, error in enumerate(["超时", "", "403", "超时"])
    ]
    given_up = found(operator, PUSHES, state="given-up")
    assert given_up == [rows[2].pk, rows[3].pk, rows[0].pk]
    assert found(operator, PUSHES, o="1") == [row.pk for row in reversed(rows)]


def test_a_picture_is_found_by_number_beside_those_whose_words_have_it(desk, monkeypatch):
    old = make_photo(caption="看图")
    said = make_photo(caption=f"第{old.pk}次会议")
    assert found(desk, PHOTOS, q=str(old.pk)) == [said.pk, old.pk]
    monkeypatch.setattr(photo_filters, "SEARCHED", 1)
    assert found(desk, PHOTOS, q=str(old.pk)) == [said.pk, old.pk]
