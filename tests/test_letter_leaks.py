"""Nothing of a letter that is not public is told anywhere, and of a public one nothing but its public text."""

import pytest

from comments.letters import publication, rules
from comments.tests.letters import answered, make_chief, make_letter, published, shown

from .test_leaks import forget_pages, sample, start_of, walk  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db
SECRET, CONTROL = "ᚠᚢᚦ机密", "ᛊᛏᛒ公开"


def secret_letter(**values):
    """A letter that says the secret in everything that somebody writes of it."""
    words = {
        "name": f"{SECRET}名",
        "subject": f"{SECRET}标题",
        "text": f"{SECRET}正文。",
        "email": "secret@example.com",
    }
    return {"region": "hunan", **words, **values}


def test_no_address_of_the_site_tells_of_a_letter_that_is_not_public(sample):  # noqa: F811
    chief = make_chief()
    kept = [
        make_letter(**secret_letter()),
        rules.forward(make_letter(**secret_letter()), user=chief, office=f"{SECRET}单位", note=f"{SECRET}备注"),
        answered(chief, reply=f"{SECRET}答复。", by=f"{SECRET}单位", **secret_letter()),
        rules.withhold(make_letter(**secret_letter()), user=chief, closing="private", text=f"{SECRET}留言"),
    ]
    prepared = answered(chief, **secret_letter())
    kept.append(publication.edit(prepared, user=chief, values=publication.proposed(prepared)))
    was_public = [published(chief, **secret_letter(name="吴明")), shown(chief, **secret_letter(name="吴明"))]
    kept.append(rules.withhold(was_public[0], user=chief, closing="private", text=f"{SECRET}留言"))
    kept.append(rules.change_consent(was_public[1], consent=False))
    # Public, but for what is its writer's and the desk's.
    words = {"public_subject": f"{CONTROL}标题", "public_text": f"{CONTROL}正文", "signature": "湖南读者"}
    control = answered(chief, reply=f"{SECRET}答复。", **secret_letter())
    control = publication.publish(control, user=chief, values=words | {"public_answer": f"{CONTROL}答复"})
    control = rules.message(control, user=chief, text=f"{SECRET}留言")
    waiting = shown(chief, region="hunan", subject=f"{CONTROL}等着", name="吴明")
    rules.answer(waiting, user=chief, text=f"{SECRET}答复。", answered_by="市水务局")
    forget_pages()

    found = walk(start_of(sample) | {letter.get_absolute_url() for letter in kept})

    assert {"/letters/", "/letters/?region=hunan", control.get_absolute_url()} <= found.telling(CONTROL)
    assert found.telling(SECRET) == set()
    for letter in [*kept, control, waiting]:
        for word in (letter.token, letter.receipt, "secret@example.com"):
            assert found.telling(word) == set()
    named = {
        address for address, text in found.answers.items() for one in kept if f'"{one.get_absolute_url()}"' in text
    }
    assert {address.removeprefix("/hant") for address in named} <= {letter.get_absolute_url() for letter in kept}
    statuses = [found.statuses[letter.get_absolute_url()] for letter in kept]
    assert statuses == [404, 404, 404, 404, 404, 410, 410]
