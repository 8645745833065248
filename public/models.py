"""The snapshot tables: what was approved for the public, and nothing else.

`public/publish.py` is the only writer. A row here can be shown to anybody as it is; nothing secret
is ever copied in, so a forgotten filter cannot leak. Columns serve filters, sorting and lists;
`document` holds the content of a page. Overdue is computed from `due_on` on the day of reading.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from measures.models import Commitment

# A promise still waiting to be kept: only such a one can be overdue.
OPEN_STATES = tuple(str(state) for state in Commitment.OPEN)
KEPT_STATES = tuple(str(state) for state in Commitment.KEPT)


class PublicAssembly(models.Model):
    """An assembly that has published something."""

    slug = models.SlugField(primary_key=True)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=30)
    kind = models.CharField(max_length=10)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class PublicSession(models.Model):
    """A session that has published proposals. `key` is `13-6`; `label` 省人大十三届六次会议."""

    assembly = models.ForeignKey(PublicAssembly, models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=12)
    label = models.CharField(max_length=100)
    term = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    opens_on = models.DateField(null=True)

    class Meta:
        ordering = [models.F("opens_on").desc(nulls_last=True), "assembly", "-term", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "key"], name="public_session_once")
        ]

    def __str__(self) -> str:
        return self.label


class PublicDepartment(models.Model):
    """A department that handles a published proposal, or is named in a promise of its reply.

    document: {"aliases": [str], "successor": {"slug", "name"} | None,
    "predecessors": [{"slug", "name"}], "valid_to": ISO date | None}
    """

    slug = models.SlugField(primary_key=True, max_length=80, allow_unicode=True)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=50)
    # The names in pinyin, which readers of Chinese look names up by.
    sort_key = models.TextField(default="")
    document = models.JSONField(default=dict)

    class Meta:
        ordering = ["sort_key", "name", "slug"]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("public:department", args=[self.slug])


class PublicDeputy(models.Model):
    """A deputy, member or organisation with a published proposal, in delegation or sector."""

    public_id = models.CharField(primary_key=True, max_length=16)
    assembly = models.ForeignKey(PublicAssembly, models.CASCADE, related_name="deputies")
    name = models.CharField(max_length=100)
    group = models.CharField(max_length=100)
    # The group in pinyin, then the name.
    sort_key = models.TextField(default="")

    class Meta:
        ordering = ["assembly", "sort_key", "public_id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("public:deputy", args=[self.public_id])


class PublicProposal(models.Model):
    """A published proposal.

    promises: [[state, due_on ISO or None], …] of all its published replies, in order: the squares.
    document: {
      "reason": str, "request": str, "in_session": bool, "is_key": bool,
      "merged": [{"url", "number", "title"}],
      "deputies": [{"public_id", "name", "group", "role": "lead" | "co_sponsor"}],
      "departments": [{"slug", "name", "role", "assigned_on", "due_on" (ISO or None)}],
      "life": [{"on": ISO, "kind": Event.Kind value, "department": str, "reply": key or "",
                "commitment": number or None, "state": str}],
      "ratings": [{"reply": key, "deputy": str, "process": str, "result": str, "meaning": str,
                   "on": ISO}],
      "answered_along": {"url", "number"} | None: the letter that answers it was sent to another
    }
    """

    class Status(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        IN_HANDLING = "in_handling", _("In handling")
        REPLIED = "replied", _("Replied")
        TRACKING = "tracking", _("Promises open")
        CLOSED = "closed", _("All promises settled")

    path = models.CharField(max_length=120, unique=True)
    assembly = models.ForeignKey(PublicAssembly, models.CASCADE, related_name="proposals")
    session = models.ForeignKey(PublicSession, models.CASCADE, related_name="proposals")
    number = models.CharField(max_length=30)
    kind = models.CharField(max_length=15)
    title = models.CharField(max_length=200)
    # The title as search compares it (public/folding.py).
    folded_title = models.TextField(default="")
    topic = models.CharField(max_length=50, blank=True)
    status = models.CharField(max_length=15, choices=Status)
    category = models.CharField(max_length=12, blank=True)
    category_label = models.CharField(max_length=100, blank=True)
    category_meaning = models.CharField(max_length=15, blank=True)
    lead = models.CharField(max_length=200, blank=True)
    sponsor = models.CharField(max_length=200, blank=True)
    submitted_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)
    changed_on = models.DateField()
    reply_count = models.PositiveSmallIntegerField(default=0)
    measure_count = models.PositiveSmallIntegerField(default=0)
    commitment_count = models.PositiveSmallIntegerField(default=0)
    promises = models.JSONField(default=list)
    document = models.JSONField(default=dict)

    class Meta:
        ordering = ["-changed_on", "-id"]
        indexes = [
            # The list, newest first; and the same within an assembly, session, topic or status.
            models.Index(fields=["changed_on", "id"], name="public_proposal_new"),
            models.Index(fields=["session", "changed_on", "id"], name="public_proposal_session"),
            models.Index(fields=["topic", "changed_on", "id"], name="public_proposal_topic"),
            models.Index(fields=["status", "changed_on", "id"], name="public_proposal_status"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/proposals/{self.path}/"

    def get_feed_url(self) -> str:
        return f"/feeds/proposals/{self.path}.atom"


class PublicHandling(models.Model):
    """A department's role in a published proposal, for filters and the department's page."""

    proposal = models.ForeignKey(PublicProposal, models.CASCADE, related_name="handlings")
    department = models.ForeignKey(PublicDepartment, models.CASCADE, related_name="handlings")
    role = models.CharField(max_length=15)

    class Meta:
        ordering = ["proposal", "id"]
        indexes = [models.Index(fields=["department", "role"], name="public_handling_role")]

    def __str__(self) -> str:
        return f"{self.department} ({self.role})"


class PublicSponsor(models.Model):
    """A deputy's name under a published proposal."""

    proposal = models.ForeignKey(PublicProposal, models.CASCADE, related_name="sponsors")
    deputy = models.ForeignKey(PublicDeputy, models.CASCADE, related_name="sponsorings")
    role = models.CharField(max_length=15)

    class Meta:
        ordering = ["proposal", "id"]

    def __str__(self) -> str:
        return f"{self.deputy} ({self.role})"


