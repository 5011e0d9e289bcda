"""The platforms in a process of their own, so that nothing measured waits for their work."""

import asyncio
import random
import time
from multiprocessing.managers import BaseManager

from tests.fakes.line import FakeLine
from tests.fakes.toy import Platform

CHECKED = 10  # of so many letters one is checked by LINE's rules: checking costs more than answering


HANGS = 30.0  # seconds: longer than anybody waits for an answer
OUT = (429, 500, "drop", "hang", "late")  # what LINE does while it is out


class Line(FakeLine):
    """A strict LINE that looks closely at a sample only, and can be out for minutes."""

    seen, out_until, met = 0, 0.0, 0

    async def _call(self, request):
        path = request.match_info["path"]
        if time.time() < self.out_until and path in ("message/reply", "message/push"):
            self.met += 1
            await request.read()  # who hangs up later has said it all
            fault = random.choice(OUT)
            if fault == "hang":
                await asyncio.sleep(HANGS)
                fault = 500
            elif (
                fault == "late" and path == "message/reply"
            ):  # who could tell it arrived, for a minute or more
                fault = "drop"
            self.faults[:] = [fault]
        return await super()._call(request)

    def go_out(self, seconds):
        """Answer nothing well for so long; what is pushed may arrive all the same (409 the next time)."""
        self.out_until = time.time() + seconds

    def met_out(self):
        """How many sends met it so."""
        return self.met

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

    def count(self):
        """How many letters have come: asked often, while others are measured."""
        return len(self.sent)

    def answered(self):
        """How many were told something."""
        return len({one.to for one in self.sent})

    def said(self):
        """Who was told what, in order."""
        return [(one.to, one.text) for one in self.sent]

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
