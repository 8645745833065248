"""Proposals from a sheet: submitted and registered by the same moves as on their pages."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.models import Assembly, Deputy, Session, Topic
from assemblies.resources import assemblies_of
from clerkadmin.columns import Choice, Column, Day, Listed, Named, YesNo
from clerkadmin.resources import SheetResource
from letters.numerals import whole_number
from proposals import registering, submitting
from proposals.models import Proposal, Sponsorship, number_key

KINDS = {
    "建议": Proposal.Kind.SUGGESTION,
    "代表建议": Proposal.Kind.SUGGESTION,
    "转为建议办理的议案": Proposal.Kind.BILL,
    "议案转建议": Proposal.Kind.BILL,
    "提案": Proposal.Kind.CPPCC_PROPOSAL,
    "政协提案": Proposal.Kind.CPPCC_PROPOSAL,
}
# 十四届三次会议, 第14届第3次, 14-3, 省人大十四届三次会议, 省十四届人大三次会议.
_COUNT = r"第?([〇零一二三四五六七八九十\d]{1,4})"
SESSION = re.compile(rf"(.*?){_COUNT}届(.*?){_COUNT}次(?:会议|全会|大会)?")
SESSION_KEY = re.compile(r"(.*?)(\d{1,3})()[-—](\d{1,3})")
# 林秀兰（城关代表团）: which of two of that name.
NAMESAKE = re.compile(r"(.+?)[（(](.+?)[）)]")


class ProposalResource(SheetResource):
    """A proposal is found by session and number; without a number by session and title."""

    fixed = ("kind", "in_session", "lead", "co_sponsors", "submitted_on")

    session = Column(
        "session",
        "届次",
        also=("届次会议", "会议", "会议届次"),
        widget=Named(),
        explanation=gettext_lazy(
            "As printed. With the assembly's name before it where you work for several."
        ),
        example="十四届三次会议",
        is_required=True,
    )
    number = Column(
        "number",
        "编号",
        also=("建议编号", "提案编号", "建议号", "提案号", "案号"),
        explanation=gettext_lazy("As printed, with its zeros. Empty: submitted, not registered."),
        example="0123",
    )
    kind = Column(
        "kind",
        "种类",
        also=("类别",),
        widget=Choice(KINDS),
        explanation=gettext_lazy(
            "建议 of a congress, 提案 of the CPPCC, unless it says otherwise."
        ),
        example="建议",
    )
    title = Column(
        "title",
        "标题",
        also=("案由", "题目", "建议标题", "提案标题", "建议名称", "提案名称"),
        explanation=gettext_lazy("At most 200 characters."),
        example="关于改善学校周边公交出行的建议",
        is_required=True,
    )
    lead = Column(
        "sheet_lead",
        "领衔人",
        also=("领衔代表", "第一提案人", "提案人", "提出人", "代表姓名"),
        widget=Named(),
        explanation=gettext_lazy(
            "A deputy of the assembly. Two of one name: 林秀兰（城关代表团）."
        ),
        example="林秀兰",
    )
    co_sponsors = Column(
        "sheet_co_sponsors",
        "联名人",
        also=("联名代表", "附议人", "联名人员"),
        widget=Listed(),
        explanation=gettext_lazy("In order, with 、 between."),
        example="周建国、陈志远",
    )
    topic = Column(
        "topic",
        "领域",
        also=("分类", "主题", "内容分类"),
        widget=Named(),
        explanation=gettext_lazy("One of the assembly's topics."),
        example="城乡建设",
    )
    in_session = Column(
        "in_session",
        "大会期间提出",
        also=("会议期间提出", "会上提出", "大会期间"),
        widget=YesNo(),
        explanation=gettext_lazy("是, or 否 for one put between sessions; 是 unless it says so."),
        example="是",
    )
    submitted_on = Column(
        "submitted_on",
        "提出日期",
        also=("提交日期", "收到日期"),
        widget=Day(),
        explanation=gettext_lazy("Needed for a new proposal: dates are counted from it."),
        example="2026-01-12",
    )
    registered_on = Column(
        "registered_on",
        "登记日期",
        also=("立案日期",),
        widget=Day(),
        explanation=gettext_lazy("Needed with a number: the day on which it was taken on."),
        example="2026-01-14",
    )
    reason = Column(
        "reason", "理由", also=("案据", "事由"), explanation=gettext_lazy("Why it is proposed.")
    )
    request = Column(
        "request",
        "具体建议",
        also=("具体要求", "方案", "建议内容"),
        explanation=gettext_lazy("What is asked for."),
    )
    wished_handler = Column(
        "wished_handler",
        "建议承办单位",
        also=("希望承办单位",),
        explanation=gettext_lazy("As the deputy wrote it; departments are assigned later."),
    )
    state = Column("get_state_display", "状态", readonly=True)
    disclosure = Column("get_disclosure_display", "公开", readonly=True)

    class Meta(SheetResource.Meta):
        model = Proposal

    def load(self) -> None:
        self.assemblies = list(assemblies_of(self.user, "proposals.proposal", right="import"))
        sessions = Session.objects.filter(assembly__in=self.assemblies).select_related("assembly")
        self.sessions = list(sessions)
        self.topics = {
            (topic.assembly_id, topic.name): topic
            for topic in Topic.objects.filter(assembly__in=self.assemblies)
        }
        self.deputies: dict[tuple[int, str], list[Deputy]] = {}
        for deputy in Deputy.objects.filter(assembly__in=self.assemblies):
            self.deputies.setdefault((deputy.assembly_id, deputy.name), []).append(deputy)
        self.columns["session"].widget.read = self._session
        self.numbered: dict[tuple[int, str], Proposal] = {}
        self.titled: dict[tuple[int, str], list[Proposal]] = {}
        self.assembly: Assembly | None = None
        for name in ("lead", "co_sponsors"):
            self.columns[name].widget.read = self._deputy
        self.columns["topic"].widget.read = self._topic

    def before_rows(self, rows: list[dict[str, str]]) -> None:
        """Fetch the proposals that the sheet may mean: of its sessions, by number and by title."""
        named = {row.get("届次", "") for row in rows} - {""}
        sessions = {self._session_or_none(name) for name in named} - {None}
        found = Proposal.objects.editable_by(self.user, "import").filter(session__in=sessions)
        numbers = {number_key(row.get("编号", "")) for row in rows} - {""}
        titles = {row.get("标题", "") for row in rows}
        meant = found.filter(Q(number_key__in=numbers) | Q(title__in=titles))
        for row in self.export_rows(meant.with_authors()):
            self.ready(row)
            if row.number_key:
                self.numbered[row.session_id, row.number_key] = row
            self.titled.setdefault((row.session_id, row.title), []).append(row)

    def find(self, row: dict[str, str]) -> Proposal | None:
        session = self.value(row, "session")
        self.assembly = session.assembly if session else None
        if session is None:
            return None
        titled = self.titled.get((session.pk, row.get("标题", "")), [])
        number = number_key(row.get("编号", ""))
        if number:
            # One that was handed in without a number is registered now.
            submitted = [one for one in titled if one.state == Proposal.State.SUBMITTED]
            return self.numbered.get((session.pk, number)) or _only(submitted)
        return _only(titled)

    def init_instance(self, row: Any = None) -> Proposal:
        """A suggestion of a congress, a proposal of the CPPCC, until the row says otherwise."""
        is_cppcc = self.assembly is not None and self.assembly.kind == Assembly.Kind.CPPCC
        kinds = Proposal.Kind
        return Proposal(kind=kinds.CPPCC_PROPOSAL if is_cppcc else kinds.SUGGESTION)

    def key(self, instance: Any) -> Any:
        return instance.session_id, number_key(instance.number) or instance.title

    def settle(self, instance: Any, *, is_new: bool) -> None:
        if instance.session_id is None:
            return
        self._keep_number(instance, is_new=is_new)
        if not is_new:
            self._keep_words(instance)
        lead, others = _sponsors(instance)
        if lead in others:
            raise ValidationError({"sheet_co_sponsors": _("The lead sponsor is named twice.")})
        if others and lead is None:
            raise ValidationError({"sheet_lead": _("Say who leads.")})
        if is_new and lead is None:
            self.note(_("It has no sponsor."))
        self._check_days(instance, is_new=is_new)

    def write(self, instance: Any, *, is_new: bool) -> None:
        number, on = instance.number, instance.registered_on
        is_registered = bool(number) and (is_new or not self.before["number"])
        if not is_registered:
            if is_new:
                registering.submit(instance, on=instance.submitted_on, by=self.user)
            else:
                instance.save()
        else:
            # First without its number: it is given by the move that registers.
            instance.number, instance.registered_on = "", None
            if is_new:
                registering.submit(instance, on=instance.submitted_on, by=self.user)
            elif set(self.changed) - {"number", "registered_on"}:
                instance.save()
            registering.register(instance, number=number, on=on, by=self.user)
            # The move has told this.
            self.changed = [n for n in self.changed if n not in ("number", "registered_on")]
        if is_new:
            self._write_sponsors(instance)

    def export_rows(self, rows: QuerySet) -> QuerySet:
        """With those who stand under each; who would not co-sign, or has not answered, does not."""
        sponsors = Sponsorship.objects.standing().order_by("order", "pk").select_related("deputy")
        rows = rows.select_related("session__assembly", "topic")
        return rows.prefetch_related(Prefetch("sponsorships", sponsors))

    @staticmethod
    def ready(row: Any) -> None:
        sponsors = list(row.sponsorships.all())
        leads = [one.deputy for one in sponsors if one.role == Sponsorship.Role.LEAD]
        row.sheet_lead = leads[0] if leads else None
        row.sheet_co_sponsors = [one.deputy for one in sponsors if one.deputy not in leads]

    # Reading a row ------------------------------------------------------------------------

    def _session(self, printed: str) -> Session:
        found = SESSION.fullmatch(printed) or SESSION_KEY.fullmatch(printed)
        place = f"{found[1]}{found[3]}" if found else ""
        term, number = (whole_number(found[2]), whole_number(found[4])) if found else (None, None)
        sessions = [
            one
            for one in self.sessions
            if (one.term, one.number) == (term, number) and _is_of(one.assembly, place)
        ]
        if not sessions:
            raise ValueError(
                _("No session of your assemblies is called “%(name)s”.") % {"name": printed}
            )
        if len(sessions) > 1:
            names = "、".join(str(one) for one in sessions)
            raise ValueError(_("Write which one is meant: %(names)s.") % {"names": names})
        return sessions[0]

    def _session_or_none(self, printed: str) -> Session | None:
        try:
            return self._session(printed)
        except ValueError:
            return None

    def _deputy(self, printed: str) -> Deputy | None:
        if self.assembly is None:
            # The session is at fault, and is told.
            return None
        named = NAMESAKE.fullmatch(printed)
        name, group = (named[1].strip(), named[2].strip()) if named else (printed, "")
        found = self.deputies.get((self.assembly.pk, name), [])
        if group:
            found = [one for one in found if group in (one.delegation, one.sector)]
        elif len(found) > 1:
            found = [one for one in found if one.is_serving] or found
        if not found:
            raise ValueError(
                _("No deputy of %(assembly)s is called “%(name)s”. Enter or import deputies first.")
                % {"assembly": self.assembly, "name": printed}
            )
        if len(found) > 1:
            choices = "、".join(f"{one.name}（{one.group or '—'}）" for one in found)
            raise ValueError(_("Write which one is meant: %(names)s.") % {"names": choices})
        return found[0]

    def _topic(self, printed: str) -> Topic | None:
        if self.assembly is None:
            return None
        topic = self.topics.get((self.assembly.pk, printed))
        if topic is None:
            names = "、".join(n for key, n in self.topics if key == self.assembly.pk)
            raise ValueError(
                _("“%(value)s” is not one of: %(choices)s.")
                % {"value": printed, "choices": names or "—"}
            )
        return topic

    def _keep_number(self, instance: Any, *, is_new: bool) -> None:
        """0123 and 123 are one number: it stays as it was printed first."""
        old = self.before.get("number")
        if old and number_key(old) == number_key(instance.number):
            instance.number = old
        if instance.number and not number_key(instance.number):
            raise ValidationError({"number": _("This is no number.")})

    def _keep_words(self, instance: Any) -> None:
        """What deputies wrote on their desk comes back as it went out; blanks may be lost."""
        now = self._values(instance)
        why_not = submitting.why_not_reword(instance)
        if not why_not:
            return
        errors = {}
        for name in submitting.TEXTS:
            if now[name].split() != self.before[name].split():
                errors[name] = why_not
            setattr(instance, name, self.before[name])
        if errors:
            raise ValidationError(errors)

    def _check_days(self, instance: Any, *, is_new: bool) -> None:
        submitted, registered = instance.submitted_on, instance.registered_on
        today = timezone.localdate()
        errors = {}
        if is_new and submitted is None:
            errors["submitted_on"] = _("Give the day: dates are counted from it.")
        if instance.number and registered is None and not self.before.get("number"):
            errors["registered_on"] = _("Give the day on which the number was given.")
        if registered and not instance.number:
            errors["number"] = _("A proposal is registered with its number.")
        if submitted and submitted > today:
            errors["submitted_on"] = _("This day has not come yet.")
        if registered and registered > today:
            errors["registered_on"] = _("This day has not come yet.")
        elif registered and submitted and registered < submitted:
            errors["registered_on"] = _("This day is before the proposal was submitted.")
        if self.before.get("number") and registered != (self.before["registered_on"] or None):
            errors["registered_on"] = _(
                "It is registered already. That is changed on its own page."
            )
        if errors:
            raise ValidationError(errors)

    def _write_sponsors(self, instance: Any) -> None:
        lead, others = _sponsors(instance)
        roles = Sponsorship.Role
        for order, deputy in enumerate([lead, *others] if lead else []):
            role = roles.LEAD if deputy == lead else roles.CO_SPONSOR
            row = Sponsorship(proposal=instance, deputy=deputy, role=role, order=order)
            row._change_reason = self.name  # type: ignore[attr-defined]
            row.save()


def _only(proposals: list[Proposal]) -> Proposal | None:
    if len(proposals) > 1:
        raise ValidationError({"title": _("Several proposals have this title: give the number.")})
    return proposals[0] if proposals else None


def _sponsors(instance: Any) -> tuple[Deputy | None, list[Deputy]]:
    lead = getattr(instance, "sheet_lead", None)
    return lead, getattr(instance, "sheet_co_sponsors", None) or []


def _is_of(assembly: Assembly, place: str) -> bool:
    """Whether a session that is printed with that name can be this assembly's."""
    names = (assembly.name, assembly.short_name)
    # 省十四届人大三次会议: the term stands inside the assembly's name.
    return not place or any(name and (place in name or name in place) for name in names)
