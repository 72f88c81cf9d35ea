"""What becomes of a comment: steps in a fixed order, each looking at the draft alone and saying one thing.

The first step whose word is final decides; all are asked, so that a moderator sees everything that was found. Only a
refusal ends the asking: what is refused is not kept. A step asks no database, so any of them can be tried on texts that
are kept already, with other words or other limits: make a `Draft` and call it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from articles.models import ListedWord
from newsportal.lib.chinese import plain_digits

from .drafts import Draft
from .models import Comment, CommentPolicy, CommentStep, Reason, Sanction
from .refusals import span_of
from .texts import addresses_in

Outcome = CommentStep.Outcome
Mode, Kind, Level = CommentPolicy.Mode, Sanction.Kind, ListedWord.Level
State = Comment.State

SLOW_SECONDS = 600
TEN_MINUTES, DAY = 600, 24 * 3600
# So many others with the same words within a day, and somebody spreads them.
SPREAD = 2
# So many refused of the last ones, and at least half of them.
LEAST_REFUSED = 3
LONGEST_NICKNAME = 20

# Between the groups of a number; in a text whose digits are plain ones (plain_digits).
APART = r"[-\s.,，、·—_/~]{0,3}"
PHONE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?86{APART})?1[3-9]\d{APART}\d{{4}}{APART}\d{{4}}(?!\d)|(?<!\d)0\d{{2,3}}[- ]\d{{7,8}}(?!\d)"
)
QQ = re.compile(r"(?:qq|扣扣|企鹅号|q群|qq群|加群)\D{0,6}[1-9]\d{4,11}(?!\d)", re.IGNORECASE)
WECHAT = re.compile(
    r"(?:微信|薇信|威信|v信|wechat|weixin|加v|vx|wx)[号:： 同是加\-_]{0,6}[A-Za-z][A-Za-z0-9_\-]{5,19}"
    r"|(?:微信|薇信|威信|v信|加v|vx|wx)\D{0,6}\d{6,}",
    re.IGNORECASE,
)
# Addresses without their beginning: www.…, and names that end as most do.
BARE_ADDRESS = re.compile(
    r"(?<![\w./@-])(?:www\.)?(?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|xyz|vip|cc|info|shop|club|site)(?![\w-])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Result:
    """What a step says. `message` is for the writer, of a refusal; `reason` and `risk` are for moderators."""

    outcome: Outcome | str
    message: str = ""
    reason: Reason | str = ""
    risk: int = 0
    detail: dict[str, Any] = field(default_factory=dict)
    wait: int = 0


REFUSE = "refuse"  # never kept, so no outcome of a CommentStep
FINAL = {REFUSE, Outcome.APPROVE, Outcome.WAIT, Outcome.HOLD, Outcome.REJECT}
PASS = Result(Outcome.PASS)
STATES = {
    Outcome.APPROVE: State.APPROVED,
    Outcome.WAIT: State.WAITING,
    Outcome.HOLD: State.WITHHELD,
    Outcome.REJECT: State.REJECTED,
}
Step = Callable[[Draft], Result]


def refuse(message: str, *, wait: int = 0) -> Result:
    return Result(REFUSE, message=message, wait=wait)


# --- The steps ---


def length(draft: Draft) -> Result:
    most = draft.rules.policy.longest
    if not draft.body:
        return refuse("请写下评论再发表。")
    if len(draft.body) > most:
        return refuse(f"评论最多 {most} 个字，现在有 {len(draft.body)} 个：请删去一些再发表。")
    if not draft.is_member and not draft.nickname:
        return refuse("请填一个昵称。")
    if not draft.is_member and len(draft.nickname) > LONGEST_NICKNAME:
        return refuse(f"昵称最多 {LONGEST_NICKNAME} 个字。")
    return Result(Outcome.PASS, detail={"characters": len(draft.body)})


def closed(draft: Draft) -> Result:
    if why := draft.rules.closed_because(draft.article, draft.at):
        return refuse(why)
    if not draft.is_member and not draft.rules.policy.visitors_may_comment:
        return refuse("请先登录再评论。")
    return PASS


def phone(draft: Draft) -> Result:
    """A proved number; asked where the rules want one. The newsroom knows its own people."""
    if draft.is_staff:
        return Result(Outcome.PASS, detail={"staff": True})
    if not draft.is_member:
        return refuse("这里评论须先验证手机号：请先登录，没有账号请先成为会员。")
    if not draft.has_phone:
        return refuse("这里评论须先验证手机号：请先到会员中心的“手机号”里验证。")
    return PASS


def sanctions(draft: Draft) -> Result:
    found = {sanction.kind: sanction for sanction in draft.sanctions}
    for kind in (Kind.BAN, Kind.MUTE):
        if sanction := found.get(kind):
            return refuse(stopped(sanction))
    warnings = [each for each in draft.sanctions if each.kind == Kind.WARN and each.acknowledged_at is None]
    if warnings:
        return refuse("编辑部给您发了一条警告：请先在“我的评论”里点“知道了”，再发表评论。")
    if (sanction := found.get(Kind.SLOW)) and draft.own_times:
        wait = seconds_until(draft, draft.own_times[0], SLOW_SECONDS)
        if wait > 0:
            return refuse(f"您的发言被限速（{sanction.reason}），请 {span_of(wait)}后再试。", wait=wait)
    if sanction := found.get(Kind.HOLD):
        return Result(Outcome.HOLD, reason=Reason.SANCTION, risk=30, detail={"sanction": sanction.pk})
    return PASS


def stopped(sanction: Sanction) -> str:
    """What somebody hears who may not comment at all."""
    where = f"在“{sanction.channel.name}”栏目" if sanction.channel_id else ""
    what = "被禁言" if sanction.kind == Kind.MUTE else "被封禁，不能评论"
    until = f"到 {timezone.localtime(sanction.until):%Y年%-m月%-d日 %H:%M} 为止" if sanction.until else "没有期限"
    return f"您{where}{what}，{until}。原因：{sanction.reason}"


def rate(draft: Draft) -> Result:
    """How often: this person, and her network, in which several may write."""
    policy = draft.rules.policy
    limits = [(policy.most_in_ten_minutes, TEN_MINUTES), (policy.most_in_a_day, DAY)]
    if policy.seconds_between:
        limits.insert(0, (1, policy.seconds_between))
    for times, factor in ((draft.own_times, 1), (draft.network_times, policy.network_factor)):
        for most, seconds in limits:
            wait = waiting_time(draft, times, most * factor, seconds)
            if wait > 0:
                whose = "" if factor == 1 else "您所在的网络"
                return refuse(f"{whose}发表太频繁了，请 {span_of(wait)}后再试。", wait=wait)
    return Result(Outcome.PASS, detail={"own": len(draft.own_times), "network": len(draft.network_times)})


def waiting_time(draft: Draft, times: Sequence, most: int, seconds: int) -> int:
    """In how many seconds another one may come, when `most` may within `seconds`; 0 now, and without a limit."""
    if not most or len(times) < most:
        return 0
    return max(0, seconds_until(draft, times[most - 1], seconds))


def seconds_until(draft: Draft, moment, seconds: int) -> int:
    """From now until so many seconds after a moment, rounded up."""
    return -int((draft.at - moment - timedelta(seconds=seconds)).total_seconds() // 1)


def duplicate(draft: Draft) -> Result:
    if draft.is_own_repeat and not draft.is_edit:
        return refuse("这段话您在一天之内已经发过，不用重复发表。")
    if draft.same_by_others >= SPREAD:
        return Result(Outcome.HOLD, reason=Reason.AD, risk=60, detail={"others": draft.same_by_others})
    return Result(Outcome.PASS, detail={"others": draft.same_by_others})


def words(draft: Draft) -> Result:
    """Listed words in the text; and in a visitor's nickname, which nobody else looked at."""
    hits = [
        {
            "word": word.word,
            "level": word.level,
            "field": name,
            "start": hit.start,
            "end": hit.end,
            # Of the list as it was: a word is changed, its rows are not kept.
            "version": word.changed_at.isoformat(),
        }
        for name, text, listed, rows in (
            ("body", draft.body, draft.listed, draft.words),
            ("nickname", draft.nickname, draft.listed_names, draft.name_words),
        )
        for hit in listed.find(text)
        for word in [rows[hit.key]]
    ]
    levels = {hit["level"] for hit in hits}
    if any(hit["field"] == "nickname" and hit["level"] == Level.BLOCK for hit in hits):
        return refuse("这个昵称不能用，请换一个。")
    if Level.BLOCK in levels:
        return Result(Outcome.REJECT, reason=Reason.WORD, risk=90, detail={"hits": hits})
    if Level.HOLD in levels:
        return Result(Outcome.HOLD, reason=Reason.WORD, risk=70, detail={"hits": hits})
    return Result(Outcome.NOTE, risk=20, detail={"hits": hits}) if hits else PASS


