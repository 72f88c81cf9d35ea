"""How gunicorn serves the portal; found by its name, so `python -m gunicorn` in this folder is enough.

Change one start without editing: `GUNICORN_CMD_ARGS="--workers 9 --access-logfile -"`, read by gunicorn itself.
"""

import os
import subprocess
import sys

from django.conf import settings
from gunicorn.arbiter import Arbiter

wsgi_app = "newsportal.wsgi"

# A page comes mostly from memory: few processes with a few threads each, so that one slow database query, upload or
# client holds up nobody else.
worker_class = "gthread"
workers = min(4, (os.cpu_count() or 1) + 1)
threads = 4
# Loaded once and shared by all workers: the start is quick, and the Chinese dictionary lies in memory once.
preload_app = True

# What leaks, leaks slowly. The jitter keeps the workers from leaving, and losing their page caches, together.
max_requests = 50_000
max_requests_jitter = 10_000

timeout = 30
graceful_timeout = 20
# Longer than nginx keeps an idle connection (60 s), so that nginx never sends a request into a closing one.
keepalive = 75

# The workers' heartbeat is a file: in memory, where no slow disk can make a healthy worker look dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (gunicorn makes a private file)
control_socket_disable = True

# Which proxy to believe is decided once, by TRUSTED_PROXIES in the settings.
secure_scheme_headers = {}

# The reader's address is in the access log, so nobody keeps one unless the operator asks for it.
accesslog = None
errorlog = "-"
loglevel = "warning"


def when_ready(server: Arbiter) -> None:
    """Say where the portal answers, once it does."""
    addresses = " ".join(str(listener) for listener in server.LISTENERS)
    where = f"{settings.SITE_URL}/" if settings.SITE_URL in addresses else f"{settings.SITE_URL}/ ({addresses})"
    print(f"网站已启动 Serving: {where}\n按 Ctrl+C 停止 Press Ctrl+C to stop", flush=True)  # noqa: T201
    if settings.INDEXNOW_KEY or settings.BAIDU_PUSH_TOKEN:
        # Beside the workers, because no request may wait for a search engine. Ends when this process does.
        server.link_pusher = subprocess.Popen([sys.executable, "manage.py", "push_links", "--loop"])


def on_exit(server: Arbiter) -> None:
    if pusher := getattr(server, "link_pusher", None):
        pusher.terminate()
    print("网站已停止 Stopped", flush=True)  # noqa: T201
