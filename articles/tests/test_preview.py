"""预览: an article as readers will see it, for whoever has the link, and for nobody else."""

from datetime import timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from lxml.html import tostring

from articles import publishing
from articles.models import Article, Credit
from articles.views.preview import SALT, preview_link

from .factories import make_article, make_author, make_photo, make_tag
from .pages import text_of_main, tree
from .test_admin_articles import change_url, make_draft

pytestmark = pytest.mark.django_db

TWO_PAGES = '<p>第一页的字。</p>\n<hr class="page-break" data-title="下页">\n<p>第二页的字。</p>'


def link(article: Article) -> str:
    return preview_link(article)[0]


def test_a_draft_looks_as_it_will(client, site, clock):
    article = make_draft(title="渡口换缆绳", cover=make_photo(), tags=[make_tag(name="渡口")], body="<p>正文的字。</p>")
    Credit.objects.create(article=article, author=make_author(name="白一川"), role="摄影")
    page = client.get(link(article))
    assert page.status_code == 200
    for words in ("渡口换缆绳", "白一川", "正文的字。", "渡口", "这篇稿件还没有发布"):
        assert words in text_of_main(page)

    publishing.publish(article)
    public = client.get(article.get_absolute_url())
    for part in ("//h1", "//title", "//p[@class='article-lead']", "//div[contains(@class, 'prose')]", "//aside"):
        ours, theirs = (
            [tostring(found, with_tail=False) for found in tree(answer).xpath(part)] for answer in (page, public)
        )
        assert ours == theirs, part
        assert ours or part == "//p[@class='article-lead']"


def test_what_would_count_or_share_is_left_out(client, site):
    page = client.get(link(make_draft()))
    assert "data-reads-url" not in page.text
    assert "/posters/" not in page.text
    assert "/qr/" not in page.text


def test_nobody_keeps_or_indexes_it_and_the_key_is_told_to_no_one(client, site):
    page = client.get(link(make_draft()))
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert not page.cookies


def test_pages_of_a_long_article_are_reached(client, site):
    article = make_draft(body=TWO_PAGES)
    address = link(article)
    links = tree(client.get(address)).xpath("//nav[contains(@class, 'pager')]//a/@href")
    assert {f"{address}?part=2", f"{address}?part=all"} <= set(links)
    assert "第二页的字。" in text_of_main(client.get(f"{address}?part=2"))
    whole = text_of_main(client.get(f"{address}?part=all"))
    assert "第一页的字。" in whole
    assert "第二页的字。" in whole
    for odd in ("3", "0", "x", "", "9" * 40, "１"):
        assert client.get(address, {"part": odd}).status_code == 404


def test_it_shows_what_was_saved_last(client, site):
    article = make_draft(title="旧题")
    address = link(article)
    article.title = "新题"
    publishing.save_article(article)
    assert "新题" in text_of_main(client.get(address))


def test_a_scheduled_article_is_seen_by_whoever_has_the_link_alone(client, site):
    article = make_article(published_at=timezone.now() + timedelta(days=1))
    assert client.get(article.get_absolute_url()).status_code == 404
    assert client.get(link(article)).status_code == 200


def test_once_published_it_leads_to_the_article_and_once_withdrawn_says_why(client, site):
    article = make_draft()
    address = link(article)
    publishing.publish(article)
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, article.get_absolute_url())
    assert answer["Cache-Control"] == "private, no-store"

    publishing.withdraw(article, reason="来源有误")
    answer = client.get(address)
    assert answer.status_code == 410
    assert "来源有误" in answer.text


def test_a_link_is_good_for_a_week(client, site, clock):
    _, until = preview_link(make_draft())
    assert until - timezone.now() == timedelta(days=7)


def test_an_old_link_says_that_it_is_old(client, site, monkeypatch):
    article = make_draft()
    with monkeypatch.context() as past:
        past.setattr(signing.time, "time", lambda: 1_700_000_000)
        address = link(article)
    answer = client.get(address)
    assert answer.status_code == 410
    assert "预览链接已过期" in answer.text
    assert article.title not in answer.text


@pytest.mark.parametrize("forge", ["changed", "other use", "no article", "no number", "odd"])
def test_no_other_link_opens_anything(client, site, forge):
    article = make_draft()
    token = link(article).split("/")[-2]
    forged = {
        "changed": f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}",
        "other use": signing.dumps(article.pk, salt="another"),
        "no article": signing.dumps(article.pk + 1, salt=SALT),
        "no number": signing.dumps({"pk": article.pk}, salt=SALT),
        "odd": "\u202e%00😀",
    }[forge]
    answer = client.get(f"/preview/{forged}/")
    assert answer.status_code in {400, 404}
    assert article.title not in answer.text


def test_it_is_only_read(client, site):
    assert client.post(link(make_draft())).status_code == 405


def test_in_traditional_characters_too(client, site):
    page = client.get(f"/hant{link(make_draft(title='乡村的桥'))}")
    assert page.status_code == 200
    assert "鄉村的橋" in page.text


# --- The back office --------------------------------------------------------------------------------------------------


def test_the_newsroom_sees_it_in_a_frame_and_gets_a_link(writer, client, reporter):
    article = make_draft(created_by=reporter)
    address = reverse("admin:articles_article_preview", args=[article.pk])
    assert address in writer.get(change_url(article)).text
    page = writer.get(address)
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    (frame,) = tree(page).xpath("//iframe/@src")
    (given,) = tree(page).xpath("//input[@id='preview-link']/@value")
    assert given.endswith(frame)
    client.logout()
    assert client.get(frame).status_code == 200


def test_what_is_published_is_seen_on_the_site(desk):
    article = make_article()
    page = desk.get(reverse("admin:articles_article_preview", args=[article.pk]))
    assert not tree(page).xpath("//iframe")
    assert article.get_absolute_url() in page.text


def test_whoever_may_not_see_the_article_gets_no_link(client, member):
    member.is_staff = True
    member.save()
    client.force_login(member)
    assert client.get(reverse("admin:articles_article_preview", args=[make_draft().pk])).status_code == 403
