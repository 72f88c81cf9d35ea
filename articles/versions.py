"""Nobody overwrites anybody: a form names the version of the article that it saw, and one that saw another comes back.

It comes back with what was typed, and beside it what stands in the article by now, field by field. Who typed chooses of
each field whose it shall be, and only a save that has seen the newest version, with every choice made, goes through.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils import timezone
from lxml.etree import LxmlError

from newsportal.lib.comparison import compare
from newsportal.lib.html import clean_html
from newsportal.lib.keys import is_key

from . import revisions, signed
from .models import Article, UnsavedText
from .unsaved import as_form_data

MINE, THEIRS = "mine", "theirs"
CREDITS = "credits"


@dataclass(frozen=True)
class Difference:
    """A field that the article has otherwise than what was typed; `choice` is whose it shall be, if that is said."""

    name: str
    changes: list[revisions.Change]
    choice: str = ""


@dataclass(frozen=True)
class Conflict:
    """Who saved the article meanwhile and when, and what differs."""

    saved_by: str
    saved_at: datetime
    differences: list[Difference] = field(default_factory=list)


class VersionedForm(forms.ModelForm):
    """A form of an article that is refused when it was opened with another version; it may open with unsaved text.

    The admin sets what it opens with (`restored`). Where there is a `conflict`, nothing may be saved.
    """

    restored: UnsavedText | None = None
    conflict: Conflict | None = None
    # The version of the article that whoever fills in the form has seen.
    seen = forms.CharField(label="打开时的版本", required=False, widget=forms.HiddenInput)
    # Tells the unsaved texts of several new articles apart.
    draft_key = forms.CharField(label="新稿件的编号", required=False, max_length=32, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Fill in what the form opens with; where all choices are made, let it say what was chosen of the article."""
        if self.instance.pk:
            self.initial["seen"] = str(self.instance.version)
        else:
            self.initial["draft_key"] = uuid.uuid4().hex
        if self.is_bound and not self.is_stale and not self.unchosen:
            self.data = with_theirs(self, [name for name in self.asked if self.choice_of(name) == THEIRS])
        elif not self.is_bound and self.restored is not None:
            self.initial |= initial_from(self, as_form_data(self.restored.values))
            told = {"seen": str(self.restored.base)} if self.instance.pk else {"draft_key": self.restored.key}
            self.initial |= told

    @property
    def is_stale(self) -> bool:
        return bool(self.instance.pk) and self.data.get("seen") != str(self.instance.version)

    @property
    def asked(self) -> list[str]:
        """The fields of which the form that was sent asked whose they shall be."""
        return self.data.getlist("merge") if isinstance(self.data, QueryDict) else []

    def choice_of(self, name: str) -> str:
        choice = self.data.get(f"merge-{name}", "")
        return choice if choice in {MINE, THEIRS} else ""

    @property
    def unchosen(self) -> list[str]:
        return [name for name in self.asked if not self.choice_of(name)]

    def refuse_to_overwrite(self) -> None:
        """Refuse what did not see the version that stands, unless it is the same; and what leaves a choice open."""
        if not self.instance.pk or not (self.is_stale or self.unchosen):
            return
        found = differences(self, keep_choices=not self.is_stale)
        if not found:
            return
        by, at = last_save(self.instance)
        self.conflict = Conflict(by, at, found)
        if self.is_stale:
            self.data = self.data.copy()
            self.data["seen"] = str(self.instance.version)
            text = (
                f"你打开之后，{by} 在 {timezone.localtime(at):%m-%d %H:%M} 保存过这篇稿件，所以你的修改还没有保存，"
                f"都在下面。有 {len(found)} 处两边不同，请逐处选用谁的，再保存。"
            )
        else:
            text = f"还有 {len(self.unchosen)} 处没有选用谁的，所以没有保存：请逐处选择，再保存。"
        self.add_error(None, text)


def last_save(article: Article) -> tuple[str, datetime]:
    """Who saved the article last, as far as that is known, and when. One query."""
    last = revisions.of(article).order_by("-number").select_related("user").first()
    # The times of what readers have are saved without a revision, and the working copy's are in the same series.
    is_it = article.status == Article.Status.DRAFT and last is not None and last.user is not None
    is_it = is_it and last.created_at >= article.modified_at
    return str(last.user) if is_it else "别人", article.modified_at


# --- What differs -----------------------------------------------------------------------------------------------------


