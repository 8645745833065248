"""Asking a co-handling department for its opinion: a move of its assignment."""

from django.utils.translation import gettext_lazy as _

from clerkadmin.moves import Move
from proposals.models import Assignment, CoHandlingOpinion

REQUEST_OPINION = Move(
    name="request_opinion",
    label=_("Ask for the opinion"),
    explanation=_("The co-handling department finds the request on its desk, with its date."),
    run=CoHandlingOpinion.request,
    guard=CoHandlingOpinion.why_not_request,
    is_shown=lambda assignment: assignment.role == Assignment.Role.CO_HANDLING,
)
