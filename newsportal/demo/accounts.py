"""The demo's accounts: random passwords, written to `VAR_DIR/demo-accounts` for the operator alone."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import Group

from articles.models import Beat, Channel


@dataclass(frozen=True)
class Account:
    username: str
    display_name: str
    groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()  # what she answers for; none for the whole site
    is_superuser: bool = False
    is_staff: bool = True


# One for each step of the reviews, so that whoever tries the demo can play all parts, and one who answers for
# a channel alone; the chief runs the site too.
ACCOUNTS = [
    Account("chief", "总编（演示）", ("总编",), is_superuser=True),
    Account("director", "主任（演示）", ("主任",)),
    Account("editor", "编辑（演示）", ("责任编辑",)),
    Account("tech", "科技编辑（演示）", ("责任编辑",), channels=("tech",)),
    Account("reporter", "记者（演示）", ("记者",)),
    Account("moderator", "审核员（演示）", ("审核员",)),
    # A reader, to see the site as members do.
    Account("reader", "会员（演示）", is_staff=False),
]


def accounts_file() -> Path:
    return settings.VAR_DIR / "demo-accounts"


def create_accounts() -> dict[str, AbstractBaseUser]:
    """Make the accounts that are missing, each with a random password, and note them. All of them, by their names."""
    lines, accounts = [], {}
    for account in ACCOUNTS:
        found = get_user_model().objects.filter(username=account.username).first()
        if found is not None:
            accounts[account.username] = found
            continue
        password = secrets.token_urlsafe(9)
        user = get_user_model().objects.create_user(
            account.username,
            password=password,
            display_name=account.display_name,
            is_staff=account.is_staff,
            is_superuser=account.is_superuser,
            # Its password lies in a file: changed at the first sign-in wherever the site runs under a real address.
            must_change_password=True,
        )
        user.groups.set(Group.objects.filter(name__in=account.groups))
        Beat.objects.bulk_create(
            Beat(user=user, channel=one) for one in Channel.objects.filter(slug__in=account.channels)
        )
        accounts[account.username] = user
        lines.append(f"{account.display_name}  用户名 {account.username}  密码 {password}")
    note(lines)
    return accounts


def note(lines: list[str]) -> None:
    """Tell the operator of these accounts, beside those that the file tells of already."""
    if lines:
        named = {username_in(line) for line in lines}
        told = accounts_file().read_text(encoding="utf-8").splitlines() if accounts_file().exists() else []
        kept = [line for line in told if username_in(line) not in named]
        write_private(accounts_file(), "\n".join([*kept, *lines]) + "\n")


def username_in(line: str) -> str:
    return line.partition("用户名 ")[2].split(" ")[0]


def write_private(file: Path, text: str) -> None:
    """Write a file that only this user can read, from its first byte."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
