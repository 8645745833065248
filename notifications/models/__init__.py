"""What is told, and how each person wishes to be told."""

from notifications.models.message import (
    KEPT_FOR,
    LOST_AFTER,
    Message,
    MessageQuerySet,
    ReminderDay,
)
from notifications.models.settings import OF_DEPUTIES, OF_STAFF, How, NoticeSettings

__all__ = [
    "KEPT_FOR",
    "LOST_AFTER",
    "OF_DEPUTIES",
    "OF_STAFF",
    "How",
    "Message",
    "MessageQuerySet",
    "NoticeSettings",
    "ReminderDay",
]
