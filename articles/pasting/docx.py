"""A .docx file as body HTML: mammoth reads the document, the pipeline of a paste does the rest.

mammoth may open nothing but what lies in the archive: a picture that a document only links to could be any file of the
server, or any address of its network.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from zipfile import ZipFile

import mammoth
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from lxml.html import HtmlElement
from mammoth import html as output
from mammoth.documents import Image, Paragraph

from newsportal.lib.html import parse, text_of

from .archives import HOW, BadFileError, judge
from .pictures import Read, UnreadableError
from .pipeline import Pasted, assemble
from .source import written

CENTRED = "newsportal centred"
PLAIN_STYLES = {None, "normal", "正文", "body text", "no spacing", "无间隔", "普通(网站)", "normal (web)"}
# Names that Word and WPS give their own styles, in both languages; what is not here mammoth's own map knows.
STYLES = f"""
p[style-name='{CENTRED}'] => p.centred:fresh
p[style-name='Title'] => p.MsoTitle:fresh
p[style-name='标题'] => p.MsoTitle:fresh
p[style-name='caption'] => p.MsoCaption:fresh
p[style-name='Caption'] => p.MsoCaption:fresh
p[style-name='题注'] => p.MsoCaption:fresh
p[style-name='图注'] => p.MsoCaption:fresh
p[style-name='标题 1'] => h1:fresh
p[style-name='标题 2'] => h2:fresh
p[style-name='标题 3'] => h3:fresh
p[style-name='标题 4'] => h4:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='引用'] => blockquote > p:fresh
p[style-name='明显引用'] => blockquote > p:fresh
"""
# What mammoth leaves out or moves, by what stands for it in the document, and what the editor is told.
LEFT_OUT = {
    rb"<w:txbxContent": "文本框里的文字放在所在段落之后：请核对位置和内容。",
    rb"<w:(?:del|moveFrom) ": "修订里删除的文字没有保留，插入的文字保留。",
    rb"<w:commentReference\b": "批注没有保留。",
    rb"<c:chart\b|<cx:chart\b": "图表没有导入：请在 Word 里把图表另存为图片，再插入。",
    rb"<dgm:relIds\b": "SmartArt 图形没有导入：请另存为图片，再插入。",
    rb"<m:oMath\b": "公式没有导入：请核对，或另存为图片再插入。",
}
FIRST_HEADING = re.compile(r"<h2>.*?</h2>", re.DOTALL)
NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]+[、.．）)]")
NOTE_BACK = re.compile(r"^#?(?:foot|end)note-ref-")


@dataclass
class Pictures:
    """The pictures of a document, each under an address of its own; read when its turn comes."""

    embedded: dict[str, Read] = field(default_factory=dict)

    def convert(self, image: Image) -> list[Any]:
        """The element for a picture, as mammoth asks for it."""
        address = f"docx:{len(self.embedded) + 1}"
        self.embedded[address] = reader(image.open)
        return [output.element("img", {"src": address, "alt": image.alt_text or ""})]


def reader(open_image: Callable[[], Any]) -> Read:
    def content() -> bytes:
        try:
            with open_image() as image:
                found = image.read(settings.PASTE_PICTURE_MAX_BYTES + 1)
        except ValueError as error:  # mammoth's, for a picture outside the document
            raise UnreadableError("文档里只有链接，没有图片本身") from error
        except Exception as error:  # whatever a damaged archive makes of itself
            raise UnreadableError("图片在文档里已损坏") from error
        if len(found) > settings.PASTE_PICTURE_MAX_BYTES:
            raise UnreadableError(f"超过 {settings.PASTE_PICTURE_MAX_BYTES // 2**20} MB")
        return found

    return content


def docx(file: BinaryIO, *, user: AbstractBaseUser, name: str = "") -> Pasted:
    """A .docx file as body HTML and a title, empty where the document shows none.

    Its pictures come into the library. A title at the very beginning stands no more in the text. Raises BadFileError.
    """
    judge(file, name)
    content = io.BytesIO(file.read())  # without a name: mammoth would look for pictures beside it
    pictures = Pictures()
    try:
        converted = mammoth.convert_to_html(
            content,
            style_map=STYLES,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=pictures.convert,
            transform_document=mammoth.transforms.paragraph(centred),
        ).value
        left_out = notes_of(content)
    except Exception as error:  # mammoth takes a document for sound: a damaged one may raise anything
        raise BadFileError(f"文档读不出来，可能已损坏：{HOW}。") from error
    root = parse(converted)
    if footnotes := settle_footnotes(root):
        left_out.append(f"{footnotes} 条脚注、尾注放在文末，文中留着 [编号]。")
    named = title_of(root)
    pasted = assemble(written(root), user=user, embedded=pictures.embedded)
    body, title = without_title(pasted.html, named, has_headings=next(root.iter("h1", "h2"), None) is not None)
    if body != pasted.html:
        left_out.insert(0, f"文档的标题“{title}”只用作标题，没有留在正文里。")
    return Pasted(body, [*left_out, *pasted.notes], title)


def centred(paragraph: Paragraph) -> Paragraph:
    """An ordinary paragraph in the middle of the line gets a style that says so: mammoth keeps no alignment."""
    is_plain = paragraph.style_name is None or paragraph.style_name.lower() in PLAIN_STYLES
    if paragraph.alignment == "center" and is_plain:
        return paragraph.copy(style_id=None, style_name=CENTRED)
    return paragraph


def notes_of(content: BinaryIO) -> list[str]:
    """What the document holds that its HTML does not, or not where it stood."""
    with ZipFile(content) as archive:
        parts = [name for name in archive.namelist() if re.fullmatch(r"word/document\d*\.xml", name)]
        source = b"".join(archive.read(name) for name in parts)
    return [note for pattern, note in LEFT_OUT.items() if re.search(pattern, source)]


def settle_footnotes(root: HtmlElement) -> int:
    """Give the list of notes at the end a heading, and take off its arrows back; how many notes there are."""
    backs = [anchor for anchor in root.iter("a") if NOTE_BACK.match(anchor.get("href") or "")]
    for anchor in backs:
        anchor.drop_tree()
    notes = [item for item in root.iter("li") if re.match(r"(?:foot|end)note-", item.get("id") or "")]
    if notes:
        heading = root.makeelement("h4")
        heading.text = "注释"
        notes[0].getparent().addprevious(heading)
    return len(notes)


def title_of(root: HtmlElement) -> str:
    """What the styles of a document call its title: a line in that style, or the only heading of the first level."""
    titles = [element for element in root.iter("p") if element.get("class") == "MsoTitle"]
    headings = list(root.iter("h1"))
    found = titles[:1] or (headings if len(headings) == 1 else [])
    return " ".join(found[0].text_content().split()) if found else ""


def without_title(body: str, title: str, *, has_headings: bool) -> tuple[str, str]:
    """(the body without its title at the very beginning, the title).

    Where no style names a title and no line is a heading, a headline in the middle of the first line is one.
    """
    first = FIRST_HEADING.match(body)
    text = " ".join(text_of(first[0]).split()) if first else ""
    if not title and not has_headings and text and not NUMBERED.match(text):
        title = text
    return (body[first.end() :].lstrip("\n"), title) if first and text == title else (body, title)
