"""The one statement of what a body holds: the cleaner's lists, the editor's schema, and that they agree."""

import json
import re

import pytest

from newsportal.lib import body
from newsportal.lib.html import clean_html, text_of

BY_NAME = {node.name: node for node in body.NODES}
VALUES = {
    "data-photo": "12",
    "data-gallery": "12 15 19",
    "data-video": "3",
    "data-audio": "5",
    "data-article": "7",
    "data-embed": "https://www.bilibili.com/video/BV1",
    "data-title": "下页",
    "href": "/a/?b=1&c=2",
    "title": "题",
    "colspan": "2",
    "rowspan": "2",
    "scope": "col",
}
# What holds a kind of element that does not stand by itself.
AROUND = {
    "listItem": "<ul>{}</ul>",
    "tableRow": "<table><tbody>{}</tbody></table>",
    "tableCell": "<table><tbody><tr>{}</tr></tbody></table>",
    "tableHeader": "<table><tbody><tr>{}</tr></tbody></table>",
    "tableCaption": "<table>{}<tbody><tr><td>格</td></tr></tbody></table>",
    "lineBreak": "<h2>甲{}乙</h2>",
}
INSIDE = {
    "inline*": "字",
    "text*": "<figcaption>字</figcaption>",
    "block+": "<p>字</p>",
    "(listItem | list)+": "<li>字</li>",
    "tableRow+": "<tbody><tr><td>字</td></tr></tbody>",
    "(tableCell | tableHeader)*": "<td>字</td>",
    "": "",
}


def attributes(pairs) -> str:
    return "".join(f' {name}="{value.replace("&", "&amp;")}"' for name, value in pairs)


def written(node: body.Node) -> str:
    """An element as the editor writes it, with every attribute that it may have."""
    pairs = [("class", node.css_class)] if node.css_class else []
    pairs += [(name, VALUES[name]) for name in (node.needs, *node.attributes) if name]
    end = "" if node.tag in {"hr", "br"} else f"{INSIDE[node.content]}</{node.tag}>"
    return AROUND.get(node.name, "{}").format(f"<{node.tag}{attributes(pairs)}>{end}")


@pytest.mark.parametrize("name", BY_NAME)
def test_what_the_editor_writes_is_clean(name):
    source = written(BY_NAME[name])
    assert clean_html(source) == source


@pytest.mark.parametrize(
    "node", [node for node in body.NODES if "block" in node.group.split()], ids=lambda node: node.name
)
def test_every_block_may_stand_in_boxes_and_quotations(node):
    for box in ('<aside class="fact-box">{}</aside>', "<blockquote>{}</blockquote>", "<ul><li>{}</li></ul>"):
        source = box.format(written(node))
        assert clean_html(source) == source


@pytest.mark.parametrize("mark", body.MARKS, ids=lambda mark: mark.name)
def test_marked_text_is_clean(mark):
    pairs = [(name, VALUES[name]) for name in mark.attributes] + list(mark.fixed)
    source = f"<p>前<{mark.tag}{attributes(pairs)}>字</{mark.tag}>后</p>"
    assert clean_html(source) == source


def test_the_lists_of_the_cleaner():
    assert {"a", "strong", "em", "sub", "sup", "br"} == body.INLINE
    assert {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "aside", "figure", "table", "hr"} == body.BLOCKS
    parts = {"li", "figcaption", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
    assert body.INLINE | body.BLOCKS | parts == body.TAGS
    assert {"p", "h2", "h3", "h4"} == body.LINES
    assert {"aside"} == body.SECTIONS
    assert {"figure", "hr", "br", "td", "th"} == body.VOID
    assert {
        "a": {"href", "title"},
        "figure": {"data-photo", "data-gallery", "data-video", "data-audio", "data-embed", "data-article"},
        "hr": {"data-title"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
    } == body.ATTRIBUTES
    assert {"p": {"verse"}, "blockquote": {"pull-quote"}, "aside": {"fact-box"}, "hr": {"page-break"}} == body.CLASSES


def test_the_editor_is_told_all_of_it_as_json():
    told = json.loads(json.dumps(body.schema()))
    assert [node["name"] for node in told["nodes"]] == [node.name for node in body.NODES]
    assert {node["tag"] for node in told["nodes"]} | {mark["tag"] for mark in told["marks"]} == body.TAGS - {
        *body.TABLE_PARTS,
        "figcaption",
    }
    assert told["nodes"][0] == {
        "name": "paragraph",
        "tag": "p",
        "content": "inline*",
        "group": "block",
        "css_class": "",
        "needs": "",
        "attributes": [],
        "is_plain": False,
    }
    names = {node["name"] for node in told["nodes"]} | {"inline", "block", "section", "list", "text"}
    for node in told["nodes"]:
        assert set(re.findall(r"\w+", node["content"])) <= names


def test_text_parts_at_every_block():
    together = "".join(written(node) for node in body.NODES if node.name not in AROUND)
    assert "字字" not in text_of(clean_html(together))
