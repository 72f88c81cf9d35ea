"""QR codes (ISO/IEC 18004): as SVG for pages, as modules for pictures."""

import segno

# Black on white: scanners need the contrast in either scheme.
DARK, LIGHT = "#000", "#fff"


def code_of(text: str) -> segno.QRCode:
    """The code of a text, error correction M (15 %).

    The mask is fixed, which is as good to scanners: trying all eight to find the prettiest takes ten times as long.
    """
    return segno.make(text, error="m", micro=False, mask=2)


def svg_of(text: str, *, svg_id: str | None = None) -> str:
    """The code as an SVG of no fixed size with a border of two modules, to stand in a page or alone."""
    # The namespace is what makes it a picture where it is a file, and harmless inside HTML.
    return code_of(text).svg_inline(
        border=2, dark=DARK, light=LIGHT, omitsize=True, svgns=True, svgid=svg_id, svgclass=None, lineclass=None
    )


def modules_of(text: str) -> list[list[bool]]:
    """The code's modules without border, row by row; True is dark."""
    return [[bool(module) for module in row] for row in code_of(text).matrix]
