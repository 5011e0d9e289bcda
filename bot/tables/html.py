"""HTML inside cells and whole HTML tables, unclosed tags forgiven."""

import re
from html import unescape
from html.parser import HTMLParser

from bot.tables.shapes import Cell, Table, inherit, table

KNOWN = (
    "p|u|ul|ol|li|br|b|i|em|strong|span|div|font|input|a|sup|sub|h[1-6]|table|thead|tbody|tfoot|tr|td|th|"
    "style|center|small|label|img|hr|s|strike|del|ins|mark|col|colgroup|caption"
)
TAG = re.compile(rf"<\s*/?\s*(?:{KNOWN})(?:\s[^<>]*)?/?\s*>", re.IGNORECASE)
BREAK = re.compile(r"<\s*/?\s*(?:p|br|li|ul|ol|div|h[1-6]|hr)(?:\s[^<>]*)?/?\s*>", re.IGNORECASE)
ITEM = re.compile(r"<\s*li(?:\s[^<>]*)?>\s*", re.IGNORECASE)
TICK = re.compile(r"<\s*input\b[^<>]*checkbox[^<>]*>", re.IGNORECASE)
STRONG = re.compile(
    r"\s*(?:<\s*p\b[^<>]*>\s*)?((?:<\s*(u|b|strong)\b[^<>]*>.*?<\s*/\s*\2\s*>\s*)+)",
    re.IGNORECASE | re.DOTALL,
)
BULLET = "\u2022 "
BOXES = {True: "\u2611", False: "\u2610"}


def cell(raw: str) -> Cell:
    """A cell's text from its markup."""
    run = STRONG.match(raw)
    return Cell(plain(raw), " ".join(plain(run[1]).split()) if run else "")


def plain(raw: str) -> str:
    """Markup as lines of text: a paragraph or list item is a line, a tick box a sign."""
    text = TICK.sub(lambda box: BOXES["checked" in box[0].lower()] + " ", raw)
    text = ITEM.sub("\n" + BULLET, text)
    text = unescape(TAG.sub(" ", BREAK.sub("\n", text))).replace("**", "")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


class _Rows(HTMLParser):
    """Collects the cells of one table; a cell or row ends where the next one begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.rows: list[list[tuple[str, int, int]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
            self._open = False
        elif tag in ("td", "th"):
            if not self.rows:
                self.rows.append([])
            found = dict(attrs)
            self.rows[-1].append(("", _span(found.get("rowspan")), _span(found.get("colspan"))))
            self._open = True
        else:
            self._add(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._open = False
        else:
            self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._add(data)

    def handle_entityref(self, name: str) -> None:
        self._add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._add(f"&#{name};")

    def _add(self, text: str) -> None:
        if not self._open and text.strip() and not TAG.fullmatch(text):
            # text between cells has no cell of its own: it gets a row, so that it is not lost
            self.rows.append([("", 1, 1)])
            self._open = True
        if self._open:
            body, down, across = self.rows[-1][-1]
            self.rows[-1][-1] = (body + text, down, across)


def _span(value: str | None) -> int:
    return min(int(value), 200) if value and value.isdecimal() and int(value) > 0 else 1


def tables(markup: str, no: int) -> Table:
    """One ``<table>`` with its merged cells resolved; ``no`` is its number in the document."""
    parser = _Rows()
    parser.feed(markup)
    parser.close()
    grid: dict[tuple[int, int], Cell] = {}
    for y, row in enumerate(parser.rows):
        x = 0
        for body, down, across in row:
            while (y, x) in grid:
                x += 1
            made = cell(body)
            for step_y in range(down):
                for step_x in range(across):
                    first = not step_y and not step_x
                    grid.setdefault((y + step_y, x + step_x), made if first else inherit(made))
            x += across
    height = min(len(parser.rows), max((y for y, _ in grid), default=-1) + 1)
    width = max((x for _, x in grid), default=-1) + 1
    return table([[grid.get((y, x), Cell()) for x in range(width)] for y in range(height)], no)
