"""The working group's pages over HTTP, on both databases: who sees what, what is done, what is refused."""

import re
from urllib.request import urlopen

import pytest
from sqlalchemy import select

from bot import tables
from handlers.packing import unpack_reply
from storage import history, people
from storage.agencies import Agency, Unit
from storage.blobs import Blobs
from storage.evidence import KEPT, Evidence
from storage.history import Entry
from storage.measures import Measure, measures
from storage.outbox import Letter
from storage.papers import Paper
from storage.people import Person
from storage.plans import DRAFT, Doubt, Plan
from storage.policies import Policy
from storage.progress import Update
from storage.rounds import Occurrence, Round
from tests.conftest import DATABASES
from tests.forms_of_papers import as_pdf, as_word
from tests.pages import Browser, a_place


@pytest.fixture(scope="module", params=DATABASES)
def place(request, tmp_path_factory):
    """The running program and its database."""
    with a_place(request.param, tmp_path_factory.mktemp("place")) as made:
        yield made


@pytest.mark.parametrize("path", ["", "/measures", "/units", "/calendar", "/follow", "/rounds", "/papers"])
def test_every_page_answers_those_who_may_read(place, path):
    """Also what each shows of its own: on both databases."""
    for who in ("wipha", "preecha", "somchai"):
        browser = place.visitor(who)
        status, text, _ = browser.ask(f"/board{path}")
        assert status == 200
        assert "<h1" in text


def test_another_agencys_records_are_not_there(place):
    browser = place.visitor()
    with place.database.look(place.other_id) as records:
        numbers = {
            f"/board/measures/{records.scalars(select(Measure.id)).first()}",
            f"/board/units/{records.scalars(select(Unit.id)).first()}",
        }
        unit, measure = records.scalars(select(Unit.id)).first(), records.scalars(select(Measure.id)).first()
    for path in (*numbers, "/board/measures/1", "/board/evidence/1", "/board/rounds/1", "/board/measures/x"):
        assert browser.ask(path)[0] == 404, path
    assert browser.send(f"/board/measures/{measure}/ask/{unit}")[0] == 404
    assert browser.send("/board/reports/1/accept")[0] == 409
    with place.database.agency(place.other_id) as records:
        plan = Plan(fiscal_year=2571, version=1, title="x", source="", limits=[], details={}, status=DRAFT)
        plan.doubts = [Doubt(position=0, where="", said="x", guess="", why="fiscal-year", details={})]
        records.add(plan)
        records.flush()
        draft, doubt = plan.id, plan.doubts[0].id
        call = records.scalars(select(Round.id)).first() or draft
    for path in (f"/board/plans/{draft}", f"/board/plans/{draft}/reading.xlsx", f"/board/rounds/{call}"):
        assert browser.ask(path)[0] == 404
    for path in (f"plans/{draft}/accept", f"plans/{draft}/activate", f"plans/{draft}/cancel"):
        assert browser.send(f"/board/{path}", shown=str(doubt))[0] == 409
    for path in ("accept", "decline", "change"):
        assert browser.send(f"/board/doubts/{doubt}/{path}", value="2567")[0] == 409
    with place.database.look(place.other_id) as records:
        assert (records.get_one(Plan, draft).status, records.get_one(Doubt, doubt).decision) == (DRAFT, "")


def test_who_only_reads_is_given_no_buttons_and_refused_without_them(place):
    browser = place.visitor("preecha")
    text = browser.ask(f"/board/measures/{place.measure()}")[1]
    assert "/accept" not in text
    with place.database.look(place.agency_id) as records:
        number = records.scalars(select(Update.id)).first()
    status, text, _ = browser.send(f"/board/reports/{number}/accept")
    assert (status, "ฝ่ายเลขานุการ" in text) == (403, True)


def test_a_photo_is_opened_by_its_unit_and_the_working_group_only(place):
    with place.database.look(place.agency_id) as records:
        number = records.scalars(select(Evidence.id)).one()
    for door in (f"/board/evidence/{number}", f"/board/evidence/{number}/preview"):
        for who, expected in (("wipha", 200), ("preecha", 200), ("somchai", 200), ("mana", 404)):
            status, _, headers = place.visitor(who).ask(door)
            assert status == expected, (door, who)
        assert Browser(place.program).ask(door)[0] == 401
    assert place.visitor().ask(f"/board/evidence/{number}/preview")[2]["content-type"] == "image/jpeg"
    for other in (number + 1, "9" * 30, "x"):
        assert place.visitor().ask(f"/board/evidence/{other}")[0] == 404
    _, _, headers = place.visitor().ask(f"/board/evidence/{number}")
    assert headers["content-type"] == "image/png"
    assert headers["content-disposition"].startswith("inline")
    assert "sandbox" in headers["content-security-policy"]


