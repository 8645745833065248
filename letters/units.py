"""Measure words and units that make a number a figure.

Sources: measure words (量词) of 《现代汉语八百词》's appendix as far as administrative texts use
them, and the legal units of measurement (GB 3100), with their everyday names.
"""

from __future__ import annotations


def _words(text: str) -> list[str]:
    """The words of a list written with blanks between them."""
    return text.split()


_COMPOUND = (
    "个工作日 个自然日 个百分点 个基点 个小时 个月 个学时 个课时 个标段 个班次 人次 人天 户次 "
    "家次 件次 班次 批次 "
    "场次 车次 架次 台次 台套 台（套） 台(套) 座次 处次 例次 项次 辆次 艘次 亩次 人日 "
    "毫克每升 微克每立方米 毫克/升 微克/立方米 分贝"
)
_MEASURES = (
    "平方公里 平方千米 平方米 平方厘米 立方米 立方 平方 平米 公里 千米 厘米 毫米 海里 英里 公顷 "
    "公斤 千克 毫克 "
    "微克 千瓦时 千瓦 兆瓦 千伏安 千伏 兆帕 吨 亩 米 克 升 方 度 摄氏度 ℃ 里 米/秒 吨/日 "
    "元钱 角钱 分钱 美元 欧元 港元 元 角 块钱 小时 分钟 秒钟 秒 周 天 学时 课时 "
    "km kw MW kV KV GB TB Mbps m² ㎡ m2 m3 ㎏ kg km² 倍 % ‰ 成"
)
_COUNTS = (
    "个 家 名 人 位 户 所 座 处 台 套 项 件 条 辆 艘 架 列 栋 幢 间 盏 根 棵 株 头 只 口 眼 匹 "
    "羽 尾 "
    "份 本 册 部 篇 幅 张 枚 块 片 段 层 孔 道 扇 面 节 门 堂 课 班 场 次 批 种 类 款 档 例 起 "
    "宗 笔 "
    "单 对 组 支 队 颗 粒 枝 杆 樘 桶 箱 包 袋 瓶 车 趟 轮 站 部门 期 镇 村 县 市 席 床 张床位 "
    "人份 字 条线路 "
    "周岁 岁 基 届 棒 屏 环 厅 坊 井 池 圈 辖 卷 顶 具 副 樽 把 幕 阵 顿 宿 柜 枪 桩 "
    "车位 泊位 床位 学位"
)
UNITS = sorted({*_COMPOUND.split(), *_MEASURES.split(), *_COUNTS.split()}, key=len, reverse=True)

# Units that make a figure of a number in Chinese characters; others make set phrases
# (三方、四面、两会、五级、一步) too often.
CHINESE_UNITS = sorted(
    _words(
        "个工作日 个百分点 个月 人次 场次 批次 平方公里 平方米 立方米 公里 公顷 吨 亩 米 万元 "
        "亿元 元 小时 分钟 "
        "天 倍 成 个 家 名 人 户 所 座 处 台 套 项 件 条 辆 艘 栋 幢 间 盏 根 棵 株 份 张 班 场 "
        "种 类 档 例 起 笔 支 次 头 眼 口 村 段 "
        "届 周岁"
    ),
    key=len,
    reverse=True,
)
# 一 with these counts (新增一座); with others it is only "a" (一个、一次、一批、一种).
COUNTED_BY_ONE = frozenset(_words("座 所 处 台 辆 栋 幢 亩 班 盏 条 家 名 公里 倍 套 间 艘 眼"))
NOT_COUNTED = ("方面", "层面", "环节", "阶段", "角度", "维度")
