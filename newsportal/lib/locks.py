"""One at a time, across processes and servers: held until the running transaction ends."""

from zlib import crc32

from django.db import connection

# Apart from whatever else locks by number in this database.
SPACE = 0x6E70


def one_at_a_time(*names: str) -> None:
    """Wait until no other transaction holds one of these names, and hold them until this one ends.

    Taken in one order, so that two who want the same two do not wait for each other. On SQLite a transaction that
    writes has the whole database from its first word (see the settings): there is nothing to do. Two names that share a
    number wait for each other once in a while, and no more.
    """
    if connection.vendor != "postgresql":
        return
    # As PostgreSQL counts: with a sign.
    numbers = sorted({crc32(name.encode()) - 2**31 for name in names if name})
    with connection.cursor() as cursor:
        for number in numbers:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SPACE, number])
