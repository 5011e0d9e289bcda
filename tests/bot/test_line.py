"""LINE's side: what comes in is read tolerantly, what goes out keeps every rule of the platform."""

import asyncio
import json
from datetime import UTC, datetime

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linebot.v3 import WebhookParser

from bot.channels import Envelope, NotSent, line_cards, line_events
from bot.channels.line import open_channel
from bot.graphemes import cut, graphemes, split, units
from bot.words import words
from handlers.talk import Card, Choice, File, Reply, Row, quote
from tests.fakes import line_rules
from tests.fakes.line import FakeLine

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture
def line():
    with FakeLine() as platform:
        yield platform


def with_channel(platform, work):
    async def go():
        async with aiohttp.ClientSession() as http:
            credentials = {"secret": platform.secret, "token": platform.token}
            return await work(open_channel(credentials, {}, http, platform.url))

    return asyncio.run(go())


def send(platform, *replies, place="line:C1", token="", key="5f2b7c5e-7d7e-4b0e-9a55-0e0f3f6f4b11"):
    envelope = Envelope(place, replies, words("th"), token, key)
    return with_channel(platform, lambda channel: channel.send(envelope))


def read(*events):
    return line_events.read(json.dumps({"events": list(events)}).encode(), NOW)


HELLO = Reply(say=quote("สวัสดีค่ะ"))


def test_a_mention_is_cut_out_and_makes_the_message_ours(line):
    (heard,) = read(line.says("Usomchai", "4.1 เสร็จแล้ว 👍", place="C1", mention=True))
    assert heard.text == "4.1 เสร็จแล้ว 👍"
    assert heard.addressed
    assert (heard.place, heard.sender, heard.is_private) == ("line:C1", "line:Usomchai", False)


def test_mentions_are_counted_in_utf16_units(line):
    event = line.says("U1", "x", place="C1")
    text = "👍👍 @โปร่งใส 4.1 เสร็จ"
    start = units("👍👍 ")
    event["message"]["text"] = text
    event["message"]["mention"] = {
        "mentionees": [{"index": start, "length": 8, "type": "user", "isSelf": True}]
    }
    assert read(event)[0].text == "👍👍  4.1 เสร็จ".replace("  ", "  ").strip()


def test_everybody_mentioned_is_not_us(line):
    event = line.says("U1", "@All ส่งด้วย", place="C1")
    event["message"]["mention"] = {"mentionees": [{"index": 0, "length": 4, "type": "all"}]}
    assert not read(event)[0].addressed


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("follow", {}, "followed"),
        ("unfollow", {}, "unfollowed"),
        ("join", {}, "group-joined"),
        ("leave", {}, "group-left"),
        ("memberJoined", {"joined": {"members": [{"type": "user", "userId": "U9"}]}}, "member-joined"),
        ("memberLeft", {"left": {"members": [{"type": "user", "userId": "U9"}]}}, "member-left"),
        ("unsend", {"unsend": {"messageId": "77"}}, "unsent"),
        ("postback", {"postback": {"data": "due-next"}}, "button"),
        ("messageEdited", {"message": {"id": "5", "type": "text", "text": "4.1 80%"}}, "edited"),
    ],
)
def test_every_kind_of_event_is_known(line, kind, more, expected):
    assert read(line.event(kind, user="U1", place="C1", **more))[0].kind == expected


def test_a_picked_day_comes_with_its_button(line):
    (heard,) = read(line.taps("U1", "progress-day:7", date="2024-03-20"))
    assert heard.value == "progress-day:7:2024-03-20"


def test_photos_of_one_set_know_how_many_they_are(line):
    (heard,) = read(line.shows("U1", place="C1", together=(1, 2)))
    assert heard.files[0].set_size == 2
    assert heard.files[0].kind == "photo"


def test_one_bad_event_never_loses_another(line):
    good = line.says("U1", "ครบกำหนด")
    bad = [None, 7, {}, {"type": "message"}, {"type": "newKind"}, {**good, "message": {"type": "hologram"}}]
    bad += [{**good, "timestamp": "x", "source": []}, {**good, "mode": "standby"}]
    heard = read(*bad, good)
    assert [one.text for one in heard] == ["", "ครบกำหนด"]  # the hologram was said to us: it is answered


