"""Bookmarks (收藏): kept and taken off, told to the public pages' script, and listed with what became of each."""

from collections.abc import Iterable

from articles.models import Article
from newsportal.lib.pagination import ListPage, paginate

from .models import Bookmark, Member

MOST = 2000
PAGE_SIZE = 20


def keep(member: Member, article: Article) -> bool:
    """Whether it is kept now; not, where as many are as anybody may have. Twice is once."""
    if Bookmark.objects.filter(member=member, article=article).exists():
        return True
    if Bookmark.objects.filter(member=member)[:MOST].count() >= MOST:
        return False
    Bookmark.objects.bulk_create([Bookmark(member=member, article=article)], ignore_conflicts=True)
    return True


def take_off(member: Member, article_pk: int) -> None:
    Bookmark.objects.filter(member=member, article_id=article_pk).delete()


def marked_among(member: Member, pks: Iterable[int]) -> list[int]:
    """Which of these articles the member keeps. One query."""
    rows = Bookmark.objects.filter(member=member, article_id__in=list(pks))
    return sorted(rows.values_list("article_id", flat=True))


def page_of(member: Member, number: int) -> ListPage:
    """The member's bookmarks, the newest first; `shown` is None where readers cannot open it. Three queries."""
    page = paginate(Bookmark.objects.filter(member=member), number, size=PAGE_SIZE)
    pks = [row.article_id for row in page.items]
    public = {article.pk: article for article in Article.objects.published().for_list().filter(pk__in=pks)}
    for row in page.items:
        row.shown = public.get(row.article_id)
    return page


def exported(member: Member) -> list[dict[str, str]]:
    """All of them as the member takes them away: what is no longer public without its title."""
    rows = Bookmark.objects.filter(member=member).order_by("id")
    public = Article.objects.published().for_list().filter(pk__in=rows.values("article_id"))
    found = {article.pk: article for article in public}
    return [
        {
            "标题": found[row.article_id].title if row.article_id in found else "（已撤下）",
            "网址": found[row.article_id].get_absolute_url() if row.article_id in found else "",
            "收藏时间": row.created_at.isoformat(),
        }
        for row in rows
    ]
