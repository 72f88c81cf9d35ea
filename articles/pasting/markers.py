"""The line that stands where a picture could not be brought in: nobody shall publish a text without noticing."""

import re

MARKER = re.compile(r"〔图片 \d+ 未能导入〕")


def marker(number: int) -> str:
    return f"〔图片 {number} 未能导入〕"


def markers_in(text: str) -> list[str]:
    """The markers that are left in a text, in order, each once."""
    return list(dict.fromkeys(MARKER.findall(text)))
