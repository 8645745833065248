"""The tables of this room; import them from here."""

from proposals.models.assignment import Assignment
from proposals.models.attachment import Attachment
from proposals.models.contact import Contact
from proposals.models.disclosure import DisclosureDecision
from proposals.models.event import Event
from proposals.models.feedback import Feedback, FeedbackReason
from proposals.models.follow_up import FollowUpCategory
from proposals.models.given import AddressClass
from proposals.models.numbering import number_key
from proposals.models.opinion import CoHandlingOpinion
from proposals.models.petition import Decision, ExtensionRequest, ReturnRequest
from proposals.models.proposal import Proposal
from proposals.models.redaction import Redaction
from proposals.models.reply import Reply
from proposals.models.sponsorship import Sponsorship
from proposals.models.version import ReplyVersion

__all__ = [
    "AddressClass",
    "Assignment",
    "Attachment",
    "CoHandlingOpinion",
    "Contact",
    "Decision",
    "DisclosureDecision",
    "Event",
    "ExtensionRequest",
    "Feedback",
    "FeedbackReason",
    "FollowUpCategory",
    "Proposal",
    "Redaction",
    "Reply",
    "ReplyVersion",
    "ReturnRequest",
    "Sponsorship",
    "number_key",
]
