from django.core.management.base import BaseCommand

from comments.models import DayFigures
from comments.moderation import figures


class Command(BaseCommand):
    help = "补齐评论审核报告的每日统计；--anew 全部重算。"

    def add_arguments(self, parser):
        parser.add_argument("--anew", action="store_true", help="先清空，再从记录重算每一天")

    def handle(self, *args, anew: bool, **options):
        if anew:
            DayFigures.objects.all().delete()
        total = 0
        while number := figures.fill():
            total += number
        self.stdout.write(f"统计了 {total} 天。")
