"""Who may do what, in which state: all combinations of roles, states and steps, and the doors that lead to them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles import publishing, reviews, revisions
from articles.models import Article, Review, Signature
from articles.reviews import ReviewError

from .factories import make_article, make_channel, make_member
from .newsroom import author, hand_in, pass_all, publish_reviewed, sign, signer
from .test_admin_articles import LIST, change_url, make_draft
from .test_admin_forms import fill

pytestmark = pytest.mark.django_db

STAFF = ["记者", "责任编辑", "主任", "总编", "审核员", "图片编辑", "站长"]
EDITORS = {"责任编辑", "主任", "总编"}
ROLES = ["作者", *STAFF]


def people() -> dict:
    """Somebody of each role who has not touched the article, and its author."""
    others = {role: make_member(f"other-{number}", is_staff=True, groups=[role]) for number, role in enumerate(STAFF)}
    return {"作者": author(), **others}


# --- The states -------------------------------------------------------------------------------------------------------


def draft() -> Article:
    return make_draft(created_by=author())


def at_step(step: int) -> Article:
    article = draft()
    hand_in(article)
    for before in range(1, step):
        sign(article, before)
    return article


def passed() -> Article:
    article = draft()
    pass_all(article)
    return article


def published() -> Article:
    return publish_reviewed(draft())


def owed() -> Article:
    return publish_reviewed(make_draft(created_by=author(), channel=make_channel(review_steps=1)))


def scheduled() -> Article:
    return reviews.release(pass_all(draft()), user=signer(3), at=timezone.now() + timedelta(days=1))


def withdrawn() -> Article:
    return reviews.withdraw(published(), user=signer(3), reason="失实")


def copy() -> Article:
    found = reviews.start_change(make_article(), user=author())
    found.title = "改过的标题"
    publishing.save_article(found)
    revisions.keep(found)
    return found


def copy_at_first() -> Article:
    found = copy()
    hand_in(found)
    return found


def copy_passed() -> Article:
    found = copy()
    pass_all(found)
    return found


STATES: dict[str, Callable[[], Article]] = {
    "草稿": draft,
    "一审": lambda: at_step(1),
    "二审": lambda: at_step(2),
    "三审": lambda: at_step(3),
    "待发布": passed,
    "已发布": published,
    "欠二审": owed,
    "定时": scheduled,
    "已撤稿": withdrawn,
    "修改稿": copy,
    "修改稿一审": copy_at_first,
    "修改稿待发布": copy_passed,
}

# --- What can be done -------------------------------------------------------------------------------------------------


def write(article: Article, user) -> None:
    if refusal := reviews.refusal_to_write(user, article, reviews.in_hand(article)):
        raise ReviewError(refusal)


def judge(article: Article, user, **values) -> None:
    review = reviews.open_review(article)
    if review is None:
        raise ReviewError("不在审")
    reviews.sign(review, user=user, step=review.step, revision=review.revision_id or 0, **values)


def of_review(step: Callable) -> Callable:
    def run(article: Article, user) -> None:
        review = reviews.in_hand(article)
        if review is None:
            raise ReviewError("不在审")
        step(review, user=user)

    return run


def of_copy(article: Article, user) -> None:
    if not article.draft_of_id:
        raise ReviewError("不是修改稿")
    reviews.drop_change(article, user=user)


STEPS: dict[str, Callable] = {
    "改": write,
    "送审": lambda article, user: reviews.submit(article, user=user),
    "通过": judge,
    "退回": lambda article, user: judge(article, user, verdict=Signature.Verdict.RETURN, returned_to=0, note="改"),
    "撤回": of_review(reviews.recall),
    "发布": of_review(reviews.release),
    "取消定时": lambda article, user: reviews.unschedule(article, user=user),
    "重新公开": lambda article, user: reviews.republish(article, user=user),
    "起修改稿": lambda article, user: reviews.start_change(article, user=user),
    "放弃修改": of_copy,
}
# Whoever is not named is refused. What the functions leave to the admin's permissions (取消定时, 起修改稿) is tried at
# its doors, below.
WRITERS, ANYBODY = {"作者"} | EDITORS, set(ROLES)
ALLOWED = {
    "草稿": {"改": WRITERS, "送审": WRITERS},
    "一审": {"改": {"责任编辑"}, "通过": {"责任编辑"}, "退回": {"责任编辑"}, "撤回": {"作者"}},
    "二审": {"改": {"主任"}, "通过": {"主任"}, "退回": {"主任"}, "撤回": {"作者"}},
    "三审": {"改": {"总编"}, "通过": {"总编"}, "退回": {"总编"}, "撤回": {"作者"}},
    "待发布": {"改": EDITORS, "撤回": {"作者"}, "发布": EDITORS},
    "已发布": {"起修改稿": ANYBODY},
    "欠二审": {"通过": {"主任"}, "退回": {"主任"}, "起修改稿": ANYBODY},
    "定时": {"取消定时": ANYBODY, "起修改稿": ANYBODY},
    "已撤稿": {"重新公开": {"总编"}, "起修改稿": ANYBODY},
    "修改稿": {"改": WRITERS, "送审": WRITERS, "放弃修改": WRITERS},
    "修改稿一审": {
        "改": {"责任编辑"},
        "通过": {"责任编辑"},
        "退回": {"责任编辑"},
        "撤回": {"作者"},
    },
    "修改稿待发布": {"改": EDITORS, "撤回": {"作者"}, "发布": EDITORS},
}


@pytest.mark.parametrize("state", STATES)
def test_every_step_by_every_role(state, no_reminders):
    cast = people()
    article = STATES[state]()
    for name, step in STEPS.items():
        done = set()
        for role, user in cast.items():
            with transaction.atomic():
                try:
                    step(Article.objects.select_related("channel").get(pk=article.pk), user)
                    done.add(role)
                except ReviewError:
                    pass
                transaction.set_rollback(True)
        assert done == ALLOWED[state].get(name, set()), name


# --- The doors --------------------------------------------------------------------------------------------------------


def snapshot(article: Article) -> tuple:
    """What any of the steps would change."""
    rows = Article.objects.filter(pk__in=[article.pk, article.draft_of_id or 0]).order_by("pk")
    return (
        list(rows.values_list("pk", "status", "title", "published_at")),
        list(Review.objects.order_by("pk").values_list("pk", "state", "step", "revision")),
        Signature.objects.count(),
        Article.objects.count(),
    )


def action(name: str) -> Callable:
    def post(client, article):
        client.post(LIST, {"action": name, "index": "0", "_selected_action": [article.pk]})
        client.post(change_url(article), {"CHANGE_FORM-action": name, "_selected_action": [article.pk]})

    return post


def page(name: str, **values) -> Callable:
    def post(client, article):
        client.post(reverse(f"admin:articles_article_{name}", args=[article.pk]), values)

    return post


def typed(client, article) -> None:
    """The form of a draft as its author's browser sends it, sent by whoever and whatever the article is by now."""
    names = ["body", "lead", "origin", "ai_use", "duty_editor", "channel_id", "source_id"]
    values = {name.removesuffix("_id"): getattr(article, name) for name in names}
    credit_rows = {"credits-TOTAL_FORMS": "0", "credits-INITIAL_FORMS": "0"}
    values |= {"title": "改掉的标题", "status": "published", "_save": "1", "seen": article.version, **credit_rows}
    client.post(change_url(article), values)


