"""Loads what every process needs, once, in the process that the others are forked from. Nothing is opened
here: no database, no loop, no thread."""

import gc
import signal

import bot.serving
from bot.reading import reader

__all__ = ["bot"]

signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends when the one that started it does
reader()
gc.freeze()
