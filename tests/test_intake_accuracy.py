"""How well letters are read is counted from what clerks corrected, and from nothing else."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from access.rights import Role
from intake.corrections import COUNTED, accuracy
from intake.models import FieldCorrection, LetterDraft
from tests import world
from tests.test_intake_review import paste, send, signed_in

pytestmark = pytest.mark.django_db


def test_accepted_letters_are_counted_by_corrected_field() -> None:
    world.make_category()
    desk = signed_in(world.make_member(Role.CLERK))
    send(desk, paste(desk), "accept", signatory="谭远洲")
    rows = {row.field: row for row in accuracy()}
    assert set(rows) == set(COUNTED)
    assert (rows["signatory"].letters, rows["signatory"].corrected) == (1, 1)
    assert rows["date"].corrected == 0
    said = StringIO()
    call_command("letter_accuracy", stdout=said)
    assert "100 %" in said.getvalue()


def test_letters_that_nobody_reviewed_do_not_count() -> None:
    world.make_category()
    desk = signed_in(world.make_member(Role.CLERK))
    draft = paste(desk)
    FieldCorrection.objects.create(draft=draft, field="date")
    assert all(row.letters == 0 for row in accuracy())


def test_the_counts_are_shown_to_who_reads_letters_in_and_name_no_letter() -> None:
    world.make_category()
    desk = signed_in(world.make_member(Role.CLERK))
    send(desk, paste(desk), "accept", signatory="谭远洲")
    office = signed_in(world.make_member(Role.DEPUTIES_OFFICE))
    page = office.get(reverse("admin:intake_letterdraft_accuracy")).content.decode()
    assert "谭远洲" not in page
    assert Client().get(reverse("admin:intake_letterdraft_accuracy")).status_code == 302
    assert LetterDraft.objects.count() == 1
