"""What a part of the body is about, by its heading: work done, plans, problems, answers."""

from __future__ import annotations

import re
from enum import Enum


class Block(Enum):
    """What a part of the body is about, by its heading."""

    DONE = "done"
    AHEAD = "ahead"
    PROBLEM = "problem"
    ANSWER = "answer"
    PLAIN = "plain"


_AHEAD_HEADING = re.compile(
    r"下一?步|下一?阶段|今后|打算|时间(?:表|节点|安排)|路线图|责任分工|任务分工|工作(?:计划|安排|思路|考虑|设想|目标|重点)|努力方向|整改计划|"
    r"未来|后续|接下来|"
    r"(?:20\d\d|明)年(?:工作)?(?:计划|安排|打算)|拟采取|将采取|下半年|推进计划|工作建议"
)
_PROBLEM_HEADING = re.compile(
    r"(?:存在|面临)(?:着|的)?[^，。]{0,8}(?:问题|不足|困难|短板|差距|挑战|形势)|原因|制约|瓶颈|"
    r"(?:困难|不足|短板|难点|问题)(?:(?:和|与|及|、)[^，。]{2,6})?(?:分析|方面)?[。：]?$"
)
# These act on a problem (补齐设施短板) or answer one that was raised.
_SOLVES = re.compile(
    r"建议|解决|整改|关于|补齐|补强|补短|破解|破除|化解|克服|消除|突破|打破|打通|攻克|缓解|纾解|改善|"
    r"关心|关爱|帮扶|针对|聚焦|直面|弥补|治理|整治|防范|排查|消减"
)
_ANSWER_HEADING = re.compile(r"^关于|建议|提案|答复|办理")
_ON_WORK = re.compile(r"^关于[^您你]*(?:情况|现状|进展)[。：]?$")
_ENUMERATOR = re.compile(r"^[^\u4e00-\u9fff]*[一二三四五六七八九十]*[）、.]?")
_DONE_HEADING = re.compile(
    r"情况|现状|成效|成果|进展|已(?!知)|开展|做法|取得|落实|回顾|近年|主要工作|工作举措|采取措施|"
    r"举措|政策"
)


def block_of(heading: str, inherited: Block) -> Block:
    """The block that a heading opens inside another."""
    if _AHEAD_HEADING.search(heading):
        return Block.AHEAD
    if inherited is Block.AHEAD:
        return Block.AHEAD
    if _PROBLEM_HEADING.search(heading) and not _SOLVES.search(heading):
        return Block.PROBLEM
    if inherited in (Block.DONE, Block.PROBLEM) and not _ANSWER_HEADING.search(heading):
        return inherited
    bare = _ENUMERATOR.sub("", heading)
    on_work = _ON_WORK.match(bare) and not re.search("反映|建议|提案|代表|委员", bare)
    if _ANSWER_HEADING.search(bare) and not on_work:
        return Block.ANSWER
    return Block.DONE if _DONE_HEADING.search(heading) else inherited
