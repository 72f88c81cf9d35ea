from django.core.management.base import BaseCommand

from articles.sitemaps import rebuild_parts
from newsportal.lib import pagecache


class Command(BaseCommand):
    help = "重新划分网站地图：只在绕过发布流程批量载入稿件之后需要。"

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"网站地图现有 {rebuild_parts()} 个稿件分册。")
        pagecache.bump()
