"""Where readers get pictures, videos and static files from."""

from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri
from whitenoise.storage import CompressedManifestStaticFilesStorage


class MediaStorage(FileSystemStorage):
    """Files in a folder, whose addresses are put together from two strings: a page holds hundreds of them.

    Django's own `url` parses the base address anew each time, for names that begin with slashes; ours never do.
    """

    def url(self, name: str) -> str:
        return f"{self.base_url}{filepath_to_uri(name)}"


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Static files under names made of their content, the names inside JavaScript modules included."""

    support_js_module_import_aggregation = True
