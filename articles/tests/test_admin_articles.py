from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles import reviews
from articles.models import Article, ArticleReads, Author, ListEntry, OldAddress, Tag
from articles.publishing import save_article

from .factories import make_article, make_channel, make_photo, make_source
from .newsroom import author, hand_in, pass_all, publish_reviewed
from .test_admin_forms import errors_of, fill, messages_of

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


def change_url(article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def make_draft(**overrides) -> Article:
    return make_article(**{"status": "draft", "published_at": None, **overrides})


def run(client, article, action, **more):
    """Run an action from the head of the article's form, the form as it came."""
    page = client.get(change_url(article))
    return client.post(change_url(article), fill(page, **{"CHANGE_FORM-action": action}, **more), follow=True)


# --- Writing and handing in ---


def test_an_editor_writes_and_hands_in_through_the_form(desk, editor):
    channel, source = make_channel("cases"), make_source(is_own=True)
    tag, author, photo = Tag.objects.create(name="普法"), Author.objects.create(name="白一川"), make_photo()
    page = desk.get(ADD)
    response = desk.post(
        ADD,
        fill(
            page,
            title="法官下乡记",
            body=f'第一段\r\n<figure data-photo="{photo.pk}"></figure>\r\n第二段',
            channel=channel.pk,
            source=source.pk,
            tags=[tag.pk],
            duty_editor="沈若谷",
            _submit="保存并送审",
            **{
                "credits-TOTAL_FORMS": "1",
                "credits-0-role": "文字记者",
                "credits-0-author": author.pk,
                "credits-0-position": "0",
            },
        ),
    )
    article = Article.objects.get()
    assert response.status_code == 302, errors_of(response)
    assert article.body == f'<p>第一段</p>\n<figure data-photo="{photo.pk}"></figure>\n<p>第二段</p>'
    assert photo.picture.src in article.rendered[0]["html"]
    assert (article.created_by, article.characters, article.page_count) == (editor, 6, 1)
    assert article.lead == "第一段 第二段"
    assert not article.is_published
    assert article.draft_reviews.get().place == "一审"
    publish_reviewed(article)
    assert sorted(ListEntry.objects.values_list("scope", "target")) == sorted(
        [
            *[(ListEntry.Scope.SITE, 0)] * 2,
            (ListEntry.Scope.TAG, tag.pk),
            (ListEntry.Scope.AUTHOR, author.pk),
            (ListEntry.Scope.SOURCE, source.pk),
        ]
    )
    assert list(article.photo_uses.values_list("photo", flat=True)) == [photo.pk]


def test_the_add_form_offers_our_own_source_and_no_mere_link(desk):
    make_source()
    own, channel = make_source(is_own=True), make_channel()
    make_channel(kind="link", link="/magazine/")
    form = desk.get(ADD).context["adminform"].form
    assert form.initial["source"] == own.pk
    assert [choice.pk for choice in form.fields["channel"].queryset] == [channel.pk]


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"body": ""}, {"body": ["正文是空的，不能发布。"]}),
        ({"origin": "reprint"}, {"source_url": ["转载稿发布前必须填写原文链接。"]}),
    ],
)
def test_handing_in_says_on_the_field_what_is_missing(desk, change, errors):
    article = make_draft()
    response = desk.post(change_url(article), fill(desk.get(change_url(article)), _submit="1", **change))
    assert {name: errors_of(response)[name] for name in errors} == errors
    assert not article.draft_reviews.exists()


def test_a_refused_form_comes_back_filled_in(desk):
    article = make_draft(body="<p>旧稿。</p>")
    typed = '新写的一段\r\n<figure data-photo="4040"></figure>'
    response = desk.post(change_url(article), fill(desk.get(change_url(article)), body=typed, title="新标题"))
    assert errors_of(response)["body"] == ["正文引用了库里没有的图片 4040：请先上传，或改正编号。"]
    again = fill(response)
    assert again["body"] == [typed]
    assert again["title"] == ["新标题"]
    article.refresh_from_db()
    assert article.body == "<p>旧稿。</p>"


