"""What the newsroom did to generated articles: revisions, reviews, events, and the log of the back office."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from articles.models import ArticleEvent
from articles.revisions import CHOICES, WORDS
from articles.trace import TEXT, event_digest, sha256

from .rows import Rows, text_of

# The newest so many have their signatures and earlier revisions, too: what is older came from before the reviews.
SIGNED = 100_000
# Of the newest so many, one in eight went out after one signature and owes the others.
OWING = 3000
OLD_ADDRESS_EVERY = 5
REVISION_COLUMNS = ["id", "article_id", "number", "content", "digest", "restored", "user_id", "created_at"]
REVIEW_COLUMNS = [
    *["id", "article_id", "draft_id", "state", "step", "needed", "reason", "submitted_by_id", "submitted_at"],
    *["waiting_since", "revision_id", "closed_at"],
]
SIGNATURE_COLUMNS = [
    *["review_id", "reviewer_id", "user_id", "submitted_by_id", "signed_as", "verdict", "returned_to", "note"],
    *["revision_id", "digest", "at"],
]
EVENT_COLUMNS = ["article_id", "number", "kind", "reason", "at", "user_id", "text_digest", "previous", "digest"]
PUSH_COLUMNS = ["target", "url", "attempts", "next_attempt_at", "last_error", "delivered_at"]
OPERATION_COLUMNS = [
    *["at", "user_id", "username", "address", "path", "action", "model", "object_id", "object_name", "changes"]
]


@dataclass(frozen=True)
class Staff:
    """The ids of who writes (step 0) and who signs each step, and the name of each."""

    steps: tuple[list[int], ...]
    names: dict[int, str]

    def of_step(self, step: int, pk: int) -> int:
        return self.steps[step][pk // 7 % len(self.steps[step])]


@dataclass(frozen=True)
class Work:
    """An article as it was written: its row, what its revision refers to by name, and when it was published."""

    row: dict[str, Any]
    named: dict[str, Any]
    moment: datetime

    @property
    def pk(self) -> int:
        return self.row["id"]

    def before(self, minutes: int) -> str:
        return text_of(self.moment - timedelta(minutes=minutes))


@dataclass(frozen=True)
class History:
    """Adds what was done to each of `count` articles, the newest of them published at `end`."""

    staff: Staff
    count: int
    end: datetime

    def add(self, work: Work, rows: Rows) -> None:
        self.log(work, rows)
        if work.row["status"] == "draft":
            return
        if work.pk % OLD_ADDRESS_EVERY == 0:
            rows["articles_oldaddress"].append((f"/news/{work.pk}.html", work.pk, "", work.row["created_at"]))
        address, told_at = f"http://127.0.0.1:8000/newss/{work.moment:%Y/%m%d}/{work.pk}.html", text_of(work.moment)
        rows["articles_linkpush"].append(("indexnow", address, 1, None, "", told_at))
        self.trace(work, rows)
        self.review(work, self.revise(work, rows), rows)

    def trace(self, work: Work, rows: Rows) -> None:
        """The chain of its events, as `articles.trace` would have made it."""
        row, moment, pk = work.row, work.moment, work.pk
        told = [("published", "", moment)] if moment <= self.end else [("scheduled", "", self.end)]
        if row["status"] == "withdrawn":
            told.append(("withdrawn", row["withdrawn_reason"], moment + timedelta(days=1)))
        elif pk % 200 == 3 and moment <= self.end:
            told.append(("corrected", "更正文中一处人名。", moment + timedelta(hours=5)))
        digest, previous, user = sha256([row[name] for name in TEXT]), "", self.staff.of_step(3, pk)
        for number, (kind, reason, at) in enumerate(told, start=1):
            event = ArticleEvent(
                article_id=pk, number=number, kind=kind, reason=reason, at=at, text_digest=digest, previous=previous
            )
            own = event_digest(event)
            rows["articles_articleevent"].append((pk, number, kind, reason, text_of(at), user, digest, previous, own))
            previous = own

    def revise(self, work: Work, rows: Rows) -> list[tuple[int, str]]:
        """(id, digest) of its revisions, the last as it stands. One in three of the newest was returned once."""
        pk, body = work.pk, work.row["body"]
        texts = [{name: work.row[name] for name in [*WORDS, *CHOICES, "body"]} | work.named]
        if self.is_signed(pk) and pk % 3 == 0:
            texts.insert(0, texts[0] | {"body": body.rpartition("\n")[0] or body, "lead": ""})
        found = []
        for number, text in enumerate(texts, start=1):
            key, digest = (pk if number == 1 else self.count + pk), sha256(text)
            at = work.before(200 - 40 * number)
            content, author = json.dumps(text), work.row["created_by_id"]
            rows["articles_revision"].append((key, pk, number, content, digest, None, author, at))
            found.append((key, digest))
        return found

    def is_signed(self, pk: int) -> bool:
        return pk > self.count - SIGNED

    def review(self, work: Work, revisions: list[tuple[int, str]], rows: Rows) -> None:
        """The review that the article passed, or of which it owes a part."""
        pk, at, author = work.pk, work.before(115), work.row["created_by_id"]
        state, step, needed, signed = "done", 3, 3, 3
        is_public = work.row["status"] == "published" and work.moment < self.end
        if is_public and pk > self.count - OWING and pk % 8 == 0:
            needed, signed = 1, 1 + pk // 8 % 2
            state, step = "refused" if pk % 64 == 0 else "owed", signed + 1
        closed, last = None if state == "owed" else text_of(work.moment), revisions[-1][0]
        rows["articles_review"].append((pk, pk, pk, state, step, needed, "", author, at, at, last, closed))
        if self.is_signed(pk):
            self.sign(work, revisions, signed, rows)

    def sign(self, work: Work, revisions: list[tuple[int, str]], signed: int, rows: Rows) -> None:
        """So many signatures; what has an earlier revision had been returned by the first who signed."""
        pk, author = work.pk, work.row["created_by_id"]
        verdicts = [(1, "return", revisions[0])] if len(revisions) > 1 else []
        verdicts += [(step, "pass", revisions[-1]) for step in range(1, signed + 1)]
        for step in range(1, signed + 1):
            rows["articles_reviewer"].append((3 * pk + step, pk, self.staff.of_step(step, pk), step))
        for number, (step, verdict, (revision, digest)) in enumerate(verdicts):
            user, is_return = self.staff.of_step(step, pk), verdict == "return"
            said = (verdict, 0 if is_return else None, "导语请写清时间和地点。" if is_return else "")
            at = work.before(110 - 10 * number)
            own = (pk, 3 * pk + step, user, author, self.staff.names[user], *said, revision, digest, at)
            rows["articles_signature"].append(own)

    def log(self, work: Work, rows: Rows) -> None:
        """One line of the operation log for each article; of one in ten, that somebody came in."""
        pk, title = work.pk, work.row["title"]
        user, path = self.staff.of_step(pk % len(self.staff.steps), pk), f"/admin/articles/article/{pk}/change/"
        what = ("add" if pk % 10 == 1 else "change", "articles.article", str(pk), title)
        changes = json.dumps({"标题": [title[:-2], title], "导语": ["", work.row["lead"]]})
        if pk % 10 == 0:
            path, what, changes = "/accounts/login/", ("login", "", "", ""), "{}"
        at = text_of(min(work.moment, self.end) - timedelta(hours=1))
        who = (at, user, self.staff.names[user], f"203.0.113.{user % 250}")
        rows["members_operation"].append((*who, path, *what, changes))
