"""The way onto the working group's page: a one-time link, asked for in a private chat."""

from handlers.talk import Card, Choice, Refused, Reply, Row, Turn, say
from storage import history, signins
from storage.signins import LINK_LIVES, SITE

BROWSER = "web"  # the chat page stands beside the pages: it needs no public address
ONCE_IN_A_WHILE = 20  # links a person may ask for within an hour


def link(turn: Turn) -> Reply:
    """A link that lets this person in once, for a few minutes."""
    person, site = turn.person, str(turn.records.info.get(SITE, ""))
    assert person is not None
    if not turn.place.is_private:
        raise Refused(say("signin-private"))
    if not site and turn.place.channel != BROWSER:
        raise Refused(say("signin-no-site"))
    hour = turn.at - LINK_LIVES * 6
    if history.count(turn.records, "signin-asked", f"person:{person.id}", hour) >= ONCE_IN_A_WHILE:
        raise Refused(say("signin-too-often"))
    token = signins.new_link(turn.records, person)
    history.count_one(turn.records, "signin-asked", f"person:{person.id}", turn.at)
    base = "" if turn.place.channel == BROWSER else site
    address = f"{base}/in/{turn.agency.slug}/{token}"
    minutes = int(LINK_LIVES.total_seconds() // 60)
    card = Card(
        title=say("signin-title"),
        rows=(Row(say("signin-once", minutes=minutes), mark="note"),),
        choices=(Choice("signin-link", say("signin-open"), style="main", link=address, numbered=False),),
    )
    return Reply(say=say("signin-here"), cards=(card,))


ANSWERS = {"signin-link": link}
