"""The chat page in a real browser: one plays people, sees cards, taps, types, drops photos; nothing said is markup."""

import base64
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import select

from handlers.packing import pack
from handlers.talk import Reply, quote
from storage import migrations, outbox
from storage.agencies import Agency
from storage.database import Database
from storage.outbox import Letter
from tests import sample_page
from tests.conftest import DATABASES
from tests.program import Program

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a busy machine answers late, not wrongly
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="no Chromium here"),
]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield made
        made.close()


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The running program on a sample of its own."""
    folder = tmp_path_factory.mktemp("page")
    database = Database(f"sqlite:///{folder}/prongsai.db")
    migrations.upgrade(database.engine)
    sample_page.make(database)
    database.close()
    made = Program(f"sqlite:///{folder}/prongsai.db", folder)
    yield made.start()
    made.stop()


@pytest.fixture(scope="module")
def postgresql_program(tmp_path_factory):
    """The same on PostgreSQL where there is one."""
    with sample_page.fresh_database(DATABASES[-1], tmp_path_factory.mktemp("db")) as database:
        sample_page.make(database)
        url = database.url.render_as_string(hide_password=False)
        made = Program(url, tmp_path_factory.mktemp("data"))
        yield made.start()
        made.stop()


@pytest.fixture
def tab(browser, program):
    """A fresh visitor on a desktop; an error in the page's script fails the test."""
    yield from visit(browser, program, 1280, 800)


@pytest.fixture
def phone(browser, program):
    yield from visit(browser, program, 360, 740)


def visit(browser, program, width, height):
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(20_000)
    tab = context.new_page()
    faults = []
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    tab.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    tab.goto(program.base)
    tab.wait_for_selector("html[data-ready]")
    tab.evaluate("document.querySelector('#when').value = '2024-01-18T10:05'")
    tab.dispatch_event("#when", "change")
    yield tab
    context.close()
    assert not faults


def say(tab: Tab, text: str) -> None:
    tab.fill("#text", text)
    tab.press("#text", "Enter")


def become(tab: Tab, name: str) -> None:
    tab.click("#who-small")
    tab.click(f"#people-list button:has-text('{name}')")


def enter(tab: Tab, name: str) -> None:
    if not tab.locator(f".place:visible:has-text('{name}')").count():
        tab.click("#others summary")
    tab.click(f".place:has-text('{name}')")


def letters(tab: Tab):
    return tab.locator(".entry.bot")


def test_an_officer_asks_in_the_units_group_and_gets_a_card(tab):
    expect(tab.locator("#place-name")).to_have_text("กลุ่มกองคลัง")
    say(tab, "@โปร่งใส เดือนนี้เราเหลืออะไร")
    card = letters(tab).last.locator(".card").first
    expect(card).to_contain_text("4.1")
    expect(tab.locator(".entry.mine .mention")).to_have_text("@โปร่งใส")
    expect(tab.locator(".day").first).to_contain_text("18 ม.ค. 2567")


def test_thai_letters_are_there_on_a_machine_without_any_thai_font(tab):
    load = "document.fonts.load('16px Sarabun', 'ก').then(found => found.map(one => one.status))"
    assert tab.evaluate(load) == ["loaded"]


def test_ordinary_chat_is_marked_as_not_kept_and_is_not_answered(tab):
    become(tab, "มานะ")
    enter(tab, "กลุ่มกองการเจ้าหน้าที่")
    say(tab, "ข้าวกล่องมาส่งแล้ว")
    expect(tab.locator(".entry.mine .state")).to_contain_text("ไม่เก็บ")
    expect(letters(tab)).to_have_count(0)


def test_what_is_said_never_becomes_markup(tab):
    bad = '<img src=x onerror="document.title=1"><b>4.1</b>'
    say(tab, bad)
    bubble = tab.locator(".entry.mine .bubble p")
    expect(bubble).to_have_text(bad)
    assert tab.locator(".bubble img, .bubble b").count() == 0
    enter(tab, "แชตส่วนตัว")
    say(tab, bad)
    expect(letters(tab)).to_have_count(1)
    tab.reload()
    tab.wait_for_selector("html[data-ready]")
    expect(tab.locator(".entry.mine .bubble p")).to_have_text(bad)
    assert tab.title() != "1"


