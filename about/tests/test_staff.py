"""The look-up of newsroom staff (人员查询): whole names and numbers only, for people at a door."""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.core.cache.backends import db as database_cache

from about.models import StaffMember
from about.views import LOOKUPS
from articles.tests.clock import StoppedClock
from articles.tests.pages import text_of_main, tree
from regions.models import Region

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def clock(monkeypatch, site):
    caches["shared"].clear()
    stopped = StoppedClock(monkeypatch)
    monkeypatch.setattr(database_cache, "tz_now", lambda: stopped.now)
    return stopped


def make_staff(name: str, card_number: str, **overrides) -> StaffMember:
    values = {"title": "首席记者", "valid_until": TODAY + timedelta(days=30), **overrides}
    return StaffMember.objects.create(name=name, card_number=card_number, **values)


@pytest.fixture
def staff():
    return [
        make_staff("沈若谷", "B-1001", department="要闻部", region=Region.objects.get(slug="zhejiang")),
        make_staff("沈若", "B-1002"),
        make_staff("若谷", "B_X1003"),
        make_staff("欧阳 明澈", "K2001"),
    ]


def look_up(client, query: str, **headers):
    return client.get("/staff/", {"q": query}, **headers)


def found(response) -> list[str]:
    """The addresses of the cards that a page of results leads to."""
    links = (link.get("href") for link in tree(response).xpath("//main//a"))
    return [link for link in links if link.startswith("/staff/") and link != "/staff/"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("沈若谷", [0]),
        ("沈若", [1]),
        ("若谷", [2]),
        (" 沈若谷\u3000", [0]),
        ("欧阳　明澈", [3]),
        ("B-1001", [0]),
        ("b-1001", [0]),
        ("k2001", [3]),
    ],
)
def test_a_whole_name_or_number_finds_its_card_alone(client, staff, query, expected):
    response = look_up(client, query)

    assert response.status_code == 200
    assert found(response) == [staff[index].get_absolute_url() for index in expected]


@pytest.mark.parametrize(
    "query",
    [
        "沈若谷谷",
        "若谷沈",
        "B-100",
        "1001",
        "B-1001 ",
        "%%",
        "沈%",
        "__",
        "B-10_1",
        "B-1%",
        "沈若谷' OR '1'='1",
        "*",
        "沈若谷;B-1001",
    ],
)
def test_parts_and_wildcards_find_nothing(client, staff, query):
    assert len(staff) == StaffMember.objects.count() == 4

    response = look_up(client, query)

    assert found(response) == ([staff[0].get_absolute_url()] if query.strip() == "B-1001" else [])
    assert "欧阳" not in text_of_main(response)


@pytest.mark.parametrize("query", ["", " ", "　", "沈", "%", "_", " 沈 "])
def test_less_than_two_characters_asks_for_more(client, staff, query):
    response = look_up(client, query)

    assert response.status_code == 200
    assert found(response) == []
    assert "请输入完整的姓名，或完整的证件编号。" in text_of_main(response)


@pytest.mark.parametrize("address", ["/staff/", "/staff/?page=2", "/staff/?name=沈若谷", "/staff/?all=1"])
def test_nothing_lists_the_staff(client, staff, address):
    response = client.get(address)

    assert response.status_code == 200
    assert found(response) == []
    for member in staff:
        assert member.name not in response.content.decode()
        assert member.card_number not in response.content.decode()


def test_who_is_not_found_is_said_to_be_none_of_ours(client, staff):
    said = text_of_main(look_up(client, "<b>张三</b>"))

    assert "没有查到“<b>张三</b>”" in said
    assert "可以拒绝采访" in said


def test_people_of_one_name_are_all_found_up_to_ten(client):
    for number in range(11):
        make_staff("王伟", f"W-{number:04}")

    response = look_up(client, "王伟")

    assert len(found(response)) == 10
    assert "查到 10 人" in text_of_main(response)


def test_results_are_for_this_visitor_and_for_no_search_engine(client, staff):
    response = look_up(client, "沈若谷")

    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert not response.cookies


def test_the_form_is_a_public_page(client, staff):
    response = client.get("/staff/")

    assert response.headers["Cache-Control"] == "public, max-age=1, stale-if-error=300"
    assert "noindex" not in response.content.decode()
    assert client.post("/staff/", {"q": "沈若谷"}).status_code == 405


def test_a_long_query_is_cut(client, staff):
    response = look_up(client, "x" * 5000)

    (field,) = tree(response).xpath('//main//input[@name="q"]')
    assert field.get("value") == "x" * 60


