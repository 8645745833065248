"""The kinds of things that can wait for somebody: which rows, since when due, what is to be done.

Who has which kind follows from the table of rights alone: a kind names the right that it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from access.sight import Person
from desk import sentences
from desk.rows import (
    ANSWERING_NAME,
    LEAD_NAME,
    Asked,
    State,
    due_of_followed,
    due_of_lead,
    due_of_reply,
    followed,
    letters,
    opinions,
    pending,
    proposals,
    reply_due,
    to_acknowledge,
    to_answer,
    to_close,
    to_contact,
    to_disclose,
    to_propose_disclosure,
    to_rate,
    to_report,
    to_tell,
    unread_letters,
    unread_messages,
)
from intake.models import LetterDraft
from measures.models import Commitment
from notifications.models import Message
from proposals.models import (
    Assignment,
    CoHandlingOpinion,
    ExtensionRequest,
    Feedback,
    Proposal,
    Reply,
    ReturnRequest,
)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`rows` are those that wait, through the gate; `due` is the date that makes them urgent.

    `right` says whose desk it can be on; empty: everybody's who works here.
    `dated` are the stored dates that `due` may be: one may still move with the holidays.
    `does` is the move that the button leads to; empty: the row's own page, where it is done.
    `target` is the field with the row that the button leads to, where it is another.
    `others` is the name of the list with all of them, and `query` what it is filtered by.
    """

    name: str
    model: type[Any]
    right: str
    title: str | Promise
    button: str | Promise
    sentence: Callable[[Any], str]
    rows: Callable[[Asked], QuerySet]
    due: Any
    of: str = "proposal"
    dated: tuple[str, ...] = ()
    right_on: type[Any] | None = None
    does: str = ""
    view: str = ""
    anchor: str = ""
    target: Any = field(default_factory=lambda: F("pk"))
    leads_to: type[Any] | None = None
    who: Any = None
    said: Any = None
    since: Any = None
    state: Any = None
    role: Any = None
    round: Any = None
    query: str = ""

    def is_for(self, person: Person) -> bool:
        """Whether anything of this kind can wait for that person."""
        return not self.right or person.may(
            (self.right_on or self.model)._meta.label_lower, self.right
        )


