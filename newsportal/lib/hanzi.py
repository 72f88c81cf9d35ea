"""Simplified text in Traditional characters and the reverse, by OpenCC and its phrase tables.

The standard is `s2tw`: of the three that OpenCC knows it writes the forms that every Traditional font has and most
readers learnt (裡 床 群, not 裏 牀 羣). Words stay the newspaper's own: `s2twp` would put Taiwan's in their place, and
makes 區域性 of 局部. What the tables are known to get wrong is mended here, by context.
"""

import re
from functools import cache

import opencc

# Surnames that OpenCC takes for the word written the same; kept where what stands around them tells of a name.
SURNAMES = "于范余岳朴郁涂种"
# Signs of the last private plane, which neither the tables nor any text know.
HELD = {sign: chr(0x10F000 + number) for number, sign in enumerate(SURNAMES)}
RELEASED = {held: sign for sign, held in HELD.items()}
HELD_SIGN = re.compile(f"[{''.join(RELEASED)}]")
TITLES = "老师|先生|女士|师傅|主任|教授|院士|法官|律师|医生|大夫|经理|警官|记者"
NAMED = re.compile(
    rf"(?:记者|作者|编辑|责编|通讯员|校对|摄影|【|：)\s*[{SURNAMES}](?=[\u4e00-\u9fff]{{1,2}}(?:[^\u4e00-\u9fff]|$|报道|摄|文|图))"
    rf"|(?<![\u4e00-\u9fff])[{SURNAMES}](?=[\u4e00-\u9fff]{{0,2}}(?:{TITLES}))"
)
NAME_ALONE = re.compile(rf"\s*[{SURNAMES}][\u4e00-\u9fff]{{1,3}}\s*")

# Where the longest phrase of the tables is the wrong one, for a word ends inside it: 昨|天后|半夜, 先|生发|现.
BREAK = "\x1e"
BREAKS = re.compile(
    r"(?:(?<=[\u4e00-\u9fff])(?<![头毛理白长短黑金卷染烫剪秀银华])|(?<=明白))(?=发(?:生|现))"
    r"|(?:(?<=[今昨明前每]天)|(?<=[开启拆]封))(?=后)|(?<=[换缓补])(?=发)|(?<=[换缓补]发)(?=须)"
    r"|(?:(?<=[进在到向入从片的]海)|(?<=卡))(?=里)|(?<=几)(?=分钟)|(?<=有)(?=采[纳信取用访集])"
)


@cache
def converter(config: str) -> opencc.OpenCC:
    """The converter of this process: some milliseconds to build, then shared by all threads, for it never changes."""
    return opencc.OpenCC(config, include_tofu_risk_dictionaries=False)


def traditional(text: str) -> str:
    """`text` in Traditional characters."""
    held = NAMED.sub(lambda found: found[0][:-1] + HELD[found[0][-1]], text)
    converted = converter("s2tw").convert(BREAKS.sub(BREAK, held)).replace(BREAK, "")
    return HELD_SIGN.sub(lambda found: RELEASED[found[0]], converted)


def simplified(text: str) -> str:
    """`text` in Simplified characters: what a reader of the Traditional pages types, as our tables hold it."""
    return converter("tw2s").convert(text)


def hold_surname(text: str) -> str:
    """`text` with the surname marked that it begins with, if it is a name and nothing else: `traditional` keeps it."""
    if not NAME_ALONE.fullmatch(text):
        return text
    return re.sub(f"[{SURNAMES}]", lambda found: HELD[found[0]], text, count=1)
