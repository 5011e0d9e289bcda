"""In what role a unit or an office holder answers for a plan's measures, as the plan writes it."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.measures import Duty, Measure, Responsibility
from storage.plans import Plan

ROLES = (Duty.LEAD, Duty.JOINT, Duty.SUPPORT)
# an office by its usual beginnings, up to the next sign or the next office
_OFFICE = re.compile(
    r"(?:ผู้อำนวยการ|ผอ\.|รองอธิบดี|อธิบดี|เลขาธิการ|รองปลัด|ปลัด|นายก|หัวหน้า|ผู้บริหาร|ผู้กำกับ|ผู้บังคับบัญชา|"
    r"นัก(?=ทรัพย|วิชา|วิเคราะห์|จัดการ|พัฒนา|ประชา|บริหาร)|นิติกร|เจ้าพนักงาน|เลขานุการ(?!กรม))[^\s,;/()+\n]*"
)
_SHORT, _LONG = "ผอ.", "ผู้อำนวยการ"
_TAIL = re.compile("(?:ดูแล|ติดตาม)+$")


@dataclass(frozen=True, slots=True)
class Answering:
    """One line of who answers for what: the measure, the unit (none for all of them), the role."""

    measure_id: int
    unit_id: int | None
    role: str


def answering(session: Session, plan: Plan) -> list[Answering]:
    """Who answers for each measure of a plan, in one statement."""
    rows = session.execute(
        select(Responsibility.measure_id, Responsibility.unit_id, Responsibility.role)
        .join(Measure, Measure.id == Responsibility.measure_id)
        .where(Measure.plan_id == plan.id)
    )
    return [Answering(*row) for row in rows]


def _written(session: Session, plan: Plan) -> dict[int, str]:
    """What the document says of who answers, by measure."""
    found = dict[int, str]()
    rows = session.execute(
        select(Measure.id, Measure.responsible_text, Responsibility.written)
        .outerjoin(Responsibility, Responsibility.measure_id == Measure.id)
        .where(Measure.plan_id == plan.id)
        .order_by(Measure.position, Responsibility.position)
    )
    for number, text, written in rows:
        found[number] = f"{found.get(number) or text} {written or ''}"
    return found


def offices(session: Session, plan: Plan) -> list[str]:
    """The offices and professions that a plan names beside its units, in its order."""
    texts = _written(session, plan).values()
    return list(dict.fromkeys(found for text in texts for found in _OFFICE.findall(text)))


def of_office(session: Session, plan: Plan, office: str) -> set[int]:
    """The measures (by id) whose responsible text names an office or profession."""
    said = _folded(office)
    return {no for no, text in _written(session, plan).items() if said and said in _folded(text)}


def _folded(text: str) -> str:
    """To compare by: the long form of an office, no spaces or dots."""
    plain = text.replace(_SHORT, _LONG).replace(" ", "").replace(".", "")
    return _TAIL.sub("", plain)
