"""The holiday table: filled, kept by hand, and what a year announced late does to stored dates."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from access.rights import STAFF, Role
from assemblies import holidays
from assemblies.holidays import import_years, is_known, missing_years
from assemblies.models import Holiday, HolidayYear, Period
from proposals.models import Assignment, Event
from tests.admin_pages import filled_in, said
from tests.world import make_assignment, make_member, make_rules

pytestmark = pytest.mark.django_db

# As the State Council announced it (国办发明电〔2024〕12号 for 2025, and for 2026), typed by hand.
ANNOUNCED = {
    2025: {
        "off": "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
        "worked": "0126 0208 0427 0928 1011",
    },
    2026: {
        "off": "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
        "worked": "0104 0214 0228 0509 0920 1010",
    },
}


def days_of(year: int, text: str) -> set[date]:
    found: set[date] = set()
    for piece in text.split():
        first, _dash, last = piece.partition("-")
        begin, end = (
            date(year, int(day[:2]), int(day[2:])).toordinal() for day in (first, last or first)
        )
        found |= {date.fromordinal(day) for day in range(begin, end + 1)}
    return found


def make_uncertain(**fields) -> Assignment:
    """Assigned on 28 December 2026: ten working days reach into a year not announced."""
    rules = make_rules()
    period = {"count": 10, "unit": "working_day", "start": "assigned"}
    Period.objects.get_or_create(rules=rules, step="return", defaults=period)
    Period.objects.get_or_create(
        rules=rules, step="reply", defaults={"count": 3, "unit": "month", "start": "assigned"}
    )
    fields |= {"assigned_on": date(2026, 12, 28), "due_on": None}
    assignment = make_assignment(rules=rules, **fields)
    assignment.count_dates()
    assignment.save()
    return assignment


def announce_2027() -> None:
    """What the library would know once the year is announced: three days off at New Year."""
    Holiday.objects.create(day=date(2027, 1, 1), name="元旦")
    HolidayYear.objects.create(year=2027, is_announced=True)


@pytest.mark.parametrize("year", ANNOUNCED)
def test_the_table_is_filled_as_the_state_council_announced(year):
    import_years([year])

    rows = Holiday.objects.filter(day__year=year)
    assert set(rows.filter(is_working=False).values_list("day", flat=True)) == days_of(
        year, ANNOUNCED[year]["off"]
    )
    assert set(rows.filter(is_working=True).values_list("day", flat=True)) == days_of(
        year, ANNOUNCED[year]["worked"]
    )
    assert rows.get(day=date(year, 10, 1)).name == "国庆节"
    assert HolidayYear.objects.get(year=year).is_announced


def test_filling_it_again_changes_nothing():
    import_years([2026])
    before = list(Holiday.objects.values_list("day", "name", "is_working", "version"))

    (again,), recounted = import_years([2026])

    assert (again.added, again.differing, recounted) == (0, [], 0)
    assert list(Holiday.objects.values_list("day", "name", "is_working", "version")) == before


def test_by_default_every_year_that_is_known_is_filled():
    results, _recounted = import_years()

    assert {2025, 2026} <= {result.year for result in results}
    assert all(result.is_known and result.added for result in results)


def test_a_year_not_announced_is_marked_and_nothing_raises():
    assert not is_known(2099)

    (result,), recounted = import_years([2099])

    assert not result.is_known
    assert recounted == 0
    assert not HolidayYear.objects.get(year=2099).is_announced


def test_what_somebody_entered_by_hand_stays_and_is_named():
    Holiday.objects.create(day=date(2026, 10, 8), name="本市调休")
    Holiday.objects.create(day=date(2026, 10, 7), name="抗旱值班", is_working=True)

    (result,), _recounted = import_years([2026])

    assert result.differing == [date(2026, 10, 7), date(2026, 10, 8)]
    assert Holiday.objects.get(day=date(2026, 10, 7)).is_working
    assert "2026-10-07" in str(result)


def test_each_holiday_keeps_its_history():
    import_years([2026])

    holiday = Holiday.objects.get(day=date(2026, 10, 1))
    assert holiday.history.count() == 1


def test_a_date_over_a_year_not_announced_moves_once_the_year_is_known():
    import_years([2026])
    assignment = make_uncertain()
    # Weekends alone: 29, 30, 31 December, 1, 4, 5, 6, 7, 8 and 11 January.
    assert assignment.return_by == date(2027, 1, 11)
    assert assignment.is_unannounced("return_by")
    assert not assignment.is_unannounced("due_on")

    announce_2027()
    holidays.announced()

    assignment.refresh_from_db()
    # Without 1 January the tenth working day is the 12th.
    assert assignment.return_by == date(2027, 1, 12)
    assert assignment.unannounced == ""


def test_each_date_that_moved_is_in_the_history_and_one_event():
    clerk = make_member(Role.ADMINISTRATOR)
    assignment = make_uncertain()
    states = assignment.history.count()
    HolidayYear.objects.create(year=2026, is_announced=True)
    announce_2027()

    assert holidays.announced(by=clerk) == 1

    event = Event.objects.get(kind=Event.Kind.CHANGED)
    assert event.proposal == assignment.proposal
    assert event.department == assignment.department
    assert event.actor == clerk
    assert event.details["before"] == {"return_by": "2027-01-11"}
    assert event.details["after"] == {"return_by": "2027-01-12"}
    assert assignment.history.count() == states + 1


def test_a_date_that_stays_loses_its_mark_without_an_event():
    assignment = make_uncertain()
    HolidayYear.objects.create(year=2026, is_announced=True)
    HolidayYear.objects.create(year=2027, is_announced=True)

    assert holidays.announced() == 0

    assignment.refresh_from_db()
    assert assignment.unannounced == ""
    assert not Event.objects.filter(kind=Event.Kind.CHANGED).exists()


def test_what_is_still_not_known_keeps_its_mark():
    import_years([2026])
    assignment = make_uncertain()

    holidays.announced()

    assignment.refresh_from_db()
    assert assignment.is_unannounced("return_by")


def test_other_dates_of_the_row_stay_as_somebody_set_them():
    import_years([2026])
    assignment = make_uncertain()
    assignment.due_on = date(2027, 6, 30)
    assignment.save()
    announce_2027()

    holidays.announced()

    assignment.refresh_from_db()
    assert assignment.due_on == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 3, 1), []),
        (date(2026, 11, 1), [2027]),
        (date(2027, 2, 1), [2027]),
    ],
)
def test_the_site_knows_which_year_it_lacks(today, missing):
    import_years([2026])

    assert missing_years(on=today) == missing


def test_the_command_says_what_became_of_each_year():
    out = StringIO()

    call_command("import_holidays", "2026", "2099", stdout=out)

    assert "2026" in out.getvalue()
    assert "2099" in out.getvalue()
    assert Holiday.objects.filter(day__year=2026).exists()


def test_the_administrator_fills_the_table_with_a_button(client: Client):
    client.force_login(make_member(Role.ADMINISTRATOR))
    address = reverse("admin:assemblies_holidayyear_fill")
    assert address in client.get(reverse("admin:assemblies_holidayyear_changelist")).text
    assert client.get(address).status_code == 200

    answer = client.post(address)

    assert "2026" in said(answer)
    assert HolidayYear.objects.get(year=2026).is_announced


def test_looking_at_the_page_fills_nothing(client: Client):
    client.force_login(make_member(Role.ADMINISTRATOR))

    client.get(reverse("admin:assemblies_holidayyear_fill"))

    assert not Holiday.objects.exists()


@pytest.mark.parametrize("role", [role for role in STAFF if role != Role.ADMINISTRATOR])
def test_nobody_else_fills_the_table(client: Client, role):
    client.force_login(make_member(role))
    address = reverse("admin:assemblies_holidayyear_fill")

    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert not Holiday.objects.exists()


def test_a_year_entered_by_hand_counts_once_it_is_called_announced(client: Client):
    import_years([2026])
    assignment = make_uncertain()
    Holiday.objects.create(day=date(2027, 1, 1), name="元旦")
    year = HolidayYear.objects.create(year=2027)
    client.force_login(make_member(Role.ADMINISTRATOR))
    address = reverse("admin:assemblies_holidayyear_change", args=[year.pk])

    client.post(address, filled_in(client, address, is_announced="on"))

    assignment.refresh_from_db()
    assert assignment.return_by == date(2027, 1, 12)
