import sys
from itertools import islice

from django.core.management.base import BaseCommand

from articles import revisions, trace
from articles.models import Article, ArticleEvent, Revision

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Verify the chain of every article: nothing changed, nothing missing, and the text online is the one that was "
        "recorded last; and every revision: its content is the one that was saved; exits 1 if not. "
        "核对全部稿件的留痕和修订；被改动、缺失或与现文不符时退出码为 1。"
    )

    def handle(self, **options) -> None:
        found = [*trace.faults(), *revisions.faults()]
        for pk, fault in islice(found, SHOWN):
            self.stdout.write(f"稿件 {pk}：{fault}")
        if found:
            self.stdout.write(f"留痕和修订有 {len(found)} 处问题。")
            sys.exit(1)
        chains = ArticleEvent.objects.filter(number=1).count()
        self.stdout.write(f"{ArticleEvent.objects.count()} 条留痕完好，属于 {chains} 篇稿件。")
        self.stdout.write(f"{Revision.objects.count()} 版修订完好。")
        if without := Article.objects.exclude(status=Article.Status.DRAFT).filter(events=None).count():
            self.stdout.write(f"{without} 篇稿件在有留痕之前发布，从下一次改动起留痕。")
