"""How long one message takes to read: 300 measures, 60 units; and the worst that 5,000 letters can do."""

import itertools
import statistics
import tempfile
import time
import uuid
from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.reading import reader
from handlers import naming
from handlers.talk import Place, Turn
from storage import forms, migrations
from storage.agencies import Agency, Unit
from storage.database import Database
from storage.measures import Duty, Measure, Responsibility, Step
from storage.people import Person
from storage.plans import ACTIVE, Plan, Topic

ACTS = (
    "ทบทวน",
    "เผยแพร่",
    "อบรมเจ้าหน้าที่เรื่อง",
    "ประกาศ",
    "จัดทำ",
    "สำรวจ",
    "ติดตาม",
    "ประชุมชี้แจง",
    "ปรับปรุง",
    "รายงาน",
)
THINGS = (
    "คู่มือการปฏิบัติงาน", "แนวทางการยืมทรัพย์สินของราชการ", "แผนการใช้จ่ายงบประมาณ", "แผนการจัดซื้อจัดจ้าง",
    "นโยบายการบริหารทรัพยากรบุคคล", "เจตนารมณ์ No Gift Policy", "ช่องทางร้องเรียนการทุจริต", "ประมวลจริยธรรม",
    "แบบสอบถามความพึงพอใจของผู้รับบริการ", "ระบบบริการออนไลน์ e-Service", "ข้อมูลพื้นฐานบนเว็บไซต์",
    "แผนป้องกันและปราบปรามการทุจริต", "การประเมินความเสี่ยงการทุจริต", "ขั้นตอนและระยะเวลาการให้บริการ",
    "การใช้รถราชการ", "หลักเกณฑ์การเลื่อนเงินเดือน", "คำสั่งมอบหมายงาน", "ศูนย์ข้อมูลข่าวสาร",
    "การรับฟังความคิดเห็นของผู้มีส่วนได้ส่วนเสีย", "แผนพัฒนาบุคลากร", "การตรวจสอบภายใน", "ผลการเบิกจ่าย",
    "การประชุมผู้บริหาร", "ป้ายประชาสัมพันธ์", "จุดบริการประชาชน", "การลงทะเบียนออนไลน์", "ทะเบียนทรัพย์สิน",
    "การจัดการความรู้", "กิจกรรมส่งเสริมคุณธรรม", "รายงานประจำปี",
)  # fmt: skip
KINDS = ("กอง", "สำนัก", "ศูนย์", "กลุ่ม", "ส่วน", "ฝ่าย")
OF = (
    "คลัง",
    "แผนงาน",
    "การเจ้าหน้าที่",
    "กฎหมาย",
    "ช่าง",
    "สวัสดิการสังคม",
    "สาธารณสุข",
    "การศึกษา",
    "พัสดุ",
    "ตรวจสอบภายใน",
)
LINES = (
    "แนวทางยืมทรัพย์สิน ร่างได้ซัก 40% แล้วครับ", "12.3 เสร็จแล้วเมื่อวาน คนเข้า 45 คน https://example.org/a.pdf",
    "เดือนนี้เราเหลืออะไรบ้างคะ", "ใครดูแลเรื่องคู่มือการปฏิบัติงาน", "สรุปให้นะคะ 1.1 เก็บได้ 60% 2.1 เพิ่งเริ่ม 3.1 ยังไม่เริ่ม",
    "ขอเลื่อน 4.1 จาก 2 กพ ไปเป็น 20 กพ นะครับ ห้องไม่ว่าง", "กองคลังต้องทำอะไรบ้างปีนี้", "วันนี้ประชุมทีมเสร็จแล้ว กลับบ้านกัน",
    "1) เผยแพร่ประมวลจริยธรรมแล้ว 2) แบบสอบถามความพึงพอใจ ตอบมา 412 คน 3) ป้ายประชาสัมพันธ์ยังไม่เริ่ม",
    "8^j,nvdkixDb[y'bko gliH0c]h;", "แก้เป็น 48 คน", "ITA ปีที่แล้วได้กี่คะแนน", "รับกระเช้าปีใหม่ได้ไหม", "ทราบครับท่าน",
    "จัดกิจกรรมส่งเสริมคุณธรรมไปแล้ว 3 จาก 5 ครั้ง เหลือรออนุมัติงบ ติดที่กองแผนงานค่ะ", "No Gift poster done 100%",
)  # fmt: skip
LONG = (
    "ก", "1.1 ", "ธ.ค. 66 ", "แล้ว ", "a", "1", "(1) ", "วันที่ 1 ", "ติด", "http://a.b ", "กษ 9999/ว 12 ", " ", "สิบ", "O1 ถึง O9 ",
    "ปีก่อน", "a.b-c", "๑", "ก.", "แจ้ง 5 คน ", "ส่งภายใน", "ไม่มีเรื่อง", "1) แจ้งเวียน\n", "ไตรมาส 1-", "ข้อ", "%50", "และ", "ครั้งที่ ",
)  # fmt: skip
MOST = 5000
TODAY = date(2024, 2, 15)


