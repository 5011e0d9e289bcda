"""From characters with places to lines of Thai text: repairs of what PDFs do to it, wrapped lines joined."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

MARK = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u02f8\uf701-\uf70e\uf710-\uf71a]")
THAI = re.compile("[\u0e00-\u0e7f]")
LISTED = re.compile(
    r"(?![0-9๐-๙.,]+\s*(?:คะแนน|%|บาท|ล้าน))"  # an amount is no number of a list
    r"(?:[-–•●○◦▪■□·➢➤✓√*☐☑☒]|\(?[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})*[.)]|[ก-ฮ][.)](?![ก-ฮ]\.))\s*\S"
    r"|(?:ข้อ|หมวด|ส่วน)(?:ที่)?\s*[0-9๐-๙]"
)
LABEL = re.compile(r"(?:[☐☑☒]\s*\S+\s*)+")  # tick boxes and their words, on a line of their own
CUT_LABEL = re.compile(r"ดำเนิน$")  # a box's words that go on
UNIT = re.compile(r"(?:กอง|สำนัก|ศูนย์|กลุ่ม|ฝ่าย|ทุกหน่วยงาน)")
NAME = re.compile(rf"{UNIT.pattern}\S{{1,25}}(?<!และ)(?<!หรือ)(?<!กับ)|[ก-ฮ]{{2,6}}\.")
RANGE = re.compile(r"[-–]\s*[0-9๐-๙]+(?:\s|$)")  # no mark of a list where a number stands before it
COUNT = re.compile(  # a number and what it counts, or a number alone: it goes on with the words before
    r"[0-9๐-๙,]+(?:$|\s*(?:ครั้ง|ฉบับ|คน|เล่ม|แห่ง|เรื่อง|ช่องทาง|ราย|โครงการ|กิจกรรม|หน่วยงาน|หลักสูตร|วัน|เดือน|ปี)(?![ก-ฮ]))"
)
OPEN = re.compile("[เ-ไ]$")  # a vowel whose letter follows
SHORT = re.compile(r"[ก-ฮ]\.(?:\s|$)")  # of an abbreviation that a narrow column cuts
CLOSES = re.compile(r"[.,)]")  # what never begins a word
ADDRESS = re.compile(r"(?:://|www\.)\S*$")
# what the Thai fonts of old Windows draw in other places, as private letters: U+F700 and after
PRIVATE = dict(
    zip(
        range(0xF700, 0xF71B),
        "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
        "\u0e0d\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=False,
    )
) | {0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "•", 0xF0FE: "☑", 0xF052: "☑", 0xF0FD: "☒", 0xF0A8: "☐", 0xF06F: "☐"}
OTHERS = {0x02: "-", 0xFFFE: "-", 0xAD: "", 0x200B: "", 0xFFFF: "", 0xA0: " "}
REPAIRS = (
    (re.compile("[\u0e4d\u02f8]\\s*([\u0e48-\u0e4b]?)\\s*\u0e32"), "\\1\u0e33"),  # circle and aa are am
    (re.compile("([\u0e48-\u0e4c])([\u0e31\u0e34-\u0e3a\u0e47])"), r"\2\1"),  # a tone stands after its vowel
    (re.compile("\u0e33[\u0e32\u0e33]"), "\u0e33"),
    (re.compile("\u0e33([\u0e48-\u0e4b])"), "\\1\u0e33"),
    (re.compile("\u0e40\u0e40"), "\u0e41"),  # two of one vowel are another
    (re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+"), r"\1"),
    (re.compile(r"(?<=[^\s(])(?=[●•▪■➢☐☑☒])"), " "),  # another font's sign swallows the space before it
    (re.compile("(?<=[0-9๐-๙]) +(?=[.,][0-9๐-๙])"), ""),  # of one number
    (re.compile("(?<=[“‘]) +| +(?=[”’])"), ""),
    (re.compile(" +(?=[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e])"), ""),  # no mark begins a word
)
ROOM = 12  # letters of the next line that would have fitted if the line had not been ended on purpose
GAP = 0.25  # of a letter's height: the least that lies between words and not between letters
SPACE = 0.35  # of a line's height: the space between words, and what letters keep free around them


@dataclass(slots=True)
class Glyph:
    """What a page draws at one point, most often one character; a Thai mark belongs to the one before."""

    text: str
    left: float
    right: float
    y: float
    bottom: float
    top: float
    size: float
    made: bool = False  # a space that is not in the file but between its words
    no: int = 0  # which of the page's characters it begins with


@dataclass(slots=True)
class Line:
    """Glyphs on one base line; y grows down the page."""

    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def y(self) -> float:
        """Its base line."""
        return self.glyphs[0].y

    @property
    def size(self) -> float:
        """How high its highest glyph stands."""
        return max(glyph.size for glyph in self.glyphs)

    @property
    def left(self) -> float:
        """Where its ink begins."""
        return min((glyph.left for glyph in self.glyphs if glyph.text.strip()), default=0.0)

    @property
    def right(self) -> float:
        """Where its ink ends."""
        return max((glyph.right for glyph in self.glyphs if glyph.text.strip()), default=0.0)

    @property
    def text(self) -> str:
        """The line in good Thai, white space folded."""
        return repaired("".join(glyph.text for glyph in self.glyphs))

    def wide(self, letters: int) -> float:
        """The width of its first letters, up to the first space."""
        first: list[Glyph] = []
        for glyph in self.glyphs:
            if len(first) >= letters or (first and not glyph.text.strip()):
                break
            first += [glyph] if glyph.text.strip() else []
        return first[-1].right - first[0].left if first else 0.0


def repaired(text: str) -> str:
    """Thai as it is typed: private letters, split vowels and wrong orders set right."""
    text = text.translate(PRIVATE).translate(OTHERS)
    for pattern, right in REPAIRS:
        text = pattern.sub(right, text)
    return " ".join(text.split())


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Glyphs in the order they were drawn, put into lines from the top down."""
    lines: list[Line] = []
    for glyph in glyphs:
        if not lines or abs(lines[-1].y - glyph.y) > 0.4 * max(lines[-1].glyphs[0].size, glyph.size):
            lines.append(Line())
        lines[-1].glyphs.append(glyph)
    for line in lines:
        line.glyphs = spaced(in_place(line.glyphs))
    kept = [line for line in lines if line.text]
    kept.sort(key=lambda line: (round(line.y / 3), line.left))
    made: list[Line] = []
    for line in kept:
        if made and abs(made[-1].y - line.y) < 0.25 * line.size:
            made[-1].glyphs += [Glyph(" ", 0, 0, line.y, line.y, line.y, 0), *line.glyphs]
        else:
            made.append(line)
    return made


