import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import library, picture_uses

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Report pictures in use whose licence has expired or will within --days, exit 1 if one has; and delete files "
        "of pictures that were cropped anew or deleted a week ago. "
        "报告正在使用、版权已到期或快到期的图片，有到期的退出码为 1；并清理换下已满一周的图片文件。适合每天定时运行。"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--days", type=int, default=picture_uses.SOON_DAYS, help="how far ahead to look, 30 by default"
        )

    def handle(self, *, days: int, **options) -> None:
        found = picture_uses.expiring_in_use(days=days)
        expired = found.filter(expires_on__lt=timezone.localdate()).count()
        for photo in found[:SHOWN]:
            state = "已到期" if photo.is_expired else "到期"
            self.stdout.write(f"图片 {photo.pk}：{photo.expires_on:%Y-%m-%d} {state}，{photo.caption}")
        total = found.count()
        if total > SHOWN:
            self.stdout.write(f"……另有 {total - SHOWN} 张，见后台图片库的“版权到期”。")
        self.stdout.write(f"正在使用的图片：{expired} 张版权已到期，{total - expired} 张在 {days} 天内到期。")
        self.stdout.write(f"清理了 {library.sweep()} 组换下的图片文件。")
        if expired:
            sys.exit(1)
