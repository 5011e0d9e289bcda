"""Telegram's side: updates read tolerantly, letters that keep every rule, polling that loses nothing."""

import asyncio
import json

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import Document, Envelope, NotSent, telegram_cards, telegram_events
from bot.channels.telegram import open_channel
from bot.words import words
from handlers.talk import Card, Choice, File, Reply, Row, quote
from tests.fakes.botapi import FakeTelegram, _checked

SOMCHAI, GROUP = 700, -100900


@pytest.fixture
def telegram():
    with FakeTelegram() as platform:
        yield platform


def with_channel(platform, work):
    async def go():
        async with aiohttp.ClientSession() as http:
            credentials = {"token": platform.token, "secret": "s3cret"}
            details = {"bot_username": platform.username}
            return await work(open_channel(credentials, details, http, platform.url))

    return asyncio.run(go())


def send(platform, *replies, place=SOMCHAI, token=""):
    envelope = Envelope(f"telegram:{place}", replies, words("th"), token, "key")
    return with_channel(platform, lambda channel: channel.send(envelope))


def heard(update):
    return telegram_events.read(update, 4242, "ProngsaiBot")


CARD = Reply(
    say=quote("บันทึกแล้วค่ะ <b>"),
    cards=(Card(quote("4.1 ที่ซื่อสัตย์ & น้ำใจ"), rows=(Row(quote("ขั้นที่ 1"), share=0.5),), about="measure:7"),),
    choices=(Choice("due-next", quote("ครั้งถัดไป")),),
)


def test_a_mention_in_a_group_is_cut_out_and_makes_it_ours(telegram):
    one = heard(telegram.says(SOMCHAI, "4.1 เสร็จแล้ว", chat=GROUP, mention=True))
    assert (one.text, one.addressed, one.is_private) == ("4.1 เสร็จแล้ว", True, False)
    assert (one.place, one.sender) == (f"telegram:{GROUP}", f"telegram:{SOMCHAI}")


def test_a_command_for_another_bot_is_not_ours(telegram):
    assert not heard(telegram.says(SOMCHAI, "/due@OtherBot", chat=GROUP)).addressed
    ours = heard(telegram.says(SOMCHAI, "/due@ProngsaiBot", chat=GROUP))
    assert (ours.text, ours.addressed) == ("/due", True)


def test_a_reply_to_us_is_ours_and_names_the_card(telegram):
    back = {"reply_to_message": {"message_id": 5, "from": {"id": 4242, "is_bot": True}}}
    one = heard(telegram.says(SOMCHAI, "เสร็จแล้ว", chat=GROUP, **back))
    assert (one.addressed, one.quoted) == (True, f"telegram:{GROUP}:5")


def test_ordinary_chat_in_a_group_is_not_ours(telegram):
    assert not heard(telegram.says(SOMCHAI, "กินข้าวยัง", chat=GROUP)).addressed


def test_our_name_alone_and_a_sticker_to_us_are_heard_and_notices_are_not(telegram):
    alone = heard(telegram.says(SOMCHAI, "", chat=GROUP, mention=True))
    assert (alone.text, alone.addressed) == ("", True)
    sticker = telegram.says(SOMCHAI, "")
    del sticker["message"]["text"]
    assert heard(sticker) is None
    sticker["message"]["sticker"] = {"file_id": "S1"}
    assert heard(sticker).addressed
    in_group = telegram.says(SOMCHAI, "", chat=GROUP)
    in_group["message"] = {**in_group["message"], "sticker": {"file_id": "S1"}}
    assert heard(in_group) is None


