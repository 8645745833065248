"""Is a leaf a measure (已办), a commitment (承诺), both, or neither?"""

from __future__ import annotations

import re
from datetime import date

from letters import ahead as coming
from letters import tense
from letters.background import is_background
from letters.blocks import Block
from letters.claims import (
    ACT,
    GENERAL,
    JUDGEMENT,
    PROBLEM,
    REFUSAL,
    is_idle,
    is_measure,
)
from letters.outline import FORWARD, Leaf

_WORK_OF_STATE = re.compile(
    r"目前|现已|^(?:[^，]{0,10})(?<![持利依整盘在对将把按])现有|截至|截止|已(?!知)|正在|近年来|去年"
)


_UNDERTAKES = re.compile("将|力争|争取|拟|待|我们|我[局厅委]")
_INTENDS = re.compile("将|拟|力争|计划|预计")
_CLAUSE = re.compile("[^，；。：！]+")
# A sentence of an item that gives a result (培训学员5600人次), whatever the next one promises.
_RESULT = re.compile(
    r"(?:培训|发放|拨付|兑付|查处|清理|完成|建成|建设|新建|改造|投放|扶持|帮扶|惠及|签订|招聘|配备|安装|"
    r"受理|办结|调解|开展|组织|举办|印发)(?:了)?[^，。；\d]{0,10}\d"
)
_PART = re.compile("[。；]")
_CONTINUES = re.compile("(?:会?继续|进一步)")


def judge(leaf: Leaf, letter_date: date | None) -> tuple[bool, bool]:
    """(is a measure, is a commitment)."""
    folded = tense.mask_quotes(leaf.piece.folded)
    if is_idle(folded, leaf):
        return False, False
    clauses = _CLAUSE.findall(folded)
    done = [clause for clause in clauses if _is_done(clause, letter_date)]
    ahead = _looks_ahead(leaf, clauses, letter_date, done=bool(done))
    if leaf.forward or leaf.block is Block.AHEAD:
        return _judge_in_plan(leaf, folded, clauses, ahead=ahead)
    if ahead and _only_refuses(folded, clauses, letter_date):
        return False, False
    if ahead:
        return _also_done(folded, done, letter_date), True
    if is_background(folded) and not leaf.enumerated:
        return False, False
    return is_measure(folded, leaf, bool(done)), False


def _only_refuses(folded: str, clauses: list[str], letter_date: date | None) -> bool:
    """Whether a sentence that looks ahead does so only to say no."""
    if not REFUSAL.search(folded) or _UNDERTAKES.search(folded):
        return False
    return not any(
        tense.is_timed_ahead(clause, letter_date) and not REFUSAL.search(clause)
        for clause in clauses
    )


def _is_done(clause: str, letter_date: date | None) -> bool:
    """Done by its words, a time to come left out; or by a month that is over (5月投用)."""
    if tense.is_timed_ahead(clause, letter_date):
        return tense.is_done(tense.without_time(clause))
    return tense.is_done(clause) or tense.is_past_month(clause, letter_date)


def places_ahead(leaf: Leaf, letter_date: date | None) -> list[tuple[int, int]]:
    """The clauses of a mixed leaf that are about the future, by their places in it."""
    folded = tense.mask_quotes(leaf.piece.folded)
    return [
        found.span()
        for found in _CLAUSE.finditer(folded)
        if not _is_done(found[0], letter_date)
        and (
            tense.is_will(found[0], sentence_is_done=True)
            or tense.is_timed_ahead(found[0], letter_date)
        )
    ]


def _looks_ahead(leaf: Leaf, clauses: list[str], letter_date: date | None, *, done: bool) -> bool:
    if FORWARD.match(leaf.piece.folded):
        return True
    reports = leaf.block is Block.DONE
    for clause in clauses:
        if tense.is_timed_ahead(clause, letter_date) and not _is_done(clause, letter_date):
            return True
        if not tense.is_will(clause, sentence_is_done=done):
            continue
        # A report of work done is full of 继续 and 进一步; only plain words of intent count there.
        if reports and (
            _CONTINUES.match(clause)
            or tense.is_disposal(clause)
            or (done and not _INTENDS.search(clause))
        ):
            continue
        return True
    if reports:
        return False
    return coming.follows_event(clauses) or (
        not done and (any(map(coming.is_next_step, clauses)) or coming.is_tentative(clauses))
    )


def _judge_in_plan(
    leaf: Leaf, folded: str, clauses: list[str], *, ahead: bool
) -> tuple[bool, bool]:
    """Under 下一步 all is promised, but for what is said of the present."""
    if not leaf.enumerated and GENERAL.search(folded):
        return False, False
    if not leaf.enumerated and not ahead and (JUDGEMENT.search(folded) or _is_complaint(folded)):
        return False, False
    opens_with_state = bool(_WORK_OF_STATE.search(clauses[0])) and tense.is_done(clauses[0])
    if ahead:
        return opens_with_state, True
    return opens_with_state, not opens_with_state


def _is_complaint(folded: str) -> bool:
    return bool(REFUSAL.search(folded) or (PROBLEM.search(folded) and tense.is_done(folded)))


def _also_done(folded: str, done: list[str], letter_date: date | None) -> bool:
    """Whether a sentence with a promise also reports something done."""
    if FORWARD.match(folded):
        return False
    for clause in done:
        will = tense.is_will(clause, sentence_is_done=True)
        acts = ACT.search(clause) or tense.is_past_month(clause, letter_date)
        if not will and acts and not tense.is_timed_ahead(clause, letter_date):
            return not REFUSAL.search(clause)
    return any(
        _RESULT.search(part)
        and not any(_may_be_ahead(clause, letter_date) for clause in _CLAUSE.findall(part))
        for part in _PART.split(folded)
    )


def _may_be_ahead(clause: str, letter_date: date | None) -> bool:
    return tense.is_will(clause, sentence_is_done=False) or tense.is_timed_ahead(
        clause, letter_date
    )
