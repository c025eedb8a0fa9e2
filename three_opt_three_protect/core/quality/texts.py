"""What happens to text on the way: wrong encodings, invisible characters, names cut off."""

from __future__ import annotations

import re
import unicodedata
from typing import Dict, List, Mapping, Optional, Sequence

from three_opt_three_protect.core.roles import cut_forms

LOST = "\ufffd"
"""What readers put in place of bytes that are no character."""


def is_garbled(value: Optional[str]) -> bool:
    """Whether a text was read in the wrong encoding or has lost characters on the way.

    True for replacement and private characters, bytes of Chinese shown as Western letters (``µØÀà``, ``å¤§``),
    UTF-8 read as GBK (``鍦扮被``), and question marks where Chinese was (``??``, ``张?村``).
    """
    if value is None or (value.isascii() and "?" not in value):
        return False
    return _GARBLED.search(value) is not None or _was_utf8(value)


# Letters of Western encodings in a row that no Latin word holds; Chinese punctuation (“”——……) is not among them.
_WESTERN = (
    "\x80-\x9f\xa1-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2020-\u2022\u2030\u20ac\u2122"
)
_HAN = "\u4e00-\u9fff"
_GARBLED = re.compile(
    f"[{LOST}\ue000-\uf8ff\x80-\x9f]"
    "|锟斤拷|烫烫烫|屯屯屯"
    f"|(?<![A-Za-z{_WESTERN}])(?=[{_WESTERN}]*[\xa1-\xff])[{_WESTERN}]{{2,}}(?![A-Za-z{_WESTERN}])"
    rf"|\?\?|(?<=[{_HAN}])\?(?=[{_HAN}])"
)


def _was_utf8(value: str) -> bool:
    try:
        meant = value.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    wide = [letter for letter in meant if not letter.isascii()]
    return len(wide) > 1 and all("\u4e00" <= letter <= "\u9fff" for letter in wide)


def has_spaces(value: Optional[str]) -> bool:
    """Whether a text has spaces at its ends or invisible characters anywhere; of spaces alone it is none."""
    if value is None or value.isalnum() or not value.strip():
        return False
    if value != value.strip():
        return True
    # Controls and formats such as the zero-width space; a remark may have lines.
    return any(unicodedata.category(letter) in ("Cc", "Cf") and letter not in "\r\n\t" for letter in value)


def cut_names(names: Sequence[str], fulls: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """Those of ``names`` that were cut → what they were, ``""`` where nothing begins so.

    A name is cut when it is what 10 bytes of GBK or UTF-8 hold of a longer known one, or when it ends within a
    character.  Where it begins the names of several fields, all of them are given, by 、.

    Parameters
    ----------
    names
        Of the layer's fields.
    fulls
        The names of each known field.
    """
    known = {full.upper() for group in fulls for full in group}
    beginnings: Dict[str, List[str]] = {}
    for group in fulls:
        for kept, full in {form.upper(): name for name in reversed(group) for form in cut_forms(name)}.items():
            beginnings.setdefault(kept, []).append(full)
    found = {}
    for name in names:
        if name.upper() in known:
            continue
        whole = name.rstrip(LOST)
        if whole.upper() in beginnings and whole:
            found[name] = "、".join(dict.fromkeys(beginnings[whole.upper()]))
        elif whole != name and whole and not is_garbled(whole):
            found[name] = ""
    return found
