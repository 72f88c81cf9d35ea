"""The texts of the demo, read without a database."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from about.models import FriendLink
from articles.models import Article, Channel, Tag
from articles.pasting import tidy
from newsportal.demo import texts
from newsportal.demo.pictures import SCENES
from newsportal.lib.chinese import count_characters
from newsportal.lib.html import clean_html, split_pages, text_of
from regions.models import Region

# Characters of the text, by form. A poem is short by its nature, a gallery and a clip speak by other means.
LENGTHS = defaultdict(lambda: range(300, 901)) | {
    "long": range(2490, 4001),
    "brief": range(250, 501),
    "gallery": range(250, 501),
    "video": range(250, 501),
    "poem": range(60, 301),
}
LONG = 2500
FORMS = {"report", "explainer", "brief", "interview", "commentary", "letter", "gallery", "poem", "long", "video"}
# Of the state: where licences can be looked up, and where anybody may report what is unlawful.
REGISTERS = {
    "https://www.12377.cn/",
    "www.12377.cn",
    "https://beian.miit.gov.cn/",
    "https://beian.mps.gov.cn/",
    "https://www.cac.gov.cn/",
    "https://www.nrta.gov.cn/",
}


@cache
def rows() -> list[tuple[str, dict]]:
    return list(texts.articles())


@cache
def site() -> dict:
    return texts.site()


@cache
def bodies() -> dict[str, str]:
    """The cleaned body of every article, by its key."""
    return {row["key"]: clean_html(row["body"]) for _, row in rows()}


def every_text(value) -> Iterator[str]:
    """Every string within nested rows."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from every_text(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from every_text(each)


def offending(check) -> dict[str, object]:
    """What `check` says of each article that it has anything to say of, by the article's key."""
    said = {row["key"]: check(slug, row) for slug, row in rows()}
    return {key: what for key, what in said.items() if what}


# --- The texts ---


def test_there_are_enough_articles_each_with_its_own_key_and_title():
    assert len(rows()) >= 200
    for name in ("key", "title", "lead"):
        counted = Counter(row[name] for _, row in rows())
        assert [value for value, count in counted.items() if count > 1] == []
    assert offending(lambda slug, row: not row["key"].startswith(f"{slug}-")) == {}


def test_forms_vary():
    counted = Counter(row["form"] for _, row in rows())
    assert set(counted) == FORMS
    assert min(counted.values()) >= 6
    assert max(counted.values()) < len(rows()) / 2


def test_lengths_are_fit_to_be_read():
    def check(slug, row):
        length = count_characters(text_of(bodies()[row["key"]]))
        return length if length not in LENGTHS[row["form"]] else None

    assert offending(check) == {}


def test_the_long_ones_are_long_in_every_respect():
    found = []
    for _, row in rows():
        body = bodies()[row["key"]]
        if count_characters(text_of(body)) < LONG:
            continue
        figures = re.findall(r'<figure data-photo="([^"]+)"', body)
        captioned = {photo["key"] for photo in row["photos"] if photo["caption"] and photo["alt"]}
        assert body.count("<h2>") >= 4, row["key"]
        assert len(set(figures)) >= 5, row["key"]
        assert set(figures) <= captioned, row["key"]
        assert len(split_pages(body)) >= 2, row["key"]
        found.append(row["key"])
    assert len(found) >= 6


def test_no_sentence_stands_in_two_places():
    places = defaultdict(list)
    for _, row in rows():
        text = "\n".join([row["lead"], text_of(bodies()[row["key"]])])
        for sentence in re.split(r"[。！？!?…\n]+", text):
            sentence = sentence.strip("　 ”“’‘》）（")
            if len(sentence) >= 12:
                places[sentence].append(row["key"])
    assert len(places) > 4500
    assert {sentence: keys for sentence, keys in places.items() if len(keys) > 1} == {}


def test_titles_and_words_fit_their_columns():
    def check(slug, row):
        names = ("title", "short_title", "kicker", "subtitle", "lead", "duty_editor", "original_title")
        fields = {name: Article._meta.get_field(name).max_length for name in names}
        long = [name for name, most in fields.items() if len(row.get(name, "")) > most]
        long += [tag for tag in row["tags"] if len(tag) > Tag._meta.get_field("name").max_length or "/" in tag]
        long += [
            photo["key"] for photo in row.get("photos", []) if len(photo["caption"]) > 300 or len(photo["alt"]) > 200
        ]
        return long + [role for role, _ in row["credits"] if not 0 < len(role) <= 20]

    assert offending(check) == {}


