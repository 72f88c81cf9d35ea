"""The desk (版面编排): one screen on which a board is put together. Used for pages, topics and magazine issues."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from articles import arrangement, placing
from articles.boards import Board, Place
from articles.desk_forms import RowForm, SectionForm
from articles.models import Article, TopicItem
from newsportal.lib.keys import is_key

from .articles import NUMBER

LONGEST_QUERY = 100
NOT_UNDERSTOOD = "看不懂这个操作，什么也没有改。请刷新页面再试。"


@dataclass(frozen=True)
class Outcome:
    """What became of a command: a sentence, the status of the answer, and a form that comes back filled in."""

    message: str
    status: int = 200
    trouble: arrangement.Trouble | None = None

    @property
    def is_done(self) -> bool:
        return self.status == 200


@dataclass
class Desk:
    """One request to a desk. `model_admin` owns the page; what may be added and taken off is its user's to do."""

    model_admin: Any
    request: HttpRequest
    board: Board
    may_add: bool = True
    may_remove: bool = True
    extra: dict[str, Any] = field(default_factory=dict)
    section_typed: str = ""

    # --- The page ---

    def answer(self) -> HttpResponse:
        """The page; after a command the page anew, or for a script its message and the board alone."""
        if self.request.method != "POST":
            return self.page()
        outcome = self.obey()
        if self.request.headers.get("Accept") == "application/json":
            data = {"message": outcome.message, "ok": outcome.is_done, "html": self.board_html(outcome.trouble)}
            return JsonResponse(data, status=outcome.status)
        self.model_admin.message_user(
            self.request, outcome.message, messages.SUCCESS if outcome.is_done else messages.ERROR
        )
        if outcome.is_done:
            return HttpResponseRedirect(self.request.get_full_path())
        return self.page(outcome)

    def page(self, outcome: Outcome | None = None) -> HttpResponse:
        query = self.request.GET.get("q", "")[:LONGEST_QUERY]
        context = {
            **self.model_admin.admin_site.each_context(self.request),
            **self.context(outcome.trouble if outcome else None),
            "opts": self.model_admin.opts,
            "query": query,
            "found": found_articles(self.request, query) if query.strip() else None,
            **self.extra,
        }
        status = outcome.status if outcome else 200
        return TemplateResponse(self.request, "admin/articles/desk/page.html", context, status=status)

    def context(self, trouble: arrangement.Trouble | None) -> dict[str, Any]:
        return {
            "screen": arrangement.make_screen(self.board, trouble=trouble),
            "may_add": self.may_add,
            "may_remove": self.may_remove,
            "section_typed": self.section_typed,
            "has_sections": self.board.rows.model is TopicItem,
        }

    def board_html(self, trouble: arrangement.Trouble | None) -> str:
        return render_to_string("admin/articles/desk/board.html", self.context(trouble), request=self.request)

    # --- Commands ---

    def obey(self) -> Outcome:
        """Do what the pressed button says: `do` is a word and the number of what it is about."""
        word, _, number = self.request.POST.get("do", "").partition(":")
        command = getattr(self, f"do_{word}", None) if word.isascii() and word.isalpha() else None
        if command is None or not is_key(number):
            return Outcome(NOT_UNDERSTOOD, 400)
        try:
            return command(int(number))
        except placing.StaleError as error:
            return Outcome(str(error), 409)
        except placing.PlacingError as error:
            return Outcome(str(error), 422)

    @property
    def seen(self) -> dict[str, str]:
        pairs = (pair.partition(":") for pair in self.request.POST.get("seen", "").split(","))
        return {key: version for key, _, version in pairs}

    def posted_place(self, name: str) -> Place | None:
        return self.board.place(self.request.POST.get(name, ""))

    def do_put(self, pk: int) -> Outcome:
        if not self.may_add:
            raise PermissionDenied
        place = self.posted_place("into")
        article = arrangement.placeable(self.request.user).filter(pk=pk).first()
        if place is None:
            return Outcome("请先选放进哪个位置。", 422)
        if article is None:
            return Outcome("这篇稿件不能放：没有发布、也没有定时，或者不在你分管的范围里。", 422)
        placing.put(board=self.board, to=place, article=article, seen=self.seen)
        return Outcome(f"《{article.title}》已放进“{place.label}”。")

    def do_up(self, pk: int) -> Outcome:
        return self.moved(*placing.step(board=self.board, pk=pk, by=-1, seen=self.seen))

    def do_down(self, pk: int) -> Outcome:
        return self.moved(*placing.step(board=self.board, pk=pk, by=1, seen=self.seen))

    def do_to(self, pk: int) -> Outcome:
        return self.move(pk, self.posted_place(f"to-{pk}"), None)

    def do_place(self, pk: int) -> Outcome:
        position = self.request.POST.get("position", "")
        if not is_key(position):
            return Outcome(NOT_UNDERSTOOD, 400)
        return self.move(pk, self.posted_place("slot"), int(position))

    def move(self, pk: int, place: Place | None, position: int | None) -> Outcome:
        if place is None:
            return Outcome("请先选移到哪个位置。", 422)
        return self.moved(*placing.move(board=self.board, pk=pk, to=place, position=position, seen=self.seen))

    def moved(self, place: Place, position: int) -> Outcome:
        where = f"“{place.label}”" if len(self.board.places) > 1 else ""
        return Outcome(f"已移到{where}第 {position} 位。")

    def do_remove(self, pk: int) -> Outcome:
        if not self.may_remove:
            raise PermissionDenied
        row = placing.take_off(board=self.board, pk=pk, seen=self.seen)
        return Outcome(f"《{row.article.title}》已拿掉。")

    def do_edit(self, pk: int) -> Outcome:
        form = RowForm(self.request.POST, names=self.board.places[0].fields if self.board.places else ())
        if form.is_valid():
            try:
                row = placing.change(board=self.board, pk=pk, values=form.cleaned_data, seen=self.seen)
            except ValidationError as error:
                form.refuse(error)
            except placing.StaleError as error:
                return Outcome(f"{error}{self.now_and_typed(pk, form)}", 409, trouble_of(pk, form))
            else:
                return Outcome(f"“{row.title or row.article.title}”已保存。")
        told = "；".join(str(text) for errors in form.errors.values() for text in errors)
        return Outcome(f"没有保存：{told}", 422, trouble_of(pk, form))

    def now_and_typed(self, pk: int, form: RowForm) -> str:
        """What the row says now beside what was typed, which stands in its form again."""
        for place, rows in placing.read_rows(self.board).by_place():
            for row in rows:
                if row.pk == pk:
                    values = arrangement.values_of(row, place)
                    now = "，".join(f"{form.fields[name].label}“{values[name] or '（空）'}”" for name in values)
                    return f"这一条现在是：{now}。你填的还在表单里，要用就再保存一次。"
        typed = "，".join(f"{form.fields[name].label}“{text}”" for name, text in form.typed.items() if text)
        return f"你填的是：{typed}。" if typed else ""

    def do_section(self, number: int) -> Outcome:
        """Add a section to a topic; the number means nothing."""
        if self.board.rows.model is not TopicItem:
            return Outcome(NOT_UNDERSTOOD, 400)
        form = SectionForm(self.request.POST)
        if not form.is_valid():
            self.section_typed = self.request.POST.get("section", "")[:LONGEST_QUERY]
            return Outcome(f"分区没有加上：{''.join(form.errors['section'])}", 422)
        title = form.cleaned_data["section"]
        placing.add_section(board=self.board, title=title)
        self.board = self.extra["remake"]()
        return Outcome(f"已加上分区“{title}”。")


