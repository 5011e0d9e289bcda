"""The command line: finds the command, puts the parts together, ends with 0, 1 with a sentence, or 2."""

import argparse
import contextlib
import gc
import os
import pkgutil
import sys
from importlib import import_module

from sqlalchemy.exc import OperationalError

from bot import commands, config, logs
from bot.app import App
from bot.commands import text
from handlers.talk import Refused, say


def main(words: list[str] | None = None) -> int:
    """Run one command.

    Exit status 0, 1 (one sentence on standard error says what to do) or 2 (wrong usage).
    """
    typed = sys.argv[1:] if words is None else words
    args = parser(typed).parse_args(typed)
    app: App | None = None
    try:
        settings = config.read()
        logs.set_up(settings.log)
        app = App(settings)
        if not gc.isenabled():  # as bot/__main__.py leaves it
            gc.freeze()
            gc.enable()
        return int(args.run(args, app))
    except Refused as refused:
        return _stopped(text(refused.reply.say or say("cli-refused")))
    except OperationalError as fault:
        return _stopped(text(say("cli-database-down", why=str(fault.orig).splitlines()[0])))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `| head` has seen enough; what is still in the buffer has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        if app is not None:
            with contextlib.suppress(OperationalError):
                app.close()


def _stopped(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


def parser(typed: list[str]) -> argparse.ArgumentParser:
    """The parser; only the named command's file is loaded, because some bring a web server along."""
    made = argparse.ArgumentParser(prog="prongsai", description=text(say("cli-about")))
    made.add_argument("--version", action="version", version=f"prongsai {version()}")
    nouns = made.add_subparsers(metavar=text(say("cli-command")), required=True)
    known = [one.name for one in pkgutil.iter_modules(commands.__path__)]
    named = [word for word in typed[:1] if word in known]
    for name in named or known:
        import_module(f"bot.commands.{name}").add(nouns)
    return made


def version() -> str:
    """The program's own version."""
    return "0.1.0"
