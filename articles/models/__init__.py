"""Channels, articles, pictures, topics, magazine issues, placements and reads."""

from .articles import Article, Author, Credit, OldAddress, Source, Tag, address_of
from .beats import Beat
from .channels import Channel
from .derived import (
    ArticleAudio,
    ArticlePhoto,
    ArticleTerm,
    ArticleVideo,
    DiscardedPicture,
    ListCount,
    ListEntry,
    RelatedArticle,
    ShownPhoto,
)
from .events import ArticleEvent
from .imports import ImportedItem
from .keeping import EditLock, UnsavedText
from .magazine import Issue, IssueItem
from .media import Audio, Photo, Video
from .placements import Placement
from .preflight import PreflightRule
from .pushes import LinkPush
from .reads import ArticleReads, HourlyReads, RankingEntry, RankingRefresh, ReadMark
from .reviews import Review, Reviewer, ReviewSight, Signature, Step
from .revisions import Revision
from .search import SearchDocument
from .sitemaps import SitemapPart
from .topics import Topic, TopicItem, TopicSection
from .words import ListedWord

__all__ = [
    "Article",
    "ArticleAudio",
    "ArticleEvent",
    "ArticlePhoto",
    "ArticleReads",
    "ArticleTerm",
    "ArticleVideo",
    "Audio",
    "Author",
    "Beat",
    "Channel",
    "Credit",
    "DiscardedPicture",
    "EditLock",
    "HourlyReads",
    "ImportedItem",
    "Issue",
    "IssueItem",
    "LinkPush",
    "ListCount",
    "ListEntry",
    "ListedWord",
    "OldAddress",
    "Photo",
    "Placement",
    "PreflightRule",
    "RankingEntry",
    "RankingRefresh",
    "ReadMark",
    "RelatedArticle",
    "Review",
    "ReviewSight",
    "Reviewer",
    "Revision",
    "SearchDocument",
    "ShownPhoto",
    "Signature",
    "SitemapPart",
    "Source",
    "Step",
    "Tag",
    "Topic",
    "TopicItem",
    "TopicSection",
    "UnsavedText",
    "Video",
    "address_of",
]