class PublicReply(models.Model):
    """One version of a published reply; the current one is the reply's page.

    document: {
      "issuer", "document_number", "title", "signatory", "category_label",
      "co_handlers": [{"slug" or None, "name"}],
      "also_answers": [{"url" or None, "number", "title"}],
      "form": "full" | "abstract",
      "blocks": the letter in order: {"kind": "issuer" | "line" | "title" | "salutation" | "heading"
                | "paragraph" | "sign" | "closing" | "copies",
                "runs": [{"text": str, "mark": None | "measure" | "commitment", "number": int,
                          "first": bool (carries the anchor and the small number),
                          "sub": bool (a run-in heading, set in Kai)}]},
      "measures": [{"number", "text", "heading"}],
      "figures": [{"text", "value": decimal str or None, "unit", "rank", "where": "m2" | "c1" | "",
                   "sentence": str}],
      "follow_up": {"category", "label", "on"} | None,
      "redacted": [str]: why words of the letter are covered by black squares
    }
    """

    proposal = models.ForeignKey(PublicProposal, models.CASCADE, related_name="replies")
    key = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    is_current = models.BooleanField()
    department = models.ForeignKey(PublicDepartment, models.CASCADE, related_name="replies")
    date = models.DateField(null=True)
    published_on = models.DateField()
    locked_on = models.DateField()
    category = models.CharField(max_length=12, blank=True)
    sha256 = models.CharField(max_length=64)
    measure_count = models.PositiveSmallIntegerField(default=0)
    commitment_count = models.PositiveSmallIntegerField(default=0)
    document = models.JSONField(default=dict)
    # The published text to the letter: what `sha256` is the hash of.
    text = models.TextField(default="")

    class Meta:
        ordering = ["proposal", "round", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "key", "version"], name="public_reply_once")
        ]
        indexes = [
            # What is new, on the home page.
            models.Index(fields=["published_on", "proposal"], name="public_reply_new"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} {self.key} v{self.version}"

    def get_absolute_url(self) -> str:
        return f"{self.proposal.get_absolute_url()}replies/{self.key}/"

    def get_version_url(self) -> str:
        return f"{self.get_absolute_url()}v{self.version}/"

    def get_text_url(self) -> str:
        return f"{self.get_absolute_url()}v{self.version}.txt"


class PublicCommitment(models.Model):
    """A promise in a published reply. `name` is its permanent address: `yunping.14-3.0123.1.c2`.

    document: {
      "heading": str, "supporting": [{"slug", "name"}],
      "printed_departments": [str], "unknown_departments": [str]: of the printed, those without rows
      "updates": [{"on": ISO, "author": "department" | "deputy" | "office", "state", "text",
                   "due_on": ISO or None, "evidence_title", "evidence_url"}]
    }
    """

    name = models.CharField(max_length=160, primary_key=True)
    reply = models.ForeignKey(PublicReply, models.CASCADE, related_name="commitments")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    department = models.ForeignKey(PublicDepartment, models.CASCADE, related_name="commitments")
    due_text = models.CharField(max_length=100, blank=True)
    due_on = models.DateField(null=True)
    strength = models.CharField(max_length=15)
    state = models.CharField(max_length=15)
    kept_on = models.DateField(null=True)
    changed_on = models.DateField()
    document = models.JSONField(default=dict)

    class Meta:
        ordering = ["reply", "number"]
        indexes = [
            # The list, newest change first.
            models.Index(fields=["-changed_on", "name"], name="public_commitment_new"),
            # What falls due, and each department's promises by date and state.
            models.Index(fields=["due_on", "name"], name="public_commitment_due"),
            models.Index(fields=["department", "due_on"], name="public_commitment_department"),
            models.Index(fields=["state", "due_on"], name="public_commitment_state"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("public:commitment", args=[self.name])

    def is_overdue(self, *, on: date) -> bool:
        return self.state in OPEN_STATES and self.due_on is not None and self.due_on < on


class PublicSupport(models.Model):
    """A department that helps another to keep a promise, for filters and its own page."""

    commitment = models.ForeignKey(PublicCommitment, models.CASCADE, related_name="supports")
    department = models.ForeignKey(PublicDepartment, models.CASCADE, related_name="supports")

    class Meta:
        ordering = ["commitment", "id"]

    def __str__(self) -> str:
        return f"{self.department}: {self.commitment}"
