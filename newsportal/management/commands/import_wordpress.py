from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from articles.models import Source
from newsportal.management.progress import show
from newsportal.wordpress.importing import Exports, WordPressImport
from newsportal.wordpress.mapping import MappingError, mapping_skeleton, read_mapping
from newsportal.wordpress.reading import WxrError
from newsportal.wordpress.report import open_report


class Command(BaseCommand):
    help = "从 WordPress 导出文件（WXR）导入文章、单页和图片。可以中断，再次运行会接着做；不会重复导入。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE.xml", help="WordPress“工具→导出”得到的文件")
        parser.add_argument("--write-map", type=Path, metavar="FILE.toml", help="只写出一份待填的映射文件，然后结束")
        parser.add_argument("--map", type=Path, metavar="FILE.toml", help="映射文件：分类对应栏目、作者署名、责任编辑")
        parser.add_argument("--media", type=Path, metavar="FOLDER", help="wp-content/uploads 文件夹的副本，从中取图片")
        parser.add_argument("--fetch", action="store_true", help="文件夹里没有的图片，从原网址下载（只从公网）")
        parser.add_argument("--source", metavar="NAME", help="稿件的来源；默认是标为“本站”的来源")
        parser.add_argument("--dry-run", action="store_true", help="只检查和报告，什么也不写")
        parser.add_argument("--report", type=Path, metavar="FILE", help="逐条写出没能保留的内容：.csv 或 .jsonl")

    def handle(self, *, files, write_map, map, media, fetch, source, dry_run, report, **options) -> None:  # noqa: A002
        exports = Exports(files)
        try:
            exports.read_ahead(self.show)
            if write_map is not None:
                self.write_map(exports, write_map)
                return
            if map is None:
                raise CommandError("请用 --map 指定映射文件；先用 --write-map 写出一份，填好再导入。")
            mapping = read_mapping(map)
            if media is not None and not media.is_dir():
                raise CommandError(f"没有这个文件夹：{media}")
            with open_report(report) as result:
                WordPressImport(
                    exports,
                    mapping,
                    self.source(source),
                    result,
                    self.show,
                    folder=media,
                    is_fetching=fetch,
                    is_dry=dry_run,
                ).run()
        except (WxrError, MappingError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"文件读写出错：{error}") from error
        finally:
            exports.index.close()
            self.show("")
        self.tell(result, is_dry=dry_run)

    def write_map(self, exports: Exports, file: Path) -> None:
        with file.open("x", encoding="utf-8") as stream:  # never over a mapping that somebody has filled in
            stream.write(mapping_skeleton(exports.index))
        self.stdout.write(f"映射文件已写到 {file}：填好栏目，再用 --map {file} 导入。")

    def source(self, name: str | None) -> Source:
        rows = Source.objects.filter(name=name) if name else Source.objects.filter(is_own=True)
        found = rows.order_by("pk").first()
        if found is None:
            raise CommandError(
                f"没有来源“{name}”：请先在后台建立。"
                if name
                else "没有标为“本站”的来源：请先在后台建立，或用 --source。"
            )
        return found

    def tell(self, report, *, is_dry: bool) -> None:
        self.stdout.write("试运行，没有写入任何内容。" if is_dry else "导入结束。")
        for line in report.lines():
            self.stdout.write(line)
        if report.failures:
            raise CommandError(f"{report.failures} 项没有导入，原因见上。改正后再运行一次，已导入的不会重复。")

    def show(self, text: str) -> None:
        show(self.stderr, text)
