import time

from django.core.management.base import BaseCommand, CommandError

from about.models import SiteProfile
from articles.models import Article, Channel
from newsportal.demo.loading import DemoLoader
from newsportal.management.progress import show


class Command(BaseCommand):
    help = "Load the demo content into an empty database. A second run adds nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="say nothing when the database is not empty")

    def handle(self, *, if_empty: bool, **options) -> None:
        if SiteProfile.objects.exists() or Channel.objects.exists() or Article.objects.exists():
            self.leave_alone(if_empty=if_empty)
            return
        started = time.monotonic()
        self.stdout.write("首次启动：正在装入演示内容（约一分钟）……")
        DemoLoader(progress=self.show).load()
        self.show("")
        self.stdout.write(
            f"演示内容已装入：{Article.objects.published().count()} 篇稿件，用时 {time.monotonic() - started:.0f} 秒。"
        )

    def leave_alone(self, *, if_empty: bool) -> None:
        if if_empty:
            return
        if SiteProfile.objects.filter(is_demo=True).exists():
            self.stdout.write("演示内容已经在库中，没有重复装入。")
            return
        raise CommandError("数据库里已有内容，演示内容只能装入空库。")

    def show(self, text: str) -> None:
        show(self.stdout, text)
