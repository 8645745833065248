"""The words a reply letter is recognised by.

Sources: the official document format (GB/T 9704-2012: issuer, number, copies, date), the State
Council's catalogue of bodies and their local counterparts (suffixes of departments), the list of
common measure words in 《现代汉语八百词》 and the legal units of GB 3100 (units), and the labels
and openings of published replies as the anatomy of such letters lists them. No place or person
is named here. Everything is written as `letters.fold` leaves it.
"""

from __future__ import annotations


def _words(text: str) -> list[str]:
    """The words of a list written with blanks between them."""
    return text.split()


HAN = "\u3400-\u4dbf\u4e00-\u9fff"

# Last words of the name of a body. Longer ones first: the first match in a pattern wins.
BODY_SUFFIXES = _words(
    "人民政府办公室 人民政府办公厅 管理委员会 居民委员会 村民委员会 监督委员会 专门委员会 "
    "工作委员会 "
    "街道办事处 公共资源交易中心 残疾人联合会 工商业联合会 妇女联合会 "
    "人民政府 管委会 委员会 工作室 办公室 办公厅 办事处 联合会 总工会 工商联 供销社 工会 "
    "残联 妇联 团委 团市委 团县委 团区委 团省委 文联 科协 侨联 社科联 作协 红十字会 "
    "法院 检察院 研究院 科学院 设计院 医院 学院 大学 研究所 派出所 管理所 管理处 电视台 "
    "支队 大队 总队 分局 总局 管理局 银行 公司 集团 中心 报社 总社 协会 "
    "主管部门 职能部门 部门 政府 党委 财办 政法委 编办 督查室 "
    "市委 县委 区委 省委 工委 党组 局 厅 委 部 署 办 镇 乡"
)

# Suffixes that make a line of their own a signature (落款).
SIGNING_SUFFIXES = _words(
    "局 厅 委 部 署 办 院 处 府 会 室 中心 公司 集团 银行 支队 大队 总队 联 社 所 站 台 学 校 "
    "团 段 馆 街道 法院 社区 镇 乡 组 园区"
)

# Joining words in lists of departments.
LIST_MARKS = "、，,和与及"

# Collective authors of proposals (集体提案): parties, sectors (界别), committees, groups.
COLLECTIVE_SUFFIXES = _words(
    "省委会 市委会 县委会 区委会 总支 支部 支委会 基层委员会 委员会 专委会 工委 界别 界 联络组 "
    "活动组 小组 组 代表团 代表小组 工商联 工商业联合会 总工会 妇联 团委 侨联 台联 科协 残联 "
    "办公室 办 局 厅 委 部 署 院 中心 政府 会 街道 镇 乡 公司 集团 社区 学校"
)

