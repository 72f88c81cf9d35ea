"""Loading the demo: every channel, article, picture and page, in the order in which they refer to each other."""

import random
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from about.models import FriendLink, Licence, Page, SiteProfile, StaffMember
from articles.counters import refresh_rankings
from articles.models import (
    Article,
    ArticleReads,
    Author,
    Channel,
    Credit,
    HourlyReads,
    Issue,
    IssueItem,
    ListedWord,
    Photo,
    Placement,
    RankingRefresh,
    Source,
    Tag,
    Topic,
    TopicItem,
    TopicSection,
    Video,
)
from articles.publishing import index_article, save_article
from comments.moderation import figures
from newsportal.lib import pagecache
from newsportal.lib.images import PHOTO_WIDTHS, PORTRAIT_WIDTHS, store_picture
from regions.models import Region

from . import desk, letters, texts
from .accounts import create_accounts, note
from .comments import CommentLoader
from .drawing import COVER, PORTRAIT, Drawing, store_all
from .photos import CREDIT, lend, photo_row
from .readers import create_readers

type Row = dict[str, Any]
type Progress = Callable[[str], None]

# The hours at which a newsroom publishes, with how often; briefs run through the day.
HOURS = [6, 7, 7, 8, 8, 8, 9, 9, 10, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21]
VIDEO_SIZE, VIDEO_SECONDS = (854, 480), 8
COPIED = ("title", "short_title", "kicker", "subtitle", "lead", "duty_editor", "original_title")


