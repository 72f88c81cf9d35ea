"""The mapping file (TOML): which channel a category of the old site becomes, and how its accounts sign here."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from articles.models import Channel

from .index import ExportIndex

KNOWN = {"default_channel", "duty_editor", "categories", "authors"}


class MappingError(Exception):
    """The mapping cannot be used. The message is Chinese and says what to change."""


@dataclass(frozen=True)
class Mapping:
    """Categories by nicename to channels; "" for a category that decides nothing. Accounts by login to signatures."""

    default_channel: Channel
    duty_editor: str = ""
    categories: dict[str, Channel | None] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file. One query. Raises MappingError for wrong TOML, an unknown key or channel."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingError(f"读不了映射文件 {path}：{error}") from error
    if unknown := sorted(data.keys() - KNOWN):
        raise MappingError(f"映射文件里有不认识的项目：{'、'.join(unknown)}。")
    categories, authors = table(data, "categories"), table(data, "authors")
    channels = {channel.slug: channel for channel in Channel.objects.exclude(kind=Channel.Kind.LINK)}
    wanted = {slug for slug in categories.values() if slug}
    if not isinstance(data.get("default_channel"), str) or not isinstance(data.get("duty_editor", ""), str):
        raise MappingError("映射文件必须写明 default_channel（没有对应栏目的稿件放进哪个栏目）；值用引号括起来。")
    wanted.add(data["default_channel"])
    if missing := sorted(wanted - channels.keys()):
        raise MappingError(f"没有这些栏目：{'、'.join(missing)}。请先在后台建立，或改正映射文件。")
    if len(data.get("duty_editor", "")) > 40:
        raise MappingError("duty_editor 最长 40 个字。")
    return Mapping(
        channels[data["default_channel"]],
        data.get("duty_editor", ""),
        {name: channels[slug] if slug else None for name, slug in categories.items()},
        authors,
    )


def table(data: dict, name: str) -> dict[str, str]:
    rows = data.get(name, {})
    if not isinstance(rows, dict) or not all(isinstance(value, str) for value in rows.values()):
        raise MappingError(f'映射文件的 [{name}] 必须是“原名 = "本站名"”的表。')
    return rows


def mapping_skeleton(index: ExportIndex) -> str:
    """A mapping file to fill in, with what can be guessed: a channel of the same slug or name. One query."""
    channels = list(Channel.objects.exclude(kind=Channel.Kind.LINK))
    known = {channel.slug: channel.slug for channel in channels} | {channel.name: channel.slug for channel in channels}
    first = channels[0].slug if channels else ""
    lines = [
        "# WordPress 分类对应本站哪个栏目。本站现有栏目：",
        *(f"#   {channel.slug}  {channel.name}" for channel in channels),
        "",
        "# 没有对应栏目的稿件放进这个栏目：",
        f"default_channel = {quoted(first)}",
        "# 责任编辑，写进每篇导入的稿件；可以留空：",
        'duty_editor = ""',
        "",
        "# 分类网址名 = 栏目网址名；留空表示这个分类不决定栏目，也不变成标签。",
        "# 一篇文章有几个分类时，主分类或第一个有栏目的分类决定栏目，其余变成标签。删掉一行，就看它的上级分类。",
        "[categories]",
    ]
    for name, term in index.categories.items():
        guess = known.get(name) or known.get(term.name, "")
        count = index.posts_of_category[name]
        lines.append(f"{quoted(name)} = {quoted(guess)}  # {one_line(term.name)}，{count} 篇")
    lines += ["", "# 登录名 = 署名；留空表示不署名。", "[authors]"]
    lines += [f"{quoted(login)} = {quoted(name)}" for login, name in index.writers.items()]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """The text as a TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(mark if mark.isprintable() else f"\\u{ord(mark):04x}" for mark in escaped) + '"'


def one_line(text: str) -> str:
    return " ".join(text.split())
