"""A year of 300 measures that each of 60 units owes, half of it reported: the summary and its papers.

Promised: the summary's queries within 150 ms on both databases, Word within 2 s, Excel 1 s, PDF 3 s, a
chart 0.2 s, 300 MB. Counted from the request to the file, with the start of the process that lays it out:
a child of one that is kept warm; what the very first paper waits for besides is told apart.
"""

import asyncio
import pickle
import random
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import insert

from bot.app import App
from bot.config import Settings
from bot.layout import Layout
from bot.reports import chart
from bot.words import words
from handlers import issuing, summed
from handlers.orders import Order
from handlers.scope import Period
from storage import migrations, standing
from storage.agencies import Agency, Unit
from storage.base import new_id
from storage.measures import Duty, Measure, Responsibility, Step
from storage.plans import ACTIVE, Plan, Score, Topic
from storage.progress import Update
from storage.rounds import Occurrence
from tests.bench.engine import on_each_database
from tests.conftest import BANGKOK

MEASURES, UNITS, TOPICS = 300, 60, 7
TODAY = date(2024, 6, 15)
YEAR = Period(date(2023, 10, 1), date(2024, 9, 30))
WEEK = Period(date(2024, 6, 10), date(2024, 6, 16))
TEXT = "ประชุมชี้แจงแนวทางการใช้ทรัพย์สินของราชการแก่เจ้าหน้าที่ที่เกี่ยวข้อง และเผยแพร่บนเว็บไซต์แล้ว ผู้เข้าร่วม 45 คน"
PEAK = """
import pickle, sys
from bot import reports
from bot.words import words
name, report = pickle.loads(sys.stdin.buffer.read())
reports.load(name).write(report, words("th"))
print(int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) / 1024)
"""


def measure():
    yield from on_each_database(_on)


def _on(url, folder, name):
    app = App(Settings(database_url=url, data_dir=folder))
    migrations.upgrade(app.database.engine)
    agency_id, plan_id = _fill(app)
    if app.database.engine.dialect.name == "postgresql":
        with app.database.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")  # which it does by itself within a minute
    with app.database.look(agency_id) as records:
        plan, agency = records.get(Plan, plan_id), records.get(Agency, agency_id)
        yield f"{name}: {_queries(records, plan)}"
        yield f"{name}: {_whole(records, agency, plan)}"
        if name.lower().startswith("sqlite"):
            report = summed.report(records, agency, plan, YEAR, TODAY, is_paper=True)
            order = Order(records, records.merge(agency), records.merge(plan), YEAR, TODAY)
            yield from _charts(report)
            yield from _papers("summary of the year", report, ("docx", "xlsx", "pdf", "html", "png"))
            for kind in ("progress", "measures", "year"):
                made = issuing.KINDS[kind](order)
                yield from _papers(f"paper “{kind}”", made, ("docx", "xlsx", "pdf"))
            yield f"this process: peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    app.close()


def _queries(records, plan):
    """The statements of a summary, without its words."""

    def ask():
        records.expunge_all()  # as in a new transaction; expired records would be asked for one by one
        begin, spent = time.perf_counter(), time.process_time()
        standing.standing(records, plan)
        day = datetime(2024, 6, 10, tzinfo=BANGKOK)
        standing.told_between(records, plan, day, day + timedelta(days=7))
        standing.nothing_to_report(records, plan)
        return (time.perf_counter() - begin) * 1000, (time.process_time() - spent) * 1000

    ask()
    wall, cpu = (median(found) for found in zip(*(ask() for _ in range(9)), strict=True))
    return f"queries of a summary, {MEASURES} x {UNITS}: {wall:.0f} ms ({cpu:.0f} ms of our CPU)"


def _whole(records, agency, plan):
    def make(covers, *, is_paper):
        records.expunge_all()
        begin = time.perf_counter()
        summed.report(records, agency, plan, covers, TODAY, is_paper=is_paper)
        return (time.perf_counter() - begin) * 1000

    chat = median(make(WEEK, is_paper=False) for _ in range(5))
    paper = median(make(YEAR, is_paper=True) for _ in range(3))
    return f"the whole summary: a week for chat {chat:.0f} ms, a year for paper {paper:.0f} ms"


