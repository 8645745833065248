"""Rules of handling that an assembly can take over: one preset a jurisdiction, with its source.

`presets.json` holds what the sources state and nothing else: a step that a rule does not name has
no period there. Periods are `[step, start, count, unit]`, with `when` where the rule differs for
proposals put in session and between sessions. An extension is counted in total from the
assignment.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from assemblies.models import Assembly, HandlingRules, Period

FILE = Path(__file__).resolve().parent / "presets.json"


class Evidence(models.TextChoices):
    """How much of the source was read when the preset was written."""

    FULL_TEXT = "full_text", _("The full text was read.")
    EXCERPT = "excerpt", _("Only an excerpt was read: compare it with the text in force.")


@dataclass(frozen=True)
class Preset:
    key: str
    name: str
    kind: str
    source: str
    evidence: Evidence
    remark: str
    valid_from: date | None
    valid_to: date | None
    every_deputy_rates: bool
    office_audits: bool
    requires_contact: bool
    periods: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def take_over(self, assembly: Assembly) -> HandlingRules:
        """Write the rules with their periods for that assembly; from then on they are its own."""
        if assembly.kind != self.kind:
            raise ValidationError(
                _("These rules are made for a %(kind)s.") % {"kind": Assembly.Kind(self.kind).label}
            )
        rules = HandlingRules(
            assembly=assembly,
            name=self.name,
            source=self.source,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            every_deputy_rates=self.every_deputy_rates,
            office_audits=self.office_audits,
            requires_contact=self.requires_contact,
        )
        rules.full_clean()
        rules.save()
        for facts in self.periods:
            period = Period(rules=rules, **facts)
            period.full_clean()
            period.save()
        return rules


@cache
def presets() -> dict[str, Preset]:
    """Every preset by its key, in the order of the file."""
    return {item["key"]: _preset(item) for item in json.loads(FILE.read_text("utf-8"))}


def _preset(item: dict[str, Any]) -> Preset:
    names = ("step", "start", "count", "unit", "when")
    item["periods"] = tuple(dict(zip(names, period, strict=False)) for period in item["periods"])
    item["valid_from"], item["valid_to"] = _day(item["valid_from"]), _day(item["valid_to"])
    item["evidence"] = Evidence(item["evidence"])
    return Preset(**item)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
