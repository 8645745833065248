"""Is a clause about what was done or about what will be done? The cues, and their traps."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from letters import due
from letters.numerals import whole_number

# 将 before one of these is the adverb "will"; before a noun it is the preposition 把.
_AFTER_WILL = (
    "加大|加强|加快|继续|进一步|积极|会同|联合|配合|协同|协调|督促|督导|指导|组织|统筹|安排|采取|"
    "按|根据|依据|依托|"
    "结合|围绕|立足|坚持|持续|严格|严肃|认真|全力|全面|着力|大力|逐步|适时|及时|尽快|尽早|尽|"
    "争取|力争|努力|深入|"
    "不断|以|在|于|对|与|从|把|由|向|为|用|通过|重点|优先|分|研究|探索|启动|开展|推进|推动|推行|"
    "推广|落实|实施|"
    "完善|优化|提升|提高|健全|建立|建设|新建|新增|增加|增设|扩大|拓展|拓宽|强化|深化|细化|做好|"
    "抓好|抓紧|切实|密切|"
    "主动|定期|再|同步|同|予以|给予|请|商|报|提请|适当|合理|科学|一如既往|不定期|补充|支持|"
    "引导|鼓励|召开|"
    "制定|出台|印发|修订|编制|聚焦|发挥|充分|于|到|至|达|是|有|会|更|始终|牢固|紧紧|紧盯|沿|选|"
    "列|纳入|投入|"
    "投资|举办|打造|培育|整合|汇同|先|陆续|全程|视|待|如|适|进行|完成|实现|确保|依法|重新|另|"
    "专门|就|引进|改造|"
    "逐年|逐|自|设置|设立|采用|邀请|选派|投放|修复|修缮|更换|改建|扩建|拆除|清理|清除|购置|招聘|"
    "聘请|增派|"
    "增配|增强|核查|检查|巡查|严厉|严查|从严|下达|拨付|发放|上报|要求|责成|实行|明确|压实|维修|"
    "整改|整治|治理|监督|"
    "监测|保障|保证|做到|利用|借助|跟踪|关注|高度|督办|落细|常态化|多|每|年底|今年|明年|下|有序|"
    "稳步|稳妥|"
    "扎实|集中|统一|全"
)
_WILL = re.compile(rf"(?<![即必])将(?={_AFTER_WILL})")
_SUBJECT_WILL = re.compile(
    r"(?:我们|我[局厅委部办市县区省院镇乡处站队]|我(?:单位|公司|中心|街道)|本[局厅委部]|"
    r"[局厅委办])(?:也|还|均|都)?将(?![来近该此其这本\d]|上述)"
)
_PLAN = re.compile(
    r"(?:^|，|；|：|[局厅委部办们省市县区]|现|已|并|也)拟(?!定|订|写|制|稿|态|人|合|建成)|"
    r"拟定?(?:于|在|将|对|从|由|先|再|用)|"
    r"(?<![原行年养设规划生培工训作展建度动])计划(?=于|在|用|到|从|今年|明年|年|20\d\d|\d|对|"
    r"投资|新建|分|通过|将|\S{0,6}(?:完成|启动|实施|建设|开工))|"
    r"预计(?:于|在|到|至)?(?=20\d\d|今年|明年|年底|年内|\d+月|[一二三四五六七八九十]+月|春节|"
    r"国庆|下半年)|"
    r"力争|争取(?=在|于|早日|尽快|尽早|20\d\d年|今年|明年|年底|年内|春节|国庆|汛期)|"
    r"我(?:们|[局厅委部办])(?:一定|会(?!同|议|商))|即将(?=实施|开工|启动|完成|完工|投入|建成|"
    r"开通|动工|竣工)|届时|适时|(?:尽快|尽早|择机|择期)(?!地)|"
    r"待(?:[^，。]{2,24})(?:后|时|，)|"
    r"(?:^|，|；)(?:会?继续|今后|下一?步|明年|接下来|后续|后期|将来|近期(?:将|内))|(?:^|，|"
    r"；)进一步(?=加|完|强|做|推|提|优|落|深)|"
    r"(?:还|仍)?需(?:要)?(?:会同|与|联合|报|商|进一步(?:论证|研究|协调))|"
    r"我[局厅委部办市县区](?:可以?|愿意?)?(?:无偿|免费|优先)(?:提供|给予|配合)|可由我[局厅委]"
)
# 争取 is "strive for" in a plan and "obtained" in a report (争取资金240万元).
_STRIVE = re.compile(r"争取(?![^，。]{0,24}\d[\d.]*(?:万|亿)?元)(?![^，。]{0,20}到)")
_AFTER_EVENT = re.compile(
    r"(?<!以)(?<!之)(?<!此)(?<!今)(?<!会)(?<!先)(?<!前)(?<!最)(?<!雨)(?<!疫)(?<!灾)后(?:，)?(?:再"
    r"|即可?|可|立即|由|组织|实施|开工|启动|进行|安排|动工|施工|予以|统一|按|逐步|投入|我|陆续|"
    r"对)"
)
_PAST_EVENT = re.compile(
    r"(?:接|收)到.{0,20}后|.{0,12}(?:建议|提案|反映|情况|研究|踏勘|勘查|会议)后"
)
_DONE = re.compile(
    r"(?<!尚未)已(?!久|知|于是)|完成了|先后|累计|目前|截至|截止|近年|近[两三四五]年|去年|上年|上月|上周|日前|前不久|去冬|今春|"
    r"以来|迄今|至今|"
    r"(?<![入在于到至])(?:19|20)\d\d年(?!(?:\d{1,2}月)?(?:[底末初]|[上中下]旬|\d{1,2}日|"
    r"[上下]半年)?(?:之前|以前|前|内))(?:底|以来|起|全年|度)?.|共(?:计)?[^同享建性]{0,8}\d|"
    r"(?:建成|投入使用|投用|印发|出台|下发|开通|竣工|验收|安装|修补|更换|追回|拨付|兑现|查处|"
    r"整改|完工|启用|"
    r"通车|进场|开工|落实|办结|实施|列入|纳入|达到|形成|成立)了|"
    r"曾|业已|均为|得到|(?<!维持|保持|利用|依托|整合|盘活|用好|结合|立足|改造|提升|优化)"
    r"(?<![在对将把按])现有|正在|正(?:按|积极|有序)|了(?=[一二三四五六七八九十两\d《“])|"
    r"今年[^底内下]"
)
# 将…纳入 with 将 as the preposition 把; of the past where the sentence tells of the past.
_DISPOSAL = re.compile(
    r"将(?!继续|进一步|积极|会同|联合|配合|督促|根据|按照|结合|在|于|对|与|从|把|以|适时|尽快|"
    r"尽早|力争|认真|"
    r"严格|加大|加强|加快|不断|逐步|全力|着力|大力|研究|协调|争取|同步|统筹)"
    r".{2,60}?(?:纳入|列入|编入|作为|列为|调整为|转为|变为|改为|提高[到至]|延长[到至]|"
    r"扩大[到至]|下放|移交|划归|转交)"
)
_INTENT = re.compile("(?<!原)(?:拟|计划|准备|打算|力争)")
_EVERY = re.compile("每(?:年|逢|到)")
_WAS_PLANNED = re.compile("原计划|原定|原拟")
_NOT_AHEAD = re.compile("原计划|原定|截至|截止")
_LISTED = re.compile(r"(?:列入|纳入|编入|安排进|报入|作为|上报).{0,8}$")
# A month without a year, and what came about in it.
_MONTH_OF_EVENT = re.compile(
    r"(?<![\d年每])(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:\d{1,2}日|[上中下]旬|底|初|份)?(?!底?前|起|开始|龄|均)"
    r"[^，。]{0,8}(?:开工|竣工|投用|投入使用|通车|投产|挂牌|启动|完工|建成|开业|上线|验收|开学|封顶|到货|到位|进场|共|交付)"
)
_QUOTED = re.compile(r"(?<=“)[^”]{1,200}(?=”)|(?<=《)[^》]{1,200}(?=》)")


def mask_quotes(folded: str) -> str:
    """The text with quoted names blanked out: a 将 inside a name says nothing."""
    return _QUOTED.sub(lambda found: "＊" * len(found[0]), folded)


@lru_cache(maxsize=512)
def is_done(clause: str) -> bool:
    """Whether the clause carries a word of completion, of progress or of the present."""
    return bool(_DONE.search(clause))


@lru_cache(maxsize=512)
def is_will(clause: str, *, sentence_is_done: bool) -> bool:
    """Whether the clause has 将 (will), 拟, 力争 and the like."""
    if sentence_is_done and is_disposal(clause):
        return False
    if _WILL.search(clause) or _PLAN.search(clause):
        return not _WAS_PLANNED.search(clause)
    subject_will = _SUBJECT_WILL.search(clause) and not is_disposal(clause)
    if not sentence_is_done and (subject_will or _STRIVE.search(clause)):
        return True
    return bool(_AFTER_EVENT.search(clause)) and not (
        _PAST_EVENT.search(clause) or _DONE.search(clause) or "了" in clause
    )


def is_disposal(clause: str) -> bool:
    """Whether 将 stands for 把 (将托育服务纳入民生实事) and no word of intent is near."""
    return bool(_DISPOSAL.search(clause)) and not _INTENT.search(clause)


@lru_cache(maxsize=512)
def is_timed_ahead(clause: str, letter_date: date | None) -> bool:
    """Whether the clause names a time after the letter's date (9月开学前, 8月起, 2024年底前)."""
    found = due.find(clause)
    if found is None or _NOT_AHEAD.search(clause):
        return False
    printed = clause[found[0] : found[1]]
    if _EVERY.search(clause[: found[1]]):
        return False  # 每年汛期前: what is done every year is in force
    if _LISTED.search(clause[: found[0]]) or clause.startswith("的", found[1]):
        return False
    if re.match(r"^(?:近期|近日|本月|十)", printed) or re.search(r"期间$", printed):
        return False
    if printed.startswith("年内"):
        return True
    resolved = _resolve(printed, letter_date)
    if resolved is None:
        return bool(re.search("前$|秋收后|过后|节后|汛后", printed)) and not is_done(clause)
    if letter_date is None:
        return bool(re.search("前$|起$", printed)) and not is_done(clause)
    return resolved > letter_date and not _happened(printed, letter_date)


