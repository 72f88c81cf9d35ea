"""The text of a WordPress post as plain HTML: blocks unpacked, shortcodes replaced, paragraphs made of blank lines.

WordPress keeps two forms: classic text, in which a blank line parts paragraphs, and blocks, whose limits are comments.
Both may stand in one post. What is made here still has pictures and embeds as WordPress wrote them: `bodies` goes on.
"""

import html
import json
import re
from collections.abc import Callable, Iterator

type Say = Callable[[str, str], None]  # (kind, Chinese message): what could not be kept as it was

BLOCK = re.compile(r"<!--\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(?:(\{.*?\})\s+)?(/)?-->", re.DOTALL)
# Blocks that hold nothing even in WordPress.
EMPTY_BLOCKS = {"spacer", "separator", "more", "nextpage"}
# Around these a line break is no part of the text.
BLOCK_TAGS = """
    address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hr iframe legend li main nav object ol p pre script section style summary table tbody td tfoot th
    thead tr ul video audio
"""
BLOCK_LEVEL = "|".join(BLOCK_TAGS.split())
BEFORE = re.compile(rf"\s*(<(?:{BLOCK_LEVEL})(?=[\s/>]))", re.IGNORECASE)
AFTER = re.compile(rf"(</(?:{BLOCK_LEVEL})\s*>|<hr\b[^>]*>)\s*", re.IGNORECASE)
IS_BLOCK = re.compile(rf"</?(?:{BLOCK_LEVEL})(?=[\s/>])", re.IGNORECASE)
# Text after these belongs into a paragraph of its own, text before their end into one too.
BOX_START = re.compile(r"(<(?:blockquote|div|section|article)\b[^>]*>)(?=[^<\s])", re.IGNORECASE)
BOX_END = re.compile(r"(?<=[^>\s])(</(?:blockquote|div|section|article)\s*>)", re.IGNORECASE)
# Kept letter by letter: a line break in a tag or in preformatted text is none of the text's.
ATOMIC = re.compile(r"<(pre|script|style|iframe|object|video|audio)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[a-zA-Z/][^<>]*>")

CAPTION = re.compile(r"(?<!\[)\[(?:wp_)?caption\b([^\]]*)\](.*?)\[/(?:wp_)?caption\]", re.DOTALL)
CAPTIONED = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL)
SHORTCODE = re.compile(r"\[(\[?)(/?)([A-Za-z][\w-]*)((?:\s+[^\[\]]*?)?)(/?)\](\]?)")
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))""")
EMBED = re.compile(r"(?<!\[)\[embed\b[^\]]*\](.*?)\[/embed\]", re.DOTALL)
MEDIA = re.compile(r"(?<!\[)\[(video|audio)\b([^\]]*)\](?:[^\[]*\[/\1\])?")
GALLERY = re.compile(r"(?<!\[)\[gallery\b([^\]]*)\]")
PAGE_BREAK = '\n\n<hr class="page-break">\n\n'


def plain_markup(
    content: str, *, say: Say, attached: Callable[[], list[int]], reusable: Callable[[int], str] = lambda number: ""
) -> str:
    """The content of a post as HTML without blocks and shortcodes.

    `attached` gives the ids of the post's own pictures, which a gallery without a list shows; `reusable` the content of
    a block that several posts share, by its number.
    """
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    text = with_reusable(text, reusable)
    text = re.sub(r"<!--nextpage-->", PAGE_BREAK, text)
    text = re.sub(r"<!--(?:more.*?|noteaser)-->", "", text, flags=re.DOTALL)
    text = CAPTION.sub(captioned, text)
    text = GALLERY.sub(lambda found: gallery(attributes(found[1]), attached), text)
    text = EMBED.sub(r"\n\n\1\n\n", text)
    text = MEDIA.sub(medium, text)
    text = without_shortcodes(text, say)
    return "\n".join(parts_of(text, say))


def with_reusable(text: str, reusable: Callable[[int], str]) -> str:
    """References to shared blocks replaced by what they hold, where the export has it; once, so none can recur."""

    def content(found: re.Match[str]) -> str:
        if found[2] != "block" or not found[4]:
            return found[0]
        number = block_options(found).get("ref")
        return (isinstance(number, int) and reusable(number)) or found[0]

    return BLOCK.sub(content, text)


def block_options(found: re.Match[str]) -> dict:
    try:
        options = json.loads(found[3] or "{}")
    except ValueError:
        return {}
    return options if isinstance(options, dict) else {}


def parts_of(text: str, say: Say) -> Iterator[str]:
    """The text between the limits of blocks: inside a block as it is, outside (classic text) made into paragraphs."""
    depth, end, classic = 0, 0, True
    for limit in BLOCK.finditer(text):
        part = text[end : limit.start()]
        yield autop(part) if classic else part
        end = limit.end()
        name = limit[2].removeprefix("core/")
        if limit[4]:
            if name not in EMPTY_BLOCKS:
                say("block", f"区块“{name}”的内容由 WordPress 临时生成，没有可导入的文字。")
        else:
            depth = max(0, depth + (-1 if limit[1] else 1))
        classic = depth == 0 or (not limit[1] and name == "freeform")
    yield autop(text[end:]) if classic else text[end:]


def autop(text: str) -> str:
    """Classic text with its paragraphs: a blank line parts two, a single line break within one stays a break."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        mark = f"\ue000{len(kept) - 1}\ue001"
        return f"\n\n{mark}\n\n" if IS_BLOCK.match(found[0]) else mark

    if not text.strip():
        return ""
    text = ATOMIC.sub(keep, text.replace("\ue000", "").replace("\ue001", ""))
    text = TAG.sub(lambda found: found[0].replace("\n", " "), text)
    text = re.sub(r"<br\s*/?>\s*<br\s*/?>", "\n\n", text, flags=re.IGNORECASE)
    text = AFTER.sub(r"\1\n\n", BEFORE.sub(r"\n\n\1", text))
    text = BOX_END.sub(r"\n\n\1", BOX_START.sub(r"\1\n\n", text))
    paragraphs = (paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip())
    return re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], "\n".join(paragraphs))


