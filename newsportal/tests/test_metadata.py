"""What a file says of itself, whoever wrote it and however."""

import io
from datetime import date

import pytest
from PIL import Image

from articles.tests.factories import picture_bytes
from newsportal.lib.metadata import Metadata, read_metadata

CAPTION, BY_LINE = "雨后的码头，渡船靠岸。", "林晓舟"


def with_exif(*, taken="2026:10:02 07:30:00", caption="", artist="") -> bytes:
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = caption, artist
    exif.get_ifd(0x8769)[0x9003] = taken
    exif.get_ifd(0x8825)[1] = "N"
    return picture_bytes(exif=exif.tobytes())


def with_iptc(**values: bytes) -> bytes:
    """A JPEG with a Photoshop segment (APP13) that holds IPTC records of application 2."""
    numbers = {"created": 55, "by_line": 80, "caption": 120}
    records = b"".join(
        b"\x1c\x02" + bytes([numbers[name]]) + len(value).to_bytes(2) + value for name, value in values.items()
    )
    resource = b"8BIM\x04\x04\x00\x00" + len(records).to_bytes(4) + records + b"\x00" * (len(records) % 2)
    body = b"Photoshop 3.0\x00" + resource
    content = picture_bytes()
    return content[:2] + b"\xff\xed" + (len(body) + 2).to_bytes(2) + body + content[2:]


def with_xmp(packet: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200)).save(buffer, "WEBP", xmp=packet.encode())
    return buffer.getvalue()


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
photoshop:DateCreated="2026-09-30T08:00:00+08:00"><dc:description><rdf:Alt><rdf:li>{caption}</rdf:li></rdf:Alt>
</dc:description><dc:creator><rdf:Seq><rdf:li>林晓舟</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF>
</x:xmpmeta>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_exif_is_read_in_the_encodings_of_chinese_software(encoding):
    content = with_exif(caption=CAPTION.encode(encoding), artist=BY_LINE.encode(encoding))
    assert read_metadata(content) == Metadata(date(2026, 10, 2), CAPTION, BY_LINE)


def test_iptc_is_read_and_goes_before_what_the_camera_wrote():
    content = with_iptc(created=b"20261001", by_line=BY_LINE.encode(), caption=CAPTION.encode())
    assert read_metadata(content) == Metadata(date(2026, 10, 1), CAPTION, BY_LINE)


def test_xmp_is_read():
    assert read_metadata(with_xmp(XMP.format(caption=CAPTION))) == Metadata(date(2026, 9, 30), CAPTION, BY_LINE)


def test_an_entity_of_the_file_is_not_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")
    packet = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>' + XMP.format(caption="&e;")
    assert "机密" not in read_metadata(with_xmp(packet)).caption


@pytest.mark.parametrize("caption", ["OLYMPUS DIGITAL CAMERA", "DCIM\\100MEDIA", "SONY DSC", "default"])
def test_what_a_camera_says_of_itself_is_no_caption(caption):
    assert read_metadata(with_exif(caption=caption)).caption == ""


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "2999:01:01 00:00:00", "nonsense", "", "1700:01:01 00:00:00"])
def test_a_day_that_cannot_be_is_none(taken):
    assert read_metadata(with_exif(taken=taken)).taken_on is None


@pytest.mark.parametrize(
    "content",
    [picture_bytes(), b"no picture", picture_bytes()[:40], with_xmp("<broken"), with_iptc(caption=b"\xff\xfe\xff")],
)
def test_a_file_that_says_nothing_or_nonsense_says_nothing(content):
    assert read_metadata(content) == Metadata()


def test_a_by_line_becomes_a_credit():
    assert Metadata(by_line="林晓舟").credit == "林晓舟 摄"
    assert Metadata(by_line="东海社供图").credit == "东海社供图"
    assert Metadata().credit == ""
