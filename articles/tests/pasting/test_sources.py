"""Whole clipboards of the programs that newsrooms write in: the structure that stays, word for word."""

import pytest

from articles.models import Photo
from articles.pasting import paste, tidy
from newsportal.lib.html import clean_html

from .clipboard import Pictures, sample

WORD = """<h2>山区小学通了直饮水</h2>
<p>入冬以来，石桥镇的<strong>三所小学陆续</strong>装上了直饮水机。孩子们课间排队接水。</p>
<h2>水从哪里来</h2>
<ul><li>水源来自后山水库<ol><li>每天取样</li><li>每周公布</li></ol></li><li>滤芯三个月一换</li></ul>
<p>先看一所学校，再看两所，都有人值守。</p>
<p>〔图片 1 未能导入〕</p>
<p>图 1 石桥镇中心小学的饮水点</p>
<table><tbody><tr><td>学校</td><td>台数</td></tr><tr><td colspan="2">合计十二台</td></tr></tbody></table>
<p>详见<a href="https://example.org/report?id=7" rel="noopener">全文</a>。[1]</p>"""
WORD_NOTES = [
    "修订里删除的文字没有保留（1 处），插入的文字保留。",
    "批注没有保留。",
    "1 行居中加粗的短行改成了小标题：请核对。",
    "第 1 张图片在剪贴板里取不到：请把图片文件拖进正文。",
]
WPS = """<h2>渡口老屋</h2>
<p>老屋在渡口东边，<strong>住过4代人</strong>。</p>
<p>一、先修屋顶</p>
<p>二、再修码头</p>
<p>〔图片 1 未能导入〕</p>"""
WORD_ONLINE = """<h2>夜班公交</h2>
<p><strong>末班车</strong>推迟到零点。</p>
<ol><li>一路<ul><li>经火车站</li></ul></li><li>三路</li></ol>
<p>候车的人不多。</p>"""
GOOGLE_DOCS = """<h2>早市</h2>
<p>天没亮，<em><strong>豆腐坊</strong></em>先开了门。面积 20 m<sup>2</sup></p>
<ul><li>豆浆<ul><li>甜的</li></ul></li><li>油条</li></ul>
<p><a href="https://example.org/a?id=1" rel="noopener">菜单</a></p>"""
WECHAT = """<h2>河口的鸟多了</h2>
<p>十一月，候鸟到了河口湿地。</p>
<figure data-photo="{0}"><figcaption>反嘴鹬在浅滩觅食。</figcaption></figure>
<p>护鸟员每天数两遍。😀数完记在本上。</p>
<p><a href="https://v.qq.com/txp/iframe/player.html?vid=a1" rel="noopener">嵌入内容：v.qq.com</a></p>
<p><a href="https://mp.weixin.qq.com/s?__biz=MzA1&amp;mid=22&amp;idx=1&amp;sn=ab12" rel="noopener">上一篇</a></p>"""
XIUMI = """<h2>第一站 茶山</h2>
<p>山上种茶，<strong>一年采三季</strong>。</p>
<p>山下做茶。</p>
<p>采茶的人都回来了</p>
<figure data-photo="{0}"></figure>"""
WEB = """<h2>城北新开一家旧书店</h2>
<p>2026-11-02 来源：某报</p>
<p>店在<a href="https://example.org/map?id=9" rel="noopener">地图</a>上还没有名字。</p>
<figure data-photo="{0}"><figcaption>11月2日，读者在店里选书。</figcaption></figure>
<p>店主说，书都是一本一本收来的。</p>
<blockquote><p>“旧书不怕晚。”</p></blockquote>
<figure data-photo="{1}"><figcaption>靠墙的书架</figcaption></figure>
<ol><li>一楼卖书</li><li>二楼喝茶<ul><li>周一休息</li></ul></li></ol>
<h3>交通</h3>
<table><caption>班次</caption><thead><tr><th>线路</th></tr></thead><tbody><tr><td>9 路</td></tr></tbody></table>
<p>春风到我家，</p>
<p>桃李正开花。</p>"""
SOURCES = {
    "word": WORD,
    "wps": WPS,
    "word_online": WORD_ONLINE,
    "google_docs": GOOGLE_DOCS,
    "wechat": WECHAT,
    "xiumi": XIUMI,
    "web": WEB,
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_clipboard_comes_out_as_its_structure(chief, name):
    pasted = paste(sample(name), user=chief, fetcher=Pictures())
    assert pasted.html == SOURCES[name].format(*Photo.objects.order_by("pk").values_list("pk", flat=True))
    assert clean_html(pasted.html) == pasted.html
    again = paste(pasted.html, user=chief, fetcher=Pictures())
    assert (again.html, again.notes) == (pasted.html, [])


def test_word_tells_what_it_could_not_bring(chief):
    assert paste(sample("word"), user=chief, fetcher=Pictures()).notes == WORD_NOTES


def test_wechat_tells_what_lives_in_wechat_alone(chief):
    notes = paste(sample("wechat"), user=chief, fetcher=Pictures()).notes
    assert notes == [
        "微信的公众号名片“河口观鸟”没有导入。",
        "微信的音频“清晨的鸟鸣”没有导入。",
        "嵌入内容改成了链接：https://v.qq.com/txp/iframe/player.html?vid=a1",
        "1 行居中加粗的短行改成了小标题：请核对。",
        "1 张图片存进了图片库：请补全图说、替代文字、署名和版权说明。",
    ]


PIECES = [
    pytest.param("第一行\n第二行", "<p>第一行</p>\n<p>第二行</p>", id="plain text"),
    pytest.param(
        "<p>　　甲&nbsp;&nbsp;乙\u200b丙\u00ad丁</p><p>\u3000</p>", "<p>甲 乙丙丁</p>", id="invisible characters"
    ),
    pytest.param("<p>甲😀\u200d🌈乙\u200d丙</p>", "<p>甲😀\u200d🌈乙丙</p>", id="joiners outside an emoji"),
    pytest.param("<p>中文\n换行 English\nwords</p>", "<p>中文换行 English words</p>", id="lines of the source"),
    pytest.param("<p>白树声&nbsp;&nbsp;江雨眠</p>", "<p>白树声 江雨眠</p>", id="names stay apart"),
    pytest.param("<h1>甲</h1><h2>乙</h2><h1>丙</h1>", "<h2>甲</h2>\n<h3>乙</h3>\n<h2>丙</h2>", id="levels kept apart"),
    pytest.param("<h1>甲</h1><h2>乙</h2>", "<h2>甲</h2>\n<h2>乙</h2>", id="one title"),
    pytest.param('<p class="MsoHeading2">甲</p>', "<h2>甲</h2>", id="heading by class"),
    pytest.param('<p style="mso-outline-level:3">甲</p>', "<h3>甲</h3>", id="heading by outline"),
    pytest.param('<p style="text-align:center"><b>甲乙丙</b></p>', "<h2>甲乙丙</h2>", id="headline"),
    pytest.param("<center><p><b>甲乙</b><b>丙</b></p></center>", "<h2>甲乙丙</h2>", id="headline by center"),
    pytest.param('<p align=center style="font-weight:700">甲乙丙</p>', "<h2>甲乙丙</h2>", id="headline by style"),
    pytest.param('<p align="center"><b>甲乙。</b></p>', "<p><strong>甲乙。</strong></p>", id="a sentence is none"),
    pytest.param('<p align="center"><b>甲乙</b>丙</p>', "<p><strong>甲乙</strong>丙</p>", id="half bold is none"),
    pytest.param('<p align="left"><b>甲乙丙</b></p>', "<p><strong>甲乙丙</strong></p>", id="not in the middle"),
    pytest.param(
        f'<p align="center"><b>{"长" * 31}</b></p>',
        f"<p><strong>{'长' * 31}</strong></p>",
        id="too long for a headline",
    ),
    pytest.param(
        '<p align="center"><b>白树声 摄</b></p>', "<p><strong>白树声 摄</strong></p>", id="a caption is no headline"
    ),
    pytest.param(
        '<table><tr><td align="center"><b>表头</b></td></tr></table>',
        "<table><tbody><tr><td><strong>表头</strong></td></tr></tbody></table>",
        id="a cell is no headline",
    ),
    pytest.param('<span style="font-weight:bold">甲</span>乙', "<p><strong>甲</strong>乙</p>", id="bold by style"),
    pytest.param("<p>甲<font color=red>乙</font><u>丙</u></p>", "<p>甲乙丙</p>", id="font and underline"),
    pytest.param('<a href="#top">甲</a><a href="file:///a">乙</a>', "<p>甲乙</p>", id="links to nowhere"),
    pytest.param(
        '<a href="//a.example/b">甲</a>', '<p><a href="https://a.example/b" rel="noopener">甲</a></p>', id="//"
    ),
    pytest.param(
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>3.</span>三</p>"
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>4.</span>四</p>",
        "<p>3. 三</p>\n<p>4. 四</p>",
        id="a list that goes on counting",
    ),
    pytest.param(
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>一</p><p>间</p>"
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>a)</span>甲</p>"
        "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>乙</p>",
        "<ol><li>一</li></ol>\n<p>间</p>\n<ol><li>甲</li></ol>\n<ul><li>乙</li></ul>",
        id="lists of two kinds",
    ),
    pytest.param(
        "<p style='mso-list:l0 level2 lfo1'>深</p><p style='mso-list:l0 level1 lfo1'>浅</p>",
        "<ul><li>深</li></ul>\n<ul><li>浅</li></ul>",
        id="a list that begins deep",
    ),
    pytest.param("<p>甲<script>x</script></p><style>p{}</style>", "<p>甲</p>", id="never meant to be read"),
    pytest.param('<div style="display:none">暗</div><p>明</p>', "<p>明</p>", id="hidden"),
    pytest.param(
        '<p>甲</p><hr class="page-break" data-title="下页"><p class="verse">一行<br>二行</p>',
        '<p>甲</p>\n<hr class="page-break" data-title="下页">\n<p class="verse">一行<br>二行</p>',
        id="our own blocks",
    ),
    pytest.param(
        "<table><tr><td>甲<td>乙</table>", "<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>", id="excel"
    ),
]


