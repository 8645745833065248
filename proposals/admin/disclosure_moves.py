"""The publication of a letter, as buttons: proposed, redacted, published or not, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clerkadmin.forms import LinesField
from clerkadmin.moves import Move, MoveForm, ReasonForm
from proposals.admin.doubts import doubts_of_reply
from proposals.models import Proposal, Reply
from proposals.private_words import Found, found_in

Mode = Proposal.Disclosure
NOT_PUBLIC = [(mode.value, mode.label) for mode in (Mode.ON_REQUEST, Mode.WITHHELD)]


class WithForm(forms.Form):
    """Full text or abstract, as it stands now or as the department has proposed."""

    form = forms.ChoiceField(
        label=_("published as"), choices=Reply.Form, widget=forms.RadioSelect, required=False
    )
    abstract = forms.CharField(
        label=_("abstract"),
        widget=forms.Textarea(attrs={"rows": 6, "cols": 90}),
        required=False,
        help_text=_("Published instead of the text where so decided."),
    )

    rows: Sequence[Any]

    def fill_in(self) -> None:
        reply = self.rows[0]
        self.fields["form"].initial = reply.form
        self.fields["abstract"].initial = reply.abstract

    def clean_form(self) -> str:
        return self.cleaned_data["form"] or self.rows[0].form


class WithPrivateWords(forms.Form):
    """What was found in the letter and is no reader's business: chosen already, where it is."""

    redact = forms.MultipleChoiceField(
        label=_("Words to redact"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Found in the letter. As many black squares stand there for the public."),
    )

    rows: Sequence[Any]

    def offer(self) -> None:
        self.found = {item.words: item for item in found_in(self.rows[0])}
        field: Any = self.fields["redact"]
        if not self.found:
            del self.fields["redact"]
            return
        field.choices = [(words, _in_its_place(item)) for words, item in self.found.items()]
        field.initial = [words for words, item in self.found.items() if item.is_private]

    def clean_redact(self) -> dict[str, str]:
        """Each chosen word with its reason."""
        return {words: self.found[words].reason for words in self.cleaned_data["redact"]}


def _in_its_place(item: Found) -> str:
    before, after = (" ".join(text.split()) for text in (item.before, item.after))
    return f"{item.kind.label}：…{before}【{item.words}】{after}…"


class ProposeForm(MoveForm, WithForm):
    mode = forms.ChoiceField(
        label=_("disclosure"),
        widget=forms.RadioSelect,
        choices=[(Mode.PROACTIVE.value, Mode.PROACTIVE.label), *NOT_PUBLIC],
    )
    reason = forms.CharField(
        label=_("reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Where the letter is not to be published."),
    )
    field_order = ["on", "mode", "form", "abstract", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill_in()
        pending = self.rows[0].pending_decision
        self.fields["mode"].initial = pending.mode if pending else Mode.PROACTIVE
        self.fields["reason"].initial = pending.reason if pending else ""


class PublishForm(ReasonForm, WithForm, WithPrivateWords):
    field_order = ["on", "form", "abstract", "redact", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill_in()
        self.offer()


class RedactForm(MoveForm, WithPrivateWords):
    words = LinesField(
        label=_("Other words to redact"),
        required=False,
        help_text=_("As they stand in the letter, one a line."),
    )
    reason = forms.CharField(
        label=_("reason of the other words"),
        max_length=200,
        required=False,
        help_text=_("The public reads it: say what the words are, not the words."),
    )
    field_order = ["on", "redact", "words", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        words, reason = data.pop("words", []), data.pop("reason", "")
        if words and not reason.strip():
            raise ValidationError({"reason": _("Say why the words are redacted.")})
        return {**data, "redact": data.get("redact", {}) | dict.fromkeys(words, reason)}


class LiftForm(ReasonForm):
    """Which of the words that are covered now."""

    words = forms.MultipleChoiceField(
        label=_("Redacted words"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["on", "words", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["words"]
        rows = self.rows[0].redactions.in_force()
        field.choices = [(row.text, f"{row.text}（{row.reason}）") for row in rows]


class WithholdForm(ReasonForm):
    choice = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, choices=NOT_PUBLIC)


def doubts_of_publication(reply: Reply) -> list[str | Promise]:
    """What the department wanted, where that was something else."""
    pending = reply.pending_decision
    said = doubts_of_reply(reply)
    if pending and pending.mode != Mode.PROACTIVE:
        facts = {"mode": pending.get_mode_display(), "reason": pending.reason}
        said.append(_("The department proposes: %(mode)s. Its reason: %(reason)s") % facts)
    return said


PROPOSE = Move(
    name="propose_disclosure",
    label=_("Propose the disclosure"),
    explanation=_("The deputies' office decides. Not publishing a letter needs a reason."),
    run=Reply.propose_disclosure,
    guard=Reply.why_not_propose_disclosure,
    is_shown=lambda reply: reply.disclosure == Mode.UNDECIDED,
    form=ProposeForm,
    is_single=True,
)
REDACT = Move(
    name="redact",
    label=_("Redact words"),
    explanation=_(
        "The public reads black squares instead, in every version and in what is downloaded. "
        "The letter itself stays as it is."
    ),
    run=lambda reply, *, redact, **facts: reply.redact(redact, **facts),
    form=RedactForm,
    is_single=True,
)
LIFT_REDACTION = Move(
    name="lift_redaction",
    label=_("Lift a redaction"),
    explanation=_("For words that were covered by mistake, while the letter is not public."),
    run=lambda reply, *, words, **facts: reply.lift_redaction(words, **facts),
    guard=Reply.why_not_lift_redaction,
    form=LiftForm,
    is_single=True,
)
PUBLISH = Move(
    name="publish",
    label=_("Publish as proactive"),
    explanation=_("Anyone can then read the letter and follow its promises."),
    run=Reply.publish,
    guard=Reply.why_not_publish,
    is_shown=lambda reply: not reply.is_published,
    doubts=doubts_of_publication,
    form=PublishForm,
    is_single=True,
)
WITHDRAW = Move(
    name="withdraw",
    label=_("Withdraw from the public"),
    explanation=_("The letter leaves the public pages at once. The reason is kept."),
    run=Reply.withdraw,
    guard=Reply.why_not_withdraw,
    is_shown=lambda reply: reply.is_published,
    form=ReasonForm,
)
WITHHOLD = Move(
    name="withhold",
    label=_("Do not publish"),
    explanation=_("The letter is given out on request only, or not at all."),
    run=lambda reply, *, choice, **facts: reply.withhold(choice, **facts),
    guard=Reply.why_not_withhold,
    is_shown=lambda reply: not reply.is_published,
    form=WithholdForm,
)
DISCLOSURE = (PROPOSE, REDACT, LIFT_REDACTION, PUBLISH, WITHHOLD, WITHDRAW)
