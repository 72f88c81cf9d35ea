"""Pictures of a paste: where they are found, how they come into the library, what is told of those that do not."""

import base64
import threading

import pytest

from articles import library
from articles.models import Photo
from articles.pasting import paste
from articles.pasting.pictures import widest
from articles.tests.factories import make_member, make_photo, picture_bytes
from newsportal.lib.fetch import FetchError

from .clipboard import Pictures

A, B = "https://img.example.org/a.jpg", "https://img.example.org/b.jpg"


def image(address: str = A, attributes: str = "") -> str:
    return f'<p><img src="{address}" {attributes}></p>'


def data_uri(content: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"


def test_a_new_picture_brings_caption_credit_and_alt(chief):
    source = image(A, 'alt="一座石桥"') + "<p>石桥修好了。江雨眠 摄</p><p>桥有百年。</p>"
    pasted = paste(source, user=chief, fetcher=Pictures())
    photo = Photo.objects.get()
    assert (photo.caption, photo.credit, photo.alt, photo.uploaded_by) == (
        "石桥修好了。",
        "江雨眠 摄",
        "一座石桥",
        chief,
    )
    figure = f'<figure data-photo="{photo.pk}"><figcaption>石桥修好了。</figcaption></figure>'
    assert pasted.html == f"{figure}\n<p>桥有百年。</p>"
    assert pasted.notes == ["1 张图片存进了图片库：请补全图说、替代文字、署名和版权说明。"]


def test_a_picture_of_the_library_keeps_its_words(chief):
    content = picture_bytes(colour="red")
    first = paste(image() + "<p>旧图说。江雨眠 摄</p>", user=chief, fetcher=Pictures({A: content}))
    second = paste(image(B) + "<p>新图说。顾闻天 摄</p>", user=chief, fetcher=Pictures({B: content}))
    photo = Photo.objects.get()
    assert (photo.caption, photo.credit) == ("旧图说。", "江雨眠 摄")
    assert "<figcaption>旧图说。</figcaption>" in first.html
    assert "<figcaption>新图说。顾闻天 摄</figcaption>" in second.html
    assert second.notes == ["1 张图片库里已有，用的是库里那一张。"]


def test_the_same_credit_is_not_said_twice(chief):
    content = picture_bytes(colour="red")
    paste(image() + "<p>旧图说。江雨眠 摄</p>", user=chief, fetcher=Pictures({A: content}))
    again = paste(image() + "<p>新图说。江雨眠 摄</p>", user=chief, fetcher=Pictures({A: content}))
    assert "<figcaption>新图说。</figcaption>" in again.html


def test_pictures_copied_from_our_own_pages_are_not_fetched(chief):
    photo, pictures = make_photo(), Pictures()
    source = f'<figure><img src="http://127.0.0.1:8000{photo.picture.src}"><figcaption>图说</figcaption></figure>'
    pasted = paste(source, user=chief, fetcher=pictures)
    assert pasted.html == f'<figure data-photo="{photo.pk}"><figcaption>图说</figcaption></figure>'
    assert pictures.asked == []
    strange = f"https://a.example/media/photos/00/{'0' * 16}-640.jpg"
    paste(image(strange), user=chief, fetcher=pictures)
    assert pictures.asked == [strange]


def test_a_cropped_picture_of_ours_is_known_too(chief):
    photo, pictures = make_photo(), Pictures()
    photo.crop_x, photo.crop_y, photo.crop_width, photo.crop_height = 0, 0, 200, 200
    library.save_photo(photo)
    pasted = paste(image(f"http://127.0.0.1:8000{photo.picture.src}"), user=chief, fetcher=pictures)
    assert (pasted.html, pictures.asked) == (f'<figure data-photo="{photo.pk}"></figure>', [])


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_picture_that_was_taken_down_does_not_come_back(chief, is_ours):
    content = picture_bytes(colour="red")
    paste(image(), user=chief, fetcher=Pictures({A: content}))
    photo = Photo.objects.get()
    address = f"http://127.0.0.1:8000{photo.picture.src}" if is_ours else A
    library.take_down(photo, reason="版权方要求")
    again = paste(
        image(address) + "<p>石桥修好了。江雨眠 摄</p>", user=chief, fetcher=Pictures({A: content, address: content})
    )
    assert again.html == "<p>〔图片 1 未能导入〕</p>\n<p>石桥修好了。江雨眠 摄</p>"
    assert f"第 1 张图片没有导入：库里的图片 {photo.pk} 已经下架" in again.notes[0]


def test_figures_of_ours_stay_and_unknown_ones_are_told(chief):
    photo = make_photo()
    own = f'<figure data-photo="{photo.pk}"></figure>'
    pasted = paste(
        f'<p>甲</p>{own}<figure data-photo="99999"></figure><figure data-photo="paste-1"></figure>', user=chief
    )
    assert pasted.html == f"<p>甲</p>\n{own}"
    assert pasted.notes == ["库里没有图片 99999，已去掉。"]


def test_a_failure_leaves_a_line_and_loses_no_word(chief):
    pictures = Pictures({A: FetchError("对方网站答复 404。"), B: b"GIF89a no picture"})
    source = "<p>甲</p>" + image() + "<p>石桥修好了。江雨眠 摄</p>" + image(B) + "<p>乙</p>"
    pasted = paste(source, user=chief, fetcher=pictures)
    lines = ["甲", "〔图片 1 未能导入〕", "石桥修好了。江雨眠 摄", "〔图片 2 未能导入〕", "乙"]
    assert pasted.html == "\n".join(f"<p>{line}</p>" for line in lines)
    assert pasted.notes == [
        f"第 1 张图片没有导入：对方网站答复 404（{A}）。",
        f"第 2 张图片没有导入：图片已损坏或过大，无法读取：请重新导出后上传（{B}）。",
    ]
    assert not Photo.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["file:///C:/Users/a/clip_image001.png", "cid:image001.png@01D", "blob:https://a.example/1", "clip.png", ""],
)
def test_what_only_the_writers_machine_has_is_told(chief, address):
    pasted = paste(f"<p>甲</p>{image(address)}", user=chief, fetcher=Pictures())
    assert pasted.html == "<p>甲</p>\n<p>〔图片 1 未能导入〕</p>"
    assert pasted.notes == ["第 1 张图片在剪贴板里取不到：请把图片文件拖进正文。"]