def without_time(clause: str) -> str:
    """The clause with the time it names blanked out."""
    found = due.find(clause)
    return (
        clause[: found[0]] + "＊" * (found[1] - found[0]) + clause[found[1] :] if found else clause
    )


def is_past_month(clause: str, letter_date: date | None) -> bool:
    """Whether the clause says that something came about in a month that is over (5月投用)."""
    found = _MONTH_OF_EVENT.search(clause) if letter_date and "月" in clause else None
    if found is None or letter_date is None:
        return False
    month = whole_number(found[1])
    return month is not None and 1 <= month < letter_date.month


@lru_cache(maxsize=256)
def _resolve(printed: str, letter_date: date | None) -> date | None:
    bare = re.sub("起$|开始$", "", printed)
    return due.resolve(bare, letter_date)


def _happened(printed: str, letter_date: date) -> bool:
    """今年 or a bare year that is not over says nothing of the future by itself."""
    if re.fullmatch(r"(?:今|本|当)年度?(?:起|开始)?|20\d\d年度?", printed):
        return not re.search(r"20\d\d", printed) or int(printed[:4]) <= letter_date.year
    if letter_date.month >= 6 and re.fullmatch(r"(?:今年|20\d\d年)?上半年", printed):
        return True
    month = re.match(r"(?:今年)?(\d{1,2})月(?!.*前)", printed)
    if month is None:
        return False
    # Of the letter's own month only a plain 今年8月 tells nothing of the future.
    current = re.fullmatch(r"今年\d{1,2}月", printed) and int(month[1]) == letter_date.month
    return bool(current) or int(month[1]) < letter_date.month
