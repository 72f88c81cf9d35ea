"""Pushes to search engines: queued with the article, delivered outside of requests, by any number of processes."""

import json
import signal
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import pushing
from articles.management.commands import push_links
from articles.models import Article, LinkPush
from articles.publishing import index_article, publish, reindex_channel, save_article, withdraw
from articles.pushing import LEASE, MOST_ATTEMPTS, claim, deliver_due, engines, pause_after
from articles.tests.factories import make_article, make_channel
from articles.tests.servers import Answer, SearchEngine, search_engine

pytestmark = pytest.mark.django_db

SITE = "https://news.example.com"
INDEXNOW, BAIDU = LinkPush.Target.INDEXNOW, LinkPush.Target.BAIDU


@pytest.fixture
def engine(settings):
    """Both engines configured, both answered by one server; Baidu's success unless told otherwise."""
    with search_engine() as engine:
        settings.SITE_URL = SITE
        settings.INDEXNOW_KEY, settings.INDEXNOW_URL = "0123456789abcdef", engine.url
        engine.answer(Answer(200))
        yield engine


@pytest.fixture
def both(engine, settings):
    settings.BAIDU_PUSH_TOKEN, settings.BAIDU_PUSH_URL = "t0ken", engine.url
    engine.answer(Answer(200, b'{"remain": 9, "success": 1}'))
    return engine


def pushed(engine: SearchEngine) -> list[str]:
    """The paths that IndexNow was told of, request by request."""
    return [url.removeprefix(SITE) for _, _, body in engine.asked for url in json.loads(body)["urlList"]]


def row(article: Article, target=INDEXNOW) -> LinkPush:
    return LinkPush.objects.get(target=target, url=f"{SITE}{article.get_absolute_url()}")


def move(**step: float) -> None:
    """Let time pass for the queue: every row is due so much earlier."""
    for each in LinkPush.objects.exclude(next_attempt_at=None):
        each.next_attempt_at -= timedelta(**step)
        each.save()


# --- Queueing ---------------------------------------------------------------------------------------------------------


def test_nothing_is_queued_or_asked_while_no_engine_is_configured():
    article = make_article()
    assert engines() == []
    assert not LinkPush.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        pushing.queue_articles([article])
        assert deliver_due() == 0
    assert len(queries) == 0
    with pytest.raises(CommandError, match="INDEXNOW_KEY"):
        call_command("push_links")


def test_publishing_changing_and_withdrawing_are_pushed(engine):
    article = make_article()
    address = article.get_absolute_url()
    assert deliver_due() == 1
    assert deliver_due() == 0
    article.title = "改过的标题"
    save_article(article)
    index_article(article)
    deliver_due()
    withdraw(article, reason="失实")
    deliver_due()
    publish(article)
    deliver_due()

    assert pushed(engine) == [address] * 4
    assert LinkPush.objects.count() == 1


def test_baidu_is_told_of_what_exists_only(both):
    article = make_article()
    assert deliver_due() == 2
    withdraw(article, reason="失实")
    assert deliver_due() == 1

    assert row(article, BAIDU).next_attempt_at is None
    assert [path.partition("?")[0] for path, _, _ in both.asked] == ["/submit"] * 3
    assert both.asked[1][2].decode() == f"{SITE}{article.get_absolute_url()}"


def test_many_changes_are_one_push(engine):
    article = make_article()
    for _ in range(3):
        index_article(article)
    deliver_due()
    assert pushed(engine) == [article.get_absolute_url()]


def test_a_scheduled_article_is_pushed_when_its_time_has_come(engine):
    article = make_article(published_at=timezone.now() + timedelta(hours=2))
    assert row(article).next_attempt_at == article.published_at
    assert deliver_due() == 0
    assert engine.asked == []
    move(hours=2, seconds=1)
    assert deliver_due() == 1
    assert pushed(engine) == [article.get_absolute_url()]


@pytest.mark.parametrize("hide", ["draft", "hidden", "moved"])
def test_what_was_never_public_is_never_pushed(engine, hide):
    """Scheduled, and taken back before its time: nobody hears of the address."""
    article = make_article(published_at=timezone.now() + timedelta(hours=2))
    scheduled = article.get_absolute_url()
    assert LinkPush.objects.count() == 1
    if hide == "draft":
        article.status = Article.Status.DRAFT
        save_article(article)
        index_article(article)
    elif hide == "hidden":
        article.channel.is_hidden = True
        article.channel.save()
        reindex_channel(article.channel)
    else:
        article.published_at += timedelta(days=2)
        save_article(article)
        index_article(article)
        assert row(article).next_attempt_at == article.published_at
    move(hours=3)
    deliver_due()
    assert scheduled not in pushed(engine)