def test_line_breaks_in_the_lead_are_joined(desk):
    article = make_draft()
    desk.post(change_url(article), fill(desk.get(change_url(article)), lead="前半句，\r\n后半句。"))
    article.refresh_from_db()
    assert article.lead == "前半句，后半句。"


def test_a_new_channel_keeps_the_old_address(db):
    article, other = make_article(), make_channel("elsewhere")
    former = article.get_absolute_url()
    copy = reviews.start_change(article, user=author())
    copy.channel = other
    save_article(copy)
    publish_reviewed(copy)
    assert list(OldAddress.objects.values_list("path", "article")) == [(former, article.pk)]


# --- Nothing lost ---


def test_an_action_on_a_form_with_changes_loses_none_of_them(desk):
    article = make_draft()
    response = run(desk, article, "submit", title="还没保存的标题")
    assert errors_of(response)["__all__"] == [
        "这一页有未保存的修改，所以操作没有执行：请先点“保存并继续编辑”，再执行操作。"
    ]
    assert fill(response)["title"] == ["还没保存的标题"]
    assert not article.draft_reviews.exists()


def test_an_action_on_a_form_with_changed_credits_loses_none_of_them(desk):
    article = make_draft(credit="白一川")
    response = run(desk, article, "submit", **{"credits-0-role": "摄影"})
    assert fill(response)["credits-0-role"] == ["摄影"]
    assert article.credits.get().role == "作者"


def test_return_in_a_field_saves(desk):
    article = make_draft()
    response = run(desk, article, "", title="按回车保存的标题")
    assert response.redirect_chain == [(change_url(article), 302)]
    article.refresh_from_db()
    assert article.title == "按回车保存的标题"


def test_a_published_article_is_not_deleted(desk):
    article, draft = make_article(), make_draft()
    response = desk.post(reverse("admin:articles_article_delete", args=[article.pk]), {"post": "yes"})
    assert f"《{article}》发布过，读者可能收藏或转发过它的地址：请用“撤稿”，不要删除。" in response.text
    both = {"action": "delete_selected", "_selected_action": [article.pk, draft.pk], "post": "yes"}
    assert "一条也没有删" in desk.post(LIST, both).text
    assert Article.objects.count() == 2
    desk.post(reverse("admin:articles_article_delete", args=[draft.pk]), {"post": "yes"})
    assert list(Article.objects.all()) == [article]


# --- A text that is closed ---


def test_what_cannot_be_changed_is_shown_as_readers_see_it(desk):
    photo = make_photo(caption="渡口的清晨")
    figure = f'<figure data-photo="{photo.pk}"></figure>'
    body = f'<p>第一段。</p>\n{figure}\n<hr class="page-break" data-title="下篇">\n<p>第二段。</p>'
    draft, article = make_draft(body=body), make_article(body=body)
    assert desk.get(change_url(draft)).context["adminform"].form["body"].value() == body
    page = desk.get(change_url(article))
    assert "body" not in page.context["adminform"].form.fields
    text = html.fromstring(page.text).find_class("reviewed-text")[0]
    assert text.xpath("./p/text()") == ["第一段。", "第二段。"]
    assert text.xpath("./h3/text()") == ["下篇"]
    assert "渡口的清晨" in text.xpath("string(.//figcaption)")
    assert "data-photo" not in text.text_content()


# --- Who may not publish ---


def test_a_reporter_saves_a_draft_and_cannot_publish_by_a_forged_form(writer):
    source, channel = make_source(), make_channel()
    page = writer.get(ADD)
    assert not {"status", "published_at"} & set(page.context["adminform"].form.fields)
    forged = {
        "title": "记者的稿件",
        "body": "正文。",
        "channel": channel.pk,
        "source": source.pk,
        "status": "published",
        "published_at_0": "2020-01-01",
        "published_at_1": "00:00:00",
    }
    writer.post(ADD, fill(page, **forged))
    article = Article.objects.get()
    assert (article.status, article.published_at) == ("draft", None)
    writer.post(change_url(article), fill(writer.get(change_url(article)), **forged))
    article.refresh_from_db()
    assert (article.status, article.published_at) == ("draft", None)
    assert not ListEntry.objects.exists()


