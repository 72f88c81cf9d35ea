"""Links from one post of the old site to another, and the addresses that lead from there to here."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from django.db import transaction
from django.urls import reverse

from about.models import Page
from articles.addresses import MOST, QUERY, new_address
from articles.models import Article, ImportedItem, OldAddress, Tag
from articles.publishing import index_article, save_article
from newsportal.lib import pagecache

from .bodies import rewrite_links
from .index import ExportIndex
from .mapping import Mapping
from .posts import channel_of, plain
from .reading import Item
from .report import Note, Report

KIND = ImportedItem.Kind


@dataclass
class Links:
    """Finds where a link into the old site leads now, and remembers what it was called there."""

    index: ExportIndex
    report: Report

    def find(self, address: str) -> tuple[str, bool]:
        """Where a link leads now, and whether that is settled: not while it leads to what is not here (yet).

        One query for a link into the old site, none for any other.
        """
        try:
            parts = urlsplit(urljoin(f"{self.index.site.base_url}/", address))
            host = (parts.hostname or "").removeprefix("www.")
        except ValueError:
            return address, True
        if address.startswith("#") or host != self.index.site.host:
            return address, True
        if parts.path in {"", "/"} and not parts.query:
            return reverse("home"), True
        found = new_address(unquote(parts.path), parts.query)
        if found:
            return f"{found}#{parts.fragment}" if parts.fragment else found, True
        return parts.geturl(), False

    def remember(self, paths: list[str], note: Note, *, article: Article | None = None, target: str = "") -> None:
        """Let each path lead to the article, or to `target`, unless it leads elsewhere already."""
        for path in paths:
            if len(path) > MOST:
                self.report.add(Note("address", note.type, note.number, note.title, note.line, f"旧地址太长：{path}"))
                continue
            row, made = OldAddress.objects.get_or_create(path=path, defaults={"article": article, "target": target})
            self.report.count("address created", int(made))
            if not made and (row.article_id != (article.pk if article else None) or row.target != target):
                message = f"旧地址 {path} 已经指向别处。"
                self.report.add(Note("address", note.type, note.number, note.title, note.line, message))

    def paths_of(self, item: Item, parameter: str) -> list[str]:
        """The paths under which the old site showed a post: its permalink, and the one by its number."""
        base = urlsplit(self.index.site.base_url).path
        found = [f"{base}/?{parameter}={item.number}"]
        try:
            link = urlsplit(item.link)
        except ValueError:
            return found
        named = QUERY.search(link.query)
        path = unquote(link.path) or "/"
        if named:
            path = f"{path}?{named[1]}={named[2]}"
        return found if path in {"/", f"{base}/", *found} else [path, *found]

    def remember_terms(self, mapping: Mapping) -> None:
        """Category and tag pages lead to the channel and the tag that they became, by their usual paths."""
        base = urlsplit(self.index.site.base_url).path
        for term in self.index.categories.values():
            channel = channel_of(term, mapping, self.index)[1]
            if channel is None or channel.is_hidden:
                continue
            paths = [f"{base}/category/{'/'.join(self.lineage(term.nicename))}/"]
            paths += [f"{base}/?cat={term.term_id}"] if term.term_id else []
            note = Note("address", "category", term.nicename, plain(term.name), 0, "")
            self.remember(paths, note, target=channel.get_absolute_url())
        for term in self.index.tags.values():
            tag = Tag.objects.filter(name=plain(term.name).replace("/", "／")).first()
            if tag is not None:
                note = Note("address", "tag", term.nicename, tag.name, 0, "")
                paths = [f"{base}/tag/{unquote(term.nicename)}/"]
                self.remember(paths, note, target=unquote(tag.get_absolute_url()))

    def lineage(self, nicename: str) -> list[str]:
        """The parts of a category's path: those above it first."""
        parts: list[str] = []
        while nicename and unquote(nicename) not in parts:
            parts.insert(0, unquote(nicename))
            term = self.index.categories.get(nicename)
            nicename = term.parent if term else ""
        return parts

    def finish(self) -> None:
        """Once everything is here: point the links of articles and pages at it. Reports those that lead nowhere."""
        for record, row in self.unfinished():
            dead: list[str] = []

            def find(address: str, dead: list[str] = dead) -> str:
                if address.startswith("/"):  # led here already: what could not be settled was left whole
                    return address
                found, is_settled = self.find(address)
                if not is_settled:
                    dead.append(found)
                return found

            body = rewrite_links(row.body, find)
            if body != row.body:
                self.save(record, row, body)
            for address in dict.fromkeys(dead):
                note = Note("link", record.kind, record.external_id, row.title, 0, f"链接指向没有导入的内容：{address}")
                self.report.add(note)

    def unfinished(self) -> Iterator[tuple[ImportedItem, Article | Page]]:
        """What was imported with something missing and not touched by an editor since."""
        records = ImportedItem.objects.filter(origin=self.index.site.host, is_complete=False).order_by("pk")
        for record in records.iterator(chunk_size=200):
            model = Page if record.kind == KIND.PAGE else Article
            row = model.objects.filter(pk=record.target_id).first()
            if row is not None and saved_at(row) == record.saved_at:
                yield record, row

    def save(self, record: ImportedItem, row: Article | Page, body: str) -> None:
        with transaction.atomic():
            row.body = body
            if isinstance(row, Article):
                save_article(row, reason="导入后改写站内链接")
                index_article(row)
            else:
                row.save()
                pagecache.bump()
            record.saved_at = saved_at(row)
            record.save(update_fields=["saved_at"])
        self.report.count("link rewritten")


def saved_at(row: Article | Page):
    """When our row was saved last."""
    return row.modified_at if isinstance(row, Article) else row.updated_at
