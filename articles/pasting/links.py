"""Links as they were meant: without what counts and follows readers, and not by way of a page that warns of leaving."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from lxml.html import HtmlElement

TRACKERS = re.compile(
    r"^(?:utm_\w+|spm|scm|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_hs(?:enc|mi)|hmsr|hmpl|hmcu|hmkw|hmci|wfr|bd_vid"
    r"|share_(?:from|source|medium|token|plat|tag|session_id|times)|share(?:uid|app|type|_?id)|isappinstalled|nsukey"
    r"|vd_source|tt_from|sudaref|s_channel|is_from_webapp|from_source|unique_k)$",
    re.IGNORECASE,
)
# Too common a name to be taken out whatever it says.
FROM_WHERE = {"singlemessage", "timeline", "groupmessage", "appmsg", "wechat", "weixin", "weibo", "qq", "share"}
# With these four an article of WeChat opens, whatever stands beside them.
WECHAT_NEEDS = {"__biz", "mid", "idx", "sn"}
# Pages that only lead on: host and path, and the name of the parameter with the address.
WRAPPERS = {
    ("link.zhihu.com", "/"): "target",
    ("link.juejin.cn", "/"): "target",
    ("www.jianshu.com", "/go-wild"): "url",
    ("link.csdn.net", "/"): "target",
    ("www.google.com", "/url"): "q",
    ("weibo.cn", "/sinaurl"): "u",
}
OPENED = ("http://", "https://", "mailto:", "tel:", "/")


def clean_links(root: HtmlElement) -> None:
    """Clean every link; one that leads nowhere outside its document keeps its words and is a link no more."""
    for anchor in list(root.iter("a")):
        address = (anchor.get("href") or "").strip()
        if address.startswith("//"):
            address = f"https:{address}"
        if address.lower().startswith(OPENED):
            anchor.set("href", clean_address(address))
        else:
            anchor.drop_tag()


def clean_address(address: str) -> str:
    """The address where a link leads at last, without trackers; letter by letter what it was where nothing is to do."""
    for _ in range(3):  # a wrapper may hold another
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        inner = unwrapped(parts.hostname or "", parts.path, parts.query)
        if not inner:
            break
        address = inner
    kept = [part for part in parts.query.split("&") if not is_tracker(part)]
    if parts.hostname == "mp.weixin.qq.com" and parts.path == "/s":
        kept = wechat_query(kept)
        fragment = "" if parts.fragment in {"rd", "wechat_redirect"} else parts.fragment
        return urlunsplit(parts._replace(query="&".join(kept), fragment=fragment))
    query = "&".join(kept)
    return address if query == parts.query else urlunsplit(parts._replace(query=query))


def unwrapped(host: str, path: str, query: str) -> str:
    """The address that a leading-on page leads to; empty for any other page."""
    name = WRAPPERS.get((host, path or "/"))
    if host.endswith(".safelinks.protection.outlook.com"):
        name = "url"
    target = dict(parse_qsl(query)).get(name, "") if name else ""
    return target if target.startswith(("http://", "https://")) else ""


def is_tracker(part: str) -> bool:
    name, _, value = part.partition("=")
    name = unquote(name)
    return bool(TRACKERS.match(name)) or (name == "from" and unquote(value).lower() in FROM_WHERE)


def wechat_query(parts: list[str]) -> list[str]:
    """Only what an article needs, when it has all of that; else everything: the address might not open without."""
    needed = [part for part in parts if part.partition("=")[0] in WECHAT_NEEDS]
    return needed if {part.partition("=")[0] for part in needed} == WECHAT_NEEDS else parts
