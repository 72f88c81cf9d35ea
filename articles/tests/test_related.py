"""更多推荐: kin by topic, tags and words, faded by time; filled up; and 今日热点 beside it."""

from datetime import timedelta

import pytest

from articles.models import (
    Article,
    ArticleTerm,
    Channel,
    ListEntry,
    Placement,
    RankingEntry,
    RelatedArticle,
    Topic,
    TopicItem,
    TopicSection,
)
from articles.publishing import index_article, publish, reindex_channel, save_article, withdraw
from articles.related import KEPT, SHOWN, beside

from .factories import make_article, make_channel, make_tag
from .pages import article_ids, main_part

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Texts that share no word with each other: what is kin is so by what the test gives it.
TEXTS = [
    ("渡口停航", "轮船停在江边，船工收起缆绳。"),
    ("果园丰收", "苹果挂满枝头，果农忙着采摘。"),
    ("雪山观测", "冰川退缩，科考队记录气温。"),
    ("皮影传人", "灯影之下，艺人舞动驴皮。"),
    ("地铁试跑", "隧道贯通，列车缓缓驶出车站。"),
]


def write(number: int = 0, **values) -> Article:
    title, text = TEXTS[number]
    return make_article(**{"title": title, "body": f"<p>{text}</p>", **values})


def kin_of(article: Article) -> list[int]:
    relations = RelatedArticle.objects.filter(article=article).order_by("-score", "-other_id")
    return list(relations.values_list("other_id", flat=True))


def score(article: Article, other: Article) -> float:
    return RelatedArticle.objects.get(article=article, other=other).score


def recommended(article: Article) -> list[int]:
    return [other.pk for other in beside(article).recommended]


def hot(article: Article) -> list[int]:
    return [other.pk for other in beside(article).hot]


def join(topic: str, *articles: Article) -> None:
    row, _ = Topic.objects.get_or_create(slug=topic, title=topic, intro="导言", started_on="2026-11-01")
    section, _ = TopicSection.objects.get_or_create(topic=row, title="分区")
    for article in articles:
        TopicItem.objects.create(section=section, article=article)
        index_article(article)


# --- Kin ---


def test_strangers_are_no_kin():
    first, second = write(0), write(1)
    assert kin_of(first) == kin_of(second) == []
    terms = set(ArticleTerm.objects.filter(article=first).values_list("term", flat=True))
    assert {"渡口", "停航", "船工"} & terms
    assert not terms & set(ArticleTerm.objects.filter(article=second).values_list("term", flat=True))


def test_topic_weighs_more_than_tag_and_tag_more_than_a_word():
    tag = make_tag()
    by_topic, by_tag = write(1), write(2, tags=[tag])
    by_words = make_article(title=TEXTS[0][0], body="<p>另说一件事。</p>")
    article = write(0, tags=[tag])
    join("topic", by_topic, article)

    assert kin_of(article) == [by_topic.pk, by_tag.pk, by_words.pk]
    assert score(article, by_topic) == pytest.approx(4.0)
    assert score(article, by_tag) == pytest.approx(3.0)
    assert 0.8 <= score(article, by_words) < 3.0


def test_kinship_is_mutual():
    tag = make_tag()
    old, new = write(0, tags=[tag]), write(1, tags=[tag])
    assert (kin_of(old), kin_of(new)) == ([new.pk], [old.pk])
    assert score(old, new) == score(new, old)


def test_what_is_near_in_time_is_nearer_kin(clock):
    tag = make_tag()
    far = write(1, tags=[tag], published_at=clock.now - 150 * DAY)
    near = write(2, tags=[tag], published_at=clock.now - 90 * DAY)
    article = write(0, tags=[tag], published_at=clock.now)

    assert kin_of(article) == [near.pk, far.pk]
    assert score(article, near) == pytest.approx(1.5)
    assert score(article, far) == pytest.approx(3.0 * 0.5 ** (150 / 90))


