"""``keys list|rotate|forget``: a new key for what is sealed, while the program runs and whenever it stops.

The key file holds the new key before the old one until ``forget``, so at every moment what is sealed
under either can be opened; a run that was cut off is simply run again.
"""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot import sealing
from bot.app import App
from bot.commands import new, offers_json, show, tell
from bot.sealing import CannotOpen
from handlers.talk import Refused, say
from storage import agencies, codes
from storage.agencies import Channel
from storage.base import now


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    noun = new(commands, "keys", say("keys-help"))
    verbs = noun.add_subparsers(metavar="list|rotate|forget", required=True)
    for name, run in (("list", run_list), ("rotate", run_rotate), ("forget", run_forget)):
        parser = new(verbs, name, say(f"keys-{name}-help"))
        offers_json(parser)
        parser.set_defaults(run=run)


def run_list(args: argparse.Namespace, app: App) -> int:
    """The keys by their marks, and how many credentials still need an old one."""
    app.check_schema()
    newest, older, closed = _counts(app)
    if args.json:
        show({"keys": app.seal.marks, "newest": newest, "older": older, "closed": closed})
        return 0
    tell(say("keys-newest", mark=app.seal.marks[0], count=newest))
    for mark in app.seal.marks[1:]:
        tell(say("keys-older", mark=mark))
    if older:
        tell(say("keys-to-seal", count=older))
    _tell_closed(closed)
    return 0


def run_rotate(args: argparse.Namespace, app: App) -> int:
    """Draw a new key (in the key file) or take the first of those that are set, and seal all under it."""
    app.check_schema()
    if app.settings.secret_key:
        if len(app.seal.marks) < 2:
            raise Refused(say("keys-set-both"))
    else:
        _ = app.seal  # a file is there
        with sealing.changing(app.data_dir) as file:
            if len(app.seal.marks) > 1 and not _counts(app)[1]:
                raise Refused(say("keys-forget-first"))
            if len(app.seal.marks) < 2:
                sealing.put_first(file)
                del app.seal
    count, closed = _seal_anew(app)
    if args.json:
        show({"keys": app.seal.marks, "sealed": count, "closed": closed})
    else:
        tell(say("keys-rotated", count=count, mark=app.seal.marks[0]))
        _tell_closed(closed)
        tell(say("keys-restart"))
    return 1 if closed else 0


def run_forget(args: argparse.Namespace, app: App) -> int:
    """Drop the old key once nothing needs it."""
    app.check_schema()
    if app.settings.secret_key:
        raise Refused(say("keys-forget-setting"))
    _ = app.seal
    with sealing.changing(app.data_dir) as file:
        if older := _counts(app)[1]:
            raise Refused(say("keys-to-seal", count=older))
        if waiting := _open_codes(app, file):
            raise Refused(say("keys-codes-wait", count=waiting))
        dropped = sealing.drop_old(file)
        del app.seal
    if args.json:
        show({"keys": app.seal.marks, "dropped": dropped})
    else:
        tell(say("keys-forgotten", count=dropped, mark=app.seal.marks[0]))
    return 0


def _rows(app: App) -> Iterator[tuple[int, str, Channel]]:
    with app.database.shared(write=False) as session:
        known = agencies.agency_slugs(session)
    for agency_id, slug in known.items():
        with app.database.look(agency_id) as records:
            found = agencies.channels(records)
        for row in found:
            yield agency_id, slug, row


def _counts(app: App) -> tuple[int, int, list[str]]:
    """How many credentials the newest key sealed, how many an older one, and which none opens."""
    newest, older, closed = 0, 0, []
    for _, slug, row in _rows(app):
        if app.seal.is_newest(row.sealed):
            newest += 1
        elif _opens(app, row):
            older += 1
        else:
            closed.append(f"{slug}/{row.kind}")
    return newest, older, closed


def _opens(app: App, row: Channel) -> bool:
    try:
        app.seal.open(row.sealed)
    except CannotOpen:
        return False
    return True


def _seal_anew(app: App) -> tuple[int, list[str]]:
    """One transaction for each account: what was done stays done when this is cut off."""
    count, closed = 0, []
    for agency_id, slug, row in _rows(app):
        if app.seal.is_newest(row.sealed):
            continue
        with app.database.agency(agency_id) as records:
            held = agencies.find_channel(records, row.kind, hold=True)
            if held is None:
                continue
            try:
                held.sealed = app.seal.close(app.seal.open(held.sealed))
            except CannotOpen:
                closed.append(f"{slug}/{row.kind}")
            else:
                count += 1
    return count, closed


def _open_codes(app: App, file: Path) -> int:
    """How many invitation codes given out under the old key still wait for somebody."""
    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    with app.database.shared(write=False) as session:
        known = list(agencies.agency_slugs(session))
    waiting = 0
    for agency_id in known:
        with app.database.look(agency_id) as records:
            waiting += codes.open_count(records, changed, now())
    return waiting


def _tell_closed(closed: list[str]) -> None:
    for one in closed:
        slug, _, kind = one.partition("/")
        tell(say("cli-check-sealed", kind=kind, agency=slug))
