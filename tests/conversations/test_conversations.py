"""Plays the transcripts beside this file through the front door.

time: 2024-01-18 10:05        the clock
place: private | a group      where the next lines are said
plan: 2024                    (first) an active plan of tests/builders.py
somchai: …                    said; "@โปร่งใส …" is addressed in a group
somchai taps …                the button with this label in the last answer
somchai sends 2 photos
somchai unsends / edits …     his last message
bot: …                        this stands in the answer
bot not: …                    this does not
bot is silent
stored 4.1: in_progress v1 count 45 on 2024-01-17 percent 80 evidence 2 due 2024-02-20
"""

import re
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import door
from bot.channels import Heard
from bot.reading import reader
from handlers.talk import File
from storage.measures import Measure
from storage.progress import COUNTED, Update
from storage.rounds import Occurrence
from tests.builders import a_plan
from tests.conftest import BANGKOK, Answer

HERE = Path(__file__).parent
NAME = "@โปร่งใส"


class Play:
    def __init__(self, stage):
        self.stage, self.place = stage, ""
        self.answer = Answer([], "")
        self.said: dict[str, str] = {}
        self.labels: dict[str, str] = {}

    def line(self, line):
        head, _, rest = line.partition(": ")
        if line == "plan":
            a_plan(self.stage)
        elif head == "time":
            self.stage.at = datetime.strptime(rest, "%Y-%m-%d %H:%M").replace(tzinfo=BANGKOK)
        elif head == "place":
            self.place = "" if rest == "private" else rest
        elif head == "bot":
            assert rest in self.answer.text, f"{rest!r} not in {self.answer.text!r}"
        elif head == "bot not":
            assert rest not in self.answer.text, self.answer.text
        elif line == "bot is silent":
            assert self.answer.text == "", self.answer.text
        elif head.startswith("stored "):
            self.stored(head.removeprefix("stored "), rest.split())
        else:
            self.speak(line)

    def speak(self, line):
        who, verb, rest = re.match(r"(\w+)(: | taps | sends | unsends| edits )(.*)", line).groups()
        at = self.stage.at
        match verb.strip():
            case ":":
                self.hear(who, rest)
            case "taps":
                self.answer = self.stage.chat(who, tap=self.labels[rest], place=self.place)
            case "sends":
                number = int(rest.split()[0])
                kind = "photo" if "photo" in rest else "file"
                for one in range(number):
                    file = File(id=f"f{self.stage.count}{one}", kind=kind, set_size=number)
                    self.hear(who, "", (file,))
            case "unsends":
                self.answer = self.stage.chat(
                    who, kind="unsent", message=self.said[who], place=self.place, addressed=False
                )
            case "edits":
                self.answer = self.stage.chat(
                    who, rest, kind="edited", message=self.said[who], place=self.place, addressed=False
                )
        self.labels |= dict(zip(self.shown(), self.answer.values, strict=True))
        self.stage.at = at

    def hear(self, who, text, files=()):
        addressed = not self.place or text.startswith(NAME)
        text = text.removeprefix(NAME).strip()
        if not addressed and not self.heeded(who, text, files):
            self.answer = Answer([], "")
            return
        self.answer = self.stage.chat(who, text, place=self.place, addressed=addressed, files=files)
        self.said[who] = f"m{self.stage.count}"

    def heeded(self, who, text, files):
        heard = Heard(
            key="?",
            kind="message",
            at=self.stage.at,
            channel="test",
            place=f"test:{self.place}",
            is_private=False,
            sender=f"test:{who}",
            text=text,
            files=files,
        )
        with self.stage.database.look(self.stage.agency.id) as records:
            return door.heeds(records, reader(), heard)

    def shown(self):
        from bot.words import words

        say = words("th")
        return [
            say(choice.label)
            for reply in self.answer.replies
            for choice in (*reply.choices, *(c for card in reply.cards for c in card.choices))
        ]

    def stored(self, code, wanted):
        with self.stage.database.look(self.stage.agency.id) as records:
            found = records.scalars(
                select(Update)
                .join(Measure, Measure.id == Update.measure_id)
                .where(Measure.code == code, Update.state == COUNTED)
                .order_by(Update.recorded_at, Update.version)
            ).all()
            if wanted == ["nothing"]:
                assert not found
                return
            last = found[-1]
            occurrence = records.get_one(Occurrence, last.occurrence_id)
            assert occurrence.status == last.status or last.unit_id != occurrence.unit_id
            facts = {
                "count": f"{last.count_done:g}" if last.count_done is not None else None,
                "of": f"{last.count_of:g}" if last.count_of is not None else None,
                "percent": f"{last.percent:g}" if last.percent is not None else None,
                "on": str(last.fact_on),
                "due": str(last.new_due_on),
                "evidence": str(occurrence.evidence_count),
            }
            words = iter(wanted)
            for word in words:
                if word in facts:
                    assert facts[word] == next(words), (word, facts)
                elif word.startswith("v"):
                    assert word == f"v{last.version}"
                else:
                    assert word == last.status


@pytest.mark.parametrize("file", sorted(HERE.glob("*.txt")), ids=lambda file: file.stem)
def test_a_conversation_goes_as_written(stage, file):
    play = Play(stage)
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                play.line(line.strip())
            except AssertionError as fault:
                raise AssertionError(f"{file.name}:{number}: {line}\n{fault}") from fault