def in_place(glyphs: list[Glyph]) -> list[Glyph]:
    """A line from left to right, where its glyphs were drawn to and fro; each mark stays behind its letter.

    LibreOffice draws what it takes from another font (a box, a quotation mark) after the letter behind it.
    """
    placed: list[list[Glyph]] = []
    for glyph in glyphs:
        if placed and MARK.match(glyph.text):
            placed[-1].append(glyph)
        else:
            placed.append([glyph])
    inked = [one[0] for one in placed if one[0].text.strip()]
    if all(one.left <= other.left + SPACE * one.size for one, other in pairwise(inked)):
        return glyphs
    return [glyph for one in sorted(placed, key=lambda one: one[0].left) for glyph in one]


def spaced(glyphs: list[Glyph]) -> list[Glyph]:
    """A line with the spaces behind marks, which neither LibreOffice nor pdfium writes: a gap tells them."""
    made: list[Glyph] = []
    ends = 0.0
    for glyph in glyphs:
        if made and MARK.match(made[-1].text) and glyph.text.strip() and not MARK.match(glyph.text):
            if glyph.left - ends > GAP * glyph.size:
                made.append(Glyph(" ", ends, ends, glyph.y, glyph.y, glyph.y, 0, made=True))
            ends = 0.0
        ends = max(ends, glyph.right)
        made.append(glyph)
    return made


def folded(lines: list[Line], right: float) -> str:
    """The text up to an edge: lines that only wrapped are one, others stay apart."""
    made = ""
    for number, line in enumerate(lines):
        text = line.text
        if number and wraps(lines[number - 1], line, right) and not _is_next_unit(made, text):
            made += _between(made, text, lines[number - 1]) + text
        else:
            made += ("\n" if made else "") + text
    return made


def _is_next_unit(made: str, text: str) -> bool:
    """Whether the line before ends one unit's name, and this one begins another's."""
    return bool(UNIT.match(text) and NAME.fullmatch(made.rpartition("\n")[2]))


def wraps(line: Line, following: Line, right: float) -> bool:
    """Whether a line was ended by the edge alone: what follows would not have fitted behind it."""
    before, after = line.text, following.text
    is_number = before[-1:].isdecimal()
    if OPEN.search(before) or (RANGE if is_number else COUNT).match(after):
        return True
    if LISTED.match(after) or (LABEL.fullmatch(before) and not CUT_LABEL.search(before)):
        return False
    return right - line.right < following.wide(ROOM) + SPACE * line.size


def _between(before: str, after: str, line: Line) -> str:
    """A space where one was drawn at the end, or where either side is not Thai."""
    if line.glyphs[-1].text.isspace() and not line.glyphs[-1].made:
        return " "
    if (
        CLOSES.match(after)
        or (SHORT.search(before) and SHORT.match(after))
        or (before[-1:] in ".," and before[-2:-1].isdecimal() and after[:1].isdecimal())
    ):
        return ""
    if before[-1:].isdecimal() != after[:1].isdecimal():
        return " "  # a number stands apart
    is_one_word = (THAI.match(before[-1:]) and THAI.match(after)) or ADDRESS.search(before)
    return "" if is_one_word else " "


def paragraphs(lines: list[Line], edge: float) -> list[str]:
    """Running text, a paragraph each; a line far below the one before begins a new one.

    ``edge``: how far to the right the text of these pages goes at least.
    """
    right = max([edge, *(line.right for line in lines)])
    made: list[list[Line]] = []
    for line in lines:
        last = made[-1][-1] if made else None
        near = last is not None and -line.size < line.y - last.y < 2.2 * max(line.size, last.size)
        over = last is not None and line.y < last.y  # the next page
        if last is not None and (near or over) and wraps(last, line, right):
            made[-1].append(line)
        else:
            made.append([line])
    return [_whole(one) for one in made]


def _whole(lines: list[Line]) -> str:
    text = ""
    for number, line in enumerate(lines):
        text += (_between(text, line.text, lines[number - 1]) if text else "") + line.text
    return text
