"""Which tables travel, in an order in which each comes after those that it refers to, and which stay and why.

A test asks for every table of the project: a new one is named in one of the two lists, or the test fails.
"""

from django.apps import apps
from django.db import models

EXPORTED = (
    "auth.Group",
    "regions.Region",
    "about.SiteProfile",
    "about.Licence",
    "about.Page",
    "about.FriendLink",
    "about.StaffMember",
    "articles.Channel",
    "members.Member",
    "articles.Source",
    "articles.Author",
    "articles.Tag",
    "articles.Photo",
    "articles.Video",
    "articles.Audio",
    "articles.Article",
    "articles.ShownPhoto",
    "articles.ArticleEvent",
    "articles.Revision",
    "articles.Review",
    "articles.Reviewer",
    "articles.Signature",
    "articles.Beat",
    "members.Operation",
    "members.TakenName",
    "members.Bookmark",
    # Sealed: they open beside the same secret, and are proved anew beside another.
    "members.PhoneNumber",
    "account.EmailAddress",
    "socialaccount.SocialAccount",
    "articles.Credit",
    "articles.OldAddress",
    "articles.Topic",
    "articles.TopicSection",
    "articles.TopicItem",
    "articles.Issue",
    "articles.IssueItem",
    "articles.Placement",
    "articles.ListedWord",
    "articles.PreflightRule",
    "articles.ArticleReads",
    "articles.HourlyReads",
    "articles.ImportedItem",
    "comments.CommentPolicy",
    "comments.TrustedMember",
    "comments.Comment",
    "comments.CommentCount",
    "comments.CommentStep",
    "comments.Decision",
    "comments.Appeal",
    "comments.Report",
    "comments.Like",
    "comments.Sanction",
    "comments.DayFigures",
    "comments.Notice",
    "comments.NoticeSettings",
    "comments.LetterTemplate",
    "comments.Letter",
    "comments.LetterFile",
    "comments.LetterEvent",
    "comments.LetterClearance",
    "comments.LetterTally",
)

LEFT_OUT = {
    "articles.ListEntry": "derived from articles: index_article",
    "articles.ListCount": "derived from articles: index_article",
    "articles.SearchDocument": "derived from articles: index_article",
    "articles.DiscardedPicture": "files of this portal that are to be deleted",
    "articles.ArticlePhoto": "derived from bodies: index_article",
    "articles.ArticleVideo": "derived from bodies: index_article",
    "articles.ArticleAudio": "derived from bodies: index_article",
    "articles.ArticleTerm": "derived from articles: index_article",
    "articles.RelatedArticle": "derived from articles: index_article",
    "articles.SitemapPart": "derived from articles: index_article",
    "articles.LinkPush": "what this portal told search engines of its own addresses",
    "articles.ReviewSight": "which revision a reviewer looked at last",
    "articles.UnsavedText": "what somebody is typing: nobody else's to read",
    "articles.EditLock": "who has a text open at this moment",
    "articles.RankingEntry": "derived from reads: refresh_rankings",
    "articles.RankingRefresh": "says when the rankings were recounted",
    "mfa.Authenticator": "secrets of second factors: a copy of them would be as good as the phone; set up anew",
    "usersessions.UserSession": "who is signed in here, which ends with a move",
    "socialaccount.SocialApp": "stays empty: the settings name the application",
    "socialaccount.SocialToken": "stays empty: what WeChat lets us ask is asked at once and forgotten",
    "account.EmailConfirmation": "confirmations under way: a link says all that they need",
    "articles.ReadMark": "keyed hashes of readers, of use for half an hour",
}

# Columns that are made anew from others of their row.
DERIVED_COLUMNS = {"articles.Article": {"pages", "page_count", "characters"}}

# Known by name rather than by number: the portal that they come to has accounts, and the regions of a migration.
BY_NAME = {"auth.Group": "name", "members.Member": "username"}
# Have the rows of a migration, to which nothing refers yet: those that come replace them.
REPLACED = {"regions.Region", "articles.PreflightRule"}
# May have rows in a portal that is empty for our purpose.
MAY_HAVE_ROWS = {"auth.Group", "members.Member"} | REPLACED

# Rows that no editor meets, so that their table has no Chinese name of its own.
TITLES = {"articles.HourlyReads": "每小时点击"}


def exported_models() -> list[type[models.Model]]:
    return [apps.get_model(label) for label in EXPORTED]


def title(model: type[models.Model]) -> str:
    """The table's Chinese name, for progress and messages."""
    return TITLES.get(model._meta.label, str(model._meta.verbose_name))


def rows_path(label: str) -> str:
    """The file of a table's rows within the folder."""
    return f"rows/{label.lower()}.jsonl"