def test_a_reporter_cannot_run_the_actions(writer):
    draft, article = make_draft(), make_article()
    pass_all(draft)
    for action in ("publish", "withdraw", "republish", "unschedule"):
        writer.post(LIST, {"action": action, "index": "0", "_selected_action": [draft.pk, article.pk]})
        run(writer, draft, action)
    withdrawal = reverse("admin:articles_article_withdraw", query={"ids": article.pk})
    assert writer.post(withdrawal, {"reason": "伪造"}).status_code == 403
    assert sorted(Article.objects.values_list("pk", "status")) == [(draft.pk, "draft"), (article.pk, "published")]


def test_a_reporter_reads_but_does_not_change_what_is_published(writer):
    article = make_article()
    page = writer.get(change_url(article))
    assert page.status_code == 200
    assert 'name="title"' not in page.text
    assert writer.post(change_url(article), {"title": "改掉的标题"}).status_code == 403


# --- Actions ---


def test_the_publish_action_counts_what_it_did(desk, no_reminders):
    ready, fresh, waiting, public = make_draft(), make_draft(), make_draft(), make_article()
    pass_all(ready)
    hand_in(waiting)
    chosen = [ready.pk, fresh.pk, waiting.pk, public.pk]
    page = desk.post(LIST, {"action": "publish", "index": "0", "_selected_action": chosen}, follow=True)
    assert messages_of(page) == [
        f"《{public}》没有发布：已经发布、定时或撤下了。",
        f"《{waiting}》没有发布：还没有审完（一审），不能发布。",
        f"《{fresh}》没有发布：还没有送审。",
        "已发布 1 篇稿件。",
    ]
    assert list(Article.objects.published().order_by("pk")) == [ready, public]
    assert ListEntry.objects.filter(article=ready).count() == 3
    assert LogEntry.objects.get(object_id=str(ready.pk)).change_message == "发布"


def test_the_publish_action_stands_on_the_form(desk, no_reminders):
    article = make_draft()
    pass_all(article)
    response = run(desk, article, "publish")
    assert messages_of(response) == ["已发布 1 篇稿件。"]
    article.refresh_from_db()
    assert article.is_published


def test_withdrawing_asks_for_a_reason_and_then_withdraws(desk):
    article = make_article()
    page = run(desk, article, "withdraw")
    where = page.redirect_chain[-1][0]
    assert where == reverse("admin:articles_article_withdraw", query={"ids": article.pk})
    assert str(article) in page.text
    assert desk.post(where, {"reason": " "}).context["form"].errors == {"reason": ["这个字段是必填项。"]}
    article.refresh_from_db()
    assert article.status == "published"
    done = desk.post(where, {"reason": "应作者要求撤稿"}, follow=True)
    assert messages_of(done) == ["已撤回 1 篇稿件。"]
    article.refresh_from_db()
    assert (article.status, article.withdrawn_reason) == ("withdrawn", "应作者要求撤稿")
    assert not ListEntry.objects.exists()
    assert LogEntry.objects.get().change_message == "撤稿：应作者要求撤稿"


def test_withdrawing_leaves_alone_what_is_not_on_the_site(desk):
    draft, future = make_draft(), make_article(published_at=timezone.now() + timedelta(days=1))
    page = desk.post(LIST, {"action": "withdraw", "index": "0", "_selected_action": [draft.pk, future.pk]}, follow=True)
    assert messages_of(page) == ["所选稿件都不在网站上，没有可以撤的。"]
    where = reverse("admin:articles_article_withdraw", query={"ids": f"{draft.pk},x,{future.pk}"})
    assert desk.get(where).headers["Location"] == LIST


