"""The demo's accounts: random passwords, written to `VAR_DIR/demo-accounts` for the operator alone."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

# What the demo's people may do. The chief does everything; a reporter writes and does not publish.
WRITING = ["add_article", "change_article", "view_article", "add_photo", "change_photo", "view_photo", "view_channel"]
WRITING += ["view_source", "view_author", "add_author", "view_tag", "add_tag", "view_video", "view_region"]
WRITING += ["view_articleevent"]
PLACING = ["publish_article", "delete_article", "view_topic", "add_topic", "change_topic", "view_issue", "add_issue"]
PLACING += ["change_issue", "view_placement", "add_placement", "change_placement", "delete_placement"]
PLACING += ["add_source", "change_source", "view_listedword", "view_preflightrule"]


@dataclass(frozen=True)
class Account:
    username: str
    display_name: str
    permissions: tuple[str, ...] = ()
    is_superuser: bool = False


ACCOUNTS = [
    Account("chief", "总编（演示）", is_superuser=True),
    Account("editor", "编辑（演示）", (*WRITING, *PLACING)),
    Account("reporter", "记者（演示）", tuple(WRITING)),
]


def accounts_file() -> Path:
    return settings.VAR_DIR / "demo-accounts"


def create_accounts() -> None:
    """Make the accounts that are missing, each with a random password, and note them. Needs no e-mail, sends none."""
    lines = []
    for account in ACCOUNTS:
        if get_user_model().objects.filter(username=account.username).exists():
            continue
        password = secrets.token_urlsafe(9)
        user = get_user_model().objects.create_user(
            account.username,
            password=password,
            display_name=account.display_name,
            is_staff=True,
            is_superuser=account.is_superuser,
        )
        user.user_permissions.set(Permission.objects.filter(codename__in=account.permissions))
        lines.append(f"{account.display_name}  用户名 {account.username}  密码 {password}")
    if lines:
        write_private(accounts_file(), "\n".join(lines) + "\n")


def write_private(file: Path, text: str) -> None:
    """Write a file that only this user can read, from its first byte."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