def test_a_draft_is_not_queued(engine):
    make_article(status="draft", published_at=None)
    assert not LinkPush.objects.exists()


def test_a_channel_that_is_hidden_tells_of_what_was_delivered(engine):
    article = make_article()
    deliver_due()
    article.channel.is_hidden = True
    article.channel.save()
    reindex_channel(article.channel)
    deliver_due()
    assert pushed(engine) == [article.get_absolute_url()] * 2


def test_an_address_that_moved_is_told_with_the_new_one(engine):
    article = make_article()
    former = article.get_absolute_url()
    deliver_due()
    article.channel = make_channel("elsewhere")
    save_article(article)
    index_article(article)
    deliver_due()
    assert sorted(pushed(engine)) == sorted([former, former, article.get_absolute_url()])


def test_the_queue_keeps_to_the_transaction(engine):
    @transaction.atomic
    def fail_after_publishing():
        make_article()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_publishing()
    assert not LinkPush.objects.exists()


def test_publishing_costs_one_query_more_for_each_engine(both, settings):
    article = make_article()
    with CaptureQueriesContext(connection) as with_engines:
        index_article(article)
    settings.INDEXNOW_KEY = settings.BAIDU_PUSH_TOKEN = ""
    with CaptureQueriesContext(connection) as without:
        index_article(article)
    assert len(with_engines) == len(without) + 2


# --- Delivering -------------------------------------------------------------------------------------------------------


def test_what_is_due_goes_in_one_request_the_latest_first(engine):
    articles = [make_article() for _ in range(3)]
    for number, article in enumerate(articles):
        LinkPush.objects.filter(pk=row(article).pk).update(
            next_attempt_at=timezone.now() - timedelta(minutes=9 - number)
        )
    assert deliver_due() == 3
    assert len(engine.asked) == 1
    assert pushed(engine) == [article.get_absolute_url() for article in reversed(articles)]
    for article in articles:
        delivered = row(article)
        assert (delivered.next_attempt_at, delivered.last_error) == (None, "")
        assert delivered.delivered_at is not None


def test_a_batch_is_as_large_as_the_engine_takes(engine, monkeypatch):
    assert [each.batch for each in engines()] == [10_000]
    for _ in range(3):
        make_article()
    small = pushing.Engine(INDEXNOW, 2, takes_gone=True, send=pushing.to_indexnow)
    monkeypatch.setattr(pushing, "engines", lambda: [small])
    monkeypatch.setattr(pushing, "CHUNK", 1)
    assert [deliver_due(), deliver_due(), deliver_due()] == [2, 1, 0]
    assert len(set(pushed(engine))) == 3


def test_trouble_is_tried_again_later_and_later_and_at_last_given_up(engine):
    article = make_article()
    engine.answer(Answer(503))
    waits = []
    for _ in range(MOST_ATTEMPTS):
        start = timezone.now()
        assert deliver_due() == 1
        again = row(article)
        assert again.last_error == "HTTP 503"
        if again.next_attempt_at:
            waits.append(round((again.next_attempt_at - start).total_seconds() / 60))
        move(days=1)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert deliver_due() == 0
    assert (row(article).attempts, row(article).next_attempt_at) == (MOST_ATTEMPTS, None)
    assert [pause_after(number).total_seconds() for number in (0, 20)] == [60, 21600]

    # A new change begins anew.
    engine.answer(Answer(200))
    index_article(article)
    assert deliver_due() == 1
    assert (row(article).last_error, row(article).attempts) == ("", 1)


def test_retry_after_is_the_earliest_time(engine):
    article = make_article()
    engine.answer(Answer(429, headers={"Retry-After": "5400"}))
    start = timezone.now()
    deliver_due()
    assert 5400 <= (row(article).next_attempt_at - start).total_seconds() < 5430


def test_a_refusal_is_not_tried_again(engine):
    article = make_article()
    engine.answer(Answer(422))
    assert deliver_due() == 1
    assert (row(article).next_attempt_at, row(article).delivered_at) == (None, None)
    assert row(article).last_error == "HTTP 422"
    assert deliver_due() == 0


def test_one_engine_s_trouble_is_not_the_other_s(both):
    article = make_article()
    both.answer(Answer(503), Answer(200, b'{"remain": 9, "success": 1}'))
    deliver_due()
    assert row(article).last_error == "HTTP 503"
    assert row(article, BAIDU).delivered_at is not None


