"""What was needed lately and can be had again: so much is kept, what was not used for longest goes."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Name = TypeVar("Name")
Thing = TypeVar("Thing")


class Recent(Generic[Name, Thing]):
    """Keeps up to ``most`` things by name; any thread may ask."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[Name, Thing] = OrderedDict()

    def get(self, name: Name) -> Thing | None:
        """What is kept under this name."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def keep(self, name: Name, thing: Thing) -> Thing:
        """Keep it, and give it back."""
        with self._lock:
            self._kept[name] = thing
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return thing

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