def test_withdrawing_too_many_at_once_is_refused(desk, monkeypatch):
    monkeypatch.setattr("articles.admin.workflow.MOST_WITHDRAWN_AT_ONCE", 1)
    chosen = [make_article().pk, make_article().pk]
    page = desk.post(LIST, {"action": "withdraw", "index": "0", "_selected_action": chosen}, follow=True)
    assert messages_of(page) == ["一次最多撤 1 篇，请少选一些。"]


def test_a_withdrawn_article_is_published_again_or_its_reason_mended(desk):
    gone = {"status": "withdrawn", "withdrawn_at": timezone.now(), "withdrawn_reason": "原因有误"}
    article = make_article(**gone)
    desk.post(change_url(article), fill(desk.get(change_url(article)), withdrawn_reason="事实有误"))
    article.refresh_from_db()
    assert (article.status, article.withdrawn_reason) == ("withdrawn", "事实有误")
    assert messages_of(run(desk, article, "republish")) == ["已重新公开 1 篇稿件。"]
    article.refresh_from_db()
    assert (article.is_published, article.withdrawn_at, article.withdrawn_reason) == (True, None, "")


# --- What is shown ---


def test_the_form_shows_the_derived_facts(desk):
    article = make_article(body="<p>一二三四五</p>")
    ArticleReads.objects.create(article=article, total=12345)
    page = desk.get(change_url(article))
    facts = [line.strip() for line in page.text.splitlines()]
    assert f'<a href="{article.get_absolute_url()}">' in page.text
    assert any("12345" in fact for fact in facts)
    assert "在站点上查看" in page.text
    assert '<option value="withdraw">' in page.text


def test_only_what_readers_can_open_has_a_link_to_the_site(desk):
    draft = make_draft()
    page = desk.get(change_url(draft))
    assert "发布后生成" in page.text
    assert "在站点上查看" not in page.text


@pytest.mark.parametrize(
    ("state", "words"),
    [("draft", "草稿"), ("public", "已发布"), ("expired", "已下线"), ("withdrawn", "已撤稿")],
)
def test_the_list_is_filtered_by_the_state_that_readers_meet(desk, state, words):
    now = timezone.now()
    articles = {
        "draft": make_draft(),
        "public": make_article(),
        "expired": make_article(expires_at=now - timedelta(minutes=1)),
        "withdrawn": make_article(status="withdrawn", withdrawn_at=now),
    }
    page = desk.get(LIST, {"state": state})
    assert list(page.context["cl"].queryset) == [articles[state]]
    assert f'<td class="field-state">{words}</td>' in page.text


def test_a_hidden_channel_shows_in_the_state(desk):
    make_article(channel=make_channel(is_hidden=True))
    assert '<td class="field-state">栏目已隐藏</td>' in desk.get(LIST).text


@pytest.mark.parametrize("words", ["麦苗", "短标", "id"])
def test_the_list_is_searched_by_title_short_title_and_number(desk, words):
    wanted = make_article(title="看一株麦苗", short_title="短标题")
    make_article(title="别的稿件")
    page = desk.get(LIST, {"q": wanted.pk if words == "id" else words})
    assert wanted in page.context["cl"].queryset
    assert page.context["cl"].result_count == 1


def test_the_list_takes_the_same_queries_for_one_row_and_for_thirty(desk):
    """Session, user, rights, beats; channels; count, rows, reviews, writers; bounds and days of dates; waiting (3)"""
    channel, counts = make_channel(), []
    for more in (1, 29):
        for _ in range(more):
            ArticleReads.objects.create(article=make_article(cover=make_photo(), channel=channel), total=3)
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(LIST)
        counts.append(len(queries))
        assert page.text.count('class="thumbnail"') == Article.objects.count()
        assert not any('"body"' in query["sql"] or '"pages"' in query["sql"] for query in queries)
    assert counts[0] == counts[1] <= 15
