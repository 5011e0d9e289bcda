"""The working group's pages in a real browser, on a phone and on a desktop: read, filter, decide, download."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright
from sqlalchemy import select

from storage.reviews import Review
from tests.bot.test_board import PLAN
from tests.bot.test_chat_page import CHROMIUM, SWITCHES
from tests.conftest import DATABASES
from tests.pages import a_place, link

SIZES = {"phone": (360, 740), "desktop": (1280, 800)}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and not os.environ.get("CI"), reason="no Chromium here"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The running program and its database."""
    with a_place(DATABASES[-1], tmp_path_factory.mktemp("place")) as made:
        yield made


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield made
        made.close()


@pytest.fixture(params=SIZES)
def tab(request, browser, place):
    """The secretary, signed in; an error in the page fails the test, and so does a page that is too wide."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
    context.set_default_timeout(20_000)
    made, faults = context.new_page(), []
    made.on("pageerror", lambda fault: faults.append(str(fault)))
    made.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    made.on("load", lambda page: faults.extend(_too_wide(page, width)))
    made.base = place.program.base
    kept = [
        {"name": name, "value": value, "url": made.base} for name, value in place.visitor().cookies.items()
    ]
    context.add_cookies(kept)
    yield made
    context.close()
    assert not faults


def _too_wide(page, width: int) -> list[str]:
    found = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url} is {found} wide"] if found > width else []


def test_one_gets_in_by_the_link_from_chat(tab, place):
    tab.context.clear_cookies()
    tab.goto(tab.base + link(place.program, "preecha"))
    expect(tab.locator("main button")).to_be_focused()  # the one button there is
    tab.keyboard.press("Enter")
    expect(tab.locator("h1")).to_have_text("มาตรการปีงบประมาณ 2567")
    expect(tab.locator(".tiles .t-waiting strong")).not_to_have_text("0")
    tab.click(".me summary")
    tab.click("text=ออกจากหน้าเว็บ")
    expect(tab.locator("h1")).to_have_text("ออกจากหน้าเว็บแล้ว")


def test_measures_are_found_by_filters_and_words(tab):
    tab.goto(f"{tab.base}/board/measures")
    expect(tab.locator(".list > li")).to_have_count(5)
    tab.fill("input[name=q]", "๕.๑")
    tab.press("input[name=q]", "Enter")
    expect(tab.locator(".list > li")).to_have_count(1)
    expect(tab.locator(".list")).to_contain_text("สร้างการรับรู้แผน")
    tab.click("text=ล้าง")
    tab.select_option("select[name=unit]", label="กองการเจ้าหน้าที่")
    tab.click("text=แสดง")
    expect(tab.locator(".list > li")).to_have_count(3)
    tab.select_option("select[name=only]", label="รอตรวจ")
    tab.click("button:has-text('แสดง')")
    expect(tab.locator("main")).to_contain_text("ไม่มีมาตรการตามที่เลือก")


def test_a_measure_shows_every_version_and_its_evidence(tab, place):
    tab.goto(f"{tab.base}/board/measures/{place.measure()}")
    expect(tab.locator(".versions li").first).to_contain_text("สมชาย")
    photo = tab.locator(".evidence img")
    expect(photo).to_be_visible()
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1


def test_everything_is_reached_by_keyboard_and_every_field_has_a_name(tab):
    tab.goto(f"{tab.base}/board/measures")
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    for path in ("measures", "papers", "items", "account"):
        tab.goto(f"{tab.base}/board/{path}")
        unnamed = tab.evaluate(
            """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a, summary")]
        .filter((one) => !(one.labels?.length || one.textContent.trim() || one.ariaLabel)).map((one) => one.outerHTML)"""
        )
        assert unnamed == [], path


def test_pages_speak_english(tab):
    tab.goto(f"{tab.base}/board")
    tab.click(".me summary")
    tab.click("text=English")
    expect(tab.locator("h1")).to_have_text("Measures of fiscal year 2567")
    tab.click(".me summary")
    tab.click("text=ภาษาไทย")
    expect(tab.locator("h1")).to_have_text("มาตรการปีงบประมาณ 2567")


def test_a_report_is_returned_and_its_reporter_hears_why(tab, place):
    place.report("4.1 เวียนหนังสือแนวทางยืมทรัพย์สินแล้ว")
    number = place.measure("4.1")
    tab.goto(f"{tab.base}/board/measures/{number}")
    tab.click("summary:has-text('ส่งกลับ')")
    tab.fill("textarea[name=comment]", "ขอสำเนาหนังสือเวียนด้วย")
    tab.click("text=ส่งกลับให้แก้ไข")
    expect(tab.locator(".told")).to_contain_text("ส่งกลับแล้ว")
    expect(tab.locator(".versions")).to_contain_text("ขอสำเนาหนังสือเวียนด้วย")
    with place.database.look(place.agency_id) as records:
        word = records.scalars(select(Review).order_by(Review.id.desc())).first()
        assert (word.verdict, word.channel) == ("returned", "page")
    place.program.until(lambda: "ขอสำเนาหนังสือเวียนด้วย" in place.heard("web:somchai"))


def test_a_report_is_accepted_with_one_tap(tab, place):
    place.report("4.1 ประชุมชี้แจงแนวทางการยืมทรัพย์สินแล้ว")
    tab.goto(f"{tab.base}/board/follow")
    tab.click("button[aria-label='รับรายงาน 4.1']")
    expect(tab.locator(".told")).to_contain_text("รับรายงานแล้ว")
    expect(tab.locator("button[aria-label='รับรายงาน 4.1']")).to_have_count(0)


def test_doubts_of_a_draft_are_decided_by_keyboard(tab, tmp_path):
    file = tmp_path / "แผน.txt"
    file.write_text(PLAN, encoding="utf-8")
    tab.goto(f"{tab.base}/board/documents")
    tab.set_input_files("input[type=file]", file)
    tab.press("button.main", "Enter")
    expect(tab.locator(".doubt mark").first).to_have_text("๕.ค. ๖๕")
    count = tab.locator(".doubt").count()
    tab.locator(".doubt button.main").first.press("Enter")
    expect(tab.locator(".told")).to_have_text("รับตามที่อ่านแล้ว")
    expect(tab.locator(".doubt")).to_have_count(count - 1)
    expect(tab.locator(".doubt:target")).to_have_count(1)
    tab.locator(".doubt:has(mark:text('เมื่อพร้อม')) summary:has-text('แก้เป็น')").press("Enter")
    tab.fill(".doubt:has(mark:text('เมื่อพร้อม')) input[name=value]", "มี.ค. 66")
    tab.keyboard.press("Enter")
    expect(tab.locator(".told")).to_have_text("แก้แล้ว")
    tab.goto(tab.url.partition("?")[0] + "?lang=en")
    expect(tab.locator("h1")).to_have_text("Plan of fiscal year 2566 (draft)")
    tab.click("summary:has-text('Throw the draft away')")
    tab.click("button.danger")
    expect(tab.locator("h1")).to_have_text("นำเข้าเอกสาร")
