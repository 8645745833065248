"""What a sentence claims: something done, or nothing to record (courtesies, reasons, costs)."""

from __future__ import annotations

import re

from letters import tense
from letters.blocks import Block
from letters.outline import LEAD_IN, Leaf

_COURTESY = re.compile(
    r"感谢|谢谢|敬请|欢迎(?:您|你|各位|继续|代表|委员)|批评指正|如有(?:不妥|不同|新的|什么|意见|"
    r"疑问)|希望(?:您|你|今后|继续|代表|委员|贵)|"
    r"让我们|表示(?:理解|满意|答复满意|认可)|特此(?:答复|函复|回复|函告)|以上(?:答复|意见|回复|"
    r"是|为)|此致|敬礼|恳请|^您好|相信(?:通过|"
    r"在|有)|祝(?:您|你)|"
    r"请(?:您|你|予)|"
    r"请(?:将|把)(?:以上|上述)|一并答复|"
    r"答复如下|函复如下|请(?:综合|在?)?(?:考虑|参考|审阅|阅示)|统一答复|请(?:各位)?(?:代表|委员|贵)"
)
# These close a letter even where 我局将 follows.
_CLOSING_WORDS = re.compile(
    r"对(?:以上|上述|我们的|此)(?:答复|办理|回复|意见)|以上(?:答复|办理|回复|"
    r"意见)[^，。]{0,8}(?:不妥|不满意|意见|满意)|"
    r"以此[^，。]{0,6}为契机[^\d]{0,60}(?:作风|服务水平|工作水平)|多提(?:宝贵)?意见|请及时(?:与我|反馈|联系)|批评指正|提[^，。]{0,6}宝贵(?:的)?(?:意见|建议)"
)
_THEIR_WORDS = re.compile(
    r"^(?:首先，|一、|（一）|\d、)?(?:正如)?(?:对于?|针对|关于)?(?:您们?|你们?|"
    r"贵[界会党组方\u4e00-\u9fff]|代表|委员|建议(?:中|人|者)|提案(?:中|人|者))[^，。]{0,10}"
    r"(?:提出|建议|反映|提到|提及|认为|指出|所提|关心|关注|说|谈到|讲到|写道|的(?:这一|这个|此)?(?:建议|提案|意见|"
    r"想法|观点|担忧|心情|判断))"
)
# What they say of the deputy's words is no act of theirs either (我们感同身受).
_EMPATHY = re.compile(
    r"(?:我们|我[局厅委部办])[^，。；]{0,8}(?:赞同|认同|同意您|感同身受|不好受|深有同感|理解|惭愧|内疚|深感|"
    r"高度重视|诚恳接受|虚心接受|完全接受|感动|一致)[^，。；]{0,8}"
)
_ADVICE = re.compile(
    r"^(?:同时|此外|另外)?，?(?:我[局厅委部])?(?:建议|希望|请)(?:由|地方|你|贵|您|各|相关|有关|"
    r"省|市|县|区|镇|乡|村|代表|委员|企业|所在)"
)
JUDGEMENT = re.compile(
    r"属实|有道理|很好|十分重要|非常重要|具有[^，。]{0,16}(?:意义|价值|针对性|前瞻性|可行性|"
    r"操作性|指导性|作用|创新性)|很有(?:意义|针对|价值)|有着?重要|符合实际|切中|不谋而合|非常好|"
    r"十分好|很有见地|非常及时|针对性(?:很)?强|有(?:着)?(?:很强的|重要的?|积极的?|较强的|"
    r"现实)[^，。]{0,6}意义|确实存在|客观存在|普遍存在|"
    r"十分必要|非常必要|很有必要|值得|是一致的|是正确的|表示(?:赞同|认同|理解|歉意)|深表|认可您|"
    r"认同您|表明您|意义重大"
)
GENERAL = re.compile(
    r"是[^，。]{0,40}(?:途径|手段|举措|资源|龙头|任务|基础|关键|内容|环节|工程|载体|支撑|保障|"
    r"力量|抓手|需要|要求|体现|大计|"
    r"根本|前提|问题|组成部分|重点|难点|窗口|名片|标志|大事)(?:，(?:事关|关系|对|也是|"
    r"更是)[^。]*)?。$|^[^，。我\d]{1,20}(?:是|属于|"
    r"主体为|性质为)(?:(?!已|我局|完成)[^，。\d]){2,40}。$|^[^，。]{2,20}(?:承担着|关系(?:到|着)|"
    r"事关|关乎|"
    r"直接影响)"
)
REFUSAL = re.compile(
    r"尚不|暂不|暂时不|不适合|不可行|暂无|尚无|不具备|不宜|不符合|无法|难以|不能(?!骗|腐|忘)|"
    r"空间有限|不成熟|尚不成熟|没有(?:资金|政策|依据|条件)|未列入|不予(?!通过|验收|审批|办理|发证|备案|登记|拨付)|不在.{0,12}范围|不属于|"
    r"无权"
)
PROBLEM = re.compile(
    r"有待|差距|(?:仍|还|尚|也)?(?:存在|面临)(?!的.{0,12}(?:已|进行|整改))[^，。]{0,20}(?:问题|"
    r"困难|不足|现象|隐患|短板|挑战|矛盾)|不同程度存在|困难(?:较|很|重)|不足(?=。|，|、|"
    r"[\d一二三四五六七八九十])|不够|"
    r"滞后|薄弱|短缺|紧张|缺口|缺乏|破损|老化|损坏|漏雨|拥堵|坑洼|狭窄|年久失修|隐患|"
    r"将(?:会)?(?:带来|造成|导致)|影响(?:了)?(?:群众|居民|学生|村民|市民|出行|交通|通行|正常)|"
    r"不到位|不健全|不完善|不配套|不均衡|日益(?:突出|增大|凸显|严重|紧张|增多)|涉及面广|政策性强|"
    r"工作量大|难度(?:较|很)?大|情况复杂|[主客]观(?:原因|因素)|偏低|偏少|偏高"
)
_SOLVED = re.compile(
    r"(?:解决|整改|修复|修补|消除|缓解|改善|治理|更换|处理|排查|破解|整治|防止|避免|维修|改造|"
    r"遏制|清理|弥补|补齐|化解)(?:了|完成|完毕|到位)?"
    r"[^，。]{0,24}(?:问题|困难|不足|现象|隐患|短板|矛盾|差距|滞后|薄弱|短缺|紧张|缺口|破损|老化|"
    r"损坏|拥堵|坑洼|影响)|"
    r"(?:问题|困难|隐患|矛盾|拥堵|损坏|破损)[^，。]{0,10}(?:得到|已|予以)"
)
_REASON = re.compile(
    r"(?:要|应当?|需要?)(?:综合|充分|统筹|通盘)?考虑|^(?:但|但是|由于|因为?|鉴于|受|究其|"
    r"主要(?:是|原因)|原因|考虑到|经(?:了解|核实|查|调查|"
    r"现场|勘查|核查))"
)
_REPORTED = re.compile(
    r"已(?!处于|经?达到)[^，。]*(?:完成|纳入|列入|安排|开展|实施|组织|向|与|通过)|"
    r"(?:修订|印发|出台|制定|完成|召开|组织|开展|安排|修复|更换)了"
)
_STILL = re.compile("但|仍|还存在|尚存|普遍|日益|不够|不足。")
# A problem that names whom or what was acted on: 撤并…不足三成的机构157所, 对…薄弱的34个县.
_HARDSHIP = (
    r"(?:不足|困难|难以|薄弱|落后|老化|破损|狭窄|短缺|偏低|偏少|滞后|无法|不符合|不具备|不达标|隐患|"
    r"缺乏|损坏|拥堵|不健全|不完善|不到位|没有|未列入)"
)
_HANDLING = (
    r"(?:安装|改造|撤并|关停|取缔|安置|取消|补助|补贴|资助|救助|发放|免费|提供|帮扶|结对|推荐|整改|"
    r"整治|清理|排查|修复|更换|拆除|约谈|查处|配备|减免|免除|予以|给予|实施|开展|支持|投入|培训|抓拍|建成)"
)
_ACTED_ON = re.compile(
    rf"{_HANDLING}[^，。；]{{0,24}}?{_HARDSHIP}[^，。；]{{0,16}}?的[^，。；]{{0,16}}?\d|"
    rf"(?:对|为|给|向|将|把)[^，。；]{{0,24}}?{_HARDSHIP}[^，。；]{{0,8}}?的?"
    rf"[^，。；]{{0,6}}?\d[^。；]{{0,30}}?{_HANDLING}|"
    rf"(?:对|为|给|向|将|把)\d[^，。；]{{0,10}}{_HARDSHIP}[^，。；]{{0,12}}?{_HANDLING}|"
    rf"困难(?:家庭|群众|学生|毕业生|老人|职工|户|人员|群体)[^。；]{{0,30}}{_HANDLING}[^。；]{{0,12}}\d|"
    rf"{_HANDLING}[^，。；]{{0,20}}\d[^，。；]{{0,8}}，[^，。；]{{0,16}}(?:由[\d.]+[^，。；]{{0,6}}(?:降|升|增|减|提高|缩短)|下降|降低)"
)
_TACKLED = re.compile(r"^(?:针对|为|围绕)[^，。]{4,40}，[^。]{0,80}(?:了(?!解)|已|\d)")
_WANTED = re.compile(r"(?:仍|还|尚|约|共|总)?需(?!求)|无力|测算|估算|概算|如果|计划|但")
_COST = re.compile(
    r"(?:需要?|估算|概算|预算|造价)(?:总?投资|投入|资金|费用|经费|财政|县?级?自筹)*(?:约|为|需|"
    r"大约)*\d|"
    r"(?:预计|估算|概算)(?:总?投资|资金|费用|造价)|(?:总投资|造价|费用|成本)(?:约|预计|估算|"
    r"大约)|^(?:据|经|初步|根据)(?:初步)?(?:测算|估算)"
)
_LAW = re.compile(
    r"^(?:根据|按照|依据|依照|按)《[^》]{0,200}》[^，。]{0,16}(?:规定|"
    r"第[一二三四五六七八九十\d]+条)?[^，。]{0,4}[，：]|规定：|"
    r"《[^》]{0,200}》[^，。]{0,10}(?:明确)?规定[，：]"
)
_PLAIN_ACT = re.compile(
    r"安排|召开|组织|成立|印发|出台|制定|列入|纳入|派|开展|投入|完成|建立|进行|统一|实施|\d"
)
_OWN_ACT = re.compile(
    r"(?:我[局厅委部办]|已)(?!有|存在|成为)[^，。]{0,24}(?:更换|修|整治|整改|督促|组织|安排|协调|"
    r"开展|完成|列入|纳入|处理|处置|清理|约谈|查处|投入|配备|增加)"
)
_EFFECT = re.compile(
    r"^[^，。]{0,30}(?:建成|完工|通车|投用|实施|落成|使用|完成|改造)后，?(?:将|可|能|会|"
    r"届时)?(?:会|将|可)?(?:有效|极大|进一步|大大|彻底|基本|大幅|显著|更好|全面)*"
    r"(?:地|的)?(?:缓解|解决|改善|提升|提高|方便|满足|惠及|覆盖|促进|带动|消除)[^。]*。$"
)
_HISTORY = re.compile(
    r"(?:始建|建于|修建于|成立于|建成于|兴建于|位于|地处|全长|坐落|辖|始于|上世纪|原为|原属|属于)"
)
_ATTITUDE = re.compile(
    r"高度重视|十分重视|非常重视|重中之重|始终把|始终坚持|一直(?:以来)?(?:十分|非常|"
    r"高度)?(?:重视|关注)"
)
ACT = re.compile(
    r"已|完成|召开|组织|开展|印发|出台|制定|建立|建成|安排|投入|报[进送请入]|拨付|列入|纳入|实施|推进|推动|"
    r"落实|落地|修|装|设置|设立|增设|新增|"
    r"协调|联合|会同|整治|整改|摸底|研判|调研|走访|沟通|面商|排查|检查|巡查|培训|宣传|补助|补贴|"
    r"支持|统一|要求|配备|开通|聘请|改造|提供|提高|提升|完善|实现|"
    r"调整|委托|踏勘|勘查|论证|申报|争取|下达|发放|减免|签订|成立|明确|指导|督促|启动|进场|通车|"
    r"开工|竣工|交付|投用|使用"
)
_IDLE_LEAD = re.compile(
    r"(?:主要)?(?:体现在|表现在|包括|做了|有)(?:以下|如下|几).{0,10}：$|如下：$|以下.{0,14}：$|"
    r"^[^，。]{0,16}：$|(?:具体|主要)(?:情况|做法|措施|工作)(?:是|有|为)?：$"
)


