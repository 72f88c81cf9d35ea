"""The back office's lists stay quick when the archive is huge: nothing is counted, sorted or looked through whole."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.admin import articles as article_admin
from articles.models import Article
from newsportal.lib.admin import CappedPaginator

from .factories import make_article, make_channel, make_source

LIST = reverse("admin:articles_article_changelist")
CHANNELS = reverse("admin:articles_channel_changelist")


def drafts(number: int) -> list[Article]:
    channel, source = make_channel(), make_source()
    rows = [Article(title=f"稿件{n}", channel=channel, source=source) for n in range(number)]
    return Article.objects.bulk_create(rows)


def found(desk, **query: str) -> list[int]:
    return [article.pk for article in desk.get(LIST, query).context["cl"].result_list]


def test_the_list_is_counted_to_a_cap_and_says_so(desk, monkeypatch):
    drafts(120)
    assert "只列出最新的" not in desk.get(LIST).text
    monkeypatch.setattr(CappedPaginator, "most", 100)

    page = desk.get(LIST)

    assert (page.context["cl"].result_count, page.context["cl"].paginator.num_pages) == (100, 2)
    assert "只列出最新的 100 篇" in page.text
    newest = list(Article.objects.order_by("-pk").values_list("pk", flat=True))
    assert found(desk) == newest[:50]
    assert found(desk, p="2") == newest[50:100]


def test_the_list_counts_to_its_cap_and_reads_one_page(desk):
    drafts(60)
    with CaptureQueriesContext(connection) as queries:
        desk.get(LIST)
    asked = [query["sql"] for query in queries if 'FROM "articles_article"' in query["sql"]]
    # the count, to its cap; the rows of the page. No first and last date, no list of days, no second count.
    assert len(asked) == 2
    assert all("LIMIT" in sql for sql in asked)
    assert not any("MIN(" in sql or "DISTINCT" in sql for sql in asked)


def test_no_column_sorts_the_whole_table(desk):
    first, second = make_article(title="乙"), make_article(title="甲")
    for column in range(8):
        assert found(desk, o=str(column)) == [second.pk, first.pk]


def test_titles_are_searched_among_the_newest(desk, monkeypatch):
    monkeypatch.setattr(article_admin, "SEARCHED", 2)
    old, middle, new = (make_article(title=f"渡口{n}", short_title="江边") for n in range(3))
    assert found(desk, q="渡口") == [new.pk, middle.pk]
    assert found(desk, q="江边") == [new.pk, middle.pk]
    assert found(desk, q="没有") == []
    assert found(desk, q="") == [new.pk, middle.pk, old.pk]


def test_any_article_is_found_by_its_number_or_address(desk, monkeypatch):
    monkeypatch.setattr(article_admin, "SEARCHED", 1)
    old, new = make_article(title="很久以前"), make_article(title="刚才")
    address = old.get_absolute_url()
    for typed in (str(old.pk), f" {old.pk} ", address, f"https://example.com{address}", old.page_url(2), old.full_url):
        assert found(desk, q=typed) == [old.pk], typed
    assert found(desk, q=f"{old.pk}号") == []
    assert found(desk, q="9" * 18) == []
    assert found(desk, q=f"刚才 {new.pk}") == []


def test_a_number_may_stand_in_a_title_too(desk):
    numbered = make_article(title="看图")
    titled = make_article(title=f"第{numbered.pk}次会议")
    assert found(desk, q=str(numbered.pk)) == [titled.pk, numbered.pk]


def test_channels_show_what_stands_in_their_lists_and_their_drafts(desk, chief, client):
    client.force_login(chief)
    channel, other = make_channel(), make_channel(is_hidden=True)
    for status in ("published", "published", "draft"):
        make_article(channel=channel, status=status)
    make_article(channel=other)
    make_article(channel=other, status="draft")

    with CaptureQueriesContext(connection) as queries:
        rows = client.get(CHANNELS).context["cl"].result_list

    assert {row.pk: (row.published_count, row.draft_count) for row in rows} == {channel.pk: (2, 1), other.pk: (0, 1)}
    # What waits for the reviewer, in the menu, joins its few rows.
    asked = [query["sql"] for query in queries if 'FROM "articles_review"' not in query["sql"]]
    assert not any("JOIN" in sql and "articles_article" in sql for sql in asked)
