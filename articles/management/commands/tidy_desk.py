"""Deletes what nobody came back to: unsaved texts after thirty days, locks of pages that were closed without a word."""

from django.core.management.base import BaseCommand

from articles.unsaved import KEPT_DAYS, delete_old, delete_silent_locks


class Command(BaseCommand):
    help = f"删除 {KEPT_DAYS} 天前自动保存、没有人再打开的文字，以及早已关闭的页面留下的编辑锁。"

    def handle(self, *args, **options) -> None:
        texts, locks = delete_old(), delete_silent_locks()
        self.stdout.write(f"已删除没保存的文字 {texts} 份、编辑锁 {locks} 个。")
