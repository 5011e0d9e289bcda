"""Telegram: python-telegram-bot's calls carried by our one shared connection pool.

The library's own transport (httpx) costs three times the CPU a call; its interface for another one
is public, so the Bot and its types stay as they are.
"""

import json

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT = 5.0
READ = 15.0
LONGER = 5.0  # over the time a long poll may take


class Transport(BaseRequest):
    """One Bot's way out over an aiohttp session that is not its own."""

    def __init__(self, http: aiohttp.ClientSession, read_timeout: float = READ) -> None:
        self._http, self._read = http, read_timeout

    @property
    def read_timeout(self) -> float | None:
        """Seconds an answer may take."""
        return self._read

    async def initialize(self) -> None:
        """Nothing to open: the session belongs to the app."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """One call. Raises TimedOut, NetworkError as the library expects them."""
        given = read_timeout if isinstance(read_timeout, int | float) else self._read
        limit = aiohttp.ClientTimeout(total=given + LONGER, connect=CONNECT)
        headers: dict[str, str] = {}
        data: bytes | aiohttp.FormData | None = None
        if request_data and request_data.contains_files:
            data = _form(request_data)
        elif request_data:
            data, headers = json.dumps(request_data.parameters).encode(), {"Content-Type": "application/json"}
        try:
            async with self._http.request(method, url, data=data, headers=headers, timeout=limit) as answer:
                return answer.status, await answer.read()
        except TimeoutError as fault:
            raise TimedOut from fault
        except aiohttp.ClientError as fault:
            raise NetworkError(type(fault).__name__) from fault


def _form(request_data: RequestData) -> aiohttp.FormData:
    """Fields and files as a browser sends them."""
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=media_type)
    return form
