"""Makes the sample agency, where the program is tried out."""

from datetime import date
from importlib import import_module

from bot.app import App


def make(app: App, today: date) -> int:
    """The sample agency's id, made as it would stand on a day; the one there is stays."""
    return int(import_module("bot.sample").make(app.database, today))
