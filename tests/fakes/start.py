"""The program with the toy channel among its channels, in this process and those it starts."""

import sys

import tests.fakes.toy
from bot.cli import main

sys.modules["bot.channels.toy"] = tests.fakes.toy

if __name__ == "__main__":
    sys.exit(main())
