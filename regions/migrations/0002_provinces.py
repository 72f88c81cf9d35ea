from django.db import migrations

# (GB/T 2260 code, short name, full name, slug) of the 34 province-level units, in the order of the region bar.
PROVINCES = [
    ("330000", "浙江", "浙江省", "zhejiang"),
    ("650000", "新疆", "新疆维吾尔自治区", "xinjiang"),
    ("150000", "内蒙古", "内蒙古自治区", "neimenggu"),
    ("220000", "吉林", "吉林省", "jilin"),
    ("500000", "重庆", "重庆市", "chongqing"),
    ("210000", "辽宁", "辽宁省", "liaoning"),
    ("520000", "贵州", "贵州省", "guizhou"),
    ("510000", "四川", "四川省", "sichuan"),
    ("460000", "海南", "海南省", "hainan"),
    ("530000", "云南", "云南省", "yunnan"),
    ("350000", "福建", "福建省", "fujian"),
    ("710000", "台湾", "台湾省", "taiwan"),
    ("360000", "江西", "江西省", "jiangxi"),
    ("430000", "湖南", "湖南省", "hunan"),
    ("420000", "湖北", "湖北省", "hubei"),
    ("410000", "河南", "河南省", "henan"),
    ("450000", "广西", "广西壮族自治区", "guangxi"),
    ("320000", "江苏", "江苏省", "jiangsu"),
    ("340000", "安徽", "安徽省", "anhui"),
    ("370000", "山东", "山东省", "shandong"),
    ("630000", "青海", "青海省", "qinghai"),
    ("620000", "甘肃", "甘肃省", "gansu"),
    ("610000", "陕西", "陕西省", "shaanxi"),
    ("140000", "山西", "山西省", "shanxi"),
    ("130000", "河北", "河北省", "hebei"),
    ("230000", "黑龙江", "黑龙江省", "heilongjiang"),
    ("120000", "天津", "天津市", "tianjin"),
    ("310000", "上海", "上海市", "shanghai"),
    ("110000", "北京", "北京市", "beijing"),
    ("440000", "广东", "广东省", "guangdong"),
    ("640000", "宁夏", "宁夏回族自治区", "ningxia"),
    ("540000", "西藏", "西藏自治区", "xizang"),
    ("810000", "香港", "香港特别行政区", "hongkong"),
    ("820000", "澳门", "澳门特别行政区", "macau"),
]


def add_provinces(apps, schema_editor):
    region = apps.get_model("regions", "Region")
    region.objects.bulk_create(
        region(code=code, name=name, full_name=full_name, slug=slug, position=position)
        for position, (code, name, full_name, slug) in enumerate(PROVINCES, start=1)
    )


def remove_provinces(apps, schema_editor):
    region = apps.get_model("regions", "Region")
    region.objects.filter(code__in=[code for code, *_ in PROVINCES]).delete()


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [migrations.RunPython(add_provinces, remove_provinces)]