def test_a_file_that_only_looks_like_a_picture_is_handed_over_and_never_shown(place):
    sha256, size = Blobs(place.program.folder, place.agency_id).keep([b"<svg onload=alert(1)>"], 1000)
    with place.database.agency(place.agency_id) as records:
        owed = records.scalars(select(Occurrence)).first()
        piece = Evidence(
            occurrence_id=owed.id,
            kind="file",
            name="รูป.png",
            sha256=sha256,
            size=size,
            media_type="image/png",
            state=KEPT,
        )
        records.add(piece)
        records.add(Evidence(id=77, kind="photo", name="x", sha256="", state="removed"))
    _, _, headers = place.visitor().ask(f"/board/evidence/{piece.id}")
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith("attachment")
    assert place.visitor().ask(f"/board/evidence/{piece.id}/preview")[0] == 404
    assert place.visitor().ask("/board/evidence/77")[0] == 404


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "x"])
def test_a_month_beyond_every_calendar_is_this_month(place, month):
    assert place.visitor().ask(f"/board/calendar?month={month}")[0] == 200


def test_the_calendar_feed_is_secret_and_can_be_ended(place):
    browser = place.visitor()
    with place.database.look(place.agency_id) as records:
        unit = records.scalars(select(Unit).where(Unit.name == "กองคลัง")).one()
    assert browser.send("/board/feeds", unit=str(unit.id))[0] == 303
    assert browser.send("/board/feeds", unit="9" * 19)[0] == 404
    text = browser.ask("/board/calendar")[1]
    address = re.search(r"/feeds/[^<\s]+\.ics", text)[0]
    status, feed, headers = Browser(place.program).ask(address)
    assert status == 200
    assert headers["content-type"].startswith("text/calendar")
    assert "5.1" in feed
    assert "6.1" not in feed  # of another unit
    assert Browser(place.program).ask(address.replace("-", "-0", 1))[0] == 404
    number = re.search(r"/board/feeds/(\d+)/end", text)[1]
    assert browser.send(f"/board/feeds/{number}/end")[0] == 303
    assert Browser(place.program).ask(address)[0] == 404


def test_a_unit_is_asked_for_an_update_in_its_group_once_a_day(place):
    browser, number = place.visitor(), place.measure("6.1")
    with place.database.look(place.agency_id) as records:
        unit = records.scalars(select(Unit.id).where(Unit.name == "กองการเจ้าหน้าที่")).one()
    page = f"/board/measures/{number}"
    assert "ขอความก้าวหน้า" in browser.ask(page)[1]
    status, _, headers = browser.send(f"{page}/ask/{unit}", page)
    assert (status, headers["location"]) == (303, f"{page}?told=asked")
    text = browser.ask(page)[1]
    assert "วันนี้ขอไปแล้ว" in text
    assert browser.send(f"{page}/ask/{unit}", page)[0] == 409
    place.program.until(lambda: "6.1" in place.heard("web:unit2"))
    assert place.heard("web:unit2").count("ขอทราบความก้าวหน้า") == 1


def test_a_closed_round_keeps_its_figures_and_marks_what_comes_later(place):
    browser = place.visitor()
    with place.database.look(place.agency_id) as records:
        call = records.scalars(select(Round.id)).one()
    assert browser.send(f"/board/rounds/{call}/close")[0] == 303
    assert "ปิดรอบแล้วเมื่อ" in browser.ask(f"/board/rounds/{call}")[1]
    assert browser.send(f"/board/rounds/{call}/close")[0] == 409
    place.report("6.1 ประกาศหลักเกณฑ์การเลื่อนเงินเดือนแล้ว", who="mana")
    text = browser.ask(f"/board/rounds/{call}")[1]
    assert "เพิ่มหลังปิดรอบ" in text
    assert "เปลี่ยนหลังปิดรอบ" in text
    assert browser.send(f"/board/rounds/{call}/reopen")[0] == 409  # without a reason
    assert browser.send(f"/board/rounds/{call}/reopen", why="กองคลังส่ง\x00ตัวเลขผิดงวด")[0] == 303
    text = browser.ask(f"/board/rounds/{call}")[1]
    assert "กองคลังส่งตัวเลขผิดงวด" in text
    assert "เปลี่ยนหลังปิดรอบ" not in text
    with place.database.look(place.agency_id) as records:
        assert history.notes_of(records, f"round:{call}", "round-reopened")[0].details["closed"]
    assert place.visitor("preecha").send(f"/board/rounds/{call}/close")[0] == 403
    assert browser.send(f"/board/rounds/{call}/close")[0] == 303


