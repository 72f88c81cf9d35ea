"""Simplified to Traditional by phrases, the newspaper's words and people's names kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from newsportal.lib.hanzi import hold_surname, simplified, traditional

PHRASES = [
    *[("皇后", "皇后"), ("后面", "後面"), ("天后宫", "天后宮"), ("以后", "以後"), ("皇天后土", "皇天后土")],
    *[("理发", "理髮"), ("头发", "頭髮"), ("发展", "發展"), ("出发", "出發"), ("发现白发", "發現白髮")],
    *[("干杯", "乾杯"), ("干部", "幹部"), ("干净", "乾淨"), ("干涉", "干涉"), ("干活", "幹活"), ("饼干", "餅乾")],
    *[("里面", "裡面"), ("公里", "公里"), ("邻里", "鄰里"), ("家里", "家裡")],
    *[("台湾", "臺灣"), ("台州", "台州"), ("台风", "颱風"), ("柜台", "櫃檯")],
    *[("面条", "麵條"), ("见面", "見面"), ("方便面", "方便麵")],
    *[("钟表", "鐘錶"), ("表面", "表面"), ("手表", "手錶"), ("一见钟情", "一見鍾情")],
    *[("复习", "複習"), ("恢复", "恢復"), ("答复", "答覆")],
    *[("一只船", "一隻船"), ("只有", "只有"), ("船只", "船隻")],
    *[("征求", "徵求"), ("长征", "長征"), ("特征", "特徵")],
    *[("关系", "關係"), ("系统", "系統"), ("联系", "聯繫")],
    *[("历史", "歷史"), ("日历", "日曆"), ("几乎", "幾乎"), ("茶几", "茶几")],
    *[("云南", "雲南"), ("人云亦云", "人云亦云"), ("松树", "松樹"), ("轻松", "輕鬆")],
    *[("范围", "範圍"), ("准备", "準備"), ("批准", "批准"), ("制造", "製造"), ("制度", "制度")],
    *[("谷物", "穀物"), ("山谷", "山谷"), ("丑时", "丑時"), ("丑闻", "醜聞"), ("余下", "餘下")],
    # The forms of s2tw, neither of s2t (裏 羣 牀) nor of s2hk (着 説).
    *[("群众", "群眾"), ("起床", "起床"), ("说明", "說明"), ("看着", "看著"), ("为什么", "為什麼")],
    # Words stay the newspaper's: not 軟體, 網路, 資訊, 區域性.
    *[("软件", "軟件"), ("网络", "網絡"), ("信息", "信息"), ("局部", "局部"), ("出租车", "出租車")],
]
# What the tables get wrong where they take the longest phrase.
MENDED = [
    ("贺先生发现小区", "賀先生發現小區"),
    ("这才明白发生了什么", "這才明白發生了什麼"),
    ("头发现在很长", "頭髮現在很長"),
    ("昨天后半夜", "昨天後半夜"),
    ("前天后天都有雨", "前天後天都有雨"),
    ("开封后也有期限", "開封後也有期限"),
    ("证件换发手续", "證件換發手續"),
    ("缓发须依法", "緩發須依法"),
    ("卡里的钱", "卡裡的錢"),
    ("掉进海里", "掉進海裡"),
    ("二十一海里", "二十一海里"),
    ("十几分钟", "十幾分鐘"),
    ("没有采纳", "沒有採納"),
]
NAMES = [
    ("记者于小明 摄", "記者于小明 攝"),
    ("记者 范小明报道", "記者 范小明報道"),
    ("【余光】", "【余光】"),
    ("责任编辑：岳川", "責任編輯：岳川"),
    ("余老师说", "余老師說"),
    ("于先生的母亲", "于先生的母親"),
    ("朴智慧教授，于是", "朴智慧教授，於是"),
    ("范仲淹 范冰冰", "范仲淹 范冰冰"),
    ("关于范围，其余不变", "關於範圍，其餘不變"),
]


@pytest.mark.parametrize(("text", "wanted"), PHRASES + MENDED + NAMES)
def test_text_is_converted_by_its_phrases(text, wanted):
    assert traditional(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://example.com/a?b=c&d=%E5%A4%B4 user@example.com print('ok') 3.14",
        "Ünïcödé 한국어 にほん Ελληνικά 😀 👩‍👧 𠮷野家 龘靐 ①② ＡＢＣ",
        "“今天”、《人文》……——",
        "a\tb\nc\u3000d\u200be",
    ],
)
def test_what_is_no_simplified_text_stays(text):
    assert traditional(text) == text


def test_a_name_alone_keeps_its_surname():
    assert traditional(hold_surname(" 于小明 ")) == " 于小明 "
    assert traditional(hold_surname("余华")) == "余華"
    assert traditional(hold_surname("张于")) == "張於"
    assert traditional(hold_surname("于小明等人发言")) == "於小明等人發言"


def test_simplified_is_what_the_tables_hold():
    assert [simplified(text) for text in ("林曉舟", "於小明", "皇后", "裡面", "ABC 123", "林晓舟")] == [
        *["林晓舟", "于小明", "皇后", "里面", "ABC 123", "林晓舟"]
    ]


def test_threads_share_the_converter():
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(traditional, ["理发店里发展干部"] * 200)) == {"理髮店裡發展幹部"}
