"""Photos shown as evidence: small pictures, made apart, and given to those who may see them."""

import io

import pytest
from PIL import Image

from bot import previews
from bot.app import App
from bot.config import Settings


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


def test_what_breaks_is_not_tried_at_every_visit(app, monkeypatch):
    sha256, _ = app.blobs(1).keep([b"\xff\xd8\xff\xe0 no photo"], cap=100)
    assert previews.preview(app, 1, sha256, "image/jpeg") is None
    began = []
    with monkeypatch.context() as watched:
        watched.setattr(previews, "_made", began.append)
        assert previews.preview(app, 1, sha256, "image/jpeg") is None
        assert began == []
        previews.forget(app, 1, sha256)
        assert previews.preview(app, 1, sha256, "image/jpeg") is None
    assert began == [b"\xff\xd8\xff\xe0 no photo"]