@pytest.mark.parametrize(
    ("what", "begins"), [("summary:pdf", b"%PDF"), ("progress:docx", b"PK"), ("summary:png", b"\x89PNG")]
)
@pytest.mark.once
def test_papers_are_downloaded_for_the_days_that_were_chosen(place, what, begins):
    browser = place.visitor("preecha")
    days = {"period": "days", "start": "2020-10-01", "end": "2020-12-31"}
    status, _, headers = browser.send("/board/papers", what=what, **days)
    assert status == 303
    assert urlopen(place.program.base + headers["location"]).read().startswith(begins)
    assert "1 ต.ค. 63 ถึง 31 ธ.ค. 63" in browser.ask("/board/papers")[1]


def test_a_paper_is_about_the_part_that_was_chosen(place):
    browser = place.visitor("preecha")
    page = browser.ask("/board/papers")[1]
    assert "ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ</option>" in page
    chosen = {"period": "year", "indicator": "4", "role": "lead", "topic": "4"}
    assert (
        browser.send("/board/papers", what="measures:html", **chosen)[0] == 409
    )  # nothing belongs to it yet
    with place.database.agency(place.agency_id) as records:
        one = records.scalars(
            select(Measure).where(Measure.code == "4.1").order_by(Measure.id.desc())
        ).first()
        one.questions = ["i10", "i19"]
    assert browser.send("/board/papers", what="measures:html", **chosen)[0] == 303
    with place.database.look(place.agency_id) as records:
        paper = records.scalars(select(Paper).order_by(Paper.id.desc())).first()
        assert paper.details.keys() == {"topic", "indicator", "role"}
    assert browser.send("/board/papers", what="measures:html", period="year", indicator="77")[0] == 409
    assert browser.send("/board/papers", what="measures:html", period="year", role="เภสัชกร")[0] == 409


def test_a_paper_goes_by_mail_to_who_gave_an_address(place):
    wipha, preecha = place.visitor(), place.visitor("preecha")
    assert wipha.send("/board/papers", what="measures:docx", period="year")[0] == 303
    with place.database.look(place.agency_id) as records:
        number = records.scalars(select(Paper.id).where(Paper.kind == "measures")).first()
    mail = f"/board/papers/{number}/mail"
    assert wipha.send(mail)[0] == 409  # she gave no address yet
    for wrong in (
        "no address",
        "=?utf-8?q?=0d=0aBcc=3ax?=@example.go.th",
        "a@b.co\r\nBcc: x@b.co",
        "a@b.co,c@b.co",
    ):
        assert wipha.send("/board/account/mail", mail=wrong)[0] == 409
    asked = wipha.send("/board/account/mail", mail="wipha@example.go.th")
    assert asked[2]["location"].endswith("told=mail-asked")
    assert "wipha@example.go.th" in wipha.ask("/board/account")[1]  # waits
    assert wipha.send(mail)[0] == 409  # nothing is sent there yet
    code = code_sent(place, "mail:wipha@example.go.th")
    for wrong in ("AAAA-AAAA", ""):
        told = wipha.send("/board/account/mail/code", code=wrong)[2]["location"]
        assert told.endswith("told=mail-code-wrong")
    assert wipha.send("/board/account/mail/code", code=code)[2]["location"].endswith("told=mail")
    assert wipha.send("/board/account/mail/code", code=code)[2]["location"].endswith("wrong")  # used up
    assert preecha.send("/board/account/mail", mail="Wipha@example.go.th")[0] == 409  # hers already
    assert wipha.send(mail, to="all")[2]["location"].endswith("told=mailed")
    with place.database.look(place.agency_id) as records:
        letters = records.scalars(select(Letter).where(Letter.channel == "mail").order_by(Letter.id)).all()
        told = [(one.place, one.purpose) for one in letters]
    assert told == [("mail:wipha@example.go.th", one) for one in ("notice", "notice", "answer")]
    assert wipha.send("/board/account/mail", mail="")[2]["location"].endswith("told=mail-ended")
    assert 'name="mail" value=""' in wipha.ask("/board/account")[1]
    given = [wipha.send("/board/account/mail", mail=f"other{no}@example.net") for no in range(5)]
    assert [status for status, _, _ in given] == [303] * 4 + [409], (
        "others' addresses are not written to at will"
    )


