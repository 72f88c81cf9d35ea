"""QR codes (ISO/IEC 18004): as SVG for pages, as modules for pictures."""

import io

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
    buffer = io.BytesIO()
    code_of(text).save(
        buffer,
        kind="svg",
        border=2,
        dark=DARK,
        light=LIGHT,
        omitsize=True,
        xmldecl=False,
        nl=False,
        svgid=svg_id,
        svgclass="qr-drawing",
        lineclass=None,
    )
    return buffer.getvalue().decode()


def modules_of(text: str) -> list[list[bool]]:
    """The code's modules without border, row by row; True is dark."""
    return [[bool(module) for module in row] for row in code_of(text).matrix]
