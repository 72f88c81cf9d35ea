"""What stands in odd requests: values that no reader types, by the place where they stand."""

HUGE, NINES = 10**40, "9" * 18
PAGES = [
    *["0", "-1", "-0", "+1", "01", "1.0", "1e0", "0x1", "1_0", "99", "9999", "10000", str(HUGE), "", " ", " 1", "1 "],
    *[
        "１",
        "٣",
        "一",
        "½",
        "²",
        "∞",
        "NaN",
        "null",
        "true",
        "[]",
        "1,2",
        "1;2",
        "1' OR '1'='1",
        "1--",
        "1/**/",
        "${1}",
    ],
    *["<script>", "../1", "1\n", "\t", "\ufeff1", "\u202e1", "😀", "a" * 3000],
]
# Page 1 is the only one of each list with one row.
PAGED = [
    *["/rolling/", "/newss/", "/regions/hunan/", "/topics/", "/magazine/", "/tags/桥/"],
    *["/sources/{source}/", "/authors/{author}/", "/rolling/{day}/", "/letters/"],
]
SLUGS = [
    *[
        "none",
        "-",
        "_",
        "a" * 40,
        "a" * 41,
        "a" * 3000,
        "NEWSS",
        "newss ",
        "newss%20",
        "newss'",
        "newss;",
        "newss%27--",
    ],
    *[
        "栏目",
        "%E6%A0%8F",
        "%2e%2e",
        "..%2f",
        "...",
        "newss%2f",
        "newss%5c",
        "newss%3f",
        "%F0%9F%98%80",
        "null",
        "1",
        "0",
    ],
    *[
        "nëwss",
        "ｎewss",
        "newss%0a",
        "newss%0d%0aSet-Cookie:x=1",
        "{{7*7}}",
        "%7B%7B7*7%7D%7D",
        "$%7Bjndi%7D",
        "__proto__",
    ],
]
NUMBERS = [
    *["0", "00", "01", "-1", "+1", "1.0", "1e3", "0x10", "x", "１", "٣", "½", NINES, "9" * 19, str(HUGE), "9" * 3000],
    *["1%20", "%201", "1'", "1%00", "1;2", "1,2", "None", "nan", "1%0a"],
]
DAYS = [
    *["0000/00/00", "0001/01/01", "1000/01/01", "1989/12/31", "1999/02/29", "2026/02/30", "2026/13/01", "2026/00/10"],
    *["2026/10/32", "2026/10/00", "2999/12/31", "2026/1/1", "26/01/01", "2026/01/1", "20260/1/01", "２０２６/01/01"],
    *["2026/-1/01", "2026/01", "2026", "2026/01/01/01", "abcd/ef/gh", "2026/1e/01", "9999/99/99"],
]
DATES = [
    *[
        "",
        " ",
        "2026",
        "2026-13-01",
        "2026-02-30",
        "0001-01-01",
        "0000-00-00",
        "9999-12-31",
        "3000-01-01",
        "2026/01/01",
    ],
    *[
        "20260101",
        "2026-W01-1",
        "2026-001",
        "-2026-01-01",
        "2026-01-01T00:00",
        "２０２６-01-01",
        "昨天",
        "now",
        "' OR 1=1",
    ],
    *["1970-01-01\n", "2026-01-01 ", "99999-01-01", "2026-1-1", "1" * 3000],
]
BROKEN_BYTES = ["%FF", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "%E6%A0", "%80", "%FE%FF", "caf%E9"]
NUL = ["%00", "a%00b", "%00%00", "%2e%00"]
TRAVERSAL = [
    *["../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/manage.py", "....//....//etc/passwd", "..\\..\\x"],
    *["%252e%252e%252fetc", "/etc/passwd", "//etc/passwd", "photos/../../newsportal.sqlite3", "photos", "photos/", "."],
    *[
        "..",
        "~/.ssh/id_rsa",
        "photos/none.jpg",
        "photos/%00.jpg",
        "photos/" + "a" * 300 + ".jpg",
        "a/" * 1000 + "x.jpg",
    ],
    *["CON", "photos/none.jpg::$DATA", "secret", "demo-accounts", "originals/x.jpg"],
]
HOSTS = [
    *["evil.example.com", "testserver.evil.example.com", "testserver:x", "[::1", "", " ", "a b"],
    *["testserver/", "testserver@evil.example.com", "*", "..", "-", "ｔestserver", "testserver\x00", "a" * 3000],
    *["127.0.0.1.evil.example.com", "http://testserver", "testserver,evil.example.com", "user:pass@testserver"],
]
METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "FOO", "G" * 300, "购"]