def contacts(draft: Draft) -> Result:
    """Links to elsewhere, telephone numbers, QQ and WeChat numbers: what advertisements live on."""
    rest = draft.body
    links = addresses_in(rest)
    for link in links:
        rest = rest.replace(link, " ")
    # One character for one, so that what is told is what was written.
    plain = plain_digits(rest)
    found = {"links": links + [match[0] for match in BARE_ADDRESS.finditer(rest)]}
    for kind, pattern in (("phones", PHONE), ("qq", QQ), ("wechat", WECHAT)):
        found[kind] = [rest[slice(*match.span())] for match in pattern.finditer(plain)]
    found = {kind: values[:10] for kind, values in found.items() if values}
    if not found:
        return PASS
    risk = min(80, 40 + 10 * sum(len(values) for values in found.values()))
    return Result(Outcome.HOLD, reason=Reason.CONTACT, risk=risk, detail=found)


def history(draft: Draft) -> Result:
    refused = sum(state != State.APPROVED for state in draft.past)
    detail = {"refused": refused, "decided": len(draft.past)}
    if refused >= LEAST_REFUSED and refused * 2 >= len(draft.past):
        return Result(Outcome.HOLD, reason=Reason.HISTORY, risk=50, detail=detail)
    return Result(Outcome.PASS, risk=min(30, refused * 10), detail=detail)


