"""Sealed secrets: what opens them, what does not, and what was written before there were any."""

import pytest

from newsportal.lib.sealing import MARK, UnsealError, is_fresh, seal, unseal

OLD, NEW = "an-old-secret-" * 4, "a-new-secret-" * 4
TEXT = "JBSWY3DPEHPK3PXP 汉字"


@pytest.fixture(autouse=True)
def _secret(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []


@pytest.mark.parametrize("text", [TEXT, "", "长" * 1000])
def test_what_is_sealed_is_not_seen_and_comes_back(text):
    kept = seal(text)
    assert kept.startswith(MARK)
    assert kept.isascii()
    assert not text or text not in kept
    assert seal(text) != kept, "nobody sees that two are the same"
    assert (unseal(kept), is_fresh(kept)) == (text, True)


def test_what_was_written_before_is_its_own():
    assert (unseal("JBSWY3DP"), is_fresh("JBSWY3DP")) == ("JBSWY3DP", False)


def test_an_older_secret_opens_as_long_as_it_stands_among_the_fallbacks(settings):
    kept = seal(TEXT)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, ["another-" * 8, OLD]
    assert (unseal(kept), is_fresh(kept)) == (TEXT, False)
    fresh = seal(unseal(kept))
    settings.SECRET_KEY_FALLBACKS = []
    assert (unseal(fresh), is_fresh(fresh)) == (TEXT, True)
    with pytest.raises(UnsealError):
        unseal(kept)


@pytest.mark.parametrize("end", ["", "x", "汉", "gAAAAA==", None])
def test_what_was_tampered_with_does_not_open(end):
    kept = seal(TEXT)[:-20] + "A" * 20 if end is None else f"{MARK}{end}"
    assert not is_fresh(kept)
    with pytest.raises(UnsealError):
        unseal(kept)
