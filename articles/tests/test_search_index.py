"""What the search holds follows every change of an article, in the same transaction."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import search
from articles.models import Article, Channel, Credit, ListCount, ListEntry, SearchDocument
from articles.publishing import index_article, publish, reindex_channel, save_article, withdraw
from regions.models import Region

from .clock import StoppedClock
from .factories import make_article, make_author, make_channel, make_city, make_source, make_tag

pytestmark = pytest.mark.django_db


def found(words: str, **filters) -> list[int]:
    terms, excluded = search.parse(words)
    return [hit.article_id for hit in search.find(search.Query(terms, excluded, **filters), by_time=True).hits]


def shown(client, words: str) -> int:
    """How many results a reader sees."""
    return client.get("/search/", {"q": words}).content.decode().count('<article class="item search-result">')


def test_every_field_is_found():
    tag, author, source = make_tag(name="候鸟"), make_author(name="欧阳菁"), make_source(name="东海晚报")
    article = make_article(
        title="湿地里的客人",
        short_title="湿地来客",
        kicker="秋日观察",
        subtitle="三千只白鹤歇脚",
        lead="护鸟员老梁记了一本账。",
        body="<p>滩涂退水以后，<strong>苦草</strong>冒了芽。</p><table><tr><td>十月</td><td>九百</td></tr></table>",
        original_title="远客到滩头",
        duty_editor="沈若谷",
        source=source,
        tags=[tag],
    )
    Credit.objects.create(article=article, author=author)
    index_article(article)
    other = make_article()
    for words in (
        *["湿地里的客人", "湿地来客", "秋日观察", "白鹤", "护鸟员", "退水以后，苦草冒了芽", "十月", "九百"],
        *["远客到滩头", "沈若谷 苦草", "欧阳菁", "东海晚报", "候鸟", "鹤"],
    ):
        assert found(words) == [article.pk], words
    assert found("正文") == [other.pk]
    for words in ("strong", "十月九百", "table", "白鹤护鸟员"):
        assert found(words) == [], words


def test_what_is_not_public_is_not_found(client, monkeypatch):
    clock = StoppedClock(monkeypatch)
    now = timezone.now()
    article = make_article(title="渡口停航", published_at=now - timedelta(hours=1))
    make_article(title="渡口停航草稿", status=Article.Status.DRAFT, published_at=None)
    make_article(title="渡口停航定时", published_at=now + timedelta(hours=2))
    make_article(title="渡口停航下线", published_at=now - timedelta(hours=3), expires_at=now + timedelta(hours=1))
    make_article(title="渡口停航隐藏", channel=make_channel(is_hidden=True))
    withdraw(make_article(title="渡口停航撤稿", published_at=now - timedelta(hours=4)), reason="撤")

    assert Article.objects.filter(title__startswith="渡口停航").count() == 6
    assert (len(found("渡口停航")), shown(client, "渡口停航")) == (2, 2)
    clock.move(hours=1)
    assert (found("渡口停航"), shown(client, "渡口停航")) == ([article.pk], 1)
    clock.move(hours=1)
    assert (len(found("渡口停航")), shown(client, "渡口停航")) == (2, 2)
    assert len(found("渡口停航定时")) == 1


def test_publishing_changing_and_withdrawing():
    article = make_article(status=Article.Status.DRAFT, published_at=None, title="缆绳与渡船")
    assert found("缆绳") == []

    publish(article)
    assert found("缆绳") == [article.pk]

    article.title = "铁锚与渡船"
    save_article(article)
    index_article(article)
    assert (found("缆绳"), found("铁锚")) == ([], [article.pk])

    withdraw(article, reason="撤")
    assert found("铁锚") == found("渡船") == []
    assert not SearchDocument.objects.exists()
    assert search.index_faults() == (set(), set())

    publish(article)
    assert found("铁锚") == [article.pk]


def test_tags_and_credits_follow():
    tag, author = make_tag(name="摆渡"), make_author(name="司马徽")
    article = make_article(tags=[tag])
    assert (found("摆渡"), found("司马徽")) == ([article.pk], [])
    article.tags.clear()
    Credit.objects.create(article=article, author=author)
    index_article(article)
    assert (found("摆渡"), found("司马徽")) == ([], [article.pk])


def test_hiding_a_channel_hides_its_articles():
    channel = make_channel()
    article = make_article(channel=channel, title="滩头记")
    Channel.objects.filter(pk=channel.pk).update(is_hidden=True)
    channel.refresh_from_db()
    reindex_channel(channel)
    assert found("滩头记") == []
    Channel.objects.filter(pk=channel.pk).update(is_hidden=False)
    channel.refresh_from_db()
    reindex_channel(channel)
    assert found("滩头记") == [article.pk]


def test_a_deleted_article_leaves_no_trace():
    article, other = make_article(title="要删的稿件"), make_article(title="留下的稿件")
    assert found("稿件") == [other.pk, article.pk]
    article.events.all().delete()  # which the database would keep it for
    article.delete()
    assert found("稿件") == [other.pk]
    assert search.index_faults() == (set(), set())


def test_a_publication_that_fails_leaves_the_index_as_it_was():
    article = make_article(title="原来的标题")

    @transaction.atomic
    def fail_after_indexing():
        article.title = "没有存成的标题"
        save_article(article)
        index_article(article)
        assert found("没有存成") == [article.pk]
        make_source(name=article.source.name)

    with pytest.raises(IntegrityError):
        fail_after_indexing()
    assert (found("没有存成"), found("原来的标题")) == ([], [article.pk])
    assert search.index_faults() == (set(), set())


def test_filters_meet_in_the_index():
    hunan, hubei = Region.objects.get(slug="hunan"), Region.objects.get(slug="hubei")
    city, law, life = make_city(hunan), make_channel(), make_channel()
    source = make_source()
    one = make_article(title="堰沟", channel=law, regions=[city], source=source)
    two = make_article(title="堰沟", channel=life, regions=[hunan], source=source)
    three = make_article(title="堰沟", channel=life, regions=[hubei])

    def narrowed(*facets: str) -> set[int]:
        return set(found("堰沟", facets=facets))

    assert narrowed(search.channel_facet(law.pk)) == {one.pk}
    assert narrowed(search.channel_facet(life.pk)) == {two.pk, three.pk}
    assert narrowed(search.region_facet(city.pk)) == {one.pk}
    assert narrowed(search.region_facet(hunan.pk)) == {one.pk, two.pk}
    assert narrowed(search.source_facet(source.pk), search.channel_facet(life.pk)) == {two.pk}
    assert narrowed(search.channel_facet(10**9)) == set()
    for facet in (search.channel_facet(law.pk), "channel", "region"):
        assert found(facet) == []


def test_a_span_of_time_has_a_beginning_and_an_end():
    moment = timezone.now() - timedelta(days=10)
    days = [make_article(title="堰沟", published_at=moment + timedelta(days=day)).pk for day in range(4)]
    assert found("堰沟") == days[::-1]
    since, until = moment + timedelta(days=1), moment + timedelta(days=3)
    assert found("堰沟", since=since, until=until) == [days[2], days[1]]
    assert found("堰沟", since=since) == days[:0:-1]
    assert found("堰沟", until=since) == days[:1]


def test_the_newest_come_first_also_within_a_second():
    moment = timezone.now().replace(microsecond=0) - timedelta(hours=1)
    same = [make_article(title="堰沟", published_at=moment).pk for _ in range(3)]
    older = make_article(title="堰沟", published_at=moment - timedelta(days=9000))
    assert found("堰沟") == [*same[::-1], older.pk]


def test_an_index_of_many_documents_is_written_at_once():
    articles = [make_article(status=Article.Status.DRAFT, published_at=None) for _ in range(3)]
    at = timezone.now() - timedelta(days=1)
    with search.bulk_load():
        search.write_many(
            [
                search.Document.build(
                    article_id=article.pk,
                    published_at=at,
                    titles=[f"批量{number}"],
                    texts=["甲乙", "丙丁"],
                    facets=[search.channel_facet(7)],
                )
                for number, article in enumerate(articles)
            ],
            are_new=True,
        )
        connection.check_constraints()  # which a commit would do; PostgreSQL builds no index before
    assert found("批量") == [article.pk for article in articles[::-1]]
    assert found("批量1", facets=(search.channel_facet(7),)) == [articles[1].pk]
    assert found("乙丙") == []


def test_a_very_long_text_is_indexed_as_far_as_it_goes():
    rare = "".join(chr(0x4E00 + number % 20_000) for number in range(120_000))
    article = make_article(title="长卷", body=f"<p>{rare}</p><p>{'x' * 5000}</p><p>尾声</p>")
    assert found("长卷") == [article.pk]
    assert found(rare[50_000:50_006]) == [article.pk]
    assert found("尾声") == []


@pytest.mark.parametrize("kind", ["tag", "author", "source"])
def test_a_new_name_reaches_the_search(client, chief, monkeypatch, kind):
    tag, source = make_tag(name="旧称"), make_source(name="旧称")
    articles = [make_article(tags=[tag], source=source, credit="旧称") for _ in range(2)]
    owner = {"tag": tag, "source": source, "author": articles[0].credits.get().author}[kind]
    client.force_login(chief)

    def rename(name: str) -> str:
        answer = client.post(f"/admin/articles/{kind}/{owner.pk}/change/", {"name": name}, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    assert "rebuild_search" not in rename("新名")
    assert found("新名") == [article.pk for article in articles[::-1]]
    monkeypatch.setattr("articles.publishing.RENAMED_AT_ONCE", 1)
    assert "更早的请运行 rebuild_search" in rename("再改名")
    assert found("再改名") == [articles[1].pk]


@pytest.mark.parametrize("by_action", [False, True])
def test_a_deleted_tag_finds_nothing_and_leaves_no_list(client, chief, monkeypatch, by_action):
    tag, other = make_tag(name="要删的"), make_tag(name="留下的")
    articles = [make_article(tags=[tag, other]) for _ in range(2)]
    client.force_login(chief)
    monkeypatch.setattr("articles.publishing.RENAMED_AT_ONCE", 1)
    if by_action:
        chosen = {"action": "delete_selected", "_selected_action": [tag.pk], "post": "yes"}
        answer = client.post("/admin/articles/tag/", chosen, follow=True)
    else:
        answer = client.post(f"/admin/articles/tag/{tag.pk}/delete/", {"post": "yes"}, follow=True)
    assert "要删的：更早的稿件还能按旧标签搜到，请运行 rebuild_search。" in answer.content.decode()
    assert found("要删的") == [articles[0].pk]
    assert found("留下的") == [article.pk for article in articles[::-1]]
    for rows in (ListEntry, ListCount):
        targets = set(rows.objects.filter(scope=ListEntry.Scope.TAG).values_list("target", flat=True))
        assert targets == {other.pk}
