"""Charts as SVG, and tables as CSV: what they show is what they were given."""

import lxml.html
import pytest

from newsportal.lib.charts import HEIGHT, WIDTH, bars, columns
from newsportal.lib.csvfile import csv_lines, harmless


def drawn(svg) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(str(svg))


def test_bars_are_as_long_as_their_numbers():
    chart = drawn(bars([("社会热点", 40), ("就案说法", 10), ("诗坛荟萃", 0)], label="篇数"))
    lengths = [float(bar.get("width")) for bar in chart.iter("rect")]
    assert lengths[0] == 4 * lengths[1] > 0 == lengths[2]
    assert [text.text for text in chart.iter("text")] == ["社会热点", "40", "就案说法", "10", "诗坛荟萃", "0"]
    assert (chart.get("role"), chart.get("aria-label")) == ("img", "篇数")


def test_columns_stand_on_one_line_within_the_picture():
    chart = drawn(columns([(f"{hour:02}", hour) for hour in range(24)], label="点击"))
    found = [(float(one.get("x")), float(one.get("y")), float(one.get("height"))) for one in chart.iter("rect")]
    assert {round(y + height, 1) for _, y, height in found} == {HEIGHT - 20}
    assert all(0 <= x < WIDTH and y >= 0 for x, y, _ in found)
    assert [height for _, _, height in found] == sorted(height for _, _, height in found)
    assert [title.text for title in chart.iter("title")][-1] == "23：23"


@pytest.mark.parametrize("chart", [bars, columns])
def test_nothing_is_a_chart_too(chart):
    assert "<rect" not in chart([], label="空")
    assert 'height="0' in chart([("一", 0)], label="零") or 'width="0' in chart([("一", 0)], label="零")


def test_a_name_is_only_text_and_a_long_one_is_cut():
    chart = str(bars([("<script>x</script>", 1)], label='"><b>'))
    assert "<script>" not in chart
    assert '"><b>' not in chart
    assert "一二三四五六七八九…" in str(bars([("一二三四五六七八九十百千", 1)], label="长"))


def test_a_table_is_read_by_a_spreadsheet_and_runs_nothing_there():
    text = "".join(csv_lines([["名", "数"], ["=1+1", 3], ["渡口,东岸", -2]]))
    assert text == '\ufeff名,数\r\n\'=1+1,3\r\n"渡口,东岸",-2\r\n'
    typed = {"@x": "'@x", "+1": "'+1", "-1": "'-1", "\tx": "'\tx", "x=1": "x=1", "": ""}
    assert {value: harmless(value) for value in typed} == typed