def test_pictures_in_the_text_itself_are_decoded(chief):
    pasted = paste(image(data_uri(picture_bytes())), user=chief, fetcher=Pictures())
    assert pasted.html == f'<figure data-photo="{Photo.objects.get().pk}"></figure>'


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("data:image/png;base64,AAA", "图片内容不完整"),
        ("data:text/html,<b>甲</b>", "不是图片"),
        ("data:image/svg+xml,%3Csvg%3E%3C/svg%3E", "这个文件不是图片：请上传 JPEG、PNG、WebP、AVIF 或 GIF"),
    ],
)
def test_what_is_no_picture_in_the_text_is_told(chief, address, reason):
    pasted = paste(image(address), user=chief, fetcher=Pictures())
    assert pasted.notes == [f"第 1 张图片没有导入：{reason}。"]


def test_a_large_picture_in_the_text_is_refused(chief, settings):
    settings.PASTE_PICTURE_MAX_BYTES = 2**20
    pasted = paste(image(data_uri(b"\xff\xd8\xff" + b"0" * 2**20)), user=chief, fetcher=Pictures())
    assert pasted.notes == ["第 1 张图片没有导入：超过 1 MB。"]


def test_ornaments_are_told_and_leave_no_line(chief):
    pictures = Pictures({A: picture_bytes(size=(600, 20))})
    pasted = paste("<p>甲</p>" + image(), user=chief, fetcher=pictures)
    assert pasted.html == "<p>甲</p>"
    assert pasted.notes == [
        f"第 1 张图片当作装饰，没有导入：图片尺寸 600×20 太小，短边至少 120 像素。（{A}）",
    ]