def test_what_every_article_has():
    def check(slug, row):
        lacks = [name for name in ("title", "lead", "duty_editor", "tags", "credits", "body") if not row.get(name)]
        lead = count_characters(row["lead"])
        return lacks + ([] if 20 <= lead <= 120 else [f"lead of {lead}"])

    assert offending(check) == {}
    assert {row["days_ago"] for _, row in rows()} >= set(range(20))
    assert max(row["days_ago"] for _, row in rows()) <= 31


# --- The allow-list keeps all of it ---


def test_cleaning_loses_no_word_and_no_tag():
    """The bodies are written as the cleaner would leave them: same text, same tags, nothing more to clean."""

    def check(slug, row):
        cleaned = bodies()[row["key"]]
        written = html.unescape(re.sub(r"<[^>]+>", "", row["body"]))
        if "".join(written.split()) != "".join(text_of(cleaned).split()):
            return "text"
        if re.findall(r"<\w+", row["body"]) != re.findall(r"<\w+", cleaned):
            return "tags"
        return "again" if clean_html(cleaned) != cleaned else None

    assert offending(check) == {}


def test_pages_are_clean_too():
    for page in site()["page"]:
        cleaned = clean_html(page["body"])
        assert re.findall(r"<\w+", page["body"]) == re.findall(r"<\w+", cleaned), page["slug"]
        assert "".join(html.unescape(re.sub(r"<[^>]+>", "", page["body"])).split()) == "".join(text_of(cleaned).split())


# --- What refers to what ---


def test_every_region_and_every_channel_has_articles(db):
    covered = Counter(slug for _, row in rows() for slug in row["regions"])
    assert set(covered) == set(Region.objects.provinces().values_list("slug", flat=True))
    assert len(covered) == 34
    channels = {row["slug"] for row in site()["channel"] if row["kind"] != "link"}
    per_channel = Counter(slug for slug, _ in rows())
    assert set(per_channel) == channels
    assert min(per_channel.values()) >= 6


def test_channels_are_the_model_s():
    """Both rows of the navigation, in the order of DESIGN 2."""
    order = sorted(site()["channel"], key=lambda row: (row["nav_group"], row["nav_order"]))
    first = "网站首页 每日新闻杂志 要闻快讯 纪实现场 专题报道 社会热点 就案说法 海疆之声 成为会员".split()
    second = """
        每日地方 诗坛荟萃 焦点网谈 生态环境 热点追踪 群众来信 乡村振兴 企业风采 监督与法 名人字画 人物·访谈
        关注民生 人民视点 文化·旅游 科技前沿 快闪中国 深度观察 名医·健康 关于我们 免责声明 联系我们
    """.split()
    # Membership is an issue of its own: its entry comes with its page.
    assert [row["name"] for row in order if row["nav_group"] == 1] in (first, first[:-1])
    assert [row["name"] for row in order if row["nav_group"] == 2] == second
    for row in order:
        Channel(**row).clean()


def test_all_that_is_referred_to_exists():
    keys = {row["key"] for _, row in rows()}
    referred = [key for topic in site()["topic"] for section in topic["section"] for key in section["articles"]]
    referred += [item["article"] for issue in site()["issue"] for item in issue["item"]]
    referred += [row["article"] for row in site()["placement"]]
    assert set(referred) <= keys
    authors, sources = {row["name"] for row in site()["author"]}, {row["name"] for row in site()["source"]}

    def check(slug, row):
        wrong = [name for _, name in row["credits"] if name not in authors]
        wrong += [row["source"]] if row.get("source") and row["source"] not in sources else []
        photos = [photo["key"] for photo in row.get("photos", [])]
        used = re.findall(r'data-photo="([^"]+)"', row["body"])
        wrong += sorted(set(used) ^ set(photos))
        clips = re.findall(r'data-video="([^"]+)"', row["body"]) + ([row["video"]] if row.get("video") else [])
        files = [texts.VIDEO_DIR / f"{clip}.{kind}" for clip in clips for kind in ("webm", "jpg")]
        wrong += [file.name for file in files if not file.is_file()]
        wrong += [photo["scene"] for photo in row.get("photos", []) if photo["scene"] not in SCENES]
        return wrong + [key for key, count in Counter(photos).items() if count > 1]

    assert offending(check) == {}
    assert sum(source["is_own"] for source in site()["source"]) == 1
    for name, _ in Counter(every_text([row["duty_editor"] for _, row in rows()])).items():
        assert name in authors | {row["name"] for row in site()["staff"]}, name


