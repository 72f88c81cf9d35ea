"""本文目录: the headings of a long article and the addresses that lead to them. Nothing here queries."""

import itertools
import re
from dataclasses import dataclass

from newsportal.lib.html import text_of

from .models import Article

# Cleaned HTML writes headings in just this way: without attributes, and none inside another.
HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
FEWEST = 4


@dataclass(frozen=True)
class Entry:
    """A line of the contents: its words, where it leads, and how deep it stands, from 1 on."""

    text: str
    url: str
    depth: int


def anchor(page: int, heading: int = 0) -> str:
    """The id of a heading, counted within its in-article page from 1 on; without a heading, of the page's own title."""
    return f"p{page}-{heading}" if heading else f"p{page}"


def with_anchors(html: str, page: int) -> str:
    """Cleaned body HTML of an in-article page, each h2 and h3 with the id that the contents lead to.

    Done when a page is shown, so that articles rendered long ago have them too.
    """
    count = itertools.count(1)
    return HEADING.sub(lambda match: f'<{match[1]} id="{anchor(page, next(count))}">{match[2]}</{match[1]}>', html)


def contents_of(article: Article, *, shown: range) -> list[Entry]:
    """The contents of an article on whose page the in-article pages `shown` stand; empty for less than FEWEST lines."""
    found = [line for number, page in enumerate(article.rendered, 1) for line in headings_of(page, number)]
    if len(found) < FEWEST:
        return []
    ranks = sorted({rank for rank, _, _, _ in found})
    return [
        Entry(text, f"{'' if page in shown else article.page_url(page)}#{target}", ranks.index(rank) + 1)
        for rank, text, page, target in found
    ]


def headings_of(page: dict[str, str], number: int) -> list[tuple[int, str, int, str]]:
    """(rank, words, number of the page, id) of a page's title, rank 1, and of its h2 and h3, ranks 2 and 3."""
    title = [(1, page["title"], number, anchor(number))] if page["title"] else []
    headings = enumerate(HEADING.findall(page["html"]), 1)
    return title + [(int(tag[1]), text_of(html), number, anchor(number, count)) for count, (tag, html) in headings]
