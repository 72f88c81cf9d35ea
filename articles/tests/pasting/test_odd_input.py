"""Clipboards and files that no program writes: whatever comes, there is an answer, and it is clean."""

import io
import random
from contextlib import suppress

import pytest

from articles.pasting import BadFileError, docx, paste, tidy
from newsportal.lib.html import clean_html

from .clipboard import Pictures, sample
from .documents import docx_bytes, footnotes, item, p, picture, run
from .test_sources import SOURCES

ODD = [
    *["<", ">", "&", '"', "</p>", "<p", "<!--", "-->", "<![if", "]]>", "<table>", "</td>", "<li>", "<figure>", "\x00"],
    *[
        "\ud800",
        "&#xD800;",
        "&#0;",
        "\ufffe",
        "<svg><title>",
        "<math>",
        "<template>",
        "<select><option>",
        "<plaintext>",
    ],
    *[
        "<a href=\"x\"><a href='y'>",
        "<h1><h2>",
        'style="',
        "<img src=x onerror=y>",
        "<figure data-photo=paste-1>",
        "<ul><ul>",
    ],
    *[
        "<p style='mso-list:l0 level9 lfo1'>",
        "<figcaption>",
        "<img src='data:image/png;base64,='>",
        "<iframe>",
        "<o:p/>",
    ],
]


def mutated(source: str, chance: random.Random) -> str:
    """The source with some pieces lost, doubled, moved or replaced by odd ones."""
    for _ in range(chance.randrange(1, 12)):
        start = chance.randrange(len(source))
        end = min(len(source), start + chance.randrange(40))
        piece = chance.choice(["", source[start:end] * 2, chance.choice(ODD), source[end : end + 30][::-1]])
        source = source[:start] + piece + source[end:]
    return source


@pytest.mark.parametrize("name", SOURCES)
def test_no_clipboard_is_too_odd(chief, name):
    chance = random.Random(name)
    for _ in range(60):
        source = mutated(sample(name), chance)
        body = paste(source, user=chief, fetcher=Pictures()).html
        assert clean_html(body) == body
        assert "paste-" not in body.replace("paste-1&gt;", "")
        clean_html(tidy(source))


@pytest.mark.parametrize("piece", ODD)
def test_no_piece_is_too_odd_by_itself(chief, piece):
    for source in (piece, piece * 50, f"<p>甲{piece}乙</p>"):
        body = paste(source, user=chief, fetcher=Pictures()).html
        assert clean_html(body) == body


def test_no_file_is_too_odd(chief):
    content = docx_bytes(
        p("甲", style="a3"),
        item("乙", number=1),
        p(picture()),
        p(run("丙") + '<w:r><w:footnoteReference w:id="1"/></w:r>'),
        parts=[footnotes("丁")],
    )
    chance = random.Random(7)
    read = 0
    for _ in range(150):
        odd = bytearray(content)
        for _ in range(chance.randrange(1, 20)):
            odd[chance.randrange(len(odd))] = chance.randrange(256)
        with suppress(BadFileError):
            docx(io.BytesIO(bytes(odd)), user=chief)
            read += 1
    assert 0 < read < 150


@pytest.mark.parametrize(
    "broken", ["<w:tbl>", "<w:hyperlink/>", '<w:r><w:footnoteReference w:id="9"/></w:r>', "<w:tc/>", "甲"]
)
def test_no_document_is_too_odd(chief, broken):
    for part in (broken, p(broken)):
        with suppress(BadFileError):
            assert docx(io.BytesIO(docx_bytes(part, p("乙"))), user=chief).html.endswith("<p>乙</p>")


ENDLESS = [
    "中" + "\n" * 100_000,
    "。" + "&nbsp;" * 50_000 + "x",
    "中" + "<span>" * 200 + "\n" * 50_000 + "x",
    "<p>" * 20_000,
]


@pytest.mark.parametrize("source", ENDLESS, ids=range(len(ENDLESS)))
def test_what_repeats_itself_is_read_once(chief, source):
    assert len(paste(f"<p>{source}</p>", user=chief).html) < 2000


def test_endless_names_are_passed_over(chief):
    source = f'<p class="{"imgdesc" * 20_000}!">甲<img srcset="{"x" * 100_000} y" src="clip.png"></p>'
    assert paste(source, user=chief).html == "<p>甲</p>\n<p>〔图片 1 未能导入〕</p>"
