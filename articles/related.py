"""更多推荐: which articles are kin to which, by topic, tags and shared words, weighed by how near they are in time."""

from collections import defaultdict

from django.db import models
from django.utils import timezone

from newsportal.lib.chinese import keywords
from newsportal.lib.html import text_of

from .lists import HOT_SHOWN, gather_ids, hot_candidates, in_order
from .models import Article, ArticleTerm, RelatedArticle, TopicItem

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
    RelatedArticle.objects.filter(article=article).delete()
    RelatedArticle.objects.filter(other=article).delete()
    if article.status != Article.Status.PUBLISHED:
        return
    terms = keywords(article.title, text_of(article.body))
    ArticleTerm.objects.bulk_create([ArticleTerm(article=article, term=term) for term in terms if len(term) <= 20])
    scores = kin(article, terms)
    best = sorted(scores, key=lambda pk: (-scores[pk], -pk))[:KEPT]
    RelatedArticle.objects.bulk_create(
        [RelatedArticle(article=article, other_id=pk, score=scores[pk]) for pk in best]
        + [RelatedArticle(article_id=pk, other=article, score=scores[pk]) for pk in best]
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
        for pk in newest_with(models.Q(tags=tag), article):
            scores[pk] += TAG_WEIGHT
    sections = TopicItem.objects.filter(article=article).values("section__topic")
    for pk in newest_with(models.Q(topic_items__section__topic__in=sections), article):
        scores[pk] += TOPIC_WEIGHT
    return weigh_by_time(article, scores)


def newest_with(condition: models.Q, article: Article) -> set[int]:
    found = Article.objects.filter(condition, status=Article.Status.PUBLISHED).exclude(pk=article.pk)
    return set(found.order_by("-id").values_list("pk", flat=True)[:NEWEST_PER_TERM])


def weigh_by_time(article: Article, scores: dict[int, float]) -> dict[int, float]:
    """Scores faded by the distance in time, a little more within the channel, the weak ones dropped."""
    weighed = {}
    rows = Article.objects.filter(pk__in=list(scores), status=Article.Status.PUBLISHED)
    for pk, channel_id, published_at in rows.values_list("pk", "channel_id", "published_at"):
        days = abs(((article.published_at or timezone.now()) - published_at).days)
        score = scores[pk] * 0.5 ** (days / HALF_LIFE_DAYS)
        score += CHANNEL_WEIGHT if channel_id == article.channel_id else 0.0
        if score >= LEAST_SCORE:
            weighed[pk] = score
    return weighed


def beside(article: Article) -> tuple[list[Article], list[Article]]:
    """更多推荐 and 今日热点 of an article's page, nothing in both. Two queries.

    Recommended are its relatives, best first, filled up with the newest of its channel.
    """
    relations = RelatedArticle.objects.filter(article=article).order_by("-score", "-other_id")
    of_channel = Article.objects.published().filter(channel=article.channel_id).order_by("-published_at", "-id")
    parts = [
        relations.values_list("other_id", flat=True)[:KEPT],
        of_channel.values_list("pk", flat=True)[: SHOWN + 1],
        *hot_candidates(),
    ]
    related, newest, *hot = gather_ids(parts)
    ids = list(dict.fromkeys(pk for part in (related, newest, *hot) for pk in part if pk != article.pk))
    found = {other.pk: other for other in in_order(ids)}
    recommended = [found[pk] for pk in dict.fromkeys(related + newest) if pk in found][:SHOWN]
    shown = {other.pk for other in recommended}
    hottest = [found[pk] for pk in dict.fromkeys(pk for part in hot for pk in part) if pk in found and pk not in shown]
    return recommended, hottest[:HOT_SHOWN]
