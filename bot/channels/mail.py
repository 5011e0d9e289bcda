"""E-mail by SMTP: a letter as a message of text, its papers attached. Nothing comes in this way.

The server is the operator's (``PRONGSAI_SMTP_URL``), one for all agencies. RFC 5321: a reply of 4xx may
succeed later, 5xx will not; RFC 5322 for the message; RFC 3834 and 8058 for what nobody typed.
"""

import re
from collections.abc import AsyncIterator, Sequence
from email.message import EmailMessage
from email.utils import formatdate
from mimetypes import guess_type
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp

from bot.channels import Envelope, Heard, NotSent, Sent, clean
from bot.plain import plain
from bot.words import Words
from handlers.talk import File, Reply, say

PORTS = {"smtp": 587, "smtps": 465}
LIMIT = 20.0  # seconds for one step of the talk with the server
SUBJECT = 120
HERE = frozenset({"localhost", "127.0.0.1", "::1"})  # what goes to ourselves passes nobody
CREDENTIALS = frozenset({530, 534, 535, 538})  # ours are wrong, not the letter: another try may do


class Mail:
    """The operator's mail server."""

    kind = "mail"
    per_second = 5.0  # servers of agencies slow down whoever sends faster
    gives_files = True

    def __init__(self, url: str, sender: str) -> None:
        self._server, self._sender = urlsplit(url), sender

    def read(self, headers: dict[str, str], body: bytes) -> Sequence[Heard]:
        """Nothing comes in by HTTP."""
        raise PermissionError

    async def send(self, envelope: Envelope) -> Sent:
        """Hand a letter to the server. Raises NotSent (permanent where the server refuses it for good)."""
        import aiosmtplib  # noqa: PLC0415 - only where mail is sent

        if not self._server.hostname or not self._sender:
            raise NotSent("no mail server is set: PRONGSAI_SMTP_URL, PRONGSAI_MAIL_FROM", permanent=True)
        try:
            async with aiosmtplib.SMTP(**self._way()) as server:
                to = [_address(envelope)]  # whatever a header says
                await server.send_message(message(envelope, self._sender), recipients=to)
        except aiosmtplib.SMTPRecipientsRefused as fault:
            codes = [one.code for one in fault.recipients]
            raise NotSent(_told(fault), permanent=all(code >= 500 for code in codes)) from fault
        except aiosmtplib.SMTPResponseException as fault:
            is_final = fault.code >= 500 and fault.code not in CREDENTIALS
            raise NotSent(_nameless(f"{fault.code} {fault.message}"), permanent=is_final) from fault
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise NotSent(_told(fault)) from fault
        return Sent(((f"mail:{envelope.retry_key}", ""),), 0)

    def _way(self) -> dict[str, Any]:
        """How the server is reached. STARTTLS is used where it offers it; a password leaves this machine
        under TLS only: who sits between could take the offer out."""
        server = self._server
        is_secret = bool(server.password) and server.scheme == "smtp" and server.hostname not in HERE
        return {
            "hostname": server.hostname,
            "port": server.port or PORTS[server.scheme],
            "username": unquote(server.username) if server.username else None,
            "password": unquote(server.password) if server.password else None,
            "use_tls": server.scheme == "smtps",
            "start_tls": True if is_secret else None,
            "timeout": LIMIT,
        }

    async def who_am_i(self) -> dict[str, Any] | None:
        """Whether the server lets us in; nothing when it does not answer or refuses us."""
        import aiosmtplib  # noqa: PLC0415 - as above

        try:
            async with aiosmtplib.SMTP(**self._way()) as server:
                return {"said": (await server.noop()).message}
        except (aiosmtplib.SMTPException, OSError):
            return None

    async def fetch(self, file: File, chunk: int = 65536) -> AsyncIterator[bytes]:
        """No files come by mail."""
        raise NotSent("no file", permanent=True)
        yield b""


def _told(fault: BaseException) -> str:
    return _nameless(f"{type(fault).__name__}: {fault}")[:300]


def _nameless(told: str) -> str:
    """What a server said, without the addresses: it goes into the log."""
    return re.sub(r"[^\s<>'\"]+@[^\s<>'\"]+", "…", told)


def _address(envelope: Envelope) -> str:
    return envelope.place.removeprefix("mail:")


def _one_line(text: str) -> str:
    """A text for a header. What looks like an encoded word (RFC 2047) would be decoded, line ends and all."""
    line = "".join(one if one.isprintable() else " " for one in clean(text))
    return re.sub(r"\s+", " ", line).replace("=?", "= ?").strip()


def message(envelope: Envelope, sender: str) -> EmailMessage:
    """The message: subject from the first title, the text as a terminal shows it, papers attached.

    Its id stays the same for every try, so that a second delivery is known as one.
    """
    made = EmailMessage()
    made["From"], made["To"] = sender, _address(envelope)
    made["Subject"] = _subject(envelope.replies, envelope.words)
    made["Date"] = formatdate(localtime=True)
    made["Message-ID"] = f"<{envelope.retry_key}@{sender.rpartition('@')[2].strip('> ')}>"
    made["Auto-Submitted"] = "auto-generated"
    made["Content-Language"] = envelope.words.language
    told = [plain(reply, envelope.words) for reply in envelope.replies]
    links = [link for reply in envelope.replies for link in _links(reply, envelope.words)]
    made.set_content(clean("\n\n".join([*told, *links, envelope.words(say("mail-foot"))])), cte="base64")
    for one in envelope.documents:
        main, _, sub = (guess_type(one.name)[0] or "application/octet-stream").partition("/")
        made.add_attachment(one.content, maintype=main, subtype=sub, filename=_one_line(one.name))
    return made


def _subject(replies: Sequence[Reply], words: Words) -> str:
    titles = [words(card.title) for reply in replies for card in reply.cards]
    told = (titles or [words(reply.say) for reply in replies] or [""])[0]
    return _one_line(told)[:SUBJECT]


def _links(reply: Reply, words: Words) -> list[str]:
    """What would be a button with an address elsewhere."""
    choices = (*reply.choices, *(one for card in reply.cards for one in card.choices))
    return [f"{words(one.label)}: {one.link}" for one in choices if one.link.startswith("http")]


def open_channel(
    credentials: dict[str, str], details: dict[str, Any], http: aiohttp.ClientSession, api_url: str = ""
) -> Mail:
    """The operator's server; without one, whatever is sent is refused with the reason."""
    return Mail(api_url, str(details.get("mail_from", "")))
