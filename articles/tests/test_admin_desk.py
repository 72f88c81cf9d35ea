"""Small things that the newsroom meets every day at an article's form."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Author, ListEntry, Tag

from .factories import make_article, make_channel, make_photo, make_source
from .test_admin_articles import ADD, change_url, make_draft, run
from .test_admin_forms import errors_of, fill, messages_of


def test_saving_again_does_not_move_the_time_of_publication(desk):
    moment = timezone.now().replace(second=42, microsecond=0) - timedelta(hours=2)
    article = make_article(published_at=moment)
    desk.post(change_url(article), fill(desk.get(change_url(article)), comments_open=None))
    article.refresh_from_db()
    assert (article.comments_open, article.published_at) == (False, moment)


def test_the_first_save_stays_the_author_of_the_article(client, reporter, editor):
    client.force_login(reporter)
    values = {"title": "记者的稿件", "body": "正文。", "channel": make_channel().pk, "source": make_source().pk}
    client.post(ADD, fill(client.get(ADD), **values))
    article = Article.objects.get()
    client.force_login(editor)
    client.post(change_url(article), fill(client.get(change_url(article)), title="编辑改过的标题"))
    article.refresh_from_db()
    assert (article.title, article.created_by) == ("编辑改过的标题", reporter)


def test_credits_are_added_changed_and_removed_with_the_article(writer):
    article = make_draft(credit="白一川")
    other = Author.objects.create(name="韩拾光")
    first = article.credits.get()
    added = {"credits-1-role": "摄影", "credits-1-author": other.pk, "credits-1-position": "2"}
    values = fill(
        writer.get(change_url(article)), **{"credits-TOTAL_FORMS": "2", "credits-0-role": "文字记者"}, **added
    )
    writer.post(change_url(article), values)
    assert list(article.credits.values_list("role", "author__name")) == [("文字记者", "白一川"), ("摄影", "韩拾光")]
    removal = {"credits-0-DELETE": "on", "credits-0-id": first.pk}
    writer.post(change_url(article), fill(writer.get(change_url(article)), **removal))
    assert list(article.credits.values_list("role", flat=True)) == ["摄影"]


def test_the_same_credit_twice_is_refused(writer):
    article = make_draft(credit="白一川")
    again = {"credits-1-role": "作者", "credits-1-author": article.credits.get().author_id, "credits-1-position": "1"}
    values = fill(writer.get(change_url(article)), **{"credits-TOTAL_FORMS": "2"}, **again)
    assert writer.post(change_url(article), values).status_code == 200
    assert article.credits.count() == 1


@pytest.mark.parametrize(
    ("model", "field", "make"),
    [
        ("article", "source", lambda: make_source(name="新华社稿库")),
        ("article", "cover", lambda: make_photo(caption="新华社图")),
        ("article", "tags", lambda: Tag.objects.create(name="新华社")),
        ("credit", "author", lambda: Author.objects.create(name="新华社记者")),
    ],
)
def test_a_reporter_finds_rows_while_typing(writer, model, field, make):
    wanted, query = make(), {"term": "新华社", "app_label": "articles", "model_name": model, "field_name": field}
    make_source(name="别的来源")
    found = writer.get("/admin/autocomplete/", query).json()["results"]
    assert found == [{"id": str(wanted.pk), "text": str(wanted)}]


def test_an_article_that_ends_before_it_begins_is_refused(desk):
    article = make_article()
    times = {"expires_at_0": "2020-01-01", "expires_at_1": "00:00:00"}
    response = desk.post(change_url(article), fill(desk.get(change_url(article)), **times))
    assert errors_of(response) == {"__all__": ["下线时间必须晚于发布时间。"]}


def test_publishing_again_after_a_withdrawal_keeps_the_address(desk, no_reminders):
    article = make_article()
    address = article.get_absolute_url()
    desk.post(reverse("admin:articles_article_withdraw", query={"ids": article.pk}), {"reason": "核实中"})
    assert messages_of(run(desk, article, "republish")) == ["已重新公开 1 篇稿件。"]
    article.refresh_from_db()
    assert (article.is_published, article.get_absolute_url()) == (True, address)
    assert ListEntry.objects.filter(article=article).count() == 3


def test_an_unknown_article_is_not_an_error(desk):
    response = desk.post("/admin/articles/article/404404/change/", {"CHANGE_FORM-action": "submit"}, follow=True)
    assert response.redirect_chain == [("/admin/", 302)]
    assert "不存在" in messages_of(response)[0]
