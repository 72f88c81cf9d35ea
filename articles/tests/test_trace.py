"""留痕: what happened to an article before readers' eyes is kept, told, and cannot be changed unseen."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import publishing, trace
from articles.models import Article, ArticleEvent

from .factories import make_article, make_member
from .pages import text_of_main, tree

pytestmark = pytest.mark.django_db

CORRECTIONS = "/corrections/"
KINDS = ArticleEvent.Kind


def kinds(article: Article) -> list[str]:
    return list(article.events.order_by("number").values_list("kind", flat=True))


def change(article: Article, **values) -> Article:
    """The article as another request would load, change and save it."""
    fresh = Article.objects.select_related("channel").get(pk=article.pk)
    keywords = {name: values.pop(name) for name in ("reason", "is_correction", "user") if name in values}
    for name, value in values.items():
        setattr(fresh, name, value)
    return publishing.save_article(fresh, **keywords)


def problems() -> dict[int, str]:
    return dict(trace.faults())


def rows_of(page) -> list[list[str]]:
    """What happened, the fingerprints of text and record, and the reason if there is one, of each line."""
    rows = tree(page).xpath("//details[@class='trace']//li")
    return [[part.text_content() for part in row.xpath(".//strong|.//code|p[2]")] for row in rows]


def items_of(page) -> list:
    return tree(page).xpath("//*[@class='correction-item']/h2/a")


# --- What is recorded -------------------------------------------------------------------------------------------------


def test_the_life_of_an_article_is_one_chain():
    chief = make_member("chief")
    article = make_article(status="draft", published_at=None)
    assert kinds(article) == []

    publishing.publish(article, user=chief)
    change(article, body="<p>改过的正文。</p>", user=chief)
    change(article, body="<p>改正的正文。</p>", reason="地名有误，已经改正。", is_correction=True, user=chief)
    publishing.withdraw(Article.objects.get(pk=article.pk), reason="来源有误", user=chief)
    publishing.publish(Article.objects.get(pk=article.pk), user=chief)

    assert kinds(article) == ["published", "changed", "corrected", "withdrawn", "restored"]
    chain = list(article.events.order_by("number"))
    assert [event.number for event in chain] == [1, 2, 3, 4, 5]
    assert [event.reason for event in chain] == ["", "", "地名有误，已经改正。", "来源有误", ""]
    assert {event.user for event in chain} == {chief}
    assert [event.previous for event in chain] == ["", *(event.digest for event in chain[:-1])]
    assert len({event.text_digest for event in chain}) == 3
    assert chain[-1].text_digest == trace.text_digest(Article.objects.get(pk=article.pk))
    assert problems() == {}


def test_what_is_no_change_of_the_text_is_not_recorded():
    article = make_article()

    change(article, comments_open=False)
    change(article, body=article.body)

    assert kinds(article) == ["published"]


@pytest.mark.parametrize("field", trace.TEXT)
def test_every_part_of_the_text_counts(field):
    article = make_article()

    change(article, **{field: "https://example.com/2.html" if field == "source_url" else "<p>另一句</p>"})

    assert kinds(article) == ["published", "changed"]


def test_a_withdrawn_article_may_be_rewritten_before_it_comes_back():
    article = make_article()
    publishing.withdraw(article, reason="来源有误")

    change(article, body="<p>核实后重写的正文。</p>")

    assert kinds(article) == ["published", "withdrawn", "changed"]
    assert problems() == {}


def test_a_correction_needs_no_other_change():
    article = make_article()

    change(article, reason="封面图换成了事发地的照片。", is_correction=True)

    assert kinds(article) == ["published", "corrected"]


def test_what_is_scheduled_and_recalled_before_anybody_read_it():
    later = timezone.now() + timedelta(hours=2)
    article = make_article(published_at=later)
    change(article, published_at=later + timedelta(hours=1))
    change(article, title="换了标题")
    change(article, status="draft")

    assert kinds(article) == ["scheduled", "scheduled", "changed", "recalled"]


def test_an_article_from_before_there_were_chains_begins_one_with_its_next_change():
    article = make_article()
    ArticleEvent.objects.all().delete()
    former = trace.text_digest(article)
    assert problems() == {}

    change(article, body="<p>新的正文。</p>")

    adopted, changed = article.events.order_by("number")
    assert (adopted.kind, adopted.text_digest) == ("adopted", former)
    assert (changed.kind, changed.previous) == ("changed", adopted.digest)
    assert problems() == {}


# --- What cannot be changed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("values", [{"reason": "别的说法"}, {"at": timezone.now()}, {"text_digest": "0" * 64}])
def test_the_database_refuses_to_change_an_event(values):
    article = make_article()
    with pytest.raises(DatabaseError, match="留痕不能修改"), transaction.atomic():
        ArticleEvent.objects.update(**values)
    assert problems() == {}
    assert kinds(article) == ["published"]


def test_an_account_may_go_and_what_it_did_stays():
    member = make_member("leaving")
    article = make_article(status="draft", published_at=None)
    publishing.publish(article, user=member)

    member.delete()

    assert article.events.get().user is None
    assert problems() == {}


def test_an_article_with_a_chain_is_not_deleted():
    article = make_article(published_at=timezone.now() + timedelta(hours=1))
    change(article, status="draft")
    with pytest.raises(ProtectedError):
        Article.objects.get(pk=article.pk).delete()


def test_a_correction_says_what_was_wrong():
    article = make_article()
    with pytest.raises(DatabaseError), transaction.atomic():
        change(article, is_correction=True)


# --- The check --------------------------------------------------------------------------------------------------------


def forge(event: ArticleEvent, **values) -> None:
    """Put another row in the place of an event, as whoever holds the database could."""
    event.delete()
    for name, value in values.items():
        setattr(event, name, value)
    event.save(force_insert=True)


@pytest.fixture
def chain(db) -> list[ArticleEvent]:
    article = make_article()
    change(article, body="<p>改过的正文。</p>")
    change(article, reason="人名有误，已经改正。", is_correction=True, title="改正的标题")
    make_article()
    return list(article.events.order_by("number"))


def test_the_check_is_content_with_what_nobody_touched(chain, capsys):
    ArticleEvent.objects.filter(article=make_article(title="旧稿")).delete()
    call_command("check_trace")
    assert capsys.readouterr().out.splitlines() == [
        "4 条留痕完好，属于 2 篇稿件。",
        "2 版修订完好，0 个审稿签名完好。",
        "1 篇稿件在有留痕之前发布，从下一次改动起留痕。",
    ]


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (lambda chain: forge(chain[2], reason="没有什么"), "第 3 条被改过"),
        (lambda chain: forge(chain[1], kind="published"), "第 2 条被改过"),
        (lambda chain: forge(chain[1], at=chain[1].at + timedelta(seconds=1)), "第 2 条被改过"),
        (lambda chain: chain[1].delete(), "缺第 2 条"),
        (lambda chain: chain[0].delete(), "缺第 1 条"),
        (lambda chain: chain[2].delete(), "现在的文本与最后一条不符"),
        (
            lambda chain: Article.objects.filter(pk=chain[0].article_id).update(body="<p>偷偷改的。</p>"),
            "现在的文本与最后一条不符",
        ),
    ],
)
def test_the_check_finds_what_was_tampered_with(chain, capsys, tamper, fault):
    tamper(chain)
    with pytest.raises(SystemExit, match="1"):
        call_command("check_trace")
    assert capsys.readouterr().out.splitlines() == [
        f"稿件 {chain[0].article_id}：{fault}",
        "留痕、修订和签名有 1 处问题。",
    ]


def test_a_forged_row_must_forge_all_after_it(chain):
    event = chain[1]
    event.reason = "编出来的"
    forge(event, digest=trace.event_digest(event))
    assert problems() == {event.article_id: "第 3 条接不上前一条"}


def test_many_chains_are_checked_in_batches(monkeypatch):
    monkeypatch.setattr(trace, "BATCH", 2)
    articles = [make_article() for _ in range(5)]
    Article.objects.filter(pk__in=[articles[2].pk, articles[4].pk]).update(body="<p>偷偷改的。</p>")
    assert set(problems()) == {articles[2].pk, articles[4].pk}


# --- What readers see -------------------------------------------------------------------------------------------------


def test_readers_see_the_record_under_the_article(client):
    article = make_article(title="渡口换缆绳")
    change(article, body="<p>改过的正文。</p>")
    corrected = change(article, reason="船长<b>姓名</b>有误。", is_correction=True, title="渡口换了缆绳")

    page = client.get(article.get_absolute_url())

    rows = rows_of(page)
    assert [row[0] for row in rows] == ["发布", "修改", "更正"]
    assert [row[2] for row in rows] == [event.digest[:12] for event in article.events.order_by("number")]
    assert [row[3:] for row in rows] == [[], [], ["船长<b>姓名</b>有误。"]]
    assert rows[-1][1] == trace.text_digest(corrected)[:12]
    assert len({row[1] for row in rows}) == 3
    box = tree(page).get_element_by_id("corrections")
    assert "船长<b>姓名</b>有误。" in box.text_content()
    assert tree(page).xpath("//ul[@class='byline']//a[@href='#corrections']")
    assert '"@type":"CorrectionComment"' in page.text.replace(" ", "")


def test_an_article_without_corrections_has_no_box(client):
    page = client.get(make_article().get_absolute_url())
    assert not tree(page).xpath("//*[@id='corrections']")
    assert len(rows_of(page)) == 1


def test_what_was_planned_is_one_publication_to_readers():
    moment = timezone.now() + timedelta(hours=1)
    article = make_article(published_at=moment)
    change(article, title="定稿的标题")
    published = Article.objects.get(pk=article.pk)
    events = list(article.events.order_by("number"))

    shown = trace.public_history(published, events)

    assert [(event.label, event.at) for event in shown] == [("发布", moment)]
    assert shown[0].text_digest == trace.text_digest(published)


def test_who_did_it_is_for_the_newsroom_alone(client):
    article = make_article(status="draft", published_at=None)
    publishing.publish(article, user=make_member("zongbian-3b7", display_name="不该看到的姓名"))
    text = client.get(article.get_absolute_url()).text
    assert "zongbian-3b7" not in text
    assert "不该看到的姓名" not in text


def test_corrections_are_listed_the_newest_first(client):
    first, second, hidden = (make_article(title=title) for title in ("先更正的", "后更正的", "撤了的"))
    for article in (first, second, hidden):
        change(article, reason=f"{article.title}：改正一处。", is_correction=True)
    publishing.withdraw(Article.objects.get(pk=hidden.pk), reason="来源有误")
    change(make_article(title="只是修改"), body="<p>改过。</p>")

    page = client.get(CORRECTIONS)

    items = items_of(page)
    assert [item.text_content() for item in items] == ["后更正的", "先更正的"]
    assert items[0].get("href") == f"{second.get_absolute_url()}#corrections"
    assert "后更正的：改正一处。" in text_of_main(page)


def test_the_list_of_corrections_reads_no_other_articles(client):
    change(make_article(), reason="改正一处。", is_correction=True)
    with CaptureQueriesContext(connection) as queries:
        client.get(CORRECTIONS)
    asked = [query["sql"] for query in queries if "articles_articleevent" in query["sql"]]
    assert len(asked) == 2
    assert all("EXISTS" in sql and " IN (" not in sql for sql in asked)


def test_a_site_without_corrections_says_so(client):
    make_article()
    assert "还没有更正。" in client.get(CORRECTIONS).text


def test_many_corrections_have_pages(client):
    article = make_article()
    for number in range(21):
        change(article, reason=f"第{number}处。", is_correction=True)
    assert len(items_of(client.get(CORRECTIONS))) == 20
    assert len(items_of(client.get(CORRECTIONS, {"page": 2}))) == 1
    assert client.get(CORRECTIONS, {"page": 3}).status_code == 404


# --- The back office --------------------------------------------------------------------------------------------------


def test_the_back_office_shows_the_chain_and_changes_nothing(client, chief):
    article, other = make_article(title="有留痕的"), make_article(title="别的稿件")
    event = article.events.get()
    client.force_login(chief)
    listing = reverse("admin:articles_articleevent_changelist")
    form = client.get(reverse("admin:articles_article_change", args=[article.pk]))
    assert f"{listing}?article__id__exact={article.pk}" in form.text

    page = client.get(listing, {"article__id__exact": article.pk})

    assert [row.article for row in page.context["cl"].result_list] == [article]
    assert event.text_digest[:12] in page.text
    assert client.get(reverse("admin:articles_articleevent_change", args=[event.pk])).status_code == 200
    assert client.post(reverse("admin:articles_articleevent_change", args=[event.pk]), {}).status_code == 403
    assert client.post(reverse("admin:articles_articleevent_delete", args=[event.pk])).status_code == 403
    assert client.get(reverse("admin:articles_articleevent_add")).status_code == 403
    assert kinds(other) == ["published"]