def test_packages_are_whole():
    assert len(site()["issue"]) == 3
    for topic in site()["topic"]:
        articles = [key for section in topic["section"] for key in section["articles"]]
        assert len(topic["section"]) >= 2
        assert len(articles) == len(set(articles)) >= 8
    for issue in site()["issue"]:
        articles = [item["article"] for item in issue["item"]]
        assert len(articles) == len(set(articles)) >= 6
    slots = Counter(row["slot"] for row in site()["placement"])
    assert set(slots) == {"headline", "carousel", "pick", "hot"}
    assert slots["headline"] == 1
    pictured = {row["key"] for _, row in rows() if row.get("photos") or row.get("video")}
    assert {row["article"] for row in site()["placement"] if row["slot"] in {"headline", "carousel"}} <= pictured


# --- Nobody's address ---

MOBILE, LANDLINE, SERVICE = (
    r"1[3-9]\d[- ]?\d{4}[- ]?\d{4}",
    r"0\d{2,3}[- ]\d{3,4}[- ]?\d{4}",
    r"400[- ]?\d{3}[- ]?\d{4}",
)
PHONE = re.compile(rf"(?<!\d)(?:\+?86[- ]?)?(?:{MOBILE}|{LANDLINE}|{SERVICE})(?!\d)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
ADDRESS = re.compile(r"https?://[^\s\"'<>）]+|(?<![\w/.@-])www\.[\w.-]+")


def strings() -> Iterator[str]:
    yield from every_text([row for _, row in rows()])
    yield from every_text({name: value for name, value in site().items() if name != "friend_link"})


def test_no_contact_could_be_anybody_s():
    said = "\n".join(strings())
    phones = {re.sub(r"\D", "", match) for match in PHONE.findall(said)}
    assert {phone for phone in phones if not re.search(r"5555|0000", phone)} == set()
    assert {mail for mail in MAIL.findall(said) if not mail.endswith("@example.com")} == set()
    assert {url for url in ADDRESS.findall(said) if not url.startswith("https://example.com")} <= REGISTERS
    assert re.findall(r"(?<!\d)\d{17}[\dXx](?!\d)", said) == []  # identity numbers
    assert re.findall(r"(?:QQ|微信号?|WeChat)[:：]?\s*[\w-]{5,}", said) == []


def test_the_measure_of_contacts_would_notice():
    for real in ("13912345678", "139 1234 5678", "021-62345678", "400-820-8820", "+86 13912345678"):
        assert PHONE.search(f"请拨打{real}。"), real
    assert not PHONE.search("2026-11-03 共1400人次，编号0203-1。")
    assert MAIL.findall("写信到desk@news.cn。") == ["desk@news.cn"]
    assert ADDRESS.findall("见https://a.cn/x和www.b.cn。")


def test_licences_and_cards_are_visibly_of_the_demo():
    for licence in site()["licence"]:
        assert "演示" in licence["number"]
        assert set(re.sub(r"\D", "", licence["number"])) <= {"0"}
    for member in site()["staff"]:
        assert member["card_number"].endswith("-DEMO")
    assert site()["profile"]["is_demo"] is True


def test_friend_links_are_real_addresses_of_the_model_s():
    urls = [row["url"] for row in site()["friend_link"]]
    assert len(urls) == len(set(urls)) >= 10
    assert all(re.fullmatch(r"https?://[\w.-]+\.[a-z]{2,}(/\S*)?", url) for url in urls)
    for row in site()["friend_link"]:
        FriendLink(**row).clean_fields()


def test_the_body_field_leaves_the_bodies_letter_by_letter():
    """What tidies a paste must not touch what was never pasted: a hash of published text would change by it."""
    assert [key for key, body in bodies().items() if tidy(body) is not body] == []
