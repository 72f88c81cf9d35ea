"""Nobody overwrites anybody: who saves second sees both texts, and chooses of each field whose it shall be."""

import threading

import lxml.html
import pytest
from django.db import connection, connections
from django.test import Client

from articles import publishing, reviews
from articles.models import Article, Credit

from .factories import make_article, make_author, make_channel, make_member, make_tag
from .newsroom import author, change, pass_all, publish_reviewed, signer
from .test_admin_articles import change_url, make_draft
from .test_admin_forms import errors_of, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(editor):
    """A colleague in another browser."""
    client = Client()
    client.force_login(signer(1))
    return client


def save(client, article: Article, page=None, **changes):
    page = page or client.get(change_url(article))
    return client.post(change_url(article), fill(page, **changes))


def asked(response) -> list[str]:
    """The fields of which the form that came back asks whose they shall be."""
    conflict = response.context["conflict"]
    return [one.name for one in conflict.differences] if conflict else []


def sides(response) -> dict[str, tuple[str, str]]:
    """(what stands in the article, what was typed) as the page shows it, by the fields' names."""
    page = lxml.html.fromstring(response.text)
    found = {}
    for choice in page.find_class("conflict-choice"):
        cells = choice.xpath(".//tbody//td")
        texts = ["".join(cell.text_content() for cell in cells[side::2]).strip() for side in (0, 1)]
        found[choice.xpath(".//input[@name='merge']/@value")[0]] = tuple(texts)
    return found


def fresh(article: Article) -> Article:
    article.refresh_from_db()
    return article


# --- The number ---


def test_every_save_of_the_text_raises_the_version(desk):
    article = make_draft()
    assert article.version == 1
    save(desk, article, title="另一个标题")
    assert fresh(article).version == 2
    save(desk, article)
    assert fresh(article).version == 3


def test_what_is_no_text_leaves_the_version_alone(db):
    article = make_article()
    publishing.index_article(article)
    before = fresh(article).version
    publishing.reindex_channel(article.channel)
    assert fresh(article).version == before


def test_publication_withdrawal_and_what_is_brought_back_raise_it(db):
    article = publish_reviewed(make_draft())
    seen = [fresh(article).version]
    publish_reviewed(change(article, title="改过的标题"))
    seen.append(fresh(article).version)
    reviews.withdraw(article, user=signer(3), reason="待核实")
    seen.append(fresh(article).version)
    reviews.republish(article, user=signer(3))
    seen.append(fresh(article).version)
    assert seen == sorted(set(seen))


def test_two_objects_of_one_row_never_make_one_version(db):
    """Each raises what stands in the row, not what it read once."""
    article = make_draft()
    one, two = Article.objects.get(pk=article.pk), Article.objects.get(pk=article.pk)
    publishing.save_article(one)
    publishing.save_article(two)
    assert (one.version, two.version, fresh(article).version) == (2, 3, 3)


# --- Who comes second ---


def test_the_second_sees_both_texts_and_nothing_is_saved(desk, other):
    article = make_draft(body="<p>渡口在东岸。船票两元。</p>", lead="导语。")
    page = desk.get(change_url(article))
    assert save(other, article, body="<p>渡口在北岸。船票两元。</p>", lead="导语。").status_code == 302

    refused = save(desk, article, page, body="<p>渡口在西岸。船票两元。</p>", title="乙改的标题")

    assert refused.status_code == 409
    (told,) = errors_of(refused)["__all__"]
    assert told.startswith("你打开之后，first 在 ")
    assert "有 2 处两边不同" in told
    assert sides(refused) == {
        "title": (article.title, "乙改的标题"),
        "body": ("渡口在北岸。船票两元。", "渡口在西岸。船票两元。"),
    }
    assert "<del>北岸</del>" in refused.text
    assert "<ins>西岸</ins>" in refused.text
    # All that was typed is still in the form.
    assert fill(refused)["title"] == ["乙改的标题"]
    assert fill(refused)["body"] == ["<p>渡口在西岸。船票两元。</p>"]
    assert "北岸" in fresh(article).body


