"""Word files: what they hold comes out, and nothing but what they hold is ever read."""

import io
import zipfile

import pytest

from articles.models import Photo
from articles.pasting import BadFileError, archives, docx
from articles.tests.factories import picture_bytes

from .documents import NAMESPACES, docx_bytes, footnotes, item, p, picture, run

CENTRE = '<w:jc w:val="center"/>'
KEPT = "1 张图片存进了图片库：请补全图说、替代文字、署名和版权说明。"
NO_DOCX = "请在 Word 或 WPS 里另存为 .docx，再导入"


def read(*body: str, user, **options):
    return docx(io.BytesIO(docx_bytes(*body, **options)), user=user, name="稿.docx")


def test_a_document_comes_out_whole(chief):
    pasted = read(
        p("石桥修好了", style="a3"),
        p(f"{run('　　桥在')}{run('镇', '<w:b/>')}{run('东', '<w:b/>')}{run('头。')}"),
        p("经过", style="1"),
        item("先修桥墩", number=1),
        item("再铺桥面", number=1),
        item("石板", number=2, level=1),
        p(picture(alt="一座石桥")),
        p("石桥的全貌。江雨眠 摄", style="a5"),
        p("细节", style="2"),
        p("结果", style="1"),
        p("“走着踏实。”", style="a6"),
        "<w:tbl><w:tr><w:tc>" + p("长") + "</w:tc><w:tc>" + p("六丈") + "</w:tc></w:tr></w:tbl>",
        user=chief,
    )
    photo = Photo.objects.get()
    assert (photo.caption, photo.credit, photo.alt) == ("石桥的全貌。", "江雨眠 摄", "一座石桥")
    assert pasted.title == "石桥修好了"
    assert pasted.html == (
        "<p>桥在<strong>镇东</strong>头。</p>\n<h2>经过</h2>\n"
        "<ol><li>先修桥墩</li><li>再铺桥面<ul><li>石板</li></ul></li></ol>\n"
        f'<figure data-photo="{photo.pk}"><figcaption>石桥的全貌。</figcaption></figure>\n'
        "<h3>细节</h3>\n<h2>结果</h2>\n<blockquote><p>“走着踏实。”</p></blockquote>\n"
        "<table><tbody><tr><td>长</td><td>六丈</td></tr></tbody></table>"
    )
    assert pasted.notes == ["文档的标题“石桥修好了”只用作标题，没有留在正文里。", KEPT]


TITLES = [
    pytest.param([p("甲", style="a3"), p("乙")], "甲", "<p>乙</p>", id="in the style of a title"),
    pytest.param([p("甲", style="1"), p("乙")], "甲", "<p>乙</p>", id="the only heading"),
    pytest.param(
        [p("甲", style="1"), p("乙"), p("丙", style="1")], "", "<h2>甲</h2>\n<p>乙</p>\n<h2>丙</h2>", id="two headings"
    ),
    pytest.param([p("乙"), p("甲", style="a3")], "甲", "<p>乙</p>\n<h2>甲</h2>", id="not at the beginning"),
    pytest.param(
        [p(run("甲乙", "<w:b/>"), properties=CENTRE), p("丙")], "甲乙", "<p>丙</p>", id="a headline in the middle"
    ),
    pytest.param(
        [p(run("一、甲", "<w:b/>"), properties=CENTRE), p("丙")], "", "<h2>一、甲</h2>\n<p>丙</p>", id="a numbered one"
    ),
    pytest.param([p("甲"), p("乙")], "", "<p>甲</p>\n<p>乙</p>", id="none"),
]


@pytest.mark.parametrize(("body", "title", "html"), TITLES)
def test_the_title_is_found(chief, body, title, html):
    pasted = read(*body, user=chief)
    assert (pasted.title, pasted.html) == (title, html)


def test_footnotes_stand_at_the_end(chief):
    reference = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    pasted = read(p(run("桥有百年") + reference), user=chief, parts=[footnotes("据县志。")])
    assert pasted.html == "<p>桥有百年<sup>[1]</sup></p>\n<h4>注释</h4>\n<ol><li>据县志。</li></ol>"
    assert pasted.notes == ["1 条脚注、尾注放在文末，文中留着 [编号]。"]


def test_what_is_left_out_is_told(chief):
    comments = f'<w:comments {NAMESPACES}><w:comment w:id="0" w:author="甲">{p("请核对")}</w:comment></w:comments>'
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing/></mc:Choice><mc:Fallback><w:pict><v:shape>'
        f"<v:textbox><w:txbxContent>{p('框里的字')}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    pasted = read(
        p(run("留下") + '<w:del w:id="1"><w:r><w:delText>删去</w:delText></w:r></w:del>'),
        p('<w:ins w:id="2">' + run("插入") + '</w:ins><w:r><w:commentReference w:id="0"/></w:r>'),
        p(run("框外") + box),
        p("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>" + run("公式")),
        user=chief,
        parts=[("word/comments.xml", comments)],
    )
    assert pasted.html == "<p>留下</p>\n<p>插入</p>\n<p>框外</p>\n<p>框里的字</p>\n<p>公式</p>"
    assert pasted.notes == [
        "文本框里的文字放在所在段落之后：请核对位置和内容。",
        "修订里删除的文字没有保留，插入的文字保留。",
        "批注没有保留。",
        "公式没有导入：请核对，或另存为图片再插入。",
    ]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://127.0.0.1:1/a.jpg", "../../../../etc/passwd"])
