"""What a camera or a picture desk wrote into a file: day, caption and by-line, to fill in an editor's empty fields.

Sources: Exif 2.32 (JEITA CP-3451), IPTC-IIM 4.2, XMP part 1. Whatever cannot be read is left out: the file is foreign.
"""

import io
import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from lxml import etree
from PIL import Image, IptcImagePlugin

from .html import printable
from .images import FORMATS, UNREADABLE

EXIF_IFD, DESCRIPTION, ARTIST, ORIGINAL = 0x8769, 0x010E, 0x013B, 0x9003
IPTC_CREATED, IPTC_BY_LINE, IPTC_CAPTION = (2, 55), (2, 80), (2, 120)
RDF, DC = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
# What cameras write of themselves where the caption belongs.
NO_CAPTION = re.compile(r"(olympus|sony|samsung|minolta|digital camera|dsc|dcim|default|untitled|screenshot)", re.I)
LARGEST_XMP = 2**20


@dataclass(frozen=True)
class Metadata:
    """What a file says of itself; empty where it says nothing."""

    taken_on: date | None = None
    caption: str = ""
    by_line: str = ""

    @property
    def credit(self) -> str:
        """The by-line as a credit: 林晓舟 摄."""
        return f"{self.by_line} 摄" if self.by_line and not re.search("[摄图供]", self.by_line) else self.by_line

    def filled(self, other: "Metadata") -> "Metadata":
        """With what only the other says."""
        return replace(
            self,
            taken_on=self.taken_on or other.taken_on,
            caption=self.caption or other.caption,
            by_line=self.by_line or other.by_line,
        )


def read_metadata(content: bytes) -> Metadata:
    """What the bytes of a picture say of it. IPTC, which people write, before XMP, before what the camera writes."""
    try:
        with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
            return from_iptc(image).filled(from_xmp(image)).filled(from_exif(image))
    except (*UNREADABLE, KeyError):
        return Metadata()


def from_exif(image: Image.Image) -> Metadata:
    exif = image.getexif()
    taken = exif.get_ifd(EXIF_IFD).get(ORIGINAL)
    return Metadata(day_of(taken), caption_of(exif.get(DESCRIPTION)), text_of(exif.get(ARTIST)))


def from_iptc(image: Image.Image) -> Metadata:
    found = IptcImagePlugin.getiptcinfo(image) or {}
    return Metadata(
        day_of(found.get(IPTC_CREATED)), caption_of(found.get(IPTC_CAPTION)), text_of(found.get(IPTC_BY_LINE))
    )


def from_xmp(image: Image.Image) -> Metadata:
    packet = image.info.get("xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    if not packet or len(packet) > LARGEST_XMP:
        return Metadata()
    # No entity of the file's own, and nothing from the network.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(packet.strip(b"\x00 \r\n\t"), parser)
    except etree.XMLSyntaxError:
        return Metadata()
    created = next((each.get(f"{PHOTOSHOP}DateCreated") for each in root.iter(f"{RDF}Description")), None)
    created = created or root.findtext(f".//{PHOTOSHOP}DateCreated")
    words = [root.findtext(f".//{DC}{name}//{RDF}li") for name in ("description", "creator")]
    return Metadata(day_of(created), caption_of(words[0]), text_of(words[1]))


def day_of(value: object) -> date | None:
    """The day that a moment begins with: 2026:11:01 07:30:00, 20261101, 2026-11-01T07:30. Not one to come."""
    digits = re.sub(r"\D", "", text_of(value)[:10])
    try:
        day = datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 -- a camera knows no time zone
    except ValueError:
        return None
    return day if date(1826, 1, 1) <= day <= date.today() else None  # noqa: DTZ011


def caption_of(value: object) -> str:
    text = text_of(value)
    return "" if NO_CAPTION.match(text) else text


def text_of(value: object) -> str:
    """What a tag holds as one line of text; Chinese software writes UTF-8 or GB 18030, whatever the tag's type says."""
    value = value[0] if isinstance(value, (list, tuple)) and value else value
    if isinstance(value, str):
        # Pillow reads an ASCII tag as Latin-1; what is beyond it was decoded already.
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return one_line(value)
    if not isinstance(value, bytes):
        return ""
    for encoding in ("utf-8", "gb18030"):
        try:
            return one_line(value.decode(encoding))
        except UnicodeDecodeError:
            continue
    return ""


def one_line(text: str) -> str:
    return " ".join(printable(text).split())
