"""``python -m bot`` and ``prongsai`` are the command line."""

import gc
import sys


def main() -> int:
    """Run the command line. What is loaded stays: looking for rubbish in it would slow down starts.

    A Python without what the program needs gets a sentence: words of ``locales`` cannot be read without it.
    """
    gc.disable()
    try:
        from bot.cli import main as run  # noqa: PLC0415 - that is the point
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] in ("bot", "handlers", "storage"):
            raise
        raise SystemExit(
            f"This Python has no {missing.name}. Run “make run” once, then use .venv/bin/python -m bot …"
        ) from None
    return run()


if __name__ == "__main__":
    sys.exit(main())
