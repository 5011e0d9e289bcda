"""Running text with tables in it: tab- or pipe-separated, Markdown, HTML."""

import re
from collections.abc import Iterator

from bot.tables import html
from bot.tables.shapes import Cell, Document, Paragraph, Table, table

RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
PIPE = re.compile(r"(?<!\\)\|")
OPENS = re.compile(r"<\s*table\b", re.IGNORECASE)
CLOSES = re.compile(r"<\s*/\s*table\s*>", re.IGNORECASE)
MARKDOWN = re.compile(r"\*\*|__|^#{1,6}\s+|^>\s?")
ENCODINGS = ("utf-8-sig", "cp874")


def decoded(content: bytes) -> str:
    """The text in the encoding it is in: UTF-8, UTF-16 with its mark, or the old Thai one."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", errors="replace")


def read(content: bytes, name: str = "") -> Document:
    """The text's paragraphs and tables in their order."""
    return Document(tuple(_blocks(_lines(decoded(content)))), name)


def _lines(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers; the lines of one HTML table are one."""
    made: list[tuple[int, str]] = []
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        body = line.rstrip("\r")
        if inside:
            made[-1] = (made[-1][0], made[-1][1] + "\n" + body)
        else:
            made.append((number, body))
        last = made[-1][1]
        inside = len(OPENS.findall(last)) > len(CLOSES.findall(last))
    return made


def _blocks(lines: list[tuple[int, str]]) -> Iterator[Paragraph | Table]:
    rows: list[list[Cell]] = []
    kind, tables = "", 0
    for number, line in [*lines, (0, "")]:
        found = _kind(line)
        if rows and found != kind:
            tables += 1
            yield table(rows, tables)
            rows = []
        kind = found
        if kind in ("pipe", "tab"):
            if not (kind == "pipe" and RULE.fullmatch(line)):
                rows.append(_pipe(line) if kind == "pipe" else [html.cell(part) for part in line.split("\t")])
        elif kind == "html":
            start = OPENS.search(line)
            assert start
            yield from _paragraph(line[: start.start()], number)
            for part in OPENS.split(line[start.start() :])[1:]:
                body, _, after = CLOSES.sub("\0", part, count=1).partition("\0")
                tables += 1
                yield html.tables("<table" + body, tables)
                yield from _paragraph(after, number)
        else:
            yield from _paragraph(line, number)


def _kind(line: str) -> str:
    if OPENS.search(line):
        return "html"
    bare = line.strip()
    if bare.startswith("|") and len(bare) > 1:
        return "pipe"
    if "\t" in line.strip("\r\n ") and line.strip():
        return "tab"
    return "text"


def _pipe(line: str) -> list[Cell]:
    bare = line.strip()[1:]
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [html.cell(part.replace("\\|", "|")) for part in PIPE.split(bare)]


def _paragraph(line: str, number: int) -> Iterator[Paragraph]:
    for part in html.plain(line).split("\n"):
        if text := " ".join(MARKDOWN.sub("", part).split()):
            yield Paragraph(text, number)
