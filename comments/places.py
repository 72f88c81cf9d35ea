"""Where an address is (IP 属地): from files beside the portal, never by asking anybody on the network."""

import ipaddress
import logging
from functools import cache

from django.conf import settings
from ip2region import searcher, util

logger = logging.getLogger(__name__)
CHINA, ABROAD = "中国", "海外"
# Named with their country, as the rules for such labels write them.
WITH_COUNTRY = ("香港", "澳门", "台湾")
ENDINGS = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区", "省", "市")


@cache
def searchers(paths: tuple[str, ...]) -> dict[int, searcher.Searcher]:
    """What finds addresses of version 4 and 6, the whole file in memory: then threads may share it."""
    found = {}
    for path in paths:
        util.verify_from_file(path)
        version = util.version_from_header(util.load_header_from_file(path))
        found[4 if version is util.IPv4 else 6] = searcher.new_with_buffer(version, util.load_content_from_file(path))
    return found


def place_of(address: str) -> str:
    """The province of an address, the name of 中国香港 and its like, 海外 for elsewhere; empty when nobody can tell."""
    if not settings.IP_DATABASES or not address:
        return ""
    parsed = ipaddress.ip_address(address)
    if not parsed.is_global:
        return ""
    try:
        finder = searchers(tuple(settings.IP_DATABASES)).get(parsed.version)
        return label_of(finder.search(address)) if finder else ""
    except Exception:
        # A label is no reason to lose a comment, whatever is wrong with the file.
        logger.exception("The place of an address could not be looked up.")
        return ""


def label_of(region: str) -> str:
    """The label for what a file says: 中国|广东省|深圳市|电信|CN, or 中国|0|广东省|深圳市|电信 in older ones."""
    parts = [part for part in region.split("|") if part not in {"", "0"}]
    if not parts:
        return ""
    if parts[0] != CHINA:
        return ABROAD
    province = parts[1] if len(parts) > 1 else ""
    for ending in ENDINGS:
        province = province.removesuffix(ending)
    if not province:
        return CHINA
    return f"{CHINA}{province}" if province.startswith(WITH_COUNTRY) else province[:20]
