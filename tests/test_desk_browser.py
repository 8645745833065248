"""The desk and the pages of the admin as they stand in a browser: on a phone, and in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from access.rights import Role
from proposals.models import Assignment, CoHandlingOpinion
from tests.sitting import DESK, PHONE, Sit, fits, is_for_all
from tests.world import (
    make_assignment,
    make_commitment,
    make_department,
    make_member,
    make_proposal,
    make_reply,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whose page it is, and its name.
PAGES = {
    "desk": ("clerk", "admin:index"),
    "departments": ("office", "admin:index"),
    "list": ("clerk", "admin:proposals_assignment_changelist"),
    "page": ("clerk", "admin:proposals_assignment_change"),
    "form": ("clerk", "admin:proposals_contact_add"),
    "move": ("clerk", "admin:proposals_assignment_move"),
    "history": ("clerk", "admin:proposals_assignment_history"),
    "timeline": ("clerk", "admin:proposals_proposal_timeline"),
    "password": ("clerk", "admin:password_change"),
    "sign-in": ("", "admin:login"),
}
# The smallest side of what a finger meets, in CSS pixels (WCAG 2.2, 2.5.8).
TOUCH = 24

# Django's rows below a page have a column without a name, for what the row is called.
RULES = {"rules": {"empty-table-header": {"enabled": False}}}


@pytest.fixture
def part() -> Assignment:
    """A clerk with something late, something soon and a letter; an office with its departments."""
    today = timezone.localdate()
    make_member(Role.CLERK, "clerk")
    make_member(Role.ASSIGNING_OFFICE, "office")
    part = make_assignment(
        due_on=today - timedelta(days=2), acknowledged_on=today - timedelta(days=60)
    )
    make_assignment(make_proposal("0124"), return_by=today + timedelta(days=9))
    helper = make_assignment(department=make_department("云平市财政局"), role="co_handling")
    CoHandlingOpinion.objects.create(
        assignment=helper, requested_on=today - timedelta(days=30), due_on=today
    )
    make_commitment(make_reply(make_proposal("0125")))
    return part


@pytest.fixture
def open_page(sit: Sit, part, django_user_model) -> Callable[..., Page]:
    """Opens the page of that name as whoever it is for."""
    arguments = {
        "admin:proposals_assignment_change": [part.pk],
        "admin:proposals_assignment_history": [part.pk],
        "admin:proposals_assignment_move": ["ask_extension"],
        "admin:proposals_proposal_timeline": [part.proposal_id],
    }

    def open_page(name: str, width: int = DESK, **facts) -> Page:
        username, address = PAGES[name]
        user = django_user_model.objects.get(username=username) if username else None
        query = f"?ids={part.pk}" if address.endswith("_move") else ""
        path = reverse(address, args=arguments.get(address, []))
        return sit(user, width, at=f"{path}{query}", **facts)

    return open_page


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out_of_any_page(open_page, name, width):
    page = open_page(name, width, bypass_csp=True)
    is_for_all(page, **RULES)


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_no_page_is_wider_than_the_phone(open_page, name):
    fits(open_page(name, PHONE))


def test_a_row_leads_to_what_is_to_be_done_by_the_keyboard(open_page):
    page = open_page("desk")
    button = page.locator(".waits .button").first
    button.focus()
    expect(button).to_have_css("outline-style", "solid")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/proposals/"))


@pytest.mark.parametrize("name", ["desk", "departments", "list", "move"])
def test_what_a_finger_meets_is_large_enough(open_page, name):
    page = open_page(name, PHONE)
    small = page.evaluate(
        """least => [...document.querySelectorAll(
                'button, a.button, input:not([type=hidden]), select, .deskbar a')]
            .filter(e => e.checkVisibility())
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < least || box.width < least))
            .map(([html]) => html)""",
        TOUCH,
    )
    assert not [html for html in small if "checkbox" not in html], small


def test_the_desk_reads_without_a_script(open_page):
    page = open_page("desk", java_script_enabled=False)
    expect(page.locator(".waits .button").nth(1)).to_be_visible()
