"""Hits as readers see them: ranked, paged, the words that were found marked in title and text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.http import Http404
from django.utils.safestring import SafeString, mark_safe

from articles.lists import in_order
from articles.models import Article, Credit, Tag
from newsportal.lib.bigrams import SAME_LENGTH
from newsportal.lib.html import text_of
from newsportal.lib.pagination import ListPage

from .index import backend
from .matching import MOST_HITS, Hit
from .query import Query, Term

PAGE_SIZE = 10
SNIPPET, BEFORE = 110, 28
MOST_PLACES = 50  # of a text that are weighed against each other
# A snippet begins after one of these when one stands shortly before the hit.
SENTENCE_END = re.compile(r"[。！？；\n]")
# What a result reads of an article and its rows: half of their columns, and the body.
SHOWN = [
    *["title", "lead", "body", "published_at", "source__name", "video__seconds"],
    *["channel__name", "channel__slug", "channel__kind", "channel__link"],
    *["cover__data", "cover__alt", "cover__focal_x", "cover__focal_y"],
]
SUGGESTED_ARTICLES, SUGGESTED_TAGS, ASKED_FOR_TAGS = 6, 3, 60


@dataclass(frozen=True)
class Result:
    """An article that was found. The three texts are safe HTML; `names` are its tags and authors with a hit in them."""

    article: Article
    title: SafeString
    snippet: SafeString
    source: SafeString
    names: list[SafeString]


@dataclass(frozen=True)
class Found:
    """The hits of a query, in the order asked for; `is_capped` when there are more than MOST_HITS."""

    hits: list[Hit]
    is_capped: bool


def find(query: Query, *, by_time: bool = False) -> Found:
    """Hits whose titles have most of the words first, newer before older; or only newer before older.

    One query on SQLite; two on PostgreSQL, up to five where many articles are searched for a rare word.
    """
    hits = backend().find(query)
    ranked = hits[:MOST_HITS] if by_time else sorted(hits[:MOST_HITS], key=lambda hit: -hit.in_title)
    return Found(ranked, is_capped=len(hits) > MOST_HITS)


def find_page(query: Query, number: int, *, by_time: bool = False) -> tuple[ListPage, Found]:
    """A page of results, and all that was found. Three queries more than `find`. Raises Http404 beyond the last."""
    found = find(query, by_time=by_time)
    last = max(1, -(-len(found.hits) // PAGE_SIZE))
    if number > last:
        raise Http404("没有这样的页码。")
    ids = [hit.article_id for hit in found.hits[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]]
    words, names = word_finder(query.terms), names_of(ids)
    results = [result_of(article, names[article.pk], words) for article in with_text(ids)]
    return ListPage(results, number, last), found


def with_text(ids: Sequence[int]) -> list[Article]:
    """The published articles of these ids, in this order, with all that a result is made of. One query."""
    rows = Article.objects.published().select_related("channel", "source", "cover", "video").only(*SHOWN)
    found = {article.pk: article for article in rows.filter(pk__in=ids)} if ids else {}
    return [found[pk] for pk in ids if pk in found]


def names_of(ids: Sequence[int]) -> dict[int, list[str]]:
    """The authors of these articles, then their tags, each name once. Two queries."""
    authors = Credit.objects.filter(article__in=ids).values_list("article", "author__name")
    tags = (
        Article.tags.through.objects.filter(article__in=ids).order_by("tag__name").values_list("article", "tag__name")
    )
    names: dict[int, dict[str, None]] = {pk: {} for pk in ids}
    for pk, name in [*authors, *tags]:
        names[pk][name] = None
    return {pk: list(found) for pk, found in names.items()}


def result_of(article: Article, names: Sequence[str], words: re.Pattern[str]) -> Result:
    return Result(
        article,
        title=mark(article.title, words),
        snippet=snippet(article, words),
        source=mark(article.source.name, words),
        names=[mark(name, words) for name in names if hits(name, words)],
    )


# --- Marking ---


def word_finder(terms: Sequence[Term]) -> re.Pattern[str]:
    """What finds any of the terms in a text translated by SAME_LENGTH; its groups are the terms. Longer terms win."""
    longest_first = sorted(terms, key=lambda term: -len(term.form))
    return re.compile("|".join(f"({term.pattern})" for term in longest_first))


def hits(text: str, words: re.Pattern[str]) -> list[re.Match[str]]:
    """Where the words stand in the text, by the positions of the text itself."""
    return list(words.finditer(text.translate(SAME_LENGTH)))


def highlight(text: str, terms: Sequence[Term]) -> SafeString:
    """The text as safe HTML, every term marked."""
    return mark(text, word_finder(terms))


def mark(text: str, words: re.Pattern[str]) -> SafeString:
    """The text as HTML with its words marked. Safe: every part of the text is escaped."""
    parts, end = [], 0
    for match in hits(text, words):
        found = text[match.start() : match.end()]
        parts += [escape(text[end : match.start()]), "<mark>", escape(found), "</mark>"] if found else []
        end = match.end()
    return mark_safe("".join([*parts, escape(text[end:])]))


def snippet(article: Article, words: re.Pattern[str]) -> SafeString:
    """The place of lead or body where most of the words stand together; the lead when none does."""
    text, place, most = article.lead, 0, 0
    if found := hits(text, words):
        most, place = best_place(found)
    if most < words.groups and (found := hits(body := text_of(article.body), words)):
        variety, start = best_place(found)
        if variety > most:
            text, place = body, start
    return mark(cut(text, place), words)


def best_place(found: Sequence[re.Match[str]]) -> tuple[int, int]:
    """(how many different words, where the first of them begins) of the part of a text that has most of them."""

    def variety(match: re.Match[str]) -> int:
        end = match.start() + SNIPPET - BEFORE
        return len({other.lastindex for other in found[:MOST_PLACES] if match.start() <= other.start() < end})

    best = max(found[:MOST_PLACES], key=variety)
    return variety(best), best.start()


def cut(text: str, position: int) -> str:
    """About SNIPPET characters around a position, from the beginning of its sentence if that is near, on one line."""
    start = max(0, position - BEFORE)
    sentence = SENTENCE_END.search(text, start, position) if start else None
    begin = sentence.end() if sentence else start
    end = begin + SNIPPET
    part = " ".join(text[begin:end].split())
    return f"{'…' if start and not sentence else ''}{part}{'…' if end < len(text) else ''}"


# --- While typing ---


def suggest(query: Query) -> tuple[list[Article], list[Tag]]:
    """Articles with all the words in their titles, newest first, and tags of what was found with a word in their names.

    Two queries more than `find`.
    """
    found = find(query)
    in_title = [hit.article_id for hit in found.hits if hit.in_title == len(query.terms)]
    articles = in_order(in_title[:SUGGESTED_ARTICLES]) if in_title else []
    tags = Tag.objects.filter(articles__in=[hit.article_id for hit in found.hits[:ASKED_FOR_TAGS]]).distinct()
    words = word_finder(query.terms)
    return articles, [tag for tag in tags if hits(tag.name, words)][:SUGGESTED_TAGS] if found.hits else []
