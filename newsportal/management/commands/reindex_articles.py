from django.core.management.base import BaseCommand

from articles.publishing import reindex_articles


class Command(BaseCommand):
    help = "重新建立由稿件推导出的一切：列表、图片使用记录、相关稿件。可以随时运行，可以重复运行。"

    def handle(self, **options) -> None:
        count = reindex_articles(progress=lambda done: self.stderr.write(f"  稿件 {done}"))
        self.stdout.write(f"已重新索引 {count} 篇稿件。")
