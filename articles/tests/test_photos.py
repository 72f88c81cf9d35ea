"""Pictures that come into the library otherwise than through its own form."""

import hashlib

import pytest

from articles.models import Photo
from articles.photos import keep_photo, known_photo
from newsportal.lib.images import BadPictureError

from .factories import picture_bytes

pytestmark = pytest.mark.django_db


def test_a_picture_is_kept_with_its_words(django_user_model):
    user = django_user_model.objects.create_user("reporter")
    content = picture_bytes()
    photo, is_new = keep_photo(content, caption="雨后的码头", credit="林晓舟 摄", by=user)
    assert is_new
    assert (photo.caption, photo.alt, photo.credit) == ("雨后的码头", "雨后的码头", "林晓舟 摄")
    assert (photo.uploaded_by, photo.sha256) == (user, hashlib.sha256(content).hexdigest())
    assert photo.picture.width == photo.width > 0
    assert known_photo(content) == photo


def test_the_same_file_keeps_the_words_it_has():
    content = picture_bytes()
    first, _ = keep_photo(content, caption="雨后的码头")
    again, is_new = keep_photo(content, caption="别的图说", credit="别人 摄")
    assert (again, is_new) == (first, False)
    assert Photo.objects.get().caption == "雨后的码头"


def test_words_are_made_to_fit():
    photo, _ = keep_photo(picture_bytes(), credit="摄" * 80)
    assert (photo.caption, photo.alt) == ("图片", "图片")
    assert len(photo.credit) == 60


def test_what_is_no_picture_is_refused():
    with pytest.raises(BadPictureError, match="不是图片"):
        keep_photo(b"<html>not a picture</html>" * 20, caption="网页")
    assert not Photo.objects.exists()