def test_a_stranger_is_shown_nothing(tab):
    become(tab, "กิตติ")
    enter(tab, "กลุ่มกองคลัง")
    say(tab, "@โปร่งใส ขอดูงานค้างของกองคลังหน่อย")
    expect(letters(tab)).to_have_count(1)
    expect(letters(tab)).not_to_contain_text("4.1")


def test_numbers_and_taps_pick_the_same(tab):
    enter(tab, "แชตส่วนตัว")
    say(tab, "เมนู")
    first = letters(tab).last.locator(".choice").first
    expect(first.locator(".number")).to_have_text("1")
    label = first.inner_text().split("\n")[-1]
    say(tab, "1")
    expect(letters(tab)).to_have_count(2)
    typed = letters(tab).last.locator(".said > :not(.meta)").all_inner_texts()
    say(tab, "เมนู")
    expect(letters(tab)).to_have_count(3)
    letters(tab).last.locator(".choice").first.click()
    expect(letters(tab)).to_have_count(4)
    assert letters(tab).last.locator(".said > :not(.meta)").all_inner_texts() == typed
    expect(tab.locator(".entry.tap")).to_contain_text(label)


def test_two_people_share_a_group_and_each_has_a_talk_of_ones_own(tab):
    say(tab, "@โปร่งใส เดือนนี้เราเหลืออะไร")
    expect(letters(tab)).to_have_count(1)
    become(tab, "สุดา")
    expect(tab.locator(".entry.theirs .who").first).to_contain_text("สมชาย")
    expect(letters(tab)).to_have_count(1)
    enter(tab, "แชตส่วนตัว")
    expect(tab.locator(".entry")).to_have_count(0)


def test_an_own_line_is_edited_and_unsent_in_the_group(tab):
    become(tab, "มานะ")
    enter(tab, "กลุ่มกองการเจ้าหน้าที่")
    say(tab, "พบกันบ่ายสอง")
    expect(tab.locator(".entry.mine .state")).to_be_visible()
    tab.click(".entry.mine .acts summary")
    tab.click(".acts button:has-text('แก้ข้อความ')")
    expect(tab.locator("#text")).to_have_value("พบกันบ่ายสอง")
    say(tab, "พบกันบ่ายสาม")
    expect(tab.locator(".entry.mine .bubble")).to_have_text("พบกันบ่ายสาม")
    expect(tab.locator(".entry.mine .meta")).to_contain_text("แก้ไขแล้ว")
    tab.click(".entry.mine .acts summary")
    tab.click(".acts button:has-text('ยกเลิกข้อความ')")
    expect(tab.locator(".entry.mine")).to_have_text(re.compile("ยกเลิกข้อความแล้ว"))
    kept = tab.evaluate("JSON.stringify(localStorage)")
    assert "พบกันบ่าย" not in kept


def test_an_answer_that_comes_late_leaves_an_open_menu_open(tab):
    become(tab, "มานะ")
    enter(tab, "กลุ่มกองการเจ้าหน้าที่")
    held = []

    def hold(route):
        held.append(route)

    tab.route("**/chat/say", hold, times=1)
    say(tab, "พบกันเก้าโมง")
    tab.click(".entry.mine .acts summary")
    button = tab.query_selector(".acts button:has-text('ยกเลิกข้อความ')")
    expect(tab.locator(".entry.mine .state")).to_have_count(0)
    held[0].continue_()
    expect(tab.locator(".entry.mine .state")).to_be_visible()
    assert button.is_visible()
    button.click()
    expect(tab.locator(".entry.mine")).to_have_text(re.compile("ยกเลิกข้อความแล้ว"))