def sign_now(client, article) -> None:
    review = reviews.open_review(article)
    values = {"revision": review.revision_id, "step": review.step, "note": "好", "publication": "now", "_pass": "1"}
    client.post(reverse("admin:articles_article_review", args=[article.pk]), values)


def in_bulk(name: str) -> Callable:
    def post(client, article):
        reviews.see(reviews.open_review(article), user=client.user)
        listed = reverse("admin:articles_review_changelist", query={"queue": "open"})
        data = {"action": name, "index": "0", "_selected_action": list(Review.objects.values_list("pk", flat=True))}
        client.post(listed, data)
        ids = ",".join(str(pk) for pk in data["_selected_action"])
        client.post(reverse("admin:articles_review_return", query={"ids": ids}), {"note": "改"})

    return post


def restored(client, article) -> None:
    first = revisions.of(article).order_by("number").first()
    client.post(reverse("admin:articles_article_restore", args=[article.pk, first.number]), {"correction": "旧版"})


def withdrawal(client, article) -> None:
    client.post(reverse("admin:articles_article_withdraw", query={"ids": article.pk}), {"reason": "伪造"})


# A door, an article at which it would do something, and who may go through it.
DOORS = {
    "form of a draft": (typed, draft, WRITERS),
    "submit action": (action("submit"), draft, WRITERS),
    "publish action": (action("publish"), passed, EDITORS),
    "publish action on what is in review": (action("publish"), lambda: at_step(3), set()),
    "unschedule action": (action("unschedule"), scheduled, EDITORS),
    "republish action": (action("republish"), withdrawn, {"总编"}),
    "withdrawal": (withdrawal, published, {"总编"}),
    "release button": (page("release"), passed, EDITORS),
    "recall button": (page("recall"), lambda: at_step(2), {"作者"}),
    "revise button": (page("revise"), published, WRITERS),
    "drop button": (page("drop"), copy, WRITERS),
    "signature at 一审": (sign_now, lambda: at_step(1), {"责任编辑"}),
    "signature at 三审": (sign_now, lambda: at_step(3), {"总编"}),
    "signatures in bulk": (in_bulk("sign_selected"), lambda: at_step(2), {"主任"}),
    "revision of a draft": (restored, lambda: rewritten(draft()), WRITERS),
    "revision of what is in review": (restored, lambda: rewritten_at_first(), {"责任编辑"}),
    "revision of what readers have": (restored, lambda: rewritten(published()), WRITERS),
    "form of what readers have": (typed, published, set()),
    "form of what others sign": (typed, lambda: at_step(2), {"主任"}),
}


