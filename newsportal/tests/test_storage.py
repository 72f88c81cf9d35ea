"""Addresses of pictures and videos."""

import pytest
from django.core.files.storage import FileSystemStorage, storages

from newsportal.lib.storage import MediaStorage


@pytest.mark.parametrize("base", ["/media/", "/media", "https://media.example.com/news/"])
@pytest.mark.parametrize("name", ["photos/3f/3f0a-320.webp", "videos/短片 1#2.webm", "a/b?c=d.jpg"])
def test_an_address_is_the_one_that_django_would_make(base, name):
    assert MediaStorage(base_url=base).url(name) == FileSystemStorage(base_url=base).url(name)


def test_readers_get_their_pictures_from_it():
    assert isinstance(storages["default"], MediaStorage)