def test_unknown_modes_and_missing_parts_are_read_as_far_as_they_go(line):
    event = line.says("U1", "ครบกำหนด")
    event["mode"] = "dreaming"
    del event["deliveryContext"], event["timestamp"], event["message"]["quoteToken"]
    assert read(event)[0].text == "ครบกำหนด"


def test_a_redelivered_event_has_the_same_key(line):
    event = line.says("U1", "ครบกำหนด")
    again = {**event, "deliveryContext": {"isRedelivery": True}}
    assert read(event)[0].key == read(again)[0].key
    del event["webhookEventId"], again["webhookEventId"]
    assert read(event)[0].key == read(again)[0].key


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "source",
                    "message",
                    "userId",
                    "groupId",
                    "text",
                    "id",
                    "mention",
                    "mentionees",
                    "index",
                    "postback",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["type", "source", "message", "mode", "unsend"]), json_values))
)
def test_no_body_breaks_the_reader(events):
    for event in events:
        event.setdefault("type", "message")
    line_events.read(json.dumps({"events": events}).encode(), NOW)


@given(st.binary(max_size=200))
def test_bytes_that_are_not_lines_are_refused(body):
    with pytest.raises(ValueError, match=r"no|JSON|decode|Expecting|column"):
        line_events.read(body, NOW)


def test_the_official_reader_understands_our_webhooks(line):
    events = [line.says("U1", "ครบกำหนด", place="C1", mention=True), line.shows("U1"), line.taps("U1", "x")]
    body, headers = line.signed(*events)
    found = WebhookParser(line.secret).parse(body.decode(), headers["x-line-signature"])
    assert [one.type for one in found] == ["message", "message", "postback"]


def test_only_a_right_signature_over_the_raw_bytes_is_let_in(line):
    body, headers = line.signed(line.says("U1", "ครบกำหนด"))
    signature = {"x-line-signature": headers["x-line-signature"]}

    async def work(channel):
        assert len(channel.read(signature, body)) == 1
        for wrong in ({}, {"x-line-signature": "ก"}, {"x-line-signature": "AAAA"}):
            with pytest.raises(PermissionError):
                channel.read(wrong, body)
        with pytest.raises(PermissionError):
            channel.read(signature, body + b" ")

    with_channel(line, work)


texts = st.text(alphabet="กขคงที่ซื่อสัตย์น้ำใจป ี่ ำ็a1 😀\n", min_size=1, max_size=80).filter(str.strip)
says = texts.map(quote)
choices = st.builds(
    Choice, st.just("due-next"), says, st.sampled_from(["plain", "main"]), st.sampled_from(["", "day"])
)
rows = st.builds(
    Row,
    says,
    st.sampled_from(["", "open", "due", "overdue", "done", "note", "quote"]),
    st.none() | st.floats(0, 1),
    st.none() | says,
)
cards = st.builds(
    Card,
    title=says,
    subtitle=st.none() | says,
    rows=st.lists(rows, max_size=40).map(tuple),
    choices=st.lists(choices, max_size=8).map(tuple),
    share=st.none() | st.floats(0, 1),
)
replies = st.builds(
    Reply,
    say=st.none() | says,
    cards=st.lists(cards, max_size=4).map(tuple),
    choices=st.lists(choices, max_size=20).map(tuple),
    asks=st.sampled_from(["", "pick"]),
)


@settings(max_examples=60)
@given(st.lists(replies, min_size=1, max_size=6))
def test_whatever_is_said_keeps_lines_rules(said):
    made, about = line_cards.messages(said, words("th"))
    assert len(made) == len(about)
    if made:
        line_rules.check(made)


@given(st.text(max_size=300), st.integers(2, 30))
def test_a_label_is_cut_between_letters_only(text, most):
    assert len(list(graphemes(cut(text, most)))) <= most
    assert "".join(graphemes(text)) == text


