"""Fold a letter's characters for matching, one for one, so that places stay what they are."""

from __future__ import annotations

import re

# Each pair is a mark as printed and the form the rules are written in. Hand-made.
_MARK_PAIRS = (
    ",， :： ;； (（ )） !！ ?？ [〔 ]〕 【〔 】〕 ﹝〔 ﹞〕 「“ 」” 『“ 』” 〈《 〉》 "
    "–— ―— ‐— ─— ━— ~— ∼— 〜— ｡。 ﹒· •· ．."
)
# Traditional and variant forms (繁体、异体) of the characters that the rules look for. Hand-made.
_TRADITIONAL_PAIRS = (
    "對对 關关 於于 議议 協协 縣县 區区 會会 覆复 複复 復复 辦办 現现 將将 繼继 續续 "
    "貴贵 員员 屆届 號号 書书 規规 劃划 進进 設设 開开 實实 無无 與与 類类 簽签 發发 "
    "領领 導导 聯联 繫系 係系 電电 話话 單单 請请 為为 際际 從从 爭争 據据 計计 備备 "
    "應应 時时 後后 達达 準准 項项 萬万 億亿 個个 條条 處处 臺台 戶户 畝亩 噸吨 間间 "
    "輛辆 盞盏 該该 這这 讓让 當当 動动 給给 經经 過过 還还 屬属 須须 報报 審审 國国 "
    "務务 廳厅 門门 層层 總总 銀银 團团 紀纪 檢检 證证 監监 營营 價价 幣币 長长 業业 "
    "東东 頭头 見见 視视 財财 產产 農农 環环 資资 陸陆 點点 種种 體体 約约 數数 餘余 "
    "併并 專专 題题 調调 確确 認认 擬拟 訂订 積积 極极 嚴严 獲获 衛卫 爾尔 們们 謝谢 "
    "內内 況况 結结 構构 聲声 願愿 問问 難难 範范 標标 滿满 減减 強强 劑剂 採采 驗验 "
    "權权 稱称 責责 費费 兩两 幾几 練练 場场 驟骤 階阶 鎮镇 鄉乡 廠厂 隊队 陳陈 齊齐 "
    "盡尽 籌筹 慮虑 論论 適适 補补 鋪铺 質质 護护 劉刘 運运 轉转 詢询 隨随 舊旧 啟启 "
    "啓启 編编 製制 維维 擴扩 廣广 諮咨 輪轮 購购 創创 優优 壓压 縮缩 簡简 測测 撥拨 "
    "徵征 擔担 負负 牽牵 勵励 獎奖 貼贴 償偿 寬宽 暢畅 綠绿 網网 絡络 線线 樓楼 橋桥 "
    "鐵铁 鐘钟 鍾钟 擇择 燈灯 塊块 樁桩 歲岁 隻只"
)


def _table(pairs: str) -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in pairs.split()}


# Full-width ASCII (０ to ～) stands 0xFEE0 above ASCII in Unicode; its marks are folded on.
_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_MARKS = _table(_MARK_PAIRS)
_FOLDED = (
    {code: _MARKS.get(ord(char), char) for code, char in _WIDTH.items()}
    | _MARKS
    | _table(_TRADITIONAL_PAIRS)
)
_MARK_BETWEEN_DIGITS = re.compile(r"(?<=\d)[，：。](?=\d)")
_BETWEEN_DIGITS = {"，": ",", "：": ":", "。": "."}


def fold(text: str) -> str:
    """The text with one form for each mark, digit and character; always of the same length."""
    folded = text.translate(_FOLDED)
    return _MARK_BETWEEN_DIGITS.sub(lambda found: _BETWEEN_DIGITS[found[0]], folded)
