"""Where readers get pictures and videos from."""

from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri


class MediaStorage(FileSystemStorage):
    """Files in a folder, whose addresses are put together from two strings: a page holds hundreds of them.

    Django's own `url` parses the base address anew each time, for names that begin with slashes; ours never do.
    """

    def url(self, name: str) -> str:
        return f"{self.base_url}{filepath_to_uri(name)}"
