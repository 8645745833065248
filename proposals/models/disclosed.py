"""What of a letter the public reads: proposed by its department, decided by the office (公开)."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from assemblies.models import Period
from proposals.guards import check
from proposals.models.dated import Dated
from proposals.models.event import Event
from proposals.models.proposal import Proposal
from proposals.private_words import found_in, texts_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.functional import Promise

    from proposals.models.reply import Reply


class Disclosed(Dated):
    """The part of a reply that is about its publication; published at last, never by default."""

    class Form(models.TextChoices):
        FULL = "full", _("Full text")
        ABSTRACT = "abstract", _("Abstract")

    disclosure = models.CharField(
        _("disclosure"),
        max_length=15,
        choices=Proposal.Disclosure,
        default=Proposal.Disclosure.UNDECIDED,
    )
    form = models.CharField(_("published as"), max_length=10, choices=Form, default=Form.FULL)
    abstract = models.TextField(
        _("abstract"), blank=True, help_text=_("Published instead of the text where so decided.")
    )
    publish_by = models.DateField(_("to be published by"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        sent_on: Any
        proposal: models.ForeignKey[Proposal, Proposal]
        proposal_id: int
        is_locked: Any
        disclosure_decisions: Any
        redactions: Any

        def _lock(self) -> None: ...
        def _record(
            self,
            kind: str,
            *,
            on: datetime.date,
            by: User | None,
            details: dict[str, Any] | None = None,
        ) -> None: ...

    @property
    def _letter(self) -> Reply:
        """Itself: whatever is about its publication or its way is a Reply."""
        return cast("Reply", self)

    def count_dates(self) -> None:
        rules = self.proposal.rules(on=self.sent_on) if self.sent_on else None
        starts = {Period.Start.REPLIED: self.sent_on}
        self._count("publish_by", Period.Step.DISCLOSURE, rules=rules, starts=starts)

    @property
    def is_published(self) -> bool:
        return (
            self.disclosure == Proposal.Disclosure.PROACTIVE
            and self.published_on is not None
            and self.withdrawn_on is None
        )

    @property
    def pending_decision(self) -> Any:
        """What the department proposed and nobody has decided yet, or None."""
        return self.disclosure_decisions.filter(approved_on=None).first()

    def why_not_propose_disclosure(self) -> str | Promise:
        if self.is_published:
            return _("The letter is public already.")
        return ""

    @transaction.atomic
    def propose_disclosure(
        self,
        *,
        mode: str,
        on: datetime.date,
        form: str = Form.FULL,
        abstract: str = "",
        reason: str = "",
        by: User | None = None,
    ) -> None:
        """The department says how it wants its letter published, or why it does not."""
        self._lock()
        check(self.why_not_propose_disclosure())
        if mode != Proposal.Disclosure.PROACTIVE and not reason.strip():
            raise ValidationError(_("Say why the letter is not published."))
        self._set_form(form, abstract, is_public=mode == Proposal.Disclosure.PROACTIVE)
        self.save(update_fields=["form", "abstract"])
        decision = self.pending_decision or self.disclosure_decisions.model(reply=self)
        decision.mode, decision.form, decision.reason = mode, self.form, reason
        decision.proposed_by, decision.proposed_on = by, on
        decision.save()
        self._record(Event.Kind.DISCLOSURE_PROPOSED, on=on, by=by, details={"mode": mode})

    def why_not_publish(self) -> str | Promise:
        if not self.is_locked:
            return _("A letter is published after it was sent.")
        if self.is_published:
            return _("The letter is public already.")
        if not Proposal.objects.published().filter(pk=self.proposal_id).exists():
            return _("Publish the proposal before its replies.")
        return ""

    @transaction.atomic
    def publish(
        self,
        *,
        on: datetime.date,
        reason: str,
        form: str = "",
        abstract: str = "",
        redact: Mapping[str, str] | None = None,
        by: User | None = None,
    ) -> None:
        """Decide for proactive disclosure and let the public read the letter.

        `form` and `abstract` are as they stand unless given. `redact` is what somebody has chosen
        to cover first; where nobody was asked, that is all that is found to be private: so it is
        with the words of an abstract that was written only now.
        """
        self._lock()
        check(self.why_not_publish())
        offered = found_in(self._letter) if redact is not None else []
        self._set_form(form or self.form, abstract or self.abstract, is_public=True)
        self.disclosure = Proposal.Disclosure.PROACTIVE
        self.published_on, self.withdrawn_on = on, None
        self.save(update_fields=["form", "abstract", "disclosure", "published_on", "withdrawn_on"])
        self._decide(Proposal.Disclosure.PROACTIVE, on=on, reason=reason, by=by)
        if redact:
            self._cover(redact, on=on, by=by)
        self.cover_what_is_private(on=on, by=by, but={item.words for item in offered})
        self._record(Event.Kind.REPLY_PUBLISHED, on=on, by=by)

    def why_not_withhold(self) -> str | Promise:
        if self.is_published:
            return _("The letter is public: withdraw it instead.")
        return ""

    @transaction.atomic
    def withhold(
        self, mode: str, *, on: datetime.date, reason: str, by: User | None = None
    ) -> None:
        """Decide that the letter is not published (on request, or withheld), with a reason."""
        self._lock()
        check(self.why_not_withhold())
        if not reason.strip():
            raise ValidationError(_("Say why the letter is not published."))
        self.disclosure, self.published_on, self.withdrawn_on = mode, None, None
        self.save(update_fields=["disclosure", "published_on", "withdrawn_on"])
        self._decide(mode, on=on, reason=reason, by=by)
        self._record(Event.Kind.DISCLOSURE_DECIDED, on=on, by=by, details={"mode": str(mode)})

    def why_not_withdraw(self) -> str | Promise:
        return "" if self.is_published else _("The letter is not public.")

    @transaction.atomic
    def withdraw(self, *, on: datetime.date, reason: str, by: User | None = None) -> None:
        """Take a published letter off the public pages, at once, with a reason."""
        self._lock()
        check(self.why_not_withdraw())
        if not reason.strip():
            raise ValidationError(_("Say why the letter is withdrawn."))
        if self.published_on and on < self.published_on:
            raise ValidationError(_("A reply is withdrawn after it was published."))
        self.withdrawn_on = on
        self.save(update_fields=["withdrawn_on"])
        self._decide(Proposal.Disclosure.WITHHELD, on=on, reason=reason, by=by)
        self._record(Event.Kind.REPLY_WITHDRAWN, on=on, by=by)

    @transaction.atomic
    def redact(
        self, words: Mapping[str, str], *, on: datetime.date, by: User | None = None
    ) -> None:
        """Cover these words (each with its reason) wherever the public would read them."""
        self._lock()
        if not words:
            raise ValidationError(_("Say which words are redacted."))
        self._cover(words, on=on, by=by)

    def why_not_lift_redaction(self) -> str | Promise:
        if self.is_published:
            return _("The letter is public: withdraw it before words are uncovered.")
        return "" if self.redactions.in_force().exists() else _("No words are redacted.")

    @transaction.atomic
    def lift_redaction(
        self, words: Iterable[str], *, on: datetime.date, reason: str, by: User | None = None
    ) -> None:
        """These words were covered by mistake: the public reads them once the letter is public."""
        self._lock()
        check(self.why_not_lift_redaction())
        if not reason.strip():
            raise ValidationError(_("Say why the words are no longer covered."))
        rows = list(self.redactions.in_force().filter(text__in=list(words)))
        if not rows:
            raise ValidationError(_("Choose the words that are no longer covered."))
        for row in rows:
            row.lifted_on, row.lift_reason = on, reason
            row.save(update_fields=["lifted_on", "lift_reason"])
        self._record(Event.Kind.UNCOVERED, on=on, by=by)

    def _cover(self, words: Mapping[str, str], *, on: datetime.date, by: User | None) -> None:
        texts = list(texts_of(self._letter))
        for text, reason in words.items():
            if not any(text in public for public in texts):
                raise ValidationError(
                    _("“%(words)s” does not stand in the letter, word for word."),
                    params={"words": text},
                )
            if not reason.strip():
                raise ValidationError(_("Say why the words are redacted: the public reads it."))
            if not self.redactions.in_force().filter(text=text).exists():
                row = self.redactions.model(
                    reply=self, text=text, reason=reason, decided_by=by, decided_on=on
                )
                row.full_clean()
                row.save()
        details = {"reasons": sorted(set(words.values()))}
        self._record(Event.Kind.REDACTED, on=on, by=by, details=details)

    def cover_what_is_private(
        self, *, on: datetime.date, by: User | None, but: Collection[str] = ()
    ) -> None:
        """What was found, where nobody is asked before it shows; but not what was decided on."""
        found = [item for item in found_in(self._letter) if item.words not in but]
        private = {item.words: item.reason for item in found if item.is_private}
        if private:
            self._cover(private, on=on, by=by)

    def _set_form(self, form: str, abstract: str, *, is_public: bool) -> None:
        if is_public and form == self.Form.ABSTRACT and not abstract.strip():
            raise ValidationError(_("Write the abstract before it is published."))
        self.form, self.abstract = form, abstract or self.abstract

    def _decide(self, mode: str, *, on: datetime.date, reason: str, by: User | None) -> None:
        """Write the decision: on what the department proposed, or of the office's own."""
        decision = self.pending_decision or self.disclosure_decisions.model(reply=self)
        decision.mode, decision.form = mode, self.form
        decision.reason = reason or decision.reason
        decision.approver, decision.approved_on = by, on
        decision.save()
