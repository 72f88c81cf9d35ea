"""The text of a clipboard as a tree: what it shows and how, without scripts, comments and the frame around it."""

import re

import lxml.html
import nh3
from lxml.html import HtmlElement

from newsportal.lib.body import FIGURES
from newsportal.lib.chinese import HAN
from newsportal.lib.html import BOXES, RENAMED, TAGS, UNREAD, parse_safe, printable

# What the cleaner does not keep, and what here tells what a text means.
READ = """
    body colgroup del font img ins mp-common-miniprogram mp-common-mpaudio mp-common-product mp-common-profile
    mpvideosnap mpvoice object picture qqmusic s source span strike u video audio embed
"""
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "style", "id", "align", "role", "aria-level", "data-aria-level"},
    "a": {"href", "title", "name"},
    "figure": set(FIGURES.values()),
    "hr": {"data-title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "source": {"src", "srcset", "data-srcset"},
    "object": {"data"},
}
# Where pages that load their pictures late name them.
LATE = "data-src data-original data-lazy-src data-actualsrc data-original-src data-orig-file data-echo".split()
ATTRIBUTES["img"] = {"src", "alt", "width", "height", "srcset", "data-srcset", "data-w", *LATE}
ATTRIBUTES |= {name: {"src", "data-src"} for name in ("video", "audio", "embed")}
ATTRIBUTES |= {name: {"name", "data-nickname"} for name in READ.split() if name.startswith(("mp", "qq"))}
SCHEMES = {"http", "https", "mailto", "tel", "data", "file", "cid", "blob", "docx", "webkit-fake-url", "x-apple-ql-id"}
# Head of what Windows keeps: Version:0.9, StartHTML:0000000105 and so on, a line each.
CLIPBOARD_HEAD = re.compile(r"\s*Version:[\d.]+\s(?:[A-Za-z]+:[^\n]*\s)*")
# Shown by nobody, or only by those who write from right to left. A joiner is kept in an emoji.
INVISIBLE = re.compile(
    "[\u00ad\u2060\u200c\u200e\u200f\u202a-\u202e]|(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d"
)
# A frame left open would hold all that follows, as text; an embedded thing holds nothing.
FRAME = re.compile(r"<iframe\b|<(/)iframe\s*>", re.IGNORECASE)
INLINE_TAG = r"</?(?:span|font|b|strong|i|em|a|u|sub|sup|o:p)\b[^<>]*>"
WIDE = rf"{HAN}\u3000-\u303f\uff00-\uffef“”‘’—…"
# Where a program broke its own source between two Chinese characters, there is no space; nor behind a full-width mark,
# where typists put some.
GAP = re.compile(
    rf"(?<=[{WIDE}])((?:{INLINE_TAG})*+)[ \t]*+\r?\n\s*+(?=(?:{INLINE_TAG})*+[{WIDE}])"
    rf"|(?<=[。，！？；：、…”）》」])((?:{INLINE_TAG})*+)(?:&nbsp;|&\#160;|[ \u00a0\t]){{2,}}+"
    rf"(?=(?:{INLINE_TAG})*+[{WIDE}])",
    re.IGNORECASE,
)


def tree(source: str) -> HtmlElement:
    """Clipboard HTML as the children of one `div`, styles and classes still on it. Raises LxmlError if it is too deep.

    nh3 reads it as a browser does, and lets nothing pass but names and attributes of the lists above.
    """
    text = CLIPBOARD_HEAD.sub("", source, count=1) if source.lstrip().startswith("Version:") else source
    text = INVISIBLE.sub("", printable(text))
    text = FRAME.sub(lambda tag: "" if tag[1] else "<embed", text)
    safe = nh3.clean(
        GAP.sub(lambda gap: gap[1] or gap[2] or "", text),
        tags=TAGS | RENAMED.keys() | set(BOXES.split()) | set(READ.split()),
        attributes=ATTRIBUTES,
        clean_content_tags=UNREAD,
        url_schemes=SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    return parse_safe(safe)


def written(root: HtmlElement) -> str:
    """The children of the root as HTML."""
    root.tag = "div"
    return lxml.html.tostring(root, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
