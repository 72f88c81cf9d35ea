"""What lies on the demo newsroom's desk: texts at every point of their way through the reviews."""

from collections.abc import Mapping
from typing import Any

from articles import reviews, revisions
from articles.models import Article, Channel, Review, Source
from articles.publishing import index_article, save_article

type Row = dict[str, Any]
# Who signs which step in the demo.
SIGNERS = {1: "editor", 2: "director", 3: "chief"}


def load_draft(row: Row, *, channel: Channel, source: Source, people: Mapping[str, Any]) -> Review | None:
    """A draft of the reporter, handed in and signed as far as the row says."""
    values = {name: row[name].strip() for name in ("title", "lead", "body")}
    draft = Article(**values, channel=channel, source=source, created_by=people["reporter"])
    save_article(draft, user=people["reporter"])
    index_article(draft)
    revisions.keep(draft, user=people["reporter"])
    if not row["handed_in"]:
        return None
    review = reviews.submit(draft, user=people["reporter"])
    for step in range(1, row["signed"] + 1):
        review = sign(review, step, people)
    if row["returned"]:
        step = row["signed"] + 1
        values = {"verdict": "return", "returned_to": 0, "note": row["returned"]}
        review = sign(review, step, people, **values)
    return review


def sign(review: Review, step: int, people: Mapping[str, Any], **values) -> Review:
    signer = people[SIGNERS[step]]
    return reviews.sign(
        review, user=signer, step=step, revision=review.revision_id, duty_editor=str(people["editor"]), **values
    )


def load_change(row: Row, article: Article, people: Mapping[str, Any]) -> Review:
    """A correction of what readers have, handed in by the reporter and waiting for 一审."""
    copy = reviews.start_change(article, user=people["reporter"])
    if row["old"] not in copy.body:
        raise ValueError(f"{row['article']}: no “{row['old']}” to correct.")
    copy.body = copy.body.replace(row["old"], row["new"], 1)
    save_article(copy, user=people["reporter"])
    revisions.keep(copy, user=people["reporter"])
    reviews.correct(copy, row["reason"])
    return reviews.submit(copy, user=people["reporter"])
