"""The door of the working group's pages: one-time links, cookies, forms of other sites, too many tries."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.agencies import Agency
from storage.base import now
from storage.database import Database
from storage.people import Person
from storage.signins import SigninLink, Visit
from tests import sample_page
from tests.conftest import DATABASES
from tests.pages import Browser, key_in, link
from tests.program import Program


@pytest.fixture(scope="module", params=DATABASES)
def place(request, tmp_path_factory):
    """The program on the sample agency, and its database."""
    with sample_page.fresh_database(request.param, tmp_path_factory.mktemp("db")) as database:
        sample_page.make(database)
        url = database.url.render_as_string(hide_password=False)
        program = Program(url, tmp_path_factory.mktemp("data"))
        yield program.start(), database
        program.stop()


@pytest.fixture
def program(place):
    return place[0]


def records(place) -> Database:
    database = place[1]
    with database.shared(write=False) as session:
        number = session.scalars(select(Agency.id).where(Agency.sample.is_(True))).one()
    return database.agency(number)


def slug_of(place) -> str:
    with place[1].shared(write=False) as session:
        return session.scalars(select(Agency.slug).where(Agency.sample.is_(True))).one()


def test_a_link_opens_the_page_once_and_looking_at_it_does_not_use_it_up(program):
    address = link(program)
    for _ in range(3):  # as previews of a chat do
        assert Browser(program).ask(address)[0] == 200
    browser = Browser(program)
    text = browser.ask(address)[1]
    status, _, headers = browser.ask(address, {"form_key": key_in(text)})
    assert (status, headers["location"]) == (303, "/board")
    assert "กรมส่งเสริมพื้นที่สีเขียว" in browser.ask("/board")[1]
    status, text, _ = browser.ask(address)
    assert (status, "ถูกใช้ไปแล้ว" in text) == (410, True)


def test_the_cookie_is_closed_to_scripts_and_the_database_does_not_hold_it(place, program):
    address = link(program)
    browser = Browser(program)
    text = browser.ask(address)[1]
    browser.ask(address, {"form_key": key_in(text)})
    kept = next(line for line in browser.given.splitlines() if line.startswith("visit="))
    assert "httponly" in kept
    assert "samesite=lax" in kept
    token = browser.cookies["visit"].partition(".")[2]
    with records(place) as session:
        assert token not in set(session.scalars(select(Visit.digest)))


def test_a_page_is_never_kept_by_caches_and_runs_no_script(program):
    _, _, headers = Browser(program).sign_in().ask("/board")
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_an_expired_link_says_how_to_get_another(place, program):
    address = link(program)
    with records(place) as session:
        session.execute(update(SigninLink).values(expires_at=now() - timedelta(seconds=1)))
    status, text, _ = Browser(program).ask(address)
    assert status == 410
    assert "หมดอายุ" in text
    assert "ขอลิงก์เข้าเว็บ" in text


def test_a_link_that_never_was_opens_nothing(place, program):
    browser = Browser(program)
    status, text, _ = browser.ask(f"/in/{slug_of(place)}/" + "x" * 43)
    assert (status, "ไม่พบลิงก์" in text) == (410, True)
    assert browser.ask("/in/nobody/" + "x" * 43)[0] == 410


def test_without_signing_in_every_page_says_how(program):
    for path in ("/board", "/board?x=1"):
        status, text, _ = Browser(program).ask(path)
        assert (status, "ขอลิงก์เข้าเว็บ" in text) == (401, True), path


@pytest.mark.parametrize("cookie", ["", "1.x", f"{'9' * 30}.{'x' * 43}", f"1.{'x' * 43}", "ก.ข"])
def test_a_made_up_cookie_is_nobody(program, cookie):
    browser = Browser(program)
    browser.cookies["visit"] = cookie.encode("ascii", "ignore").decode()
    assert browser.ask("/board")[0] == 401


def test_a_cookie_does_not_open_another_agency(place, program):
    browser = Browser(program).sign_in()
    with place[1].shared() as session:
        other = Agency(slug=f"o{now().timestamp():.0f}", name="กรมอื่น", settings={})
        session.add(other)
    token = browser.cookies["visit"].partition(".")[2]
    browser.cookies["visit"] = f"{other.id}.{token}"
    assert browser.ask("/board")[0] == 401


def test_a_form_without_the_pages_own_key_is_refused(program):
    browser = Browser(program).sign_in()
    other = Browser(program).sign_in("preecha").key("/board")
    for form in ({}, {"form_key": "x"}, {"form_key": other}):
        status, text, _ = browser.ask("/out", form)
        assert (status, "แบบฟอร์มนี้หมดอายุ" in text) == (403, True)
    assert browser.ask("/board")[0] == 200


def test_a_form_that_another_site_sends_is_refused(program):
    browser = Browser(program).sign_in()
    form = {"form_key": browser.key("/board")}
    for origin in ("https://elsewhere.example", "null", "x"):
        assert browser.ask("/out", form, Origin=origin)[0] == 403
    status, _, headers = browser.ask("/board")
    assert (status, headers["referrer-policy"]) == (200, "same-origin"), "else a browser calls us null, too"
    assert browser.ask("/board/account/mail", form, Origin=program.base)[0] == 303


def test_what_no_browser_sends_is_refused_before_it_is_read(program):
    """Letters that Python knows how to read take minutes for a page of text; who is not in sends no files."""
    browser, nobody = Browser(program).sign_in(), Browser(program)
    nobody.cookies["visit"] = "1." + "a" * 30
    assert nobody.upload("x.txt", b"x" * 2_000_000, key="x")[0] == 401
    field = b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n-' + b"9" * 20_000 + b"\r\n--x--\r\n"
    for charset in ("punycode", "undefined", "unicode_escape"):
        kind = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
        for path in ("/board/account/mail", "/out", "/in/x/y"):
            assert browser.ask(path, field, **kind)[0] == 400, (charset, path)


def test_the_button_of_a_link_is_only_taken_from_the_browser_that_was_shown_it(program):
    address = link(program)
    text = Browser(program).ask(address)[1]
    assert Browser(program).ask(address, {"form_key": key_in(text)})[0] == 403
    assert Browser(program).ask(address, {})[0] == 403
    assert Browser(program).ask(address)[0] == 200


def test_signing_out_closes_the_visit(program):
    browser = Browser(program).sign_in()
    kept = dict(browser.cookies)
    assert browser.send("/out")[0] == 200
    browser.cookies = kept
    assert browser.ask("/board")[0] == 401


def test_a_visit_ends_when_nobody_comes_back_and_when_the_person_leaves(place, program):
    browser = Browser(program).sign_in("mana")
    with records(place) as session:
        person = session.scalars(select(Person).where(Person.name.startswith("มานะ"))).one()
        person.left_at = now()
    assert browser.ask("/board")[0] == 401
    with records(place) as session:
        session.scalars(select(Person).where(Person.name.startswith("มานะ"))).one().left_at = None
    assert browser.ask("/board")[0] == 200
    with records(place) as session:
        session.execute(update(Visit).values(seen_at=now() - timedelta(hours=3)))
    assert browser.ask("/board")[0] == 401


def test_the_page_speaks_english_when_asked(program):
    browser = Browser(program).sign_in()
    status, _, headers = browser.ask("/language/en?back=/board")
    assert (status, headers["location"]) == (303, "/board")
    assert "Overview" in browser.ask("/board")[1]
    assert browser.ask("/language/en?back=//elsewhere.example")[2]["location"] == "/board"


def test_guessing_at_links_is_slowed_down(place, program):
    """Last, because the address is slowed for a while."""
    browser, good = Browser(program), link(program)
    statuses = [browser.ask(f"/in/{slug_of(place)}/{number:043d}")[0] for number in range(25)]
    assert statuses[0] == 410
    assert statuses[-1] == 429
    assert browser.ask(good)[0] == 429