def test_counters_and_signs_go_without_a_word(chief):
    pictures = Pictures()
    source = (
        image("https://hm.baidu.com/hm.gif")
        + image(A, 'width="1" height="1"')
        + image(A, 'style="width:0px;height:0px"')
        + '<p>甲<img class="wx-emoji" src="https://a.example/e.png" alt="[微笑]">乙</p>'
    )
    pasted = paste(source, user=chief, fetcher=pictures)
    assert (pasted.html, pasted.notes, pictures.asked) == ("<p>甲乙</p>", [], [])


@pytest.mark.parametrize(
    ("markup", "address"),
    [
        (f'<img src="https://img.example.org/blank.gif" data-src="{A}">', A),
        (f'<img data-original="{A}" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', A),
        (f'<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-actualsrc="{A}">', A),
        ('<img src="//img.example.org/a.jpg">', A),
        (f'<img src="{B}" srcset="https://img.example.org/s.jpg 320w, {A} 1280w">', A),
        (f'<picture><source srcset="{A} 2x"><img src="{B}"></picture>', A),
        (f'<img src="{A}">', A),
    ],
)
def test_an_address_is_found_where_it_hides(chief, markup, address):
    pictures = Pictures()
    paste(f"<p>{markup}</p>", user=chief, fetcher=pictures)
    assert pictures.asked == [address]


def test_the_widest_of_a_srcset_is_taken():
    assert widest("a.jpg 1x, b.jpg 2x") == "b.jpg"
    assert widest("a.jpg") == "a.jpg"
    assert widest("") == ""
    assert widest("a.jpg 1.2.3x, b.jpg 2x") == "b.jpg"
    assert widest("a" * 9000) == ""
    assert widest("https://a.example/w_1,h_2/a.jpg 400w, https://a.example/w_2,h_2/a.jpg 800w").endswith(
        "w_2,h_2/a.jpg"
    )


def test_a_host_that_shows_pictures_to_its_own_pages_is_asked_from_one(chief):
    pictures = Pictures()
    wechat = "https://mmbiz.qpic.cn/mmbiz_jpg/a/640?wx_fmt=jpeg"
    paste(image(wechat) + image() + image("https://notqpic.cn/a.jpg"), user=chief, fetcher=pictures)
    assert pictures.referers == {wechat: "https://mp.weixin.qq.com/", A: "", "https://notqpic.cn/a.jpg": ""}


def test_the_rest_is_told_when_there_are_too_many(chief, settings):
    settings.PASTE_MAX_PICTURES = 6
    pictures = Pictures()
    pasted = paste("".join(image(f"https://a.example/{n}.jpg") for n in range(8)), user=chief, fetcher=pictures)
    assert sorted(pictures.asked) == [f"https://a.example/{n}.jpg" for n in range(6)]
    assert Photo.objects.count() == 6
    numbers = [photo.pk for photo in Photo.objects.order_by("pk")]
    figures = "\n".join(f'<figure data-photo="{number}"></figure>' for number in numbers)
    assert pasted.html == f"{figures}\n<p>〔图片 7 未能导入〕</p>\n<p>〔图片 8 未能导入〕</p>"
    assert "第 8 张图片没有导入：一次最多导入 6 张图片（https://a.example/7.jpg）。" in pasted.notes


def test_the_rest_is_told_when_the_time_is_over(chief, settings):
    settings.PASTE_SECONDS = 0.0
    pictures = Pictures()
    pasted = paste(image(), user=chief, fetcher=pictures)
    assert pictures.asked == []
    assert pasted.notes == [f"第 1 张图片没有导入：0 秒内没有读完（{A}）。"]


def test_what_hangs_is_given_up(chief, settings):
    settings.PASTE_SECONDS = 0.05
    hanging = threading.Event()

    def never(url: str, **limits: object) -> None:
        hanging.wait(5)

    pasted = paste(image(), user=chief, fetcher=never)
    hanging.set()
    assert pasted.notes == [f"第 1 张图片没有导入：等得太久，已放弃（{A}）。"]


