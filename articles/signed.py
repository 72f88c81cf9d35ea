"""The signatures under an article (署名) as its form sends them: read, and written for the rows there are by now."""

from dataclasses import dataclass

from django.http import QueryDict

from newsportal.lib.keys import is_key

from .models import Article, Author, Credit

PREFIX = "credits"
MOST = 200


@dataclass(frozen=True)
class Typed:
    """One signature as it was typed; `author` is a key, empty where nobody was chosen."""

    role: str
    author: str
    position: str

    @property
    def identity(self) -> tuple[str, str]:
        return self.role, self.author


def typed(data: QueryDict) -> list[Typed] | None:
    """The signatures of a form, in their order, without those to be deleted; None for a form that has none at all."""
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    if not total.isdecimal() or len(total) > 4:
        return None
    found = []
    for index in range(min(int(total), MOST)):
        role, author, position = (
            data.get(f"{PREFIX}-{index}-{name}", "").strip() for name in ("role", "author", "position")
        )
        is_empty = not author and role in {"", Credit._meta.get_field("role").default}
        # What is no key, the box that searches cannot show.
        author = author if is_key(author) else ""
        if not is_empty and not data.get(f"{PREFIX}-{index}-DELETE"):
            found.append(Typed(role, author, position))
    return sorted(
        found, key=lambda one: int(one.position) if one.position.isdecimal() and len(one.position) < 10 else 0
    )


def stored(article: Article) -> list[Typed]:
    """The signatures of the article as it was saved. One query."""
    rows = article.credits.order_by("position", "pk") if article.pk else []
    return [Typed(row.role, str(row.author_id), str(row.position)) for row in rows]


def in_words(signatures: list[Typed]) -> str:
    """One query."""
    keys = [one.author for one in signatures if one.author]
    names = {str(pk): name for pk, name in Author.objects.filter(pk__in=keys).values_list("pk", "name")}
    return "、".join(f"{one.role} {names.get(one.author, '（没有选人）')}" for one in signatures)


def as_sent(signatures: list[Typed], article: Article | None) -> dict[str, str]:
    """What the form would send for these signatures now: the rows there are changed, deleted, and others added."""
    rows = list(article.credits.order_by("position", "pk")) if article is not None else []
    left, data = list(signatures), {}
    for index, row in enumerate(rows):
        same = next((one for one in left if one.identity == (row.role, str(row.author_id))), None)
        shown = same or Typed(row.role, str(row.author_id), str(row.position))
        data |= fields(index, shown) | {
            f"{PREFIX}-{index}-id": str(row.pk),
            f"{PREFIX}-{index}-article": str(row.article_id),
        }
        if same is None:
            data[f"{PREFIX}-{index}-DELETE"] = "on"
        else:
            left.remove(same)
    for index, one in enumerate(left, start=len(rows)):
        data |= fields(index, one)
    counts = {"TOTAL": len(rows) + len(left), "INITIAL": len(rows), "MIN_NUM": 0, "MAX_NUM": 1000}
    return data | {f"{PREFIX}-{name}_FORMS": str(count) for name, count in counts.items()}


def fields(index: int, one: Typed) -> dict[str, str]:
    return {f"{PREFIX}-{index}-{name}": getattr(one, name) for name in ("role", "author", "position")}


def rewritten(data: QueryDict, signatures: list[Typed], article: Article | None) -> QueryDict:
    """The data with these signatures and no others, in place of those that it had."""
    result = data.copy()
    for name in [name for name in result if name.startswith(f"{PREFIX}-")]:
        del result[name]
    result.update(as_sent(signatures, article))
    return result
