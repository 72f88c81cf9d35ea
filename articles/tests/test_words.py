"""The word desk: what listed words do to an article, and what the newsroom is told of it."""

import csv
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
from articles.word_forms import ManyWordsForm
from members.models import Operation

from .factories import make_article, make_member
from .newsroom import pass_all, signer
from .test_admin_articles import change_url, make_draft, run
from .test_admin_forms import errors_of, fill, messages_of

TRY = "/admin/articles/listedword/try/"
MANY = "/admin/articles/listedword/many/"
DOWNLOAD = "/admin/articles/listedword/download/"


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


def test_titles_of_pages_are_looked_at(db):
    make_word("国家级", "block", reason="广告法禁用。")
    body = '<p>第一页</p><hr class="page-break" data-title="国家级名店"><p>第二页</p>'
    (finding,) = words.findings({"body": body})
    assert (finding.field, finding.found) == ("body", "国家级")


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
    asked = {"word": "国家级", "exceptions": "国家级自然保护区", "level": "warn"}
    link = reverse("admin:articles_listedword_add", query=asked)
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
    for address in (TRY, MANY, DOWNLOAD, "/admin/articles/listedword/"):
        assert client.get(address).status_code == 403, address
    assert client.post(MANY, {"lines": "赌场\t禁止\t请改写", "scopes": ["article"], "_save": "1"}).status_code == 403
    assert not ListedWord.objects.exists()


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("block", "禁止：送审时拦下"),
        ("hold", "待审：没有放行权的人不能发布"),
        ("warn", "提示：只提醒"),
        ("", "提示：只提醒"),
    ],
)
def test_a_trial_says_what_would_have_become_of_each_article(chief_desk, level, told):
    make_article(title="国家级名店开张")
    make_article(body="<p>没有这个词。</p>")
    page = chief_desk.get(TRY, {"word": "国家级", "level": level})
    assert page.text.count(f">{told}</strong>") == 1


def test_a_trial_tells_of_the_same_word_in_the_list(chief_desk, chief):
    make_word("赌场", "hold", reason="请核实。", created_by=chief, in_comments=True, is_active=False)
    page = chief_desk.get(TRY, {"word": "賭 場"})
    assert "：待审，用于稿件、评论，已停用。请核实。（chief " in page.text
    assert "列入词库</a>" not in page.text


# --- Where a word is looked for ---


def test_each_kind_of_text_has_words_of_its_own(db):
    make_word("赌场", in_articles=True)
    make_word("酒吧", in_articles=False, in_comments=True)
    make_word("总编", in_articles=False, in_names=True)
    make_word("网传", in_articles=True, in_comments=True, in_names=True)
    text = [("text", "文字", "赌场、酒吧、总编、网传")]
    found = {scope: [finding.found for finding in words.search(text, scope)] for scope in words.Scope}
    assert found == {"article": ["赌场", "网传"], "comment": ["酒吧", "网传"], "name": ["总编", "网传"]}


def test_the_lists_of_all_scopes_follow_the_table(db):
    text = [("text", "评论", "赌场")]
    word = make_word("赌场")
    assert (len(words.search(text, words.Scope.ARTICLE)), words.search(text, words.Scope.COMMENT)) == (1, [])
    word.in_articles, word.in_comments = False, True
    word.save()
    assert (words.search(text, words.Scope.ARTICLE), len(words.search(text, words.Scope.COMMENT))) == ([], 1)


def test_each_scope_costs_one_query_and_two_after_a_change(db):
    make_word("赌场", in_comments=True)
    text = [("text", "评论", "赌场")]
    for queries in (2, 1):
        for scope in (words.Scope.COMMENT, words.Scope.NAME):
            with CaptureQueriesContext(connection) as asked:
                words.search(text, scope)
            assert len(asked) == queries


def test_a_finding_in_a_comment_explains_itself_too(db):
    make_word("赌场", in_articles=False, in_comments=True)
    (finding,) = words.search([("text", "评论", "他在賭-場里")], words.Scope.COMMENT)
    assert str(finding).startswith("评论“他在【賭-場】里”：禁止词“赌场”。请改写。（系统 ")