def test_the_own_channel_weighs_a_little(clock):
    tag, channel = make_tag(), make_channel()
    same, other = write(1, tags=[tag], channel=channel), write(2, tags=[tag])
    article = write(0, tags=[tag], channel=channel)
    assert score(article, same) == pytest.approx(score(article, other) + 0.3)


def test_weak_kin_are_none(clock):
    tag = make_tag()
    write(1, tags=[tag], published_at=clock.now - 400 * DAY)
    assert kin_of(write(0, tags=[tag], published_at=clock.now)) == []


def test_a_rare_word_says_more_than_a_common_one():
    rare = make_article(title="渡口", body="<p>甲。</p>")
    few = score(make_article(title="渡口", body="<p>乙。</p>"), rare)
    for number in range(8):
        make_article(title="渡口", body=f"<p>{number}。</p>")
    many = RelatedArticle.objects.filter(article__title="渡口", score__lt=few)
    assert few == pytest.approx(1.0)
    assert not many.exists() or max(many.values_list("score", flat=True)) < few


def test_at_most_sixteen_kin_are_kept():
    tag = make_tag()
    others = [write(number % 4 + 1, tags=[tag]) for number in range(KEPT + 3)]
    article = write(0, tags=[tag])
    assert len(kin_of(article)) == KEPT
    assert set(kin_of(article)) < {other.pk for other in others}


def test_relations_follow_the_article():
    first_tag, second_tag = make_tag(), make_tag()
    first, second = write(1, tags=[first_tag]), write(2, tags=[second_tag])
    article = write(0, tags=[first_tag])
    assert kin_of(article) == [first.pk]

    article.tags.set([second_tag])
    index_article(article)

    assert kin_of(article) == [second.pk]
    assert (kin_of(first), kin_of(second)) == ([], [article.pk])


def test_drafts_and_withdrawn_articles_have_no_kin():
    tag = make_tag()
    public, draft = write(1, tags=[tag]), write(2, tags=[tag], status="draft")
    article = write(0, tags=[tag])
    assert kin_of(article) == [public.pk]
    assert kin_of(draft) == []

    withdraw(article, reason="撤")
    assert not RelatedArticle.objects.exists()
    assert not ArticleTerm.objects.filter(article=article).exists()

    publish(article)
    assert kin_of(article) == [public.pk]
    assert kin_of(public) == [article.pk]


def test_a_popular_tag_costs_no_more(django_assert_num_queries):
    """Of a tag with hundreds of articles, the newest are looked at: the list of the tag gives them in order."""
    tag = make_tag()
    source = write(1)
    rows = [
        Article(
            title="旧闻",
            source=source.source,
            channel=source.channel,
            status="published",
            published_at=source.published_at,
        )
        for _ in range(230)
    ]
    Article.objects.bulk_create(rows)
    old = list(Article.objects.filter(title="旧闻"))
    for article in old:
        article.tags.add(tag)
    ListEntry.objects.bulk_create(
        ListEntry(scope=ListEntry.Scope.TAG, target=tag.pk, article=article, published_at=article.published_at)
        for article in old
    )

    article = write(0, tags=[tag])

    newest = sorted((other.pk for other in old), reverse=True)
    assert kin_of(article) == newest[:KEPT]


# --- What the page shows ---


def test_recommended_are_kin_then_the_newest_of_the_channel_then_of_the_site(clock):
    tag, channel = make_tag(), make_channel()
    elsewhere = [write(3, published_at=clock.now - (20 + number) * DAY) for number in range(8)]
    in_channel = [write(2, channel=channel, published_at=clock.now - (30 + number) * DAY) for number in range(3)]
    for other in [*elsewhere, *in_channel]:
        other.title = f"旧闻{other.pk}"
        save_article(other)
        RelatedArticle.objects.all().delete()
    relative = write(1, tags=[tag], published_at=clock.now - 40 * DAY)
    newest = [write(4, published_at=clock.now - number * DAY / 24) for number in range(1, 6)]
    article = write(0, tags=[tag], channel=channel, published_at=clock.now)
    assert kin_of(article) == [relative.pk]

    shown = recommended(article)

    assert shown[:4] == [relative.pk, *(other.pk for other in in_channel)]
    assert hot(article) == [other.pk for other in newest]
    assert shown[4:] == [other.pk for other in elsewhere][:6]
    assert len(shown) == SHOWN


