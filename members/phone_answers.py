"""What allauth asks the portal of phone numbers. There is a number where it was proved, and none otherwise."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from . import operations, phones
from .models import Member, Operation

LONGEST = 40
EXAMPLE = "请填写 11 位的中国大陆手机号，例如 13800138000。"


class PhoneField(forms.CharField):
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST, **kwargs})
        self.error_messages |= {"required": EXAMPLE, "max_length": EXAMPLE}

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        phone = phones.number_in(typed)
        if typed and not phone:
            raise ValidationError(EXAMPLE)
        return phone


class PhoneAnswers:
    """A part of the accounts' adapter."""

    error_messages = {
        "phone_taken": "这个手机号已经用在另一个账号上。那个账号也是您的，请先在那里去掉；不是您的，请与本站联系。",
        "same_as_current": "这就是现在的手机号。",
    }

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_phone(self, user: Member) -> tuple[str, bool] | None:
        phone = phones.number_of(user) if phones.are_on() else ""
        return (phone, True) if phone else None

    def get_user_by_phone(self, phone: str) -> Member | None:
        return phones.owner_of(phone)

    def set_phone(self, user: Member, phone: str, verified: bool) -> None:
        if verified:
            self.set_phone_verified(user, phone)

    def set_phone_verified(self, user: Member, phone: str) -> None:
        """Raises NumberTakenError. Side effects: of the newsroom's people a line in the log; a mail to the member."""
        before = phones.number_of(user)
        phones.keep(user, phone)
        self.tell_of_phone(user, phones.masked(before), phones.masked(phone))

    def remove_phone(self, user: Member) -> None:
        """The same for a number that she takes off."""
        if before := phones.take_off(user):
            self.tell_of_phone(user, before, "")

    def tell_of_phone(self, user: Member, before: str, now: str) -> None:
        if operations.is_staff(user):
            changes = {"手机号": [before, now]}
            operations.write(Operation.Action.SECURITY, self.request, row=user, changes=changes)
        self.send_notification_mail("account/email/phone_changed", user, {"before": before, "phone": now})

    def send_verification_code_sms(self, user: Member, phone: str, code: str, **kwargs: Any) -> None:
        phones.send(self.request, member=user, phone=phone, code=code)
