from django.core.management.base import BaseCommand, CommandError

from articles.listing import misplaced, place_many, recount, wrong_counts
from articles.models import Article
from newsportal.lib import pagecache


class Command(BaseCommand):
    help = "Rewrite which articles stand in which lists, and count the lists; readers may stay. --check only looks."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 when something is wrong")

    def handle(self, *, check: bool, **options) -> None:
        self.check_lists() if check else self.rebuild()

    def check_lists(self) -> None:
        articles, counts = list(misplaced(Article.objects.all())), wrong_counts()
        if articles or counts:
            named = "、".join(str(pk) for pk in articles[:10])
            raise CommandError(
                f"{len(articles)} 篇稿件的列表位置不对{f'（{named} 等）' if named else ''}，{counts} 处计数不对："
                "请运行 rebuild_lists。"
            )
        self.stdout.write("列表与稿件一致，计数无误。")

    def rebuild(self) -> None:
        done = 0
        for done in place_many(Article.objects.all()):
            if done % 50_000 == 0:
                self.stdout.write(f"  {done}")
        recount()
        pagecache.bump()
        self.stdout.write(f"已重建 {done} 篇稿件的列表位置，重新计数完毕。")
