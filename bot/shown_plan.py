"""A plan as JSON for machines: what ``plan show --json`` prints."""

from typing import Any

from sqlalchemy.orm import Session

from bot.words import words
from handlers.talk import say
from storage import doubts, exports
from storage.agencies import Agency
from storage.doubts import ACCEPTED, CHANGED
from storage.drafts import Draft, DraftFinding, DraftMeasure
from storage.measures import Measure, Responsibility, measures
from storage.plans import Doubt, Plan


def as_json(session: Session, agency: Agency, plan: Plan) -> dict[str, Any]:
    """The plan in the form other programs rely on; reasons of doubts are in the agency's language."""
    value = exports.as_draft(session, plan)
    everyone = words(str(agency.settings.get("language", "th")))(say("plans-everyone"))
    duties = {one.code: one for one in measures(session, plan)}
    means = {
        doubt.said: doubt.guess
        for doubt in plan.doubts
        if doubt.why == "unit-misread" and doubt.decision in ("", ACCEPTED)
    } | {doubt.said: str(doubt.details["value"]) for doubt in plan.doubts if _is_renamed(doubt)}
    return {
        "agency": agency.name,
        "fiscal_year": plan.fiscal_year,
        "assessed_year": plan.assessed_year,
        "status": plan.status,
        "version": plan.version,
        "scores": [
            {
                "level": one.level,
                "code": one.code or None,
                "name": one.name,
                "score": one.score,
                "qualifier": one.qualifier or None,
            }
            for one in value.scores
        ],
        "grade": value.grade or None,
        "rank": value.rank,
        "topics": [
            {
                "no": int(topic.no) if topic.no.isdecimal() else topic.no,
                "title": topic.title,
                "aim": topic.aim or None,
                "findings": [_finding(one) for one in value.findings if one.topic == topic.no],
            }
            for topic in value.topics
        ],
        "findings": [_finding(one) for one in value.findings if not one.topic],
        "measures": [_measure(one, duties[one.code], means, everyone) for one in value.measures],
        **_beside(value),
        "doubts": doubts_as_json(plan, agency),
    }


def _is_renamed(doubt: Doubt) -> bool:
    return doubt.why == "unit-misread" and doubt.decision == CHANGED


def _beside(value: Draft) -> dict[str, Any]:
    return {
        "rounds": [
            {"name": one.name, "due": one.due, "receiver": one.receiver, "channel": one.channel}
            for one in value.rounds
        ],
        "policies": [
            {
                "no": one.no,
                "title": one.title,
                "clauses": [{"no": clause.no, "text": clause.text} for clause in one.clauses],
            }
            for one in value.policies
        ],
        "limits": list(value.limits),
    }


def _finding(one: DraftFinding) -> dict[str, Any]:
    return {"question": one.question or None, "text": one.text, "score": one.score}


def _measure(one: DraftMeasure, record: Measure, means: dict[str, str], everyone: str) -> dict[str, Any]:
    return {
        "code": one.code,
        "document_no": one.document_no or None,
        "topic": int(one.topic) if one.topic.isdecimal() else one.topic or None,
        "title": one.title,
        "aim": one.aim or None,
        "method": one.method or None,
        "steps": list(one.steps),
        "kpis": [{"text": kpi.text, "kind": kpi.kind, "value": kpi.value} for kpi in one.kpis],
        "schedule": {
            "text": one.schedule.text,
            "kind": one.schedule.kind,
            "every": one.schedule.every,
            "ranges": [{"start": start, "end": end} for start, end in one.schedule.ranges],
        },
        "responsible": [_unit(duty, means, everyone) for duty in record.responsibilities],
        "constraints": one.constraints or None,
        "status": one.status or None,
        "progress": one.progress or None,
        "o_items": list(one.o_items),
    }


def _unit(duty: Responsibility, means: dict[str, str], everyone: str) -> dict[str, Any]:
    """A unit as the document names it; a misread name as the one it means, with what stands there."""
    written = duty.written or (duty.unit.name if duty.unit else everyone)
    made = {"unit": means.get(written, written), "role": duty.role}
    return made if made["unit"] == written else {**made, "as_written": written}


def doubts_as_json(plan: Plan, agency: Agency, *, decided: bool = True) -> list[dict[str, Any]]:
    """A plan's doubts for machines and for the page in the browser: ``number`` decides them, ``code`` is
    the reason for programs, ``why`` the reason in the agency's language."""
    voice = words(str(agency.settings.get("language", "th")))
    return [
        {
            "number": one.number,
            "where": one.where,
            "said": one.said,
            "guess": one.guess,
            "why": voice(say(f"plans-why-{one.why}")),
            "code": one.why,
            "measures": list(one.measures),
            "decided": one.decision or None,
            "value": one.value or None,
        }
        for one in doubts.listed(plan, decided=decided)
    ]
