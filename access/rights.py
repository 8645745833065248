"""Who may do what, where: the one table of rights. docs/roles.md is written from it.

A right is a row: a role, a kind of row (`app.model`), what it may do with it (the admin's `view`,
`add`, `change`, `import`, `export`, and the moves by their names) and where, that is, with which
rows. `access.sight` is the gate that reads the table.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A place in the handling of proposals; each of those who work here is a group of accounts."""

    DEPUTIES_OFFICE = "deputies_office", _("Deputies' office")
    ASSIGNING_OFFICE = "assigning_office", _("Assigning office")
    CLERK = "department_clerk", _("Department clerk")
    REVIEWER = "department_reviewer", _("Department reviewer")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")
    DEPUTY = "deputy", _("Deputy")


# Who work in the admin. A deputy has a desk of their own, and no page there.
STAFF = tuple(role for role in Role if role != Role.DEPUTY)


class Where(models.TextChoices):
    """With which rows: each kind of row says what that means for it (`sight`)."""

    ALL = "all", _("all")
    ASSEMBLY = "assembly", _("of the assemblies that the office works for")
    PART = "part", _("of proposals in which the own department has a part")
    ANSWERING = "answering", _("of proposals that the own department answers")
    OWN = "own", _("of the own department")
    WRITTEN = "written", _("of letters that the own department has written")
    SPONSORED = "sponsored", _("of proposals under which the own name stands")
    LED = "led", _("of proposals of which one is the lead sponsor")
    MINE = "mine", _("about oneself")


@dataclass(frozen=True)
class Right:
    role: Role
    kind: str
    may: frozenset[str]
    where: Where


_OFFICES = (Role.DEPUTIES_OFFICE, Role.ASSIGNING_OFFICE)
_DEPARTMENT = (Role.CLERK, Role.REVIEWER)
_HANDLERS = (*_OFFICES, *_DEPARTMENT, Role.SUPERVISOR)