def test_a_photo_is_shown_before_and_after_it_is_sent(tab):
    enter(tab, "แชตส่วนตัว")
    tab.set_input_files("#pick", {"name": "รูป.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(tab.locator("#files img")).to_have_count(1)
    tab.click("#send")
    expect(tab.locator(".entry.mine .photo img")).to_be_visible()
    expect(letters(tab)).to_have_count(1)
    expect(tab.locator("#files")).to_be_hidden()


def test_replying_quotes_the_card(tab):
    enter(tab, "แชตส่วนตัว")
    say(tab, "ของฉัน")
    expect(letters(tab)).to_have_count(1)
    with tab.expect_request("**/chat/say") as sent:
        letters(tab).last.locator(".card .reply").first.click()
        expect(tab.locator("#strip")).to_be_visible()
        say(tab, "ขอบคุณ")
    assert sent.value.post_data_json["quoted"].startswith("re-")
    expect(tab.locator(".entry.mine .quoted")).to_have_count(1)
    expect(tab.locator("#strip")).to_be_hidden()


def test_the_secretary_asks_a_card_why_and_the_talk_stays_as_it_was(tab):
    say(tab, "5.1 ประชุมชี้แจงแล้วค่ะ เมื่อวาน คนมา 48 คน")
    expect(letters(tab).last.locator(".card")).to_contain_text("5.1")
    expect(tab.locator(".why")).to_have_count(0)  # an officer mends, the secretary asks
    become(tab, "วิภา")
    enter(tab, "กลุ่มกองคลัง")
    count = tab.locator(".entry").count()
    letters(tab).last.locator(".why").click()
    told = tab.locator("#why-told")
    for words in ("“5.1”", "“เมื่อวาน”", "“48 คน”"):
        expect(told).to_contain_text(words)
    tab.keyboard.press("Escape")
    expect(tab.locator("#why")).to_be_hidden()
    expect(tab.locator(".entry")).to_have_count(count)


def test_everything_can_be_done_with_the_keyboard(tab):
    tab.focus(".skip")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.id") == "who"
    tab.keyboard.press("Enter")
    expect(tab.locator("#people")).to_be_visible()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    expect(tab.locator("#people")).to_be_hidden()
    tab.focus("#text")
    tab.keyboard.type("@โปร่งใส บรรทัดหนึ่ง")
    tab.keyboard.press("Shift+Enter")
    tab.keyboard.type("เมนู")
    assert "\n" in tab.input_value("#text")
    tab.keyboard.press("Escape")
    assert tab.input_value("#text") == ""
    tab.keyboard.type("@โปร่งใส เมนู")
    tab.keyboard.press("Enter")
    letters(tab).last.locator(".choice").first.focus()
    tab.keyboard.press("Enter")
    expect(letters(tab)).to_have_count(2)


def test_a_phone_has_no_sideways_scroll_and_its_drawer_closes_by_escape(phone):
    say(phone, "@โปร่งใส เดือนนี้เราเหลืออะไร")
    expect(letters(phone)).to_have_count(1)
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    assert phone.evaluate("document.querySelector('#log').scrollWidth") <= 360
    expect(phone.locator("#side")).to_be_hidden()
    phone.click("#side-open")
    expect(phone.locator("#side")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.locator("#side")).to_be_hidden()


def test_a_long_talk_stays_quick(tab):
    tab.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((one) => one.endsWith(':played'));
          const row = { text: '4.1 ปรับปรุงแนวทางการยืมทรัพย์สิน', value: '', mark: 'due', share: 0.4, choice: null };
          const card = { id: 'c', title: 'กองคลัง', subtitle: '', mark: '', share: 0.5, rows: Array(8).fill(row), choices: [] };
          const talk = Array.from({ length: 200 }, (_, at) => at % 2
            ? { k: 'letter', id: 'l' + at, place: 'web:unit1', at: '2024-01-18T10:05:00', parts: [{ id: 'p', text: 'ค่ะ', cards: [card], choices: [] }] }
            : { k: 'line', id: 'm' + at, place: 'web:unit1', who: 'web:somchai', at: '2024-01-18T10:05:00', text: 'สวัสดี', st: 'kept' });
          localStorage.setItem(key.replace('played', 'talk:web:unit1'), JSON.stringify(talk));
        }"""
    )
    tab.reload()
    tab.wait_for_selector("html[data-ready]")
    expect(tab.locator(".entry")).to_have_count(200)
    took = tab.evaluate(
        """() => new Promise((tell) => {
          const began = performance.now(), text = document.querySelector('#text');
          for (let at = 0; at < 20; at += 1) { text.value += 'ก'; text.dispatchEvent(new Event('input')); }
          requestAnimationFrame(() => tell(performance.now() - began));
        })"""
    )
    assert took < 700  # twenty key strokes


def test_the_whole_story_runs_on_the_page(browser, postgresql_program):
    for tab in visit(browser, postgresql_program, 1280, 800):
        say(tab, "@โปร่งใส 4.1 ประชุมชี้แจงขั้นตอนยืมทรัพย์สินแล้วเมื่อวาน คนเข้า 45 คน")
        expect(letters(tab).last).to_contain_text("45 คน")
        expect(letters(tab).last.locator(".card")).to_contain_text("17 ม.ค. 2567")
        say(tab, "@โปร่งใส แก้เป็น 48 คน")
        expect(letters(tab)).to_have_count(2)
        expect(letters(tab).last).to_contain_text("48 คน")
        tab.set_input_files("#pick", {"name": "ประชุม.png", "mimeType": "image/png", "buffer": PIXEL})
        tab.click("#send")
        expect(letters(tab)).to_have_count(3)
        letters(tab).nth(1).locator(".choice.main").click()
        expect(letters(tab)).to_have_count(4)
        expect(letters(tab).last).to_contain_text("เสร็จ")
        become(tab, "สุดา")
        say(tab, "@โปร่งใส 4.1 ถึงไหนแล้ว")
        expect(letters(tab)).to_have_count(5)
        expect(letters(tab).last).to_contain_text("ประชุม.png")
        become(tab, "วิภา")
        enter(tab, "กลุ่มคณะทำงาน")
        say(tab, "@โปร่งใส หน่วยงานไหนเลยกำหนดบ้าง")
        expect(letters(tab).last).to_contain_text("กกจ.")


def test_a_new_group_is_greeted_and_its_place_shows_it_is_not_tied(tab):
    enter(tab, "กลุ่มใหม่")
    expect(tab.locator("#place-about")).to_have_text("ยังไม่ผูกกับหน่วยงาน")
    expect(letters(tab)).to_have_count(1)


def test_a_letter_to_a_place_nobody_looks_at_is_counted_there(tab, program):
    database = Database(program.url)
    with database.shared(write=False) as session:
        agency = session.scalars(select(Agency).where(Agency.sample.is_(True))).one()
    with database.agency(agency.id) as records:
        reply = pack(Reply(say=quote("สรุปประจำสัปดาห์ค่ะ")))
        outbox.write(
            records,
            Letter(agency_id=agency.id, channel="web", place="web:board", replies=[reply], purpose="summary"),
        )
    database.close()
    expect(tab.locator(".place:has-text('กลุ่มคณะทำงาน') .count")).to_have_text("1", timeout=10_000)
    enter(tab, "กลุ่มคณะทำงาน")
    expect(letters(tab).last).to_contain_text("สรุปประจำสัปดาห์ค่ะ")
    expect(tab.locator(".count")).to_have_count(0)


def test_a_dropped_file_waits_to_be_sent_and_can_be_taken_off(tab):
    tab.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['minutes'], 'minutes.pdf', { type: 'application/pdf' }));
          for (const name of ['dragover', 'drop']) {
            document.querySelector('#log').dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true }));
          }
        }"""
    )
    expect(tab.locator("#files .file")).to_have_text("minutes.pdf")
    tab.click("#files button")
    expect(tab.locator("#files")).to_be_hidden()


def test_the_page_is_whole_in_english(tab):
    tab.click("footer a")
    tab.wait_for_selector("html[lang=en][data-ready]")
    expect(tab.locator("#place-name")).to_have_text("Group of กองคลัง")
    say(tab, "@Prongsai menu")
    expect(letters(tab).last.locator(".choice").first).to_have_text(re.compile("Mine"))
    assert not re.search(r"\bweb-[a-z-]+", tab.inner_text("body"))


def test_a_day_is_picked_from_a_calendar_and_shown_in_the_buddhist_year(tab):
    enter(tab, "แชตส่วนตัว")
    say(tab, "รายงาน 5.1")
    expect(letters(tab)).to_have_count(1)
    say(tab, "เสร็จแล้ว")
    expect(letters(tab)).to_have_count(2)
    letters(tab).last.locator(".choice:has-text('เลือกวันที่')").click()
    tab.fill("#day-input", "2024-01-15")
    expect(tab.locator("#day-said")).to_contain_text("15 ม.ค. 2567")
    tab.keyboard.press("Enter")
    expect(tab.locator(".entry.tap")).to_contain_text("15 ม.ค. 2567")
    expect(letters(tab)).to_have_count(3)
    expect(letters(tab).last).to_contain_text("15 ม.ค.")