def code_sent(place, to):
    """The code in the last letter to an address."""
    with place.database.look(place.agency_id) as records:
        letters = select(Letter).where(Letter.place == to).order_by(Letter.id.desc())
        reply = unpack_reply(records.scalars(letters).first().replies[0])
    return reply.cards[0].rows[0].say.args["code"]


def test_the_link_of_the_letter_confirms_by_its_button_only_and_without_signing_in(place):
    somchai = place.visitor("somchai")
    assert somchai.send("/board/account/mail", mail="somchai@example.go.th")[0] == 303
    code = code_sent(place, "mail:somchai@example.go.th").replace("-", "")
    with place.database.look(place.agency_id) as records:
        person = records.scalars(select(Person).where(Person.name.startswith("สมชาย"))).first()
        slug = records.get_one(Agency, place.agency_id).slug
    browser = Browser(place.program)
    link = f"/mail/{slug}/{person.id}/{code}"
    assert "ยืนยันอีเมลนี้" in browser.ask(link)[1]
    assert 'name="mail" value=""' in somchai.ask("/board/account")[1]  # looking at it confirms nothing
    key = browser.key(link)
    assert browser.ask(link, {"form_key": "x"})[0] == 403
    wrong = f"/mail/{slug}/{person.id}/AAAAAAAA"
    assert browser.ask(wrong, {"form_key": key})[0] == 410
    assert browser.ask(f"/mail/{slug}/1/{code}", {"form_key": key})[0] == 410
    assert browser.ask(f"/mail/nobody/{person.id}/{code}", {"form_key": key})[0] == 410
    assert browser.ask(link, {"form_key": key})[0] == 200
    assert browser.ask(link, {"form_key": key})[0] == 410
    assert 'value="somchai@example.go.th"' in somchai.ask("/board/account")[1]
    somchai.send("/board/account/mail", mail="other@example.go.th")
    for _ in range(5):
        somchai.send("/board/account/mail/code", code="BBBBBBBB")
    late = code_sent(place, "mail:other@example.go.th")
    told = somchai.send("/board/account/mail/code", code=late)[2]["location"]
    assert told.endswith("wrong")  # after five wrong ones
    somchai.send("/board/account/mail", mail="")


def test_a_paper_that_cannot_be_made_is_told_on_the_page(place):
    browser = place.visitor("preecha")
    for form in (
        {"what": "form:docx", "period": "year"},  # of which unit?
        {"what": "summary:pdf", "period": "days", "start": "2020-12-31", "end": "2020-10-01"},
        {"what": "summary:exe", "period": "year"},
        {"what": "summary:pdf", "period": "days", "start": "2020-10-01", "end": "9999-12-31"},
        {"what": "summary:pdf", "period": "days", "start": "0001-01-01", "end": "2020-12-31"},
        {"what": "form:docx", "period": "year", "unit": "9" * 20},
    ):
        status, text, _ = browser.send("/board/papers", **form)
        assert (status, "<nav" in text) == (409, True), form
    somchai = place.visitor("somchai")
    assert "acknowledgements:" not in somchai.ask("/board/papers")[1]
    assert somchai.send("/board/papers", what="acknowledgements:docx", period="year")[0] == 409


POLICIES = "/board/documents/policies"
RULE = """ประกาศกรมตัวอย่าง เรื่อง การใช้รถราชการ
ข้อ ๑ ใช้รถเพื่อราชการเท่านั้น <script>alert(1)</script>
ข้อ ๒ ลงบันทึกทุกครั้ง
"""


