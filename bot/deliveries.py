"""Papers named in a reply become what a channel can give: the file itself, or a signed link to it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import press
from bot.app import App
from bot.channels import Document
from bot.layout import LAYOUT, TooSlow
from bot.press import Press
from handlers.talk import Card, Choice, Refused, Reply, say

log = logging.getLogger("prongsai.outbox")
SCHEME = "paper:"  # how a handler names a paper in a choice's link
OUTSIDE = "?openExternalBrowser=1"  # LINE's own browser cannot save files


@dataclass(frozen=True, slots=True)
class Links:
    """Turns papers into addresses for one agency. ``base`` is empty where a page asks for its own site;
    without ``is_open`` nobody outside reaches us, and the reply says so."""

    app: App
    agency_id: int
    base: str = ""
    is_open: bool = True
    tail: str = ""
    is_asked: bool = True  # somebody waits for the paper, and hears why it does not come
    shows_pictures: bool = False

    def __call__(self, reply: Reply) -> Reply:
        """A reply whose papers can be opened."""
        if not papers_of(reply) and not any(card.picture for card in reply.cards):
            return reply
        LAYOUT.warm()  # the link will be opened in a moment
        cards = tuple(
            replace(card, choices=self._choices(card.choices), picture=self._picture(card.picture))
            for card in reply.cards
        )
        made = replace(reply, cards=cards, choices=self._choices(reply.choices))
        if self.is_open or not self.is_asked:
            return made
        return replace(made, say=say("papers-no-address", told=reply.say))

    def _picture(self, paper: str) -> str:
        """Where a platform can fetch a picture, which it does over https only."""
        if not self.shows_pictures or not self.base.startswith("https://") or not paper.startswith(SCHEME):
            return ""
        return f"{self.base}/files/{press.token(self.app, self.agency_id, int(paper.removeprefix(SCHEME)))}"

    def _choices(self, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        made = []
        for choice in choices:
            if not choice.link.startswith(SCHEME):
                made.append(choice)
            elif self.is_open:
                token = press.token(self.app, self.agency_id, int(choice.link.removeprefix(SCHEME)))
                made.append(replace(choice, link=f"{self.base}/files/{token}{self.tail}"))
        return tuple(made)


def for_channel(app: App, agency_id: int, kind: str, *, is_asked: bool = True) -> Links:
    """How a channel's people reach papers: by our public address, or (our own page) where they are."""
    if kind in ("web", "console"):
        return Links(app, agency_id)
    public, is_line = app.settings.public_url.rstrip("/"), kind == "line"
    return Links(app, agency_id, public, bool(public), OUTSIDE if is_line else "", is_asked, is_line)


def papers_of(reply: Reply) -> list[int]:
    """The papers a reply gives."""
    found: list[Card | Reply] = [reply, *reply.cards]
    return [
        int(choice.link.removeprefix(SCHEME))
        for part in found
        for choice in part.choices
        if choice.link.startswith(SCHEME)
    ]


def without_papers(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """Replies whose papers go along as files: no button is needed."""

    def kept(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return tuple(choice for choice in choices if not choice.link.startswith(SCHEME))

    return tuple(
        replace(
            reply,
            cards=tuple(replace(card, choices=kept(card.choices)) for card in reply.cards),
            choices=kept(reply.choices),
        )
        for reply in replies
    )


async def documents(made: Press, agency_id: int, replies: Sequence[Reply]) -> tuple[Document, ...]:
    """The files of the papers that replies give; one that cannot be made is left to its link."""
    found = []
    for paper in [one for reply in replies for one in papers_of(reply)]:
        try:
            pressed = await made.file(agency_id, paper)
        except (Refused, TooSlow):
            log.exception("a paper could not be made", extra={"agency": agency_id})
            return ()
        if pressed is not None:
            found.append(Document(pressed.name, pressed.body))
    return tuple(found)