def test_only_who_may_add_pictures_brings_any(db):
    writer = make_member("writer", is_staff=True, permissions=["add_article"])
    pictures = Pictures()
    pasted = paste(image(), user=writer, fetcher=pictures)
    assert pasted.html == "<p>〔图片 1 未能导入〕</p>"
    assert pasted.notes == [f"第 1 张图片没有导入：你没有往图片库里添加图片的权限（{A}）。"]
    assert pictures.asked == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "169.254.169.254", "[::1]", "10.0.0.7", "[::ffff:127.0.0.1]"]
)
def test_the_servers_own_network_is_out_of_reach(chief, host):
    pasted = paste(image(f"http://{host}/secret.jpg"), user=chief)
    assert pasted.html == "<p>〔图片 1 未能导入〕</p>"
    name = host.strip("[]")
    assert pasted.notes == [f"第 1 张图片没有导入：{name} 不是公网网站，不能读取（http://{host}/secret.jpg）。"]


CAPTIONED = [
    pytest.param('<p><img src="{0}"></p><p class="MsoCaption">石桥</p>', "石桥", id="Word's caption behind"),
    pytest.param('<p class="MsoCaption">石桥</p><p><img src="{0}"></p>', "石桥", id="Word's caption before"),
    pytest.param('<figure><img src="{0}"><figcaption>石桥</figcaption></figure>', "石桥", id="figure"),
    pytest.param('<div><img src="{0}"></div><div class="img-desc">石桥</div>', "石桥", id="named by class"),
    pytest.param('<p><img src="{0}"></p><p>▲石桥</p>', "石桥", id="arrow"),
    pytest.param('<section><section><img src="{0}"></section></section><p>图为石桥</p>', "图为石桥", id="pointer"),
]


@pytest.mark.parametrize(("markup", "words"), CAPTIONED)
def test_a_caption_is_found(chief, markup, words):
    pasted = paste(f"<p>前</p>{markup.format(A)}<p>后</p>", user=chief, fetcher=Pictures())
    figure = f'<figure data-photo="{Photo.objects.get().pk}"><figcaption>{words}</figcaption></figure>'
    assert pasted.html == f"<p>前</p>\n{figure}\n<p>后</p>"


def test_a_caption_belongs_to_the_last_of_several_pictures(chief):
    pasted = paste(image(A) + image(B) + "<p>图为石桥</p>", user=chief, fetcher=Pictures())
    first, second = Photo.objects.order_by("pk")
    assert pasted.html == (
        f'<figure data-photo="{first.pk}"></figure>\n'
        f'<figure data-photo="{second.pk}"><figcaption>图为石桥</figcaption></figure>'
    )


NONE = [
    pytest.param("<p>石桥修好了，行人都说好。</p>", id="an ordinary paragraph"),
    pytest.param('<p>图为<a href="https://a.example/">石桥</a></p>', id="a link"),
    pytest.param('<p class="MsoCaption">表 1 石桥的尺寸</p><table><tr><td>甲</td></tr></table>', id="of a table"),
    pytest.param("<h2>图为石桥</h2>", id="a heading"),
]


@pytest.mark.parametrize("behind", NONE)
def test_what_is_no_caption_stays_where_it_was(chief, behind):
    pasted = paste(image() + behind, user=chief, fetcher=Pictures())
    assert "<figcaption>" not in pasted.html
    assert "石桥" in pasted.html


def test_a_picture_that_has_no_place_is_told(chief):
    photo, pictures = make_photo(), Pictures()
    source = f'<figure data-photo="{photo.pk}"><figcaption>图说<img src="{A}"></figcaption></figure>'
    pasted = paste(source, user=chief, fetcher=pictures)
    assert pasted.html == f'<figure data-photo="{photo.pk}"><figcaption>图说</figcaption></figure>'
    assert (pasted.notes, pictures.asked) == (["第 1 张图片没有导入：它在图说里面。"], [])


def test_queries_are_few(chief, django_assert_num_queries):
    # chief has every right without a query. For each picture: its hash, then in get_or_create the hash again, a
    # savepoint, the row, its release; at the end, the photos that figures name.
    with django_assert_num_queries(2 * 5 + 1):
        paste(image(A) + image(B), user=chief, fetcher=Pictures())
