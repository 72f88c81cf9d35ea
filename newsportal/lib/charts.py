"""Small charts as SVG, drawn on the server: colours come from the page's own style sheet, nothing is inline.

The numbers themselves stand in a table beside the chart; to whoever cannot see it, it is its label.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, ROW, LABEL = 440, 26, 120
HEIGHT, COLUMN_FOOT, COLUMN_HEAD, NAMED_EVERY = 160, 20, 18, 3
BAR = (
    '<text class="chart-name" x="{}" y="{}" text-anchor="end">{}</text>'
    '<rect class="chart-bar" x="{}" y="{}" width="{}" height="{}" rx="2"/>'
    '<text class="chart-number" x="{}" y="{}">{}</text>'
)


def bars(rows: Sequence[tuple[str, int]], *, label: str) -> SafeString:
    """A horizontal bar for each (name, number of at least 0), as long as the number is to the greatest."""
    most = max((number for _, number in rows), default=0) or 1
    space = WIDTH - LABEL - 60
    drawn = format_html_join("", BAR, [bar(at, name, number, space / most) for at, (name, number) in enumerate(rows)])
    return svg(drawn, label=label, height=max(1, len(rows)) * ROW)


def bar(at: int, name: str, number: int, unit: float) -> tuple:
    """What fills in BAR for the row `at`, a number being `unit` wide."""
    length, line = round(number * unit, 1), at * ROW + 17
    return (LABEL - 8, line, shortened(name), LABEL, at * ROW + 5, length, ROW - 10, LABEL + length + 6, line, number)


def columns(rows: Sequence[tuple[str, int]], *, label: str) -> SafeString:
    """A column for each (name, number of at least 0) in order; every third and the last have their name beneath."""
    most = max((number for _, number in rows), default=0) or 1
    step = WIDTH / max(1, len(rows))
    foot = HEIGHT - COLUMN_FOOT
    drawn = format_html_join(
        "",
        '<rect class="chart-bar" x="{}" y="{}" width="{}" height="{}" rx="1"><title>{}：{}</title></rect>',
        [
            (round(at * step + 2, 1), round(foot - tall, 1), round(step - 4, 1), tall, name, number)
            for at, (name, number) in enumerate(rows)
            for tall in [round((foot - COLUMN_HEAD) * number / most, 1)]
        ],
    )
    names = format_html_join(
        "",
        '<text class="chart-name" x="{}" y="{}" text-anchor="middle">{}</text>',
        [
            (round((at + 0.5) * step, 1), HEIGHT - 5, name)
            for at, (name, _) in enumerate(rows)
            if at % NAMED_EVERY == 0 or at == len(rows) - 1
        ],
    )
    top = format_html('<text class="chart-number" x="2" y="12">{}</text>', most if rows else 0)
    return svg(format_html("{}{}{}", drawn, names, top), label=label, height=HEIGHT)


def svg(drawn: SafeString, *, label: str, height: int) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', WIDTH, height, label, drawn
    )


def shortened(name: str) -> str:
    return name if len(name) <= 10 else f"{name[:9]}…"
