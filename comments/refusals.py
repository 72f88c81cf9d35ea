"""What is not done, and the words in which the person hears it."""


class Refused(Exception):  # noqa: N818 - it reads as what it is: raise Refused(…), except Refused
    """What somebody asked for is not done; nothing was changed. The message is Chinese and says what to do instead.

    `wait` is in how many seconds it would be; `code` names the kind of refusal, for whoever has to tell them apart.
    """

    def __init__(self, message: str, *, code: str = "", wait: int = 0) -> None:
        super().__init__(message)
        self.message, self.code, self.wait = message, code, wait


def span_of(seconds: int) -> str:
    """So many seconds in words: 12 秒, 3 分钟, 2 小时; rounded up, so that waiting so long is enough."""
    if seconds < 60:
        return f"{max(1, seconds)} 秒"
    return f"{-(-seconds // 60)} 分钟" if seconds < 3600 else f"{-(-seconds // 3600)} 小时"
