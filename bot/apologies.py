"""What is told to somebody whose event could not be answered, and by which number it is found again."""

from sqlalchemy.orm import Session

from bot.channels import Heard
from handlers.packing import pack
from handlers.talk import Reply, say
from storage import outbox
from storage.jobs import Claimed
from storage.outbox import Letter


def apologise(records: Session, job: Claimed) -> None:
    """Tell who waits; of an event that cannot even be read nobody knows who that is."""
    try:
        heard = Heard.unpack(job.body)
    except (KeyError, TypeError, ValueError):
        return
    if not heard.addressed:
        return
    reply = Reply(say=say("inbox-fault", number=number_of(job)))
    letter = Letter(
        agency_id=job.agency_id,
        channel=heard.channel,
        place=heard.place,
        replies=[pack(reply)],
        reply_token=heard.reply_token,
        reply_by=heard.reply_by,
        purpose="apology",
    )
    outbox.write(records, letter)


def number_of(job: Claimed) -> str:
    """What a person tells the administrator, who finds it in the log and beside the job."""
    return f"{job.id % 1_000_000:06d}"
