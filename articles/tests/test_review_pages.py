"""The pages on which texts are read and signed, and the queue that leads to them."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from articles import publishing, reviews, revisions
from articles.models import Article, PreflightRule, Review, Signature

from .factories import make_article, make_channel, make_member, make_source
from .newsroom import author, hand_in, pass_all, publish_reviewed, read, sign, signer
from .pages import tree
from .test_admin_articles import ADD, LIST, change_url, make_draft, run
from .test_admin_forms import fill, messages_of

pytestmark = pytest.mark.django_db
QUEUE = "/admin/articles/review/"


def url(name: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def at_step(step: int, **overrides) -> Article:
    article = make_draft(**overrides)
    hand_in(article)
    for before in range(1, step):
        sign(article, before)
    return article


def judge(client, article: Article, button: str, **values):
    """Fill in the form of the review page and press a button."""
    page = client.get(url("review", article))
    return client.post(url("review", article), fill(page, **{button: "1"}, **values), follow=True)


# --- Reading and signing ----------------------------------------------------------------------------------------------


def test_the_page_shows_the_text_and_takes_the_verdict(first):
    article = at_step(1, title="渡口换缆绳", body="<p>缆绳长二十米。</p>", lead="渡口的缆绳用了十年。")
    page = first.get(url("review", article))
    shown = tree(page).xpath("//article[@class='reviewed-text']")[0].text_content()
    for text in ("渡口换缆绳", "缆绳长二十米。", "渡口的缆绳用了十年。", "沈若谷"):
        assert text in shown
    response = judge(first, article, "_pass", note="可以。")
    assert messages_of(response) == ["《渡口换缆绳》一审通过。"]
    assert response.redirect_chain == [(QUEUE, 302)]
    assert Signature.objects.get().note == "可以。"
    assert article.draft_reviews.get().place == "二审"
    assert LogEntry.objects.get().change_message == "一审通过"


def test_a_return_without_a_note_comes_back_filled_in(first):
    article = at_step(1)
    response = judge(first, article, "_return", note=" ")
    assert response.context["form"].errors["note"] == ["退回必须写明意见：作者要知道改什么。"]
    assert not Signature.objects.exists()
    response = judge(first, article, "_return", note="请补采访对象的姓名。")
    assert messages_of(response) == [f"《{article}》一审退回给作者。"]
    first.force_login(author())
    article.created_by = author()
    article.save()
    page = first.get(change_url(article))
    assert "一审退回（first" in page.text
    assert "请补采访对象的姓名。" in page.text
    assert "保存并送审" in page.text


def test_a_return_leads_to_a_step_that_was_before(third):
    article = at_step(3)
    page = third.get(url("review", article))
    assert [label for _, label in page.context["form"].fields["returned_to"].choices] == ["作者", "一审", "二审"]
    judge(third, article, "_return", note="法律依据请再核。", returned_to="2")
    assert article.draft_reviews.get().place == "二审"


def test_the_last_signature_publishes(third, no_reminders):
    article = at_step(3)
    response = judge(third, article, "_pass")
    assert messages_of(response) == [f"《{article}》三审通过。", f"《{article}》已发布。"]
    article.refresh_from_db()
    assert article.is_published


def test_the_last_signature_schedules(third, no_reminders):
    article, tomorrow = at_step(3), timezone.localtime() + timedelta(days=1)
    past = judge(third, article, "_pass", publication="at", at_0="2020-01-01", at_1="00:00:00")
    assert past.context["form"].errors["at"] == ["定时发布要填一个将来的时间。"]
    values = {"publication": "at", "at_0": f"{tomorrow:%Y-%m-%d}", "at_1": f"{tomorrow:%H:%M:%S}"}
    response = judge(third, article, "_pass", **values)
    assert messages_of(response)[-1] == f"《{article}》已定时。"
    listing = third.get(LIST, {"state": "scheduled"})
    assert f"定时 {tomorrow:%m-%d %H:%M}" in listing.text
    assert messages_of(run(third, article, "unschedule")) == ["已取消定时 1 篇稿件。"]
    assert "待发布" in third.get(LIST).text


def test_the_last_signature_may_leave_it_to_wait(third, no_reminders):
    article = at_step(3)
    judge(third, article, "_pass", publication="wait")
    assert article.draft_reviews.get().place == "待发布"
    ready = third.get(QUEUE, {"queue": "ready"})
    assert [review.draft for review in ready.context["cl"].queryset] == [article]
    response = third.post(url("release", article), follow=True)
    assert messages_of(response) == [f"《{article}》已发布。"]
    assert response.redirect_chain == [(change_url(article), 302)]


def test_releasing_at_a_moment_that_is_past_is_refused(third, no_reminders):
    article = make_draft()
    pass_all(article)
    response = third.post(url("release", article), {"at_0": "2020-01-01", "at_1": "00:00:00"}, follow=True)
    assert messages_of(response) == ["定时发布要填一个将来的时间；立即发布请留空。"]
    article.refresh_from_db()
    assert article.status == "draft"


def test_what_stands_against_publication_is_told_and_the_signature_stays(third, no_reminders):
    article = at_step(3)
    page = third.get(url("review", article))
    PreflightRule.objects.filter(rule="cover").update(level="block")
    response = third.post(url("review", article), fill(page, _pass="1"), follow=True)
    told = messages_of(response)
    assert told[0] == f"《{article}》三审通过。"
    assert told[1].startswith(f"《{article}》没有发布：没有封面图")
    assert article.draft_reviews.get().place == "待发布"


def test_the_first_signature_asks_for_a_duty_editor_that_is_missing(first):
    article = at_step(1, duty_editor="")
    page = first.get(url("review", article))
    assert fill(page)["duty_editor"] == ["first"]
    refused = judge(first, article, "_pass", duty_editor=" ")
    assert refused.context["form"].errors["duty_editor"] == ["发布前必须填写责任编辑。"]
    judge(first, article, "_pass", duty_editor="沈若谷")
    article.refresh_from_db()
    assert (article.duty_editor, article.draft_reviews.get().place) == ("沈若谷", "二审")


def test_a_stale_page_signs_nothing(first):
    article = at_step(1)
    page = first.get(url("review", article))
    article.title = "改过的标题"
    publishing.save_article(article)
    revisions.keep(article)
    reviews.follow_text(article)
    response = first.post(url("review", article), fill(page, _pass="1", note="写好的意见"))
    assert "你读过以后，文字又改了，现在是第 2 版" in response.context["form"].non_field_errors()[0]
    assert "写好的意见" in response.text
    sign(article, 1)
    late = first.post(url("review", article), fill(page, _pass="1"), follow=True)
    assert "你没有签二审的权限" in messages_of(late)[0]
    assert Signature.objects.count() == 1


def test_what_is_shown_is_what_the_form_names(first, monkeypatch):
    """Somebody saves another text while the page is made: both are the old, or both the new."""
    article, ask = at_step(1, title="旧的标题"), reviews.open_review

    def saved_meanwhile(draft):
        row = Article.objects.select_related("channel", "source").get(pk=draft.pk)
        row.title = "新的标题"
        publishing.save_article(row)
        revisions.keep(row)
        reviews.follow_text(row)
        return ask(draft)

    monkeypatch.setattr(reviews, "open_review", saved_meanwhile)
    page = first.get(url("review", article))
    shown = tree(page).xpath("//article[@class='reviewed-text']/h2")[0].text
    named = revisions.of(article).get(pk=fill(page)["revision"][0])
    assert shown == named.content["title"] == "新的标题"


def test_what_changed_since_the_reader_saw_it_is_shown(first):
    article = at_step(1, body="<p>渡口在东岸。</p>")
    assert first.get(url("review", article)).context["changes"] == []
    article.body = "<p>渡口在西岸。</p>"
    publishing.save_article(article)
    revisions.keep(article)
    reviews.follow_text(article)
    listed = first.get(QUEUE)
    assert "看过第 1 版" in listed.text
    page = first.get(url("review", article))
    assert page.context["since"] == "你上次看的第 1 版"
    assert [node.text_content() for node in tree(page).xpath("//del | //ins")] == ["东岸", "西岸"]
    assert "看过第 2 版" in first.get(QUEUE).text


def test_a_change_is_compared_with_what_readers_have(first):
    article = make_article(body="<p>渡口在东岸。</p>")
    copy = reviews.start_change(article, user=author())
    copy.body = "<p>渡口在西岸。</p>"
    publishing.save_article(copy)
    revisions.keep(copy)
    reviews.correct(copy, "方位有误。")
    hand_in(copy)
    page = first.get(url("review", copy))
    assert page.context["since"] == "线上的文字"
    assert "更正说明：方位有误。" in page.text
    assert [node.text_content() for node in tree(page).xpath("//del | //ins")] == ["东岸", "西岸"]


def test_whoever_may_not_sign_reads_why(client):
    article = at_step(1)
    client.force_login(signer(2))
    page = client.get(url("review", article))
    assert page.context["form"] is None
    assert "现在等一审。你没有签一审的权限。" in page.text
    client.force_login(make_member("moderator", is_staff=True))
    assert client.get(url("review", article)).status_code == 403
    client.force_login(signer(2))
    assert client.get(url("review", make_draft())).status_code == 404


def test_text_is_only_text(first):
    article = at_step(1, title="<script>alert(1)</script>", lead="<b>导语</b>", kicker="<i>肩题</i>")
    for name in ("review", "sheet"):
        page = first.get(url(name, article)).text
        assert "<script>alert(1)" not in page
        assert "<b>导语" not in page


# --- Changes of what readers have -------------------------------------------------------------------------------------


def test_an_editor_corrects_what_readers_see(client, site, no_reminders):
    article = publish_reviewed(make_draft(title="渡口换缆绳", body="<p>缆绳长二十米。</p>"))
    editor = make_member("corrector", is_staff=True, groups=["责任编辑"])
    client.force_login(editor)
    page = client.get(change_url(article))
    assert 'name="title"' not in page.text
    assert "修改" in tree(page).xpath("//ul[@class='object-tools']")[0].text_content()

    started = client.post(url("revise", article), follow=True)
    copy = Article.objects.get(draft_of=article)
    assert started.redirect_chain == [(change_url(copy), 302)]
    assert "的修改稿" in started.text
    saved = client.post(
        change_url(copy), fill(started, body="缆绳长三十米。", correction=" 缆绳长度有误。 ", _continue="1")
    )
    assert saved.status_code == 302
    reopened = client.get(change_url(copy))
    assert fill(reopened)["correction"] == ["缆绳长度有误。"]
    client.post(change_url(copy), fill(reopened, _submit="1"))
    assert copy.draft_reviews.get().place == "一审"
    assert "缆绳长二十米。" in read(client, article.get_absolute_url())

    listing = client.get(LIST)
    assert "修改稿：一审" in listing.text
    for step in (1, 2):
        sign(copy, step)
    client.force_login(signer(3))
    response = judge(client, copy, "_pass")
    assert messages_of(response)[-1] == "《渡口换缆绳》已替换线上的文字。"
    assert "缆绳长三十米。" in read(client, article.get_absolute_url())
    assert "缆绳长度有误。" in read(client, "/corrections/")
    assert not Article.objects.filter(draft_of=article).exists()


def test_the_form_of_a_published_article_keeps_its_text(third):
    article = make_article(title="渡口换缆绳", body="<p>正文。</p>", credit="白一川")
    page = third.get(change_url(article))
    response = third.post(change_url(article), fill(page, comments_open=None))
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title, article.body, article.comments_open) == ("渡口换缆绳", "<p>正文。</p>", False)
    assert article.credits.count() == 1
    assert article.events.count() == 1


def test_a_change_is_given_up_by_its_button(client):
    article = make_article()
    copy = reviews.start_change(article, user=author())
    client.force_login(author())
    page = client.get(change_url(copy))
    assert "放弃修改" in page.text
    response = client.post(url("drop", copy), follow=True)
    assert response.redirect_chain == [(change_url(article), 302)]
    assert not Article.objects.filter(pk=copy.pk).exists()
    assert client.post(url("drop", article)).status_code == 404


def test_buttons_are_pressed_not_followed(third):
    article = make_article()
    for name in ("revise", "drop", "recall", "release"):
        assert third.get(url(name, article)).status_code == 405


def test_a_text_is_handed_in_and_taken_back_by_its_author(client):
    client.force_login(author())
    article = make_draft(created_by=author())
    response = client.post(change_url(article), fill(client.get(change_url(article)), _submit="1"), follow=True)
    assert messages_of(response)[-1] == f"《{article}》已送审，现在等一审。"
    assert 'name="title"' not in client.get(change_url(article)).text
    assert "撤回送审" in client.get(url("review", article)).text
    client.post(url("recall", article))
    assert 'name="title"' in client.get(change_url(article)).text


def test_a_change_voids_what_was_signed_and_says_so(client):
    article = at_step(2)
    client.force_login(signer(2))
    page = client.get(change_url(article))
    assert "文字一改，已有的签名就失效" in page.text
    response = client.post(change_url(article), fill(page, title="二审改过的标题"), follow=True)
    assert "文字改过，之前的签名随之失效：稿件回到一审，重新审。" in messages_of(response)
    assert article.draft_reviews.get().place == "一审"


def test_the_add_form_hands_in_at_once(client):
    client.force_login(author())
    page = client.get(ADD)
    values = {"title": "新稿", "body": "正文。", "channel": make_channel().pk, "source": make_source().pk}
    refused = client.post(ADD, fill(page, **values | {"body": ""}, _submit="1"))
    assert refused.context["adminform"].form.errors["body"] == ["正文是空的，不能发布。"]
    assert not Review.objects.exists()
    response = client.post(ADD, fill(page, **values, _submit="1"), follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    review = Review.objects.get()
    assert (review.draft.title, review.place, review.submitted_by) == ("新稿", "一审", author())


def test_what_is_refused_at_the_last_moment_is_saved_all_the_same(client, monkeypatch, no_reminders):
    """The form found nothing; somebody made a rule stricter while it saved."""
    client.force_login(author())
    article = make_draft(created_by=author())
    page = client.get(change_url(article))
    monkeypatch.setattr("articles.reviews.signing.obstacles", lambda draft, **kwargs: ["刚列入的禁止词。"])
    response = client.post(change_url(article), fill(page, title="改好的标题", _submit="1"), follow=True)
    assert messages_of(response) == ["《改好的标题》已保存，没有送审：刚列入的禁止词。"]
    article.refresh_from_db()
    assert article.title == "改好的标题"
    assert not Review.objects.exists()