KINDS: tuple[Kind, ...] = (
    Kind(
        name="acknowledge",
        model=Assignment,
        right="acknowledge",
        title=_("To acknowledge"),
        button=_("Acknowledge"),
        sentence=sentences.acknowledge,
        rows=to_acknowledge,
        due=Coalesce("return_by", "due_on"),
        dated=("return_by",),
        does="acknowledge",
        since=F("assigned_on"),
        role=F("role"),
        round=F("round"),
    ),
    Kind(
        name="contact",
        model=Assignment,
        right="log_contact",
        title=_("Contacts with deputies"),
        button=_("Log contact"),
        sentence=sentences.contact,
        rows=to_contact,
        due=Coalesce("contact_by", reply_due()),
        dated=("contact_by",),
        does="log_contact",
        since=F("acknowledged_on"),
        role=F("role"),
        round=F("round"),
    ),
    Kind(
        name="answer",
        model=Assignment,
        right="add",
        right_on=Reply,
        title=_("Replies to write"),
        button=_("Write reply"),
        sentence=sentences.answer,
        rows=to_answer,
        due=reply_due(),
        dated=("due_on", "redo_by"),
        view="reply_for",
        who=Cast("department_id", CharField()),
        since=F("assigned_on"),
        role=F("role"),
        round=F("round"),
    ),
    Kind(
        name="draft",
        model=Reply,
        right="submit",
        title=_("Replies being drafted"),
        button=_("Go on with the reply"),
        sentence=sentences.draft,
        rows=letters("submit", Reply.State.DRAFTING),
        due=due_of_reply(),
        round=F("round"),
        query="state__exact=drafting",
    ),
    Kind(
        name="review",
        model=Reply,
        right="review",
        title=_("Replies to review"),
        button=_("Review reply"),
        sentence=sentences.review,
        rows=letters("review", Reply.State.IN_REVIEW),
        due=due_of_reply(),
        round=F("round"),
        query="state__exact=in_review",
    ),
    Kind(
        name="audit",
        model=Reply,
        right="audit",
        title=_("Replies to audit"),
        button=_("Audit reply"),
        sentence=sentences.audit,
        rows=letters("audit", Reply.State.IN_AUDIT),
        due=due_of_reply(),
        who=F("department__short_name"),
        round=F("round"),
        query="state__exact=in_audit",
    ),
    Kind(
        name="sign",
        model=Reply,
        right="sign",
        title=_("Replies to sign"),
        button=_("Sign"),
        sentence=sentences.sign,
        rows=letters("sign", Reply.State.APPROVED),
        due=due_of_reply(),
        does="sign",
        round=F("round"),
        query="state__exact=approved",
    ),
    Kind(
        name="send",
        model=Reply,
        right="send",
        title=_("Replies to send"),
        button=_("Send"),
        sentence=sentences.send,
        rows=letters("send", Reply.State.SIGNED),
        due=due_of_reply(),
        does="send",
        round=F("round"),
        query="state__exact=signed",
    ),
    Kind(
        name="propose_disclosure",
        model=Reply,
        right="propose_disclosure",
        title=_("Disclosure to propose"),
        button=_("Propose disclosure"),
        sentence=sentences.propose_disclosure,
        rows=to_propose_disclosure,
        due=F("publish_by"),
        dated=("publish_by",),
        does="propose_disclosure",
        since=F("sent_on"),
        round=F("round"),
        query="disclosure__exact=undecided",
    ),
    Kind(
        name="disclose",
        model=Reply,
        right="publish",
        title=_("Disclosure to decide"),
        button=_("Decide disclosure"),
        sentence=sentences.disclose,
        rows=to_disclose,
        due=F("publish_by"),
        dated=("publish_by",),
        since=F("sent_on"),
        who=F("department__short_name"),
        round=F("round"),
        query="disclosure__exact=undecided",
    ),
    Kind(
        name="opinion",
        model=CoHandlingOpinion,
        right="submit",
        title=_("Opinions to write"),
        button=_("Write opinion"),
        sentence=sentences.opinion,
        rows=opinions("submit", "requested", "acknowledged", "sent_back"),
        due=F("due_on"),
        dated=("due_on",),
        of="assignment__proposal",
        does="submit",
        state=F("state"),
        who=LEAD_NAME,
        since=F("requested_on"),
        role=F("assignment__role"),
        round=F("round"),
    ),
    Kind(
        name="accept",
        model=CoHandlingOpinion,
        right="accept",
        title=_("Opinions to accept or send back"),
        button=_("Read opinion"),
        sentence=sentences.accept,
        rows=opinions("accept", "submitted"),
        due=due_of_lead(),
        of="assignment__proposal",
        who=F("assignment__department__short_name"),
        since=F("submitted_on"),
        round=F("round"),
        query="state__exact=submitted",
    ),
    Kind(
        name="report",
        model=Commitment,
        right="report",
        title=_("Promises to report on"),
        button=_("Report progress"),
        sentence=sentences.report,
        rows=to_report,
        due=F("due_on"),
        of="reply__proposal",
        anchor="updates-group",
        said=F("text"),
        state=F("state"),
        round=F("number"),
        query="due=overdue",
    ),
    Kind(
        name="letter",
        model=LetterDraft,
        right="review",
        title=_("Letters to check"),
        button=_("Check"),
        sentence=sentences.letter,
        rows=unread_letters,
        due=None,
        of="",
        view="letter",
        said=F("name"),
        who=F("key"),
        query="state__exact=open",
    ),
    Kind(
        name="message",
        model=Message,
        right="",
        title=_("Messages not read yet"),
        button=_("Read message"),
        sentence=sentences.message,
        rows=unread_messages,
        due=None,
        of="",
        view="message",
        said=F("subject"),
        since=TruncDate("created_at"),
    ),
    Kind(
        name="register",
        model=Proposal,
        right="register",
        title=_("Proposals to register"),
        button=_("Register"),
        sentence=sentences.register,
        rows=proposals("register", State.SUBMITTED),
        due=F("assign_by"),
        dated=("assign_by",),
        of="self",
        does="register",
        since=F("submitted_on"),
        query="state__exact=submitted",
    ),
    Kind(
        name="assign",
        model=Proposal,
        right="assign",
        title=_("Proposals to assign"),
        button=_("Assign"),
        sentence=sentences.assign,
        rows=proposals("assign", State.REGISTERED),
        due=F("assign_by"),
        dated=("assign_by",),
        of="self",
        does="assign",
        since=F("registered_on"),
        who=F("wished_handler"),
        query="state__exact=registered",
    ),
    Kind(
        name="return",
        model=ReturnRequest,
        right="agree",
        title=_("Returns to decide"),
        button=_("Decide return"),
        sentence=sentences.return_,
        rows=pending(ReturnRequest),
        due=F("decide_by"),
        dated=("decide_by",),
        of="assignment__proposal",
        who=F("assignment__department__short_name"),
        since=F("asked_on"),
        query="decision__exact=pending",
    ),
    Kind(
        name="extension",
        model=ExtensionRequest,
        right="agree",
        title=_("Extensions to decide"),
        button=_("Decide extension"),
        sentence=sentences.extension,
        rows=pending(ExtensionRequest),
        due=Coalesce("decide_by", "assignment__due_on"),
        dated=("decide_by",),
        of="assignment__proposal",
        who=F("assignment__department__short_name"),
        since=F("until"),
        query="decision__exact=pending",
    ),
    Kind(
        name="tell",
        model=ExtensionRequest,
        right="tell_deputy",
        title=_("Deputies to be told of an extension"),
        button=_("Tell the deputy"),
        sentence=sentences.tell,
        rows=to_tell,
        due=F("assignment__due_on"),
        of="assignment__proposal",
        does="tell_deputy",
        who=F("assignment__department__short_name"),
        since=F("until"),
    ),
    Kind(
        name="rate",
        model=Feedback,
        right="rate",
        right_on=Reply,
        title=_("Ratings to enter"),
        button=_("Enter rating"),
        sentence=sentences.rate,
        rows=to_rate,
        due=F("due_on"),
        dated=("due_on",),
        of="reply__proposal",
        does="rate",
        target=F("reply_id"),
        leads_to=Reply,
        who=F("deputy__name"),
        since=F("reply__sent_on"),
        round=F("reply__round"),
        query="state__exact=awaited",
    ),
    Kind(
        name="close",
        model=Proposal,
        right="close",
        title=_("Proposals to close"),
        button=_("Close the proposal"),
        sentence=sentences.close,
        rows=to_close,
        due=None,
        of="self",
        does="close",
    ),
    Kind(
        name="key",
        model=Proposal,
        right="nudge",
        title=_("Key proposals"),
        button=_("Look into it"),
        sentence=sentences.key,
        rows=followed,
        due=due_of_followed(),
        of="self",
        who=ANSWERING_NAME,
        state=F("state"),
        query="is_key__exact=1",
    ),
)
