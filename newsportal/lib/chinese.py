"""Chinese text: counting it, cutting it for display, and finding the words that tell what it is about."""

import re
import unicodedata
from collections import Counter

import rjieba

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff"
# Words that stand in any report and therefore say nothing about one.
COMMON_WORDS = frozenset(
    """
    一个 一些 一种 一样 一直 一次 一起 一边 一天 一年 一位 一名 一条 一张 不是 不会 不能 不到 不过 不再 不少
    不同 不用 不要 与其 为了 之后 之前 之间 也是 也许 了解 今天 今年 他们 她们 我们 你们 自己 大家 以后 以及
    以前 任何 但是 作为 使用 例如 其中 其他 其实 几个 几乎 出现 出来 起来 下来 上来 过来 回来 进来 只是 只有
    只能 可以 可能 各种 同时 告诉 周围 因为 因此 地方 如果 如何 孩子 它们 对于 已经 常常 并且 应该 开始 当时
    很多 成为 所以 所有 所谓 打开 把握 无法 时候 时间 明天 昨天 是否 有人 有些 有的 有点 本来 来到 来自 某些
    根据 正在 每天 每年 比较 没有 然后 现在 由于 的话 目前 看到 知道 第一 第二 第三 第一次 第二天 等等 而且
    而是 记者 编辑 觉得 认为 说明 说法 这个 这些 这样 这里 这种 这么 还是 还有 进行 通过 那个 那些 那样 那里
    那么 那种 部分 都是 里面 问题 需要 非常 首先 最后 最近 什么 怎么 怎样 为什么 多少 有时 有时候 有关 相关
    表示 发现 介绍 一般 特别 十分 左右 以上 以下 之一 之外 之中 不断 甚至 仍然 先生 女士 上午 下午 晚上 早上
    清晨 凌晨 中午 去年 前年 明年 本网 人们 个人 工作 情况 方面 方式 变化 过程 结果 原因 过去 后来
    """.split()
)


def count_characters(text: str) -> int:
    """How many characters a reader reads: every Han character counts one, every Latin word or number one."""
    return len(re.findall(rf"[{HAN}]|[A-Za-z0-9]+", text))


def reading_minutes(characters: int) -> int:
    """Minutes an adult needs for so many characters, at 400 a minute and never less than one."""
    return max(1, round(characters / 400))


def shorten(text: str, length: int) -> str:
    """The text cut to at most `length` characters, at a mark of punctuation where one is near, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    at_mark = max(cut.rfind(mark) for mark in "。！？；，、")
    return (cut[:at_mark] if at_mark > length * 0.6 else cut) + "…"


def keywords(title: str, text: str, *, most: int = 12) -> list[str]:
    """The words of two characters or more that an article is about, weightiest first.

    A word of the title weighs as much as four in the text; a longer word weighs more. Words are cut by rjieba.
    """
    weights: Counter[str] = Counter()
    for source, weight in ((title, 4.0), (text, 1.0)):
        for word in rjieba.cut(unicodedata.normalize("NFKC", source)):
            if len(word) >= 2 and word not in COMMON_WORDS and re.fullmatch(rf"[{HAN}]+", word):
                weights[word] += weight * (1 + 0.3 * (len(word) - 2))
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return [word for word, weight in ranked[:most] if weight >= 2]


# How else people write digits: in Chinese, as over the telephone, as on cheques.
NUMERALS = dict(
    zip("〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖兩两貳參陸", "000123456789112345678922236", strict=True)
)


class PlainDigits(dict):
    """A table for `str.translate`: of each character that stands for a digit that digit, of any other itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = NUMERALS.get(char) or str(unicodedata.digit(char, char))
        return self[code]


PLAIN_DIGITS = PlainDigits()


def plain_digits(text: str) -> str:
    """The text with every digit as 0 to 9, whatever its width, script or circle; each place stays what it was."""
    return text.translate(PLAIN_DIGITS)
