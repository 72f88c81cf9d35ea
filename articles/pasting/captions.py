"""Which line under a picture is its caption, and which part of that says whose picture it is."""

import re
from dataclasses import dataclass

from newsportal.lib.chinese import HAN

LONGEST_SIGNED, LONGEST_POINTED, LONGEST_CREDIT = 200, 120, 60
LONGEST = 600  # of what is looked through for a credit

# Before a credit stands the beginning, a space, a mark of punctuation or an opening bracket: "由他拍摄" is no credit.
EDGE = r"(?:^|(?<=[\s。！？；，、：…,.;:）)」』”\]】|｜]))"
NAME = rf"(?:[{HAN}]{{1,6}}·[{HAN}]{{1,8}}|[{HAN}]{{2,4}}|[A-Z][A-Za-z.·]+(?: [A-Z][A-Za-z.·]+){{0,2}})"
NAMES = rf"{NAME}(?:[ \u3000、，,/／]+{NAME}){{0,4}}"
AGENCY = r"(?:新华社|中新社|人民网|新华网|中新网|央视|本报|本网|本刊|本台)"
# Of any other paper only with the word for its people: whole sentences end in 网, 报 and 台.
PAPER = rf"[{HAN}]{{2,10}}(?:社|报|网|台|客户端|融媒体中心|融媒)"
ROLE = r"(?:特约|见习|实习|首席|摄影)?(?:记者|通讯员|摄影师|摄影)"
WHO = rf"(?:{AGENCY}[ \u3000]*(?:{ROLE}[ \u3000]*)?|(?:{PAPER}[ \u3000]*)?{ROLE}[ \u3000]*)?{NAMES}"
ARCHIVES = (
    r"(?:视觉中国|东方\s?IC|人民图片|中新图片|新华图片|图虫创意|全景视觉|海洛创意|IC\s?photo|CFP|VCG"
    r"|Getty(?:\s?Images)?|AFP|Reuters)"
)
OF = r"[ \u3000]*[:：/／|｜][ \u3000]*"
CREDITS = [
    rf"{WHO}[ \u3000]*[/／]?[ \u3000]*摄",
    rf"(?:摄影|摄){OF}{WHO}",
    rf"摄影[ \u3000]+{WHO}",
    rf"图(?:{OF}){WHO}",
    r"(?:图片?|照片)?由?[^\s。，；：（）()]{2,20}[ \u3000]*(?:供图|提供图片|制图|绘图|绘制)",
    rf"(?:供图|制图|绘图){OF}[^\s。，；：（）()]{{2,20}}",
    r"(?:新华社|中新社)(?:记者)?[ \u3000]*发",
    rf"(?:图片?来源|图源|图据){OF}[^。，；（）()]{{1,30}}",
    r"(?:图源|图据|图片来自|图片来源于?)[ \u3000]*[^\s。，；：（）()]{1,20}",
    rf"来源{OF}{ARCHIVES}",
    ARCHIVES,
    r"资料图片?|资料照片|网络图片|(?:视频|网络)?截图|效果图|示意图",
]
# Words that end in 摄 and name nobody.
NOT_NAMES = re.compile(r"(?:[拍统珍专包航偷]|自然|开)摄$")
SENT = re.compile(rf"{EDGE}((?:{AGENCY}|{PAPER})发?[（(]\s*{WHO}[ \u3000]*摄\s*[）)])\s*[。.]?$")
BRACKETED = re.compile(rf"[（(【\[]\s*({'|'.join(CREDITS)})\s*[）)】\]]\s*[。.]?$")
BARE = re.compile(rf"{EDGE}({'|'.join(CREDITS[:-1])}|资料图片?|资料照片)\s*[。.]?$")
# Text and picture by two people: the byline of the article.
BYLINE = re.compile(r"^[（(]?\s*(?:文字?|撰文|采写|作者)[ \u3000]*[/／:：|｜&]|摄影报道|(?:^|\s)文[ \u3000]*[/／]")
POINTER = re.compile(
    r"^\s*(?:[▲△↑⬆⇧◤▴]|[（(]\s*图|图为|图中为|图(?:\d{1,2}|[①-⑳一二三四五六七八九十])(?:[:：、.．\s]|为|是|，)"
    r"|[（(]?(?:上|左|右|下|前|后|本|大|小|题)图(?:为|[:：（(]|是)|资料图(?:片)?[:：为，])"
)
ARROWS = re.compile(r"^\s*[▲△↑⬆⇧◤▴]+\s*")


@dataclass(frozen=True)
class Caption:
    """A caption in two: what is to be seen, and whose picture it is; `whole` is the line as it was written."""

    words: str
    credit: str
    whole: str


def caption_of(text: str) -> Caption:
    """The caption taken apart, whatever it is; a credit that the library could not hold stays among the words."""
    whole = " ".join(ARROWS.sub("", text).split(" ")).strip()
    found = (SENT.search(whole) or BRACKETED.search(whole) or BARE.search(whole)) if len(whole) <= LONGEST else None
    if found is None or NOT_NAMES.search(found[1]) or len(found[1]) > LONGEST_CREDIT:
        return Caption(whole, "", whole)
    if whole[-1] in "。." and whole[: found.start()].endswith(("，", "、", ",")):
        return Caption(whole, "", whole)  # the end of a sentence that speaks of a picture
    words = whole[: found.start()].rstrip(" \u3000，,；;|｜/")
    return Caption(words, found[1].strip(), whole)


def reads_as_caption(text: str) -> bool:
    """Whether a line right under a picture speaks of the picture. An ordinary paragraph must not be taken for one."""
    line = text.strip()
    if not line or len(line) > LONGEST_SIGNED or BYLINE.search(line) or "\n" in line:
        return False
    if POINTER.match(line):
        return len(line) <= LONGEST_POINTED or bool(caption_of(line).credit)
    return bool(caption_of(line).credit)
