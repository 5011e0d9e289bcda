"""What ``check`` asks LINE about an account: the webhook it calls, its clock, what is left of the month.

Source: Messaging API reference, "Get webhook endpoint information", "Test webhook endpoint".
"""

from dataclasses import dataclass
from datetime import timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from handlers.talk import Say, say
from handlers.upkeep import forecast
from storage.base import now

Found = tuple[bool, Say]
SKEW = 30.0  # seconds; LINE's Date header has whole seconds, and reply tokens live for about a minute
JAPAN = timezone(timedelta(hours=9))  # LINE's days and months are counted there
NEARLY = 0.9  # of the month's messages


@dataclass(frozen=True, slots=True)
class Caller:
    """How LINE is asked."""

    http: aiohttp.ClientSession
    url: str
    headers: dict[str, str]

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[Any, str]:
        """The answer's JSON (nothing unless 200), and its Date header."""
        limit = aiohttp.ClientTimeout(total=20)
        url = f"{self.url}/v2/bot/{path}"
        async with self.http.request(method, url, headers=self.headers, json=body, timeout=limit) as answer:
            told = await answer.json(content_type=None) if answer.status == 200 else None
            return told, answer.headers.get("date", "")


async def look_over(caller: Caller, address: str, used: int, most: int | None) -> list[Found]:
    """Findings about the webhook, the clock and the month's messages (``most`` is empty without a limit)."""
    told, date = await caller.ask("GET", "channel/webhook/endpoint")
    found = [_clock(date)] if date else []
    if told is None:
        found.append((False, say("check-webhook-none", address=address or "https://…")))
    elif address and told.get("endpoint") != address:
        found.append((False, say("check-webhook-other", found=str(told.get("endpoint")), address=address)))
    elif not told.get("active"):
        found.append((False, say("check-webhook-off")))
    else:
        found.append(await _tried(caller, str(told.get("endpoint"))))
    if most is not None:
        found.append((used < NEARLY * most, say("check-quota", used=used, limit=most)))
        likely = forecast(used, now().astimezone(JAPAN).date())
        found.append((likely <= most, say("check-quota-forecast", likely=likely, limit=most)))
    return found


def _clock(date: str) -> Found:
    seconds = abs((parsedate_to_datetime(date) - now()).total_seconds())
    return seconds < SKEW, say("check-line-clock", seconds=f"{seconds:.0f}")


async def _tried(caller: Caller, address: str) -> Found:
    """Have LINE call the webhook, and tell what it met."""
    told, _ = await caller.ask("POST", "channel/webhook/test", {})
    if told is None:
        return False, say("check-webhook-untried", address=address)
    why = " ".join(str(told.get(name, "")) for name in ("statusCode", "reason", "detail")).strip()[:160]
    if not told.get("success"):
        return False, say("check-webhook-unreached", address=address, why=why)
    return True, say("check-webhook", address=address)
