"""Tags that write HTML themselves, for which templates would be too slow: nothing in them is markup by accident."""

from types import SimpleNamespace

from lxml import html

from newsportal.lib.images import Picture
from newsportal.templatetags.pictures import picture
from newsportal.templatetags.site_chrome import options

HOSTILE = "\"><script>alert(1)</script>&'"
SHOWN = Picture("photos/ab/cd", 1600, 900, (320, 640, 960), alt=HOSTILE, focal_x=20, focal_y=75)


def test_a_picture_has_all_that_a_browser_chooses_from():
    element = html.fragment_fromstring(picture(SHOWN, sizes="50vw"))
    source, image = element.find(".//source"), element.find(".//img")
    assert (element.tag, source.get("type"), source.get("sizes")) == ("picture", "image/webp", "50vw")
    assert [part.split()[1] for part in source.get("srcset").split(", ")] == ["320w", "640w", "960w"]
    assert (image.get("src"), image.get("width"), image.get("height")) == (SHOWN.src, "1600", "900")
    assert (image.get("class"), image.get("alt")) == ("fx1 fy3", HOSTILE)
    assert (image.get("loading"), image.get("fetchpriority"), image.get("decoding")) == ("lazy", None, "async")


def test_a_picture_may_be_the_first_thing_that_is_seen_or_say_nothing():
    image = html.fragment_fromstring(picture(SHOWN, sizes=HOSTILE, eager=True, decorative=True)).find(".//img")
    assert (image.get("loading"), image.get("fetchpriority")) == (None, "high")
    assert (image.get("alt"), image.get("sizes")) == ("", HOSTILE)
    assert picture(None, sizes="50vw") == ""


def test_choices_are_text_and_one_is_chosen():
    rows = [SimpleNamespace(slug="society", name=HOSTILE), SimpleNamespace(slug=HOSTILE, name="海疆之声")]
    first, second = html.fragment_fromstring(f"<select>{options(rows, HOSTILE)}</select>")
    assert (first.get("value"), first.text, first.get("selected")) == ("society", HOSTILE, None)
    assert (second.get("value"), second.text) == (HOSTILE, "海疆之声")
    assert second.get("selected") is not None