def test_a_result_shows_what_to_compare(client, staff):
    said = text_of_main(look_up(client, "沈若谷"))

    for words in ("查到 1 人", "沈若谷", "首席记者", "要闻部", "在职，证件有效"):
        assert words in said


@pytest.mark.parametrize(
    ("overrides", "said", "valid"),
    [
        ({"valid_until": TODAY}, "在职，证件有效", True),
        ({"valid_until": TODAY - timedelta(days=1)}, "证件已过期，无效", False),
        ({"status": "left"}, "已离职，证件无效", False),
        ({"status": "left", "valid_until": TODAY - timedelta(days=1)}, "已离职，证件无效", False),
    ],
)
def test_whether_a_card_may_be_trusted_is_said_in_words(client, overrides, said, valid):
    member = make_staff("沈若谷", "B-1001", **overrides)

    for response in (look_up(client, "沈若谷"), client.get(member.get_absolute_url())):
        words = text_of_main(response)
        assert said in words
        assert ("证件有效" in words) is valid

    card = text_of_main(client.get(member.get_absolute_url()))
    assert ("这张证件不能用于采访" in card) is not valid


def test_a_card_shows_its_holder(client, staff):
    response = client.get(staff[0].get_absolute_url())

    assert response.status_code == 200
    said = text_of_main(response)
    for words in ("沈若谷", "首席记者", "要闻部", "浙江省", "B-1001", "2026年12月3日"):
        assert words in said
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert not response.cookies


def test_a_card_that_ran_out_overnight_says_so(client, clock):
    member = make_staff("沈若谷", "B-1001", valid_until=TODAY)
    assert "证件有效" in text_of_main(client.get(member.get_absolute_url()))

    clock.move(hours=13)

    assert "证件已过期，无效" in text_of_main(client.get(member.get_absolute_url()))


@pytest.mark.parametrize("public_id", ["1", "AAAAAAAAAAAA", "B-1001", "AAAAAAAAAAA%2F", "A" * 13])
def test_a_card_is_found_by_its_own_address_alone(client, staff, public_id):
    assert client.get(f"/staff/{public_id}/").status_code == 404


@pytest.mark.parametrize("others", [0, 2])
def test_a_search_takes_one_query(client, monkeypatch, django_assert_num_queries, others):
    monkeypatch.setattr("about.views.too_often", lambda *args, **options: False)  # asks the cache, wherever that is
    for number in range(1 + others):
        make_staff("王伟", f"W-{number:04}", region=Region.objects.all()[number])
    client.get("/staff/")  # reads what stands around every page

    # 1 the members with their regions
    with django_assert_num_queries(1):
        assert len(found(look_up(client, "王伟"))) == 1 + others


@pytest.mark.parametrize("rows", [1, 3])
def test_a_card_takes_one_query(client, django_assert_num_queries, rows):
    members = [make_staff("王伟", f"W-{number:04}", region=Region.objects.all()[number]) for number in range(rows)]
    client.get("/staff/")

    # 1 the member with the region
    with django_assert_num_queries(1):
        client.get(members[0].get_absolute_url())


# --- How often --------------------------------------------------------------------------------------------------------


def test_whoever_tries_names_is_stopped(client, staff):
    answers = [look_up(client, f"人{number}").status_code for number in range(LOOKUPS)]
    assert answers == [200] * LOOKUPS

    refused = look_up(client, "沈若谷")

    assert refused.status_code == 429
    assert found(refused) == []
    assert "查询太频繁了，请十分钟后再试。" in text_of_main(refused)
    assert "no-store" in refused.headers["Cache-Control"]


def test_others_search_on_and_so_does_the_same_network_later(client, clock, staff):
    for number in range(LOOKUPS + 1):
        last = look_up(client, f"人{number}", REMOTE_ADDR="192.0.2.1")
    assert last.status_code == 429

    assert look_up(client, "沈若谷", REMOTE_ADDR="192.0.2.200").status_code == 429
    assert look_up(client, "沈若谷", REMOTE_ADDR="192.0.3.1").status_code == 200
    clock.move(seconds=601)
    assert len(found(look_up(client, "沈若谷", REMOTE_ADDR="192.0.2.1"))) == 1


def test_what_searches_nothing_is_not_counted(client, staff):
    for _ in range(LOOKUPS + 5):
        look_up(client, "沈")
        client.get("/staff/")

    assert look_up(client, "沈若谷").status_code == 200


def test_a_forged_address_does_not_begin_anew(client, staff, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(LOOKUPS + 1):
        last = look_up(client, f"人{number}", HTTP_X_FORWARDED_FOR=f"10.0.{number}.1, 203.0.113.5")

    assert last.status_code == 429
