"""A sheet to print and cut up: each person's invitation code with a QR code and how to come in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bot.words import Words
from handlers.talk import say
from storage.codes import LIVES, PERSON
from storage.staffing import Invited

HERE = Path(__file__).parent
LOOK = HERE / "invitations.typ"
PAGE = "invitations.html"
KINDS = (".html", ".pdf")


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the QR code leads: a LINE account (``@abc``) or a Telegram bot; without either to the code."""

    line: str = ""
    telegram: str = ""

    def link(self, code: str) -> str:
        """What the QR code holds: the chat with the code typed already, else the bare code."""
        if self.line:
            account = quote("@" + self.line.removeprefix("@"))
            return f"https://line.me/R/oaMessage/{account}/?{quote(code)}"
        if self.telegram:
            return f"https://t.me/{quote(self.telegram.removeprefix('@'))}?start={quote(code)}"
        return code


def write(kind: str, agency: str, given: Sequence[Invited], ways: Ways, at: datetime, words: Words) -> bytes:
    """The sheet as ``.html`` or ``.pdf``."""
    told: dict[str, object] = {
        "language": words.language,
        "title": words(say("stafflist-sheet-title")),
        "agency": agency,
        "how": words(say("stafflist-sheet-how")),
        "once": words(say("stafflist-sheet-once", until=at + LIVES[PERSON])),
        "cards": [_card(one, words) for one in given],
    }
    pictures = [_qr(ways.link(one.code)) for one in given]
    return _pdf(told, pictures) if kind == ".pdf" else _html(told, pictures)


def _card(one: Invited, words: Words) -> dict[str, str]:
    role = words(say(f"people-role-{one.role}"))
    home = f"{one.unit} · {role}" if one.unit else role
    return {"name": one.name, "home": home, "code": one.code}


def _qr(text: str) -> bytes:
    """A QR code as SVG, at the correction level that survives a crease (M)."""
    import segno  # noqa: PLC0415 - only sheets draw QR codes

    out = BytesIO()
    made = segno.make(text, error="m", micro=False)
    made.save(out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue()


def _html(told: dict[str, object], pictures: list[bytes]) -> bytes:
    from jinja2 import Environment, FileSystemLoader  # noqa: PLC0415 - only sheets need it here

    pages = Environment(loader=FileSystemLoader(HERE / "web" / "templates"), autoescape=True)
    drawn = [picture.decode() for picture in pictures]
    return pages.get_template(PAGE).render(**told, pictures=drawn).encode()


def _pdf(told: dict[str, object], pictures: list[bytes]) -> bytes:
    import typst  # noqa: PLC0415 - 70 MB that only papers need

    from bot.reports import fonts  # noqa: PLC0415 - with the library

    with TemporaryDirectory() as folder:
        source = Path(folder) / LOOK.name
        source.write_bytes(LOOK.read_bytes())
        fonts.put_levelled(source.parent)
        for no, picture in enumerate(pictures):
            (Path(folder) / f"{no}.svg").write_bytes(picture)
        made = typst.compile(
            str(source),
            root=folder,
            font_paths=[folder],
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(told, ensure_ascii=False)},
        )
    assert isinstance(made, bytes)
    return made
