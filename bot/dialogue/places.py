"""Which countries a text names, in the four languages, by the stems of their names. Pure.

Russia is left out: nearly every text here is about it. The Union and regulators stand for their country.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

STEMS = {
    "US": r"(?-i:\bU\.?S\.?(?:A\b)?(?!\w)|\bBIS\b)|\bOFAC\b|united states|\bamerican?s?\b|amerikan|washington"
    r"|сша|америк|вашингтон|美国",
    "EU": r"\bEU\b|european|europäisch|brussels|brüssel|евросоюз|\bес\b|европейск|брюссел|欧盟",
    "UK": r"\bU\.?K\b|united kingdom|britain|british|england|english law|london|\bOFSI\b"
    r"|britisch|großbritannien|vereinigte\w* königreich"
    r"|великобритан|британ|англи|英国",
    "CH": r"switzerland|\bswiss\b|\bSECO\b|schweiz|швейцар|瑞士",
    "CN": r"\bchina|\bchines|\bPRC\b|beijing|shanghai|кита[йея]|китайск|中国|上海|人民币",
    "HK": r"hong ?kong|hongkong|гонконг|香港",
    "IN": r"\bindia|\bmumbai|indisch|\bindien|инди[яиюе]\b|индийск|印度(?!尼)",
    "AE": r"emirates|\bUAE\b|dubai|\bVAE\b|emirate|оаэ|эмират|дубай|阿联酋|迪拜",
    "TR": r"turk|türk|турц|турец|土耳其",
    "KZ": r"kazakh|kasach|казахст|казахск|哈萨克",
    "KG": r"kyrgyz|kirgis|кирги|кыргы|吉尔吉斯",
    "AM": r"armenia|armenien|armenisch|армен|армян|亚美尼亚",
    "UZ": r"uzbek|usbek|узбек|乌兹别克",
    "BY": r"belarus|weißruss|беларус|белорус|白俄罗斯",
    "GE": r"georgia|georgien|georgisch|грузи|格鲁吉亚",
    "AZ": r"azerbai|aserbai|азербай|阿塞拜疆",
    "IR": r"\biran|иран|伊朗",
    "KP": r"north korea|nordkorea|dprk|кндр|северн\w+ коре|朝鲜",
    "KR": r"south korea|südkorea|южн\w+ коре|韩国",
    "JP": r"japan|япони|японск|日本",
    "CA": r"canad|kanad|канад|加拿大",
    "AU": r"australi|австрали|澳大利亚",
    "UA": r"ukrain|украин|乌克兰",
    "CU": r"\bcuba|\bkuba|\bкуб[аыеу]\b|古巴",
    "VE": r"venezuel|венесуэл|委内瑞拉",
    "SY": r"\bsyria|syrien|syrisch|сири[яиюй]|叙利亚",
    "VN": r"vietnam|вьетнам|越南",
    "ID": r"indonesi|индонези|印尼|印度尼西亚",
    "TH": r"thailand|\bthai\b|таиланд|泰国",
    "MY": r"malaysia|малайзи|马来西亚",
    "SG": r"singapor|singapur|сингапур|新加坡",
    "MN": r"mongoli|mongolei|монголи|蒙古",
    "IL": r"israel|израил|以色列",
    "SA": r"saudi|саудов|沙特",
    "EG": r"egypt|ägypt|египет|египт|埃及",
    "ZA": r"south africa|südafrika|\bюар\b|南非",
    "BR": r"brazil|brasil|бразил|巴西",
    "MX": r"mexic|mexik|мексик|墨西哥",
    "RS": r"serbia|serbien|serbisch|серби|сербск|塞尔维亚",
    "NO": r"norway|norweg|норвег|挪威",
    "CY": r"cyprus|zypern|кипр|塞浦路斯",
}
PATTERNS = {code: re.compile(stems, re.IGNORECASE) for code, stems in STEMS.items()}


def places(text: str) -> frozenset[str]:
    """The codes of the countries that a text names."""
    return frozenset(code for code, pattern in PATTERNS.items() if pattern.search(text))


def missing(asked: Iterable[str], text: str) -> list[str]:
    """Those of these countries that a text does not name."""
    return [code for code in asked if not PATTERNS[code].search(text)]
