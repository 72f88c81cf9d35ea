import time

from django.core.management.base import BaseCommand, CommandError

from articles import library
from articles.models import Photo

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Give every picture the renditions that it should have: after PHOTO_WATERMARK changed, after files were lost; "
        "--anew writes all of them again. "
        "按现在的裁切和水印设置重新生成图片的各种尺寸；网站照常运行，中断后再运行即可接着做，也可用 --from 指定编号。"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--from", dest="first", type=int, default=1, metavar="ID", help="begin at this picture")
        parser.add_argument("--anew", action="store_true", help="write files again that are there already")

    def handle(self, *, first: int, anew: bool, **options) -> None:
        started, self.total = time.monotonic(), Photo.objects.filter(pk__gte=first).count()
        done, made, failed = library.render_all(progress=self.progress, first=first, anew=anew)
        if self.stdout.isatty():
            self.stdout.write("\r\033[K", ending="")
        for line in failed[:SHOWN]:
            self.stdout.write(line)
        seconds = time.monotonic() - started
        self.stdout.write(f"看过 {done} 张图片，重新生成 {made} 张，失败 {len(failed)} 张，用时 {seconds:.0f} 秒。")
        if failed:
            raise CommandError("有图片没有生成，见上。")

    def progress(self, done: int, made: int, failed: list[str]) -> None:
        if done % 100 and done != self.total:
            return
        text = f"{done}/{max(self.total, done)} 张，重新生成 {made} 张，失败 {len(failed)} 张"
        if self.stdout.isatty():
            self.stdout.write(f"\r\033[K  {text}", ending="")
            self.stdout.flush()
        else:
            self.stdout.write(f"  {text}")
