"""What readers write and moderators decide."""

from .letters import Letter, LetterClearance, LetterEvent, LetterFile, LetterTally, LetterTemplate  # noqa: F401