@pytest.mark.parametrize(("source", "body"), PIECES)
def test_a_piece_comes_out(chief, source, body):
    assert paste(source, user=chief).html == body


def test_what_is_nested_too_deep_comes_as_words(chief):
    pasted = paste("<div>" * 3000 + "<p>甲</p><p>乙&lt;</p>" + "</div>" * 3000, user=chief)
    assert pasted.html == "<p>甲</p>\n<p>乙&lt;</p>"
    assert pasted.notes == ["标签层层嵌套，只能按纯文字粘贴：小标题、列表、图片请重新加上。"]


def test_many_notes_are_cut(chief):
    pasted = paste("<p>甲</p>" + "<mpvoice name='a'></mpvoice>" * 70, user=chief)
    assert len(pasted.notes) == 61
    assert pasted.notes[-1] == "另有 10 条，不再一一列出。"


@pytest.mark.parametrize("name", ["word", "wps", "word_online", "google_docs"])
def test_the_plain_field_takes_the_same_structure(name):
    assert clean_html(tidy(sample(name))) == SOURCES[name]


def test_the_plain_field_marks_the_place_of_a_picture():
    source = '<p>甲</p><figure><img src="https://a.example/a.jpg"><figcaption>图说</figcaption></figure>'
    assert clean_html(tidy(source)) == "<p>甲</p>\n<p>〔图片 1 未能导入〕</p>\n<p>图说</p>"


def test_our_own_html_passes_the_plain_field_letter_by_letter():
    source = '<p>甲  乙</p>\n<figure data-photo="3"></figure><p class="verse"><a href="/a?utm_source=x">丁</a></p>'
    assert tidy(source) is source