# Labels and the value they head. Written without white space.
SIGNATORY_LABELS = _words(
    "签发人 签发领导 签发人姓名 签发 审签 核签 领导署名 领导签发 领导签字 领导签名 签批人 审签人 "
    "审签领导"
)
CONTACT_LABELS = _words(
    "联系人及联系电话 联系人及联系方式 联系人及方式 联系人和联系方式 联系人、联系方式 "
    "联系人及电话 联系人员及电话 联系人和电话 联系人、电话 联系人姓名 联系人员 "
    "联系人 "
    "经办人及联系电话 经办人及电话 经办人员 经办人姓名 具体经办人姓名 具体经办人 经办人 "
    "承办人及联系电话 承办人及电话 承办人员 承办人姓名 具体承办人 承办人 经办"
)
PHONE_LABELS = _words(
    "联系单位及电话 联系人电话 承办人电话 经办人电话 单位联系电话 办公电话 联系电话 联系方式 "
    "咨询电话 电话号码 电话 手机"
)
CATEGORY_LABELS = _words(
    "答复类别 答复分类 答复类型 办复类别 办复分类 "
    "办理类别 办理结果分类 办理结果类别 办理结果 类别标记 "
    "办理分类 答复意见类别 答复结果 类别 分类 办理类型 结果分类 办复结果"
)
DISCLOSURE_LABELS = _words(
    "公开属性 公开方式 公开类别 公开类型 公开选项 信息公开选项 是否同意公开 是否同意对外公开 "
    "是否可以公开 是否公开 能否公开 是否主动公开 是否可公开 可否公开 公开情况 公开形式 公开意见"
)
COPIED_LABELS = _words("抄送 抄报 抄告 主送抄送 分送")
CO_HANDLING_LABELS = _words(
    "会办单位 协办单位 会办部门 协办部门 协同办理单位 会同办理单位 参办单位 配合单位"
)
LEAD_LABELS = _words("主办单位 主办部门 承办单位 牵头单位 牵头部门 牵头办理单位 主办")
NUMBER_LABELS = _words("发文字号 文号 文件编号 发文文号 字号 文件号")
OTHER_LABELS = _words(
    "附件 附 邮政编码 邮编 地址 联系地址 通讯地址 单位地址 传真 主管领导 主管领导人姓名 分管领导 "
    "承办负责人 负责人 联系单位 电子邮箱 邮箱 主送 印发 校对 审核 审核人 拟稿 拟稿人 打印 主题词 "
    "索引号 发布机构 发文机关 发文单位 发布日期 发布时间 发文日期 成文日期 生成日期 生效日期 "
    "废止日期 有效性 主题分类 组配分类 体裁分类 公开范围 公开日期 公开时限 公开责任部门 来源 "
    "信息来源 "
    "作者 编辑 责任编辑 浏览次数 浏览量 阅读次数 点击数 字号 字体 名称 信息名称 标题 关键词 主题 "
    "更新时间 时间 "
    "日期 发布人 当前位置 您的位置 所在位置 您当前的位置 首页 打印 关闭 分享 分享到 答复单位 "
    "答复日期 答复时间 承办科室 代表姓名 提案人 建议人 提案者 领衔代表 案由 案号 建议编号 提案编号 "
    "提案号 建议号 办理单位 满意度 办理方式 面商 反馈意见 上一篇 下一篇 相关链接 版权所有 主办 "
    "承办 "
    "备案号 网站标识码 技术支持 协办 扫一扫"
)

# Words for a result without a letter; printed after a label.
CATEGORY_WORDS = _words(
    "已经解决或采纳 解决或采纳 解决采纳 已解决或基本解决 已解决 基本解决 正在解决 部分解决 "
    "计划解决 "
    "列入计划拟解决 列入计划逐步解决 列入计划 拟解决 留作参考 供参考 作参考 暂不能解决 "
    "因条件限制暂缓 "
    "已采纳 已落实 正在落实 无法解决"
)

DISCLOSURE_WORDS = {
    "withheld": _words(
        "不予公开 不公开 不宜公开 不同意公开 不得公开 不可公开 非公开 否 暂不公开 不能公开 "
        "不对外公开 不主动公开 内部"
    ),
    "on_request": _words("依申请公开 依申请 申请公开"),
    "proactive": _words(
        "主动公开 公开发布 同意公开 可以公开 全文公开 全部公开 删减后公开 建议公开 予以公开 "
        "对外公开 "
        "可公开 公开 同意 是"
    ),
}

# Web page furniture around a letter; a line that holds one of these is not the letter's.
CHROME_WORDS = _words(
    "当前位置 您的位置 您当前的位置 当前所在位置 所在位置 浏览次数 阅读次数 点击数 浏览量 访问量 "
    "点击率 访问次数 字体 "
    "扫一扫 打印本页 关闭窗口 打印 关闭 版权所有 网站地图 ICP备 公网安备 网站标识码 技术支持 "
    "欢迎访问 "
    "上一篇 下一篇 上一条 下一条 分享到 责任编辑 无障碍 适老 网站支持 EndFragment 底部栏目 "
    "本站部分信息 "
    "相关链接 友情链接 繁体 简体 设为首页 加入收藏 返回顶部 首页/ 首页> 首页》 打开当前页 "
    "手机上查看"
)
