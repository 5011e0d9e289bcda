"""``indicator list|set``: the assessment's indicators, and which questions and O items belong to each."""

import argparse

from sqlalchemy.orm import Session

from bot.app import App
from bot.commands import needs_agency, new, offers_json, show, tell, text
from bot.commands.due import as_of
from handlers import scoping
from handlers.talk import Refused, say
from storage import history, indicators, plans
from storage.agencies import Agency
from storage.plans import Plan


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Make the parsers."""
    noun = new(commands, "indicator", say("indicator-help"))
    verbs = noun.add_subparsers(metavar="list|set", required=True)
    lists = new(verbs, "list", say("indicator-list-help"))
    sets = new(verbs, "set", say("indicator-set-help"))
    sets.add_argument("no", metavar="NO", help=text(say("indicator-no-help")))
    sets.add_argument("codes", metavar="CODES", help=text(say("indicator-codes-help")))
    for one in (lists, sets):
        needs_agency(one)
        offers_json(one)
    lists.set_defaults(run=run_list)
    sets.set_defaults(run=run_set)


def _plan(records: Session, agency: Agency) -> Plan:
    plan = plans.active_plan(records, as_of("", agency))
    if plan is None:
        raise Refused(say("summary-no-plan"))
    return plan


def run_list(args: argparse.Namespace, app: App) -> int:
    """Every indicator of the plan in force with its codes and how many measures answer to it."""
    agency = app.agency(args.agency)
    own = dict(agency.settings.get(indicators.SETTING, {}))
    with app.database.look(agency.id) as records:
        plan = _plan(records, agency)
        rows = [
            {
                "no": one.no,
                "name": one.name,
                "codes": own.get(one.no) or indicators.known(indicators.assessed(plan), one.no),
                "measures": len(indicators.measures_of(records, plan, one, own)),
            }
            for one in indicators.every(records, plan)
        ]
    if args.json:
        show(rows)
        return 0
    for row in rows:
        tell(say("indicator-row", **{**row, "codes": row["codes"] or "-"}))
    return 0


def run_set(args: argparse.Namespace, app: App) -> int:
    """Keep what belongs to an indicator in this agency; ``-`` goes back to what is known of the year."""
    agency = app.agency(args.agency)
    with app.database.agency(agency.id) as records:
        agency = records.get_one(Agency, agency.id)
        one = scoping.by_words(records, _plan(records, agency), indicator=args.no).indicator
        codes = sorted(indicators.spelt_out(args.codes))
        if one is None or not (codes or args.codes == "-"):
            raise Refused(say("indicator-codes-bad", codes=args.codes))
        kept = {no: told for no, told in agency.settings.get(indicators.SETTING, {}).items() if no != one.no}
        agency.settings = {
            **agency.settings,
            indicators.SETTING: {**kept, **({one.no: args.codes} if codes else {})},
        }
        history.note(records, "indicator-set", f"agency:{agency.id}", None, no=one.no, codes=args.codes)
    if args.json:
        show({"no": one.no, "codes": codes})
        return 0
    tell(say("indicator-kept", no=one.no, name=one.name, codes=args.codes))
    return 0
