"""The public addresses: permanent names."""

from django.conf import settings
from django.urls import path, register_converter

from .views import (
    commitments,
    departments,
    deputies,
    design,
    feeds,
    home,
    pages,
    proposals,
    replies,
)


class WordConverter:
    """A part of an address: letters of any script, digits, dot, hyphen, low line."""

    regex = r"[\w.-]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(WordConverter, "word")

PROPOSAL = "proposals/<word:assembly>/<word:session>/<word:number>/"

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("proposals/", proposals.proposal_list, name="proposals"),
    path("proposals.csv", proposals.proposals_csv, name="proposals_csv"),
    path("proposals.json", proposals.proposals_json, name="proposals_json"),
    path(PROPOSAL, proposals.proposal, name="proposal"),
    path(f"{PROPOSAL}replies/<word:key>/", replies.reply, name="reply"),
    path(f"{PROPOSAL}replies/<word:key>.json", replies.reply_json, name="reply_json"),
    path(
        f"{PROPOSAL}replies/<word:key>/v<int:version>/",
        replies.reply_version,
        name="reply_version",
    ),
    path(
        f"{PROPOSAL}replies/<word:key>/v<int:version>.txt",
        replies.reply_text,
        name="reply_text",
    ),
    path("commitments/", commitments.commitment_list, name="commitments"),
    path("commitments.csv", commitments.commitments_csv, name="commitments_csv"),
    path("commitments.json", commitments.commitments_json, name="commitments_json"),
    path("commitments/<word:name>/", commitments.commitment, name="commitment"),
    path("departments/", departments.department_list, name="departments"),
    path("departments/<word:slug>/", departments.department, name="department"),
    path("deputies/", deputies.deputy_list, name="deputies"),
    path("deputies/<word:public_id>/", deputies.deputy, name="deputy"),
    path("feeds/proposals.atom", feeds.proposals, name="proposals_feed"),
    path(f"feeds/{PROPOSAL[:-1]}.atom", feeds.proposal, name="proposal_feed"),
    path("feeds/departments/<word:slug>.atom", feeds.department, name="department_feed"),
    path("feeds/commitments.atom", feeds.commitments, name="commitments_feed"),
    path("help/", pages.help_page, name="help"),
    path("language/", pages.set_language, name="language"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
]
if settings.DEBUG:
    urlpatterns.append(path("design/", design.design, name="design"))
