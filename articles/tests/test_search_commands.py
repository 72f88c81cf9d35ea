"""rebuild_search and check_search: what an operator runs and sees."""

import io
import re

import pytest
from django.core.management import call_command
from django.db import connection

from articles import search
from articles.management.commands import rebuild_search
from articles.models import Article, SearchDocument, Tag

from .factories import make_article, make_tag
from .test_search_index import found

pytestmark = pytest.mark.django_db


def run(command: str, *arguments) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def checked() -> str:
    """What check_search says of an index that is not in order."""
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_search", stdout=out)
    assert ended.value.code == 1
    return out.getvalue()


def faults(said: str) -> dict[str, str]:
    return dict(re.findall(r"^(\S+)：\d+，编号 (.+)$", said, flags=re.M))


@pytest.fixture
def articles(db) -> list[Article]:
    return [make_article(title=f"堰沟{name}", tags=[make_tag()]) for name in "甲乙丙"]


def test_an_index_in_order(articles):
    make_article(title="堰沟草稿", status=Article.Status.DRAFT, published_at=None)
    assert run("check_search") == "搜索索引与稿件一致：3 篇，抽查 3 处全部找到。\n"


def test_what_is_missing_left_over_or_stale_is_named_and_mended(articles):
    one, two, three = articles
    SearchDocument.objects.filter(article=one).delete()
    Article.objects.filter(pk=two.pk).update(status=Article.Status.DRAFT)
    Tag.objects.filter(articles=three).update(name="改了名")
    assert faults(checked()) == {
        "没有收录的稿件": f"{one.pk}",
        "不该收录的稿件": f"{two.pk}",
        "内容已经过时的稿件": f"{three.pk}",
    }
    assert "2 篇稿件，清除 1 条多余记录" in run("rebuild_search")
    assert "2 篇" in run("check_search")
    assert found("堰沟") == [three.pk, one.pk]
    assert found("改了名") == [three.pk]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps the index with the row")
def test_an_index_that_lost_or_kept_entries_is_found_out(articles):
    one, two, _ = articles
    key = SearchDocument.objects.get(article=one).pk
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_searchdocument WHERE article_id = %s", [two.pk])
        cursor.execute("INSERT INTO articles_search (articles_search) VALUES ('delete-all')")
        cursor.execute("INSERT INTO articles_search (rowid, tokens) VALUES (77, '堰沟')")
    said = faults(checked())
    assert str(key) in said["全文索引里缺少的记录"].split()
    assert said["全文索引里多余的记录"] == "77"
    assert str(one.pk) in said["抽查搜不到的稿件"].split()
    run("rebuild_search", "--anew")
    assert search.index_faults() == (set(), set())
    assert len(found("堰沟")) == 3


def test_rebuilding_goes_batch_by_batch_and_can_go_on(articles, monkeypatch):
    monkeypatch.setattr(rebuild_search, "BATCH", 2)
    search.clear()
    said = run("rebuild_search")
    pks = [article.pk for article in articles]
    assert [line.strip() for line in said.splitlines()[:2]] == [f"2/3 篇，到编号 {pks[1]}", f"3/3 篇，到编号 {pks[2]}"]
    assert found("堰沟") == pks[::-1]

    search.clear()
    assert "1 篇稿件" in run("rebuild_search", "--from", str(pks[2]))
    assert found("堰沟") == [pks[2]]


def test_an_upgraded_site_is_indexed_once(articles):
    assert run("rebuild_search", "--if-empty") == ""
    search.clear()
    assert found("堰沟") == []
    assert "3 篇稿件" in run("rebuild_search", "--if-empty")
    assert len(found("堰沟")) == 3
    Article.objects.update(status=Article.Status.DRAFT)
    search.clear()
    assert run("rebuild_search", "--if-empty") == ""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's index has no parts")
def test_rebuilding_leaves_the_index_in_one_part(articles):
    def parts() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(DISTINCT segid) FROM articles_search_idx")
            return cursor.fetchone()[0]

    assert parts() > 1
    run("rebuild_search")
    assert parts() == 1
    assert run("check_search")