def default(draft: Draft) -> Result:
    """先审后发, unless the rules let this member be read at once."""
    policy = draft.rules.policy
    if policy.mode == Mode.TRUSTED and draft.is_trusted:
        return Result(Outcome.APPROVE, detail={"mode": policy.mode})
    if policy.mode == Mode.AFTER_N and draft.is_member and draft.approvals >= policy.needed_approvals:
        return Result(Outcome.APPROVE, detail={"mode": policy.mode, "approvals": draft.approvals})
    reason = Reason.EDITED if draft.is_edit else Reason.FIRST
    return Result(Outcome.WAIT, reason=reason, detail={"mode": policy.mode})


STEPS: dict[str, Step] = {
    "length": length,
    "closed": closed,
    "sanctions": sanctions,
    "rate": rate,
    "duplicate": duplicate,
    "words": words,
    "contacts": contacts,
    "history": history,
    "default": default,
}
# Where the rules want a proved number. Elsewhere nobody is asked, and nothing of it is written down.
STEPS_WITH_PHONE: dict[str, Step] = {"length": length, "closed": closed, "phone": phone} | STEPS
STEP_NAMES = {
    "length": "字数",
    "closed": "是否开放",
    "phone": "手机号",
    "sanctions": "处罚",
    "rate": "频率",
    "duplicate": "重复",
    "words": "敏感词",
    "contacts": "链接和联系方式",
    "history": "近期记录",
    "default": "审核方式",
}


# --- All of them ---


@dataclass(frozen=True)
class Verdict:
    """What all steps said, by name and in order, and which of them decided."""

    results: dict[str, Result]
    rule: str

    @property
    def deciding(self) -> Result:
        return self.results[self.rule]

    @property
    def is_refused(self) -> bool:
        return self.deciding.outcome == REFUSE

    @property
    def state(self) -> State:
        """The state of the comment; a refused one has none, and asking is an error."""
        return STATES[self.deciding.outcome]

    @property
    def risk(self) -> int:
        """0 to 100: the gravest finding, and a tenth of the others."""
        risks = sorted((result.risk for result in self.results.values()), reverse=True)
        return min(100, risks[0] + sum(risks[1:]) // 10)

    @property
    def links(self) -> int:
        found = self.results.get("contacts", PASS).detail
        return len(found.get("links", []))


def examine(draft: Draft, steps: dict[str, Step] | None = None) -> Verdict:
    """Ask all steps in order. The first whose word is final decides; after a refusal nobody is asked."""
    results: dict[str, Result] = {}
    rule = ""
    for name, step in (steps or (STEPS_WITH_PHONE if draft.rules.needs_phone else STEPS)).items():
        results[name] = step(draft)
        if results[name].outcome in FINAL and not rule:
            rule = name
        if results[name].outcome == REFUSE:
            return Verdict(results, name)
    return Verdict(results, rule)
