""".docx files for tests, made of the fewest parts that Word writes."""

import io
import zipfile
from collections.abc import Mapping

from articles.tests.factories import picture_bytes

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{RELATIONS}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="jpg" ContentType="image/jpeg"/></Types>'
)
STYLE_NAMES = {
    "a3": "Title",
    "1": "heading 1",
    "2": "heading 2",
    "a5": "caption",
    "a6": "Quote",
    "a7": "footnote text",
    "a8": "标题 3",
}


def styles() -> str:
    rows = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in STYLE_NAMES.items()
    )
    return f"<w:styles {NAMESPACES}>{rows}</w:styles>"


def numbering() -> str:
    levels = '<w:lvl w:ilvl="0"><w:numFmt w:val="{0}"/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="{0}"/></w:lvl>'
    return (
        f"<w:numbering {NAMESPACES}>"
        f'<w:abstractNum w:abstractNumId="0">{levels.format("decimal")}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{levels.format("bullet")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
        "</w:numbering>"
    )


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inner: str = "", *, style: str = "", properties: str = "") -> str:
    """A paragraph of runs, or of plain text."""
    content = inner if inner.startswith("<") else run(inner)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{content}</w:p>"


def item(text: str, *, number: int, level: int = 0) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def picture(relation: str = "rId1", *, alt: str = "", how: str = "embed") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="图片 1" descr="{alt}"/><a:graphic><a:graphicData><pic:pic>'
        f'<pic:blipFill><a:blip r:{how}="{relation}"/></pic:blipFill>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def docx_bytes(
    *body: str, pictures: Mapping[str, bytes] | None = None, links: Mapping[str, str] | None = None, parts=()
) -> bytes:
    """A document of that body. `pictures` are files in word/media, `links` pictures outside, both by relation."""
    pictures = {"rId1": picture_bytes()} if pictures is None else pictures
    relations = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/image" Target="media/{key}.jpg"/>' for key in pictures
    ) + "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/image" Target="{target}" TargetMode="External"/>'
        for key, target in (links or {}).items()
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{''.join(body)}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>',
        "word/styles.xml": styles(),
        "word/numbering.xml": numbering(),
        **{f"word/media/{key}.jpg": content for key, content in pictures.items()},
        **dict(parts),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def footnotes(*notes: str) -> tuple[str, str]:
    rows = "".join(
        f'<w:footnote w:id="{index}">{p(note, style="a7")}</w:footnote>' for index, note in enumerate(notes, 1)
    )
    return "word/footnotes.xml", f"<w:footnotes {NAMESPACES}>{rows}</w:footnotes>"
