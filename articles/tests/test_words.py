"""The word desk: what listed words do to an article, and what the newsroom is told of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from articles import words
from articles.models import Article, ListedWord
from articles.publishing import withdraw
from articles.reviews import ReviewError, release

from .factories import make_article, make_member
from .newsroom import pass_all, signer
from .test_admin_articles import change_url, make_draft, run
from .test_admin_forms import errors_of, fill, messages_of

TRY = "/admin/articles/listedword/try/"


def make_word(word: str, level: str = "block", **overrides) -> ListedWord:
    listed = ListedWord(word=word, level=level, **{"reason": "请改写。", **overrides})
    listed.full_clean()
    listed.save()
    return listed


@pytest.fixture
def chief_desk(client, chief):
    client.force_login(chief)
    return client


# --- The list ---


@pytest.mark.parametrize("word", ["", " ", "赌", "*-", "\u200b\u200b", "。。"])
def test_what_cannot_be_looked_for_is_refused(db, word):
    with pytest.raises(ValidationError):
        make_word(word)


def test_a_word_that_unfolds_to_very_many_letters_is_refused(db):
    with pytest.raises(ValidationError, match="词语太长"):
        make_word("\ufdfa" * 10)


@pytest.mark.parametrize("same", ["賭場", "赌 场", "赌\u200b场"])
def test_a_word_is_listed_once_however_it_is_written(db, same):
    make_word("赌场")
    with pytest.raises(ValidationError, match="词库里已有“赌场”（禁止）"):
        make_word(same)
    with pytest.raises(IntegrityError), transaction.atomic():
        ListedWord.objects.create(word=same, reason="又一次")


@pytest.mark.parametrize("exceptions", ["新区", "国家级", "国 家 级"])
def test_an_exception_must_be_longer_and_have_the_word(db, exceptions):
    with pytest.raises(ValidationError, match="要比词语长"):
        make_word("国家级", exceptions=exceptions)


def test_the_list_follows_the_table(db):
    texts = {"title": "他说赌场和酒吧"}
    word = make_word("赌场")
    assert [finding.found for finding in words.findings(texts)] == ["赌场"]
    make_word("酒吧")
    assert [finding.found for finding in words.findings(texts)] == ["赌场", "酒吧"]
    word.is_active = False
    word.save()
    assert [finding.found for finding in words.findings(texts)] == ["酒吧"]
    ListedWord.objects.get(word="酒吧").delete()
    make_word("大赌场")
    assert words.findings(texts) == []


def test_a_check_costs_one_query_and_two_after_a_change(db):
    for number in range(30):
        make_word(f"生词{number}号")
    for queries in (2, 1, 1):
        with CaptureQueriesContext(connection) as asked:
            assert words.findings({"title": "第3章 生词3号"})
        assert len(asked) == queries


def test_a_finding_explains_itself(db, chief):
    chief.display_name = "总编"
    chief.save()
    make_word("国家级", "warn", reason="广告法禁用。", exceptions="国家级自然保护区", created_by=chief)
    body = "<p>当地有国家级自然保护区，</p><p>一家店自称国<b>家</b>级名店，引来许多人围观拍照。</p>"
    (finding,) = words.findings({"title": "没有", "body": body})
    day = timezone.localtime(ListedWord.objects.get().created_at)
    assert str(finding) == (
        "正文“自然保护区， 一家店自称【国家级】名店，引来许多人围观拍照”：提示词“国家级”。"
        f"广告法禁用。（总编 {day:%Y-%m-%d} 列入）"
    )


def test_the_gravest_comes_first(db):
    make_word("提示词语", "warn")
    make_word("待审词语", "hold")
    make_word("禁止词语", "block")
    found = words.findings({"title": "提示词语、待审词语、禁止词语"})
    assert [finding.word.level for finding in found] == ["block", "hold", "warn"]
    assert [finding.word.level for finding in words.stopping(found, may_release=False)] == ["block", "hold"]
    assert [finding.word.level for finding in words.stopping(found, may_release=True)] == ["block"]


def test_the_gravest_are_told_of_when_there_are_very_many(db):
    make_word("提示词语", "warn")
    make_word("禁止词语", "block")
    found = words.findings({"title": "提示词语、" * 20, "body": "<p>禁止词语，提示词语。</p>" * 500})
    assert len(found) == words.MOST_FINDINGS
    assert {finding.word.level for finding in found} == {"block"}


# --- In the back office ---


def submit(client, article: Article, **changes):
    page = client.get(change_url(article))
    return client.post(change_url(article), fill(page, _submit="1", **changes), follow=True)


@pytest.mark.parametrize("field", words.WATCHED)
def test_a_blocked_word_is_not_handed_in(desk, field):
    make_word("赌场")
    article = make_draft()
    response = submit(desk, article, **{field: "<p>他在賭-場里</p>" if field == "body" else "他在賭-場里"})
    (error,) = errors_of(response)[field]
    assert "他在【賭-場】里" in error
    assert "禁止词“赌场”。请改写。" in error
    assert not article.draft_reviews.exists()


def test_a_held_word_waits_for_who_may_release_it(writer):
    make_word("据网传", "hold")
    article = make_draft(lead="据网传，渡口明天停航")
    assert any("待审词“据网传”" in message for message in messages_of(submit(writer, article)))
    review = pass_all(article)
    may_not = make_member("may-not", permissions=["publish_article"])
    with pytest.raises(ReviewError, match="待审词“据网传”"):
        release(review, user=may_not)
    assert release(review, user=signer(3)).is_published


def test_a_draft_is_saved_and_its_author_told(client, reporter):
    client.force_login(reporter)
    make_word("赌场")
    article = make_draft(title="赌场旧址改成书店")
    page = client.get(change_url(article))
    response = client.post(change_url(article), fill(page, subtitle="副题"), follow=True)
    article.refresh_from_db()
    assert article.subtitle == "副题"
    assert any("标题“【赌场】旧址改成书店”：禁止词" in message for message in messages_of(response))


def test_no_action_leads_past_the_list(desk):
    article, held = make_draft(title="赌场旧址改成书店"), make_draft(title="渡口换缆绳")
    for draft in (article, held):
        pass_all(draft)
    make_word("赌场")
    response = run(desk, article, "publish")
    assert any(f"《{article}》没有发布：标题“【赌场】旧址改成书店”" in message for message in messages_of(response))
    data = {"action": "publish", "_selected_action": [article.pk, held.pk]}
    desk.post("/admin/articles/article/", data)
    assert list(Article.objects.filter(status="published")) == [held]


def test_whoever_lists_a_word_is_noted(chief_desk, chief):
    page = chief_desk.get("/admin/articles/listedword/add/")
    data = fill(page, word=" 赌場 ", level="hold", reason="请核实。", _save="保存")
    response = chief_desk.post("/admin/articles/listedword/add/", data)
    assert response.status_code == 302, errors_of(response)
    word = ListedWord.objects.get()
    assert (word.word, word.form, word.created_by) == ("赌場", "赌场", chief)


# --- Trying a word ---


def test_trying_a_word_shows_what_it_would_have_stopped(chief_desk):
    now = timezone.now()
    hit = make_article(title="国家级名店开张", published_at=now - timedelta(days=29))
    make_article(title="国家级自然保护区迎来候鸟")
    make_article(title="国家级旧闻", published_at=now - timedelta(days=31))
    make_draft(title="国家级草稿")
    withdraw(make_article(title="国家级撤稿"), reason="有误")

    response = chief_desk.get(TRY, {"word": "国家级", "exceptions": "国家级自然保护区"})

    trial = response.context["trial"]
    assert (trial.looked_at, trial.stopped, trial.is_capped) == (2, 1, False)
    assert [article for article, _ in trial.shown] == [hit]
    assert "<mark>国家级</mark>名店开张" in response.text
    link = reverse("admin:articles_listedword_add", query={"word": "国家级", "exceptions": "国家级自然保护区"})
    assert f'href="{escape(link)}"' in response.text
    assert not ListedWord.objects.exists()


def test_trying_costs_the_same_for_many_articles(chief_desk):
    counts = []
    for _ in range(2):
        for _ in range(10):
            make_article(title="国家级名店")
        with CaptureQueriesContext(connection) as queries:
            assert chief_desk.get(TRY, {"word": "国家级"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_trial_looks_at_so_many_and_says_so(chief_desk, monkeypatch):
    monkeypatch.setattr(words, "MOST_TRIED", 2)
    monkeypatch.setattr(words, "MOST_SHOWN", 1)
    for _ in range(3):
        make_article(title="国家级名店")
    response = chief_desk.get(TRY, {"word": "国家级"})
    assert "2 篇稿件有这个词" in response.text
    assert "（只查最新的这些），列出最新的 1 篇" in response.text


@pytest.mark.parametrize(
    ("asked", "words_of_error"),
    [
        ({"word": "赌"}, "至少要有 2 个字"),
        ({"word": "赌场", "exceptions": "酒吧"}, "要比词语长"),
        ({"word": "词" * 51}, "50"),
    ],
)
def test_a_trial_of_nothing_says_why(chief_desk, asked, words_of_error):
    response = chief_desk.get(TRY, asked)
    assert response.status_code == 200
    assert response.context["trial"] is None
    assert words_of_error in response.text


def test_the_word_desk_is_closed_to_who_may_not_see_it(client, db):
    client.force_login(make_member("writer", is_staff=True, permissions=["view_article"]))
    assert client.get(TRY).status_code == 403
    assert client.get("/admin/articles/listedword/").status_code == 403
