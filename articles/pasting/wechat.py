"""What articles of WeChat hold beside text and pictures: cards, voices and films that live in WeChat alone."""

from lxml.html import HtmlElement

from newsportal.lib.embeds import link_media

from .styles import remove

CARDS = {
    "mp-common-profile": "公众号名片",
    "mp-common-miniprogram": "小程序卡片",
    "mp-common-product": "商品卡片",
    "mp-common-mpaudio": "音频",
    "mpvoice": "音频",
    "mpvideosnap": "视频号视频",
    "qqmusic": "音乐",
}


def settle_media(root: HtmlElement, notes: list[str]) -> None:
    """Leave out cards, telling which; let players become links."""
    for card in list(root.iter(*CARDS)):
        name = card.get("data-nickname") or card.get("name") or ""
        notes.append(f"微信的{CARDS[card.tag]}{f'“{name[:40]}”' if name else ''}没有导入。")
        remove(card)
    link_media(root, notes.append)
