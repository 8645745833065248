"""When something is due: every rule of docs/deadlines.md, on days worked out by hand."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from assemblies.deadlines import Due, add_months, add_working_days, due
from assemblies.holidays import import_years
from assemblies.models import HandlingRules, Holiday, HolidayYear, Period
from clerkadmin.lights import light, shown_date
from tests.world import make_assignment, make_proposal, make_rules

pytestmark = pytest.mark.django_db
Start, Step, Unit, When = Period.Start, Period.Step, Period.Unit, Period.When


def make_period(
    step: str = Step.REPLY, *, count: int | None = 3, unit: str = Unit.MONTH, **fields
) -> Period:
    fields.setdefault("start", Start.ASSIGNED)
    rules = fields.pop("rules", None) or make_rules()
    return Period.objects.create(rules=rules, step=step, count=count, unit=unit, **fields)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-03-10", 3, "2025-06-10"),
        # A month that is too short ends on its last day.
        ("2025-11-30", 3, "2026-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-08-31", 1, "2025-09-30"),
        # And the last day of a short month is no last day of a long one.
        ("2026-02-28", 3, "2026-05-28"),
        ("2024-02-29", 12, "2025-02-28"),
        # Over the end of a year.
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-10-15", 3, "2026-01-15"),
        ("2025-12-01", 1, "2026-01-01"),
        ("2025-06-30", 6, "2025-12-30"),
        ("2025-12-05", 12, "2026-12-05"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_its_last(start, months, end):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_the_day_on_which_a_period_begins_is_not_counted():
    period = SimpleNamespace(count=10, unit=Unit.DAY)

    assert due(period, start=date(2025, 12, 25)) == Due(date(2026, 1, 4))
    assert due(period, start=date(2024, 2, 20)) == Due(date(2024, 3, 1))


def test_a_date_on_a_holiday_is_not_moved():
    import_years([2025])

    found = due(make_period(count=1), start=date(2025, 9, 1))

    assert found.on == date(2025, 10, 1)
    assert found.is_announced


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        # An ordinary week: Monday to Monday.
        ("2025-06-09", 5, "2025-06-16"),
        # Spring Festival 2025: Sunday 26 January and Saturday 8 February are worked.
        ("2025-01-24", 1, "2025-01-26"),
        ("2025-01-27", 1, "2025-02-05"),
        ("2025-01-27", 4, "2025-02-08"),
        ("2025-01-27", 5, "2025-02-10"),
        # National Day 2025: eight days off, 28 September and 11 October are worked.
        ("2025-09-26", 4, "2025-10-09"),
        ("2025-09-30", 3, "2025-10-11"),
        ("2025-10-01", 1, "2025-10-09"),
        # Spring Festival 2026: nine days off, 14 and 28 February are worked.
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-27", 1, "2026-02-28"),
        # National Day 2026: 20 September and 10 October are worked.
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-09-30", 3, "2026-10-10"),
        # Over New Year: 1 to 3 January 2026 are off, Sunday 4 January is worked.
        ("2025-12-30", 2, "2026-01-04"),
    ],
)
def test_working_days_follow_the_holiday_table(start, count, end):
    import_years([2025, 2026])

    found = add_working_days(date.fromisoformat(start), count)

    assert found == Due(date.fromisoformat(end), is_announced=True)


def test_over_a_year_not_announced_weekends_alone_count_and_the_date_says_so():
    import_years([2026])

    # Thursday 31 December 2026 is worked; 1 January 2027 is counted like any Friday.
    assert add_working_days(date(2026, 12, 30), 1) == Due(date(2026, 12, 31), is_announced=True)
    assert add_working_days(date(2026, 12, 30), 2) == Due(date(2027, 1, 1), is_announced=False)


def test_a_fixed_day_is_the_next_one_of_the_calendar():
    fixed = {"count": None, "unit": "", "fixed_month": 5, "fixed_day": 30}
    period = make_period(Step.CO_HANDLING, **fixed)

    assert due(period, start=date(2026, 5, 30)).on == date(2026, 5, 30)
    assert due(period, start=date(2026, 5, 31)).on == date(2027, 5, 30)


def test_a_fixed_29_february_is_the_28th_in_other_years():
    fixed = {"count": None, "unit": "", "fixed_month": 2, "fixed_day": 29}
    period = make_period(Step.CO_HANDLING, **fixed)

    assert due(period, start=date(2026, 1, 5)).on == date(2026, 2, 28)
    assert due(period, start=date(2028, 1, 5)).on == date(2028, 2, 29)


def test_until_receipt_is_acknowledged_a_period_counts_from_the_assignment():
    rules = make_rules()
    make_period(Step.RETURN, count=10, unit=Unit.DAY, start=Start.ACKNOWLEDGED, rules=rules)
    assignment = make_assignment(rules=rules, assigned_on=date(2026, 3, 2))

    assignment.count_dates()
    assert assignment.return_by == date(2026, 3, 12)

    assignment.acknowledged_on = date(2026, 3, 6)
    assignment.count_dates()
    assert assignment.return_by == date(2026, 3, 16)


def test_a_proposal_put_between_sessions_has_its_own_period():
    rules = make_rules()
    make_period(count=5, when=When.IN_SESSION, rules=rules)
    make_period(count=3, when=When.OUT_OF_SESSION, rules=rules)
    put_in = make_assignment(rules=rules, assigned_on=date(2026, 3, 2))
    between = make_assignment(
        make_proposal("0200", in_session=False), rules=rules, assigned_on=date(2026, 3, 2)
    )

    put_in.count_dates()
    between.count_dates()

    assert put_in.due_on == date(2026, 8, 2)
    assert between.due_on == date(2026, 6, 2)


def test_what_is_said_for_all_holds_where_nothing_else_is_said():
    rules = make_rules()
    make_period(count=3, rules=rules)
    make_period(count=5, when=When.IN_SESSION, rules=rules)

    in_session = rules.period(Step.REPLY, in_session=True)
    between = rules.period(Step.REPLY, in_session=False)

    assert in_session and between
    assert (in_session.count, between.count) == (5, 3)


def test_a_step_is_counted_only_from_an_event_that_it_has():
    period = Period(
        rules=make_rules(), step=Step.FEEDBACK, start=Start.ASSIGNED, count=15, unit=Unit.DAY
    )

    with pytest.raises(ValidationError) as refused:
        period.full_clean()

    assert "start" in refused.value.message_dict


def test_no_day_of_a_year_that_nobody_announced_raises():
    assert not HolidayYear.objects.exists()
    assert not Holiday.objects.exists()

    assert add_working_days(date(2099, 6, 1), 5) == Due(date(2099, 6, 8), is_announced=False)


@pytest.mark.parametrize(
    ("due_on", "name", "look"),
    [
        (date(2026, 4, 1), "green", ""),
        (date(2026, 3, 26), "green", ""),
        (date(2026, 3, 25), "yellow", "light-soon"),
        (date(2026, 3, 16), "yellow", "light-soon"),
        (date(2026, 3, 15), "red", "light-now"),
        (date(2026, 3, 10), "red", "light-now"),
        (date(2026, 3, 9), "red", "light-over"),
    ],
)
def test_lights_change_on_the_days_that_the_rules_say(due_on, name, look):
    found = light(due_on, date(2026, 3, 10), 15, 5)

    assert (found.name, found.look) == (name, look)
    assert found.days_left == (due_on - date(2026, 3, 10)).days
    assert str(abs(found.days_left)) in found.words or found.days_left == 0


def test_a_light_says_in_words_what_its_colour_says():
    today = date(2026, 3, 10)
    lights = [light(date(2026, 3, day), today) for day in (8, 10, 12, 20, 30)]

    # Each has words and an icon of its own: nobody needs to tell colours apart.
    assert len({lamp.words for lamp in lights}) == 5
    assert [lamp.icon for lamp in lights] == [
        "i-overdue",
        "i-flag",
        "i-flag",
        "i-moving",
        "i-date",
    ]


def test_a_date_is_shown_with_its_days_left_and_whether_it_is_certain():
    today, due_on = date(2026, 3, 10), date(2026, 3, 12)

    waiting = shown_date(due_on, today=today, is_certain=False)
    done = shown_date(due_on, today=today, is_done=True)

    assert 'datetime="2026-03-12"' in waiting
    assert light(due_on, today).words in waiting
    assert "not-announced" in waiting
    assert "light" not in done
    assert "—" in shown_date(None)


def test_rules_know_their_periods_with_one_query(django_assert_num_queries):
    make_period()
    rules = HandlingRules.objects.prefetch_related("periods").get()

    with django_assert_num_queries(0):
        assert rules.period(Step.REPLY)
