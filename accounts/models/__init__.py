"""The tables of this room; import them from here."""

from accounts.models.alarm import RatingAlarm
from accounts.models.invitation import Invitation
from accounts.models.password import UsedPassword
from accounts.models.sign_in import Session, SignIn

__all__ = ["Invitation", "RatingAlarm", "Session", "SignIn", "UsedPassword"]
