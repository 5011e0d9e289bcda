"""Photos shown as evidence: small pictures, made apart, and given to those who may see them."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from bot import previews
from bot.app import App
from bot.config import Settings
from storage.agencies import Agency
from storage.evidence import Evidence
from tests import sample_page
from tests.pages import Browser, key_in, link
from tests.program import Program


@pytest.fixture
def app(tmp_path):
    made = App(Settings(database_url=f"sqlite:///{tmp_path}/a.db", data_dir=tmp_path))
    yield made
    made.close()


def photo(kind="JPEG", size=(1600, 1200), **more):
    made = io.BytesIO()
    Image.new("RGB", size, (20, 120, 60)).save(made, kind, **more)
    return made.getvalue()


def test_a_photo_becomes_a_small_one_that_tells_no_place(app):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "บ้านสมชาย"  # turned, and a maker's name
    sha256, _ = app.blobs(1).keep([photo(exif=exif)], cap=10**7)
    made = previews.preview(app, 1, sha256, "image/jpeg")
    with Image.open(io.BytesIO(made)) as small:
        assert (small.format, small.size) == ("JPEG", (360, 480)), "upright, at most 480 a side"
        assert not small.getexif()
    assert len(made) < 60_000
    app.blobs(1).remove(sha256)
    assert previews.preview(app, 1, sha256, "image/jpeg") == made, "kept"
    previews.forget(app, 1, sha256)
    assert previews.preview(app, 1, sha256, "image/jpeg") is None, "and gone with its photo"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0 no photo", "image/jpeg"),
        (b"", "image/png"),
        (b"<svg onload='alert(1)'/>", "image/svg+xml"),
        (photo("PNG", (12_000, 12_000), compress_level=9), "image/png"),
    ],
    ids=["broken", "empty", "svg", "bomb"],
)
def test_what_is_no_photo_or_a_bomb_has_no_preview(app, content, kind):
    sha256, _ = app.blobs(1).keep([content], cap=10**7)
    assert previews.preview(app, 1, sha256, kind) is None


def test_evidence_is_shown_to_who_is_signed_in_and_to_nobody_else(tmp_path):
    with sample_page.fresh_database("sqlite", tmp_path) as database:
        sample_page.make(database)
        program = Program(database.url.render_as_string(hide_password=False), tmp_path)
        app = App(Settings(database_url=program.url, data_dir=tmp_path))
        with database.shared(write=False) as session:
            agency_id = session.scalars(select(Agency.id).where(Agency.sample.is_(True))).one()
        sha256, size = app.blobs(agency_id).keep([photo()], cap=10**7)
        with database.agency(agency_id) as records:
            shown = Evidence(kind="photo", name="รูป ประชุม.html", sha256=sha256, size=size, state="kept")
            shown.media_type = "image/jpeg"
            records.add(shown)
            records.add(Evidence(kind="photo", name="x", sha256="", state="removed", id=77))
        app.close()
        program.start()
        try:
            address = f"/evidence/{shown.id}"
            assert Browser(program).ask(address)[0] == 401
            browser, way = Browser(program), link(program)
            browser.ask(way, {"form_key": key_in(browser.ask(way)[1])})
            status, _, headers = browser.ask(address)
            assert (status, headers["content-type"]) == (200, "application/octet-stream")
            assert headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E0%B8%A3")
            assert "sandbox" in headers["content-security-policy"]
            status, _, headers = browser.ask(f"{address}/preview")
            assert (status, headers["content-type"]) == (200, "image/jpeg")
            for other in ("77", str(shown.id + 1), "9" * 30):
                assert browser.ask(f"/evidence/{other}")[0] == 404
        finally:
            program.stop()
