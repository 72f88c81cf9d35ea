"""What the import could not keep, and why: each note at once into a file, and the sum of it for the terminal."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

EXAMPLES = 5
KINDS = {
    "failed": "没有导入（出错）",
    "skipped": "没有导入",
    "kept": "本站改动过，没有覆盖",
    "picture": "图片没有导入",
    "embed": "嵌入内容改成链接",
    "shortcode": "短代码去掉",
    "block": "区块没有内容",
    "markup": "版式没有保留",
    "text": "文字超长或缺少，有改动",
    "category": "分类没有对应的栏目",
    "tag": "标签没有保留",
    "status": "状态没有对应",
    "comments": "评论没有导入",
    "link": "站内链接没有找到",
    "address": "旧地址没有记录",
}
COUNTS = {
    "article created": "稿件新增",
    "article updated": "稿件更新",
    "article unchanged": "稿件未变",
    "page created": "单页新增",
    "page updated": "单页更新",
    "page unchanged": "单页未变",
    "comment created": "评论新增",
    "photo created": "图片新增",
    "photo known": "图片已有",
    "address created": "旧地址新增",
    "link rewritten": "站内链接改写",
}


@dataclass(frozen=True)
class Note:
    """One thing that was not kept as it was. `line` is that of the export, 0 where no line is meant."""

    kind: str
    type: str
    number: str
    title: str
    line: int
    message: str


class Report:
    """Counts and notes of one run. Only the counts and a few examples of each kind stay in memory."""

    def __init__(self, write) -> None:
        self.write = write
        self.counts: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self.examples: dict[str, list[Note]] = defaultdict(list)

    @property
    def failures(self) -> int:
        return self.notes["failed"]

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] += number

    def add(self, note: Note) -> None:
        self.notes[note.kind] += 1
        if len(self.examples[note.kind]) < EXAMPLES:
            self.examples[note.kind].append(note)
        self.write(note)

    def lines(self) -> Iterator[str]:
        """The report for a terminal, in Chinese."""
        yield from (f"{words}：{self.counts[what]}" for what, words in COUNTS.items() if self.counts[what])
        for kind, words in KINDS.items():
            if not self.notes[kind]:
                continue
            yield f"{words}：{self.notes[kind]}"
            for note in self.examples[kind]:
                where = f"第 {note.line} 行 " if note.line else ""
                yield f"  {where}{note.type} {note.number}《{note.title}》 {note.message}"
            if self.notes[kind] > EXAMPLES:
                yield f"  ……另有 {self.notes[kind] - EXAMPLES} 条，见 --report 文件。"


@contextmanager
def open_report(path: Path | None) -> Iterator[Report]:
    """A report that writes its notes to a file as they come: CSV by that ending, JSON lines otherwise."""
    if path is None:
        yield Report(lambda note: None)
        return
    # A mark before the text, because spreadsheets take CSV without it for the machine's own encoding.
    is_csv = path.suffix.lower() == ".csv"
    with path.open("w", encoding="utf-8-sig" if is_csv else "utf-8", newline="") as file:
        yield Report(csv_writer(file) if is_csv else json_writer(file))


def csv_writer(file: TextIO):
    rows = csv.DictWriter(file, list(Note.__dataclass_fields__))
    rows.writeheader()
    return lambda note: rows.writerow({name: harmless(value) for name, value in asdict(note).items()})


def harmless(value: str | int) -> str | int:
    """A title that begins like a formula must not become one in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


def json_writer(file: TextIO):
    return lambda note: file.write(json.dumps(asdict(note), ensure_ascii=False) + "\n")