class DeskOfOne(admin.ModelAdmin):
    """A row of this admin is put together on a desk of its own, reached from its change form."""

    board_of: Callable[[Any], Board]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_desk"
        return [path("<int:pk>/desk/", self.admin_site.admin_view(self.desk_view), name=name), *super().get_urls()]

    def desk_view(self, request, pk):
        owner = self.get_object(request, str(pk))
        if owner is None:
            raise Http404(f"没有这个{self.opts.verbose_name}。")
        if not self.has_change_permission(request, owner):
            raise PermissionDenied
        extra = {
            "title": f"编排：{owner}",
            "original": owner,
            "remake": lambda: self.board_of(owner),
            "list_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk]),
            "public_url": self.view_on_site(owner) or "",
        }
        return Desk(self, request, self.board_of(owner), extra=extra).answer()


def trouble_of(pk: int, form: RowForm) -> arrangement.Trouble:
    return arrangement.Trouble(pk, form.typed, {name: list(errors) for name, errors in form.errors.items()} or {"": []})


# --- The search ---


def found_articles(request: HttpRequest, text: str) -> list[dict[str, Any]]:
    """What may be placed, as the page and the script show it."""
    number = NUMBER.search(text.strip())
    at = timezone.now()
    articles = arrangement.find_articles(request.user, text, number=int(number[1]) if number else None)
    if number and not articles:
        # A number may stand in a title, too.
        articles = arrangement.find_articles(request.user, text)
    return [found_row(article, at) for article in articles]


def found_row(article: Article, at) -> dict[str, Any]:
    return {
        "id": article.pk,
        "title": article.title,
        "note": f"{article.channel.name} · {arrangement.article_state(article, at)}",
        "image": article.cover.picture.smallest if article.has_picture else "",
    }


def search_view(request: HttpRequest) -> JsonResponse:
    """The articles that `q` finds among those that whoever asks may place."""
    if not any(request.user.has_perm(f"articles.change_{name}") for name in ("placement", "topic", "issue")):
        raise PermissionDenied
    return JsonResponse({"items": found_articles(request, request.GET.get("q", "")[:LONGEST_QUERY])})