_OWN = re.compile(r"我(?:[局厅委部办院校]|大队|支队|中心|公司|街道|单位)")
_OWN_DONE = re.compile(_OWN.pattern + "(?:已|将)")
_BRACKETED = re.compile(r"（[^）]*）[。]?")
_ASSIGNED = re.compile(
    r"^(?:责任|牵头|配合|完成|主办|协办|实施)(?:单位|部门|处室|科室|时限|时间|期限|人)："
)


def is_idle(folded: str, leaf: Leaf) -> bool:
    """Lead-ins, courtesies, the deputy's own words, advice to others, remarks in brackets."""
    if _BRACKETED.fullmatch(folded) or len(folded) < 4 or _ASSIGNED.match(folded):
        return True
    if not leaf.enumerated and (
        _IDLE_LEAD.search(folded) or (LEAD_IN.search(folded) and len(folded) < 90)
    ):
        return True
    if _CLOSING_WORDS.search(folded):
        return True
    if _COURTESY.search(folded) and not _OWN_DONE.search(folded):
        return True
    if _ADVICE.match(folded) or (_EFFECT.match(folded) and not leaf.enumerated):
        return True
    theirs = _THEIR_WORDS.match(folded)
    if theirs:
        return not _answers(folded[theirs.end() :])
    if not _LAW.search(folded):
        return False
    return not (tense.is_done(folded) or _OWN.search(folded) or re.search("将|拟", folded))


