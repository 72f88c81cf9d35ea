"""Links without trackers, and not by way of a page that leads on."""

import pytest

from articles.pasting.links import clean_address

WECHAT = "https://mp.weixin.qq.com/s?__biz=MzA1&mid=22&idx=1&sn=ab"
ADDRESSES = [
    ("https://a.example/p?id=7&utm_source=wx&utm_medium=b", "https://a.example/p?id=7"),
    ("https://a.example/p?spm=a1.b2&scm=3", "https://a.example/p"),
    ("https://a.example/p?q=%E4%B8%AD&fbclid=x#part", "https://a.example/p?q=%E4%B8%AD#part"),
    ("https://a.example/p?from=singlemessage&isappinstalled=0", "https://a.example/p"),
    ("https://a.example/rail?from=北京&to=上海", "https://a.example/rail?from=北京&to=上海"),
    ("https://a.example/p?q=a+b&empty=&flag", "https://a.example/p?q=a+b&empty=&flag"),
    ("https://a.example/p?", "https://a.example/p?"),
    (f"{WECHAT}&chksm=99&scene=21&key=k#wechat_redirect", WECHAT),
    ("https://mp.weixin.qq.com/s?__biz=MzA1&mid=22&chksm=99", "https://mp.weixin.qq.com/s?__biz=MzA1&mid=22&chksm=99"),
    ("https://mp.weixin.qq.com/s/AbCd-1", "https://mp.weixin.qq.com/s/AbCd-1"),
    ("https://weixin110.qq.com/cgi-bin/a?main_type=2&id=1", "https://weixin110.qq.com/cgi-bin/a?main_type=2&id=1"),
    ("https://link.zhihu.com/?target=https%3A//a.example/p%3Fid%3D7%26spm%3D1", "https://a.example/p?id=7"),
    ("https://www.google.com/url?q=https://a.example/p&sa=D", "https://a.example/p"),
    ("https://www.google.com/url?q=javascript:alert(1)", "https://www.google.com/url?q=javascript:alert(1)"),
    (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F&data=05",
        "https://a.example/",
    ),
    ("https://[broken", "https://[broken"),
    ("/society/2026/1102/7.html?utm_source=a", "/society/2026/1102/7.html"),
    ("mailto:desk@a.example", "mailto:desk@a.example"),
]


@pytest.mark.parametrize(("address", "cleaned"), ADDRESSES)
def test_an_address_is_cleaned(address, cleaned):
    assert clean_address(address) == cleaned
    assert clean_address(cleaned) == cleaned
