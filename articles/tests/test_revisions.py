"""修订: every saved state of an article is kept, can be compared with any other, and comes back when wanted."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from articles import publishing, reviews, revisions
from articles.models import Article, Credit, Revision
from newsportal.lib import triggers
from regions.models import Region

from .factories import make_article, make_author, make_channel, make_photo, make_source, make_tag
from .newsroom import hand_in, publish_reviewed, read
from .pages import tree
from .test_admin_articles import change_url, make_draft
from .test_admin_forms import fill, messages_of

pytestmark = pytest.mark.django_db


def page_of(article: Article) -> str:
    return reverse("admin:articles_article_revisions", args=[article.pk])


def restore_url(article: Article, number: int) -> str:
    return reverse("admin:articles_article_restore", args=[article.pk, number])


def save(client, article: Article, **values):
    return client.post(change_url(article), fill(client.get(change_url(article)), **values))


def titles(article: Article) -> list[str]:
    return [revision.content["title"] for revision in article.revisions.order_by("number")]


def labels(old: Revision, new: Revision) -> list[str]:
    return [change.label for change in revisions.changes(old.content, new.content)]


# --- Keeping ----------------------------------------------------------------------------------------------------------


def test_every_save_with_a_change_is_kept(writer, reporter):
    article = make_draft(title="甲题", created_by=reporter)
    assert titles(article) == []

    save(writer, article, title="乙题")
    save(writer, article, title="丙题")
    save(writer, article)

    assert titles(article) == ["甲题", "乙题", "丙题"]
    first, second, third = article.revisions.order_by("number")
    assert [first.user, second.user, third.user] == [None, reporter, reporter]
    assert [row.number for row in (first, second, third)] == [1, 2, 3]
    assert first.created_at < second.created_at < third.created_at
    assert len({row.digest for row in (first, second, third)}) == 3


def test_a_new_article_begins_with_its_first_revision(writer, reporter):
    channel, source = make_channel(), make_source(is_own=True)
    page = writer.get("/admin/articles/article/add/")
    writer.post("/admin/articles/article/add/", fill(page, title="新稿", channel=channel.pk, source=source.pk))
    assert titles(Article.objects.get()) == ["新稿"]
    assert Revision.objects.get().user == reporter


def test_all_that_an_editor_gives_is_in_it():
    region, tag, author = Region.objects.get(slug="zhejiang"), make_tag(name="渡口"), make_author(name="白一川")
    photo = make_photo(caption="缆绳")
    article = make_draft(regions=[region], tags=[tag], cover=photo, kicker="乡村", body="<p>正文</p>")
    Credit.objects.create(article=article, author=author, role="摄影")

    content = revisions.keep(article).content

    assert content["regions"] == [[region.pk, str(region)]]
    assert content["tags"] == [[tag.pk, "渡口"]]
    assert content["credits"] == [["摄影", author.pk, "白一川"]]
    assert content["cover"] == [photo.pk, str(photo)]
    assert (content["kicker"], content["body"], content["video"]) == ("乡村", "<p>正文</p>", None)
    # What the clock, the readers and the code decide is no part of it; all else is.
    given = {field.name for field in [*Article._meta.fields, *Article._meta.many_to_many]} - {
        *["id", "status", "published_at", "expires_at", "updated_at", "withdrawn_at", "withdrawn_reason"],
        *[
            "draft_of",
            "created_by",
            "created_at",
            "modified_at",
            "pages",
            "page_count",
            "characters",
            "comments_open",
            "version",
        ],
    }
    assert set(content) == given | {"credits"}


def test_a_change_of_tags_alone_is_a_revision_and_a_renamed_tag_is_none(writer, reporter):
    tag = make_tag(name="渡口")
    article = make_draft(created_by=reporter)
    save(writer, article, tags=[tag.pk])
    first, second = article.revisions.order_by("number")
    assert labels(first, second) == ["标签"]

    tag.name = "渡船"
    tag.save()
    save(writer, article)
    assert article.revisions.count() == 2


def test_what_was_written_without_a_revision_is_kept_before_it_changes(desk):
    """By an import, say: the state that an editor finds is there, not only what he makes of it."""
    article = make_draft(title="甲题")
    Article.objects.filter(pk=article.pk).update(title="乙题")
    save(desk, article, title="丙题")
    Article.objects.filter(pk=article.pk).update(title="丁题")
    save(desk, article, title="戊题")
    assert titles(article) == ["乙题", "丙题", "丁题", "戊题"]


def test_publishing_and_withdrawing_change_no_text(desk):
    article = publishing.publish(make_draft())
    publishing.withdraw(article, reason="失实")
    publishing.publish(article)
    assert article.revisions.count() == 1


def test_a_revision_cannot_be_changed_by_any_way():
    revision = revisions.keep(make_draft())
    table = Revision._meta.db_table
    for statement in (f"UPDATE {table} SET digest = 'x'", f"UPDATE {table} SET number = number + 1"):  # noqa: S608
        with pytest.raises(DatabaseError, match="修订不能修改"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Revision.objects.get().digest == revision.digest


def test_an_account_that_goes_leaves_its_revisions(reporter):
    revisions.keep(make_draft(), user=reporter)
    reporter.delete()
    assert Revision.objects.get().user is None


def test_a_revision_that_was_tampered_with_is_found(capsys):
    article = make_draft()
    revisions.keep(article)
    call_command("check_trace")
    assert "1 版修订完好" in capsys.readouterr().out

    with connection.cursor() as cursor:
        for statement in triggers.REVERSE[connection.vendor]:
            cursor.execute(statement.format(name="revision_stays", table="articles_revision"))
    Revision.objects.update(content={**Revision.objects.get().content, "title": "改了"})

    with pytest.raises(SystemExit):
        call_command("check_trace")
    assert f"稿件 {article.pk}：第 1 版的内容与指纹不符" in capsys.readouterr().out


# --- Comparing --------------------------------------------------------------------------------------------------------


def test_fields_that_differ_are_told_in_the_order_of_the_form():
    article = make_draft(title="甲", lead="导语一。", body="<p>一句。</p>")
    old = revisions.keep(article)
    article.title, article.lead, article.body, article.duty_editor = "乙", "导语二。", "<p>两句。</p>", "另一人"
    article.origin = "reprint"
    publishing.save_article(article)
    assert labels(old, revisions.keep(article)) == ["标题", "导语", "正文", "性质", "责任编辑"]


def test_pictures_links_and_headings_of_a_body_are_told_in_words():
    body = (
        '<h2>渡口</h2>\n<p>见<a href="https://example.com/a?b=1&amp;c=2" rel="noopener">报道</a>。</p>\n'
        '<figure data-photo="12"><figcaption>缆绳</figcaption></figure>\n<hr class="page-break" data-title="下页">\n'
        '<ul><li>一</li></ul>\n<figure data-video="3"></figure>\n<hr class="page-break">'
    )
    assert revisions.in_words(body).split("\n") == [
        *[
            "〔小标题〕渡口",
            "见报道〔链接 https://example.com/a?b=1&c=2〕。",
            "〔图片 12〕",
            "缆绳",
            "〔分页：下页〕",
            "· 一",
        ],
        *["〔视频 3〕", "〔分页〕"],
    ]


def test_a_change_of_form_alone_is_shown_in_the_source():
    (change,) = revisions.changed_body("<p>渡口</p>", "<p><strong>渡口</strong></p>")
    assert "只改了格式" in change.note
    assert "strong" in "".join(part.text for row in change.rows for part in row.new)


# --- The pages --------------------------------------------------------------------------------------------------------


def test_the_last_two_are_compared_unless_others_are_chosen(writer, reporter):
    article = make_draft(title="甲题", body="<p>渡口在东岸。</p>", created_by=reporter)
    save(writer, article, title="乙题")
    save(writer, article, body="渡口在西岸。")

    page = writer.get(page_of(article))
    assert (page.context["old"].number, page.context["new"].number) == (2, 3)
    marked = tree(page)
    assert [cell.text_content() for cell in marked.xpath("//del | //ins")] == ["东岸", "西岸"]
    assert [row.text_content() for row in marked.xpath("//table[@class='revisions']//th[@scope='row']")] == [
        "第 3 版（现在）",
        "第 2 版",
        "第 1 版",
    ]

    page = writer.get(page_of(article), {"old": "3", "new": "1"})
    assert (page.context["old"].number, page.context["new"].number) == (1, 3)
    assert [change.label for change in page.context["changes"]] == ["标题", "正文"]


@pytest.mark.parametrize(
    "query", [{"old": "7", "new": "1"}, {"old": "x", "new": ""}, {"page": "99"}, {"old": "9" * 30}]
)
def test_odd_choices_are_no_error(writer, reporter, query):
    article = make_draft(created_by=reporter)
    save(writer, article, title="乙题")
    assert writer.get(page_of(article), query).status_code == 200


def test_an_article_without_revisions_says_so(writer, reporter):
    article = make_draft(created_by=reporter)
    assert "还没有修订" in writer.get(page_of(article)).text
    assert page_of(article) in writer.get(change_url(article)).text


def test_text_is_only_text(writer, reporter):
    article = make_draft(title="甲", created_by=reporter)
    save(writer, article, title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in writer.get(page_of(article)).text


def test_whoever_may_not_see_the_article_sees_no_revision(client, member):
    article = make_draft()
    revisions.keep(article)
    member.is_staff = True
    member.save()
    client.force_login(member)
    assert client.get(page_of(article)).status_code == 403
    assert client.get(restore_url(article, 1)).status_code == 403
    client.logout()
    assert client.get(page_of(article)).status_code == 302


# --- Bringing back ----------------------------------------------------------------------------------------------------


def test_a_draft_comes_back_whole(writer, reporter):
    region, tag, author = Region.objects.get(slug="zhejiang"), make_tag(), make_author()
    article = make_draft(title="甲题", body="<p>旧的正文。</p>", regions=[region], tags=[tag], created_by=reporter)
    Credit.objects.create(article=article, author=author, role="摄影", position=0)
    save(
        writer,
        article,
        title="乙题",
        body="新的正文。",
        regions=[],
        tags=[],
        **{"credits-0-DELETE": "on"},
    )
    assert article.credits.count() == 0
    shown = writer.get(restore_url(article, 1))
    assert "更正说明" not in shown.text
    assert [change.label for change in shown.context["changes"]] == ["标题", "正文", "地区", "标签", "署名"]

    response = writer.post(restore_url(article, 1), follow=True)

    assert messages_of(response) == ["《甲题》已恢复到第 1 版的内容。"]
    article = Article.objects.get(pk=article.pk)
    assert (article.title, article.body) == ("甲题", "<p>旧的正文。</p>")
    assert (list(article.regions.all()), list(article.tags.all())) == ([region], [tag])
    assert [(credit.role, credit.author) for credit in article.credits.all()] == [("摄影", author)]
    last = article.revisions.order_by("-number").first()
    assert (last.number, last.restored, last.user) == (3, 1, reporter)
    assert revisions.bare(last.content) == revisions.bare(article.revisions.get(number=1).content)


def test_what_is_gone_is_named(writer, reporter):
    channel, tag, photo = make_channel(name="旧栏目"), make_tag(name="渡口"), make_photo(caption="缆绳")
    article = make_draft(channel=channel, tags=[tag], cover=photo, created_by=reporter)
    other = make_channel()
    save(writer, article, channel=other.pk, tags=[], cover="", title="乙题")
    tag.delete()
    photo.delete()
    channel.delete()

    response = writer.post(restore_url(article, 1), follow=True)

    assert "这些已经不在库里，没有恢复：栏目“旧栏目”；封面图“缆绳”；标签“渡口”。" in messages_of(response)
    article = Article.objects.get(pk=article.pk)
    assert (article.channel, article.cover) == (other, None)


def test_what_readers_have_comes_back_through_the_reviews(desk, client):
    article = make_article(title="渡口换缆绳", body="<p>缆绳长三十米。</p>")
    revisions.keep(article)
    article.body = "<p>缆绳长二十米。</p>"
    publishing.save_article(article)
    revisions.keep(article)
    shown = desk.get(restore_url(article, 1))
    assert "审完以后才替换线上的文字" in shown.text

    response = desk.post(restore_url(article, 1), {"correction": "缆绳长度误为二十米，应为三十米。"}, follow=True)

    assert "修改稿已恢复到第 1 版的内容。" in messages_of(response)
    assert "缆绳长二十米。" in read(client, article.get_absolute_url())
    copy = Article.objects.get(draft_of=article)
    assert (copy.body, copy.draft_reviews.get().reason) == ("<p>缆绳长三十米。</p>", "缆绳长度误为二十米，应为三十米。")
    assert marks_of(desk.get(page_of(copy))) == {3: "修改稿", 2: "线上"}

    publish_reviewed(copy)

    assert article.events.order_by("number").last().kind == "corrected"
    assert "缆绳长三十米。" in read(client, article.get_absolute_url())
    assert "缆绳长度误为二十米" in read(client, "/corrections/")
    assert article.revisions.count() == 3


def marks_of(page) -> dict[int, str]:
    return page.context["marks"]


def test_a_revision_does_not_overwrite_what_is_in_review(desk, editor):
    article = make_article(body="<p>缆绳长三十米。</p>")
    copy = reviews.start_change(article, user=editor)
    copy.body = "<p>缆绳长二十米。</p>"
    publishing.save_article(copy)
    hand_in(copy)

    response = desk.post(restore_url(article, 1), {"correction": "退回旧稿。"})

    assert response.status_code == 200
    assert "稿件正在一审" in response.context["form"].non_field_errors()[0]
    assert 'value="退回旧稿。"' in response.text
    assert Article.objects.get(pk=copy.pk).body == "<p>缆绳长二十米。</p>"


def test_a_reporter_brings_back_drafts_only(writer, reporter):
    article = make_article()
    revisions.keep(article)
    assert writer.get(page_of(article)).status_code == 200
    assert writer.post(restore_url(article, 1)).status_code == 403
    assert writer.get(restore_url(make_draft(), 1)).status_code == 404
