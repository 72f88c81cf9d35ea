"""The word desk: what a text says that the newsroom watches (敏感词库), and what follows from it.

Articles, comments and names are different texts: a word says in which of them it is looked for, its scope.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Q
from django.utils import timezone

from newsportal.lib.html import page_titles, text_of
from newsportal.lib.wordlist import Entry, Hit, WordList

from .models import Article, ListedWord

Scope = ListedWord.Scope
Level = ListedWord.Level
# The fields that readers read, in the order in which they stand in the form; the body is HTML.
WATCHED = ("kicker", "title", "subtitle", "short_title", "lead", "body")
AROUND = 12  # characters of context on either side of a hit
MOST_FINDINGS = 20  # of one text that anybody is told of
TRIED_DAYS, MOST_TRIED, MOST_SHOWN = 30, 5000, 50
# What an article with a word of each level would have met on its way to readers.
CONSEQUENCES = {Level.BLOCK: "送审时拦下", Level.HOLD: "没有放行权的人不能发布", Level.WARN: "只提醒"}


@dataclass(frozen=True)
class Finding:
    """A listed word in a text, with what stands around it. `label` is the Chinese name of the field it stands in."""

    word: ListedWord
    field: str
    label: str
    before: str
    found: str
    after: str

    def __str__(self) -> str:
        word = self.word
        listed = f"{word.created_by or '系统'} {timezone.localtime(word.created_at):%Y-%m-%d} 列入"
        level = word.get_level_display()
        return f"{self.label}“{self.before}【{self.found}】{self.after}”：{level}词“{word}”。{word.reason}（{listed}）"


class Keeper:
    """The words of one scope as they stand, ready to search: built once a state of the table, in this process."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.lock = threading.Lock()
        self.state: tuple | None = None
        self.words: dict[int, ListedWord] = {}
        self.list = WordList([])

    def get(self) -> tuple[WordList, dict[int, ListedWord]]:
        """The list, and its rows by their keys. One query; two after the table changed."""
        # Of all words, so that one that leaves the scope is noticed: a save moves the date, a deletion the count.
        active = Count("pk", filter=Q(is_active=True))
        state = tuple(
            ListedWord.objects.order_by().aggregate(Count("pk"), Max("pk"), Max("changed_at"), active=active).values()
        )
        with self.lock:
            if state != self.state:
                rows = ListedWord.objects.in_force(self.scope).select_related("created_by")
                self.words = {word.pk: word for word in rows}
                self.list = WordList(Entry(word.pk, word.word, word.phrases) for word in self.words.values())
                self.state = state
            return self.list, self.words


keepers = {scope: Keeper(scope) for scope in Scope}


def search(texts: Iterable[tuple[str, str, str]], scope: Scope) -> list[Finding]:
    """The gravest listed words in texts given as (field, its Chinese name, plain text); at most MOST_FINDINGS.

    One query, or two. The one way to ask, whatever the text is.
    """
    listed, words = keepers[scope].get()
    found = [
        Finding(words[hit.key], field, label, *context(text, hit))
        for field, label, text in texts
        for hit in listed.find(text)
    ]
    order = list(Level)
    return sorted(found, key=lambda finding: order.index(finding.word.level))[:MOST_FINDINGS]


def findings(texts: dict[str, str]) -> list[Finding]:
    """What is found in the watched fields of an article, given by name. One query, or two."""
    return search(readable(texts), Scope.ARTICLE)


def findings_in(article: Article) -> list[Finding]:
    return findings({name: getattr(article, name) for name in WATCHED})


def readable(texts: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(field, its Chinese name, the text that a reader sees), for each watched field that is given and has any."""
    for field in WATCHED:
        if text := texts.get(field):
            shown = "\n".join([text_of(text), *page_titles(text)]) if field == "body" else text
            yield field, Article.label_of(field), shown


def context(text: str, hit: Hit) -> tuple[str, str, str]:
    """What stands before the hit, the hit, and what stands after it, on one line."""
    parts = text[max(0, hit.start - AROUND) : hit.start], text[hit.start : hit.end], text[hit.end : hit.end + AROUND]
    return tuple(part.replace("\n", " ") for part in parts)


def may_release(user) -> bool:
    """Whether an article with held words may be published by this member of the newsroom."""
    return user.has_perm("articles.release_held_words")


def stopping(found: Iterable[Finding], *, may_release: bool) -> list[Finding]:
    """Those that stand against publication, by somebody who may release held words or may not."""
    levels = {Level.BLOCK} if may_release else {Level.BLOCK, Level.HOLD}
    return [finding for finding in found if finding.word.level in levels]


# --- Before a word is listed ---


@dataclass(frozen=True)
class Trial:
    """What a word would have met: in how many of the articles looked at it stands, the newest of them with each place.

    `consequence` is what would have become of them, by the level of the word.
    """

    looked_at: int
    is_capped: bool
    stopped: int
    consequence: str
    shown: list[tuple[Article, list[Finding]]]


def try_word(word: ListedWord) -> Trial:
    """Look for an unsaved word in what was published in the last thirty days, at most 5,000 articles. One query."""
    listed = WordList([Entry(0, word.word, word.phrases)])
    since = timezone.now() - timedelta(days=TRIED_DAYS)
    recent = Article.objects.published().filter(published_at__gte=since).newest_first()
    names = ["published_at", "channel__slug", "channel__name", *WATCHED]
    looked_at = stopped = 0
    shown: list[tuple[Article, list[Finding]]] = []
    for article in recent.select_related("channel").only(*names)[:MOST_TRIED].iterator(chunk_size=200):
        looked_at += 1
        texts = readable({name: getattr(article, name) for name in WATCHED})
        found = [
            Finding(word, field, label, *context(text, hit))
            for field, label, text in texts
            for hit in listed.find(text)
        ]
        if found:
            stopped += 1
            if len(shown) < MOST_SHOWN:
                shown.append((article, found))
    return Trial(looked_at, looked_at == MOST_TRIED, stopped, CONSEQUENCES[Level(word.level)], shown)
