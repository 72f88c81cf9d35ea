import random
import sys
from collections.abc import Iterator

from django.core.management.base import BaseCommand

from articles import search
from articles.models import Article, SearchDocument
from newsportal.lib.bigrams import UNIT

SHOWN = 20
BATCH = 500


class Command(BaseCommand):
    help = (
        "Compare the search index with the articles, and look for passages taken from them; exits 1 if they differ. "
        "核对搜索索引与稿件；有出入时退出码为 1，用 rebuild_search 修复。"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--samples", type=int, default=100, help="passages to look for (100)")

    def handle(self, *, samples: int, **options) -> None:
        wanted = set(search.searchable().order_by().values_list("pk", flat=True))
        indexed = set(SearchDocument.objects.values_list("article_id", flat=True))
        lacking, left_over = search.index_faults()
        faults = {
            "没有收录的稿件": wanted - indexed,
            "不该收录的稿件": indexed - wanted,
            "内容已经过时的稿件": set(self.stale()),
            "全文索引里缺少的记录": lacking,
            "全文索引里多余的记录": left_over,
            "抽查搜不到的稿件": set(self.not_found(sorted(wanted & indexed), samples)),
        }
        for name, found in faults.items():
            if found:
                self.stdout.write(f"{name}：{len(found)}，编号 {' '.join(map(str, sorted(found)[:SHOWN]))}")
        if any(faults.values()):
            self.stdout.write("请运行 rebuild_search；全文索引本身有出入时加 --anew。")
            sys.exit(1)
        self.stdout.write(f"搜索索引与稿件一致：{len(wanted)} 篇，抽查 {min(samples, len(wanted))} 处全部找到。")

    def stale(self) -> Iterator[int]:
        """Articles whose documents say something else than the articles do. Reads everything, BATCH at a time."""
        articles = search.searchable().prefetch_related("search_document").order_by("pk")
        for article in articles.iterator(chunk_size=BATCH):
            row = getattr(article, "search_document", None)
            if row is None:
                continue
            document = search.document_of(article)
            written = (row.pk, row.article_id, row.expires_at, row.facets, row.title, row.text)
            if written != (document.key, *document.row):
                yield article.pk

    def not_found(self, ids: list[int], samples: int) -> Iterator[int]:
        """Articles that a passage cut at random from their own words does not find."""
        choice = random.Random()  # noqa: S311 -- a sample, not a secret
        published = Article.objects.published()
        for pk in choice.sample(ids, min(samples, len(ids))):
            document = SearchDocument.objects.filter(article_id=pk).first()
            passage = passage_of(document.text, choice) if document else ""
            if not passage or not published.filter(pk=pk).exists():
                continue
            found = search.find(search.Query(terms=(search.Term(passage),)))
            if not found.is_capped and pk not in {hit.article_id for hit in found.hits}:
                yield pk


def passage_of(text: str, choice: random.Random) -> str:
    """A few neighbouring units of a normal form, cut anywhere; empty when there is nothing to read."""
    units = list(UNIT.finditer(choice.choice(text.split("\n"))))
    if not units:
        return ""
    first = choice.randrange(len(units))
    last = units[first : first + choice.randint(1, 6)][-1]
    return last.string[units[first].start() : last.end()]