@pytest.mark.parametrize("form", ["txt", "docx", "pdf"])
def test_a_policy_is_sent_on_a_page_looked_at_and_put_into_force(place, form):
    browser = place.visitor()
    content = {"txt": str.encode, "docx": as_word_file, "pdf": as_pdf_file}[form](RULE)
    status, text, headers = browser.upload(f"ประกาศ.{form}", content, at=POLICIES, kind="other")
    assert (status, headers.get("location")) == (303, f"{POLICIES}/draft"), text
    page = browser.ask(f"{POLICIES}/draft")[1]
    assert "จะเป็นฉบับแรก มี 2 ข้อ" in page
    assert "<script>alert" not in page
    done = browser.send(
        f"{POLICIES}/draft/publish", f"{POLICIES}/draft", title=f"การใช้รถ {form}", day="2023-05-01"
    )
    assert done[2]["location"].endswith("told=policy-published")
    assert browser.ask(f"{POLICIES}/draft")[0] == 404  # nothing waits any more
    page = browser.ask(POLICIES)[1]
    kind = re.search(f'value="([^"]+)">การใช้รถ {form}<', page)[1]
    changed = RULE.replace("ทุกครั้ง", "ทุกครั้งก่อนออกรถ") + "ข้อ ๓ จอดในที่จอด\n"
    browser.upload("ประกาศ.txt", changed.encode(), at=POLICIES, kind=kind)
    page = browser.ask(f"{POLICIES}/draft")[1]
    assert "จะเป็นฉบับที่ 2 ต่อจากฉบับที่ 1" in page
    assert page.count("ใหม่หรือเปลี่ยน</span>") == 2
    assert browser.send(f"{POLICIES}/draft/cancel", f"{POLICIES}/draft")[0] == 303
    with place.database.look(place.agency_id) as records:
        rule = records.scalars(select(Policy).where(Policy.title == f"การใช้รถ {form}")).one()
        assert [(one.no, str(one.effective_on), len(one.clauses)) for one in rule.versions] == [
            (1, "2023-05-01", 2)
        ]
        published = select(Entry).where(
            Entry.action == "policy-published", Entry.subject == f"version:{rule.versions[0].id}"
        )
        assert records.scalars(published).one().person_id is not None


def test_a_policy_that_cannot_be_read_is_told_on_the_page_and_only_leaders_bring_one(place):
    browser = place.visitor()
    for name, content in (("ว่าง.txt", b"x"), ("scan.pdf", b"%PDF-1.4"), ("x.docx", b"PK nonsense")):
        status, text, _ = browser.upload(name, content, at=POLICIES, kind="no-gift")
        assert (status, "<nav" in text) == (409, True), name
    assert browser.upload("x.txt", RULE.encode(), at=POLICIES, kind="no such kind")[0] == 409
    assert browser.upload("x.txt", RULE.encode(), "wrong key", at=POLICIES, kind="no-gift")[0] == 403
    for who in ("somchai", "preecha"):
        other = place.visitor(who)
        assert other.ask(POLICIES)[0] == 403
        key = other.key("/board/account")
        assert other.upload("x.txt", RULE.encode(), key, at=POLICIES, kind="no-gift")[0] == 403
        assert other.ask(f"{POLICIES}/draft/publish", {"form_key": key})[0] == 403


def as_word_file(text):
    return as_word(tables.read(text.encode()))


def as_pdf_file(text):
    return as_pdf(tables.read(text.encode()))


PLAN = """แผนปีงบประมาณ พ.ศ. 2566
ประเด็น\tมาตรการ\tระยะเวลา\tผู้รับผิดชอบ
1. คลัง\tเล่าแผนเงินให้ประชาชน\t๕.ค. ๖๕\tกองคลัง
\tรายงานผลเบิกจ่าย <b>ทุกสิ้นเดือน</b>\tเมื่อพร้อม\tกองคลัง
\tเปิดเผยสัญญา\tม.ค. 66\tกองคลังง
"""


