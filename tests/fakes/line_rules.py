"""LINE's rules for what may be sent, as facts of its reference: names, kinds, limits. Strict: an unknown
property is an error here, although LINE would drop it without a word."""

import json
from urllib.parse import urlparse

from bot.graphemes import graphemes, units

ANY = object()
COMMON = {"type": str, "quickReply": dict, "sender": dict}
MESSAGES = {
    "text": {**COMMON, "text": str, "quoteToken": str, "emojis": list},
    "flex": {**COMMON, "altText": str, "contents": dict},
    "image": {**COMMON, "originalContentUrl": str, "previewImageUrl": str},
}
NEEDED = {
    "text": {"text"},
    "flex": {"altText", "contents"},
    "image": {"originalContentUrl", "previewImageUrl"},
    "postback": {"data"},
    "uri": {"uri"},
    "datetimepicker": {"data", "mode"},
    "message": {"text"},
}
ACTIONS = {
    "postback": {"type", "label", "data", "displayText", "inputOption", "fillInText"},
    "uri": {"type", "label", "uri"},
    "datetimepicker": {"type", "label", "data", "mode", "initial", "min", "max"},
    "message": {"type", "label", "text"},
}
PLACED = {"margin", "position", "offsetTop", "offsetBottom", "offsetStart", "offsetEnd"}
FLEX = {
    "box": PLACED
    | {
        "type",
        "layout",
        "contents",
        "backgroundColor",
        "borderColor",
        "borderWidth",
        "cornerRadius",
        "width",
        "maxWidth",
        "height",
        "maxHeight",
        "flex",
        "spacing",
        "paddingAll",
        "paddingTop",
        "paddingBottom",
        "paddingStart",
        "paddingEnd",
        "action",
        "justifyContent",
        "alignItems",
        "background",
    },
    "text": PLACED
    | {
        "type",
        "text",
        "contents",
        "adjustMode",
        "flex",
        "size",
        "align",
        "gravity",
        "wrap",
        "lineSpacing",
        "maxLines",
        "weight",
        "color",
        "action",
        "style",
        "decoration",
        "scaling",
    },
    "button": PLACED
    | {"type", "action", "flex", "height", "style", "color", "gravity", "adjustMode", "scaling"},
    "separator": {"type", "margin", "color"},
    "image": PLACED
    | {"type", "url", "flex", "align", "gravity", "size", "aspectRatio", "aspectMode", "action"},
}
BUBBLE = {"type", "size", "direction", "header", "hero", "body", "footer", "styles", "action"}
SIZES = {"nano", "micro", "deca", "hecto", "kilo", "mega", "giga"}


class Wrong(Exception):
    """A message LINE would refuse, or show otherwise than meant."""


def check(messages):
    """Every message of a request. Raises Wrong."""
    _want(isinstance(messages, list) and 1 <= len(messages) <= 5, "messages: 1 to 5")
    for number, message in enumerate(messages):
        _message(message, f"messages[{number}]")


def _want(good, why):
    if not good:
        raise Wrong(why)


def _message(message, at):
    _want(isinstance(message, dict) and message.get("type") in MESSAGES, f"{at}: unknown type")
    kind = message["type"]
    for name, value in message.items():
        _want(name in MESSAGES[kind], f"{at}.{name}: unknown property")
        _want(isinstance(value, MESSAGES[kind][name]), f"{at}.{name}: wrong kind")
    for name in NEEDED[kind]:
        _want(message.get(name), f"{at}.{name}: may not be empty")
    if kind == "text":
        _want(units(message["text"]) <= 5000, f"{at}.text: over 5000")
    if kind == "flex":
        _want(units(message["altText"]) <= 1500, f"{at}.altText: over 1500")
        _container(message["contents"], f"{at}.contents")
    if kind == "image":
        for name in ("originalContentUrl", "previewImageUrl"):
            _https(message[name], f"{at}.{name}")
    items = message.get("quickReply", {}).get("items", []) if "quickReply" in message else None
    if items is not None:
        _want(1 <= len(items) <= 13, f"{at}.quickReply: 1 to 13")
        for item in items:
            _want(
                set(item) <= {"type", "action", "imageUrl"} and item["type"] == "action",
                f"{at}.quickReply: item",
            )
            _action(item["action"], f"{at}.quickReply", 20)


def _https(url, at):
    _want(urlparse(url).scheme == "https" and len(url) <= 2000, f"{at}: https, up to 2000")


def _action(action, at, label):
    kind = action.get("type")
    _want(kind in ACTIONS, f"{at}: unknown action")
    _want(set(action) <= ACTIONS[kind], f"{at}: unknown property of an action")
    for name in NEEDED[kind]:
        _want(action.get(name), f"{at}.{name}: may not be empty")
    _want(action.get("label"), f"{at}: no label")
    _want(len(list(graphemes(action["label"]))) <= label, f"{at}: label over {label}")
    _want(len(action.get("data", "")) <= 300, f"{at}: data over 300")
    _want(len(list(graphemes(action.get("displayText", "")))) <= 300, f"{at}: displayText over 300")
    if kind == "uri":
        scheme = urlparse(action["uri"]).scheme
        _want(scheme in ("http", "https", "line", "tel") and len(action["uri"]) <= 1000, f"{at}: uri")
    if kind == "datetimepicker":
        _want(action["mode"] in ("date", "time", "datetime"), f"{at}: mode")


def _container(contents, at):
    if contents.get("type") == "carousel":
        _want(set(contents) == {"type", "contents"}, f"{at}: carousel")
        _want(1 <= len(contents["contents"]) <= 12, f"{at}: 1 to 12 bubbles")
        _want(len(json.dumps(contents)) <= 50_000, f"{at}: over 50 KB")
        _want(len({bubble.get("size", "mega") for bubble in contents["contents"]}) == 1, f"{at}: one width")
        for bubble in contents["contents"]:
            _bubble(bubble, at)
        return
    _bubble(contents, at)


def _bubble(bubble, at):
    _want(bubble.get("type") == "bubble" and set(bubble) <= BUBBLE, f"{at}: bubble")
    _want(bubble.get("size", "mega") in SIZES, f"{at}: size")
    _want(len(json.dumps(bubble)) <= 30_000, f"{at}: over 30 KB")
    _want(any(part in bubble for part in ("header", "hero", "body", "footer")), f"{at}: empty bubble")
    for part in ("header", "body", "footer"):
        if part in bubble:
            _want(bubble[part].get("type") == "box", f"{at}.{part}: a box")
            _flex(bubble[part], f"{at}.{part}")


def _flex(part, at):
    kind = part.get("type")
    _want(kind in FLEX, f"{at}: unknown component {kind}")
    unknown = set(part) - FLEX[kind]
    _want(not unknown, f"{at}: unknown {unknown}")
    if kind == "box":
        _want(part.get("layout") in ("horizontal", "vertical", "baseline"), f"{at}: layout")
        _want(isinstance(part.get("contents"), list), f"{at}: contents")
        for number, one in enumerate(part["contents"]):
            _flex(one, f"{at}[{number}]")
    if kind == "text":
        _want(part.get("text") or part.get("contents"), f"{at}: text may not be empty")
    if kind == "button":
        _want("action" in part, f"{at}: a button needs an action")
        _want(part.get("style", "link") in ("link", "primary", "secondary"), f"{at}: style")
    if "action" in part:
        _action(part["action"], at, 40)
