from django.core.management.base import BaseCommand

from comments.letters import holding


class Command(BaseCommand):
    help = "删除没有寄出的信留下的文件（满一天的）"

    def handle(self, *args, **options):
        self.stdout.write(f"删除了 {holding.tidy()} 个没有寄出的文件。")
