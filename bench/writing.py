"""Generated articles, as rows of the tables: the same for the same seed, number, end and size of batches."""

import random
from bisect import bisect
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any

from articles.models import Article

from .history import History, Staff, Work
from .pictures import FIGURE_EVERY, Pictures
from .rows import EVERY, Rows, text_of
from .stock import Stock, names_among, rare_name

SCHEDULED = 12  # the last so many, an hour apart from now on
RELATIVES, TERMS = 10, 8
SENTENCES = 45  # at hand for a body
READS_FOR = timedelta(days=31)
COLUMNS = [column.column for column in Article._meta.concrete_fields]
in_order = itemgetter(*COLUMNS)


@dataclass
class Cast:
    """The ids of what articles belong to, each list in the order of its weight."""

    channels: list[int]
    regions: list[tuple[int, ...]]  # each with the province above it
    tags: list[int]
    authors: list[int]
    sources: list[int]  # the first is the newsroom's own
    files: list[dict[str, Any]]  # of the pictures that are stored
    staff: Staff
    names: dict[str, dict[int, str]]  # of channels, regions, tags, authors and sources, by what a revision calls them
    editors: list[str] = field(default_factory=lambda: ["沈若谷", "程予安", "顾闻天", "陆以宁"])


def zipf(count: int, *, power: float = 1.0) -> list[float]:
    """Cumulative weights of so many things, the first the heaviest."""
    return list(accumulate(1.0 / (rank + 1) ** power for rank in range(count)))


