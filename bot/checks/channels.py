"""Every agency's accounts: whether the secrets open, the token works, and the platform reaches us."""

import asyncio
from collections.abc import Iterator

from bot.app import App
from bot.channels import mail
from bot.checks import Found
from bot.logs import where
from bot.sealing import CannotOpen
from handlers.talk import say
from storage import agencies
from storage.agencies import Agency

PROBE_LIMIT = 30.0


def look(app: App) -> Iterator[Found]:
    """One account after the other."""
    if app.settings.smtp_url:
        server = mail.Mail(app.settings.smtp_url, app.settings.mail_from)
        is_let_in = bool(app.settings.mail_from and asyncio.run(server.who_am_i()))
        yield is_let_in, say("check-mail", address=app.settings.smtp_url.rpartition("@")[2])
    with app.database.shared(write=False) as session:
        known = agencies.every(session)
    for agency in known:
        with app.database.look(agency.id) as records:
            kinds = agencies.channel_kinds(records)
        for kind in kinds:
            yield from asyncio.run(_channel(app, agency, kind))
        if "line" in kinds:
            url = app.settings.public_url
            yield url.startswith("https://"), say("cli-check-address", url=url or "-")


async def _channel(app: App, agency: Agency, kind: str) -> list[Found]:
    """Open the account and, where the channel can, have it look at itself and ask its platform."""
    named = {"agency": agency.slug, "kind": kind}
    try:
        channel = app.channel(agency.id, kind)
        ask = getattr(channel, "who_am_i", None)
        if ask is not None and not await asyncio.wait_for(ask(), PROBE_LIMIT):
            return [(False, say("cli-check-token", **named))]
        probe = getattr(channel, "look_over", None)
        address = f"{app.settings.public_url}/hooks/{kind}/{agency.slug}" if app.settings.public_url else ""
        more = await asyncio.wait_for(probe(address), PROBE_LIMIT) if probe is not None else []
    except CannotOpen:
        return [(False, say("cli-check-sealed", **named))]
    except Exception as fault:  # noqa: BLE001 - whatever it is, it is what is to be told
        return [(False, say("cli-check-channel-bad", **named, why=str(fault)[:120] or where(fault)))]
    finally:
        await app.close_http()
    return [(True, say("cli-check-channel", **named)), *more]