def paragraph(part: str) -> str:
    if IS_BLOCK.match(part) or re.fullmatch("\ue000\\d+\ue001", part):
        return part
    lines = re.sub(r"\s*(?:<br\s*/?>)?\s*\n\s*", "<br>", part, flags=re.IGNORECASE)
    return f"<p>{lines}</p>"


# --- Shortcodes -------------------------------------------------------------------------------------------------------


def attributes(source: str) -> dict[str, str]:
    found = ATTRIBUTE.findall(source)
    return {name.lower(): html.unescape(double or single or bare) for name, double, single, bare in found}


def captioned(found: re.Match[str]) -> str:
    """[caption]: a figure with the picture and the words under it."""
    values, inner = attributes(found[1]), CAPTIONED.match(found[2])
    if inner is None:
        return found[2]
    number = values.get("id", "").removeprefix("attachment_")
    words = inner[2].strip() or html.escape(values.get("caption", ""), quote=False)
    mark = f' data-id="{number}"' if number.isdecimal() else ""
    return f"\n\n<figure{mark}>{inner[1]}<figcaption>{words}</figcaption></figure>\n\n"


def gallery(values: dict[str, str], attached: Callable[[], list[int]]) -> str:
    """[gallery]: its pictures one after the other; those of the post itself where it lists none."""
    listed = values.get("ids") or values.get("include") or ""
    numbers = [int(part) for part in re.findall(r"\d{1,18}", listed)] or attached()
    left_out = set(re.findall(r"\d+", values.get("exclude", "")))
    shown = [number for number in numbers if str(number) not in left_out]
    return "\n\n" + "\n\n".join(f'<figure data-id="{number}"><img></figure>' for number in shown) + "\n\n"


def medium(found: re.Match[str]) -> str:
    """[video] and [audio]: the element of HTML, which `bodies` turns into a link."""
    values = attributes(found[2])
    source = next((values[name] for name in ("src", "mp4", "webm", "mp3", "m4a", "ogg", "wav") if name in values), "")
    return f'\n\n<{found[1]} src="{html.escape(source)}"></{found[1]}>\n\n'


def without_shortcodes(text: str, say: Say) -> str:
    """Shortcodes of plug-ins taken out, what they enclose left in. A single word in brackets is text like any other."""
    closed = {found[3] for found in SHORTCODE.finditer(text) if found[2]}

    def replace(found: re.Match[str]) -> str:
        escaped, closing, name, values, _, end = found.groups()
        if escaped and end:
            return found[0][1:-1]
        if not closing and name not in closed and not ATTRIBUTE.search(values) and "_" not in name and "-" not in name:
            return found[0]
        if not closing:
            say("shortcode", f"短代码 [{name}] 依赖 WordPress 插件，已去掉；它包住的文字保留。")
        return found[0][:1] * bool(escaped) + found[0][-1:] * bool(end)

    return SHORTCODE.sub(replace, text)
