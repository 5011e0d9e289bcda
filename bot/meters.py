"""Counts and times for ``/metrics``; no name of a person, unit, place or agency."""

from prometheus_client import Counter, Histogram

EVENTS = Counter("prongsai_events", "Events by what became of them", ["channel", "end"])
ANSWERS = Histogram(
    "prongsai_answer_seconds",
    "From claiming an event to its answer's commit",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
WAITED = Histogram(
    "prongsai_event_age_seconds",
    "From the platform's time of an event to its answer's commit",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
)
KEPT = Histogram(
    "prongsai_keep_seconds",
    "From a webhook's arrival to its events' commit",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2),
)
LETTERS = Counter("prongsai_letters", "Letters by what became of them", ["channel", "end"])
COST = Counter("prongsai_messages_paid", "Messages counted against a channel's quota", ["channel"])
FILES = Counter("prongsai_files", "Evidence files by what became of them", ["end"])
TIMED = Counter("prongsai_timed_runs", "Timed work by name and end", ["name", "end"])