def test_recommended_never_show_the_article_itself_or_what_is_not_public(clock):
    tag, hidden_channel = make_tag(), make_channel()
    article = write(0, tags=[tag])
    channel = article.channel
    shown = [write(1, tags=[tag]) for _ in range(3)]
    never = [
        write(1, tags=[tag], status="draft", channel=channel),
        write(1, tags=[tag], published_at=clock.now + DAY, channel=channel),
        write(1, tags=[tag], expires_at=clock.now, channel=channel),
        write(1, tags=[tag], channel=hidden_channel),
    ]
    Channel.objects.filter(pk=hidden_channel.pk).update(is_hidden=True)
    hidden_channel.refresh_from_db()
    reindex_channel(hidden_channel)
    for position, other in enumerate([*never, article], start=1):
        Placement.objects.create(slot="hot", article=other)
        RankingEntry.objects.create(period="hot", position=position, article=other)

    assert {other.pk for other in never[1:3]} < set(kin_of(article))  # kept; the query leaves them out
    seen = recommended(article) + hot(article)
    assert sorted(seen) == sorted(other.pk for other in shown)


def test_a_scheduled_relative_is_recommended_on_its_second(clock):
    tag = make_tag()
    coming = write(1, tags=[tag], published_at=clock.now + timedelta(minutes=1))
    article = write(0, tags=[tag])
    assert recommended(article) + hot(article) == []
    clock.move(minutes=1)
    assert recommended(article) + hot(article) == [coming.pk]


def test_nothing_stands_in_both_lists():
    tag = make_tag()
    article = write(0, tags=[tag])
    for _ in range(30):
        write(1, tags=[tag], channel=article.channel)
    shown, beside_it = recommended(article), hot(article)
    assert (len(shown), len(beside_it)) == (10, 5)
    assert not set(shown) & set(beside_it)
    assert article.pk not in shown + beside_it


@pytest.mark.parametrize("others", [1, 2, 5, 8, 11, 16])
def test_hot_is_never_empty_however_few_articles_there_are(others):
    """All in one channel, all kin: nothing but the one list would be filled if it could take everything."""
    tag, channel = make_tag(), make_channel()
    pks = [write(number % 5, tags=[tag], channel=channel).pk for number in range(others)]
    article = write(0, tags=[tag], channel=channel)

    shown, beside_it = recommended(article), hot(article)

    assert beside_it
    assert len(shown + beside_it) == min(others, 15)
    assert set(shown + beside_it) <= set(pks)
    assert not set(shown) & set(beside_it)
    assert bool(shown) is (others > 1)


def test_hot_beside_an_article_is_placed_then_read_then_new(clock):
    article = write(0)
    placed, read = write(1, published_at=clock.now - 9 * DAY), write(2, published_at=clock.now - 8 * DAY)
    newest = [write(3, published_at=clock.now - DAY) for _ in range(20)]
    Placement.objects.create(slot="hot", article=placed)
    RankingEntry.objects.create(period="hot", position=1, article=read)

    assert hot(article)[:2] == [placed.pk, read.pk]
    assert len(hot(article)) == 5
    assert set(hot(article)[2:]) < {other.pk for other in newest}


def test_two_queries(django_assert_num_queries):
    tag = make_tag()
    article, _ = write(0, tags=[tag]), write(1)
    with django_assert_num_queries(2):
        beside(article)
    for _ in range(20):
        write(1, tags=[tag])
    with django_assert_num_queries(2):
        shown = beside(article)
        for other in [*shown.recommended, *shown.hot]:
            assert other.get_absolute_url()
            assert other.lead


