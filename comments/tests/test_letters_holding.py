"""Files of a form that was refused: they come back with it, and go when it never does."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles.tests.factories import picture_bytes
from articles.tests.pages import tree
from comments.letters import holding, intake
from comments.models import Letter, LetterFile

from .letters import WRITE, docx, key_of, picture, upload, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site", "_patient")]


@pytest.fixture
def _patient(monkeypatch):
    """Whoever writes took her time."""
    monkeypatch.setattr(intake, "LEAST_SECONDS", -1)


def tokens_in(answer) -> list[str]:
    return tree(answer).xpath('//input[@name="held"][@checked]/@value')


def received_in(answer) -> list[str]:
    return [
        " ".join(label.text_content().split())
        for label in tree(answer).xpath('//*[@class="letter-held is-wide"]/label')
    ]


def refused_in(answer) -> str:
    return tree(answer).xpath('string(//div[@class="letter-refused"])')


def shelf() -> list[str]:
    """The names of what is kept for forms that may come back."""
    store = storages["originals"]
    if not store.exists(holding.FOLDER):
        return []
    hours, _ = store.listdir(holding.FOLDER)
    return sorted(f"{hour}/{name}" for hour in hours for name in store.listdir(f"{holding.FOLDER}/{hour}")[1])


def test_files_of_a_refused_form_are_received_once_and_sent_with_the_letter(client):
    key, shot = key_of(client), picture_bytes()
    refused = write(client, key=key, name="", files=[upload("路灯.jpg", shot), docx("情况.docx")])
    assert refused.status_code == 422
    assert [row.partition("（")[0] for row in received_in(refused)] == ["路灯.jpg", "情况.docx"]
    assert "文件要重新选" not in refused.text
    assert len(shelf()) == 2

    # Refused once more, with one more: nothing is stored twice.
    again = write(client, key=key, text="太短", held=tokens_in(refused), files=[upload("说明.txt", "路灯".encode())])
    assert tokens_in(again)[:2] == tokens_in(refused)
    assert len(shelf()) == 3

    sent(client, key=key, held=tokens_in(again))
    assert [(row.name, row.kind) for row in LetterFile.objects.order_by("pk")] == [
        ("路灯.jpg", "picture"),
        ("情况.docx", "docx"),
        ("说明.txt", "txt"),
    ]
    with storages["originals"].open(LetterFile.objects.get(name="路灯.jpg").stored) as file:
        assert file.read() == shot


def sent(client, **values):
    """Send the form, which is taken."""
    answer = write(client, **values)
    assert (answer.status_code, answer["Location"]) == (303, Letter.objects.get().follow_url)
    return answer


def test_what_a_letter_has_is_kept_no_longer(client, django_capture_on_commit_callbacks):
    key = key_of(client)
    refused = write(client, key=key, name="", files=[picture()])
    with django_capture_on_commit_callbacks() as waiting:
        first = write(client, key=key, held=tokens_in(refused))
    assert len(shelf()) == 1, "a letter that is not committed has nothing yet"
    for callback in waiting:
        callback()
    assert shelf() == []
    assert LetterFile.objects.count() == 1
    # The second press of the button, whose files went with the first.
    second = write(client, key=key, held=tokens_in(refused))
    assert (second.status_code, second["Location"]) == (303, first["Location"])


def test_the_second_press_is_the_letter_of_the_first_though_its_files_went(client, monkeypatch):
    key = key_of(client)
    refused = write(client, key=key, name="", files=[picture()])
    write(client, key=key, held=tokens_in(refused))
    storages["originals"].delete(f"{holding.FOLDER}/{shelf()[0]}")
    asked = []
    monkeypatch.setattr(
        intake, "sent_before", lambda once: asked.append(once) or (Letter.objects.get() if asked[1:] else None)
    )
    answer = write(client, key=key, held=tokens_in(refused))
    assert (answer.status_code, answer["Location"]) == (303, Letter.objects.get().follow_url)


def test_what_is_not_ticked_is_not_sent(client):
    key = key_of(client)
    refused = write(client, key=key, name="", files=[picture("一.jpg"), picture("二.jpg")])
    sent(client, key=key, held=tokens_in(refused)[1:])
    assert LetterFile.objects.get().name == "二.jpg"


def test_the_good_ones_stay_when_another_is_refused(client):
    key = key_of(client)
    refused = write(client, key=key, files=[picture("好.jpg"), upload("坏.pdf", b"MZ\x90\x00"), upload("空.pdf", b"")])
    assert "“坏.pdf”的类型不收" in refused_in(refused)
    assert "“空.pdf”是空文件" in refused_in(refused)
    assert [row.partition("（")[0] for row in received_in(refused)] == ["好.jpg"]
    sent(client, key=key, held=tokens_in(refused))
    assert LetterFile.objects.get().name == "好.jpg"


def test_a_letter_has_six_files_whenever_they_came(client):
    key = key_of(client)
    five = write(client, key=key, name="", files=[picture(f"{n}.jpg") for n in range(5)])
    seven = write(client, key=key, held=tokens_in(five), files=[picture("六.jpg"), picture("七.jpg")])
    assert "最多 6 个文件，您选了 7 个" in refused_in(seven)
    assert "您刚才选的是“六.jpg”“七.jpg”" in refused_in(seven)
    assert tokens_in(seven) == tokens_in(five)
    sent(client, key=key, held=[*tokens_in(five), *tokens_in(five)], files=[picture("六.jpg")])
    assert LetterFile.objects.count() == 6


def test_no_other_form_and_no_forgery_gets_a_file(client):
    refused = write(client, name="", files=[picture()])
    (token,) = tokens_in(refused)
    for odd in (token, f"{token}x", "", "\x00", "x" * 10_000, token[::-1]):
        answer = write(Client(), held=[odd])
        assert answer.status_code == 422
        assert "先前收到的 1 个文件已经过期：请重新选择。" in refused_in(answer)
        assert tokens_in(answer) == []
    many = write(client, held=["x"] * 500)
    assert "先前收到的 12 个文件已经过期" in refused_in(many)
    assert Letter.objects.count() == 0


def test_a_token_is_good_for_a_day(client, monkeypatch):
    key = key_of(client)
    refused = write(client, key=key, name="", files=[picture()])
    monkeypatch.setattr(holding, "MOST_SECONDS", -1)
    assert "已经过期：请重新选择" in refused_in(write(client, key=key, held=tokens_in(refused)))


def test_what_cannot_be_kept_is_named(client, monkeypatch):
    monkeypatch.setattr(holding, "MOST_HELD", 1)
    write(client, name="", files=[picture()])
    answer = write(client, name="", files=[picture("路灯.jpg"), docx("情况.docx")])
    assert "文件要重新选" in refused_in(answer)
    assert "“路灯.jpg”“情况.docx”" in refused_in(answer)
    assert tokens_in(answer) == []
    assert len(shelf()) == 1
    # Without files nothing is counted, and the network's other forms come back as ever.
    assert write(client, name="").status_code == 422


def test_nothing_is_kept_while_the_shared_cache_is_down(client, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(holding, "too_often", fail)
    answer = write(client, name="", files=[picture("路灯.jpg")])
    assert answer.status_code == 422
    assert "您刚才选的是“路灯.jpg”" in refused_in(answer)
    assert shelf() == []


def test_another_site_fills_no_disk():
    client = Client(enforce_csrf_checks=True)
    answer = write(client, name="", files=[picture("路灯.jpg")])
    assert answer.status_code == 403
    assert "您刚才选的是“路灯.jpg”" in refused_in(answer)
    assert shelf() == []


def test_what_nobody_sends_goes_after_a_day(client, capsys):
    write(client, name="", files=[picture(), docx()])
    assert holding.tidy(at=timezone.now() + timedelta(hours=24)) == 0
    assert len(shelf()) == 2
    assert holding.tidy(at=timezone.now() + timedelta(hours=28)) == 2
    assert shelf() == []
    assert storages["originals"].listdir(holding.FOLDER) == ([], [])
    assert holding.tidy() == 0
    call_command("tidy_letters")
    assert capsys.readouterr().out == "删除了 0 个没有寄出的文件。\n"


def test_the_next_one_takes_the_old_ones_away(client):
    store = storages["originals"]
    store.save(f"{holding.FOLDER}/2020010100/{'0' * 32}.jpg", picture())
    write(client, name="", files=[picture()])
    (kept,) = shelf()
    assert not kept.startswith("2020")


def test_kept_files_have_no_address(client):
    write(client, name="", files=[picture()])
    (kept,) = shelf()
    for path in (f"/media/{holding.FOLDER}/{kept}", f"/media/../originals/{holding.FOLDER}/{kept}", f"{WRITE}{kept}"):
        assert client.get(path).status_code == 404