def test_photos_files_buttons_edits_and_comings_are_known(telegram):
    photo = heard(telegram.shows(SOMCHAI, b"jpeg"))
    assert (photo.files[0].kind, photo.files[0].id) == ("photo", "F100")
    assert heard(telegram.shows(SOMCHAI, b"x", name="รายงาน.pdf")).files[0].name == "รายงาน.pdf"
    tap = heard(telegram.taps(SOMCHAI, "due-next", chat=GROUP))
    assert (tap.kind, tap.value) == ("button", "due-next")
    edited = telegram.update(
        edited_message={**telegram.message(SOMCHAI, text="4.1 80%"), "edit_date": 1700000000}
    )
    assert heard(edited).kind == "edited"
    chat = {"id": GROUP, "type": "group"}
    change = {"chat": chat, "from": {"id": SOMCHAI}, "date": 1700000000}
    came = {**change, "old_chat_member": {"status": "left"}, "new_chat_member": {"status": "member"}}
    assert heard(telegram.update(my_chat_member=came)).kind == "group-joined"
    joined = telegram.message(SOMCHAI, chat=GROUP, new_chat_members=[{"id": 9}])
    assert heard(telegram.update(message=joined)).details == {"members": ["telegram:9"]}
    assert heard(telegram.says(SOMCHAI, "/start")).kind == "followed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["chat", "from", "id", "date", "text", "message_id", "photo", "entities", "data"]
            ),
            inner,
        )
    ),
    max_leaves=10,
)
kinds = st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "poll"])


@given(st.dictionaries(kinds, json_values, max_size=2), st.integers())
def test_no_update_breaks_the_reader(told, number):
    heard({"update_id": number, **told})


def test_the_secret_is_checked_first(telegram):
    body = json.dumps(telegram.says(SOMCHAI, "/due")).encode()

    async def work(channel):
        assert len(channel.read({"x-telegram-bot-api-secret-token": "s3cret"}, body)) == 1
        for wrong in ({}, {"x-telegram-bot-api-secret-token": "x"}):
            with pytest.raises(PermissionError):
                channel.read(wrong, b"not json")
        for bad in (b"not json", b"[]"):
            with pytest.raises(ValueError, match=r"\w"):
                channel.read({"x-telegram-bot-api-secret-token": "s3cret"}, bad)

    with_channel(telegram, work)


def test_a_card_is_sent_with_its_buttons_and_what_it_is_about(telegram):
    sent = send(telegram, CARD)
    (said,) = telegram.sent
    assert "4.1 ที่ซื่อสัตย์ & น้ำใจ" in said.text
    assert "<b>" in said.text  # what people wrote is shown, not obeyed
    assert [button["text"] for button in said.buttons] == ["ครั้งถัดไป"]
    assert sent.messages == ((f"telegram:{SOMCHAI}:{said.number}", "measure:7"),)


def test_every_choice_becomes_a_button_and_a_day_is_typed(telegram):
    many = tuple(Choice(f"x:{number}", quote(f"4.{number}")) for number in range(30))
    send(telegram, Reply(say=quote("ข้อไหน"), choices=(*many, Choice("answer", quote("เลือกวัน"), picks="day"))))
    (said,) = telegram.sent
    assert [button["callback_data"] for button in said.buttons] == [choice.value for choice in many]
    assert "15 มี.ค." in said.text


def test_a_paper_goes_out_as_the_file_itself_after_the_card(telegram):
    paper = Document("สรุปมาตรการ 2567.docx", b"PK\x03\x04 paper")
    envelope = Envelope(f"telegram:{SOMCHAI}", (CARD,), words("th"), retry_key="key", documents=(paper,))
    sent = with_channel(telegram, lambda channel: channel.send(envelope))
    assert telegram.documents == [(SOMCHAI, paper.name, paper.content)]
    assert [about for _, about in sent.messages] == ["measure:7", ""]


def test_a_tap_is_answered_so_that_its_button_rests(telegram):
    send(telegram, CARD, token="q7")
    assert telegram.answered == ["q7"]


@pytest.mark.parametrize(("fault", "after"), [(429, 1.0), (500, None), ("drop", None)])
def test_passing_faults_are_tried_again(telegram, fault, after):
    telegram.faults.append(fault)
    with pytest.raises(NotSent) as refused:
        send(telegram, CARD)
    assert (refused.value.permanent, refused.value.after) == (False, after)