def test_the_page_shows_both(client, site):
    tag = make_tag()
    article = write(0, tags=[tag])
    for number in range(20):
        write(number % 4 + 1, tags=[tag])
    shown, beside_it = recommended(article), hot(article)
    page = main_part(client.get(article.get_absolute_url()))
    (recommended_part,), (side,) = page.find_class("recommended"), page.find_class("side")
    assert article_ids(recommended_part) == shown
    assert article_ids(side) == beside_it


# --- 上一篇 and 下一篇 ---


def neighbours(article: Article) -> tuple[int | None, int | None]:
    found = beside(article)
    return tuple(other and other.pk for other in (found.older, found.newer))


def test_the_neighbours_are_the_next_of_the_channel_to_both_sides(clock):
    channel, elsewhere = make_channel(), make_channel()
    ages = {"oldest": 9, "older": 5, "self": 4, "newer": 2, "newest": 1}
    row = {name: write(channel=channel, published_at=clock.now - age * DAY) for name, age in ages.items()}
    for age in (4.5, 3):
        write(channel=elsewhere, published_at=clock.now - age * DAY)

    assert neighbours(row["self"]) == (row["older"].pk, row["newer"].pk)
    assert neighbours(row["oldest"]) == (None, row["older"].pk)
    assert neighbours(row["newest"]) == (row["newer"].pk, None)
    assert neighbours(write(channel=make_channel())) == (None, None)


def test_articles_of_one_second_are_passed_in_the_order_of_their_numbers(clock):
    channel = make_channel()
    row = [write(channel=channel, published_at=clock.now) for _ in range(4)]
    later, earlier = (write(channel=channel, published_at=clock.now - age * DAY) for age in (-0.0, 1))
    pks = [earlier.pk, *(each.pk for each in row), later.pk]
    seen, article = [], earlier
    while article:
        seen.append(article.pk)
        article = beside(article).newer
    assert seen == pks
    while seen:
        assert neighbours(Article.objects.get(pk=seen[-1]))[0] == (seen[-2] if len(seen) > 1 else None)
        seen.pop()


def test_only_what_readers_may_open_is_a_neighbour(clock):
    channel = make_channel()
    article = write(channel=channel, published_at=clock.now - 5 * DAY)
    older = write(channel=channel, published_at=clock.now - 9 * DAY)
    write(channel=channel, published_at=clock.now - 6 * DAY, expires_at=clock.now)
    withdraw(write(channel=channel, published_at=clock.now - 7 * DAY), reason="撤")
    write(channel=channel, published_at=clock.now - 4 * DAY, expires_at=clock.now - DAY)
    write(channel=channel, status="draft", published_at=clock.now - 3 * DAY)
    scheduled = write(channel=channel, published_at=clock.now + DAY)
    assert Article.objects.filter(channel=channel).count() == 7

    assert neighbours(article) == (older.pk, None)
    clock.move(days=1)
    assert neighbours(article) == (older.pk, scheduled.pk)


def test_the_page_names_both_sides_and_leaves_an_end_empty(client, site, clock):
    channel = make_channel(name="海疆之声")
    first, middle, last = (write(age, channel=channel, published_at=clock.now - (9 - age) * DAY) for age in range(3))

    def links(article: Article) -> list[tuple[str, str]]:
        (nav,) = main_part(client.get(article.get_absolute_url())).find_class("neighbours")
        assert nav.get("aria-label") == "海疆之声的上一篇和下一篇"
        return [(link.get("rel"), link.get("href")) for link in nav.iter("a")]

    assert links(first) == [("next", middle.get_absolute_url())]
    assert links(middle) == [("prev", first.get_absolute_url()), ("next", last.get_absolute_url())]
    assert links(last) == [("prev", middle.get_absolute_url())]
    alone = write(3, channel=make_channel())
    assert not main_part(client.get(alone.get_absolute_url())).find_class("neighbours")
