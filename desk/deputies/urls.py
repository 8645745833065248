"""The addresses of the deputies' desk."""

from django.urls import path

from desk.deputies import (
    cosigning,
    home,
    letter,
    messages,
    promises,
    proposal,
    rating,
    similar,
    writing,
)

PROPOSAL = "proposals/<slug:key>/"
REPLY = f"{PROPOSAL}replies/<slug:reply>/"

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path(PROPOSAL, proposal.proposal, name="proposal"),
    path(REPLY, letter.letter, name="letter"),
    path(f"{REPLY}rate/", rating.rate, name="rate"),
    path(f"{REPLY}form/", rating.paper, name="paper"),
    path(f"{REPLY}promises/<int:number>/", promises.promise, name="promise"),
    path("write/", writing.write, name="write"),
    path(f"{PROPOSAL}edit/", writing.edit, name="edit"),
    path(f"{PROPOSAL}keep/", writing.keep, name="keep"),
    path(f"{PROPOSAL}attachments/", writing.attach, name="attach"),
    path(f"{PROPOSAL}attachments/<int:attachment>/", writing.detach, name="detach"),
    path(f"{PROPOSAL}co-sponsors/", cosigning.cosigners, name="cosigners"),
    path(f"{PROPOSAL}co-sign/", cosigning.cosign, name="cosign"),
    path(f"{PROPOSAL}submit/", writing.submit, name="submit"),
    path(f"{PROPOSAL}withdraw/", writing.withdraw, name="withdraw"),
    path(f"{PROPOSAL}throw-away/", writing.throw_away, name="throw_away"),
    path(f"{PROPOSAL}write-anew/", writing.write_anew, name="write_anew"),
    path("similar/", similar.similar, name="similar"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<uuid:message>/", messages.message, name="message"),
    path("files/<path:name>", proposal.file, name="file"),
]
