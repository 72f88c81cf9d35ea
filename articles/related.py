"""更多推荐: which articles are kin to which, by topic, tags and shared words, weighed by how near they are in time."""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from newsportal.lib.chinese import keywords
from newsportal.lib.html import text_of

from .lists import HOT_SHOWN, entries, gather_ids, hot_candidates, in_order
from .models import Article, ArticleTerm, ListEntry, RelatedArticle, Tag, TopicItem

SHOWN = 10
KEPT = 16
NEWEST_PER_TERM = 200
TAG_WEIGHT, TOPIC_WEIGHT, CHANNEL_WEIGHT = 3.0, 4.0, 0.3
HALF_LIFE_DAYS = 90.0
LEAST_SCORE = 0.8


def relate(article: Article) -> None:
    """Find the relatives of an article and tell them of it. Queries a bounded number of rows.

    Side effects: rewrites the article's terms and relations; adds it to the relations of its relatives.
    """
    ArticleTerm.objects.filter(article=article).delete()
    # Locked and written in one order, against a relative that is indexed at the same moment.
    relations = RelatedArticle.objects.filter(Q(article=article) | Q(other=article)).order_by("article_id", "other_id")
    former = list(relations.select_for_update().values_list("pk", flat=True))
    RelatedArticle.objects.filter(pk__in=former).delete()
    if article.status != Article.Status.PUBLISHED:
        return
    terms = keywords(article.title, text_of(article.body))
    ArticleTerm.objects.bulk_create([ArticleTerm(article=article, term=term) for term in terms if len(term) <= 20])
    scores = kin(article, terms)
    best = sorted(scores, key=lambda pk: (-scores[pk], -pk))[:KEPT]
    pairs = sorted([(article.pk, pk, scores[pk]) for pk in best] + [(pk, article.pk, scores[pk]) for pk in best])
    RelatedArticle.objects.bulk_create(
        [RelatedArticle(article_id=one, other_id=other, score=score) for one, other, score in pairs],
        ignore_conflicts=True,
    )


def kin(article: Article, terms: list[str]) -> dict[int, float]:
    """Scores of the articles that share something with this one, by id."""
    scores: defaultdict[int, float] = defaultdict(float)
    for term in terms:
        sharing = ArticleTerm.objects.filter(term=term).exclude(article=article).order_by("-article_id")
        ids = list(sharing.values_list("article_id", flat=True)[:NEWEST_PER_TERM])
        for pk in ids:
            # A word that few share says more than one that many do.
            scores[pk] += 2.0 / (1.0 + len(ids) ** 0.5)
    for tag in article.tags.all():
        for pk in newest_tagged(tag, article):
            scores[pk] += TAG_WEIGHT
    for pk in in_topics_of(article):
        scores[pk] += TOPIC_WEIGHT
    return weigh_by_time(article, scores)


def newest_tagged(tag: Tag, article: Article) -> list[int]:
    """The newest other articles with a tag: the head of the tag's list, for a tag may mark very many."""
    entries = ListEntry.objects.filter(scope=ListEntry.Scope.TAG, target=tag.pk, channel=0).exclude(article=article)
    return list(entries.order_by("-published_at", "-article_id").values_list("article_id", flat=True)[:NEWEST_PER_TERM])


def in_topics_of(article: Article) -> list[int]:
    """The other articles of the topics that the article is in, each once."""
    topics = TopicItem.objects.filter(article=article).values("section__topic")
    items = TopicItem.objects.filter(section__topic__in=topics).exclude(article=article).order_by("-article_id")
    return list(items.values_list("article_id", flat=True).distinct()[:NEWEST_PER_TERM])


def weigh_by_time(article: Article, scores: dict[int, float]) -> dict[int, float]:
    """Scores faded by the distance in time, a little more within the channel, the weak ones dropped."""
    weighed = {}
    # What is too weak before it fades is not read: the many that share a frequent word.
    strong = [pk for pk, score in scores.items() if score + CHANNEL_WEIGHT >= LEAST_SCORE]
    rows = Article.objects.filter(pk__in=strong, status=Article.Status.PUBLISHED)
    for pk, channel_id, published_at in rows.values_list("pk", "channel_id", "published_at"):
        days = abs(((article.published_at or timezone.now()) - published_at).days)
        score = scores[pk] * 0.5 ** (days / HALF_LIFE_DAYS)
        score += CHANNEL_WEIGHT if channel_id == article.channel_id else 0.0
        if score >= LEAST_SCORE:
            weighed[pk] = score
    return weighed


class Beside(NamedTuple):
    """What an article's page shows of other articles: 更多推荐, 今日热点, 上一篇 and 下一篇 of its channel."""

    recommended: list[Article]
    hot: list[Article]
    older: Article | None
    newer: Article | None


def neighbours(article: Article) -> list[QuerySet]:
    """The articles that readers of the channel find just before and just after a published one, as id querysets.

    Each reads one end of a range of the channel's list; of two published in the same second, the one with the
    lower number comes first.
    """
    at, pk = article.published_at, article.pk
    site, channel = ListEntry.Scope.SITE, article.channel_id
    # The range is said apart from the tie: the index serves it, while an OR over both it would not.
    before = entries(site, 0, channel=channel, before=at + timedelta(microseconds=1))
    before = before.filter(Q(published_at__lt=at) | Q(article__lt=pk))
    after = entries(site, 0, channel=channel).filter(Q(published_at__gt=at) | Q(article__gt=pk), published_at__gte=at)
    after = after.order_by("published_at", "article_id")
    return [places.values_list("article_id", flat=True)[:1] for places in (before, after)]


def beside(article: Article) -> Beside:
    """The other articles on an article's page, nothing both recommended and hot. Two queries.

    Recommended are its relatives, best first, filled up with the newest of its channel, then of the site.
    今日热点 leaves the relatives to them, unless on a young site there is nothing else: then the two share.
    The neighbours may be among them: they are a way through the channel, whatever else is shown.
    """
    relations = RelatedArticle.objects.filter(article=article).order_by("-score", "-other_id")
    of_channel = entries(ListEntry.Scope.SITE, 0, channel=article.channel_id)
    parts = [
        *neighbours(article),
        relations.values_list("other_id", flat=True)[:KEPT],
        of_channel.values_list("article_id", flat=True)[: SHOWN + HOT_SHOWN + 1],
        *hot_candidates(taken=SHOWN + 1),
    ]
    gathered = gather_ids(parts)
    ids = dict.fromkeys(pk for part in gathered for pk in part if pk != article.pk)
    found = {other.pk: other for other in in_order(list(ids))}
    older, newer, related, near, *hot = [[pk for pk in part if pk in found] for part in gathered]
    candidates = list(dict.fromkeys(pk for part in hot for pk in part))
    apart = [pk for pk in candidates if pk not in related[:SHOWN]]
    hottest = (apart or candidates[: (len(candidates) + 1) // 2])[:HOT_SHOWN]
    recommended = [pk for pk in dict.fromkeys([*related, *near, *hot[-1]]) if pk not in hottest][:SHOWN]
    return Beside(
        recommended=[found[pk] for pk in recommended],
        hot=[found[pk] for pk in hottest],
        older=found[older[0]] if older else None,
        newer=found[newer[0]] if newer else None,
    )