def test_a_linked_picture_is_never_opened(chief, monkeypatch, target):
    monkeypatch.setattr("mammoth.docx.files.urlopen", None)
    monkeypatch.setattr("mammoth.docx.files.open", None, raising=False)
    pasted = read(p("甲"), p(picture("rId9", how="link")), user=chief, links={"rId9": target})
    assert pasted.html == "<p>甲</p>\n<p>〔图片 1 未能导入〕</p>"
    assert pasted.notes == ["第 1 张图片没有导入：文档里只有链接，没有图片本身。"]


def test_a_style_map_in_the_file_says_nothing(chief):
    parts = [("mammoth/style-map", "p => script")]
    assert read(p("甲"), user=chief, parts=parts).html == "<p>甲</p>"


def test_pictures_that_cannot_be_had_are_told(chief, settings):
    settings.PASTE_PICTURE_MAX_BYTES = 100_000
    pictures = {"rId1": b"\xd7\xcd\xc6\x9a wmf", "rId2": b"\xff\xd8\xff" + b"0" * 100_000}
    pasted = read(p(picture("rId1")), p(picture("rId2")), user=chief, pictures=pictures)
    assert pasted.html == "<p>〔图片 1 未能导入〕</p>\n<p>〔图片 2 未能导入〕</p>"
    assert pasted.notes == [
        "第 1 张图片没有导入：这个文件不是图片：请上传 JPEG、PNG、WebP、AVIF 或 GIF。",
        "第 2 张图片没有导入：超过 0 MB。",
    ]


def test_a_picture_that_lacks_in_the_archive_is_told(chief):
    pasted = read(p(picture("rId1")), user=chief, pictures={}, links={"rId1": "media/none.jpg"})
    assert pasted.notes == ["第 1 张图片没有导入：图片在文档里已损坏。"]


WRONG = [
    (b"%PDF-1.7 ...", "这是 PDF：请导入它的 Word 原稿（.docx），或从 PDF 里复制文字粘贴。"),
    (archives.OLE + b"WordDocument", f"这是旧的 .doc 或 .wps 文件：{NO_DOCX}。"),
    (
        archives.OLE + "EncryptedPackage".encode("utf-16-le"),
        "文件有打开密码：请在 Word 里去掉密码（文件 → 信息 → 保护文档），再导入。",
    ),
    (b"{\\rtf1 a}", f"这是 RTF 文件：{NO_DOCX}。"),
    (b"", f"这个文件（稿.txt）不是 .docx：{NO_DOCX}。"),
    (b"plain words", f"这个文件（稿.txt）不是 .docx：{NO_DOCX}。"),
    (b"PK\x03\x04 broken", f"文件不完整，打不开：{NO_DOCX}。"),
]


@pytest.mark.parametrize(("content", "message"), WRONG)
def test_a_wrong_file_is_refused_with_what_to_do(chief, content, message):
    with pytest.raises(BadFileError) as refused:
        docx(io.BytesIO(content), user=chief, name="稿.TXT")
    assert str(refused.value) == message


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer


TYPES = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}
UNSAFE = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
BOMBS = [
    ({**TYPES, "word/media/a.jpg": bytes(65 * 2**20)}, "文件解开以后太大：请分成几份，或压缩图片以后再导入。"),
    (TYPES | {f"a{n}": b"" for n in range(2001)}, "文件解开以后太大：请分成几份，或压缩图片以后再导入。"),
    ({**TYPES, "word/big.xml": bytes(9 * 2**20)}, "文档的文字部分太大：请分成几份，再导入。"),
    ({**TYPES, "word/document.xml": UNSAFE}, "文档里有不安全的定义，不能导入。"),
    ({**TYPES, "word/document.xml": UNSAFE.decode().encode("utf-16")}, "文档里有不安全的定义，不能导入。"),
    ({"xl/workbook.xml": b"<a/>", "[Content_Types].xml": b""}, f"这个文件不是 Word 文档：{NO_DOCX}。"),
    (TYPES, f"文档读不出来，可能已损坏：{NO_DOCX}。"),
]


@pytest.mark.parametrize(("files", "message"), BOMBS)
def test_an_archive_is_judged_before_it_is_read(chief, files, message):
    with pytest.raises(BadFileError) as refused:
        docx(zipped(files), user=chief)
    assert str(refused.value) == message


def test_a_locked_entry_is_refused(chief):
    content = bytearray(docx_bytes(p("甲")))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(BadFileError, match="文件有密码"):
        docx(io.BytesIO(bytes(content)), user=chief)


def test_a_document_nested_without_end_is_refused(chief):
    deep = "<w:ins>" * 5000 + "</w:ins>" * 5000
    with pytest.raises(BadFileError, match="文档读不出来"):
        read(p(deep), user=chief)


def test_one_picture_shown_twice_is_one_row(chief):
    pasted = read(p(picture()), p("甲"), p(picture()), user=chief, pictures={"rId1": picture_bytes(colour="red")})
    figure = f'<figure data-photo="{Photo.objects.get().pk}"></figure>'
    assert pasted.html == f"{figure}\n<p>甲</p>\n{figure}"