def test_a_word_of_no_scope_is_refused(chief_desk):
    add = "/admin/articles/listedword/add/"
    page = chief_desk.get(add)
    assert fill(page)["in_articles"] == ["on"]
    refused = chief_desk.post(add, fill(page, word="赌场", reason="请改写。", in_articles=None))
    assert "至少要用于稿件、评论、名称中的一种。" in errors_of(refused)["in_articles"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ListedWord.objects.create(word="赌场", reason="请改写。", in_articles=False)


def test_the_list_shows_and_filters_scopes(chief_desk):
    make_word("赌场", in_comments=True)
    make_word("总编", in_articles=False, in_names=True)
    shown = {
        scope: [
            word.word
            for word in chief_desk.get("/admin/articles/listedword/", {"scope": scope}).context["cl"].result_list
        ]
        for scope in ("article", "comment", "name")
    }
    assert shown == {"article": ["赌场"], "comment": ["赌场"], "name": ["总编"]}
    assert "稿件、评论" in chief_desk.get("/admin/articles/listedword/").text


# --- Many at once ---

MANY_LINES = "\r\n".join(
    [
        "赌场\t禁止\t请改写。",
        "",
        "国家级\t提示\t广告法禁用。\t国家级自然保护区；国家级公园",
        "据网传\thold\t须核实。",
        "顶级\t\t请具体。",
    ]
)


def enter(client, lines: str, *, button: str = "_save", scopes=("article",)):
    return client.post(MANY, {"lines": lines, "scopes": scopes, button: "1"})


def problems_of(response) -> list[tuple[int, str]]:
    return [(line, problem) for line, _, problem in response.context["form"].problems]


def test_many_words_are_checked_first_and_then_listed(chief_desk, chief):
    checked = enter(chief_desk, MANY_LINES, button="_check")
    assert "可以列入 4 个" in checked.text
    assert not ListedWord.objects.exists()
    response = chief_desk.post(MANY, fill(checked, _save="1", scopes=["article", "comment"]), follow=True)
    assert messages_of(response) == ["已列入 4 个词。"]
    listed = [(word.word, word.level, word.phrases, word.created_by) for word in ListedWord.objects.order_by("pk")]
    assert listed == [
        ("赌场", "block", (), chief),
        ("国家级", "warn", ("国家级自然保护区", "国家级公园"), chief),
        ("据网传", "hold", (), chief),
        ("顶级", "warn", (), chief),
    ]
    assert {(*word.scopes,) for word in ListedWord.objects.all()} == {("稿件", "评论")}
    assert Operation.objects.filter(model="articles.listedword", action="add").count() == 4


def test_what_is_wrong_is_told_by_line_and_nothing_is_saved(chief_desk):
    make_word("酒吧")
    lines = [
        "赌场\t禁止\t请改写。",
        "赌\t禁止\t请改写。",
        "网传\t严禁\t请改写。",
        "网上传\t禁止",
        "賭 場\t提示\t又一次。",
        "酒 吧\t提示\t又一次。",
        "国家级\t提示\t请改写。\t新区",
        "词" * 51 + "\t提示\t太长。",
        "最好\t提示\t请改写。\t\t多的",
        "\t禁止\t没有词。",
    ]
    response = enter(chief_desk, "\n".join(lines))
    told = problems_of(response)
    assert [line for line, _ in told] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    expected = [
        "至少要有 2 个字",
        "级别只能是",
        "要写理由",
        "和第 1 行是同一个词",
        "词库里已有“酒吧”（禁止）",
        "要比词语长",
    ]
    for (_, problem), part in zip(told, [*expected, "50", "多于四列", ""], strict=True):
        assert part in problem
    assert "有 9 行不对，一行也没有保存" in response.text
    assert "第 7 行" in response.text
    assert fill(response)["lines"] == ["\r\n".join(lines)]
    assert ListedWord.objects.count() == 1


def test_checking_many_words_costs_one_query(db, django_assert_num_queries):
    lines = "\n".join(f"生词{number}号\t提示\t请改写。" for number in range(300))
    form = ManyWordsForm({"lines": lines, "scopes": ["article"]})
    with django_assert_num_queries(1):
        assert form.is_valid()
    assert len(form.words) == 300


@pytest.mark.parametrize(
    ("lines", "scopes", "told"),
    [
        ("", ["article"], "必填"),
        (" \n \n", ["article"], "一个词也没有"),
        ("词语\t级别\t理由\t例外", ["article"], "一个词也没有"),
        ("赌场\t禁止\t请改写。", [], "必填"),
        ("赌场\t禁止\t请改写。", ["everywhere"], "everywhere"),
        ("赌场\t禁止\t请改写。\n" * 1001, ["article"], "一次最多 1000 行"),
    ],
)
def test_a_page_of_nothing_is_refused(chief_desk, lines, scopes, told):
    response = enter(chief_desk, lines, scopes=scopes)
    assert response.status_code == 200
    assert any(told in message for found in response.context["form"].errors.values() for message in found)
    assert not ListedWord.objects.exists()


def test_the_list_is_downloaded_and_can_be_entered_again(chief_desk, chief):
    make_word("国家级", "warn", reason="=1+1", exceptions="国家级自然保护区\n国家级公园", created_by=chief)
    make_word("赌场", in_comments=True, is_active=False)
    response = chief_desk.get(DOWNLOAD)
    rows = list(csv.reader(b"".join(response.streaming_content).decode("utf-8-sig").splitlines()))
    days = [f"{timezone.localtime(word.created_at):%Y-%m-%d %H:%M}" for word in ListedWord.objects.all()]
    assert rows == [
        ["词语", "级别", "理由", "例外", "用于", "启用", "列入人", "列入时间"],
        ["赌场", "禁止", "请改写。", "", "稿件、评论", "否", "系统", days[0]],
        ["国家级", "提示", "'=1+1", "国家级自然保护区；国家级公园", "稿件", "是", "chief", days[1]],
    ]
    ListedWord.objects.all().delete()
    copied = "\n".join("\t".join(row[:4]) for row in rows)
    assert messages_of(chief_desk.post(MANY, {"lines": copied, "scopes": ["name"], "_save": "1"}, follow=True))
    assert [(word.word, word.level, word.scopes) for word in ListedWord.objects.all()] == [
        ("国家级", "warn", ["名称"]),
        ("赌场", "block", ["名称"]),
    ]
