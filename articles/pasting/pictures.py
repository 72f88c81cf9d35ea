"""The pictures of a paste: found where their address may hide, fetched or unpacked, kept in the library.

Each picture found becomes a figure that names it by its number in the paste, so that cleaning settles it among the
paragraphs; afterwards the figure names the row of the library, or a line says that the picture is missing.
"""

import base64
import binascii
import re
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from lxml import etree
from lxml.html import HtmlElement

from newsportal.lib.fetch import Fetched, FetchError

from .source import LATE
from .styles import classes, declarations, remove

type Fetcher = Callable[..., Fetched]
type Read = Callable[[], bytes]

PREFIX = "paste-"
AT_ONCE = 4
# A picture of so few pixels counts readers and shows nothing; up to so many it is a sign among the words.
PIXEL, SIGN = 3, 40
COUNTERS = re.compile(
    r"^(?:hm\.baidu\.com|[a-z0-9]*\.cnzz\.com|(?:www|ssl)\.google-analytics\.com|.*\.doubleclick\.net"
    r"|.*\.scorecardresearch\.com|pixel\..*|.*\.statcounter\.com|badge\..*|.*\.mmstat\.com|px\..*)$"
)
# Words that programs write for whoever writes none.
NO_ALT = re.compile(
    r"(?:图片|图像|图|image|img|picture|photo|pic)?[\s\d_-]*(?:描述已自动生成)?|.*\.(?:jpe?g|png|gif|webp|bmp)", re.I
)
# Hosts that show pictures to the pages of their own house alone.
REFERERS = {"qpic.cn": "https://mp.weixin.qq.com/", "sinaimg.cn": "https://weibo.com/"}
CAPTION_CLASS = re.compile(
    r"^(?:MsoCaption|caption|.*(?:img|image|pic|photo|figure)[-_]?(?:desc|descr|desp|title|intro|caption|note|info|text|explain)"
    r"\w*|.*wp-caption-text)$",
    re.I,
)
CHOICE = re.compile(r"(\S+)(?:\s+([\d.]+)[wx])?\s*(?:,\s|,?$)")
# Longer ones nobody writes, and looking through them would take long.
LONGEST_SRCSET, LONGEST_CLASS = 8000, 60
DATA = re.compile(r"data:image/[\w.+-]+((?:;[\w=.+-]+)*),(.*)", re.I | re.S)
OUR_PHOTO = re.compile(r"/photos/([0-9a-f]{2})/([0-9a-f]{16})(?:-[0-9a-f]{12})?-\d+\.(?:jpg|webp)$")


@dataclass(frozen=True)
class Wanted:
    """A picture of the paste: its number in the text, where it is to be had, what the source says it shows."""

    number: int
    address: str
    alt: str = ""

    @property
    def is_remote(self) -> bool:
        return self.address.startswith(("http://", "https://"))


class UnreadableError(Exception):
    """The picture cannot be had. The message is Chinese and says why."""


class OutOfReachError(UnreadableError):
    """The clipboard has only the name of a file on the writer's machine."""


# --- Finding them -----------------------------------------------------------------------------------------------------


def mark(root: HtmlElement) -> list[Wanted]:
    """Put a numbered figure in the place of each picture, with the caption that the markup itself names."""
    for figure in [element for element in root.iter("figure") if not (element.get("data-photo") or "0").isdecimal()]:
        del figure.attrib["data-photo"]
    wanted: list[Wanted] = []
    for image in list(root.iter("img")):
        address, alt = address_of(image), alt_of(image)
        if is_counter(image, address):
            remove(image)
        elif is_sign(image):
            image.tail = (alt if len(alt) <= 2 else "") + (image.tail or "")
            remove(image)
        else:
            wanted.append(Wanted(len(wanted) + 1, address, alt))
            figure = root.makeelement("figure", {"data-photo": f"{PREFIX}{len(wanted)}"})
            figure.tail = image.tail
            image.getparent().replace(image, figure)
    take_captions(root)
    return wanted


def take_captions(root: HtmlElement) -> None:
    """Move captions that are named so (figcaption, a telling class) into the figure right before or right behind."""
    order = list(reading_order(root, {element for element in root.iterdescendants() if is_named_caption(element)}))
    for place, (kind, caption) in enumerate(order):
        text = " ".join(caption.text_content().split()) if kind == "caption" else ""
        beside = [order[index] for index in (place - 1, place + 1) if 0 <= index < len(order)]
        figure = next((element for other, element in beside if other == "figure" and len(element) == 0), None)
        if figure is not None and text and not text.startswith("表"):
            words = root.makeelement("figcaption")
            words.text = text
            figure.append(words)
            remove(caption)


def reading_order(root: HtmlElement, captions: Collection[HtmlElement]) -> Iterator[tuple[str, HtmlElement]]:
    """Figures, captions and words as they are read: ("figure", "caption" or "words", element)."""
    inside = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and inside is None:
            if element in captions:
                inside = element
                yield "caption", element
            elif is_placeholder(element):
                yield "figure", element
            elif (element.text or "").strip():
                yield "words", element
        elif event == "end":
            inside = None if element is inside else inside
            if inside is None and (element.tail or "").strip():
                yield "words", element


def is_named_caption(element: HtmlElement) -> bool:
    names = [name for name in classes(element) if len(name) <= LONGEST_CLASS]
    if element.tag != "figcaption" and not any(CAPTION_CLASS.match(name) for name in names):
        return False
    return next(element.iter("figure"), None) is None and not element.getparent().get("data-photo")


def is_placeholder(element: HtmlElement) -> bool:
    return element.tag == "figure" and (element.get("data-photo") or "").startswith(PREFIX)