def test_a_second_click_overwrites_nothing(desk, other):
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    refused = save(desk, article, page, title="乙改的标题")

    again = desk.post(change_url(article), fill(refused))

    assert again.status_code == 409
    assert errors_of(again)["__all__"] == ["还有 1 处没有选用谁的，所以没有保存：请逐处选择，再保存。"]
    assert asked(again) == ["title"]
    assert fill(again)["title"] == ["乙改的标题"]
    assert fresh(article).title == "甲改的标题"


def test_of_each_field_the_chosen_side_is_saved(desk, other):
    article = make_draft(lead="导语。", subtitle="副题")
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题", lead="甲的导语。")
    refused = save(desk, article, page, title="乙改的标题", lead="乙的导语。", subtitle="乙的副题")
    assert asked(refused) == ["title", "subtitle", "lead"]

    choices = {"merge-title": "theirs", "merge-lead": "mine", "merge-subtitle": "mine"}
    assert desk.post(change_url(article), fill(refused, **choices, lead="两边合起来的导语。")).status_code == 302

    fresh(article)
    assert (article.title, article.lead, article.subtitle) == ("甲改的标题", "两边合起来的导语。", "乙的副题")


def test_choices_come_back_when_one_is_missing(desk, other):
    article = make_draft(lead="导语。")
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题", lead="甲的导语。")
    refused = save(desk, article, page, title="乙改的标题", lead="乙的导语。")
    again = desk.post(change_url(article), fill(refused, **{"merge-title": "theirs"}))
    assert again.status_code == 409
    assert [(one.name, one.choice) for one in again.context["conflict"].differences] == [
        ("title", "theirs"),
        ("lead", ""),
    ]
    assert fill(again)["merge-title"] == ["theirs"]


def test_choices_about_an_older_version_do_not_count(desk, other):
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    refused = save(desk, article, page, title="乙改的标题")
    save(other, article, title="甲又改的标题")

    again = desk.post(change_url(article), fill(refused, **{"merge-title": "mine"}))

    assert again.status_code == 409
    assert sides(again) == {"title": ("甲又改的标题", "乙改的标题")}
    assert [one.choice for one in again.context["conflict"].differences] == [""]
    assert fresh(article).title == "甲又改的标题"


def test_who_typed_the_same_or_nothing_is_not_asked(desk, other):
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    assert save(desk, article, page, title="甲改的标题").status_code == 302


def test_a_form_that_names_no_version_overwrites_nothing(desk):
    article = make_draft()
    for seen in (None, "", "0", "x", "9" * 30):
        refused = save(desk, article, title="伪造的标题", seen=seen)
        assert refused.status_code == 409, seen
    assert fresh(article).title != "伪造的标题"


def test_places_tags_and_channels_are_compared_by_name(desk, other):
    article = make_draft(tags=[make_tag(name="轮渡")])
    bridge, island = make_tag(name="桥"), make_tag(name="岛")
    channel = make_channel(name="海疆之声")
    page = desk.get(change_url(article))
    save(other, article, tags=[bridge.pk], channel=channel.pk)
    refused = save(desk, article, page, tags=[island.pk], comments_open=None)
    shown = sides(refused)
    assert shown["tags"] == ("桥", "岛")
    assert shown["channel"] == ("海疆之声", str(make_draft_channel(page)))
    assert shown["comments_open"] == ("是", "否")
    choices = {"merge-tags": "theirs", "merge-channel": "theirs", "merge-comments_open": "theirs"}
    assert desk.post(change_url(article), fill(refused, **choices)).status_code == 302
    fresh(article)
    assert ([*article.tags.all()], article.channel, article.comments_open) == ([bridge], channel, True)


def make_draft_channel(page):
    return page.context["original"].channel


