"""The cleaner over many bodies: every one of the demo, and fragments mixed at random from a fixed seed."""

import html
import random
import re

import lxml.html
import nh3
import pytest

from newsportal.demo import texts
from newsportal.lib.html import (
    ATTRIBUTES,
    CLASSES,
    LINES,
    MARKUP,
    TAGS,
    UNREAD,
    clean_html,
    parse,
    printable,
    read,
    text_of,
)

MARKUP_FRAGMENTS = """
<div>|</div>|<div class=x>|<section>|</section>|<p>|</p>|<p class=verse>|<br>|<hr>|<pre>|</pre>|<dl><dt>|<dd>
<strong>|</strong>|<b>|</b>|<i>|</i>|<sub>|</sub>|<span style='x'>|</span>|<font>|<o:p>|</o:p>|<button>|<form>|<body>
<a href='/x?a=1&b="<2>'>|</a>|<a href=javascript:x>|<img src=x onerror=alert(1)>|<video>|<svg onload=x>|</svg>
<h1>|</h1>|<h3>|</h3>|<ul>|</ul>|<ol>|<li>|</li>|<blockquote>|</blockquote>|<center>|</center>|<textarea>|</textarea>
<table>|<tr>|<td>|</td>|<th scope=col>|</table>|<caption>|<tbody>|<colgroup><col>|<select><option>|</select>|<html>
<aside class=fact-box>|<aside>|</aside>|<blockquote class=pull-quote>|<figure data-gallery='1 x 2 1'>
<figure data-embed=javascript:x>|<figure data-embed='https://a.cn/?b=&quot;'>|<figure data-article=3>
<figure data-photo=1>|<figure>|</figure>|<figcaption>|</figcaption>|<hr class=page-break data-title='&lt;>'>
<!-- c -->|<script>alert(1)</script>|<style>p{}</style>|<iframe>|</iframe>|<template>|</template>
"""
TEXTS = '甲|乙丙|丁 戊|　　|&nbsp;| |\n|\u200b|\x00|\x0b|&#1;|&lt;b&gt;|&amp;|<|&|😀|"|&quot;|1 < 2'
FRAGMENTS = [*re.split(r"[|\n]", MARKUP_FRAGMENTS.strip()), *TEXTS.split("|")]
NESTED_LINES = re.compile(
    r"<(p|h2|h3|h4)\b[^>]*>(?:(?!</\1>).)*<(?:p|h2|h3|h4|ul|ol|table|figure|blockquote|hr)\b", re.DOTALL
)


def random_bodies() -> list[str]:
    mixer = random.Random(20261103)  # the same bodies each time
    bodies = ["".join(mixer.choices(FRAGMENTS, k=mixer.randint(1, 14))) for _ in range(600)]
    return [body for body in bodies if MARKUP.search(body)]


def letters(text: str) -> list[str]:
    """The characters to read, sorted: a table moves text that stands between its rows in front of itself."""
    return sorted(re.sub(r"\s", "", printable(text)))


def words_of(source: str) -> str:
    """The text of any HTML, by nh3 alone."""
    return html.unescape(nh3.clean(printable(source), tags=set(), clean_content_tags=UNREAD))


def demo_bodies() -> list[str]:
    return [row["body"] for _, row in texts.articles()] + [row["body"] for row in texts.site().get("page", [])]


@pytest.fixture(scope="module", params=["demo", "random"])
def bodies(request):
    found = demo_bodies() if request.param == "demo" else random_bodies()
    assert len(found) > 200
    return found


def test_cleaning_twice_changes_nothing(bodies):
    for body in bodies:
        once = clean_html(body)
        assert clean_html(once) == once, body


def test_no_text_is_lost(bodies):
    for body in bodies:
        assert letters(text_of(clean_html(body))) == letters(words_of(body)), body


def test_the_text_is_that_of_the_parsed_tree(bodies):
    for body in bodies:
        cleaned = clean_html(body)
        assert text_of(cleaned) == read(parse(cleaned)), body


def test_what_comes_out_is_within_the_allow_list(bodies):
    for body in bodies:
        for element in parse(clean_html(body)).iterdescendants():
            assert element.tag in TAGS, body
            allowed = ATTRIBUTES.get(element.tag, set()) | ({"class"} if element.tag in CLASSES else set())
            assert set(element.keys()) - {"rel"} <= allowed, body
            assert element.get("class") in {None} | CLASSES.get(element.tag, set()), body


def test_no_block_stands_in_a_line(bodies):
    assert {"p", "h2", "h3", "h4"} == LINES
    for body in bodies:
        assert NESTED_LINES.search(clean_html(body)) is None, body


def test_what_comes_out_is_read_back_as_it_was_written(bodies):
    for body in bodies:
        cleaned = clean_html(body)
        again = "\n".join(lxml.html.tostring(child, encoding="unicode", with_tail=False) for child in parse(cleaned))
        assert again == cleaned, body


def test_demo_bodies_are_written_clean():
    """Except for white space between the parts of lists and tables, and for what every link is given."""
    for body in demo_bodies():
        cleaned = clean_html(body).replace(' rel="noopener"', "")
        assert re.sub(r">\s+<", "><", cleaned) == re.sub(r">\s+<", "><", body.strip())
