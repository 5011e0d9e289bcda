"""The platforms in a process of their own, so that nothing measured waits for their work."""

from multiprocessing.managers import BaseManager

from tests.fakes.line import FakeLine
from tests.fakes.toy import Platform

CHECKED = 10  # of so many letters one is checked by LINE's rules: checking costs more than answering


class Line(FakeLine):
    """A strict LINE that looks closely at a sample only."""

    seen = 0

    def _checked(self, messages):
        self.seen += 1
        return super()._checked(messages) if self.seen % CHECKED == 1 else None

    def begin(self):
        """Open for business: its address, secret and token."""
        self.__enter__()
        return self.url, self.secret, self.token

    def webhooks(self, said):
        """A signed webhook for each (user, text)."""
        return [self.signed(self.says(user, text)) for user, text in said]

    def arrived(self):
        """Who got an answer, and when."""
        return [(one.to, one.at) for one in self.sent]

    def trouble(self, faults):
        """Meet the next sends with these faults."""
        self.faults += faults

    def refusals(self):
        """How many letters broke a rule."""
        return len(self.refused)


class Toy(Platform):
    """The toy platform."""

    def begin(self):
        """Open for business: its address."""
        self.__enter__()
        return self.url

    def arrived(self):
        """Which token was answered, and when."""
        return [(one["token"], at) for one, at in zip(self.sent, self.times, strict=True)]

    def forget(self):
        """Begin to count anew."""
        self.sent.clear()
        self.times.clear()

    def count(self):
        """How many letters have come."""
        return len(self.times)


class Apart(BaseManager):
    """`with Apart() as apart: apart.Line(limit=None)` speaks to a platform in another process."""


Apart.register("Line", Line)
Apart.register("Toy", Toy)