def measure():
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        migrations.upgrade(database.engine)
        with database.shared() as session:
            agency = Agency(slug="bench", name="กรมตัวอย่าง", settings={})
            session.add(agency)
            session.flush()
            number = agency.id
        with database.agency(number) as records:
            _fill(records)
        with database.agency(number) as records:
            yield from _timed(records, records.get_one(Agency, number))
            yield from _long(records, records.get_one(Agency, number))
        database.close()


def _fill(records):
    units = [
        Unit(name=f"{kind}{of}", short_name=f"{kind[0]}{of[0]}{of[-1]}.", position=place)
        for place, (kind, of) in enumerate(itertools.product(KINDS, OF))
    ]
    records.add_all(units)
    plan = Plan(fiscal_year=2567, assessed_year=2566, status=ACTIVE)
    records.add(plan)
    records.flush()
    person = Person(name="สมชาย", unit=units[0])
    topics = [
        Topic(plan_id=plan.id, no=str(no), title=thing, position=no) for no, thing in enumerate(THINGS, 1)
    ]
    records.add_all([person, *topics])
    records.flush()
    for place, (topic, act) in enumerate(itertools.product(topics, ACTS)):
        title = f"{act}{THINGS[topic.position - 1]}"
        made = Measure(plan_id=plan.id, topic_id=topic.id, code=f"{topic.no}.{place % 10 + 1}", title=title)
        made.position, made.aliases = place, []
        made.steps = [Step(no=no, text=f"{other}{title}") for no, other in enumerate(ACTS[:3], 1)]
        made.responsibilities = [Responsibility(unit_id=units[place % 60].id, role=Duty.LEAD)]
        records.add(made)


def _turn(records, agency, person, thread, text):
    return Turn(
        records=records,
        agency=agency,
        place=Place("test", "test:1", is_private=True),
        sender="test:1",
        person=person,
        reading=reader().read(text, TODAY),
        at=datetime(2024, 2, 15, 3, tzinfo=UTC),
        today=TODAY,
        thread=thread,
        message=uuid.uuid4().hex,
    )


def _read(records, agency, text):
    """Milliseconds of the processor to read a message and to find the measures and units it names."""
    person, thread = records.scalars(select(Person)).one(), forms.thread(records, "test:1", "test:1")
    began = time.thread_time()
    turn = _turn(records, agency, person, thread, text)
    parts = turn.reading.parts
    if parts.kind in ("report", "postpone", "nothing"):
        for fact in parts.facts:
            naming.by_refs(turn, fact.refs) or naming.by_words(turn, fact)
    else:
        naming.measures(turn)
        naming.units(turn)
    return (time.thread_time() - began) * 1000


def _timed(records, agency):
    for text in LINES:
        _read(records, agency, text)
    times = sorted(_read(records, agency, text) for _ in range(25) for text in LINES)
    half, most = statistics.median(times), times[int(len(times) * 0.99)]
    yield f"reading a message, 300 measures, 60 units: median {half:.1f} ms (promised ≤ 5), p99 {most:.1f} ms (≤ 20)"


def _long(records, agency):
    times = {}
    for text in (*LONG, *LINES):
        whole = (text * (MOST // len(text) + 1))[:MOST]
        times[text] = min(_read(records, agency, whole) for _ in range(2))
    slowest = max(times, key=times.get)
    yield f"{MOST} letters, {len(times)} sorts: at most {times[slowest]:.0f} ms (promised ≤ 200; {slowest[:12]!r} again and again)"
