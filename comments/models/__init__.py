"""What readers write and moderators decide."""

from .comments import PEOPLES_REASONS, Comment, CommentCount, CommentStep, Like, Reason
from .decisions import Appeal, Decision
from .figures import DayFigures
from .letters import Letter, LetterClearance, LetterEvent, LetterFile, LetterTally, LetterTemplate
from .notices import Notice, NoticeSettings
from .policies import CommentPolicy, TrustedMember
from .reports import Report
from .sanctions import Sanction

__all__ = [
    "PEOPLES_REASONS",
    "Appeal",
    "Comment",
    "CommentCount",
    "CommentPolicy",
    "CommentStep",
    "DayFigures",
    "Decision",
    "Letter",
    "LetterClearance",
    "LetterEvent",
    "LetterFile",
    "LetterTally",
    "LetterTemplate",
    "Like",
    "Notice",
    "NoticeSettings",
    "Reason",
    "Report",
    "Sanction",
    "TrustedMember",
]
