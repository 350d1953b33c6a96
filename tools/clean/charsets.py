"""Which charset labels we follow, and how much a decoded text looks like one somebody wrote."""

import re
from functools import cache

_LABELS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "chinese", "cp936", "gb2312-80"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji", "cp932"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "euc_jp"), "euc_jp"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "cp949", "korean", "uhc"), "cp949"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252"), "cp1252"),
    **{f"{stem}{number}": f"cp125{number}" for number in (0, 1, 3, 4, 5, 6, 7, 8) for stem in ("windows-125", "cp125")},
    **{f"iso-8859-{number}": f"iso8859_{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{"koi8-r": "koi8_r", "koi8-u": "koi8_u", "tis-620": "cp874", "windows-874": "cp874", "macintosh": "mac_roman"},
    **{"utf-16": "utf_16_le", "utf-16le": "utf_16_le", "utf-16be": "utf_16_be"},
    **{"iso-2022-jp": "iso2022_jp", "utf-8": "utf_8", "utf8": "utf_8"},
}
"""Label -> codec that reads its widest dialect (gb2312 pages hold GB18030). UTF-7, `hex` and the like are not here."""
MULTIBYTE = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
"""Tried where no declared charset fits; earlier wins a draw."""
UTF_16 = ("utf_16_le", "utf_16_be")
JAPANESE_KANA_SHARE = 0.1
"""Of wide characters. Kana stand at the same codes in GB 2312 and EUC-JP, but Chinese writes none."""
MIN_WIDE = 4
"""Fewer wide characters prove nothing about a charset."""

_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\ue000-\uffef]")
_KANA = re.compile("[\u3041-\u30ff]")


def codec_of(label: str) -> str:
    """The Python codec for a charset label, empty for labels we do not follow."""
    return _LABELS.get(label.strip().lower(), "")


def plausibility(sample: bytes, codec: str) -> float:
    """How much a sample read by a multibyte codec looks like Chinese, Japanese or Korean: 0 to 1.

    The share of its wide characters that are common ones; a wrong codec turns common characters into rare ones or
    leaves holes. 0 when fewer than `MIN_WIDE` are wide.
    """
    text = sample.decode(codec, "replace")
    wide = _WIDE.findall(text)
    if len(wide) < MIN_WIDE:
        return 0.0
    # A sample may end within a character: one hole is free.
    holes = max(text.count("\ufffd") - 1, 0) * 4
    if codec == "gb18030" and len(_KANA.findall(text)) > JAPANESE_KANA_SHARE * len(wide):
        return 0.0
    common = _common(codec)
    return max(sum(char in common for char in wide) - holes, 0) / len(wide)


@cache
def _common(codec: str) -> frozenset[str]:
    """The characters each national standard set apart as the common ones (its level 1), signs and kana with them."""
    if codec == "gb18030":
        codes = _codes((0xA1, 0xA3), (0xB0, 0xD7), second=(0xA1, 0xFE))
    elif codec == "big5hkscs":
        codes = _codes((0xA1, 0xC6), second=(0x40, 0xFE))
    elif codec == "cp949":
        codes = _codes((0xA1, 0xA3), (0xB0, 0xC8), second=(0xA1, 0xFE))
    elif codec == "euc_jp":
        codes = _codes((0xA1, 0xA5), (0xB0, 0xCF), second=(0xA1, 0xFE))
    else:
        codes = _codes((0x81, 0x83), (0x88, 0x97), second=(0x40, 0xFC))
    return frozenset("".join(code.decode(codec, "ignore") for code in codes))


def _codes(*firsts: tuple[int, int], second: tuple[int, int]) -> list[bytes]:
    rows = [row for low, high in firsts for row in range(low, high + 1)]
    return [bytes((row, cell)) for row in rows for cell in range(second[0], second[1] + 1)]
