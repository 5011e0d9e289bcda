"""``serve``: answer webhooks and pages, and do the work behind them."""

import argparse

from bot.app import App
from bot.commands import new, tell, text
from bot.serving import Plan, open_socket, serve
from handlers.talk import Refused, say


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parser."""
    parser = new(commands, "serve", say("cli-serve-help"))
    parser.add_argument("--host", default="127.0.0.1", help=text(say("cli-serve-host-help")))
    parser.add_argument("--port", type=int, default=8080, help=text(say("cli-serve-port-help")))
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help=text(say("cli-serve-workers-help"))
    )
    parser.add_argument(
        "--role", choices=("all", "web", "worker"), default="all", help=text(say("cli-serve-role-help"))
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, app: App) -> int:
    """Refuse what cannot work, then serve."""
    app.check_schema()
    if args.workers < 1 or (args.workers > 1 and app.database.is_sqlite):
        raise Refused(say("cli-serve-workers-bad"))
    app.seal  # noqa: B018 - makes the key before several processes would
    listener = None if args.role == "worker" else open_socket(args.host, args.port)
    if listener:
        tell(say("cli-serve-address", host=args.host, port=str(listener.getsockname()[1])))
    app.close()
    return serve(Plan(app.settings, args.role, args.workers), listener)
