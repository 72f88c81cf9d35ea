from pathlib import Path

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from newsportal.management.progress import show
from newsportal.transfer.importing import FolderError, import_portal
from newsportal.transfer.tables import title


class Command(BaseCommand):
    help = "把 export_portal 导出的文件夹装进一个空的本站。先核对全部文件，再写入；稿件的编号和网址不变。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="export_portal 写出的文件夹")

    def handle(self, *, folder: Path, **options) -> None:
        try:
            counts = import_portal(folder, progress=self.show)
        except FolderError as error:
            raise CommandError(str(error)) from error
        finally:
            self.show("")
        for label, count in counts.items():
            if count:
                self.stdout.write(f"{title(apps.get_model(label))}：{count}")
        self.stdout.write("导入结束。账号的密码没有导出时，请用 manage.py changepassword 重新设置。")

    def show(self, text: str) -> None:
        show(self.stderr, text)
