"""The whole import, on an export as WordPress 6 writes one: what arrives, what is reported, what a rerun does."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from about.models import Page
from articles.models import Article, Author, ImportedItem, OldAddress, Photo, Source, Tag
from articles.publishing import save_article
from articles.tests.factories import make_channel, make_source, picture_bytes
from comments.counting import count_of
from comments.models import Comment, Decision
from newsportal.wordpress import importing, writing

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parent / "sample.xml"
MAP = """
default_channel = "news"
duty_editor = "沈若谷"
[categories]
huanjing = "ecology"
minsheng = "society"
uncategorized = ""
[authors]
admin = ""
"""
PICTURES = {
    "2015/03/qiao.jpg": {"colour": "navy"},
    "2015/03/heliu.png": {"colour": "teal", "picture_format": "PNG"},
    "2020/05/guo-scaled.jpg": {"colour": "olive"},
    "2016/07/niao.jpg": {"colour": "gray"},
}


@pytest.fixture
def newsroom(site):
    """An empty portal with the channels and the source that the import wants."""
    for slug in ("news", "ecology", "society"):
        make_channel(slug)
    return make_source(name="青河在线", is_own=True)


@pytest.fixture
def uploads(tmp_path):
    """A copy of wp-content/uploads, in which one picture is missing."""
    folder = tmp_path / "uploads"
    for name, options in PICTURES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture_bytes(**options))
    return folder


@pytest.fixture
def run(tmp_path, newsroom, uploads):
    """Run the command; what it printed and the notes of its report."""
    mapping = tmp_path / "map.toml"
    mapping.write_text(MAP, encoding="utf-8")

    def run(*arguments, file=SAMPLE, **options):
        out, report = io.StringIO(), tmp_path / "report.jsonl"
        options = {"media": uploads, "report": report, "stdout": out, "stderr": io.StringIO(), **options}
        options.setdefault("map", mapping)
        call_command("import_wordpress", file, *arguments, **options)
        notes = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
        return out.getvalue(), {(note["kind"], note["number"]): note["message"] for note in notes}

    return run


def article(number: int) -> Article:
    return Article.objects.get(pk=ImportedItem.objects.get(kind="article", external_id=str(number)).target_id)


def link(address: str, words: str) -> str:
    return f'<a href="{address}" rel="noopener">{words}</a>'


def photo_ids() -> dict[str, int]:
    """The photo of each uploaded file, found by the address that leads to it."""
    by_address = {row.picture.src: row.pk for row in Photo.objects.all()}
    rows = OldAddress.objects.filter(path__startswith="/news/wp-content/uploads/")
    return {row.path.removeprefix("/news/wp-content/uploads/"): by_address[row.target] for row in rows}


def test_a_classic_post_keeps_its_words_pictures_and_pages(run):
    run()

    found = article(11)
    ids = photo_ids()
    assert found.title == "老桥换上新护栏 & 河堤同日开放"
    assert found.lead == "入春第一天，老桥换上了新护栏。"
    assert (found.status, found.published_at) == ("published", datetime(2015, 3, 2, 1, 30, tzinfo=UTC))
    assert (found.channel.slug, found.source.name, found.origin) == ("ecology", "青河在线", "original")
    assert found.duty_editor == "沈若谷"
    assert found.comments_open
    assert found.cover_id == ids["2015/03/heliu.png"]
    assert [(credit.role, credit.author.name) for credit in found.credits.all()] == [("作者", "江禾")]
    assert sorted(tag.name for tag in found.tags.all()) == ["护栏／灯", "桥"]
    assert found.body == "\n".join(
        [
            "<p>老桥的护栏<strong>全部</strong>换新。</p>",
            "<p>桥上的灯也亮了。</p>",
            f'<figure data-photo="{ids["2015/03/qiao.jpg"]}"><figcaption>老桥的新护栏</figcaption></figure>',
            "<blockquote><p>“走了四十年，头一回扶着栏杆看河。”</p><p>住在桥头的老人说。</p></blockquote>",
            (
                f"<p>河堤的消息见{link(article(12).get_absolute_url() + '#map', '同日报道')}，"
                f"往事见{link('https://www.old.example.com/news/?p=13', '旧稿')}，"
                f"也可以看{link('https://www.old.example.com/news/wo-de-ye/', '投票页')}"
                f"和{link('https://elsewhere.example.com/a', '别处')}。</p>"
            ),
            f'<figure data-photo="{ids["2020/05/guo-scaled.jpg"]}"></figure>',
            f'<figure data-photo="{ids["2015/03/qiao.jpg"]}"></figure>',
            '<hr class="page-break">',
            "<p>第二页的文字 [注] [sic]。</p>",
            f"<p>{link('https://www.youtube.com/watch?v=abc123', 'https://www.youtube.com/watch?v=abc123')}</p>",
            "<p>框里的话</p>",
        ]
    )
    assert found.page_count == 2


def test_a_post_of_blocks_keeps_its_words_pictures_and_pages(run):
    run()

    found = article(12)
    ids = photo_ids()
    assert found.body == "\n".join(
        [
            f"<p>河堤全长三公里，沿线种了柳树。见{link(article(11).get_absolute_url(), '老桥')}。</p>",
            # The caption is the library's own, so the library keeps the say over it.
            f'<figure data-photo="{ids["2020/05/guo-scaled.jpg"]}"></figure>',
            "<p>编者按：河堤工程历时两年。</p>",
            "<h2>沿线设施</h2>",
            f'<figure data-photo="{ids["2015/03/qiao.jpg"]}"></figure>',
            '<hr class="page-break">',
            '<p class="verse">柳色新<br>水声近</p>',
            '<p><a href="https://video.example.com/v/9" rel="noopener">嵌入内容：video.example.com</a></p>',
        ]
    )
    assert found.channel.slug == "ecology"  # the category above the main one
    assert [tag.name for tag in found.tags.all()] == ["民生 & 社区"]
    assert [credit.author.name for credit in found.credits.all()] == ["林溪", "江禾"]
    assert found.cover_id == ids["2020/05/guo-scaled.jpg"]  # none was chosen: the first of the text


def test_each_state_becomes_one_of_ours(run, client):
    run()

    states = {number: (article(number).status, article(number).published_at) for number in (13, 14, 15, 16, 18, 19)}
    assert states == {
        13: ("draft", None),
        14: ("published", datetime(2031, 5, 1, 1, 30, tzinfo=UTC)),
        15: ("draft", None),
        16: ("draft", None),
        18: ("draft", None),
        19: ("published", datetime(2016, 7, 8, 1, 30, tzinfo=UTC)),
    }
    assert not article(14).comments_open
    assert not ImportedItem.objects.filter(kind="article", external_id="17").exists()
    assert not article(16).credits.exists()  # the mapping lets admin sign nothing
    assert client.get(article(14).get_absolute_url()).status_code == 404
    assert client.get(article(19).get_absolute_url()).status_code == 200


def test_pictures_get_the_words_that_the_old_library_had(run):
    run()

    found = Photo.objects.get(pk=photo_ids()["2015/03/qiao.jpg"])
    assert (found.caption, found.alt, found.width, found.height) == ("老桥旧照", "一座石桥", 400, 300)
    assert Photo.objects.count() == 4
    assert article(19).body.splitlines()[0] == "<p>候鸟回到湖边。</p>"
    assert Photo.objects.get(pk=article(19).cover_id).caption == "水面上的候鸟"  # no attachment: the words of its alt


def test_pages_become_static_pages(run, client):
    run()

    about, contact = Page.objects.get(slug="guan-yu"), Page.objects.get(slug="page-31")
    assert (about.title, about.body, about.is_published) == (
        "关于青河在线",
        "<p>青河在线创办于二〇一〇年。</p>",
        True,
    )
    assert (contact.title, contact.is_published) == ("联系我们", False)
    assert not about.in_footer
    assert Page.objects.count() == 2
    assert client.get("/about/guan-yu/").status_code == 200


def test_every_old_address_answers(run, client):
    run()

    moved = {
        "/news/2015/03/lao-qiao/": article(11).get_absolute_url(),
        "/news/2015/03/lao-qiao": article(11).get_absolute_url(),
        "/news/2015/03/lao-qiao/2/": article(11).page_url(2),
        "/news/2015/03/lao-qiao/feed/": article(11).get_absolute_url(),
        "/news/?p=11": article(11).get_absolute_url(),
        "/news/2016/07/湖边/": article(19).get_absolute_url(),
        "/news/guan-yu/": "/about/guan-yu/",
        "/news/?page_id=30": "/about/guan-yu/",
        "/news/category/huanjing/": "/ecology/",
        "/news/category/huanjing/hehu/": "/ecology/",
        "/news/?cat=5": "/society/",
        "/news/wp-content/uploads/2015/03/qiao.jpg": Photo.objects.get(pk=photo_ids()["2015/03/qiao.jpg"]).picture.src,
    }
    answers = {path: client.get(path) for path in moved}
    assert {path: (answer.status_code, answer["Location"]) for path, answer in answers.items()} == {
        path: (301, target) for path, target in moved.items()
    }
    # The old site stood where a channel is now: without such a query the channel answers.
    assert client.get("/news/").status_code == 200
    assert client.get("/news/tag/桥/")["Location"] == "/tags/%E6%A1%A5/"


def test_what_is_not_public_has_no_old_address(run, client):
    run()

    for path in ("/news/2015/03/nei-bu/", "/news/2015/03/mi-ma/", "/news/?p=13", "/news/event/he-deng/"):
        assert not OldAddress.objects.filter(path=path).exists(), path
    assert client.get("/news/ding-shi/").status_code == 404
    assert client.get("/news/tag/unused/").status_code == 404


def test_the_report_says_what_was_not_kept_and_why(run):
    printed, notes = run()

    assert notes == {
        ("status", "11"): "置顶没有保留：请在“推荐位”里安排。",
        ("shortcode", "11"): "短代码 [box] 依赖 WordPress 插件，已去掉；它包住的文字保留。",
        ("embed", "11"): "单独成段的网址改成了链接：https://www.youtube.com/watch?v=abc123",
        ("tag", "11"): "标签超过 20 个字：一个长得放不进二十个字里去的非常非常长的标签名",
        ("comments", "11"): "1 条垃圾评论或回收站里的评论。",
        ("link", "11"): "链接指向没有导入的内容：https://www.old.example.com/news/wo-de-ye/",
        ("block", "12"): "区块“latest-posts”的内容由 WordPress 临时生成，没有可导入的文字。",
        ("picture", "12"): "图片文件夹里没有（2020/05/que.jpg）",
        ("embed", "12"): "嵌入内容改成了链接：https://video.example.com/v/9",
        ("status", "15"): "状态“私密”改成了草稿。",
        ("status", "16"): "状态“待审”改成了草稿。",
        ("skipped", "17"): "在原站点的回收站里。",
        ("status", "18"): "有密码保护的文章改成了草稿。",
        ("markup", "19"): "正文里的脚本不能保留。",
        ("picture", "19"): "图片文件夹里没有（https://pixel.example.net/1.gif）",
        ("category", "19"): "分类“临时专题”（zhuanti）不在映射文件里，变成标签。",
        (
            "skipped",
            "22",
        ): "附件不是图片，没有导入：https://www.old.example.com/news/wp-content/uploads/2015/03/wenjian.pdf",
        ("picture", "24"): "图片文件夹里没有（2020/05/que.jpg）",
        ("picture", "30"): "单页里不能放图片：https://www.old.example.com/news/wp-content/uploads/2015/03/qiao.jpg",
        ("text", "31"): "网址名“联系”不能用或已被占用，改用 page-31。",
        ("shortcode", "32"): "短代码 [poll] 依赖 WordPress 插件，已去掉；它包住的文字保留。",
        ("skipped", "32"): "单页没有文字。",
        ("skipped", "42"): "自定义类型“event”没有对应的内容。",
    }
    assert "稿件新增：8\n" in printed
    assert "单页新增：2\n" in printed
    assert "图片新增：4\n" in printed
    assert "评论新增：3\n" in printed
    assert "第 37 行 post 11《老桥换上新护栏 & 河堤同日开放》 1 条垃圾评论" in printed


def test_comments_come_with_their_threads_and_states(run):
    run()

    rows = Comment.objects.order_by("id")
    assert [(row.nickname, row.body, row.state) for row in rows] == [
        ("读者", "好。", "approved"),
        ("读者", "早该换了。", "approved"),
        ("桥头<b>老周", "那天我在场，是真的。", "waiting"),
    ]
    first, second, third = rows
    assert first.created_at == datetime(2015, 3, 3, 2, tzinfo=UTC)
    assert [(row.parent, row.root) for row in rows] == [(None, None), (first, first), (second, first)]
    assert (first.replies, count_of(article(11)).approved) == (1, 2)
    assert {row.rule for row in Decision.objects.all()} == {"import"}
    assert third.waiting_since is not None


def test_a_second_run_takes_no_comment_twice(run):
    run()
    Comment.objects.filter(body="好。").update(state="spam", reason="ad")
    printed, _ = run()
    assert Comment.objects.count() == 3
    assert "评论新增" not in printed
    # A site that was imported before there were comments gets them with the next run.
    Decision.objects.all().delete()
    for row in Comment.objects.order_by("-id"):
        row.delete()
    printed, _ = run()
    assert "评论新增：3\n" in printed


def test_a_report_for_a_spreadsheet(run, tmp_path):
    file = tmp_path / "report.csv"
    (tmp_path / "report.jsonl").touch()
    run(report=file)

    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert {"kind": "skipped", "type": "event", "number": "42", "title": "河灯节"}.items() <= rows[-3].items()


def state() -> list:
    """All that an import writes, with the times of saving."""
    tables = [Article, Author, ImportedItem, OldAddress, Page, Photo, Tag]
    rows = [list(table.objects.order_by("pk").values()) for table in tables]
    return [*rows, list(Article.tags.through.objects.order_by("pk").values("article_id", "tag_id"))]


def test_a_dry_run_writes_nothing(run, settings):
    before = state()
    printed, notes = run("--dry-run")

    assert state() == before
    assert not settings.MEDIA_ROOT.exists()
    assert not list(Path(settings.STORAGES["originals"]["OPTIONS"]["location"]).parent.glob("originals/*"))
    assert "试运行，没有写入任何内容。" in printed
    assert "稿件新增：8\n" in printed
    assert "图片新增：4\n" in printed
    assert ("skipped", "42") in notes


def test_a_second_run_changes_nothing(run):
    run()
    before = state()
    printed, _ = run()

    assert state() == before
    assert "稿件未变：8\n" in printed
    assert "单页未变：2\n" in printed
    assert "新增" not in printed
    assert "更新" not in printed


def test_a_run_broken_off_goes_on_where_it_was(run, monkeypatch):
    seen = []

    def die(desk, item):
        if item.number == 14:
            raise KeyboardInterrupt
        seen.append(item.number)

    whole = writing.import_article
    monkeypatch.setitem(importing.HANDLERS, "post", lambda desk, item: (die(desk, item), whole(desk, item)))
    with pytest.raises(KeyboardInterrupt):
        run()
    assert seen == [11, 12, 13]
    half = {row.external_id: row.target_id for row in ImportedItem.objects.filter(kind="article")}
    assert set(half) == {"11", "12", "13"}

    monkeypatch.undo()
    printed, _ = run()

    assert "稿件新增：5\n" in printed
    done = {row.external_id: row.target_id for row in ImportedItem.objects.filter(kind="article")}
    assert len(done) == Article.objects.count() == 8
    assert half.items() <= done.items()
    assert article(12).get_absolute_url() in article(11).body


def changed(tmp_path, before: str, after: str) -> Path:
    """The sample with one passage replaced."""
    text = SAMPLE.read_text(encoding="utf-8")
    assert text.count(before) == 1
    file = tmp_path / "changed.xml"
    file.write_text(text.replace(before, after), encoding="utf-8")
    return file


def test_a_post_changed_there_is_renewed_here(run, tmp_path):
    run()
    number, old = article(12).pk, article(12).get_absolute_url()
    printed, _ = run(file=changed(tmp_path, "河堤全长三公里", "河堤全长四公里"))

    assert "稿件更新：1\n" in printed
    assert "稿件未变：7\n" in printed
    assert (article(12).pk, article(12).get_absolute_url()) == (number, old)
    assert article(12).body.startswith("<p>河堤全长四公里")
    assert article(12).credits.count() == 2


def test_what_an_editor_changed_here_stays(run, tmp_path):
    run()
    mine = article(12)
    mine.title = "编辑改过的标题"
    save_article(mine)
    printed, notes = run(file=changed(tmp_path, "河堤全长三公里", "河堤全长四公里"))

    assert notes["kept", "12"] == "原站点有新的改动，但本站也改过这一篇：没有覆盖，请人工核对。"
    assert article(12).title == "编辑改过的标题"
    assert "四公里" not in article(12).body
    assert "更新" not in printed.replace("没有覆盖", "")


def test_what_was_deleted_here_does_not_come_back(run):
    run()
    article(19).events.all().delete()
    article(19).delete()
    _, notes = run()

    assert notes["skipped", "19"] == "导入以后在本站删除了，不再导入。"
    assert Article.objects.count() == 7


def test_a_picture_found_later_is_put_in(run, uploads):
    run()
    (uploads / "2020/05/que.jpg").write_bytes(picture_bytes(colour="maroon"))
    printed, notes = run()

    assert "图片新增：1\n" in printed
    assert ("picture", "12") not in notes
    assert f'data-photo="{photo_ids()["2020/05/que.jpg"]}"' in article(12).body
    assert "稿件更新：1\n" in printed


def test_a_new_mapping_moves_the_articles_and_keeps_their_addresses(run, tmp_path, client):
    run()
    old = article(14).get_absolute_url(), article(11).get_absolute_url()
    other = tmp_path / "other.toml"
    other.write_text(MAP.replace('"ecology"', '"society"'), encoding="utf-8")
    run(map=other)

    assert article(11).channel.slug == "society"
    assert client.get(old[1])["Location"] == article(11).get_absolute_url()
    assert article(14).get_absolute_url() == old[0]


def test_a_source_of_others_makes_reprints(run):
    make_source(name="青河晚报")
    run(source="青河晚报")

    found = article(11)
    assert (found.origin, found.source.name) == ("reprint", "青河晚报")
    assert found.source_url == "https://www.old.example.com/news/2015/03/lao-qiao/"


def test_a_bad_item_stops_nothing_and_fails_the_command(run, monkeypatch):
    whole = writing.import_article

    def some(desk, item):
        if item.number == 12:
            raise ZeroDivisionError("除以零")
        whole(desk, item)

    monkeypatch.setitem(importing.HANDLERS, "post", some)
    with pytest.raises(CommandError, match="1 项没有导入"):
        run()

    assert not ImportedItem.objects.filter(kind="article", external_id="12").exists()
    assert ImportedItem.objects.filter(kind="article", external_id="19").exists()
    assert Page.objects.count() == 2


def test_a_file_that_breaks_off_gives_what_it_has(run, tmp_path):
    text = SAMPLE.read_text(encoding="utf-8")
    file = tmp_path / "half.xml"
    file.write_text(text[: text.index("定时的稿子") + 2], encoding="utf-8")
    with pytest.raises(CommandError, match="1 项没有导入"):
        run(file=file)

    assert set(ImportedItem.objects.filter(kind="article").values_list("external_id", flat=True)) == {"11", "12", "13"}


def test_two_files_of_one_site(run, tmp_path, uploads):
    """WordPress exports by year or by author where a site is large; pictures may stand in another file."""
    text = SAMPLE.read_text(encoding="utf-8")
    start = text.index("\n\t<item>")
    middle = text.index("\n\t<item>", text.index("湖边的候鸟"))
    posts, rest = tmp_path / "posts.xml", tmp_path / "rest.xml"
    posts.write_text(f"{text[:middle]}\n</channel>\n</rss>\n", encoding="utf-8")
    rest.write_text(text[:start] + text[middle:], encoding="utf-8")
    out = io.StringIO()
    call_command(
        "import_wordpress", posts, rest, map=tmp_path / "map.toml", media=uploads, stdout=out, stderr=io.StringIO()
    )

    assert "稿件新增：8\n" in out.getvalue()
    assert Photo.objects.get(pk=photo_ids()["2015/03/qiao.jpg"]).caption == "老桥旧照"


def test_the_same_number_twice(run, tmp_path):
    text = SAMPLE.read_text(encoding="utf-8")
    start, end = text.index("\n\t<item>"), text.index("\n\t<item>", text.index("\n\t<item>") + 5)
    file = tmp_path / "twice.xml"
    again = text[start:end].replace("老桥换上新护栏", "冒名的稿子")
    file.write_text(text.replace("\n</channel>", f"{again}\n</channel>"), encoding="utf-8")
    printed, _ = run(file=file)

    assert "编号在导出文件里重复出现，只导入第一次出现的。" in printed
    assert article(11).title == "老桥换上新护栏 & 河堤同日开放"
    assert not Article.objects.filter(title__startswith="冒名").exists()


# --- The command line ---


def test_a_mapping_to_fill_in(run, tmp_path):
    Source.objects.update(is_own=True)
    file = tmp_path / "new.toml"
    out = io.StringIO()
    make_channel("huanjing")
    call_command("import_wordpress", SAMPLE, write_map=file, stdout=out, stderr=io.StringIO())

    text = file.read_text(encoding="utf-8")
    assert '"huanjing" = "huanjing"  # 环境，1 篇' in text
    assert '"hehu" = ""  # 河湖，1 篇' in text
    assert '"zhuanti" = ""  # 临时专题，1 篇' in text  # which the head of the export does not list
    assert '"jianghe" = "江禾"' in text
    assert not Article.objects.exists()
    with pytest.raises(CommandError):
        call_command("import_wordpress", SAMPLE, write_map=file, stdout=out, stderr=io.StringIO())


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ('default_channel = "none"', "没有这些栏目：none"),
        ('duty_editor = "x"', "必须写明 default_channel"),
        ('default_channel = "news"\nchannels = 3', "不认识的项目：channels"),
        ('default_channel = "news"\n[categories]\na = 3', r"的 \[categories\] 必须是"),
        ('default_channel = "news"\n[categories]\na = "nowhere"', "没有这些栏目：nowhere"),
        ("default_channel = news", "读不了映射文件"),
        (f'default_channel = "news"\nduty_editor = "{"长" * 41}"', "最长 40 个字"),
    ],
)
def test_a_mapping_that_cannot_be_used(run, tmp_path, mapping, message):
    file = tmp_path / "bad.toml"
    file.write_text(mapping, encoding="utf-8")
    with pytest.raises(CommandError, match=message):
        run(map=file)
    assert not Article.objects.exists()


def test_what_the_command_needs(run, tmp_path):
    with pytest.raises(CommandError, match="请用 --map"):
        run(map=None)
    with pytest.raises(CommandError, match="没有来源“谁”"):
        run(source="谁")
    with pytest.raises(CommandError, match="没有这个文件夹"):
        run(media=tmp_path / "none")
    Source.objects.update(is_own=False)
    with pytest.raises(CommandError, match="没有标为“本站”的来源"):
        run()
    with pytest.raises(CommandError, match="No such file"):
        run(file=tmp_path / "none.xml")
