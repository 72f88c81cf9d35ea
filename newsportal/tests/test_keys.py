"""Numbers of rows, as addresses and forms name them."""

import pytest

from newsportal.lib.keys import is_key, keys_in


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("12", True), ("9" * 18, True), ("9" * 19, False), ("", False), ("-1", False), ("１２", False), ("1.5", False)],
)
def test_what_may_be_a_row_s_number(text, is_one):
    assert is_key(text) is is_one


def test_what_is_no_number_is_left_out_of_a_list():
    assert keys_in("3,x,,5 7") == [3, 5, 7]
    assert keys_in("") == []
