"""What the secretary publishes for an O item is there for anybody, and nothing else is."""

import pytest
from sqlalchemy import select

from storage.agencies import Agency
from storage.blobs import Blobs
from storage.evidence import KEPT, Evidence
from storage.measures import Measure
from storage.plans import Plan
from storage.rounds import Occurrence
from tests.conftest import DATABASES
from tests.pages import Browser, a_place, moment
from tests.sample_page import Page, words

ITEM = "/board/items/O12"


@pytest.fixture(scope="module", params=DATABASES)
def place(request, tmp_path_factory):
    """The program with one measure behind O12, its photo and a file that names a person."""
    with a_place(request.param, tmp_path_factory.mktemp("open")) as made:
        folder = made.program.folder
        sha256, size = Blobs(folder, made.agency_id).keep([b"%PDF-1.4 minutes"], 1000)
        with made.database.agency(made.agency_id) as records:
            measure = records.scalars(select(Measure).where(Measure.code == "5.1")).one()
            measure.o_items = ["O12"]
            owed = records.scalars(select(Occurrence).where(Occurrence.measure_id == measure.id)).first()
            file = {"name": "สมชาย ใจดี.pdf", "sha256": sha256, "size": size, "media_type": "application/pdf"}
            records.add(Evidence(occurrence_id=owed.id, kind="file", state=KEPT, **file))
        yield made


def pieces(place):
    with place.database.look(place.agency_id) as records:
        return {one.kind: one.id for one in records.scalars(select(Evidence))}


def public(place):
    with place.database.look(place.agency_id) as records:
        slug, year = (
            records.get_one(Agency, place.agency_id).slug,
            records.scalars(select(Plan)).one().fiscal_year,
        )
        return f"/open/{slug}/{year}/O12"


def publish(place, **form):
    return place.visitor().send(ITEM, title="การประชุมชี้แจงแผนใช้จ่ายงบประมาณ", checked="1", **form)


def test_nothing_is_public_until_it_is_chosen_and_only_that_then(place):
    known, stranger = pieces(place), Browser(place.program)
    address = public(place)
    assert stranger.ask(address)[0] == 404
    assert "O12" in place.visitor().ask("/board/items")[1]
    assert place.visitor("preecha").ask("/board/items")[0] == 403
    photo = {f"piece-{known['photo']}": "1", f"title-{known['photo']}": "ภาพการประชุม"}
    assert place.visitor().send(ITEM, title="x", **photo)[0] == 409, "nobody has checked it for names"
    assert publish(place, **{f"piece-{known['photo']}": "1"})[0] == 409, "a piece needs a public title"
    assert publish(place, **{"piece-99": "1", "title-99": "x"})[0] == 409, "not of this item"
    assert publish(place, **{f"piece-{'9' * 5000}": "1"})[0] == 409
    others = {f"title-{number}": "" for number in range(60)}
    assert publish(place, **others, **photo)[0] == 303, "of an item with many pieces, too"
    status, text, headers = stranger.ask(address)
    assert status == 200
    assert "ภาพการประชุม" in text
    assert "สมชาย" not in text
    assert "ประชุม.png" not in text
    assert headers["cache-control"].startswith("public")
    assert headers["vary"] == "cookie"
    status, _, headers = stranger.ask(f"{address}/1")
    assert (status, headers["content-type"]) == (200, "image/jpeg"), (
        "made anew, without what the camera wrote"
    )
    assert stranger.ask(f"{address}/2")[0] == 404
    assert stranger.ask(address.replace("O12", "o12"))[0] == 200
    for wrong in (
        address.replace("/open/", "/open/x"),
        address.replace("/25", "/" + "9" * 30),
        address.replace("/25", "/" + "9" * 5000),
        address.replace("/O12", "%00/O12"),
        f"{address}%00",
        f"{address}/0",
        f"{address}/{'9' * 5000}",
    ):
        assert stranger.ask(wrong)[0] == 404


def test_a_file_leaves_under_its_public_title_and_a_closed_page_keeps_its_address(place):
    number, stranger = pieces(place)["file"], Browser(place.program)
    address = public(place)
    assert publish(place, **{f"piece-{number}": "1", f"title-{number}": "Minutes"})[0] == 303
    _, text, headers = stranger.ask(f"{address}/1")
    assert text.startswith("%PDF")
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''Minutes.pdf"
    assert place.visitor().send(f"{ITEM}/end")[0] == 303
    assert stranger.ask(address)[0] == stranger.ask(f"{address}/1")[0] == 404
    assert place.visitor().send(f"{ITEM}/end")[0] == 409
    assert 'value="Minutes"' in place.visitor().ask(ITEM)[1], "what was chosen is there when it opens again"


def test_what_is_taken_back_or_belongs_elsewhere_leaves_the_public_page(place):
    photo, stranger = pieces(place)["photo"], Browser(place.program)
    address = public(place)
    chosen = {f"piece-{photo}": "1", f"title-{photo}": "ภาพ\x00การประชุม"}
    assert publish(place, **chosen)[0] == 303
    assert "ภาพการประชุม" in stranger.ask(address)[1]
    for items, status in (([], 404), (["O12"], 200)):
        with place.database.agency(place.agency_id) as records:
            records.scalars(select(Measure).where(Measure.code == "5.1")).one().o_items = items
        assert stranger.ask(f"{address}/1")[0] == status
    assert "ยกเลิกรายงาน" in words(Page(place.program).say("somchai", "ยกเลิกอันเมื่อกี้", at=moment()))
    assert stranger.ask(f"{address}/1")[0] == 404
    assert "ภาพการประชุม" not in stranger.ask(address)[1]
    assert publish(place, **chosen)[0] == 409
