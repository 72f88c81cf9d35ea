"""Several people at one thing at the same moment, each in a thread and a connection of her own."""

import threading
from collections.abc import Callable

from django.db import connections


def at_once(*works: Callable[[], object], refusal: type[Exception]) -> list[str]:
    """Do all of it at the same moment; what was refused, in words. Anything else that fails fails the test."""
    together, refused, failed = threading.Barrier(len(works)), [], []

    def run(work: Callable[[], object]) -> None:
        try:
            together.wait(timeout=30)
            work()
        except refusal as error:
            refused.append(str(error))
        except Exception as error:  # told by the assertion below, with its text
            failed.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    return refused
