"""The form in which a proposal is written, and which of its windows has written last."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from clerkadmin.forms import ClerkForm, LongTextField, version_in
from clerkadmin.tokens import TOKEN, is_a_form
from proposals import submitting
from proposals.models import Proposal

# Of each open window of a session: the version that its last keeping has written.
WRITTEN = "written"
MOST_WINDOWS = 10
LONGEST = 30_000
# Unseen signs that turn the direction of writing: a title would read otherwise than it was typed.
TURNING = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class DraftForm(ClerkForm):
    """Nothing is asked for yet: a draft may have gaps. Handing it in asks for what is missing."""

    title = forms.CharField(
        label=_("title"),
        max_length=200,
        required=False,
        help_text=_("One matter, in one line: 关于…的建议, of CPPCC members 关于…的提案."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = LongTextField(
        label=_("Reason: what is the matter"),
        required=False,
        max_length=LONGEST,
        help_text=_("Where, since when, how many people; what was tried, and why it did not help."),
        widget=forms.Textarea(attrs={"rows": 9}),
    )
    request = LongTextField(
        label=_("Concrete request: who should do what"),
        required=False,
        max_length=LONGEST,
        help_text=_("A step that somebody can take, and by which one sees later that it is done."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    wished_handler = forms.CharField(
        label=_("Wished handler"),
        max_length=200,
        required=False,
        help_text=_("The department that should handle it, if you know. The office decides."),
    )

    told = submitting.TEXTS

    class Meta:
        model = Proposal
        fields = submitting.TEXTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.untitled = "" if submitting.has_title(self.instance) else self.instance.title
        if self.untitled:
            self.initial["title"] = ""

    def clean_title(self) -> str:
        """One line, whoever sends more: it stands in lists, and at the head of mails."""
        return " ".join(TURNING.sub("", self.cleaned_data["title"]).split())

    def compute(self) -> None:
        self.instance.title = self.instance.title or self.untitled or self.initial["title"]

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in submitting.TEXTS}


def posted(request: HttpRequest) -> QueryDict:
    """What was sent, with the version that its window has seen: the one it wrote itself, too.

    A window that keeps itself every few seconds is not told of its own writing as another's.
    """
    data = request.POST.copy()
    own = request.session.get(WRITTEN, {}).get(request.POST.get(TOKEN, ""), 0)
    data["version"] = str(max(version_in(data.get("version")), own))
    return data


def remember(request: HttpRequest, proposal: Proposal) -> None:
    """That this window has seen the proposal as it is now."""
    if not is_a_form(request.POST):
        return  # no window of ours: whatever it is called is not kept
    windows = request.session.get(WRITTEN, {})
    windows.pop(token := request.POST.get(TOKEN, ""), None)
    last = list(windows.items())[1 - MOST_WINDOWS :]
    request.session[WRITTEN] = {**dict(last), token: proposal.version}