class DemoLoader:
    """One loading of the demo. `load` is the whole of it; the rest are its steps, each in its own transaction."""

    def __init__(self, *, progress: Progress, now: datetime | None = None) -> None:
        self.progress = progress
        self.now = now or timezone.now()
        self.random = random.Random("newsportal")  # noqa: S311 -- the demo must come out the same each time
        self.site = texts.site()
        self.rows = list(texts.articles())
        self.photos: dict[str, Photo] = {}
        self.portraits: dict[str, Row] = {}
        self.videos: dict[str, Video] = {}
        self.articles: dict[str, Article] = {}

    def load(self) -> None:
        """Load everything. Pictures first, being slow; then all rows in one transaction: all or nothing."""
        self.load_pictures()
        steps = {
            "站点资料": self.load_profile,
            "栏目、来源、作者与词库": self.load_channels,
            "视频": self.load_videos,
            "稿件": self.load_articles,
            "专题、杂志与推荐位": self.load_packages,
            "编辑部的案头": self.load_desk,
            "会员": self.load_readers,
            "读者的评论": self.load_comments,
            "近一个月的点击": self.load_reads,
        }
        with transaction.atomic():
            for title, step in steps.items():
                self.progress(title)
                step()
            pagecache.bump()

    def load_pictures(self) -> None:
        drawings = list(self.drawings())
        stored = store_all(drawings, progress=self.show_pictures)
        with transaction.atomic():
            for drawing in drawings:
                if drawing.folder == "photos":
                    self.photos[drawing.key] = photo_row(drawing, stored[drawing.key])
            lend(self.photos.values(), today=timezone.localdate(self.now))
        self.portraits = {staff_key(row): stored[staff_key(row)] for row in self.site["staff"]}

    def show_pictures(self, done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            self.progress(f"图片 {done}/{total}")

    def drawings(self):
        """Every picture of the demo."""
        for _, row in self.rows:
            for photo in row.get("photos", []):
                key = f"{row['key']}-{photo['key']}"
                yield Drawing(
                    key, photo["scene"], photo.get("light", "day"), caption=photo["caption"], alt=photo["alt"]
                )
        for topic in self.site["topic"]:
            key, alt = f"topic-{topic['slug']}", topic["banner_alt"]
            yield Drawing(key, topic["banner_scene"], topic["banner_light"], caption=topic["title"], alt=alt)
        for issue in self.site["issue"]:
            key = issue_key(issue)
            yield Drawing(key, "cover", size=COVER, caption=f"{issue['title']}（封面）", alt=issue["cover_alt"])
        for row in self.site["staff"]:
            yield Drawing(staff_key(row), "portrait", size=PORTRAIT, folder="staff", widths=PORTRAIT_WIDTHS)

    def load_profile(self) -> None:
        profile = SiteProfile.objects.create(**self.site["profile"])
        Licence.objects.bulk_create(Licence(profile=profile, **row) for row in self.site["licence"])
        for row in self.site["page"]:
            Page.objects.create(**row)
        FriendLink.objects.bulk_create(FriendLink(**row) for row in self.site["friend_link"])
        self.regions = {region.slug: region for region in Region.objects.all()}
        for row in self.site["staff"]:
            region = self.regions[row["region"]]
            StaffMember.objects.create(**{**row, "region": region}, photo_data=self.portraits[staff_key(row)])

    def load_channels(self) -> None:
        for row in self.site["channel"]:
            Channel.objects.create(**row)
        self.channels = {channel.slug: channel for channel in Channel.objects.all()}
        self.sources = {row["name"]: Source.objects.create(**row) for row in self.site["source"]}
        self.own_source = next(source for source in self.sources.values() if source.is_own)
        self.authors = {row["name"]: Author.objects.create(**row) for row in self.site["author"]}
        for row in self.site["word"]:
            ListedWord.objects.create(**row)

    def load_videos(self) -> None:
        for _, row in self.rows:
            if name := row.get("video"):
                self.videos[name] = self.load_video(name, row)

    def load_video(self, name: str, row: Row) -> Video:
        width, height = VIDEO_SIZE
        with (texts.VIDEO_DIR / f"{name}.jpg").open("rb") as poster:
            data = store_picture(poster, folder="photos", widths=PHOTO_WIDTHS)
        drawing = Drawing(name, "", caption=f"视频画面：{row['title']}", alt=f"视频《{row['title']}》的画面")
        video = Video(
            mime_type="video/webm",
            poster=photo_row(drawing, data),
            caption=row["title"],
            credit=CREDIT,
            seconds=VIDEO_SECONDS,
            width=width,
            height=height,
        )
        with (texts.VIDEO_DIR / f"{name}.webm").open("rb") as clip:
            video.file.save(f"{name}.webm", File(clip), save=True)
        return video

    def load_articles(self) -> None:
        """Articles in the order of their publication, so that relatives and ids grow with time as on a live site."""
        dated = sorted(((self.moment(row), slug, row) for slug, row in self.rows), key=lambda item: item[0])
        for number, (moment, slug, row) in enumerate(dated, start=1):
            self.articles[row["key"]] = self.load_article(slug, row, moment)
            if number % 50 == 0:
                self.progress(f"稿件 {number}/{len(dated)}")

    def moment(self, row: Row) -> datetime:
        """When the demo article was published: at an hour of a newsroom's day, never in the future."""
        hour, minute, second = self.random.choice(HOURS), self.random.randrange(60), self.random.randrange(60)
        day = timezone.localdate(self.now) - timedelta(days=row["days_ago"])
        moment = timezone.make_aware(datetime.combine(day, time(hour, minute, second)))
        latest = self.now - timedelta(minutes=self.random.randrange(6, 180))
        return min(moment, latest)

    def load_article(self, slug: str, row: Row, moment: datetime) -> Article:
        source = self.sources[row["source"]] if row.get("source") else self.own_source
        is_reprint = not source.is_own
        cover = next((self.photos[f"{row['key']}-{photo['key']}"] for photo in row.get("photos", [])), None)
        video = self.videos.get(row.get("video", ""))
        article = Article(
            **{name: row[name] for name in COPIED if name in row},
            channel=self.channels[slug],
            origin=Article.Origin.REPRINT if is_reprint else Article.Origin.ORIGINAL,
            source=source,
            source_url=f"https://example.com/{row['key']}.html" if is_reprint else "",
            cover=video.poster if video else cover,
            video=video,
            body=self.body_of(row),
            status=Article.Status.PUBLISHED,
            published_at=moment,
        )
        save_article(article, at=moment)
        article.regions.set([self.regions[name] for name in row["regions"]])
        article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in row["tags"]])
        Credit.objects.bulk_create(
            Credit(article=article, role=role, author=self.authors[name], position=position)
            for position, (role, name) in enumerate(row["credits"], start=1)
        )
        index_article(article)
        return article

    def body_of(self, row: Row) -> str:
        """The body with the demo's own names of pictures and clips replaced by their numbers in the library."""
        body = re.sub(
            r'data-photo="([^"]+)"',
            lambda name: f'data-photo="{self.photos[f"{row['key']}-{name[1]}"].pk}"',
            row["body"],
        )
        return re.sub(r'data-video="([^"]+)"', lambda name: f'data-video="{self.videos[name[1]].pk}"', body)

    def load_packages(self) -> None:
        for row in self.site["topic"]:
            self.load_topic(row)
        for row in self.site["issue"]:
            self.load_issue(row)
        for row in self.site["placement"]:
            Placement.objects.create(**{**row, "article": self.articles[row["article"]]})
        for article in Article.objects.filter(topic_items__isnull=False).distinct():
            index_article(article)  # anew, now that its topic makes it kin to others
        for row in self.site["correction"]:
            self.correct(self.articles[row["article"]], row)

    def correct(self, article: Article, row: Row) -> None:
        article.updated_at = min(article.published_at + timedelta(hours=row["hours_later"]), self.now)
        save_article(article, reason=row["reason"], is_correction=True, at=article.updated_at)
        index_article(article)

    def load_desk(self) -> None:
        """Texts on their way through the reviews, by the demo's accounts."""
        people = create_accounts()
        for row in self.site["desk"]:
            desk.load_draft(row, channel=self.channels[row["channel"]], source=self.own_source, people=people)
        for row in self.site["change"]:
            desk.load_change(row, self.articles[row["article"]], people)
        self.load_letters(people)

    def load_letters(self, people: dict[str, Any]) -> None:
        """What readers wrote, in the order in which it came."""
        letters.load_templates(self.site["letter_template"])
        for row in sorted(self.site["letter"], key=lambda row: -row["days_ago"]):
            letters.load_letter(row, region=self.regions[row["region"]], people=people, now=self.now)

    def load_comments(self) -> None:
        CommentLoader(self.site, self.articles, create_accounts(), self.now).load()
        while figures.fill():
            pass

    def load_readers(self) -> None:
        note(create_readers(list(self.articles.values())))

    def load_topic(self, row: Row) -> None:
        topic = Topic.objects.create(
            title=row["title"],
            slug=row["slug"],
            intro=row["intro"],
            banner=self.photos[f"topic-{row['slug']}"],
            started_on=row["started_on"],
            is_published=True,
        )
        for position, part in enumerate(row["section"], start=1):
            section = TopicSection.objects.create(topic=topic, title=part["title"], position=position)
            TopicItem.objects.bulk_create(
                TopicItem(section=section, article=self.articles[key], position=order)
                for order, key in enumerate(part["articles"], start=1)
            )

    def load_issue(self, row: Row) -> None:
        issue = Issue.objects.create(
            **{name: row[name] for name in ("year", "number", "title", "intro", "published_on")},
            cover=self.photos[issue_key(row)],
            is_published=True,
        )
        IssueItem.objects.bulk_create(
            IssueItem(issue=issue, article=self.articles[item["article"]], column=item["column"], position=position)
            for position, item in enumerate(row["item"], start=1)
        )

    def load_reads(self) -> None:
        """Reads of the last month: many in an article's first hours, fewer at night, fading over days."""
        hours, totals = [], []
        for article in self.articles.values():
            rows = self.reads_of(article)
            hours += [HourlyReads(article=article, hour=hour, reads=reads) for hour, reads in rows]
            totals.append(ArticleReads(article=article, total=sum(reads for _, reads in rows)))
        HourlyReads.objects.bulk_create(hours, batch_size=1000)
        ArticleReads.objects.bulk_create(totals)
        refresh_rankings(at=self.now)
        RankingRefresh(pk=1, refreshed_at=self.now).save()

    def reads_of(self, article: Article) -> list[tuple[datetime, int]]:
        """(hour, reads) of one article, for the hours in which somebody read it."""
        popularity = self.random.lognormvariate(4.2, 0.8)
        hour = article.published_at.replace(minute=0, second=0, microsecond=0)
        rows = []
        while hour <= self.now:
            age = (hour - article.published_at) / timedelta(hours=1)
            by_day = 0.25 if timezone.localtime(hour).hour < 6 else 1.0
            expected = popularity * by_day * 0.5 ** (max(0.0, age) / 16)
            if expected < 0.4:
                break
            if reads := round(expected * self.random.uniform(0.6, 1.4)):
                rows.append((hour, reads))
            hour += timedelta(hours=1)
        return rows


def issue_key(row: Row) -> str:
    return f"issue-{row['year']}-{row['number']}-{row['cover_seed']}"


def staff_key(row: Row) -> str:
    return f"staff-{row['card_number']}"