# (roles, kinds, what they may do, where)
_ROWS: tuple[tuple[tuple[Role, ...], str, str, Where], ...] = (
    # The frame: everybody who works here reads it, few change it.
    (
        STAFF,
        "assemblies.assembly assemblies.session assemblies.topic assemblies.deputy "
        "assemblies.categoryscheme assemblies.category assemblies.ratingscale assemblies.rating "
        "assemblies.handlingrules assemblies.period assemblies.holiday assemblies.holidayyear "
        "departments.department departments.departmentalias",
        "view",
        Where.ALL,
    ),
    (
        (Role.ADMINISTRATOR,),
        "assemblies.assembly assemblies.session assemblies.topic assemblies.categoryscheme "
        "assemblies.category assemblies.ratingscale assemblies.rating assemblies.handlingrules "
        "assemblies.period assemblies.holiday assemblies.holidayyear departments.department "
        "departments.departmentalias",
        "view add change import export",
        Where.ALL,
    ),
    # Accounts and who works where: opened and closed, never handed out as a file.
    ((Role.ADMINISTRATOR,), "auth.user departments.clerk", "view add change", Where.ALL),
    # For who has lost the phone; nobody does it for oneself (config/admin.py).
    ((Role.ADMINISTRATOR,), "auth.user", "take_off_second_factor", Where.ALL),
    ((Role.ADMINISTRATOR,), "auth.group", "view", Where.ALL),
    # That a message went out, or why not; what it says is its reader's alone.
    ((Role.ADMINISTRATOR,), "notifications.message", "view", Where.ALL),
    # In whose name somebody enters rows.
    ((Role.ADMINISTRATOR,), "assemblies.assembly", "act_for", Where.ALL),
    ((Role.DEPUTIES_OFFICE,), "assemblies.assembly", "act_for", Where.ASSEMBLY),
    (_DEPARTMENT, "departments.department", "act_for", Where.OWN),
    ((Role.ADMINISTRATOR,), "assemblies.period departments.departmentalias", "delete", Where.ALL),
    (
        (Role.DEPUTIES_OFFICE,),
        "assemblies.session assemblies.topic assemblies.deputy assemblies.deputycontact",
        "view add change import export",
        Where.ASSEMBLY,
    ),
    # Proposals.
    (
        (Role.DEPUTIES_OFFICE,),
        "proposals.sponsorship",
        "view add change",
        Where.ASSEMBLY,
    ),
    (
        (Role.DEPUTIES_OFFICE,),
        "proposals.proposal",
        "view add change import export register send_back convert merge withdraw make_key "
        "unmake_key publish withhold escalate handle_again close",
        Where.ASSEMBLY,
    ),
    ((Role.ASSIGNING_OFFICE,), "proposals.proposal", "view export assign nudge", Where.ASSEMBLY),
    ((Role.SUPERVISOR,), "proposals.proposal", "view export nudge", Where.ASSEMBLY),
    (_DEPARTMENT, "proposals.proposal", "view export", Where.PART),
    (_DEPARTMENT, "proposals.proposal", "answer", Where.ANSWERING),
    ((Role.ASSIGNING_OFFICE, Role.SUPERVISOR), "proposals.sponsorship", "view", Where.ASSEMBLY),
    (_DEPARTMENT, "proposals.sponsorship", "view", Where.PART),
    # Who handles them.
    (
        (Role.ASSIGNING_OFFICE,),
        "proposals.assignment",
        "view export reassign nudge",
        Where.ASSEMBLY,
    ),
    (
        (Role.DEPUTIES_OFFICE, Role.SUPERVISOR),
        "proposals.assignment",
        "view export",
        Where.ASSEMBLY,
    ),
    (_DEPARTMENT, "proposals.assignment", "view", Where.PART),
    (
        _DEPARTMENT,
        "proposals.assignment",
        "export acknowledge ask_return ask_extension log_contact",
        Where.OWN,
    ),
    (_DEPARTMENT, "proposals.assignment", "request_opinion", Where.ANSWERING),
    (
        (Role.DEPUTIES_OFFICE,),
        "proposals.returnrequest proposals.extensionrequest",
        "view export agree refuse",
        Where.ASSEMBLY,
    ),
    ((Role.DEPUTIES_OFFICE,), "proposals.extensionrequest", "tell_deputy", Where.ASSEMBLY),
    (
        (Role.ASSIGNING_OFFICE, Role.SUPERVISOR),
        "proposals.returnrequest proposals.extensionrequest",
        "view",
        Where.ASSEMBLY,
    ),
    (
        _DEPARTMENT,
        "proposals.returnrequest proposals.extensionrequest",
        "view",
        Where.OWN,
    ),
    (_DEPARTMENT, "proposals.extensionrequest", "tell_deputy", Where.OWN),
    # What co-handling departments say: to those who answer, and to who audits.
    (
        _DEPARTMENT,
        "proposals.cohandlingopinion",
        "view acknowledge submit",
        Where.OWN,
    ),
    (
        _DEPARTMENT,
        "proposals.cohandlingopinion",
        "view accept send_back waive",
        Where.ANSWERING,
    ),
    (
        (Role.ASSIGNING_OFFICE, Role.SUPERVISOR),
        "proposals.cohandlingopinion",
        "view",
        Where.ASSEMBLY,
    ),
    (_DEPARTMENT, "proposals.contact", "view add change", Where.OWN),
    ((*_OFFICES, Role.SUPERVISOR), "proposals.contact", "view", Where.ASSEMBLY),
    # Replies.
    (
        _DEPARTMENT,
        "proposals.reply",
        "view add change export submit propose_disclosure redact lift_redaction follow_up",
        Where.OWN,
    ),
    ((Role.REVIEWER,), "proposals.reply", "review send_back sign send correct", Where.OWN),
    (_DEPARTMENT, "proposals.reply", "view", Where.PART),
    ((Role.ASSIGNING_OFFICE,), "proposals.reply", "view export audit send_back", Where.ASSEMBLY),
    (
        (Role.DEPUTIES_OFFICE,),
        "proposals.reply",
        "view export redact lift_redaction publish withhold withdraw rate not_rated",
        Where.ASSEMBLY,
    ),
    ((Role.SUPERVISOR,), "proposals.reply", "view export", Where.ASSEMBLY),
    (
        _DEPARTMENT,
        "proposals.replyversion proposals.followupcategory proposals.disclosuredecision "
        "proposals.redaction",
        "view",
        Where.OWN,
    ),
    (_DEPARTMENT, "proposals.replyversion proposals.followupcategory", "view", Where.PART),
    (
        (*_OFFICES, Role.SUPERVISOR),
        "proposals.replyversion proposals.followupcategory proposals.disclosuredecision",
        "view",
        Where.ASSEMBLY,
    ),
    ((Role.DEPUTIES_OFFICE,), "proposals.redaction", "view", Where.ASSEMBLY),
    (
        _DEPARTMENT,
        "proposals.feedback proposals.feedbackreason",
        "view",
        Where.OWN,
    ),
    (
        (*_OFFICES, Role.SUPERVISOR),
        "proposals.feedback proposals.feedbackreason",
        "view",
        Where.ASSEMBLY,
    ),
    # Forms that deputies have signed: for the offices, and for the deputy.
    (
        _OFFICES,
        "proposals.feedback measures.commitmentfeedback",
        "read_scan",
        Where.ASSEMBLY,
    ),
    ((*_OFFICES, Role.SUPERVISOR), "proposals.attachment", "view", Where.ASSEMBLY),
    (_DEPARTMENT, "proposals.attachment", "view", Where.PART),
    ((*_OFFICES, Role.SUPERVISOR), "proposals.event", "view export", Where.ASSEMBLY),
    (_DEPARTMENT, "proposals.event", "view export", Where.PART),
    # Promises.
    (
        _DEPARTMENT,
        "measures.measure measures.commitment measures.figure",
        "view",
        Where.OWN,
    ),
    # A department that keeps what another has promised reports on it: the words are the other's.
    (
        _DEPARTMENT,
        "measures.measure measures.commitment measures.figure",
        "add change",
        Where.WRITTEN,
    ),
    (_DEPARTMENT, "measures.commitment", "export report", Where.OWN),
    (
        _DEPARTMENT,
        "measures.measure measures.commitment measures.commitmentupdate measures.figure",
        "view",
        Where.PART,
    ),
    (_DEPARTMENT, "measures.commitmentupdate", "view", Where.OWN),
    (
        (*_OFFICES, Role.SUPERVISOR),
        "measures.measure measures.commitment measures.commitmentupdate measures.figure",
        "view export",
        Where.ASSEMBLY,
    ),
    # What deputies say of promises.
    (_DEPARTMENT, "measures.commitmentfeedback", "view", Where.OWN),
    (
        (*_OFFICES, Role.SUPERVISOR),
        "measures.commitmentfeedback",
        "view export",
        Where.ASSEMBLY,
    ),
    ((Role.DEPUTIES_OFFICE,), "measures.commitmentfeedback", "answer", Where.ASSEMBLY),
    # The deputies' accounts: invited by their office, and by nobody else.
    ((Role.DEPUTIES_OFFICE,), "accounts.invitation", "view add cancel renew", Where.ASSEMBLY),
    # A clerk's address rated for a deputy: for who can look into it.
    (
        (Role.DEPUTIES_OFFICE, Role.SUPERVISOR),
        "accounts.ratingalarm",
        "view",
        Where.ASSEMBLY,
    ),
    ((Role.DEPUTIES_OFFICE,), "accounts.ratingalarm", "settle", Where.ASSEMBLY),
    # Letters on their way in: each department, and each office, its own.
    (
        (*_DEPARTMENT, *_OFFICES),
        "intake.letterfile intake.letterdraft intake.fieldcorrection",
        "view read review",
        Where.OWN,
    ),
    # Deputies, on their own desk.
    (
        (Role.DEPUTY,),
        "assemblies.assembly assemblies.session assemblies.deputy",
        "view",
        Where.ASSEMBLY,
    ),
    ((Role.DEPUTY,), "proposals.proposal", "view", Where.SPONSORED),
    ((Role.DEPUTY,), "proposals.proposal", "change submit withdraw write_anew", Where.LED),
    ((Role.DEPUTY,), "proposals.sponsorship", "view", Where.SPONSORED),
    ((Role.DEPUTY,), "proposals.sponsorship", "ask", Where.LED),
    ((Role.DEPUTY,), "proposals.sponsorship", "confirm decline", Where.MINE),
    ((Role.DEPUTY,), "proposals.attachment", "view", Where.SPONSORED),
    ((Role.DEPUTY,), "proposals.attachment", "add delete", Where.LED),
    (
        (Role.DEPUTY,),
        "proposals.assignment proposals.extensionrequest proposals.contact "
        "proposals.replyversion proposals.followupcategory proposals.event "
        "measures.measure measures.commitment measures.commitmentupdate measures.figure",
        "view",
        Where.SPONSORED,
    ),
    ((Role.DEPUTY,), "proposals.reply", "view rate", Where.SPONSORED),
    ((Role.DEPUTY,), "proposals.feedback proposals.feedbackreason", "view", Where.MINE),
    ((Role.DEPUTY,), "measures.commitmentfeedback", "view answer", Where.MINE),
    ((Role.DEPUTY,), "proposals.feedback measures.commitmentfeedback", "read_scan", Where.MINE),
)

RIGHTS: tuple[Right, ...] = tuple(
    Right(role, kind, frozenset(may.split()), where)
    for roles, kinds, may, where in _ROWS
    for kind in kinds.split()
    for role in roles
)

# Of those, what Django's own permissions are called after.
OF_DJANGO = ("view", "add", "change", "delete")


def where(role: Role, kind: str, may: str) -> list[Where]:
    """With which rows of that kind somebody in that role may do that; empty: with none."""
    return [
        right.where
        for right in RIGHTS
        if right.role == role and right.kind == kind and may in right.may
    ]


# Which role the clerks of each kind of department have.
ROLE_OF_KIND = {
    "deputies": Role.DEPUTIES_OFFICE,
    "assigning": Role.ASSIGNING_OFFICE,
    "supervising": Role.SUPERVISOR,
    "administering": Role.ADMINISTRATOR,
    "handling": Role.CLERK,
}


def roles_of(kind: str, *, reviews: bool) -> list[Role]:
    """The role of a clerk in a department of that kind; a reviewer signs off beside it."""
    role = ROLE_OF_KIND[kind]
    return [role, Role.REVIEWER] if reviews and role == Role.CLERK else [role]
