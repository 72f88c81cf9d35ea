"""Reading a WordPress export (WXR, "WordPress eXtended RSS" 1.0 to 1.2) item by item, in flat memory.

The file is somebody else's: no document type is accepted, so there are no entities to expand and nothing outside to
load. What XML cannot hold and WordPress writes all the same (control characters, broken UTF-8) is dropped on the way.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from lxml import etree

PROLOG = 1024 * 1024
CHUNK = 64 * 1024
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ENCODING = re.compile(rb"""^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
NAMESPACE = re.compile(r"^\{([^}]*)\}(.+)$")
# Item children of one text each. The namespace of excerpt ends in /excerpt/, that of content in /content/.
ENCODED = {"excerpt": "excerpt", "content": "content"}


class WxrError(Exception):
    """The file cannot be read as a WordPress export. The message is Chinese and names the place."""


@dataclass(frozen=True)
class Term:
    """A category or tag as the head of the file lists it. `parent` is the nicename of the category above."""

    domain: str
    nicename: str
    name: str
    parent: str = ""
    term_id: str = ""


@dataclass(frozen=True)
class Writer:
    """An account of the old site: what dc:creator names, and how it signs."""

    login: str
    name: str


@dataclass(frozen=True)
class SiteHead:
    """Where the old site stood: its address, without a slash at the end."""

    base_url: str

    @property
    def host(self) -> str:
        return (urlsplit(self.base_url).hostname or "").removeprefix("www.")


@dataclass(frozen=True)
class ReaderComment:
    """A reader's comment; `approved` is "1", "0" for one that waits, else what it was put away as."""

    number: str
    parent: str
    author: str
    date_gmt: str
    text: str
    approved: str


COMMENT_FIELDS = {
    "number": "comment_id",
    "parent": "comment_parent",
    "author": "comment_author",
    "date_gmt": "comment_date_gmt",
    "text": "comment_content",
    "approved": "comment_approved",
}


@dataclass
class Item:
    """One row of wp_posts with what belongs to it. Texts are as WordPress stored them; `line` is that of the file."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: list[ReaderComment] = field(default_factory=list)

    def __getattr__(self, name: str) -> str:
        """An element of the item by its local name, "" where the export has none: `item.post_id`."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self.values.get(name, "")

    @property
    def number(self) -> int:
        """The post's ID, 0 where it has none that can be one."""
        return int(self.post_id) if self.post_id.isdecimal() and len(self.post_id) < 19 else 0


type Entry = SiteHead | Writer | Term | Item


class CleanStream:
    """The file as XML can hold it, in UTF-8. Counts the characters it had to leave out."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self.dropped = 0

    def read(self, size: int = CHUNK) -> bytes:
        while chunk := self.file.read(min(size, CHUNK)):
            text, dropped = ILLEGAL.subn("", self.decoder.decode(chunk))
            self.dropped += dropped
            if text:  # an empty answer would mean the end
                return text.encode()
        return self.decoder.decode(b"", final=True).encode()


def read_wxr(path: Path) -> Iterator[Entry]:
    """What the file holds, in its order: the site, its writers, categories and tags, then the items.

    Raises WxrError for a file that is no export, has a document type, or breaks off; what came before was yielded.
    """
    with path.open("rb") as file:
        refuse_foreign(file)
        stream = CleanStream(file)
        # huge_tree: a post may be long, and without a document type nothing can grow by itself.
        options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True}
        reader = etree.iterparse(stream, events=("end",), **options)
        is_export, base_url = False, ""
        try:
            for _, element in reader:
                name = local_name(element)
                is_export = is_export or name == "wxr_version"
                entry = read_entry(element, name)
                if isinstance(entry, SiteHead):
                    base_url = base_url or entry.base_url
                    entry = SiteHead(base_url)
                if entry is not None:
                    yield entry
                    forget(element)
        except etree.XMLSyntaxError as error:
            raise WxrError(f"文件在第 {error.lineno} 行中断或损坏：{error.msg}") from error
        if not is_export:
            raise WxrError("这不是 WordPress 导出文件：里面没有 wp:wxr_version。")


def refuse_foreign(file: BinaryIO) -> None:
    """Look at what stands before the first element. Raises WxrError for a document type or another encoding."""
    head = file.read(PROLOG).removeprefix(codecs.BOM_UTF8).lstrip()
    file.seek(0)
    encoding = ENCODING.match(head)
    if encoding and encoding[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise WxrError(f"文件编码是 {encoding[1].decode()}：请先转成 UTF-8。")
    # Instructions and comments, one after the other; what follows must be an element.
    while skipped := re.match(rb"<\?.*?\?>\s*|<!--.*?-->\s*", head, re.DOTALL):
        head = head[skipped.end() :]
    if head[:9].upper() == b"<!DOCTYPE":
        raise WxrError("文件带有 DOCTYPE 声明，不是 WordPress 导出的，不能导入。")
    if not re.match(rb"<[A-Za-z]", head):
        raise WxrError("这不是 XML 文件。")


def read_entry(element: etree._Element, name: str) -> Entry | None:
    if name == "item":
        return read_item(element)
    if name == "author" and is_wordpress(element):
        return Writer(child_text(element, "author_login"), child_text(element, "author_display_name"))
    if name == "category" and is_wordpress(element):
        values = {key: child_text(element, tag) for key, tag in CATEGORY_FIELDS.items()}
        return Term("category", **values)
    if name == "tag" and is_wordpress(element):
        return Term("post_tag", child_text(element, "tag_slug"), child_text(element, "tag_name"))
    # The address of the site as readers typed it; base_site_url is another where several sites share a WordPress.
    if name == "base_blog_url" and element.text:
        return SiteHead(element.text.strip().rstrip("/"))
    return None


CATEGORY_FIELDS = {
    "nicename": "category_nicename",
    "name": "cat_name",
    "parent": "category_parent",
    "term_id": "term_id",
}


def read_item(element: etree._Element) -> Item:
    item = Item(line=element.sourceline or 0)
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = local_name(child)
        if name == "category":
            item.terms.append(Term(child.get("domain", ""), child.get("nicename", ""), (child.text or "").strip()))
        elif name == "postmeta":
            item.meta.setdefault(child_text(child, "meta_key"), child_text(child, "meta_value"))
        elif name == "comment":
            if is_readers_comment(child):
                values = {key: child_text(child, tag) for key, tag in COMMENT_FIELDS.items()}
                item.comments.append(ReaderComment(**values))
        elif name == "encoded":
            item.values[ENCODED.get(namespace(child).rstrip("/").rpartition("/")[2], "")] = child.text or ""
        else:
            item.values[name] = (child.text or "").strip()
    return item


def is_readers_comment(element: etree._Element) -> bool:
    """Whether a reader wrote it: no trackback."""
    return child_text(element, "comment_type") in {"", "comment"}


def local_name(element: etree._Element) -> str:
    found = NAMESPACE.match(element.tag)
    return found[2] if found else element.tag


def namespace(element: etree._Element) -> str:
    found = NAMESPACE.match(element.tag)
    return found[1] if found else ""


def is_wordpress(element: etree._Element) -> bool:
    return namespace(element).startswith("http://wordpress.org/export/")


def child_text(element: etree._Element, name: str) -> str:
    for child in element:
        if isinstance(child.tag, str) and local_name(child) == name:
            return (child.text or "").strip()
    return ""


def forget(element: etree._Element) -> None:
    """Let go of what was read, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
