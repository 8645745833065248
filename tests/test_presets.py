"""The rules that can be taken over: every due date of each, worked out by hand.

The hand's calendar, as the State Council announced it: National Day 2025 is off from 1 to 8
October, Sunday 28 September and Saturday 11 October are worked; Spring Festival 2026 is off from
15 to 23 February, Saturday 14 and Saturday 28 February are worked.
"""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from access.rights import STAFF, Role
from assemblies.deadlines import due
from assemblies.holidays import import_years
from assemblies.models import Assembly, HandlingRules, Period
from assemblies.presets import Evidence, presets
from tests.world import make_assembly, make_member

pytestmark = pytest.mark.django_db
Start = Period.Start

# When each event happens: before National Day 2025, and before Spring Festival 2026.
NATIONAL_DAY = {
    Start.RECEIVED: date(2025, 9, 25),
    Start.ASSIGNED: date(2025, 9, 28),
    Start.ACKNOWLEDGED: date(2025, 9, 30),
    Start.REPLIED: date(2025, 9, 26),
    Start.RATED: date(2025, 9, 30),
    Start.SENT_BACK: date(2025, 9, 29),
    Start.REPORTED: date(2025, 9, 26),
}
SPRING_FESTIVAL = {
    Start.RECEIVED: date(2026, 2, 9),
    Start.ASSIGNED: date(2026, 2, 11),
    Start.ACKNOWLEDGED: date(2026, 2, 13),
    Start.REPLIED: date(2026, 2, 10),
    Start.RATED: date(2026, 1, 31),
    Start.SENT_BACK: date(2026, 2, 13),
    Start.REPORTED: date(2026, 2, 10),
}
# {preset: {step: (due over National Day 2025, due over Spring Festival 2026)}}
BY_HAND = {
    "national-2025": {
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
    },
    "fujian-before-2025": {
        "co_handling": ("2025-10-28", "2026-03-11"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
    },
    "xiamen-2025": {
        "co_handling": ("2025-11-28", "2026-04-11"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "feedback": ("2025-10-23", "2026-03-09"),
        "commitment_feedback": ("2025-10-23", "2026-03-09"),
        "rehandling": ("2025-10-30", "2026-02-28"),
    },
    "zhejiang-2016": {
        "return": ("2025-10-10", "2026-02-23"),
        "co_handling": ("2025-11-30", "2026-04-13"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "rehandling": ("2025-10-30", "2026-02-28"),
    },
    "shanghai-2015": {
        "assign out_of_session": ("2025-10-11", "2026-02-25"),
        "return": ("2025-10-16", "2026-03-02"),
        "co_handling": ("2025-10-30", "2026-03-13"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "rehandling": ("2025-10-30", "2026-02-28"),
    },
    "beijing-2014": {
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "feedback": ("2025-10-23", "2026-03-09"),
        "rehandling": ("2025-11-30", "2026-03-31"),
    },
    "chongqing-2018": {
        "assign out_of_session": ("2025-10-15", "2026-02-28"),
        "return": ("2025-10-17", "2026-03-03"),
        "reassign": ("2025-10-15", "2026-02-28"),
        "co_handling": ("2025-11-14", "2026-03-31"),
        "opinion_redone": ("2025-10-13", "2026-02-27"),
        "contact": ("2025-11-04", "2026-03-19"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "feedback": ("2025-10-30", "2026-03-16"),
        "commitment_feedback": ("2025-10-30", "2026-03-16"),
        "rehandling": ("2025-11-30", "2026-03-31"),
    },
    "shandong-2017": {
        "assign": ("2025-09-30", "2026-02-14"),
        "return": ("2025-10-03", "2026-02-16"),
        "co_handling": ("2025-10-30", "2026-03-13"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "rehandling": ("2025-10-30", "2026-02-28"),
    },
    "qingdao-2021": {
        "assign out_of_session": ("2025-10-09", "2026-02-14"),
        "return": ("2025-10-14", "2026-02-27"),
        "co_handling": ("2025-10-30", "2026-03-13"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
    },
    "henan-2017": {
        "return": ("2025-10-17", "2026-03-03"),
        "reassign": ("2025-10-15", "2026-02-28"),
        "co_handling": ("2025-11-30", "2026-04-13"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "feedback": ("2025-10-16", "2026-03-02"),
        "rehandling": ("2025-10-30", "2026-02-28"),
    },
    "sichuan-suggestions-2024": {
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "rehandling": ("2025-12-30", "2026-04-30"),
    },
    "sichuan-proposals-2024": {
        "reply in_session": ("2026-02-28", "2026-07-11"),
        "reply out_of_session": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-03-28", "2026-08-11"),
        "rehandling": ("2025-12-30", "2026-04-30"),
    },
    "fuzhou-cppcc-2019": {
        "return": ("2025-10-05", "2026-02-18"),
        "reply": ("2026-02-28", "2026-07-11"),
        "extension": ("2026-03-28", "2026-08-11"),
    },
    "city-2008": {
        "return": ("2025-10-08", "2026-02-21"),
        "co_handling": ("2025-10-28", "2026-03-11"),
        "reply": ("2025-12-28", "2026-05-11"),
        "extension": ("2026-01-28", "2026-06-11"),
    },
}


def assembly_for(key: str) -> Assembly:
    kind = presets()[key].kind
    return make_assembly(kind, kind=kind, name=f"某市{kind}")


def named(period: Period) -> str:
    return period.step if period.when == Period.When.ALWAYS else f"{period.step} {period.when}"


def test_every_preset_has_its_dates_in_the_table():
    assert list(BY_HAND) == list(presets())


@pytest.mark.parametrize("key", BY_HAND)
def test_the_due_dates_of_a_preset_are_those_worked_out_by_hand(key):
    import_years([2025, 2026])
    rules = presets()[key].take_over(assembly_for(key))

    counted = {
        named(period): tuple(
            due(period, start=days[period.start]).on.isoformat()
            for days in (NATIONAL_DAY, SPRING_FESTIVAL)
        )
        for period in rules.periods.all()
    }

    assert counted == BY_HAND[key]


@pytest.mark.parametrize("key", BY_HAND)
def test_a_preset_says_where_it_comes_from_and_how_much_of_it_was_read(key):
    preset = presets()[key]

    assert "http" in preset.source or "github.com" in preset.source
    assert preset.evidence in Evidence
    assert Period.Step.REPLY in {period["step"] for period in preset.periods}


def test_rules_taken_over_are_the_assembly_s_own_and_leave_the_preset_as_it_is():
    rules = presets()["chongqing-2018"].take_over(make_assembly())
    reply = rules.periods.get(step=Period.Step.REPLY)
    reply.count = 2
    reply.save()

    other = presets()["chongqing-2018"].take_over(make_assembly("other"))

    assert other.periods.get(step=Period.Step.REPLY).count == 3
    assert rules.requires_contact
    assert not rules.every_deputy_rates
    assert rules.valid_from == date(2018, 1, 1)


def test_rules_of_a_congress_are_not_taken_over_for_a_cppcc_committee():
    committee = make_assembly("cppcc", kind=Assembly.Kind.CPPCC)

    with pytest.raises(ValidationError):
        presets()["beijing-2014"].take_over(committee)

    assert not HandlingRules.objects.exists()


def test_the_same_rules_are_not_taken_over_twice():
    presets()["beijing-2014"].take_over(make_assembly())

    with pytest.raises(ValidationError):
        presets()["beijing-2014"].take_over(make_assembly())

    assert Period.objects.count() == len(presets()["beijing-2014"].periods)


def test_the_administrator_takes_rules_over_and_lands_on_their_page(client: Client):
    client.force_login(make_member(Role.ADMINISTRATOR))
    address = reverse("admin:assemblies_handlingrules_preset")
    assert address in client.get(reverse("admin:assemblies_handlingrules_changelist")).text
    assert presets()["shanghai-2015"].source in client.get(address).text

    data = {"assembly": make_assembly().pk, "preset": "shanghai-2015"}
    answer = client.post(address, data)

    rules = HandlingRules.objects.get()
    assert answer.url == reverse("admin:assemblies_handlingrules_change", args=[rules.pk])
    assert client.get(answer.url).status_code == 200
    assert rules.every_deputy_rates


def test_rules_that_do_not_fit_stay_on_the_page_with_the_reason(client: Client):
    client.force_login(make_member(Role.ADMINISTRATOR))
    data = {"assembly": make_assembly().pk, "preset": "fuzhou-cppcc-2019"}

    answer = client.post(reverse("admin:assemblies_handlingrules_preset"), data)

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize("role", [role for role in STAFF if role != Role.ADMINISTRATOR])
def test_nobody_else_takes_rules_over(client: Client, role):
    client.force_login(make_member(role))
    address = reverse("admin:assemblies_handlingrules_preset")
    data = {"assembly": make_assembly().pk, "preset": "beijing-2014"}

    assert client.get(address).status_code == 404
    assert client.post(address, data).status_code == 404
    assert not HandlingRules.objects.exists()
