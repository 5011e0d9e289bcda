"""Files in: whatever people send becomes a Document of paragraphs and plain tables.

The reader is picked by what the file holds, not by its name. A new format is one file with a
``read(content, name) -> Document``, named in ``_reader``.
"""

import zipfile
from collections.abc import Callable
from io import BytesIO

from bot.tables.shapes import Cell, Document, Paragraph, Table
from handlers.talk import Refused, say

__all__ = ["MOST_BYTES", "Cell", "Document", "Paragraph", "Table", "read", "text_of"]

MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 200 * 2**20  # what a zipped file may grow to, so that a small bomb stays small
OLD = (b"\xd0\xcf\x11\xe0", b"{\\rtf")  # .doc, .xls and what a password seals; .rtf
SEALED = "EncryptedPackage".encode("utf-16-le")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")


def read(content: bytes, name: str = "") -> Document:
    """The file as paragraphs and tables in its own order.

    Raises Refused, with what to send instead, when it is too large, broken, or of a kind not read.
    """
    if len(content) > MOST_BYTES:
        raise Refused(say("plans-file-large", most=str(MOST_BYTES // 2**20)))
    if not content.strip():
        raise Refused(say("plans-file-empty"))
    return _reader(content)(content, name)


def text_of(content: bytes, name: str = "") -> str:
    """The running text of a file, a paragraph a line, the rows of its tables as lines in their places.

    What is text already stays as it was written, marks of Markdown included. Raises Refused as ``read``.
    """
    from bot.tables import text  # noqa: PLC0415

    document = read(content, name)
    if _is_text(content):
        return text.decoded(content)
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            rows = ([cell.flat for cell in row if cell and not cell.inherited] for row in block.rows)
            lines += [" ".join(row) for row in rows if row]
    return "\n".join(lines)


def _is_text(content: bytes) -> bool:
    from bot.tables import csv, text  # noqa: PLC0415

    return _reader(content) in (csv.read, text.read)


def _reader(content: bytes) -> Callable[[bytes, str], Document]:
    from bot.tables import csv, docx, pdf, text, xlsx  # noqa: PLC0415 - a reader is loaded when a file is read

    if content.startswith(b"PK\x03\x04"):
        kind = _zipped(content)
        return {"xlsx": xlsx.read, "docx": docx.read}.get(kind) or _refuse(f"plans-file-{kind}")
    if b"%PDF-" in content[:1024]:
        return pdf.read
    if content.startswith(OLD):
        return _refuse("plans-file-locked" if SEALED in content else "plans-file-old")
    if content.startswith(PICTURES):
        return _refuse("plans-file-picture")
    if b"\x00" in content[:4000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _refuse("plans-file-unknown")
    return csv.read if csv.is_one(text.decoded(content)) else text.read


def _zipped(content: bytes) -> str:
    """What a zipped office file is by the parts inside it, or why it is not read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as broken:
        raise Refused(say("plans-file-broken")) from broken
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(say("plans-file-large", most=str(MOST_BYTES // 2**20)))
    if any(part.flag_bits & 1 for part in parts):
        return "locked"
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if any(name.startswith("word/document") for name in names):
        return "docx"
    return "old" if names & {"content.xml", "xl/workbook.bin"} else "unknown"


def _refuse(why: str) -> Callable[[bytes, str], Document]:
    def refuse(content: bytes, name: str) -> Document:
        raise Refused(say(why))

    return refuse
