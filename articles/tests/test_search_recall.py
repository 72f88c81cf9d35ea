"""The search finds all that a plain scan finds and nothing else: recall and precision 1.00 over the whole demo."""

import opencc
import pytest
from django.db import transaction

from articles import search
from newsportal.demo import texts

from .corpus import cuttings, load_corpus, scan

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def corpus(django_db_setup, django_db_blocker):
    """The demo's texts, loaded once for this file and rolled back."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield load_corpus()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def found(words: str) -> set[int]:
    terms, excluded = search.parse(words)
    return {hit.article_id for hit in search.find(search.Query(terms, excluded)).hits}


def differences(corpus, queries: dict[str, str]) -> dict[str, tuple[set[int], set[int]]]:
    """(missed, wrongly found) of each query that differs from the scan for the words that it stands for."""
    result = {}
    for query, words in queries.items():
        expected, seen = scan(corpus, words), found(query)
        assert expected, words  # it was cut from the corpus
        if seen != expected:
            result[query] = (expected - seen, seen - expected)
    return result


def test_the_corpus_is_the_whole_demo(corpus):
    assert len(corpus) == len(list(texts.articles())) >= 200


def test_han_cut_anywhere(corpus):
    queries = cuttings(corpus, "han", 260)
    assert len(queries) == 260
    assert {len(query) for query in queries} == {1, 2, 3, 4, 5, 6}
    assert differences(corpus, {query: query for query in queries}) == {}


def test_latin_words_numbers_and_mixed_text(corpus):
    mixed, latin = cuttings(corpus, "mixed", 60), cuttings(corpus, "latin", 40)
    assert len(mixed) == 60
    assert len(latin) >= 10
    assert differences(corpus, {query: query for query in [*mixed, *latin]}) == {}


def test_traditional_and_full_width_forms_find_the_same(corpus):
    convert = opencc.OpenCC("s2t").convert
    han = cuttings(corpus, "han", 400)[260:]
    traditional = {convert(word): word for word in han if convert(word) != word}
    wide = {"".join(map(wider, word)): word for word in cuttings(corpus, "mixed", 20)}
    assert len(traditional) >= 60
    assert differences(corpus, traditional | wide) == {}


def wider(char: str) -> str:
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


def test_several_words_are_all_of_them(corpus):
    words = cuttings(corpus, "han", 80)
    for one, other in zip(words[::2], words[1::2], strict=True):
        assert found(f"{one} {other}") == scan(corpus, one) & scan(corpus, other)
        assert found(f"{one} -{other}") == scan(corpus, one) - scan(corpus, other)
