"""What keeps texts while they are written: the unsaved one, who has which in hand, and the newest version."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from articles import editing, reviews, signed, unsaved, versions
from articles.models import Article, EditLock, UnsavedText

from .pages import ArticlePages, change_url

ADD = "admin:articles_article_add"


def being_edited(path: str) -> Prefetch:
    """For a list: who has each article of the page open, in one query, as `lock_now`; None for most."""
    return Prefetch(path, EditLock.objects.live().select_related("user"), to_attr="lock_now")


def with_editor(told: str, article: Article | None) -> str:
    """A column of a list, with who has the article open now."""
    lock = getattr(article, "lock_now", None)
    return format_html('{} <span class="editing-mark">{} 正在编辑</span>', told, lock.user) if lock else told


class KeepingViews(ArticlePages):
    """What an article's form asks while it is open, and what it opens with."""

    class Media:
        css = {"all": ["admin_site/keeping.css"]}

    def get_urls(self):
        pages = [
            ("autosave/", require_POST(self.autosave_view), "articles_article_autosave"),
            ("unsaved/<str:key>/drop/", require_POST(self.drop_new_view), "articles_article_unsaved_drop_new"),
            ("<int:pk>/unsaved/", self.unsaved_view, "articles_article_unsaved"),
            ("<int:pk>/unsaved/drop/", require_POST(self.drop_unsaved_view), "articles_article_unsaved_drop"),
            ("<int:pk>/editing/", require_POST(self.editing_view), "articles_article_editing"),
            ("<int:pk>/takeover/", require_POST(self.takeover_view), "articles_article_takeover"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    # --- Keeping what is typed ---

    def autosave_view(self, request):
        """Keep what is typed into a form. JSON: {"message"}; 400, 403, 404, 409 or 413 when it is not kept."""
        try:
            row = self.autosave(request)
        except unsaved.UnsavedError as error:
            return told(str(error), status=error.status)
        except PermissionDenied:
            return told("你没有改这篇稿件的权限，所以没有自动保存。", status=403)
        except Http404:
            return told("这篇稿件不在了，所以没有自动保存：请先把文字复制出来。", status=404)
        return told(f"已自动保存 {clock(row)}")

    def autosave(self, request) -> UnsavedText:
        """Raises UnsavedError, PermissionDenied and Http404."""
        sent = read_json(request)
        pk, key = sent.get("article"), sent.get("key", "")
        if not (pk is None or (isinstance(pk, int) and 0 < pk < 2**63)) or not isinstance(key, str):
            raise unsaved.UnsavedError("自动保存的内容格式不对。")
        values = unsaved.read_values(sent.get("values"))
        if pk is None and not self.has_add_permission(request):
            raise PermissionDenied
        try:
            article = None if pk is None else self.article_in_hand(request, pk)
        except unsaved.UnsavedError as error:
            raise unsaved.UnsavedError(f"{error}新写的文字没有保存，请先复制留存。", status=error.status) from error
        return unsaved.keep(user=request.user, article=article, key=key, values=values)

    def article_in_hand(self, request, pk: int) -> Article:
        """The article, if who asks may change its text now. Raises UnsavedError, PermissionDenied and Http404."""
        article = self.seen_article(request, pk)
        if not super().has_change_permission(request):
            raise PermissionDenied
        if refusal := reviews.refusal_to_write(request.user, article, reviews.in_hand(article)):
            raise unsaved.UnsavedError(refusal, status=409)
        return article

    # --- Coming back to it ---

    def restored_of(self, request: HttpRequest, article: Article | None) -> UnsavedText | None:
        """The unsaved text that the page is asked to open with. Kept on the request: asked for more than once."""
        wanted = request.GET.get("restore", "")
        if request.method != "GET" or not wanted or (article and self.refusal_of(request, article)):
            return None
        if not hasattr(request, "kept_restored"):
            mine = unsaved.of_article(request.user, article) if article else unsaved.new_one(request.user, wanted)
            request.kept_restored = mine
        return request.kept_restored

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """The rows below the form as they were typed, for the rows that there are by now."""
        values = super().get_formset_kwargs(request, obj, inline, prefix)
        article = obj if obj.pk else None
        row = self.restored_of(request, article)
        if row is not None and prefix == signed.PREFIX:
            data = unsaved.as_form_data(row.values)
            if (typed := signed.typed(data)) is not None:
                values["data"] = signed.rewritten(data, typed, article)
        return values

    def rebase_credits(self, request: HttpRequest, article: Article) -> None:
        """Write the signatures of a form that saw another version anew, for the rows that there are by now."""
        if "title" not in request.POST:
            return
        is_stale = request.POST.get("seen") != str(article.version)
        # As with the fields, nothing is taken over before all is chosen.
        is_chosen = all(request.POST.get(f"merge-{name}") for name in request.POST.getlist("merge"))
        choice = request.POST.get(f"merge-{versions.CREDITS}", "") if is_chosen and not is_stale else ""
        typed = signed.typed(request.POST)
        if typed is not None and (is_stale or choice == versions.THEIRS):
            kept = signed.stored(article) if choice == versions.THEIRS else typed
            request.POST = signed.rewritten(request.POST, kept, article)

    def keeping_context(self, request, article: Article | None, form) -> dict[str, Any]:
        """What stands about all this around the form: five queries or so where there is an unsaved text."""
        is_writing = "title" in form.fields
        context: dict[str, Any] = {"conflict": form.conflict, "is_writing": is_writing, "restored": form.restored}
        if request.GET.get("_popup"):
            return context | {"is_writing": False}
        if not is_writing:
            # The text is closed to her by now: what she typed can still be copied.
            return context | {"unsaved": unsaved.of_article(request.user, article)}
        if article is None:
            is_open = form.restored.key if form.restored else form.data.get("draft_key", "")
            return context | {"begun": [row for row in unsaved.new_ones(request.user) if row.key != is_open]}
        lock = editing.holder(article)
        context["lock"] = lock if lock and lock.user_id != request.user.pk else None
        if form.is_bound or form.restored is not None:
            return context
        row = unsaved.of_article(request.user, article)
        if row is not None and self.unsaved_differences(request, article, row):
            by, at = versions.last_save(article)
            context |= {"unsaved": row, "is_older": row.base != article.version, "saved_by": by, "saved_at": at}
        return context

    def unsaved_differences(self, request, article: Article, row: UnsavedText) -> list[versions.Difference]:
        form_class = self.get_form(request, article, change=True)
        return versions.differences(form_class(unsaved.as_form_data(row.values), instance=article))

    def unsaved_view(self, request, pk):
        """The unsaved text of who asks, beside what stands in the article."""
        article = self.seen_article(request, pk)
        row = unsaved.of_article(request.user, article)
        if row is None:
            self.message_user(request, "没有未保存的文字。", messages.INFO)
            return HttpResponseRedirect(change_url(article))
        found = self.unsaved_differences(request, article, row) if not self.refusal_of(request, article) else []
        context = {
            "title": f"没保存的文字：{article}",
            "media": self.media,
            "row": row,
            "changes": [change for difference in found for change in difference.changes],
            "refusal": self.refusal_of(request, article),
            "typed": row.values,
            "is_older": row.base != article.version,
        }
        return self.answer(request, article, "unsaved", context)

    def drop_unsaved_view(self, request, pk):
        article = self.seen_article(request, pk)
        unsaved.drop(request.user, article=article)
        self.message_user(request, "没保存的文字已丢弃。", messages.SUCCESS)
        return HttpResponseRedirect(change_url(article))

    def drop_new_view(self, request, key):
        if not self.has_add_permission(request):
            raise PermissionDenied
        unsaved.drop(request.user, key=key)
        self.message_user(request, "没保存的新稿件已丢弃。", messages.SUCCESS)
        return HttpResponseRedirect(reverse(ADD))

    def forget_unsaved(self, request, form, *, is_new: bool) -> None:
        """The text is saved: what was kept of it is wanted no more, and nobody has it in hand."""
        if is_new:
            unsaved.drop(request.user, key=form.cleaned_data.get("draft_key", ""))
        elif "title" in form.fields:
            unsaved.drop(request.user, article=form.instance)
            editing.let_go(form.instance, user=request.user)

    # --- Who has it in hand ---

    def editing_view(self, request, pk):
        """The page reports that it is open, or closed ("leave"). JSON: {"is_mine", "notice", "holder"}."""
        try:
            leaves = read_json(request).get("leave") is True
            article = self.article_in_hand(request, pk)
        except unsaved.UnsavedError as error:
            return told(str(error), status=error.status)
        if leaves:
            editing.let_go(article, user=request.user)
            return told("")
        lock = editing.report(article, user=request.user)
        is_mine = lock.user_id == request.user.pk
        return JsonResponse({"is_mine": is_mine, "holder": str(lock.user), "notice": "" if is_mine else lock.notice})

    def takeover_view(self, request, pk):
        """Take the text over. JSON for an open page, which a redirect would cost what was typed in it."""
        try:
            article = self.article_in_hand(request, pk)
        except unsaved.UnsavedError as error:
            return self.answer_takeover(request, pk, str(error), is_done=False, status=error.status)
        former = editing.take_over(article, user=request.user)
        if former is not None:
            self.log_change(request, article.draft_of or article, f"接手编辑（原来是{former}）")
        said = f"你已接手编辑，{former} 的页面会收到通知。" if former else "现在由你编辑。"
        return self.answer_takeover(request, pk, said, is_done=True)

    def answer_takeover(self, request, pk: int, said: str, *, is_done: bool, status: int = 200) -> HttpResponse:
        if request.accepts("text/html"):
            self.message_user(request, said, messages.SUCCESS if is_done else messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
        return told(said, status=status)


def read_json(request: HttpRequest) -> dict[str, Any]:
    """What a page of ours sent. Raises UnsavedError for what is too large or no object."""
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > unsaved.MOST_BYTES:
        raise unsaved.UnsavedError("这篇稿件太大，不能自动保存：请点“保存并继续编辑”。", status=413)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise unsaved.UnsavedError("自动保存的内容格式不对。") from error
    if not isinstance(sent, dict):
        raise unsaved.UnsavedError("自动保存的内容格式不对。")
    return sent


def told(message: str, *, status: int = 200) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


def clock(row: UnsavedText) -> str:
    return f"{timezone.localtime(row.saved_at):%H:%M}"