def rewritten(article: Article) -> Article:
    """With two revisions, the newer as it stands."""
    revisions.keep(article)
    article.title = "第二版的标题"
    publishing.save_article(article)
    revisions.keep(article)
    return article


def rewritten_at_first() -> Article:
    article = rewritten(draft())
    hand_in(article)
    return article


@pytest.mark.parametrize("door", DOORS)
def test_every_door_by_every_role(door, client, no_reminders, site):
    go, make, allowed = DOORS[door]
    cast, article = people(), make()
    before, done = snapshot(article), set()
    for role, user in cast.items():
        client.force_login(user)
        client.user = user
        with transaction.atomic():
            go(client, Article.objects.get(pk=article.pk))
            if snapshot(article) != before:
                done.add(role)
            transaction.set_rollback(True)
    assert done == allowed


def test_a_form_that_was_open_while_the_text_was_handed_in_comes_back_filled_in(client):
    article = draft()
    client.force_login(author())
    opened = client.get(change_url(article))
    hand_in(article)
    response = client.post(change_url(article), fill(opened, title="晚了一步的标题"))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors["__all__"]
    assert "稿件正在一审" in errors[0]
    assert fill(response)["title"] == ["晚了一步的标题"]
    article.refresh_from_db()
    assert article.title != "晚了一步的标题"


def test_a_form_that_was_open_while_the_text_was_published_comes_back_filled_in(client):
    article = passed()
    user = make_member("late", is_staff=True, groups=["主任"])
    client.force_login(user)
    opened = client.get(change_url(article))
    reviews.release(reviews.in_hand(article), user=signer(3))
    response = client.post(change_url(article), fill(opened, title="晚了一步的标题"))
    assert response.status_code == 200
    assert "请点“修改”另起修改稿" in response.context["adminform"].form.errors["__all__"][-1]
    assert fill(response)["title"] == ["晚了一步的标题"]
    article.refresh_from_db()
    assert article.title != "晚了一步的标题"
