"""The three reviews (三审制): how a text comes before readers, and the only way there.

Handed in by its author, signed by three people of whom none signs twice and none wrote it, published by whoever may.
A text that readers have is changed on a working copy (修改稿), which goes the same way and then takes its place.
Each step of this module locks the article's own row, so what two people do at once happens one after the other.
"""

from .changing import correct, drop_change, restore, start_change
from .releasing import release, republish, unschedule, withdraw
from .rules import (
    EDITING,
    PUBLISHING,
    SIGNING,
    WITHDRAWING,
    ReviewError,
    copy_of,
    faults,
    in_hand,
    last_return,
    may_recall,
    open_review,
    refusal_to_sign,
    refusal_to_write,
    standing,
    takes_part,
    waiting_for,
)
from .signing import follow_text, lock, obstacles, recall, see, sign, submit, write_signature

__all__ = [
    "EDITING",
    "PUBLISHING",
    "SIGNING",
    "WITHDRAWING",
    "ReviewError",
    "copy_of",
    "correct",
    "drop_change",
    "faults",
    "follow_text",
    "in_hand",
    "last_return",
    "lock",
    "may_recall",
    "obstacles",
    "open_review",
    "recall",
    "refusal_to_sign",
    "refusal_to_write",
    "release",
    "republish",
    "restore",
    "see",
    "sign",
    "standing",
    "start_change",
    "submit",
    "takes_part",
    "unschedule",
    "waiting_for",
    "withdraw",
    "write_signature",
]
