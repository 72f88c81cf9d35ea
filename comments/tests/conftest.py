"""What the tests of comments share."""

import pytest

from articles.tests.factories import make_member


@pytest.fixture
def moderator(db):
    """审核员: decides about comments."""
    return make_member("moderator", is_staff=True, groups=["审核员"])


@pytest.fixture
def second_moderator(db):
    """Another one, who decides what was appealed against."""
    return make_member("moderator2", is_staff=True, groups=["审核员"])