def test_people_who_blocked_us_and_chats_that_are_gone_are_given_up(telegram):
    telegram.blocked.add(SOMCHAI)
    telegram.unknown.add(GROUP)
    for place in (SOMCHAI, GROUP):
        with pytest.raises(NotSent) as refused:
            send(telegram, CARD, place=place)
        assert refused.value.permanent


def test_a_file_is_fetched_and_a_gone_one_given_up(telegram):
    telegram.files["F1"] = b"content" * 1000

    async def work(channel):
        body = b"".join([part async for part in channel.fetch(File("F1", "file"))])
        with pytest.raises(NotSent) as refused:
            async for _ in channel.fetch(File("F2", "file")):
                pass
        return body, refused.value.permanent

    assert with_channel(telegram, work) == (b"content" * 1000, True)


def test_polling_confirms_only_what_was_kept(telegram):
    telegram.waiting += [telegram.says(SOMCHAI, "/due"), telegram.says(SOMCHAI, "/mine")]
    kept = []

    async def keep(found):
        kept.extend(one.text for one in found)

    async def refuse(found):
        raise ConnectionError

    async def work(channel):
        with pytest.raises(ConnectionError):
            await channel.poll(refuse)
        offset = await channel.poll(keep)
        telegram.waiting.append(telegram.says(SOMCHAI, "/late"))
        return await channel.poll(keep, offset)

    offset = with_channel(telegram, work)
    assert kept == ["/due", "/mine", "/late"]
    assert offset == telegram._update + 1


def test_polling_is_refused_while_a_webhook_is_set(telegram):
    async def work(channel):
        await channel.listen("https://example.org/hooks/telegram/a")
        with pytest.raises(NotSent):
            await channel.poll(lambda found: asyncio.sleep(0))
        await channel.be_polled()
        return await channel.poll(lambda found: asyncio.sleep(0))

    assert with_channel(telegram, work) == 0


texts = st.text(alphabet="กที่ซื่อสัตย์<b>&น้ำใจ \n😀", min_size=1, max_size=400).filter(str.strip)
says = texts.map(quote)
cards = st.builds(
    Card,
    title=says,
    rows=st.lists(st.builds(Row, says, st.just("due"), st.none() | st.floats(0, 1)), max_size=60).map(tuple),
    choices=st.lists(st.builds(Choice, st.just("due-next"), says), max_size=4).map(tuple),
)


@settings(max_examples=60)
@given(
    st.lists(st.builds(Reply, say=says, cards=st.lists(cards, max_size=3).map(tuple)), min_size=1, max_size=3)
)
def test_whatever_is_said_keeps_telegrams_rules(said):
    for page in telegram_cards.pages(said, words("th")):
        _checked({"text": page.html})


def test_a_letter_of_several_cards_goes_on_where_it_broke_off(telegram):
    three = Reply(cards=tuple(Card(quote(name)) for name in ("หนึ่ง", "สอง", "สาม")))

    async def work(channel):
        envelope = Envelope(f"telegram:{SOMCHAI}", (three,), words("th"), "", "key")
        telegram.faults += [None, 429]
        with pytest.raises(NotSent):
            await channel.send(envelope)
        return await channel.send(envelope)

    sent = with_channel(telegram, work)
    assert [one.text for one in telegram.sent] == ["หนึ่ง", "สอง", "สาม"]
    assert len(sent.messages) == 3


def test_a_group_that_grew_is_told_as_moved():
    update = {
        "update_id": 1,
        "message": {
            "message_id": 2,
            "date": 1700000000,
            "chat": {"id": GROUP, "type": "group"},
            "from": {"id": SOMCHAI},
            "migrate_to_chat_id": -1007,
        },
    }
    moved = heard(update)
    assert (moved.kind, moved.place, moved.details["args"]) == (
        "group-moved",
        f"telegram:{GROUP}",
        ["telegram:-1007"],
    )
