"""The words of generated articles: clauses of the demo, some often and most seldom, and names that are rare.

Nobody would want to read the result. But its bigrams are as frequent as those of real Chinese, every article is
different, and it is known which words are in many articles, in few, and in none.
"""

import random
import re
from dataclasses import dataclass
from itertools import accumulate

from newsportal.demo import texts
from newsportal.lib.chinese import keywords

# Characters of names, none of them a word with another of them.
NAME_CHARACTERS = (
    "霁霏霖沅沄泓泠淇渌湜溱漪潆澍澹濯琅琬琰瑄瑜璟璠璨甯畅皓睿祺禧秾"
    "稷穰竑竣筠箬籁粲纶绮缦翊翎翙翯聿臻舜芃苒茗荀荃莳菀萱葳蒹蓁蔚蕤蘅"
)
PAIR = len(NAME_CHARACTERS) ** 2
SENTENCES, CLAUSES_PER_SENTENCE, DRAWS = 40_000, (1, 2, 2, 3), 400_000
# Words of many articles, and of about one in a hundred: found by counting, tested in bench/test_bench.py.
FREQUENT = ["社区", "孩子", "村里", "师傅", "居民", "老人"]
TWO_CHARACTERS = ["渡口", "茶园", "灯塔", "书店", "芦苇", "缆绳"]
NOWHERE = ["翡翠犀牛", "冰淇淋税法", "鲸鱼驾驶证", "月球居委会", "钢琴施肥", "隐形高铁站"]


@dataclass(frozen=True)
class Stock:
    """What articles are made of. `draws` holds the number of each sentence as often as it is to be drawn."""

    clauses: list[str]
    sentences: list[str]
    draws: list[int]
    titles: list[str]
    words: list[list[str]]  # what each sentence is about

    @classmethod
    def read(cls) -> "Stock":
        """Cut the demo's texts into clauses. The order, and so the frequency of each, is always the same."""
        plain = [re.sub(r"<[^>]+>", "\n", row["body"]) for _, row in texts.articles()]
        clauses = list(dict.fromkeys(part for text in plain for part in re.split(r"[，、：\n。！？；]", text)))
        clauses = [clause for clause in clauses if 4 <= len(clause) <= 22 and clause.isalnum()]
        chance = random.Random("clauses")
        chance.shuffle(clauses)
        # Zipf's law, a little flattened at its head: real texts repeat words, not whole clauses.
        weights = list(accumulate(1.0 / (rank + 200) for rank in range(len(clauses))))
        about = [keywords(clause, clause, most=3) for clause in clauses]
        sentences, words = [], []
        for _ in range(SENTENCES):
            parts = chance.choices(range(len(clauses)), cum_weights=weights, k=chance.choice(CLAUSES_PER_SENTENCE))
            sentences.append("，".join(clauses[part] for part in parts) + "。")
            words.append([word for part in parts for word in about[part]])
        titles = [row.get("short_title") or row["title"][:18] for _, row in texts.articles()]
        often = list(accumulate(1.0 / (rank + 300) for rank in range(SENTENCES)))
        draws = chance.choices(range(SENTENCES), cum_weights=often, k=DRAWS)
        return cls(clauses, sentences, draws, titles, words)


def rare_name(number: int) -> str:
    """The name number `number`, of three characters: in no two names of one article are they the same."""
    first, rest = divmod(number % (PAIR * len(NAME_CHARACTERS)), PAIR)
    middle, last = divmod(rest, len(NAME_CHARACTERS))
    return NAME_CHARACTERS[first] + NAME_CHARACTERS[middle] + NAME_CHARACTERS[last]


def queries(stock: Stock, articles: int) -> dict[str, list[str]]:
    """Words to search for, by how often they occur among so many articles."""
    names = range(0, names_among(articles), max(1, names_among(articles) // 12))
    return {
        "frequent": FREQUENT,
        "rare": [rare_name(number) for number in names],
        "two characters": TWO_CHARACTERS,
        "phrase": [f'"{clause}"' for clause in stock.clauses[500:8000:700] if len(clause) >= 8],
        "filtered": FREQUENT,
        "none": NOWHERE,
    }


def names_among(articles: int) -> int:
    """How many different names there are: each is in about twenty articles."""
    return max(10, articles // 10)
