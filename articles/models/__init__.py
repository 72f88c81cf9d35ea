"""Channels, articles, pictures, topics, magazine issues, placements and reads."""

from .articles import Article, Author, Credit, OldAddress, Source, Tag
from .channels import Channel
from .derived import ArticlePhoto, ArticleTerm, ArticleVideo, ListCount, ListEntry, RelatedArticle
from .magazine import Issue, IssueItem
from .media import Photo, Video
from .placements import Placement
from .reads import ArticleReads, HourlyReads, RankingEntry, RankingRefresh, ReadMark
from .topics import Topic, TopicItem, TopicSection

__all__ = [
    "Article",
    "ArticlePhoto",
    "ArticleReads",
    "ArticleTerm",
    "ArticleVideo",
    "Author",
    "Channel",
    "Credit",
    "HourlyReads",
    "Issue",
    "IssueItem",
    "ListCount",
    "ListEntry",
    "OldAddress",
    "Photo",
    "Placement",
    "RankingEntry",
    "RankingRefresh",
    "ReadMark",
    "RelatedArticle",
    "Source",
    "Tag",
    "Topic",
    "TopicItem",
    "TopicSection",
    "Video",
]
