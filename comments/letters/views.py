"""What all readers see of letters: the list with its figures, and each letter that is public."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from articles.lists import entries, in_order
from articles.models import Article, ListEntry, Tag
from comments.models import Letter, LetterEvent
from newsportal.lib.charts import bars
from newsportal.lib.pagecache import public_page
from newsportal.lib.pagination import ListPage, page_number
from regions.models import Region

from . import figures

PAGE, OTHERS, FOLLOW_UPS, CHARTED = 15, 4, 5, 8
STATES = {"waiting": "等待答复", "answered": "已经答复"}
# Articles with this tag are what reporters found out about letters.
TAG = "群众来信"
TOLD = {
    LetterEvent.Kind.RECEIVED: "收到",
    LetterEvent.Kind.FORWARDED: "转办",
    LetterEvent.Kind.ANSWERED: "答复",
    LetterEvent.Kind.SHOWN: "公开来信",
    LetterEvent.Kind.PUBLISHED: "公开答复",
}


@public_page(params=["region", "state", "page"])
def letter_list(request: HttpRequest) -> HttpResponse:
    """The public letters, all or of one province or state, newest first. Five queries, six of one province."""
    region, state = asked_region(request), asked_state(request)
    total, provinces = figures.by_province()
    counted = next((each for each in provinces if each.province == region), figures.Figure(region)) if region else total
    page = letter_page(page_number(request), counted, region=region, state=state)
    fastest = sorted((each for each in provinces if each.answered), key=lambda each: each.median)[:CHARTED]
    query = urlencode({name: value for name, value in (("region", region and region.slug), ("state", state)) if value})
    context = {
        "page": page,
        "region": region,
        "state": state,
        "states": STATES,
        "query": query,
        "total": total,
        "provinces": provinces,
        "counted": counted,
        "chart": bars([(each.name, each.median) for each in fastest], label="答复最快的地区：天数的中位数"),
        "follow_ups": follow_ups(),
    }
    return render(request, "letters/letter_list.html", context)


def asked_region(request: HttpRequest) -> Region | None:
    if not request.GET.get("region"):  # a form sends it empty for the whole country
        return None
    return get_object_or_404(Region.objects.provinces(), slug=request.GET["region"])


def asked_state(request: HttpRequest) -> str:
    state = request.GET.get("state", "")
    if state and state not in STATES:
        raise Http404("没有这样的来信状态。")
    return state


def letter_page(number: int, counted: figures.Figure, *, region: Region | None, state: str) -> ListPage:
    """A page of public letters: its ids, a range of an index that holds them all, then their rows. Two queries.

    How many there are is known from the figures.
    """
    there_are = counted.shown[state == "answered"] if state else counted.shown.total()
    last = max(1, -(-there_are // PAGE))
    if number > last:
        raise Http404("没有这样的页码。")
    ids = Letter.objects.public().newest_first()
    if state:
        ids = ids.filter(is_answered=state == "answered")
    if region:
        ids = ids.filter(province=region)
    wanted = list(ids.values_list("pk", flat=True)[(number - 1) * PAGE : number * PAGE])
    # By number alone: asked for what is public once more, SQLite would walk all of it.
    rows = Letter.objects.filter(pk__in=wanted).select_related("region").defer("text", "answer").order_by()
    found = {letter.pk: letter for letter in rows if letter.is_public}
    return ListPage([found[pk] for pk in wanted if pk in found], number, last)


def follow_ups() -> list[Article]:
    """The newest articles about letters. Two queries; one without any."""
    tag = Tag.objects.filter(name=TAG).values("pk")[:1]
    ids = entries(ListEntry.Scope.TAG, tag).values_list("article_id", flat=True)[:FOLLOW_UPS]
    return in_order(list(ids))


@public_page
def letter_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """A letter as readers may have it, what was done about it, and its answer. Three queries. 410 once taken down."""
    letter = get_object_or_404(Letter.objects.select_related("region__parent", "province"), pk=pk)
    if not letter.is_public:
        if letter.withdrawn_at is None:
            raise Http404("没有这封来信，或者它没有公开。")
        return render(request, "letters/gone.html", {"letter": letter}, status=410)
    others = Letter.objects.public().newest_first().filter(province=letter.province_id).exclude(pk=letter.pk)
    context = {
        "letter": letter,
        "steps": steps_of(letter),
        "others": others.select_related("region").defer("text", "answer")[:OTHERS],
    }
    return render(request, "letters/letter_detail.html", context)


def steps_of(letter: Letter, *, told: dict = TOLD) -> list[dict]:
    """What happened, each kind where it happened last but the answer, which is as old as the first. One query."""
    found: dict[str, LetterEvent] = {}
    for event in letter.events.filter(kind__in=told).order_by("pk"):
        if event.kind != LetterEvent.Kind.ANSWERED or event.kind not in found:
            found[event.kind] = event
    steps = sorted(found.values(), key=lambda event: (event.at, event.pk))
    return [{"label": told[event.kind], "at": event.at, "office": event.office} for event in steps]
