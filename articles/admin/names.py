"""What articles are named by: sources, authors, tags, and the addresses they had before."""

from django.contrib import admin, messages
from django.db import transaction

from articles import publishing
from articles.models import Author, OldAddress, Source, Tag
from newsportal.lib.admin import CappedPaginator, NewestFirst, PublicModelAdmin, RecordAdmin, gathered, newest
from newsportal.lib.keys import is_key

SEARCHED = 20_000


class NamedAdmin(PublicModelAdmin):
    """What articles are found by: a new name reaches the search."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data and publishing.reindex_renamed(obj):
            text = f"最新的 {publishing.RENAMED_AT_ONCE} 篇稿件已能按新名字搜到；更早的请运行 rebuild_search。"
            self.message_user(request, text, messages.WARNING)


@admin.register(Source)
class SourceAdmin(NamedAdmin):
    list_display = ["name", "is_own", "url", "note"]
    list_filter = ["is_own"]
    search_fields = ["name", "url"]

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def reasons_to_keep(self, obj):
        count = obj.articles.count()
        return [f"有 {count} 篇稿件来自“{obj}”：请先把它们改到别的来源。"] if count else []


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    list_display = ["name", "bio"]
    search_fields = ["name"]

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def reasons_to_keep(self, obj):
        count = obj.credits.count()
        return [f"“{obj}”署名了 {count} 篇稿件：请先改掉那些署名。"] if count else []


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    """Deleting a tag leaves its articles; they are found by its name no more."""

    list_display = ["name"]
    search_fields = ["name"]

    def delete_model(self, request, obj):
        self.delete_tags(request, [obj])

    def delete_queryset(self, request, queryset):
        self.delete_tags(request, queryset)

    def delete_tags(self, request, tags):
        with transaction.atomic():
            left = [tag.name for tag in tags if publishing.delete_tag(tag)]
        if left:
            text = f"{'、'.join(left)}：更早的稿件还能按旧标签搜到，请运行 rebuild_search。"
            self.message_user(request, text, messages.WARNING)

    def view_on_site(self, obj):
        return obj.get_absolute_url()


@admin.register(OldAddress)
class OldAddressAdmin(RecordAdmin):
    """To look up where an old address leads. Written by publishing and by the import, never by hand."""

    paginator = CappedPaginator
    sortable_by = []
    ordering = ["-id"]
    list_display = ["path", "article", "target", "created_at"]
    list_select_related = ["article"]
    search_fields = ["path", "article__title"]
    search_help_text = f"按完整的旧地址或稿件编号查找；按地址的一部分或标题，只找最近 {SEARCHED} 条"

    def get_queryset(self, request):
        return super().get_queryset(request).defer("article__body", "article__pages")

    def get_changelist(self, request, **kwargs):
        return NewestFirst

    def get_search_results(self, request, queryset, search_term):
        """Among the newest; the whole path and the number of an article are found anywhere."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        if not term:
            return found, may_repeat
        exact = [queryset.filter(path=term), *([queryset.filter(article=term)] if is_key(term) else [])]
        return gathered(queryset, newest(found, SEARCHED), *exact), may_repeat
