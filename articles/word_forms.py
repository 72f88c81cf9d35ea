"""Forms of the word desk: a word that is tried, and many words that are entered at once."""

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from newsportal.lib.wordlist import form_of

from .models import ListedWord

Level, Scope = ListedWord.Level, ListedWord.Scope
MOST_LINES = 1000
# Exceptions of one line; not 、, which may stand in one.
BETWEEN_EXCEPTIONS = "；;|"
NO_LEVEL, NO_REASON = "级别只能是禁止、待审或提示", "要写理由：编辑会看到为什么列入、应该改成什么"
LEVELS = {str(name): level for level in Level for name in (level.value, level.label)}


class WordTrialForm(forms.Form):
    """A word and its exceptions, not listed yet or not so. `word_to_try` is what a valid form asks about."""

    word = forms.CharField(label="词语", max_length=50, widget=forms.TextInput(attrs={"class": "wide-input"}))
    level = forms.ChoiceField(label="级别", required=False, choices=Level, initial=Level.WARN)
    exceptions = forms.CharField(
        label="例外",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "wide-input"}),
        help_text="每行一个包含这个词的正常说法。",
    )

    def clean(self):
        cleaned = super().clean()
        self.word_to_try = ListedWord(
            word=cleaned.get("word", ""),
            exceptions=cleaned.get("exceptions", ""),
            level=cleaned.get("level") or Level.WARN,
        )
        if not self.errors:
            self.word_to_try.check_word()
        return cleaned

    def listed(self) -> ListedWord | None:
        """The word of the list that is the same, however it is written. One query."""
        return ListedWord.objects.filter(form=self.word_to_try.form).select_related("created_by").first()


class ManyWordsForm(forms.Form):
    """Many words, one a line, copied from a table. A valid form has `words`, unsaved; else `problems` tells by line."""

    lines = forms.CharField(
        label="词语",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "wide-input many-words", "spellcheck": "false"}),
        help_text="每行一个：词语、级别、理由、例外，用 Tab 隔开，可以直接从表格里复制。级别填禁止、待审或提示，"
        f"空着是提示；几个例外用分号隔开，没有可以不填。一次最多 {MOST_LINES} 行。",
    )
    scopes = forms.MultipleChoiceField(
        label="用于", choices=Scope, initial=[Scope.ARTICLE], widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.words: list[ListedWord] = []
        self.problems: list[tuple[int, str, str]] = []

    def clean(self):
        cleaned = super().clean()
        numbered = [(at, line) for at, line in enumerate(cleaned.get("lines", "").splitlines(), 1) if line.strip()]
        # The heads of a table that was copied whole.
        if numbered and numbered[0][1].split("\t")[:2] == ["词语", "级别"]:
            del numbered[0]
        if len(numbered) > MOST_LINES:
            raise ValidationError({"lines": f"一共 {len(numbered)} 行，一次最多 {MOST_LINES} 行：请分几次。"})
        if not self.errors:
            self.read(numbered, cleaned["scopes"])
        if not self.errors and not self.words and not self.problems:
            raise ValidationError({"lines": "一个词也没有：请每行写一个。"})
        if self.problems:
            self.add_error("lines", f"有 {len(self.problems)} 行不对，一行也没有保存：请按下面的说明改。")
        return cleaned

    def read(self, numbered: list[tuple[int, str]], scopes: list[str]) -> None:
        """Judge each line by itself, against the lines before it, and against the list. One query."""
        columns = {ListedWord.COLUMNS[scope]: scope in scopes for scope in Scope}
        read = [(at, *word_of(line, columns)) for at, line in numbered]
        forms_of_lines = [word.form for _, word, _ in read if word.form]
        listed = {word.form: word for word in ListedWord.objects.filter(form__in=forms_of_lines)}
        before: dict[str, int] = {}
        for at, word, problem in read:
            if not problem and (same := listed.get(word.form)):
                problem = f"词库里已有“{same}”（{same.get_level_display()}）：请在词库里修改它"
            elif not problem and word.form in before:
                problem = f"和第 {before[word.form]} 行是同一个词"
            before.setdefault(word.form, at)
            if problem:
                self.problems.append((at, word.word, problem))
            else:
                self.words.append(word)

    @transaction.atomic
    def save(self, *, user: AbstractBaseUser) -> int:
        """List the words, one by one so that the operation log has each. How many."""
        for word in self.words:
            word.created_by = user
            word.save()
        return len(self.words)


def word_of(line: str, columns: dict[str, bool]) -> tuple[ListedWord, str]:
    """The unsaved word of a line, and what is wrong with it in Chinese; empty when nothing is. No query."""
    cells = [cell.strip() for cell in line.split("\t")]
    text, level, reason, exceptions = (cells + [""] * 4)[:4]
    for sign in BETWEEN_EXCEPTIONS:
        exceptions = exceptions.replace(sign, "\n")
    known = LEVELS.get(level.lower()) if level else Level.WARN
    word = ListedWord(word=text, level=known or Level.WARN, reason=reason, exceptions=exceptions, **columns)
    word.form = form_of(text)
    if len(cells) > 4:
        return word, "多于四列：词语、级别、理由、例外"
    if known is None:
        return word, NO_LEVEL
    if not reason:
        return word, NO_REASON
    try:
        word.clean_fields(exclude=["form", "created_by"])
        word.check_word()
    except ValidationError as error:
        return word, "；".join(message.rstrip("。") for message in error.messages)
    return word, ""