def test_a_change_during_delivery_is_not_lost(engine, monkeypatch):
    article = make_article()
    sent = pushing.to_indexnow

    def send_while_it_changes(urls):
        index_article(article)
        return sent(urls)

    monkeypatch.setattr(pushing, "to_indexnow", send_while_it_changes)
    assert deliver_due() == 1
    monkeypatch.setattr(pushing, "to_indexnow", sent)
    assert row(article).next_attempt_at is not None
    assert deliver_due() == 1
    assert len(pushed(engine)) == 2


def test_two_processes_never_take_the_same_row(engine):
    for _ in range(4):
        make_article()
    (each,) = engines()
    first = claim(each, until=timezone.now() + LEASE)
    second = claim(each, until=timezone.now() + LEASE)
    assert (len(first), len(second)) == (4, 0)


def test_rows_of_a_killed_process_come_back(engine):
    article = make_article()
    (each,) = engines()
    claim(each, until=timezone.now() + LEASE)  # and then it is killed
    assert deliver_due() == 0
    move(minutes=6)
    assert deliver_due() == 1
    assert pushed(engine) == [article.get_absolute_url()]
    assert row(article).attempts == 2


# --- The command ------------------------------------------------------------------------------------------------------


def test_the_command_delivers_all_that_is_due(engine, capsys):
    make_article()
    make_article()
    call_command("push_links")
    assert capsys.readouterr().out == "已处理 2 条网址。\n"
    assert len(pushed(engine)) == 2


def test_the_loop_delivers_waits_and_stops_when_asked(engine, monkeypatch):
    article = make_article()
    handlers = {}
    monkeypatch.setattr(push_links, "close_old_connections", lambda: None)
    monkeypatch.setattr(push_links.signal, "signal", lambda number, handler: handlers.update({number: handler}))
    pauses = []

    def sleep(seconds):
        pauses.append(seconds)
        handlers[signal.SIGTERM]()

    monkeypatch.setattr(push_links.time, "sleep", sleep)
    call_command("push_links", "--loop", "--pause", "30")
    assert pushed(engine) == [article.get_absolute_url()]
    assert pauses == [0.5]


def test_the_loop_outlives_a_database_that_is_out_of_reach(engine, monkeypatch, caplog):
    monkeypatch.setattr(push_links, "close_old_connections", lambda: None)
    monkeypatch.setattr(push_links, "deliver_due", lambda: (_ for _ in ()).throw(DatabaseError("gone")))
    assert push_links.Command().deliver() == 0
    assert "could not be read" in caplog.text


# --- The back office --------------------------------------------------------------------------------------------------

ADMIN = "/admin/articles/linkpush/"


def test_the_queue_is_shown_with_its_states(client, chief, engine):
    client.force_login(chief)
    states = {"等待推送": {}, "重试中": {"last_error": "HTTP 503"}}
    states |= {"已送达": {"next_attempt_at": None, "delivered_at": timezone.now()}}
    states |= {"已放弃": {"next_attempt_at": None, "last_error": "HTTP 422"}}
    for number, values in enumerate(states.values()):
        fields = {"next_attempt_at": timezone.now(), **values}
        LinkPush.objects.create(target=INDEXNOW, url=f"{SITE}/{number}.html", **fields)

    page = client.get(ADMIN).content.decode()
    for state in states:
        assert f'<td class="field-state">{state}</td>' in page
    for state, numbers in {"waiting": "01", "delivered": "2", "given-up": "3"}.items():
        shown = client.get(ADMIN, {"state": state}).content.decode()
        assert [number for number in "0123" if f"{SITE}/{number}.html" in shown] == list(numbers)
    found = client.get(ADMIN, {"q": f"{SITE}/2.html"}).content.decode()
    assert f"{SITE}/3.html" not in found
    assert f"{SITE}/2.html" in found


def test_what_was_given_up_is_pushed_again_on_request(client, chief, engine):
    client.force_login(chief)
    article = make_article()
    engine.answer(Answer(422))
    deliver_due()
    client.post(ADMIN, {"action": "push_again", "_selected_action": [row(article).pk]})
    again = row(article)
    assert (again.attempts, again.last_error) == (0, "")
    assert again.next_attempt_at <= timezone.now()


def test_nobody_writes_into_the_queue_by_hand(client, chief, editor, engine):
    article = make_article()
    client.force_login(chief)
    assert client.get(f"{ADMIN}add/").status_code == 403
    assert client.post(f"{ADMIN}{row(article).pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"{ADMIN}{row(article).pk}/change/", {"url": "https://elsewhere.example.com/"})
    assert row(article).url == f"{SITE}{article.get_absolute_url()}"
    client.force_login(editor)
    assert client.get(ADMIN).status_code == 403
