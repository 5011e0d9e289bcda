"""``python -m bot`` and ``prongsai`` are the command line."""

import gc
import sys


def main() -> int:
    """Run the command line. What is loaded stays: looking for rubbish in it would slow down starts."""
    gc.disable()
    from bot.cli import main as run  # noqa: PLC0415 - that is the point

    return run()


if __name__ == "__main__":
    sys.exit(main())
