"""What the server's processes begin with."""

import gc

from newsportal import wsgi


def test_what_is_loaded_at_the_start_is_spared_to_the_garbage_collector():
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == wsgi.GARBAGE_THRESHOLDS
