from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from newsportal.management.progress import show
from newsportal.transfer.exporting import export_portal


class Command(BaseCommand):
    help = "把本站的全部内容导出到一个空文件夹：每张表一个 JSON 行文件，加上原图和视频，附清单和校验和。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="还不存在或空的文件夹")
        parser.add_argument(
            "--with-passwords", action="store_true", help="连同账号密码的散列值；不加则导入后要重新设置密码"
        )

    def handle(self, *, folder: Path, with_passwords: bool, **options) -> None:
        try:
            missing = export_portal(folder, passwords=with_passwords, progress=self.show)
        except FileExistsError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"文件读写出错：{error}") from error
        self.show("")
        self.stdout.write(f"已导出到 {folder}。里面有未发布的稿件和人员资料，请妥善保管。")
        if missing:
            names = "\n".join(missing[:20])
            raise CommandError(f"有 {len(missing)} 个文件在本站就找不到，没有导出：\n{names}")

    def show(self, text: str) -> None:
        show(self.stderr, text)
