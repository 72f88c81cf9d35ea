"""三审制: how a text comes before readers, and that no other way does."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from articles import publishing, reviews, revisions
from articles.models import Article, ListEntry, Review, Reviewer, Revision, Signature, Step, Tag
from articles.reviews import ReviewError
from newsportal.lib import triggers

from .factories import make_article, make_member, make_tag
from .newsroom import author, change, hand_in, pass_all, places, publish_reviewed, sign, signer
from .test_admin_articles import make_draft

pytestmark = pytest.mark.django_db


def rewrite(draft: Article, title: str) -> bool:
    """What saving the form does: whether signatures became void by it."""
    draft.title = title
    publishing.save_article(draft)
    revisions.keep(draft)
    return reviews.follow_text(draft)


# --- The way ----------------------------------------------------------------------------------------------------------


def test_three_people_sign_and_readers_get_it():
    draft = make_draft()
    hand_in(draft)
    assert places(draft) == ["一审"]
    sign(draft, 1, note="标题准确。")
    assert places(draft) == ["二审"]
    sign(draft, 2)
    assert places(draft) == ["三审"]
    review = sign(draft, 3)
    assert places(draft) == ["待发布"]
    assert not Article.objects.published().exists()

    article = reviews.release(review, user=signer(3))

    assert article.is_published
    assert places(draft) == ["已审结"]
    assert ListEntry.objects.filter(article=article).exists()
    revision = Revision.objects.get()
    signed = [(row.reviewer.step, row.user, row.verdict, row.note, row.digest) for row in Signature.objects.all()]
    assert signed == [
        (1, signer(1), "pass", "标题准确。", revision.digest),
        (2, signer(2), "pass", "", revision.digest),
        (3, signer(3), "pass", "", revision.digest),
    ]


def test_a_moment_to_come_schedules_and_can_be_taken_back():
    draft, tomorrow = make_draft(), timezone.now() + timedelta(days=1)
    article = reviews.release(pass_all(draft), user=signer(3), at=tomorrow)
    assert (article.status, article.published_at, article.is_published) == ("published", tomorrow, False)
    reviews.unschedule(article, user=signer(3))
    draft.refresh_from_db()
    assert (draft.status, draft.published_at) == ("draft", None)
    assert places(draft) == ["待发布"]
    # Signed it was, and signed it stays.
    assert reviews.release(reviews.in_hand(draft), user=signer(3)).is_published
    with pytest.raises(ReviewError, match="只有定时而还没到时间的稿件"):
        reviews.unschedule(article, user=signer(3))


def test_a_return_to_the_author_begins_again_with_a_note():
    draft = make_draft(created_by=author())
    hand_in(draft)
    sign(draft, 1)
    review = sign(draft, 2, verdict="return", returned_to=Step.AUTHOR, note="请补采访对象的姓名。")
    assert places(draft) == ["编写中"]
    assert reviews.last_return(review).note == "请补采访对象的姓名。"
    assert reviews.refusal_to_write(author(), draft, review) == ""
    assert "这是别人写的稿件" in reviews.refusal_to_write(make_member("other", groups=["记者"]), draft, review)

    again = hand_in(draft)
    assert again.pk == review.pk
    assert reviews.last_return(again) is not None
    assert reviews.standing(again, again.signatures.order_by("pk")) == set()
    assert places(draft) == ["一审"]
    pass_all(draft)
    assert Reviewer.objects.count() == 3


def test_a_return_to_a_step_keeps_what_was_signed_before_it():
    draft = make_draft()
    hand_in(draft)
    for step in (1, 2):
        sign(draft, step)
    review = sign(draft, 3, verdict="return", returned_to=2, note="法律依据请再核。")
    assert places(draft) == ["二审"]
    first = review.signatures.get(reviewer__step=1)
    assert reviews.standing(review, review.signatures.order_by("pk")) == {first.pk}
    sign(draft, 2)
    assert places(draft) == ["三审"]


@pytest.mark.parametrize(
    ("step", "values", "told"),
    [
        (2, {"returned_to": 1, "note": " "}, "退回必须写明意见"),
        (2, {"returned_to": None, "note": "改"}, "只能退回给作者，或退回到前面的审次"),
        (2, {"returned_to": 2, "note": "改"}, "只能退回给作者，或退回到前面的审次"),
        (1, {"returned_to": 1, "note": "改"}, "只能退回给作者，或退回到前面的审次"),
    ],
)
def test_a_return_says_why_and_whom_to(step, values, told):
    draft = make_draft()
    hand_in(draft)
    for before in range(1, step):
        sign(draft, before)
    with pytest.raises(ReviewError, match=told):
        sign(draft, step, verdict="return", **values)
    assert Signature.objects.count() == step - 1


def test_what_was_handed_in_can_be_taken_back_by_its_author():
    draft = make_draft(created_by=author())
    review = hand_in(draft)
    sign(draft, 1)
    for role in ("记者", "主任"):
        with pytest.raises(ReviewError, match="审稿的人请退回，并写明意见"):
            reviews.recall(review, user=make_member(f"other-{role}", groups=[role]))
    reviews.recall(review, user=author())
    assert places(draft) == ["编写中"]
    with pytest.raises(ReviewError, match="只有在审的稿件才能撤回"):
        reviews.recall(review, user=author())


# --- Who signs --------------------------------------------------------------------------------------------------------


def test_nobody_signs_two_steps_of_one_article():
    draft = make_draft()
    both = make_member("both", groups=["责任编辑", "主任"])
    review = hand_in(draft)
    reviews.sign(review, user=both, step=1, revision=review.revision_id)
    with pytest.raises(ReviewError, match="你签过这篇稿件的一审，不能再签二审"):
        reviews.sign(review, user=both, step=2, revision=review.revision_id)
    # Whatever the code may think of it.
    with pytest.raises(IntegrityError), transaction.atomic():
        Reviewer.objects.create(article=draft, user=both, step=2)
    for statement in ("UPDATE articles_reviewer SET step = 2", "UPDATE articles_signature SET note = '改过'"):
        with pytest.raises(DatabaseError, match="不能修改"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_nobody_signs_another_step_of_a_later_change_either():
    article = publish_reviewed(make_draft())
    promoted = signer(1)
    promoted.groups.clear()
    promoted.groups.add(*signer(2).groups.all())
    copy = change(article, title="改过的标题")
    hand_in(copy)
    # Whoever reads as 一审 in the meantime.
    review = reviews.in_hand(copy)
    reviews.sign(review, user=make_member("new", groups=["责任编辑"]), step=1, revision=review.revision_id)
    promoted = type(promoted).objects.get(pk=promoted.pk)
    with pytest.raises(ReviewError, match="你签过这篇稿件的一审，不能再签二审"):
        reviews.sign(review, user=promoted, step=2, revision=review.revision_id)


def test_nobody_signs_what_she_wrote_or_handed_in():
    chief = make_member("all", is_superuser=True)
    written = make_draft(created_by=chief)
    hand_in(written, by=signer(1))
    with pytest.raises(ReviewError, match="自己写的、自己送审的稿件，要由别人来审"):
        reviews.sign(reviews.in_hand(written), user=chief, step=1, revision=written.revisions.get().pk)
    handed_in = make_draft()
    review = hand_in(handed_in, by=chief)
    with pytest.raises(ReviewError, match="自己写的、自己送审的稿件，要由别人来审"):
        reviews.sign(review, user=chief, step=1, revision=review.revision_id)
    reviewer = Reviewer.objects.create(article=handed_in, user=chief, step=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        reviews.write_signature(review, chief, "pass", "", None)
    assert not reviewer.signatures.exists()


def test_a_right_is_for_one_step():
    draft = make_draft()
    review = hand_in(draft)
    for step, told in ((2, "你没有签一审的权限"), (3, "你没有签一审的权限")):
        with pytest.raises(ReviewError, match=told):
            reviews.sign(review, user=signer(step), step=1, revision=review.revision_id)
    with pytest.raises(ReviewError, match="已经不在二审（现在：一审）"):
        reviews.sign(review, user=signer(2), step=2, revision=review.revision_id)


# --- One changed character --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signed", [1, 2, 3])
def test_one_changed_character_voids_what_was_signed(signed):
    draft = make_draft(title="渡口换缆绳")
    hand_in(draft)
    for step in range(1, signed + 1):
        sign(draft, step)
    assert rewrite(draft, "渡口换缆绳了")
    review = reviews.in_hand(draft)
    assert (review.place, review.revision.number) == ("一审", 2)
    assert reviews.standing(review, review.signatures.order_by("pk")) == set()
    assert review.signatures.count() == signed
    with pytest.raises(ReviewError, match="还没有审完（一审），不能发布"):
        reviews.release(review, user=signer(3))
    # Each signs anew, at the step where each signed before.
    publish_reviewed(draft)
    assert Article.objects.published().get().title == "渡口换缆绳了"


def test_saving_without_a_change_voids_nothing():
    draft = make_draft(title="渡口换缆绳")
    hand_in(draft)
    sign(draft, 1)
    assert not rewrite(draft, "渡口换缆绳")
    assert places(draft) == ["二审"]


def test_whoever_signs_first_may_mend_before_she_signs():
    draft = make_draft()
    hand_in(draft)
    assert not rewrite(draft, "一审改过的标题")
    review = reviews.in_hand(draft)
    assert (review.place, review.revision.number) == ("一审", 2)


def test_what_was_read_is_what_is_signed():
    draft = make_draft(title="渡口换缆绳")
    review = hand_in(draft)
    read = review.revision_id
    rewrite(draft, "渡口换缆绳了")
    with pytest.raises(ReviewError, match="你读过以后，文字又改了，现在是第 2 版"):
        reviews.sign(review, user=signer(1), step=1, revision=read)


@pytest.mark.parametrize("step", [1, 4])
def test_a_text_that_was_changed_past_the_form_is_neither_signed_nor_published(step):
    draft = make_draft(title="渡口换缆绳")
    review = hand_in(draft) if step == 1 else pass_all(draft)
    Article.objects.filter(pk=draft.pk).update(title="渡口换了缆绳")
    if step == 1:
        with pytest.raises(ReviewError, match="文字又改了"):
            sign(draft, 1)
    else:
        with pytest.raises(ReviewError, match="审完以后文字又改过"):
            reviews.release(review, user=signer(3))
    assert not Article.objects.published().exists()


def test_a_tag_that_is_renamed_or_deleted_voids_nothing():
    renamed, deleted = make_tag(), make_tag()
    draft = make_draft(tags=[renamed, deleted])
    review = pass_all(draft)
    Tag.objects.filter(pk=renamed.pk).update(name="改了名")
    publishing.delete_tag(deleted)
    assert reviews.release(review, user=signer(3)).is_published


def test_a_tag_taken_off_is_a_change():
    tag = make_tag()
    draft = make_draft(tags=[tag])
    review = pass_all(draft)
    draft.tags.clear()
    with pytest.raises(ReviewError, match="审完以后文字又改过"):
        reviews.release(review, user=signer(3))


# --- The duty editor --------------------------------------------------------------------------------------------------


def test_the_first_signature_enters_the_duty_editor():
    draft = make_draft(duty_editor="")
    hand_in(draft)
    with pytest.raises(ReviewError, match="还没有填责任编辑"):
        sign(draft, 1)
    review = sign(draft, 1, duty_editor=" 沈若谷 ")
    draft.refresh_from_db()
    assert draft.duty_editor == "沈若谷"
    signature = review.signatures.get()
    assert signature.revision.content["duty_editor"] == "沈若谷"
    assert reviews.standing(review, [signature]) == {signature.pk}


def test_a_signature_that_was_tampered_with_is_found(capsys):
    article = publish_reviewed(make_draft())
    call_command("check_trace")
    assert "3 个审稿签名完好。" in capsys.readouterr().out
    with connection.cursor() as cursor:
        for statement in triggers.REVERSE[connection.vendor]:
            cursor.execute(statement.format(name="signature_stays", table="articles_signature"))
    third = Signature.objects.order_by("pk").last()
    Signature.objects.filter(pk=third.pk).update(digest="0" * 64, user=signer(1))
    with pytest.raises(SystemExit):
        call_command("check_trace")
    told = capsys.readouterr().out
    assert f"稿件 {article.pk}：三审签名（third）与所签的修订不符" in told
    assert f"稿件 {article.pk}：三审签名（third）与审稿人不符" in told


# --- Nothing else leads to readers ------------------------------------------------------------------------------------


def test_what_has_not_passed_is_not_published():
    review = hand_in(make_draft())
    with pytest.raises(ReviewError, match="还没有审完"):
        reviews.release(review, user=signer(3))
    passed = pass_all(review.draft)
    with pytest.raises(ReviewError, match="你没有发布稿件的权限"):
        reviews.release(passed, user=author())


def test_what_is_published_or_underway_is_not_handed_in_again(no_reminders):
    article = make_article()
    with pytest.raises(ReviewError, match="要先点“修改”另起修改稿"):
        hand_in(article, by=signer(1))
    draft = make_draft()
    hand_in(draft)
    with pytest.raises(ReviewError, match="已经在一审"):
        hand_in(draft)
    with pytest.raises(ReviewError, match="这是别人写的稿件"):
        hand_in(make_draft(created_by=signer(1)), by=author())


def test_an_empty_text_is_not_handed_in():
    with pytest.raises(ReviewError, match="正文是空的"):
        hand_in(make_draft(body=""))
    # Nor published, when the site became stricter meanwhile.
    draft = make_draft()
    review = pass_all(draft)
    Article.objects.filter(pk=draft.pk).update(duty_editor="")
    with pytest.raises(ReviewError, match="文字又改过"):
        reviews.release(review, user=signer(3))


def test_a_draft_that_was_signed_is_not_deleted_with_its_signatures(client, chief):
    draft = make_draft()
    hand_in(draft)
    sign(draft, 1)
    client.force_login(chief)
    page = client.post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
    assert "送过审，审稿的记录要保留，不能删除" in page.text
    assert Signature.objects.exists()


def test_one_review_is_in_hand():
    draft = make_draft()
    hand_in(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(article=draft, draft=draft)
