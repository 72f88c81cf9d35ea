"""The import: what the exports hold, one post a transaction, so that a run can be broken off and begun again.

Nothing is brought in twice, and nothing that an editor changed here is overwritten: `ImportedItem` remembers each row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from articles.models import Source
from newsportal.lib.fetch import FetchError
from newsportal.lib.images import BadPictureError

from .bodies import Reference
from .index import ExportIndex, is_picture
from .links import Links
from .mapping import Mapping
from .pictures import MissingPictureError, PictureImport
from .posts import plain
from .reading import Item, WxrError, read_wxr
from .report import Note, Report
from .writing import Desk, import_article, import_page

# Rows of wp_posts that hold no words of the newsroom.
MACHINERY = frozenset(
    """
    nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block wp_template
    wp_template_part wp_global_styles wp_navigation wp_font_family wp_font_face
    """.split()
)
EVERY = 100

type Progress = Callable[[str], None]


@dataclass
class Exports:
    """The files of one import and what was learnt of them by reading them once."""

    files: Sequence[Path]
    index: ExportIndex = field(default_factory=ExportIndex)
    broken: dict[Path, str] = field(default_factory=dict)

    def read_ahead(self, progress: Progress) -> None:
        """Read every file for what must be known before its first post. Raises WxrError when nothing can be used."""
        for file in self.files:
            try:
                for number, entry in enumerate(read_wxr(file), start=1):
                    self.index.add(entry, str(file))
                    if number % (EVERY * 10) == 0:
                        progress(f"正在查看 {file.name}：{number}")
            except WxrError as error:
                self.broken[file] = str(error)
            except OSError as error:
                self.broken[file] = f"文件读不了：{error}"
        if not self.index.items and self.broken:
            raise WxrError("；".join(f"{file}：{message}" for file, message in self.broken.items()))
        if not self.index.site.host:
            raise WxrError("导出文件里没有原站点的网址（wp:base_blog_url）。")


@dataclass
class WordPressImport:
    """One run over the exports. `run` is the whole of it; what it could not keep is in `report`."""

    exports: Exports
    mapping: Mapping
    source: Source
    report: Report
    progress: Progress
    folder: Path | None = None
    is_fetching: bool = False
    is_dry: bool = False

    def run(self) -> None:
        index = self.exports.index
        links = Links(index, self.report)
        pictures = PictureImport(index, self.report, self.folder, is_fetching=self.is_fetching, is_dry=self.is_dry)
        desk = Desk(index, self.mapping, self.source, pictures, links, self.report, is_dry=self.is_dry)
        for file, message in self.exports.broken.items():
            self.report.add(Note("failed", "file", "", file.name, 0, message))
        done = 0
        for file in self.exports.files:
            done = self.import_file(file, desk, done)
        if not self.is_dry:
            self.progress("站内链接")
            links.finish()
            links.remember_terms(self.mapping)

    def import_file(self, file: Path, desk: Desk, done: int) -> int:
        """Import the items of a file, as far as it can be read; how many there were until now."""
        try:
            for entry in read_wxr(file):
                if isinstance(entry, Item):
                    self.import_item(entry, str(file), desk)
                    done += 1
                    if done % EVERY == 0:
                        self.progress(f"{done}/{desk.index.items}")
        except (WxrError, OSError):
            # Met by `read_ahead` too, at the same place, and reported from there.
            pass
        return done

    def import_item(self, item: Item, file: str, desk: Desk) -> None:
        """Import one item. Whatever is wrong with it is reported and stops nothing."""
        try:
            if self.is_wanted(item, file, desk):
                HANDLERS[item.post_type](desk, item)
        except Exception as error:
            # Of any kind: a row that no rule foresaw must not cost the rows behind it.
            self.say(item, "failed", f"{type(error).__name__}：{error}")

    def is_wanted(self, item: Item, file: str, desk: Desk) -> bool:
        if item.post_type in MACHINERY:
            return False
        reason = ""
        if not item.number:
            reason = "没有可用的编号（wp:post_id）。"
        elif not desk.index.is_first(item, file):
            reason = "编号在导出文件里重复出现，只导入第一次出现的。"
        elif item.post_type not in HANDLERS:
            reason = f"自定义类型“{item.post_type}”没有对应的内容。"
        elif item.status == "trash":
            reason = "在原站点的回收站里。"
        if reason:
            self.say(item, "skipped", reason)
        return not reason

    def say(self, item: Item, kind: str, message: str) -> None:
        self.report.add(Note(kind, item.post_type, item.post_id, plain(item.title), item.line, message))


def import_attachment(desk: Desk, item: Item) -> None:
    """Bring a picture of the old library into ours, whether or not a post shows it."""
    attachment = desk.index.attachment(item.number)
    note = (item.post_type, item.post_id, plain(item.title), item.line)
    if attachment is None or not is_picture(attachment.file or attachment.url):
        message = f"附件不是图片，没有导入：{item.attachment_url}"
        desk.report.add(Note("skipped", *note, message))
        return
    try:
        desk.pictures.find(Reference(item.number, attachment.url))
    except (MissingPictureError, FetchError, BadPictureError) as error:
        desk.report.add(Note("picture", *note, str(error)))


HANDLERS: dict[str, Callable[[Desk, Item], None]] = {
    "post": import_article,
    "page": import_page,
    "attachment": import_attachment,
}