class Writer:
    """Writes `count` articles, the newest at `end`, a moment of UTC."""

    def __init__(self, stock: Stock, cast: Cast, *, count: int, end: datetime, seed: str = "newsportal") -> None:
        self.stock, self.cast, self.count, self.end, self.seed = stock, cast, count, end, seed
        self.names, self.texts = names_among(count), 0
        captions = [sentence[:-1] for sentence in stock.sentences[:5000]]
        self.pictures = Pictures(cast.files, captions, cast.staff.steps[0], count, end)
        self.history = History(cast.staff, count, end)
        # Nearly half of it flashes, so that a million articles have a channel of more than 20,000 pages.
        others = zipf(len(cast.channels) - 1, power=0.7)
        self.channel_weights = [0.45, *(0.45 + 0.55 * weight / others[-1] for weight in others)]
        self.source_weights = [0.55, *(0.55 + 0.45 * w / len(cast.sources) for w in range(1, len(cast.sources)))]
        self.region_weights = zipf(len(cast.regions), power=0.4)
        self.tag_weights, self.author_weights = zipf(len(cast.tags)), zipf(len(cast.authors), power=0.6)

    def batch(self, first: int, size: int) -> Rows:
        """All rows, table by table, of so many articles from the id `first` on, whatever was written before."""
        self.random = random.Random(f"{self.seed} {self.count} {first}")
        self.recent: defaultdict[int, deque[int]] = defaultdict(lambda: deque(maxlen=RELATIVES // 2 + 1))
        rows: Rows = defaultdict(list)
        for number in range(first, min(first + size, self.count + 1)):
            self.write(number, rows)
        # In the order of the indexes that are kept while tables are filled.
        rows["articles_listentry"].sort(key=itemgetter(0, 1, 2, 4))
        rows["articles_articleterm"].sort(key=itemgetter(1))
        return rows

    def one(self, things: list, weights: list[float]) -> Any:
        return things[bisect(weights, self.random.random() * weights[-1], 0, len(things) - 1)]

    def moment(self, number: int) -> datetime:
        """When the article is published. The last ones are scheduled."""
        ahead = number - (self.count - SCHEDULED)
        if ahead > 0:
            return self.end + timedelta(hours=ahead)
        return self.end + ahead * EVERY - timedelta(seconds=int(self.random.random() * 300))

    def write(self, pk: int, rows: Rows) -> None:
        """Add one article with all that belongs to it and is derived from it."""
        start = int(self.random.random() * (len(self.stock.draws) - SENTENCES))
        picked = self.stock.draws[start : start + SENTENCES]
        body, characters = self.body(picked)
        moment = self.moment(pk)
        row = self.article(pk, moment, body, characters, [self.stock.sentences[number] for number in picked[:3]])
        self.show(row, rows)
        rows["articles_article"].append(in_order(row))
        named, tags = self.belong(pk, row, rows)
        self.history.add(Work(row, named, moment), rows)
        if row["status"] == "published":
            words = dict.fromkeys(chain.from_iterable([self.stock.words[number] for number in picked[:6]]))
            rows["articles_articleterm"] += [(pk, word) for word in list(words)[:TERMS]]
            self.relate(pk, tags, rows)
            self.read(pk, moment, rows)

    def text(self) -> str:
        """A body that belongs to no article of the archive."""
        self.random = random.Random(f"{self.seed} text {self.texts}")
        self.texts += 1
        return self.body(self.random.choices(self.stock.draws, k=SENTENCES))[0]

    def body(self, picked: list[int]) -> tuple[str, int]:
        """Three to nine hundred characters in paragraphs, two rare names among them; HTML and its length."""
        length, characters, paragraphs = 300 + int(self.random.random() * 540), 0, []
        for first in range(0, SENTENCES, 3):
            text = "".join([self.stock.sentences[number] for number in picked[first : first + 3]])
            if first < 6:
                text = f"{rare_name(int(self.random.random() * self.names))}说，{text}"
            paragraphs.append(text)
            characters += len(text)
            if characters >= length:
                break
        return "<p>" + "</p>\n<p>".join(paragraphs) + "</p>", characters

    def show(self, row: dict[str, Any], rows: Rows) -> None:
        """The pictures that came in with the article, one of them in some bodies; and where each is shown."""
        pk, shown = row["id"], [row["cover_id"]] if row["cover_id"] else []
        self.pictures.add(pk, rows)
        if pk % FIGURE_EVERY == 7:
            row["body"], row["pages"], number = self.pictures.into(pk, row["body"])
            rows["articles_articlephoto"].append((pk, number))
            shown.append(number)
        if row["status"] != "draft":
            rows["articles_shownphoto"] += [(pk, number) for number in dict.fromkeys(shown)]

    def article(self, pk: int, moment: datetime, body: str, characters: int, sentences: list[str]) -> dict[str, Any]:
        """The row of the article, by column."""
        chance = self.random.random()
        status = "draft" if chance < 0.01 else "withdrawn" if chance < 0.015 else "published"
        source = self.one(self.cast.sources, self.source_weights)
        is_own = source == self.cast.sources[0]
        expiry = self.random.random()
        expires = None
        if status == "published" and expiry < 0.02 and moment < self.end - timedelta(days=8):
            # Half of them are past their time, half will be one day.
            expires = moment + timedelta(days=7) if expiry < 0.01 else self.end + timedelta(days=300)
        title = f"{self.random.choice(self.stock.titles)}：{sentences[0][:-1]}"[:60]
        return {
            "id": pk,
            "title": title,
            "short_title": title[:24] if pk % 3 == 0 else "",
            "kicker": "",
            "subtitle": sentences[1][:40] if pk % 4 == 0 else "",
            "lead": "".join(sentences)[:110],
            "channel_id": self.one(self.cast.channels, self.channel_weights),
            "origin": "original" if is_own else "reprint",
            "source_id": source,
            "source_url": "" if is_own else f"https://example.com/{pk}.html",
            "original_title": "",
            "duty_editor": self.cast.editors[pk % len(self.cast.editors)],
            "cover_id": self.pictures.cover_of(pk, self.random.random()) if self.random.random() < 0.6 else None,
            "video_id": None,
            "body": body,
            "pages": "[]",
            "page_count": 1,
            "characters": characters,
            "ai_use": "none",
            "comments_open": True,
            "status": status,
            "published_at": None if status == "draft" else text_of(moment),
            "expires_at": text_of(expires),
            "updated_at": None,
            "withdrawn_at": text_of(moment + timedelta(days=1)) if status == "withdrawn" else None,
            "withdrawn_reason": "来源有误" if status == "withdrawn" else "",
            "draft_of_id": None,
            "version": 1,
            "created_by_id": self.cast.staff.of_step(0, pk),
            "created_at": text_of(moment - timedelta(hours=3)),
            "modified_at": text_of(moment - timedelta(hours=1)),
        }

    def belong(self, pk: int, row: dict[str, Any], rows: Rows) -> tuple[dict[str, Any], list[int]]:
        """Regions, tags and authors, and the places in lists that follow from them.

        Returns what a revision holds of them, and the tags.
        """
        chance = self.random.random()
        count = 0 if chance < 0.2 else 1 if chance < 0.9 else 2
        regions = list(dict.fromkeys(self.one(self.cast.regions, self.region_weights) for _ in range(count)))
        tags = list(dict.fromkeys(self.one(self.cast.tags, self.tag_weights) for _ in range(2)))
        author = self.one(self.cast.authors, self.author_weights)
        rows["articles_article_regions"] += [(pk, lineage[0]) for lineage in regions]
        rows["articles_article_tags"] += [(pk, tag) for tag in tags]
        rows["articles_credit"].append((pk, "作者", author, 1))
        expires = row["expires_at"]
        if row["status"] == "published" and (expires is None or expires > text_of(self.end)):
            channel, when = row["channel_id"], (row["published_at"], expires)
            lists = [(0, 0, 0), (0, 0, channel), (3, author, 0), (4, row["source_id"], 0)]
            lists += [(2, tag, 0) for tag in tags]
            areas = dict.fromkeys(region for lineage in regions for region in lineage)
            lists += [(1, region, part) for region in areas for part in (0, channel)]
            rows["articles_listentry"] += [(*place, pk, *when) for place in lists]
        return self.named(row, [lineage[0] for lineage in regions], tags, author), tags

    def named(self, row: dict[str, Any], regions: list[int], tags: list[int], author: int) -> dict[str, Any]:
        """What a revision of the article holds beside its text: references with the names that they had."""
        names, cover = self.cast.names, row["cover_id"]
        return {
            "channel": [row["channel_id"], names["channel"][row["channel_id"]]],
            "source": [row["source_id"], names["source"][row["source_id"]]],
            "cover": [cover, self.pictures.caption(cover)] if cover else None,
            "video": None,
            "regions": [[pk, names["regions"][pk]] for pk in sorted(regions)],
            "tags": [[pk, names["tags"][pk]] for pk in sorted(tags)],
            "credits": [["作者", author, names["credits"][author]]],
        }

    def relate(self, pk: int, tags: list[int], rows: Rows) -> None:
        """Relatives among the newest of the batch that share a tag."""
        kin = list(dict.fromkeys(other for tag in tags for other in self.recent[tag]))[:RELATIVES]
        rows["articles_relatedarticle"] += [(pk, other, 4 - place / 10) for place, other in enumerate(kin)]
        for tag in tags:
            self.recent[tag].append(pk)

    def read(self, pk: int, published_at: datetime, rows: Rows) -> None:
        total = int(self.random.lognormvariate(5, 1))
        rows["articles_articlereads"].append((pk, total))
        hour = published_at.replace(minute=0, second=0, microsecond=0)
        if self.end - READS_FOR < published_at < self.end:
            rows["articles_hourlyreads"] += [
                (pk, text_of(hour + timedelta(hours=later)), 1 + total // (8 * (later + 1)))
                for later in range(6)
                if hour + timedelta(hours=later) <= self.end
            ]