def address_of(image: HtmlElement) -> str:
    """Where the picture is: pages that load it late name it elsewhere, and show a stand-in at `src`."""
    late = [image.get(name) for name in LATE]
    chosen = widest(image.get("data-srcset") or image.get("srcset") or "")
    holder = image.getparent()
    if holder is not None and holder.tag == "picture":
        sources = (widest(one.get("srcset") or one.get("data-srcset") or "") for one in holder.iter("source"))
        chosen = chosen or next(filter(None, sources), "")
    candidates = [(value or "").strip() for value in (*late, chosen, image.get("src"))]
    full = [f"https:{value}" if value.startswith("//") else value for value in candidates if value]
    return next((value for value in full if value.startswith(("http://", "https://"))), full[-1] if full else "")


def widest(srcset: str) -> str:
    """The address of the widest choice of a srcset; empty for none."""
    best, width = "", -1.0
    for address, size in CHOICE.findall(srcset) if len(srcset) <= LONGEST_SRCSET else []:
        if len(size) < 9 and size_of(size) > width:
            best, width = address, size_of(size)
    return best.rstrip(",")


def size_of(descriptor: str) -> float:
    """The number of a choice of a srcset; 1 for none and for what is no number."""
    try:
        return float(descriptor or 1)
    except ValueError:
        return 1.0


def alt_of(image: HtmlElement) -> str:
    alt = " ".join((image.get("alt") or "").split())
    return "" if NO_ALT.fullmatch(alt) else alt


def is_counter(image: HtmlElement, address: str) -> bool:
    sides = [side for name in ("width", "height") if (side := side_of(image, name)) is not None]
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    return (bool(sides) and max(sides) <= PIXEL) or bool(COUNTERS.match(host))


def is_sign(image: HtmlElement) -> bool:
    """A smiley, an icon: a sign among the words."""
    sides = [side_of(image, name) for name in ("width", "height")]
    is_small = all(side is not None and side <= SIGN for side in sides)
    return is_small or any("emoji" in name.lower() or "icon_emotion" in name for name in classes(image))


def side_of(image: HtmlElement, name: str) -> float | None:
    value = declarations(image).get(name) or image.get(name) or ""
    found = re.fullmatch(r"\s*(\d{1,5}(?:\.\d{1,4})?)(?:px)?\s*", value)
    return float(found[1]) if found else None


# --- Reading them -----------------------------------------------------------------------------------------------------


def contents(
    wanted: Sequence[Wanted], *, fetcher: Fetcher, embedded: Mapping[str, Read]
) -> Iterator[tuple[Wanted, bytes | UnreadableError]]:
    """Each picture with its bytes, or with why there are none, in order.

    A few are fetched at once, in threads that know nothing of the database; no more than those are held in memory.
    """
    deadline = time.monotonic() + settings.PASTE_SECONDS
    taken, rest = wanted[: settings.PASTE_MAX_PICTURES], wanted[settings.PASTE_MAX_PICTURES :]
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        waiting: deque[tuple[Wanted, Future[bytes]]] = deque()
        coming = iter(taken)
        for one in coming:
            waiting.append((one, pool.submit(read, one, fetcher, embedded, deadline)))
            if len(waiting) >= AT_ONCE:
                yield result(*waiting.popleft(), deadline)
        while waiting:
            yield result(*waiting.popleft(), deadline)
    finally:
        # Not waited for: what hangs in a look-up of a name must not hold up whoever pasted.
        pool.shutdown(wait=False, cancel_futures=True)
    for one in rest:
        yield one, UnreadableError(f"一次最多导入 {settings.PASTE_MAX_PICTURES} 张图片")


def result(one: Wanted, future: Future[bytes], deadline: float) -> tuple[Wanted, bytes | UnreadableError]:
    try:
        return one, future.result(max(0.0, deadline + 1 - time.monotonic()))
    except UnreadableError as error:
        return one, error
    except TooLateError:
        return one, UnreadableError("等得太久，已放弃")


def read(one: Wanted, fetcher: Fetcher, embedded: Mapping[str, Read], deadline: float) -> bytes:
    """The bytes of one picture. Raises UnreadableError."""
    if one.address in embedded:
        return embedded[one.address]()
    if one.address.startswith("data:"):
        return decoded(one.address)
    if not one.is_remote:
        raise OutOfReachError("在剪贴板里取不到：请把图片文件拖进正文")
    left = deadline - time.monotonic()
    if left <= 0:
        raise UnreadableError(f"{settings.PASTE_SECONDS:.0f} 秒内没有读完")
    try:
        most = settings.PASTE_PICTURE_MAX_BYTES
        return fetcher(one.address, max_bytes=most, seconds=left, referer=referer_of(one.address)).content
    except FetchError as error:
        raise UnreadableError(str(error).rstrip("。")) from error


def decoded(address: str) -> bytes:
    found = DATA.fullmatch(address)
    if found is None:
        raise UnreadableError("不是图片")
    try:
        content = unquote_to_bytes(found[2])
        if "base64" in found[1].lower():
            content = base64.b64decode(content)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("图片内容不完整") from error
    if len(content) > settings.PASTE_PICTURE_MAX_BYTES:
        raise UnreadableError(f"超过 {settings.PASTE_PICTURE_MAX_BYTES // 2**20} MB")
    return content


def referer_of(address: str) -> str:
    """The page that a host wants to see named before it gives a picture; empty for most."""
    host = urlsplit(address).hostname or ""
    return next((page for name, page in REFERERS.items() if host == name or host.endswith(f".{name}")), "")


def our_prefix(address: str) -> str:
    """The beginning of the content's hash, where the address is that of a rendition of ours; else empty."""
    found = OUR_PHOTO.search(address.partition("?")[0])
    return found[1] + found[2] if found else ""
