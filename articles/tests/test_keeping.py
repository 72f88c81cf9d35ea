"""What is typed and not saved is kept for its writer; who has a text in hand is told to the others."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import editing, publishing, reviews, unsaved
from articles.models import Article, EditLock, UnsavedText
from members.models import Operation

from .factories import make_article, make_author, make_channel, make_member, make_source, make_tag
from .newsroom import author, hand_in, sign, signer
from .test_admin_articles import ADD, LIST, change_url, make_draft
from .test_admin_forms import errors_of, fill, messages_of

pytestmark = pytest.mark.django_db
AUTOSAVE = "/admin/articles/article/autosave/"
KEY, OTHER_KEY = "0123456789abcdef" * 2, "fedcba9876543210" * 2


@pytest.fixture
def other(editor):
    """A colleague of 一审 in another browser."""
    client = Client()
    client.force_login(signer(1))
    return client


def url(name: str, article: Article) -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def post(client, address: str, sent):
    content = sent if isinstance(sent, (str, bytes)) else json.dumps(sent)
    return client.post(address, content, content_type="application/json", headers={"accept": "application/json"})


def values_of(page, **changes) -> dict[str, list[str]]:
    """What the script sends: each field with its values."""
    found = fill(page, **changes)
    return {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)] for name, value in found.items()
    }


def autosave(client, article: Article | None = None, page=None, *, key: str = KEY, **changes):
    page = page or client.get(change_url(article) if article else ADD)
    sent = {"article": article.pk if article else None, "key": "" if article else key}
    return post(client, AUTOSAVE, {**sent, "values": values_of(page, **changes)})


def save(client, article: Article, page=None, **changes):
    return client.post(change_url(article), fill(page or client.get(change_url(article)), **changes))


# --- Keeping ---


def test_typed_text_is_kept_and_the_article_stays_as_it_is(desk, editor):
    article = make_draft()
    answer = autosave(desk, article, title="没保存的标题")
    row = UnsavedText.objects.get()
    assert (answer.status_code, answer.json()) == (
        200,
        {"message": f"已自动保存 {timezone.localtime(row.saved_at):%H:%M}"},
    )
    assert (row.user, row.article, row.key, row.base) == (editor, article, "", 1)
    assert row.values["title"] == ["没保存的标题"]
    assert not {"csrfmiddlewaretoken", "CHANGE_FORM-action", "_selected_action"} & row.values.keys()
    assert not any("__prefix__" in name for name in row.values)
    article.refresh_from_db()
    assert (article.title == "没保存的标题", article.version, article.revisions.count()) == (False, 1, 0)


def test_the_newest_replaces_what_was_kept(desk):
    article = make_draft()
    autosave(desk, article, title="第一次")
    autosave(desk, article, title="第二次")
    assert [row.title for row in UnsavedText.objects.all()] == ["第二次"]


def test_it_leaves_no_line_in_the_operation_log(desk):
    article = make_draft()
    before = Operation.objects.count()
    autosave(desk, article, title="第一次")
    desk.post(url("unsaved_drop", article))
    assert Operation.objects.count() == before


def test_the_form_opens_with_what_was_kept(desk):
    """Each kind of field: words, choices, rows chosen by search, moments, check boxes, signatures."""
    tag, writer, channel = make_tag(), make_author(name="林晓舟"), make_channel()
    article = make_draft(credit="白一川")
    autosave(
        desk,
        article,
        title="没保存的标题",
        body="第一行\r\n第二行",
        tags=[tag.pk],
        channel=channel.pk,
        ai_use="assisted",
        comments_open=None,
        expires_at_0="2099-01-02",
        expires_at_1="03:04:05",
        **{
            "credits-TOTAL_FORMS": "2",
            "credits-0-DELETE": "on",
            "credits-1-role": "摄影",
            "credits-1-author": writer.pk,
            "credits-1-position": "0",
        },
    )
    page = desk.get(change_url(article))
    assert "有没保存的文字" in page.text
    assert fill(page)["title"] == [article.title]

    restored = desk.get(change_url(article), {"restore": "1"})

    form = fill(restored)
    assert (form["title"], form["body"]) == (["没保存的标题"], ["第一行\r\n第二行"])
    assert (form["tags"], form["channel"], form["ai_use"]) == ([str(tag.pk)], [str(channel.pk)], ["assisted"])
    assert "comments_open" not in form
    assert (form["expires_at_0"], form["expires_at_1"]) == (["2099-01-02"], ["03:04:05"])
    assert "已填入你在" in restored.text
    assert desk.post(change_url(article), form).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.channel, article.comments_open) == ("没保存的标题", channel, False)
    assert [*article.tags.all()] == [tag]
    assert [str(one) for one in article.credits.all()] == ["摄影 林晓舟"]
    assert not UnsavedText.objects.exists()


def test_what_was_kept_stands_beside_the_article(desk):
    article = make_draft(body="<p>渡口在东岸。船票两元。</p>")
    autosave(desk, article, body="渡口在西岸。船票两元。")
    page = desk.get(url("unsaved", article))
    assert "<del>东岸</del>" in page.text
    assert "<ins>西岸</ins>" in page.text
    assert [change.label for change in page.context["changes"]] == ["正文"]


def test_it_is_dropped_when_its_writer_says_so(desk):
    article = make_draft()
    autosave(desk, article, title="不要了")
    assert desk.get(url("unsaved_drop", article)).status_code == 405
    response = desk.post(url("unsaved_drop", article), follow=True)
    assert messages_of(response) == ["没保存的文字已丢弃。"]
    assert not UnsavedText.objects.exists()
    assert "有没保存的文字" not in response.text
    assert desk.get(url("unsaved", article), follow=True).redirect_chain == [(change_url(article), 302)]


def test_saved_or_handed_in_it_is_forgotten_and_a_refusal_keeps_it(desk):
    article = make_draft()
    autosave(desk, article, title="没保存的标题")
    assert errors_of(save(desk, article, title=""))["title"]
    assert UnsavedText.objects.count() == 1
    assert save(desk, article, title="保存了", _submit="1").status_code == 302
    assert not UnsavedText.objects.exists()


def test_nobody_is_asked_about_what_says_the_same(desk):
    """A page that was left at once sends what it came with."""
    article = make_draft(body="<p>第一段。</p><p>第二段。</p>", credit="白一川")
    autosave(desk, article)
    assert "有没保存的文字" not in desk.get(change_url(article)).text


def test_restoring_over_somebody_elses_save_leads_to_the_comparison(desk, other):
    article = make_draft()
    autosave(desk, article, title="乙写的标题")
    save(other, article, title="甲改的标题")
    assert "first 在" in desk.get(change_url(article)).text
    restored = desk.get(change_url(article), {"restore": "1"})
    assert fill(restored)["title"] == ["乙写的标题"]
    refused = desk.post(change_url(article), fill(restored))
    assert refused.status_code == 409
    article.refresh_from_db()
    assert article.title == "甲改的标题"


def test_what_is_kept_of_an_unfinished_comparison_leads_back_to_it(desk, other):
    """The form that came back has seen the newest version, and the choices are still to be made."""
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    refused = save(desk, article, page, title="乙写的标题")
    autosave(desk, article, refused)
    assert UnsavedText.objects.get().base == 0
    restored = desk.get(change_url(article), {"restore": "1"})
    assert desk.post(change_url(article), fill(restored)).status_code == 409


def test_rows_that_are_gone_are_left_out(desk):
    tag, channel = make_tag(), make_channel()
    article = make_draft(credit="白一川")
    autosave(desk, article, tags=[tag.pk], channel=channel.pk, title="没保存的标题")
    tag.delete()
    channel.delete()
    article.credits.all().delete()
    form = fill(desk.get(change_url(article), {"restore": "1"}))
    assert form.get("tags", []) == []
    assert form["channel"] == [""]
    assert form["credits-INITIAL_FORMS"] == ["0"]
    assert form["credits-0-role"] == ["作者"]


# --- New articles ---


def test_a_new_article_is_kept_under_the_key_of_its_form(desk, editor):
    first, second = desk.get(ADD), desk.get(ADD)
    keys = [fill(page)["draft_key"][0] for page in (first, second)]
    assert keys[0] != keys[1]
    for page, key, title in ((first, keys[0], "第一篇"), (second, keys[1], "第二篇")):
        assert autosave(desk, None, page, key=key, title=title).status_code == 200

    page = desk.get(ADD)
    assert [row.title for row in page.context["begun"]] == ["第二篇", "第一篇"]
    restored = desk.get(ADD, {"restore": keys[0]})
    assert (fill(restored)["title"], fill(restored)["draft_key"]) == (["第一篇"], [keys[0]])
    assert [row.title for row in restored.context["begun"]] == ["第二篇"]

    ready = {"channel": make_channel().pk, "source": make_source().pk}
    assert desk.post(ADD, fill(restored, **ready)).status_code == 302
    assert Article.objects.get().title == "第一篇"
    assert [row.title for row in UnsavedText.objects.all()] == ["第二篇"]
    desk.post(reverse("admin:articles_article_unsaved_drop_new", args=[keys[1]]))
    assert not UnsavedText.objects.exists()


def test_a_new_article_keeps_its_signatures(desk):
    writer = make_author(name="林晓舟")
    rows = {"credits-TOTAL_FORMS": "1", "credits-0-role": "摄影", "credits-0-author": writer.pk}
    autosave(desk, title="新稿", **rows)
    form = fill(desk.get(ADD, {"restore": KEY}))
    assert (form["credits-0-role"], form["credits-0-author"]) == (["摄影"], [str(writer.pk)])


def test_so_many_new_ones_and_no_more(desk, monkeypatch):
    monkeypatch.setattr(unsaved, "MOST_NEW", 1)
    page = desk.get(ADD)
    assert autosave(desk, None, page, title="第一篇").status_code == 200
    refused = autosave(desk, None, page, key=OTHER_KEY, title="第二篇")
    assert (refused.status_code, refused.json()["message"]) == (
        409,
        "没保存的新稿件已有 1 篇：请先恢复或丢弃一些。",
    )
    assert autosave(desk, None, page, title="第一篇又改").status_code == 200


# --- Whose it is ---


def test_nobody_else_ever_reads_it(desk, other, chief):
    article = make_draft()
    autosave(desk, article, title="只给自己看的标题")
    autosave(desk, title="只给自己看的新稿")
    master = Client()
    master.force_login(chief)
    for client in (other, master):
        for address in (change_url(article), url("unsaved", article), ADD):
            for asked in ({}, {"restore": "1"}, {"restore": KEY}):
                assert "只给自己看的" not in client.get(address, asked, follow=True).text
        client.post(url("unsaved_drop", article))
        client.post(reverse("admin:articles_article_unsaved_drop_new", args=[KEY]))
    assert UnsavedText.objects.count() == 2


def test_it_is_kept_for_who_may_change_the_text_alone(client, reporter):
    article = make_draft(created_by=author())
    sent = {"article": article.pk, "key": "", "values": {"title": ["别人的稿件"]}}
    client.force_login(reporter)
    assert post(client, AUTOSAVE, sent).status_code == 409
    client.force_login(make_member("looks", is_staff=True, permissions=["view_article"]))
    assert post(client, AUTOSAVE, sent).status_code == 403
    assert post(client, AUTOSAVE, {**sent, "article": None, "key": KEY}).status_code == 403
    science = make_member("science", is_staff=True, groups=["责任编辑"])
    science.beats.create(channel=make_channel())
    client.force_login(science)
    assert post(client, AUTOSAVE, sent).status_code == 404
    client.logout()
    assert post(client, AUTOSAVE, sent).status_code == 302
    assert not UnsavedText.objects.exists()


def test_a_text_that_was_handed_in_is_kept_no_more(writer, reporter):
    article = make_draft(created_by=reporter)
    page = writer.get(change_url(article))
    hand_in(article)
    refused = autosave(writer, article, page, title="晚了一步")
    assert refused.status_code == 409
    assert "只有这一审的人能改" in refused.json()["message"]
    assert "请先复制留存" in refused.json()["message"]
    assert not UnsavedText.objects.exists()


def test_kept_text_of_what_is_closed_can_still_be_copied(writer, reporter):
    article = make_draft(created_by=reporter)
    autosave(writer, article, title="没来得及保存")
    hand_in(article)
    assert f'href="{url("unsaved", article)}">打开' in writer.get(change_url(article)).text
    page = writer.get(url("unsaved", article))
    assert "没来得及保存" in page.text
    assert "restore=1" not in page.text


# --- What pages send ---


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        b"\xff\xfe",
        {"values": []},
        {"values": {"title": "不是列表"}, "key": KEY},
        {"values": {"title": [1]}, "key": KEY},
        {"values": {"a" * 101: ["x"]}, "key": KEY},
        {"values": {"a\0b": ["x"]}, "key": KEY},
        {"values": {"\ud800": ["x"]}, "key": KEY},
        {"values": {str(number): [] for number in range(501)}, "key": KEY},
        {"values": {}, "key": "x"},
        {"values": {}, "key": 1},
        {"values": {}, "article": "1"},
        {"values": {}, "article": -1},
        {"values": {}, "article": 2**63},
        {"values": {}},
    ],
)
def test_odd_messages_are_refused(desk, sent):
    answer = post(desk, AUTOSAVE, sent)
    assert (answer.status_code, answer.json()) == (400, {"message": "自动保存的内容格式不对。"})
    assert not UnsavedText.objects.exists()


def test_what_is_too_large_is_refused(desk):
    answer = post(desk, AUTOSAVE, {"article": None, "key": KEY, "values": {"body": ["字" * 800_000]}})
    assert answer.status_code == 413
    assert "太大" in answer.json()["message"]


def test_signs_that_no_database_keeps_are_left_out(desk):
    sent = f'{{"article": null, "key": "{KEY}", "values": {{"title": ["甲\\u0000乙\\ud800丙"]}}}}'
    assert post(desk, AUTOSAVE, sent).status_code == 200
    assert UnsavedText.objects.get().title == "甲乙丙"


def test_kept_nonsense_never_breaks_the_form(desk):
    article = make_draft()
    names = ["tags", "regions", "cover", "channel", "source", "expires_at_0", "seen", "credits-0-author", "origin"]
    for nonsense in ("x", "-1", "9" * 30, "\U0001f600", ""):
        values = {name: [nonsense, nonsense] for name in names} | {"credits-TOTAL_FORMS": ["1"], "title": ["怪"]}
        assert post(desk, AUTOSAVE, {"article": article.pk, "key": "", "values": values}).status_code == 200
        for address in (change_url(article), f"{change_url(article)}?restore=1", url("unsaved", article)):
            assert desk.get(address).status_code == 200, (nonsense, address)


@pytest.mark.parametrize("key", ["x", "%00", "0" * 33, KEY])
def test_keys_of_nothing_open_an_empty_form(desk, key):
    assert desk.get(f"{ADD}?restore={key}").status_code in {200, 400}
    assert desk.post(f"/admin/articles/article/unsaved/{key}/drop/").status_code in {302, 400}


def test_only_posts_are_answered(desk):
    article = make_draft()
    for address in (AUTOSAVE, url("editing", article), url("takeover", article)):
        assert desk.get(address).status_code == 405


# --- Growing old ---


def age(row, **delta) -> None:
    type(row).objects.filter(pk=row.pk).update(saved_at=timezone.now() - timedelta(**delta))


def test_after_thirty_days_it_is_deleted(desk, capsys):
    old, young = make_draft(), make_draft()
    for article in (old, young):
        autosave(desk, article, title="旧的")
    first, second = UnsavedText.objects.order_by("pk")
    age(first, days=31)
    age(second, days=29)
    call_command("tidy_desk")
    assert list(UnsavedText.objects.all()) == [second]
    assert "1 份" in capsys.readouterr().out


def test_who_types_on_loses_her_own_old_ones(desk, other):
    mine, theirs, new = make_draft(), make_draft(), make_draft()
    autosave(desk, mine, title="旧的")
    autosave(other, theirs, title="别人的旧的")
    for row in UnsavedText.objects.all():
        age(row, days=31)
    autosave(desk, new, title="新的")
    assert {row.article for row in UnsavedText.objects.all()} == {theirs, new}


def test_it_goes_with_its_article_and_with_its_writer(desk, editor):
    article = make_draft()
    autosave(desk, article, title="没保存的")
    autosave(desk, title="新的")
    article.delete()
    assert [row.title for row in UnsavedText.objects.all()] == ["新的"]
    editor.delete()
    assert not UnsavedText.objects.exists()


def test_the_database_keeps_one_of_each(editor):
    article = make_draft()
    for values in ({"article": article}, {"key": KEY}):
        UnsavedText.objects.create(user=editor, values={}, **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            UnsavedText.objects.create(user=editor, values={}, **values)
    for values in ({}, {"article": article, "key": OTHER_KEY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnsavedText.objects.create(user=signer(1), values={}, **values)


# --- Who has it in hand ---


def report(client, article: Article, **sent) -> dict:
    return post(client, url("editing", article), sent).json()


def test_an_open_page_has_the_text_in_hand_and_the_others_are_told(desk, other, editor):
    editor.display_name = "林晓舟"
    editor.save()
    article = make_draft()
    assert not EditLock.objects.exists()
    desk.get(change_url(article))
    assert not EditLock.objects.exists()  # a page that is read changes nothing
    assert report(desk, article) == {"is_mine": True, "holder": "林晓舟", "notice": ""}
    since = timezone.localtime(EditLock.objects.get().taken_at)

    told = report(other, article)

    assert told == {"is_mine": False, "holder": "林晓舟", "notice": f"林晓舟 正在编辑（{since:%H:%M} 起）"}
    page = other.get(change_url(article))
    assert told["notice"] in page.text
    assert "接手编辑" in page.text
    assert told["notice"] not in desk.get(change_url(article)).text
    # It binds nobody.
    assert save(other, article, title="照样保存").status_code == 302


def test_the_text_is_taken_over_and_the_former_holder_hears_of_it(desk, other, editor):
    article = make_draft()
    report(desk, article)
    response = other.post(url("takeover", article), follow=True)
    assert messages_of(response) == [f"你已接手编辑，{editor} 的页面会收到通知。"]
    assert report(desk, article)["holder"] == "first"
    assert report(other, article)["is_mine"]
    operation = Operation.objects.filter(model="articles.editlock").get()
    assert (operation.username, operation.action, operation.object_name) == ("first", "change", article.title)
    (change,) = operation.changes.values()
    assert [name.split("（")[0] for name in change] == ["editor", "first"]
    answer = post(desk, url("takeover", article), {})
    assert answer.json() == {"message": "你已接手编辑，first 的页面会收到通知。"}


def test_taking_from_nobody_is_plain(desk):
    article = make_draft()
    assert post(desk, url("takeover", article), {}).json() == {"message": "现在由你编辑。"}
    assert post(desk, url("takeover", article), {}).json() == {"message": "现在由你编辑。"}
    assert EditLock.objects.get().user.username == "editor"
    assert not Operation.objects.filter(model="articles.editlock").exists()


def test_a_silent_page_has_nothing_in_hand_after_ninety_seconds(desk, other):
    article = make_draft()
    report(desk, article)
    EditLock.objects.update(seen_at=timezone.now() - timedelta(seconds=89))
    assert not report(other, article)["is_mine"]
    EditLock.objects.update(seen_at=timezone.now() - timedelta(seconds=91))
    assert "正在编辑（" not in other.get(change_url(article)).text
    assert report(other, article)["is_mine"]
    assert not report(desk, article)["is_mine"]


def test_a_page_that_is_closed_or_saved_lets_go(desk, other):
    article = make_draft()
    report(desk, article)
    report(other, article, leave=True)
    assert EditLock.objects.get().user.username == "editor"
    report(desk, article, leave=True)
    assert not EditLock.objects.exists()
    report(desk, article)
    save(desk, article, title="保存了")
    assert not EditLock.objects.exists()


def test_a_working_copy_is_in_hand_by_itself(desk, other):
    article = make_article()
    copy = reviews.start_change(article, user=author())
    report(desk, copy)
    assert not report(other, copy)["is_mine"]
    assert "正在编辑（" not in other.get(change_url(article)).text
    assert post(other, url("editing", article), {}).status_code == 409


def test_lists_show_who_writes_in_one_query(desk, other, django_assert_num_queries):
    drafts = [make_draft() for _ in range(3)]
    report(desk, drafts[0])
    hand_in(drafts[1])
    report(other, drafts[1])
    EditLock.objects.create(article=drafts[2], user=signer(2), seen_at=timezone.now() - timedelta(minutes=5))
    page = desk.get(LIST)
    assert page.text.count("editing-mark") == 2
    assert 'class="editing-mark">editor 正在编辑</span>' in page.text
    assert "second" not in page.text
    queue = other.get("/admin/articles/review/", {"queue": "open"})
    assert 'class="editing-mark">first 正在编辑</span>' in queue.text
    # Its lock and who has it.
    with django_assert_num_queries(1):
        assert editing.holder(drafts[0]).user.username == "editor"


def test_closed_pages_are_forgotten(desk, capsys):
    article = make_draft()
    report(desk, article)
    EditLock.objects.update(seen_at=timezone.now() - timedelta(days=2))
    call_command("tidy_desk")
    assert not EditLock.objects.exists()
    assert not Operation.objects.filter(model="articles.editlock").exists()


def test_who_may_not_write_has_nothing_in_hand(client, reporter):
    article = make_draft(created_by=author())
    client.force_login(reporter)
    assert post(client, url("editing", article), {}).status_code == 409
    refused = post(client, url("takeover", article), {})
    assert (refused.status_code, refused.json()) == (409, {"message": "这是别人写的稿件，你不能修改。"})
    assert messages_of(client.post(url("takeover", article), follow=True))
    client.force_login(make_member("looks", is_staff=True, permissions=["view_article"]))
    assert client.post(url("editing", article), "{}", content_type="application/json").status_code == 403
    assert not EditLock.objects.exists()


# --- Where the text has gone on ---


def test_what_readers_have_is_saved_without_losing_what_was_typed(client):
    """The form of a published article has no text, so its save is no end of what was typed before."""
    client.force_login(signer(3))
    article = make_draft(created_by=signer(3))
    autosave(client, article, title="没保存的标题")
    publishing.publish(article)
    save(client, article, expires_at_0="2099-01-01", expires_at_1="12:00:00")
    assert UnsavedText.objects.get(article=article).values["title"] == ["没保存的标题"]


def test_what_was_typed_in_a_working_copy_stays_with_its_article(client):
    client.force_login(author())
    article = make_article()
    copy = reviews.start_change(article, user=author())
    autosave(client, copy, title="没保存的标题")
    reviews.drop_change(copy, user=author())
    row = UnsavedText.objects.get()
    assert (row.article, row.values["title"]) == (article, ["没保存的标题"])


def test_a_closed_text_is_not_said_to_be_filled_in(client):
    client.force_login(author())
    draft = make_draft(created_by=author())
    autosave(client, draft, title="没保存的标题")
    hand_in(draft)
    sign(draft, 1)
    page = client.get(change_url(draft), {"restore": "1"})
    assert page.context["restored"] is None
    assert "已填入" not in page.text
