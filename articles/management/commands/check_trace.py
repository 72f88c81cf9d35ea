import sys
from itertools import islice

from django.core.management.base import BaseCommand

from articles import reviews, revisions, trace
from articles.models import Article, ArticleEvent, Revision, Signature

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Verify the chain of every article: nothing changed, nothing missing, and the text online is the one that was "
        "recorded last; every revision: its content is the one that was saved; and every signature: whose it is and of "
        "what; exits 1 if not. 核对全部稿件的留痕、修订和审稿签名；被改动、缺失或与现文不符时退出码为 1。"
    )

    def handle(self, **options) -> None:
        found = [*trace.faults(), *revisions.faults(), *reviews.faults()]
        for pk, fault in islice(found, SHOWN):
            self.stdout.write(f"稿件 {pk}：{fault}")
        if found:
            self.stdout.write(f"留痕、修订和签名有 {len(found)} 处问题。")
            sys.exit(1)
        chains = ArticleEvent.objects.filter(number=1).count()
        self.stdout.write(f"{ArticleEvent.objects.count()} 条留痕完好，属于 {chains} 篇稿件。")
        self.stdout.write(f"{Revision.objects.count()} 版修订完好，{Signature.objects.count()} 个审稿签名完好。")
        if without := Article.objects.exclude(status=Article.Status.DRAFT).filter(events=None).count():
            self.stdout.write(f"{without} 篇稿件在有留痕之前发布，从下一次改动起留痕。")