def test_signatures_are_merged_too(desk, other):
    article = make_draft(credit="白一川")
    new = make_author(name="林晓舟")
    page = desk.get(change_url(article))
    row = article.credits.get()
    save(other, article, **{"credits-0-DELETE": "on"})
    assert not Credit.objects.exists()
    typed = {
        "credits-TOTAL_FORMS": "2",
        "credits-1-role": "摄影",
        "credits-1-author": new.pk,
        "credits-1-position": "1",
    }
    refused = save(desk, article, page, **typed)
    assert refused.status_code == 409
    assert sides(refused) == {"credits": ("", "作者 白一川、摄影 林晓舟")}
    assert desk.post(change_url(article), fill(refused, **{"merge-credits": "mine"})).status_code == 302
    assert [str(one) for one in article.credits.all()] == ["作者 白一川", "摄影 林晓舟"]
    assert not Credit.objects.filter(pk=row.pk).exists()


def test_the_others_signatures_may_stay(desk, other):
    article = make_draft(credit="白一川")
    page = desk.get(change_url(article))
    save(other, article, **{"credits-0-role": "文字记者"})
    refused = save(desk, article, page, **{"credits-0-role": "摄影"})
    assert sides(refused) == {"credits": ("文字记者 白一川", "摄影 白一川")}
    assert desk.post(change_url(article), fill(refused, **{"merge-credits": "theirs"})).status_code == 302
    assert [str(one) for one in article.credits.all()] == ["文字记者 白一川"]


def test_a_working_copy_is_guarded_too(desk, other):
    copy = reviews.start_change(make_article(), user=author())
    page = desk.get(change_url(copy))
    save(other, copy, title="甲改的标题")
    refused = save(desk, copy, page, title="乙改的标题", correction="更正了标题")
    assert refused.status_code == 409
    assert sides(refused) == {"correction": ("", "更正了标题"), "title": ("甲改的标题", "乙改的标题")}
    choices = {"merge-title": "theirs", "merge-correction": "mine"}
    desk.post(change_url(copy), fill(refused, **choices))
    assert (fresh(copy).title, reviews.in_hand(copy).reason) == ("甲改的标题", "更正了标题")


def test_the_times_of_a_published_article_are_guarded(third):
    article = make_article(credit="白一川")
    page = third.get(change_url(article))
    assert save(third, article, expires_at_0="2099-01-01", expires_at_1="12:00:00").status_code == 302
    refused = save(third, article, page, expires_at_0="2098-01-01", expires_at_1="08:30:00")
    assert refused.status_code == 409
    assert sides(refused) == {"expires_at": ("2099-01-01 12:00:00", "2098-01-01 08:30:00")}
    third.post(change_url(article), fill(refused, **{"merge-expires_at": "theirs"}))
    assert fresh(article).expires_at.year == 2099


def test_the_word_of_correction_is_closed_with_the_text(client):
    """Also to a form that sends no text: the form of what readers have looks like that."""
    copy = reviews.start_change(make_article(), user=author())
    client.force_login(author())
    page = client.get(change_url(copy))
    save(client, copy, page, title="改过的标题", correction="原标题有误。")
    copy = fresh(copy)
    pass_all(copy)
    reason = reviews.in_hand(copy).reason
    sent = {name: value for name, value in fill(page, correction="没有审过的话").items() if name != "title"}
    refused = client.post(change_url(copy), sent | {"seen": fresh(copy).version})
    assert refused.status_code == 200
    assert "没有保存" in errors_of(refused)["__all__"][0]
    assert reviews.in_hand(copy).reason == reason == "原标题有误。"


@pytest.mark.parametrize("odd", ["_2B{}", "_0A{}"])
def test_the_lock_is_taken_at_an_odd_address_too(desk, monkeypatch, odd):
    article, taken = make_draft(), []
    monkeypatch.setattr(reviews, "lock", taken.append)
    address = f"/admin/articles/article/{odd.format(article.pk)}/change/"
    desk.post(address, fill(desk.get(change_url(article)), title="另一个标题"))
    assert taken[:1] == [article.pk]


