"""Where a letter belongs: its assembly, session, proposals and departments (a read-only look)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from unicodedata import normalize

from assemblies.models import Assembly, Session
from departments import naming
from departments.models import Department
from letters import Letter
from proposals.models import Proposal

# 省人大, 政协岩山县委员会, 玉岭自治县人民代表大会: what is left without these is the place.
BODY_WORDS = re.compile(r"人民代表大会|人民政协|人大|政协|委员会|常委会")
PLACE = re.compile(r"^.{1,12}?(?:自治区|省|特别行政区)|^.{1,10}?(?:市|州|盟|地区|县|旗|区)")
SUBPLACE = re.compile(r".{1,10}?(?:自治县|县|旗|区|市)(?=.)")
LEVELS = {
    "全国": Assembly.Level.NATIONAL,
    "省": Assembly.Level.PROVINCE,
    "自治区": Assembly.Level.PROVINCE,
    "市": Assembly.Level.CITY,
    "州": Assembly.Level.CITY,
    "盟": Assembly.Level.CITY,
    "区": Assembly.Level.COUNTY,
    "县": Assembly.Level.COUNTY,
    "旗": Assembly.Level.COUNTY,
    "镇": Assembly.Level.TOWNSHIP,
    "乡": Assembly.Level.TOWNSHIP,
}


@dataclass
class Match:
    """What was found for a letter; None and missing names where there is nothing yet."""

    region: str = ""
    level: str = Assembly.Level.COUNTY
    assembly: Assembly | None = None
    session: Session | None = None
    proposals: list[Proposal | None] = field(default_factory=list)
    answering: Department | None = None
    co_handling: list[tuple[str, Department | None]] = field(default_factory=list)
    departments: dict[str, Department] = field(default_factory=dict)


def match(letter: Letter, *, on: date) -> Match:
    """Find the letter's place by assembly, session and number, and its departments by name."""
    found = Match()
    found.level = level_of(letter)
    found.region = region_of(letter, found.level)
    found.assembly = _assembly(letter, found)
    if found.assembly:
        found.region = found.assembly.region or found.region
    if found.assembly and letter.term and letter.session:
        found.session = (
            Session.objects.select_related("assembly")
            .filter(assembly=found.assembly, term=letter.term, number=letter.session)
            .first()
        )
    found.proposals = [_proposal(found.session, item.number) for item in letter.proposals]
    match_departments(letter, found, on=on)
    return found


def answering_name(letter: Letter) -> str | None:
    """Who answers: the issuer; the named lead where a letter prints no issuer."""
    return letter.issuer or letter.lead_department


def level_of(letter: Letter) -> str:
    """The level of the assembly, by its printed name and else by the issuer's."""
    place = BODY_WORDS.sub("", normalize("NFKC", letter.assembly or ""))
    place = place or _place_of(letter.issuer or "")
    return next((level for word, level in LEVELS.items() if place.endswith(word)), "county")


def region_of(letter: Letter, level: str) -> str:
    """The assembly's region: 福建省, 金渡市东屏区; empty for the national level or unknown."""
    if level == Assembly.Level.NATIONAL:
        return ""
    printed = BODY_WORDS.sub("", normalize("NFKC", letter.assembly or ""))
    if len(printed) > 2:
        return printed
    return _place_of(letter.issuer or "", level)


def _place_of(issuer: str, level: str | None = None) -> str:
    """The place that an issuer's name begins with, down to the level asked for."""
    found = PLACE.match(issuer)
    if not found:
        return ""
    place = found[0]
    below = SUBPLACE.match(issuer, len(place))
    wants_more = level in (None, Assembly.Level.COUNTY, Assembly.Level.TOWNSHIP) or (
        level == Assembly.Level.CITY and not place.endswith(("市", "州", "盟", "地区"))
    )
    if below and wants_more and not below[0].startswith(("市场", "社区", "区域")):
        return place + below[0]
    return place


def _assembly(letter: Letter, found: Match) -> Assembly | None:
    kind = Assembly.Kind.CPPCC if letter.kind == "cppcc_proposal" else Assembly.Kind.CONGRESS
    candidates = list(Assembly.objects.filter(kind=kind))
    if found.region:
        named = [a for a in candidates if a.region == found.region]
        # 东屏区 and 金渡市东屏区 are one place.
        named = named or [
            a
            for a in candidates
            if a.region and (a.region.endswith(found.region) or found.region.endswith(a.region))
        ]
        return named[0] if len(named) == 1 else None
    if found.level == Assembly.Level.NATIONAL:
        named = [a for a in candidates if a.level == found.level]
        return named[0] if len(named) == 1 else None
    # Neither title nor issuer names a place: a site with one such assembly means that one.
    return candidates[0] if len(candidates) == 1 else None


def _proposal(session: Session | None, number: str | None) -> Proposal | None:
    if session is None or not number:
        return None
    return Proposal.objects.filter(session=session).numbered(number).order_by("pk").first()


def match_departments(letter: Letter, found: Match, *, on: date) -> None:
    """Find every department that the letter names; again, once missing ones were made."""
    shared = naming.share_prefix(letter.co_handling_departments)
    promised = [name for promise in letter.commitments for name in promise.departments]
    answering = answering_name(letter)
    names = [*shared, *promised, *([answering] if answering else [])]
    found.departments = naming.find(names, region=found.region, on=on)
    found.answering = found.departments.get(answering or "")
    found.co_handling = [(name, found.departments.get(name)) for name in shared]
