"""Tables as CSV, line by line, for Excel and WPS."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

# What a spreadsheet would take for a formula: text that somebody typed must not run on another's machine.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Line:
    """What a csv.writer writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_answer(rows: Iterable[Iterable[Any]], *, name: str) -> StreamingHttpResponse:
    """A download of the rows, the first of which are the heads; `name` is the file's, in ASCII, without its ending."""
    answer = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The file, line by line; it begins with the mark by which Excel knows UTF-8."""
    writer = csv.writer(Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([harmless(value) for value in row])


def harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