def _answers(rest: str) -> bool:
    """Whether those who reply speak of themselves after the deputy's words, and not only assent."""
    own = _EMPATHY.sub("", rest.partition("，")[2])
    return bool(re.search(r"我[局厅委部办市县区省们]|已|将(?!来)", own) or _OWN_DONE.search(rest))


def is_measure(folded: str, leaf: Leaf, done: bool) -> bool:
    """Whether a leaf without a promise reports something done, in force or under way."""
    if leaf.enumerated and leaf.block is Block.DONE:
        return True
    if JUDGEMENT.search(folded) and not re.search(r"我[局厅委部办]已|完成|印发", folded):
        return False
    if GENERAL.search(folded) and not re.search("已|累计|完成", folded):
        return False
    bare_attitude = _ATTITUDE.sub("", folded)
    if bare_attitude != folded and not done and not _PLAIN_ACT.search(bare_attitude):
        return False
    acted_on = bool(_ACTED_ON.search(folded)) and not _WANTED.search(folded)
    if REFUSAL.search(folded) and not acted_on:
        return _reports_beside(folded)
    if leaf.block is Block.PROBLEM and not re.search(
        r"我[局厅委部办]已|已(?:完成|整改|解决)", folded
    ):
        return False
    acted_on = acted_on or bool(_TACKLED.search(folded)) and not _STILL.search(folded)
    solved = acted_on or _SOLVED.search(folded) or _OWN_ACT.search(folded)
    if PROBLEM.search(folded) and not solved:
        # In a report of work a problem may be what was acted on (对进展滞后的县进行约谈).
        return leaf.block is Block.DONE and bool(ACT.search(folded)) and not _STILL.search(folded)
    if (_REASON.search(folded) or _COST.search(folded)) and not _done_act(folded):
        return False
    return not (_HISTORY.search(folded) and not done and not re.search("今年|我[局厅委部]", folded))


def _reports_beside(folded: str) -> bool:
    """Whether a sentence that refuses one thing reports another as done."""
    clauses = re.split("[，；。]", folded)
    return any(_REPORTED.search(clause) and not REFUSAL.search(clause) for clause in clauses)


def _done_act(folded: str) -> bool:
    return bool(re.search("已(?!有)|完成|今年|累计|先后", folded)) and bool(ACT.search(folded))
