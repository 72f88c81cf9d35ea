"""The texts of the demo as articles without pictures, quickly loaded; and the plain scan that the search must equal."""

import itertools
import random
import re
import unicodedata
from datetime import timedelta
from functools import cache

import opencc
from django.utils import timezone

from articles import search
from articles.models import Article, Author, Channel, Credit, Source, Tag
from newsportal.demo import texts
from newsportal.lib.html import clean_html, text_of
from regions.models import Region

FIELDS = ("title", "short_title", "kicker", "subtitle", "lead", "original_title", "duty_editor")
simplified = opencc.OpenCC("t2s").convert


@cache
def bodies() -> dict[str, str]:
    return {row["key"]: clean_html(row["body"]) for _, row in texts.articles()}


def load_corpus() -> dict[int, list[str]]:
    """All articles of the demo, published and indexed; the texts of each that readers may search, by its id."""
    site = texts.site()
    channels = {row["slug"]: Channel.objects.create(**row) for row in site["channel"]}
    sources = {row["name"]: Source.objects.create(**row) for row in site["source"]}
    authors = {row["name"]: Author.objects.create(**row) for row in site["author"]}
    regions = {region.slug: region for region in Region.objects.all()}
    own = next(source for source in sources.values() if source.is_own)
    corpus, now = {}, timezone.now()
    for slug, row in texts.articles():
        article = Article.objects.create(
            **{name: row[name] for name in FIELDS if name in row},
            channel=channels[slug],
            source=sources.get(row.get("source"), own),
            body=bodies()[row["key"]],
            status=Article.Status.PUBLISHED,
            published_at=now - timedelta(days=row["days_ago"], minutes=len(corpus) + 1),
        )
        article.regions.set(regions[name] for name in row["regions"])
        article.tags.set(Tag.objects.get_or_create(name=name)[0] for name in row["tags"])
        names = list(dict.fromkeys(name for _, name in row["credits"]))
        Credit.objects.bulk_create(Credit(article=article, author=authors[name]) for name in names)
        written = [getattr(article, name) for name in FIELDS]
        corpus[article.pk] = [*written, text_of(article.body), article.source.name, *names, *row["tags"]]
    for batch in itertools.batched(search.searchable(), 100, strict=False):
        search.write_many([search.document_of(article) for article in batch])
    return corpus


# --- The plain scan: what a match is, said without any of the code under test ---


def plain(text: str) -> str:
    """Compatibility forms, case and Traditional characters folded; full-width spaces left out, as in 张　三."""
    folded = unicodedata.normalize("NFKC", text.replace("\u3000", "")).lower()
    return "".join(map(simplified, folded)).replace("著", "着")


def scan(corpus: dict[int, list[str]], words: str) -> set[int]:
    """The articles in one of whose texts the words stand, by going through all of them.

    Latin words and numbers match from their beginning to their end; one at the end of the words that has three letters
    or more may also be the beginning of a longer one.
    """
    wanted = plain(words)
    begin = r"(?<![a-z0-9])" if wanted[0].isascii() else ""
    last = re.search(r"[a-z0-9]*$", wanted)[0]
    may_go_on = len(last) >= 3 and not last[0].isdigit()
    end = r"(?![a-z0-9])" if last and not may_go_on else ""
    pattern = re.compile(f"{begin}{re.escape(wanted)}{end}")
    return {pk for pk, fields in plain_corpus(corpus).items() if any(pattern.search(field) for field in fields)}


def plain_corpus(corpus: dict[int, list[str]], *, kept: dict[int, dict] = {}) -> dict[int, list[str]]:  # noqa: B006
    """The corpus folded, once for all scans."""
    if id(corpus) not in kept:
        kept[id(corpus)] = {pk: [plain(field) for field in fields] for pk, fields in corpus.items()}
    return kept[id(corpus)]


def cuttings(corpus: dict[int, list[str]], kind: str, most: int) -> list[str]:
    """Different words to search for, cut from random places of the corpus: "han", "mixed", "latin"."""
    choice, found = random.Random(f"search {kind}"), {}
    runs = [run for fields in corpus.values() for field in fields for run in re.findall(RUNS[kind], field)]
    for _ in range(20_000):
        units = re.findall(r"[a-zA-Z0-9]+|[^a-zA-Z0-9]", choice.choice(runs))
        first, length = choice.randrange(len(units)), choice.randint(1, 6)
        cutting = "".join(units[first : first + length])
        if re.search(NEEDED[kind], cutting):
            found[cutting] = None
        if len(found) == most:
            break
    return list(found)


RUNS = {"han": r"[一-鿿]+", "mixed": r"[一-鿿a-zA-Z0-9]+", "latin": r"[a-zA-Z0-9]+"}
NEEDED = {"han": r".", "mixed": r"[a-zA-Z0-9][一-鿿]|[一-鿿][a-zA-Z0-9]", "latin": r"."}
