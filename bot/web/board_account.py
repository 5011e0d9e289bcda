"""One's own account on the page: where one is reached, and the e-mail address for the weekly summary."""

import re

from starlette.routing import BaseRoute

from bot.web.pages import TOLD, Gone, Pages, Shown
from bot.web.visits import Ask
from handlers import mailing
from handlers.talk import Refused, say
from storage import people

TOLD |= {
    "mail": "pages-told-mail",
    "mail-asked": "pages-told-mail-asked",
    "mail-code-wrong": "pages-told-mail-code-wrong",
    "mail-ended": "pages-told-mail-ended",
}
# What SMTP takes without extensions (RFC 5321, 4.1.2), and what a slip of the thumb is not; "=?" begins an
# encoded word (RFC 2047), which is none.
ADDRESS = re.compile(
    r"(?!.*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
LONGEST = 100


def routes(pages: Pages) -> list[BaseRoute]:
    """The page and its form."""
    return [
        pages.get("/board/account", show, "people-me"),
        pages.post("/board/account/mail", write_to, "people-me"),
        pages.post("/board/account/mail/code", confirm, "people-me"),
    ]


def show(ask: Ask) -> Shown:
    """What is known of the visitor."""
    chats = sorted({one.address.partition(":")[0] for one in ask.person.identities if one.is_chat})
    data = {
        "chats": chats,
        "mail": people.mail_of(ask.person),
        "waits": mailing.waits(ask.records, ask.person, ask.at),
        "can_mail": bool(ask.app.settings.smtp_url and ask.app.settings.mail_from),
    }
    return Shown("pages/account.html", data)


def write_to(ask: Ask) -> Gone:
    """Ask at an address for leave to write there; an empty field ends it. Raises Refused when it is none."""
    given = ask.text("mail", LONGEST + 1)
    if not given:
        mailing.end(ask.records, ask.person)
        return Gone("/board/account", "mail-ended")
    if len(given) > LONGEST or not ADDRESS.fullmatch(given):
        raise Refused(say("pages-mail-wrong", address=given))
    asked = mailing.ask_to(ask.records, ask.agency, ask.person, given, ask.at)
    return Gone("/board/account", "mail-asked" if asked else "mail")


def confirm(ask: Ask) -> Gone:
    """Take the address whose code was typed. What was wrong is told on the page, so that it is counted."""
    is_right = mailing.confirm(ask.records, ask.agency, ask.person, ask.text("code", 20), ask.at)
    return Gone("/board/account", "mail" if is_right else "mail-code-wrong")
