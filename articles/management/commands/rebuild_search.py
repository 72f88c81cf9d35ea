import time

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from articles import search
from articles.models import SearchDocument

BATCH = 200


class Command(BaseCommand):
    help = (
        "Write the search index anew from the articles, batch by batch, while the site runs. "
        "重建搜索索引：分批进行，网站照常运行；中断后可用 --from 接着做。"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--from", dest="first", type=int, default=1, metavar="ID", help="begin at this article")
        parser.add_argument("--anew", action="store_true", help="empty the index first; search finds less until done")
        parser.add_argument("--if-empty", action="store_true", help="do nothing unless the index is empty")

    def handle(self, *, first: int, anew: bool, if_empty: bool, **options) -> None:
        if if_empty and (SearchDocument.objects.exists() or not search.searchable().exists()):
            return
        started = time.monotonic()
        if anew or if_empty:
            search.clear()
        total = search.searchable().filter(pk__gte=first).count()
        done, last = 0, first - 1
        while batch := self.write_after(last):
            done, last = done + len(batch), batch[-1]
            self.show(f"{done}/{max(total, done)} 篇，到编号 {last}")
        surplus = self.remove_surplus()
        self.show("整理索引")
        search.tidy()
        seconds = time.monotonic() - started
        self.show("")
        self.stdout.write(f"搜索索引已重建：{done} 篇稿件，清除 {surplus} 条多余记录，用时 {seconds:.0f} 秒。")

    @transaction.atomic
    def write_after(self, last: int) -> list[int]:
        """Index the next articles after an id; their ids, empty when there are no more.

        The rows are locked meanwhile: an editor who publishes one of them waits, and does not write the same document.
        """
        ids = list(search.searchable().filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        articles = search.searchable().filter(pk__in=ids).order_by("pk")
        if connection.features.has_select_for_update:
            articles = articles.select_for_update(of=("self",))
        search.write_many([search.document_of(article) for article in articles])
        return ids

    def remove_surplus(self) -> int:
        """Take out documents of articles that are no longer searchable; how many."""
        kept = search.searchable().order_by().values("pk")
        surplus = list(SearchDocument.objects.exclude(article__in=kept).values_list("article_id", flat=True))
        for start in range(0, len(surplus), BATCH):
            search.remove(surplus[start : start + BATCH])
        return len(surplus)

    def show(self, text: str) -> None:
        """One line of progress, rewritten in place on a terminal."""
        if self.stdout.isatty():
            self.stdout.write(f"\r\033[K  {text}", ending="")
            self.stdout.flush()
        elif text:
            self.stdout.write(f"  {text}")