def differences(form: VersionedForm, *, keep_choices: bool = False) -> list[Difference]:
    """The fields of a bound form that are not what its article has, in the form's order. Queries what they refer to."""
    hidden = {"seen", "draft_key"}
    found = [(name, changes_of(form[name])) for name in form.changed_data if name not in hidden]
    found.append((CREDITS, changes_of_credits(form)))
    return [
        Difference(name, changes, form.choice_of(name) if keep_choices else "") for name, changes in found if changes
    ]


def changes_of(bound: BoundField) -> list[revisions.Change]:
    """The article's side first, then what was typed; none where both say the same."""
    if bound.name == "body":
        return revisions.changed_body(bound.initial or "", clean_body(bound))
    label = str(bound.label)
    old, new = in_words(bound.field, bound.initial), in_words(bound.field, bound.data)
    return [revisions.Change(label, compare(old, new))] if old != new else []


def clean_body(bound: BoundField) -> str:
    """The body as it would be saved; as it was typed where it could not be."""
    typed = bound.data or ""
    try:
        return bound.field.clean(typed)
    except ValidationError:
        try:
            return clean_html(typed)
        except LxmlError:
            return typed


def in_words(form_field: forms.Field, value: Any) -> str:
    """A field's value as an editor reads it, given as the row or as a form has it."""
    if isinstance(form_field, forms.ModelMultipleChoiceField):
        return revisions.joined(str(row) for row in rows_of(form_field, value))
    if isinstance(form_field, forms.BooleanField):
        return "是" if form_field.to_python(value) else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    try:
        read = form_field.clean(form_field.prepare_value(value))
    except ValidationError:
        read = " ".join(str(part) for part in value if part) if isinstance(value, list) else value
    if isinstance(read, datetime):
        return in_words(form_field, read)
    if isinstance(form_field, forms.ChoiceField) and not isinstance(form_field, forms.ModelChoiceField):
        return str(dict(form_field.choices).get(read, read))
    return "" if read is None else str(read).strip()


def rows_of(form_field: forms.ModelMultipleChoiceField, value: Any) -> list[Any]:
    """The rows that a choice of several names, however it is given; what is no row's key is left out. One query."""
    keys = [str(key) for key in form_field.prepare_value(value) or []]
    return list(form_field.queryset.filter(pk__in=[int(key) for key in keys if is_key(key)]).order_by("pk"))


def changes_of_credits(form: VersionedForm) -> list[revisions.Change]:
    typed = signed.typed(form.data)
    # The page of what readers have shows the signatures, and sends none.
    if typed is None or "title" not in form.fields:
        return []
    old, new = signed.in_words(signed.stored(form.instance)), signed.in_words(typed)
    return [revisions.Change("署名", compare(old, new))] if old != new else []


# --- Writing into a form ----------------------------------------------------------------------------------------------


def with_theirs(form: VersionedForm, names: list[str]) -> QueryDict:
    """What was sent, but for some fields, which say what the article has."""
    if not names:
        return form.data
    data = form.data.copy()
    for name in names:
        if name in form.fields:
            put(data, form[name])
    return data


def put(data: QueryDict, bound: BoundField) -> None:
    """Let the data say of a field what the row has, as its widget would send it."""
    name, widget = bound.html_name, bound.field.widget
    value = bound.field.prepare_value(bound.initial)
    if isinstance(widget, forms.MultiWidget):
        parts = zip(widget.widgets_names, widget.widgets, widget.decompress(bound.initial), strict=True)
        for suffix, part, part_value in parts:
            data[f"{name}{suffix}"] = part.format_value(part_value) or ""
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(name, None)
        if value:
            data[name] = "on"
    else:
        several = value if isinstance(value, (list, tuple)) else ["" if value is None else value]
        data.setlist(name, [str(one) for one in several])


def initial_from(form: VersionedForm, data: QueryDict) -> dict[str, Any]:
    """What kept data says of a form's fields, as initial values; what names no row any more is left out."""
    initial: dict[str, Any] = {}
    for name, form_field in form.fields.items():
        value = form_field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        if name in {"seen", "draft_key"} or value is None:
            continue
        if isinstance(form_field, forms.ModelMultipleChoiceField):
            value = [row.pk for row in rows_of(form_field, value)]
        elif isinstance(form_field, forms.ModelChoiceField):
            found = value if is_key(str(value)) and form_field.queryset.filter(pk=value).exists() else None
            value = found if value else ""
        initial[name] = value
    return initial
