"""Delivers the queue of addresses to search engines: once, or until it is stopped or the server that began it ends."""

import logging
import os
import signal
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from articles.pushing import deliver_due, engines

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "把新发布、有改动、已撤下的网址推送给搜索引擎（IndexNow、百度）。"
    is_stopped = False

    def add_arguments(self, parser) -> None:
        parser.add_argument("--loop", action="store_true", help="一直运行，不断推送")
        parser.add_argument("--pause", type=float, default=10.0, help="两次之间的秒数（默认 10）")

    def handle(self, *args, loop: bool, pause: float, **options) -> None:
        if not engines():
            raise CommandError("没有设置 INDEXNOW_KEY 或 BAIDU_PUSH_TOKEN，没有可以推送的搜索引擎。")
        if loop:
            self.run_until_stopped(pause)
        else:
            count = 0
            while done := deliver_due():
                count += done
            self.stdout.write(f"已处理 {count} 条网址。")

    def run_until_stopped(self, pause: float) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        parent = os.getppid()
        # A server that was killed cannot say so, but then this process has another parent.
        while not self.is_stopped and os.getppid() == parent:
            if not self.deliver():
                self.wait(pause)

    def deliver(self) -> int:
        """Deliver one batch an engine. A database that is out of reach is asked again later."""
        close_old_connections()
        try:
            return deliver_due()
        except DatabaseError:
            logger.exception("The queue of addresses could not be read.")
            return 0

    def wait(self, pause: float) -> None:
        end = time.monotonic() + pause
        while not self.is_stopped and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.5))

    def stop(self, *signal_and_frame) -> None:
        self.is_stopped = True
