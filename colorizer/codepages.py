"""Which code page a set of file names was written in: guessed from all of them together.

Old ZIPs do not say. A guess for one name alone is a matter of luck; all names of an archive come
from one machine, and of the few code pages that people have, one usually makes words of them all.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence

# In the order of their likelihood, for names that several read alike.
_PAGES = (
    "cp1252", "cp850", "cp437", "cp949", "cp932", "gbk", "big5", "cp1251", "cp866", "koi8_r",
    "cp1250", "cp852", "cp1253", "cp737", "cp1254", "cp857", "cp1255", "cp862", "cp1256", "cp1257",
    "cp1258", "cp874",
)  # fmt: skip
_USUAL_LATIN = set("äöüßéèêàçñíóáúâîôûëïãõåæøœìòùÿ")
_OTHER_LATIN = set("ąćęłńśźżčďěňřšťůžőűăîșțşţğıāēīūģķļņėįųėõðþý")
# German, French and Italian, Iberian, Nordic, Czech and Slovak, Polish, Hungarian, Romanian,
# Turkish, South Slavic, Lithuanian, Latvian, Estonian, Icelandic.
_ALPHABETS = tuple(
    frozenset(letters)
    for letters in (
        "äöüß", "àâçéèêëîïôœùûüìòó", "áéíóúñüãõâêôçà", "åæøäöé", "áčďéěíňóřšťúůýžľĺŕäô",
        "ąćęłńóśźż", "áéíóöőúüű", "ăâîșțşţ", "çğıöşüâî", "čćđšž", "ąčęėįšųūž", "āčēģīķļņšūž",
        "äöõüšž", "áðéíóúýþæö",
    )
)  # fmt: skip
_ONE_LANGUAGE = 0.7
_USUAL_CYRILLIC, _RARE_CYRILLIC = set("оеаинтсрвлкмдпуяыьбгзчйш"), set("хжюцщэфъё")
_USUAL_HANGUL = set(
    "이다가고는에하지나도기을서사인로의리대한은어자시스정그구일수보아전부들해상우주소장제아라오원"
    "동여무모비신조안유화경연생과실성김박최강진영민미현선식결혼할머니버족아빠엄마누형졸업학교입운회"
    "가을여름봄겨울바닷산길집서울부산대구광천남북중년월날첫백돌잔치사진앨범옛친구어린추억복군인행"
)
_RARE_GREEK = set("ΰΐϊϋ")
_HEBREW_FINALS = set("ךםןףץ")
_SCRIPTS = ("LATIN", "CYRILLIC", "HEBREW", "GREEK", "ARABIC", "HANGUL", "CJK", "HIRAGANA",
            "KATAKANA", "THAI")  # fmt: skip
_PUNCTUATION = set("–—‘’“”„«»°ºª·…№´`")
_WORD = re.compile(r"[^\W\d_]+")
_JUNK_LETTER = -3.0
# Of double-byte pages, the lead bytes of the characters that people write.
_USUAL_LEADS = {"gbk": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "cp932": (0x88, 0x97)}


def decode_names(names: Sequence[bytes]) -> list[str]:
    """Return names of one archive or disk as text, all read in the likeliest code page.

    UTF-8 where all of them are; bytes that the likeliest page lacks are read as CP437, which lacks
    none.

    >>> decode_names(["Großmutter".encode("cp850"), "Müller".encode("cp850")])
    ['Großmutter', 'Müller']
    """
    try:
        return [name.decode("utf-8") for name in names]
    except UnicodeDecodeError:
        page = max(_PAGES, key=lambda page: _plausibility(names, page))
    decoded = (_decoded(name, page) for name in names)
    return [
        text if text is not None else name.decode("cp437")
        for text, name in zip(decoded, names, strict=True)
    ]


def _decoded(name: bytes, page: str) -> str | None:
    try:
        return name.decode(page)
    except UnicodeDecodeError:
        return None


def _plausibility(names: Iterable[bytes], page: str) -> float:
    score, latin = 0.0, []
    for name in names:
        if name.isascii():
            continue
        text = _decoded(name, page)
        if text is None:
            score += _JUNK_LETTER * sum(byte > 127 for byte in name)
        else:
            score += sum(_letter(one, page) for one in text if not one.isascii())
            score += sum(_word(word) for word in _WORD.findall(text))
            latin += [_small(one) for one in text if not one.isascii() and one.isalpha()]
    # Letters of one language speak for each other: č and ď, but not è and ď.
    if any(alphabet.issuperset(latin) for alphabet in _ALPHABETS):
        score += _ONE_LANGUAGE * len(latin)
    return score


def _small(letter: str) -> str:
    return "ı" if letter == "İ" else letter.lower()


def _letter(letter: str, page: str) -> float:
    """Return how likely a letter is in a name, times the bytes that it took."""
    if letter in _PUNCTUATION:
        return -0.5
    if unicodedata.category(letter)[0] not in "LM":
        return _JUNK_LETTER
    script = _script(letter)
    small = _small(letter)
    if script == "LATIN":
        return 1.0 if small in _USUAL_LATIN else 0.6 if small in _OTHER_LATIN else -1.0
    if script == "CYRILLIC":
        return 1.0 if small in _USUAL_CYRILLIC else 0.3 if small in _RARE_CYRILLIC else -0.5
    if script == "THAI":  # nearly any byte is a letter there
        return 0.6
    if small in _RARE_GREEK:
        return -1.0
    if script in {"HEBREW", "GREEK", "ARABIC"}:
        return 0.85 if unicodedata.category(letter)[0] == "L" else -0.5
    raw = letter.encode(page)
    if script == "HANGUL":  # rare syllables have codes of their own in CP949 alone
        usual = 2.4 if letter in _USUAL_HANGUL else 0.7
        return usual if len(letter.encode("euc_kr", "ignore")) == 2 else -2.0
    if script in {"HIRAGANA", "KATAKANA"}:
        return 2.0 if page == "cp932" and len(raw) == 2 else -1.0
    low, high = _USUAL_LEADS.get(page, (0x100, 0))
    return 1.6 if low <= raw[0] <= high else -1.0


def _word(word: str) -> float:
    """Return what speaks against a word: mixed scripts, capitals within, accents everywhere."""
    foreign = [letter for letter in word if not letter.isascii()]
    if not foreign:
        return 0.0
    against = 0.0
    scripts = {_script(letter) for letter in word}
    if len(scripts - {"HIRAGANA", "KATAKANA", "CJK"}) > 1 or (
        "LATIN" in scripts and len(scripts) > 1
    ):
        against -= 2.0
    against -= 1.5 * sum(
        before.islower() and after.isupper() for before, after in itertools.pairwise(word)
    )
    # Letters that stand at the end of words alone, and capitals that go on before small ones.
    against -= 2.0 * sum(one in _HEBREW_FINALS or one == "ς" for one in word[:-1])
    if len(word) > 2 and word[:2].isupper() and not word.isupper():
        against -= 2.0
    if len(word) > 2 and word.isupper():
        against -= 0.3 * len(foreign)
    if scripts == {"LATIN"} and len(word) > 2 and len(foreign) > 0.75 * len(word):
        against -= len(foreign)
    return against


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), name.split(" ")[0])
