"""The tables of this room; import them from here."""

from assemblies.models.assembly import Assembly, Session, Topic
from assemblies.models.deputy import Deputy, DeputyContact
from assemblies.models.rules import HandlingRules, Holiday, HolidayYear, Period
from assemblies.models.schemes import Category, CategoryScheme, Rating, RatingScale

__all__ = [
    "Assembly",
    "Category",
    "CategoryScheme",
    "Deputy",
    "DeputyContact",
    "HandlingRules",
    "Holiday",
    "HolidayYear",
    "Period",
    "Rating",
    "RatingScale",
    "Session",
    "Topic",
]