@given(st.text(alphabet="กที่ น้ำ😀\n", max_size=400), st.integers(10, 60))
def test_a_long_text_is_split_and_nothing_but_space_is_lost(text, most):
    parts = split(text, most)
    assert all(units(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_marks_stay_with_their_letter():
    assert list(graphemes("ที่น้ำ")) == ["ที่", "น้ำ"]
    assert cut("สำนักปลัด", 4) == "สำนัก…"


def test_an_answer_goes_out_by_its_reply_token_for_free(line):
    line.group("C1")
    event = line.says("U1", "x", place="C1")
    sent = send(line, HELLO, token=event["replyToken"])
    assert (line.sent[0].how, line.used, sent.cost) == ("reply", 0, 0)
    assert sent.messages[0][0].startswith("line:")


def test_a_used_or_old_token_is_told_apart_from_other_refusals(line):
    line.group("C1")
    event = line.says("U1", "x", place="C1")
    send(line, HELLO, token=event["replyToken"])
    with pytest.raises(NotSent) as refused:
        send(line, HELLO, token=event["replyToken"])
    assert refused.value.token


def test_a_push_costs_a_message_a_member(line):
    line.group("C1", 12)
    assert send(line, HELLO).cost == 12
    assert line.used == 12


def test_the_same_push_again_is_known_to_have_arrived(line):
    line.group("C1")
    first, second = send(line, HELLO), send(line, HELLO)
    assert first.messages == second.messages
    assert len(line.sent) == 1


@pytest.mark.parametrize(
    ("fault", "permanent", "after"),
    [(500, False, False), (429, False, True), (403, True, False), ("drop", False, False)],
)
def test_faults_are_told_apart(line, fault, permanent, after):
    line.group("C1")
    line.faults.append(fault)
    with pytest.raises(NotSent) as refused:
        send(line, HELLO)
    assert (refused.value.permanent, refused.value.after is not None) == (permanent, after)


@pytest.mark.parametrize("used", [295, 300])
@pytest.mark.parametrize("text", ["You have reached your monthly limit.", "Too many requests"])
def test_a_month_too_short_for_the_group_is_told_apart_from_a_busy_moment(line, used, text):
    """At 295 five are left: LINE refuses the push to twelve as a whole, its figures below the limit."""
    line.group("C1", 12)
    line.used, line.month_is_up = used, text
    with pytest.raises(NotSent) as refused:
        send(line, HELLO)
    assert refused.value.quota


def test_a_busy_moment_is_no_used_up_month(line):
    line.group("C1", 12)
    line.used = 288
    line.faults.append(429)
    with pytest.raises(NotSent) as refused:
        send(line, HELLO)
    assert (refused.value.quota, refused.value.after) == (False, 3.0)


def test_a_free_reply_is_never_short_of_messages(line):
    line.group("C1", 12)
    line.used = 300
    line.faults.append(429)
    token = line.says("U1", "x", place="C1")["replyToken"]
    with pytest.raises(NotSent) as refused:
        send(line, HELLO, token=token)
    assert not refused.value.quota


def test_a_group_we_left_is_given_up(line):
    with pytest.raises(NotSent) as refused:
        send(line, HELLO)
    assert refused.value.permanent


def fetch(platform, message):
    async def work(channel):
        return b"".join([part async for part in channel.fetch(File(message, "photo"))])

    return with_channel(platform, work)


def test_content_is_fetched_when_it_is_ready(line):
    event = line.shows("U1", body=b"photo" * 1000)
    message = event["message"]["id"]
    line.preparing[message] = 1
    with pytest.raises(NotSent) as refused:
        fetch(line, message)
    assert refused.value.after
    assert fetch(line, message) == b"photo" * 1000
    line.gone.add(message)
    with pytest.raises(NotSent) as refused:
        fetch(line, message)
    assert refused.value.permanent


def test_choices_that_answer_a_question_are_numbered_for_those_who_type():
    reply = Reply(
        say=quote("เรื่องไหนคะ"), choices=(Choice("a", quote("4.1")), Choice("b", quote("5.1"))), asks="pick"
    )
    made, _ = line_cards.messages([reply], words("th"))
    assert made[0]["text"] == "เรื่องไหนคะ\n1) 4.1\n2) 5.1"
    assert [item["action"]["data"] for item in made[0]["quickReply"]["items"]] == ["a", "b"]


def test_a_day_can_be_picked():
    reply = Reply(say=quote("วันไหนคะ"), choices=(Choice("progress-day", quote("เลือกวันที่"), picks="day"),))
    made, _ = line_cards.messages([reply], words("th"))
    assert made[0]["quickReply"]["items"][0]["action"]["type"] == "datetimepicker"