def test_a_plan_is_sent_on_a_page_its_doubts_decided_and_it_counts(place):
    browser = place.visitor()
    status, text, headers = browser.upload("แผน ๒๕๖๖.txt", PLAN.encode())
    assert status == 303, text
    page = headers["location"]
    text = browser.ask(page)[1]
    assert "<mark>๕.ค. ๖๕</mark>" in text
    assert "ช่องนี้จะว่าง" in text  # of the period that could not be read
    assert "<b>ทุกสิ้นเดือน" not in text  # what stands in a document is text
    with place.database.look(place.agency_id) as records:
        plan = records.scalars(select(Plan).where(Plan.fiscal_year == 2566)).one()
        there = {one.why: one.id for one in plan.doubts}
        unread = next(one for one in plan.doubts if one.said == "เมื่อพร้อม")
    assert browser.send(f"{page}/activate", page)[0] == 409
    status, text, headers = browser.send(
        f"/board/doubts/{there['schedule-misread-month']}/accept", page, following="2"
    )
    assert (status, headers["location"]) == (303, f"{page}?told=doubt-accepted#d2")
    status, text, _ = browser.send(f"/board/doubts/{unread.id}/change", page, value="สักวัน")
    assert (status, "ไตรมาสที่ 2" in text) == (409, True)  # an example of what can be read
    assert browser.send(f"/board/doubts/{unread.id}/change", page, value="มี.ค. 66")[0] == 303
    status, _, headers = browser.ask(f"{page}/reading.xlsx")
    assert (status, "attachment" in headers["content-disposition"]) == (200, True)
    shown = re.search(r'name="shown" value="([\d,]+)"', browser.ask(page)[1])
    left = [one for one in there.values() if one not in (there["schedule-misread-month"], unread.id)]
    assert not shown or set(shown[1].split(",")) == set(map(str, left))
    browser.send(f"{page}/accept", page, shown=",".join(map(str, left)))
    assert "แก้แล้ว" in browser.ask(f"{page}?show=all")[1]
    assert browser.send(f"{page}/activate", page)[2]["location"] == "/board?told=plan-active"
    with place.database.look(place.agency_id) as records:
        plan = records.scalars(select(Plan).where(Plan.fiscal_year == 2566)).one()
        spans = [one.schedule_ranges for one in measures(records, plan)]
        assert plan.status == "active"
        assert spans[:2] == [[["2022-12-01", "2022-12-31"]], [["2023-03-01", "2023-03-31"]]]
        said = [
            one.person_id for one in records.scalars(select(Entry).where(Entry.action == "doubt-decided"))
        ]
        assert None not in said
    assert browser.ask(page)[0] == 404  # no draft any more


def test_a_document_that_cannot_be_read_or_taken_is_refused_with_what_to_do(place):
    browser = place.visitor()
    for name, content, status, told in (
        ("ก.pdf", b"%PDF-1.4 x", 409, "เปิดไฟล์ PDF นี้ไม่ได้"),
        ("ก.txt", "สวัสดี".encode(), 409, "ไม่พบตารางมาตรการ"),
        ("", b"", 409, "ยังไม่ได้เลือกไฟล์"),
        ("ก.txt", b"x" * 21_000_001, 413, "ไฟล์ใหญ่เกิน"),
    ):
        found = browser.upload(name, content)
        assert (found[0], told in found[1]) == (status, True), name
    assert browser.upload("ก.txt", PLAN.encode(), key="x")[0] == 403
    assert place.visitor("somchai").upload("ก.txt", PLAN.encode(), key=browser.key("/board"))[0] == 403
    assert Browser(place.program).upload("ก.txt", PLAN.encode(), key="x")[0] == 401
    officer = place.visitor("somchai")
    assert officer.ask("/board/documents")[0] == 403
    assert "/board/documents" not in officer.ask("/board")[1]
    assert "/board/documents" in browser.ask("/board")[1]


def test_a_list_of_staff_is_sent_on_a_page_and_entered(place):
    browser = place.visitor()
    rows = "ชื่อ,นามสกุล,สังกัด,บทบาท\nอารี,มาใหม่,กองคลัง,เจ้าหน้าที่\n,,กองคลัง,เจ้าหน้าที่\n"
    status, _, headers = browser.upload("คน.csv", rows.encode())
    assert (status, headers["location"]) == (303, "/board/staff")
    assert "ไม่มีชื่อ" in browser.ask("/board/staff")[1]
    assert "/board/staff" in browser.ask("/board/documents")[1]
    status, text, _ = browser.send("/board/staff/accept", "/board/staff")
    assert status == 200
    with place.database.look(place.agency_id) as records:
        assert "อารี มาใหม่" in {one.name for one in people.staff(records)}
    assert "อารี มาใหม่" in text
    assert browser.send("/board/staff/accept", "/board/documents")[0] == 409  # nothing waits any more