def _papers(title, report, formats):
    layout = Layout()
    try:
        for one in formats:
            first = _asked(layout, one, report)[0] if layout.is_cold else None
            seconds, size = min(_asked(layout, one, report) for _ in range(3))
            told = f"{title} as {one}: {seconds:.2f} s from asking to the file, {size / 1000:.0f} kB"
            yield f"{told}, peak {_peak(one, report):.0f} MB" + (
                f" (the first of all: {first:.2f} s)" if first else ""
            )
    finally:
        layout.close()


def _asked(layout, name, report):
    """Seconds from a request to its file, and the file's size, as the program has it made."""
    begin = time.perf_counter()
    body = asyncio.run(layout.lay(pickle.dumps((name, "th", "Asia/Bangkok", "arabic", report, b""))))
    return time.perf_counter() - begin, len(body)


def _peak(name, report):
    """Megabytes of a process that does nothing else."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK], input=pickle.dumps((name, report)), capture_output=True, check=True
    )
    return float(done.stdout)


def _charts(report):
    """Every chart of a report on its own, as pixels: in this process, and as asked for."""
    words_ = words("th")
    for one in report.charts:
        chart.png(one, words_)  # the font and the library are loaded once
        seconds = min(_timed(chart.png, one, words_) for _ in range(5))
        yield f"chart {one.name}: {seconds:.3f} s"
    layout, alone = Layout(), replace(report, charts=report.charts[:1])
    try:
        _asked(layout, "png", alone)
        seconds = min(_asked(layout, "png", alone)[0] for _ in range(3))
    finally:
        layout.close()
    yield f"one chart as a picture: {seconds:.2f} s from asking to the file"


def _timed(made, *given):
    begin = time.perf_counter()
    made(*given)
    return time.perf_counter() - begin


def _fill(app):
    random.seed(5)
    with app.database.shared() as session:
        agency = Agency(slug="bench", name="กรมตัวอย่าง", settings={})
        session.add(agency)
    with app.database.agency(agency.id) as records:
        plan = Plan(fiscal_year=2567, assessed_year=2566, status=ACTIVE)
        records.add(plan)
        units = [Unit(name=f"กองตัวอย่างที่ {no}", short_name=f"กต.{no}", position=no) for no in range(UNITS)]
        records.add_all(units)
        records.flush()
        topics = [
            Topic(plan_id=plan.id, no=str(no), title=f"ประเด็นการประเมินด้านที่ {no} ที่ซื่อสัตย์", position=no)
            for no in range(1, TOPICS + 1)
        ]
        records.add_all(topics)
        records.add_all(
            Score(year=2563 + no, level="overall", code="", score=85 + 2.5 * no) for no in range(4)
        )
        records.flush()
        for no in range(MEASURES):
            _measure(records, agency, plan, topics[no * TOPICS // MEASURES], units, no)
        return agency.id, plan.id


def _measure(records, agency, plan, topic, units, no):
    made = Measure(
        plan_id=plan.id,
        topic_id=topic.id,
        code=f"{topic.no}.{no}",
        title=f"ปรับปรุงแนวทางการปฏิบัติงานและการให้บริการที่โปร่งใส เรื่องที่ {no}",
        schedule_text="ต.ค. 66 - ก.ย. 67",
        position=no,
    )
    made.steps = [Step(no=at, text=f"ขั้นตอนที่ {at} จัดทำและเผยแพร่คู่มือการปฏิบัติงาน") for at in (1, 2, 3)]
    made.responsibilities = [Responsibility(role=Duty.ALL_UNITS)]
    records.add(made)
    records.flush()
    owed, told = [], []
    for unit in units:
        due = YEAR.start + timedelta(days=random.randrange(60, 365))
        status = random.choice(("done", "in_progress", "not_started", "not_started"))
        reported = datetime(2024, 1, 1, 10, tzinfo=BANGKOK) + timedelta(days=random.randrange(165))
        base = {"id": new_id(), "agency_id": agency.id, "measure_id": made.id, "unit_id": unit.id}
        owed.append(
            {
                **base,
                "plan_id": plan.id,
                "starts_on": YEAR.start,
                "due_on": due,
                "status": status,
                "version": int(status != "not_started"),
                "evidence_count": int(status == "done" and random.random() < 0.7),
                "reported_at": reported if status != "not_started" else None,
            }
        )
        if status != "not_started":
            row = {**base, "id": new_id(), "occurrence_id": base["id"], "version": 1, "state": "counted"}
            told.append({**row, "status": status, "note": TEXT, "said_at": reported})
    records.execute(insert(Occurrence), owed)
    records.execute(insert(Update), told)
