"""The tree of regions: who is in it from the first, and what it refuses."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from regions.models import Region

pytestmark = pytest.mark.django_db

# GB/T 2260: the code of each province-level unit, with its short and its full name.
STANDARD = """
110000 北京 北京市         120000 天津 天津市         130000 河北 河北省
140000 山西 山西省         150000 内蒙古 内蒙古自治区 210000 辽宁 辽宁省
220000 吉林 吉林省         230000 黑龙江 黑龙江省     310000 上海 上海市
320000 江苏 江苏省         330000 浙江 浙江省         340000 安徽 安徽省
350000 福建 福建省         360000 江西 江西省         370000 山东 山东省
410000 河南 河南省         420000 湖北 湖北省         430000 湖南 湖南省
440000 广东 广东省         450000 广西 广西壮族自治区 460000 海南 海南省
500000 重庆 重庆市         510000 四川 四川省         520000 贵州 贵州省
530000 云南 云南省         540000 西藏 西藏自治区     610000 陕西 陕西省
620000 甘肃 甘肃省         630000 青海 青海省         640000 宁夏 宁夏回族自治区
650000 新疆 新疆维吾尔自治区 710000 台湾 台湾省       810000 香港 香港特别行政区
820000 澳门 澳门特别行政区
""".split()
# DESIGN 2: the order of the model site's region bar, and the two units that it lacks.
BAR = """
浙江 新疆 内蒙古 吉林 重庆 辽宁 贵州 四川 海南 云南 福建 台湾 江西 湖南 湖北 河南 广西 江苏 安徽 山东 青海 甘肃
陕西 山西 河北 黑龙江 天津 上海 北京 广东 宁夏 西藏 香港 澳门
""".split()


@pytest.fixture
def zhejiang():
    return Region.objects.get(code="330000")


def make_city(parent, **overrides) -> Region:
    values = {
        "code": "330100",
        "name": "杭州",
        "full_name": "杭州市",
        "slug": "hangzhou",
        "parent": parent,
        **overrides,
    }
    return Region(**values)


def test_the_34_provinces_have_the_codes_and_names_of_the_standard():
    expected = list(zip(STANDARD[::3], STANDARD[1::3], STANDARD[2::3], strict=True))
    assert len(expected) == 34

    assert list(Region.objects.order_by("code").values_list("code", "name", "full_name")) == expected


def test_provinces_stand_in_the_order_of_the_region_bar(zhejiang):
    make_city(zhejiang).save()

    assert [region.name for region in Region.objects.provinces()] == BAR
    assert Region.objects.count() == 35


def test_the_addresses_of_provinces_are_their_own_and_readable():
    slugs = list(Region.objects.values_list("slug", flat=True))

    assert len(set(slugs)) == 34
    assert all(slug.isascii() and slug.isalpha() and slug.islower() for slug in slugs)
    assert {"shaanxi", "shanxi", "xizang"} <= set(slugs)


def test_the_migration_can_be_taken_back_and_made_again():
    migration = import_module("regions.migrations.0002_provinces")

    migration.remove_provinces(apps, None)
    assert Region.objects.count() == 0
    migration.add_provinces(apps, None)
    assert [region.name for region in Region.objects.provinces()] == BAR


def test_a_city_belongs_to_its_province(zhejiang, django_assert_num_queries):
    city = make_city(zhejiang)
    city.full_clean()
    city.save()

    assert (str(city), city.get_absolute_url()) == ("杭州", "/regions/hangzhou/")
    assert list(zhejiang.children.all()) == [city]
    with django_assert_num_queries(0):
        assert city.lineage_ids() == [city.pk, zhejiang.pk]
        assert zhejiang.lineage_ids() == [zhejiang.pk]


def test_the_tree_is_two_deep(zhejiang):
    city = make_city(zhejiang)
    city.save()

    with pytest.raises(ValidationError) as refusal:
        make_city(city, code="330106", slug="xihu").full_clean()
    assert refusal.value.message_dict == {"parent": ["上级地区必须是另一个省级地区。"]}

    zhejiang.parent = Region.objects.get(slug="jiangsu")
    with pytest.raises(ValidationError) as refusal:
        zhejiang.full_clean()
    assert refusal.value.message_dict == {"parent": ["这个地区有下级地区，不能再放到别的地区之下。"]}


def test_no_region_is_its_own_parent(zhejiang):
    zhejiang.parent = zhejiang

    with pytest.raises(ValidationError):
        zhejiang.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        zhejiang.save()


@pytest.mark.parametrize("code", ["", "33010", "033010", "33010a", "3301 0", "３３０１００"])
def test_a_code_is_six_digits_for_the_editor_and_for_the_database(zhejiang, code):
    city = make_city(zhejiang, code=code)

    with pytest.raises(ValidationError) as refusal:
        city.full_clean()
    assert "code" in refusal.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        city.save()


@pytest.mark.parametrize("taken", [{"code": "330000"}, {"slug": "zhejiang"}])
def test_code_and_address_are_of_one_region(zhejiang, taken):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_city(zhejiang, **taken).save()


def test_a_province_with_cities_cannot_go(zhejiang):
    city = make_city(zhejiang)
    city.save()

    with pytest.raises(ProtectedError):
        zhejiang.delete()
    city.delete()
    zhejiang.delete()
    assert Region.objects.count() == 33
