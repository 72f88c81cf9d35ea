"""Text from elsewhere: Word, WPS, WeChat, web pages and .docx files, brought down to body HTML without losing a word.

Structure stays, dirt goes, pictures come into the library, and whatever could not be kept is told.
"""

from .archives import BadFileError
from .docx import docx
from .pipeline import Pasted, paste, tidy

__all__ = ["BadFileError", "Pasted", "docx", "paste", "tidy"]