def test_an_action_on_an_old_form_is_not_done(desk, other):
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    response = desk.post(change_url(article), fill(page, **{"CHANGE_FORM-action": "submit"}))
    assert response.status_code == 409
    assert not article.draft_reviews.exists()


def test_a_signature_with_a_duty_editor_is_a_save(client):
    """The review writes into the text what a form may have open."""
    client.force_login(signer(2))
    article = make_draft(duty_editor="")
    page = client.get(change_url(article))
    review = reviews.submit(article, user=author())
    reviews.sign(review, user=signer(1), step=1, revision=review.revision_id, duty_editor="沈若谷")
    refused = save(client, article, page, duty_editor="杜明澈")
    assert refused.status_code == 409
    assert sides(refused)["duty_editor"] == ("沈若谷", "杜明澈")


def test_who_may_not_write_any_more_is_told_that_alone(desk, other):
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    pass_all(article)
    article.refresh_from_db()
    reviews.release(reviews.in_hand(article), user=signer(3))
    refused = save(desk, article, page, title="乙改的标题")
    assert refused.status_code == 200
    assert asked(refused) == []
    assert "请点“修改”另起修改稿" in errors_of(refused)["__all__"][-1]
    assert fill(refused)["title"] == ["乙改的标题"]
    assert fresh(article).title == "甲改的标题"


def test_a_text_that_cannot_be_read_comes_back_beside_the_others(desk, other):
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    typed = "<blockquote>" * 3000 + "字"
    refused = save(desk, article, page, body=typed, channel="x", published_at_0="x")
    assert refused.status_code == 409
    assert {"body", "channel"} <= set(asked(refused))
    assert fill(refused)["body"] == [typed]


@pytest.mark.parametrize("total", ["x", "-1", "99999", "1000", "", None])
def test_odd_signatures_never_break_the_comparison(desk, other, total):
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    odd = {"credits-TOTAL_FORMS": total, "credits-0-author": "", "credits-0-position": "9" * 5000}
    assert save(desk, article, page, **odd).status_code == 409


@pytest.mark.parametrize("signer_of_it", ["x", "-1", "９", "1.5"])
def test_a_signature_of_nobody_comes_back_without_a_name(desk, other, signer_of_it):
    article = make_draft()
    page = desk.get(change_url(article))
    save(other, article, title="甲改的标题")
    typed = {"credits-TOTAL_FORMS": "1", "credits-0-role": "摄影", "credits-0-author": signer_of_it}
    refused = save(desk, article, page, **typed)
    assert sides(refused)["credits"] == ("", "摄影 （没有选人）")


# --- At the same moment ---


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
def test_of_two_who_save_at_once_one_is_refused():
    """Two forms of one version, sent at the same moment in transactions of their own."""
    # By rights of their own: roles are rows of a migration, which a test before this one may have emptied.
    rights = ["view_article", "change_article", "edit_any_article"]
    people = [make_member(name, is_staff=True, permissions=rights) for name in ("one", "two")]
    for _ in range(5):
        article, together, answers = make_draft(), threading.Barrier(2), {}
        clients = [Client(), Client()]
        for client, user in zip(clients, people, strict=True):
            client.force_login(user)
        pages = [client.get(change_url(article)) for client in clients]

        def send(number, article=article, clients=clients, pages=pages, together=together, answers=answers):
            try:
                sent = fill(pages[number], title=f"第{number}人的标题")
                together.wait(timeout=30)
                answers[number] = clients[number].post(change_url(article), sent).status_code
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send, args=(number,)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers.values()) == [302, 409]
        winner = next(number for number, status in answers.items() if status == 302)
        assert (fresh(article).title, article.version) == (f"第{winner}人的标题", 2)
