"""`python -m tests.bench [name …]`: runs every measurement of this folder, or those named; `--words` are for them."""

import pkgutil
import sys
from importlib import import_module

import tests.bench


def main() -> int:
    names = [word for word in sys.argv[1:] if not word.startswith("-")] or sorted(
        one.name for one in pkgutil.iter_modules(tests.bench.__path__)
    )
    for name in names:
        if name.startswith("_"):
            continue
        print(f"== {name}", flush=True)
        for line in import_module(f"tests.bench.{name}").measure():
            print(f"   {line}", flush=True)
    return 0


sys.exit(main())
