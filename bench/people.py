"""The generated newsroom: who writes, who signs each of the three reviews, and what some of them answer for."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from articles.models import Beat

from .history import Staff
from .stock import rare_name

# By the group of each step, from the author's on: how many there are.
ROLES = {"记者": 20, "责任编辑": 8, "主任": 4, "总编": 3}
# Accounts whose work is measured, each of a role; the last three answer for the least channel, for the one with nearly
# half of all articles, and for the least province.
CHIEF, FIRST, SECOND = "总编值班", "一审值班", "二审值班"
OF_CHANNEL, OF_FLASHES, OF_REGION = "栏目编辑", "快讯编辑", "地方编辑"
EDITORS = dict.fromkeys([FIRST, OF_CHANNEL, OF_FLASHES, OF_REGION], "责任编辑")
MEASURED = {CHIEF: "总编", SECOND: "主任", **EDITORS}


def reporter() -> str:
    """The account of one of those who write."""
    return rare_name(0)


def make_staff(channel: int, flashes: int, region: int) -> Staff:
    """Accounts with their groups; the channels and the province of the editors who have one."""
    groups = {name: Group.objects.get(name=name) for name in ROLES}
    names = {
        name: [rare_name(number * 53 + step * 9176) for number in range(count)]
        for step, (name, count) in enumerate(ROLES.items())
    }
    for name, role in MEASURED.items():
        names[role].append(name)
    model = get_user_model()
    people = model.objects.bulk_create(
        model(username=name, password=make_password(None), is_staff=True) for own in names.values() for name in own
    )
    by_name = {person.username: person.pk for person in people}
    in_group = model.groups.through
    in_group.objects.bulk_create(
        in_group(member_id=by_name[name], group=groups[role]) for role, own in names.items() for name in own
    )
    Beat.objects.bulk_create(
        [
            Beat(user_id=by_name[OF_CHANNEL], channel_id=channel),
            Beat(user_id=by_name[OF_FLASHES], channel_id=flashes),
            Beat(user_id=by_name[OF_REGION], region_id=region),
        ]
    )
    # Those who are measured have signed nothing: their queues are whole.
    steps = tuple([by_name[name] for name in names[role] if name not in MEASURED] for role in ROLES)
    return Staff(steps, {pk: name for name, pk in by_name.items()})
