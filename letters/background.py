"""What stands around the work and is no part of it: history, size of a problem, generalities."""

from __future__ import annotations

import re

_HISTORY = re.compile(
    r"最早(?:出|形|见|由|在|可)|兴于|兴起于|起源于|源于|始于|历史悠久|上世纪|"
    r"曾(?:经)?(?:一度|因|是|为)|一度(?:停|恶|中断|下)|自(?:18|19)\d\d年(?:设立|成立|建|创)|"
    r"(?:19|20)\d\d年(?:经|由|在)?[^，。\d]{0,8}(?:发现|始建|修建|兴建|命名|划归)|(?:清|明|民国)(?:末|初|代|朝|时期)"
)
_LONG_AGO = re.compile(r"^(?:过去|从前|以往)，|鼎盛|由来已久")
_SIZE = re.compile(
    r"老龄化|占(?:常住|总|户籍)?人口|^(?:近年来，)?随着|越来越[大多高强]|再创新高|形势[^，。]{0,8}(?:严峻|复杂)|零碎|零散|商铺多|车位少|(?:车|人)多[^，。]{0,4}少|"
    r"[进转过出上下修]不[去来开了起]|清醒(?:地)?(?:看到|认识)|也(?:应|要)?看到|"
    r"(?:仍未|尚未|还未|未能)[^，。]{0,8}(?:扭转|完全|根本|得到)|一个样。$|先天不足|基数大|底子薄"
)
_GENERALITY = re.compile(
    r"(?:只有|唯有)[^。]{0,60}才|才能(?:真正|更好|有效|实现|够)|"
    r"是[^，。]{0,24}(?:桥梁|纽带|载体|灵魂|源泉|先行工程|生命线|重要阵地|晴雨表|压舱石)|"
    r"面对[^，。]{0,16}(?:形势|挑战|压力|局面)[^\d]{0,60}$|迎难而上。$|"
    r"反映强烈|社会关注度|长期(?:性|的){0,2}(?:工作|任务|过程)|系统工程|没有(?:统一|明确)的?规定|"
    r"需要(?:一定|较长)的?时间"
)
_OWN_WORK = re.compile(
    r"我(?:[局厅委部办院市县区省镇乡]|们|单位|公司|中心|街道)[^，。]{0,12}(?:已(?!有|久)|将|立即|组织|"
    r"开展|完成|投入|争取|印发|出台)|"
    r"(?<!(?:曾|早))已(?!久|有|经?成为|达|处)|正在|完成|投入|印发|出台|改造|整治|修复|新建|补助|"
    r"发放|拨付|恢复到|全面消除|先行试验|试点|争取到|扶持"
)
_NOT_YET = re.compile(r"清醒(?:地)?(?:看到|认识)|也(?:应|要)?看到")


def is_background(folded: str) -> bool:
    """Whether a sentence tells how things came or stand, and of no act of those who reply."""
    if _NOT_YET.search(folded) or _LONG_AGO.search(folded):
        return True
    return bool(
        _HISTORY.search(folded) or _SIZE.search(folded) or _GENERALITY.search(folded)
    ) and not _OWN_WORK.search(folded)
