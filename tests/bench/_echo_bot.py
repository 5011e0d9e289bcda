"""An echo bot in the way of the official SDK's asynchronous example: what ours is measured against."""

import asyncio
import socket
import sys

import uvicorn
from linebot.v3 import WebhookParser
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import (
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    ReplyMessageRequest,
    TextMessage,
)
from linebot.v3.webhooks import MessageEvent, TextMessageContent
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def serve(url, secret, token):
    """Verify, parse, echo; on a free port, which is printed."""
    parser = WebhookParser(secret)
    api = AsyncMessagingApi(AsyncApiClient(Configuration(access_token=token, host=url)))

    async def callback(request):
        body = (await request.body()).decode()
        try:
            events = parser.parse(body, request.headers["X-Line-Signature"])
        except InvalidSignatureError:
            return PlainTextResponse("Invalid signature", 400)
        for event in events:
            if isinstance(event, MessageEvent) and isinstance(event.message, TextMessageContent):
                text = TextMessage(text=event.message.text)
                await api.reply_message(ReplyMessageRequest(reply_token=event.reply_token, messages=[text]))
        return PlainTextResponse("OK")

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    app = Starlette(routes=[Route("/callback", callback, methods=["POST"])])
    await uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).serve([listener])


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
