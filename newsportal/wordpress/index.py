"""What must be known of an export before its first post is imported, on disk: flat memory for a file of any size.

A post names its pictures by the numbers of attachments, which stand anywhere in the file, mostly behind it.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from .reading import Item, SiteHead, Term, Writer

# WordPress scales pictures and adds the size, or the word, to the name: photo-300x200.jpg, photo-scaled.jpg.
SCALED = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled)(?=\.[A-Za-z0-9]+$)")
UPLOADS = "/uploads/"


@dataclass(frozen=True)
class Attachment:
    """A file of the old site's library: where it was, and what was said of it. `file` is its path below uploads."""

    number: int
    url: str
    file: str
    title: str
    caption: str
    alt: str


class ExportIndex:
    """The head of the exports, their attachments and shared blocks. A database without a name: gone when closed."""

    def __init__(self) -> None:
        self.database = sqlite3.connect("")
        self.database.executescript(
            """
            CREATE TABLE attachment (
                number INTEGER PRIMARY KEY, parent INTEGER, url TEXT, file TEXT, title TEXT, caption TEXT, alt TEXT,
                name TEXT
            );
            CREATE INDEX by_name ON attachment (name);
            CREATE INDEX by_parent ON attachment (parent, number);
            CREATE TABLE block (number INTEGER PRIMARY KEY, content TEXT);
            CREATE TABLE seen (number INTEGER PRIMARY KEY, place TEXT);
            """
        )
        self.site = SiteHead("")
        self.writers: dict[str, str] = {}
        self.categories: dict[str, Term] = {}
        self.tags: dict[str, Term] = {}
        self.posts_of_category: Counter[str] = Counter()
        self.items = 0

    def close(self) -> None:
        self.database.close()

    def add(self, entry: SiteHead | Writer | Term | Item, file: str) -> None:
        """Take note of one entry of `file`."""
        match entry:
            case SiteHead():
                self.site = self.site if self.site.base_url else entry
            case Writer(login=login, name=name):
                self.writers.setdefault(login, name or login)
            case Term(domain="category"):
                self.categories.setdefault(entry.nicename, entry)
            case Term():
                self.tags.setdefault(entry.nicename, entry)
            case Item():
                self.add_item(entry, file)

    def add_item(self, item: Item, file: str) -> None:
        self.items += 1
        # The first item of a number is the one that counts; exports put together by hand have the same twice.
        self.write("INSERT OR IGNORE INTO seen VALUES (?, ?)", (item.number, place(file, item)))
        if item.post_type == "attachment":
            path = item.meta.get("_wp_attached_file", "") or below_uploads(item.attachment_url)
            row = (item.number, parent_of(item), item.attachment_url, path, item.title, item.excerpt)
            alt = item.meta.get("_wp_attachment_image_alt", "")
            self.write("INSERT OR IGNORE INTO attachment VALUES (?,?,?,?,?,?,?,?)", (*row, alt, plain_name(path)))
        elif item.post_type == "wp_block":
            self.write("INSERT OR IGNORE INTO block VALUES (?, ?)", (item.number, item.content))
        elif item.post_type == "post":
            for term in item.terms:
                if term.domain == "category":
                    self.categories.setdefault(term.nicename, term)
                    self.posts_of_category[term.nicename] += 1

    def write(self, sql: str, values: Iterable) -> None:
        self.database.execute(sql, tuple(values))

    def is_first(self, item: Item, file: str) -> bool:
        """Whether no other item before this one has its number."""
        found = self.database.execute("SELECT place FROM seen WHERE number = ?", (item.number,)).fetchone()
        return found is None or found[0] == place(file, item)

    def attachment(self, number: int) -> Attachment | None:
        return self.one("WHERE number = ?", number) if number else None

    def attachment_at(self, address: str) -> Attachment | None:
        """The attachment that an address is a file of, in whatever size."""
        name = plain_name(below_uploads(address))
        return self.one("WHERE name = ? ORDER BY number LIMIT 1", name) if name else None

    def one(self, condition: str, value: int | str) -> Attachment | None:
        columns = "SELECT number, url, file, title, caption, alt FROM attachment"
        row = self.database.execute(f"{columns} {condition}", (value,)).fetchone()
        return Attachment(*row) if row else None

    def attached_to(self, number: int) -> list[int]:
        """The pictures that were uploaded to a post, by number."""
        sql = "SELECT number, file FROM attachment WHERE parent = ? ORDER BY number LIMIT 500"
        return [pk for pk, file in self.database.execute(sql, (number,)) if is_picture(file)]

    def block(self, number: int) -> str:
        found = self.database.execute("SELECT content FROM block WHERE number = ?", (number,)).fetchone()
        return found[0] if found else ""


def place(file: str, item: Item) -> str:
    return f"{file}:{item.line}"


def parent_of(item: Item) -> int:
    return int(item.post_parent) if item.post_parent.isdecimal() and len(item.post_parent) < 19 else 0


def below_uploads(address: str) -> str:
    """The path of an uploaded file below wp-content/uploads, decoded; "" for an address of anything else."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    _, found, rest = path.partition(UPLOADS)
    return rest if found else ""


def plain_name(path: str) -> str:
    """The path without the size in its name: the same for all sizes of one picture."""
    return SCALED.sub("", path)


def is_picture(path: str) -> bool:
    return path.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"))
