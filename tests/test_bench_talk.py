"""The benchmark of comments loads what it says, and can measure every row of its table."""

import sys

import pytest
from django.db.models import F

from bench import talk, talk_visits, threads
from bench.visits import once
from comments.counting import recount
from comments.models import Comment, CommentCount, Decision, Report

SMALL = {"BUSIEST": 60, "QUIETEST": 5, "ARTICLES": 4, "MEMBERS": 3, "BATCH": 50, "WAITING": 8, "REPORTED": 4}
TOTAL = 180


@pytest.fixture
def small(site, monkeypatch):
    for name, value in SMALL.items():
        monkeypatch.setattr(threads, name, value)


@pytest.fixture
def talked(small):
    threads.generate(TOTAL)


def test_what_is_loaded_is_what_the_portal_would_have(talked):
    assert Comment.objects.count() == TOTAL
    assert Comment.objects.waiting().count() == 8
    assert Decision.objects.count() == 2 * TOTAL - 8
    assert Report.objects.count() == Comment.objects.filter(reports_open=1).count() == 4
    busiest, quietest = CommentCount.objects.order_by("article_id")[:2]
    assert busiest.article.comments.count() == 60
    assert quietest.article.comments.count() == 5
    # Answers stand below what readers see, and are counted there.
    assert Comment.objects.exclude(root=None).filter(article=F("root__article"), root__state="approved").exists()
    for counted in CommentCount.objects.all():
        known = (counted.approved, counted.threads)
        replies = dict(counted.article.comments.values_list("pk", "replies"))
        again = recount(counted.article)
        assert (again.approved, again.threads) == known
        assert dict(counted.article.comments.values_list("pk", "replies")) == replies


def test_what_was_broken_off_is_begun_again_and_what_is_there_is_kept(small, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(threads, "finish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            threads.generate(TOTAL)
    for total in (TOTAL, 2 * TOTAL):
        threads.generate(total)
        assert Comment.objects.count() == TOTAL


def test_so_few_that_the_pages_are_not_there_are_refused(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "argv", ["talk", "--comments", "199999", "--folder", str(tmp_path)])
    with pytest.raises(SystemExit):
        talk.main()
    assert "--comments: at least 200,000." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_row_can_be_measured(talked, settings):
    settings.PAGE_CACHE_CHECK_SECONDS = 3600
    table = [row for row in talk_visits.rows() if "page 5" not in row.name]  # a small table has no such page
    assert len(table) == 18
    for row in table:
        once(row, 0)
        assert row.milliseconds[0] > 0
