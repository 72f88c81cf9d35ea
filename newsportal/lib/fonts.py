"""The typeface of pictures that the portal draws: Noto Sans CJK in the mainland's forms."""

from functools import cache

import cvttf_NotoSansCJK_Bold
import cvttf_NotoSansCJK_Regular
from PIL import ImageFont, features

FONTS = {"regular": cvttf_NotoSansCJK_Regular, "bold": cvttf_NotoSansCJK_Bold}
# The files hold the forms of every region; this picks the mainland's. Without Raqm the Taiwan ones are drawn.
LANGUAGE = {"language": "zh-Hans"} if features.check("raqm") else {}


@cache
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS[weight].get_TTF_path(), size)
