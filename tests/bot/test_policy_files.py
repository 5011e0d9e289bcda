"""`policy import` takes the paper as it is: Word, PDF or text become the same numbered clauses."""

import json

import pytest

from bot import tables
from bot.cli import main
from storage import policies as rules
from storage.base import now
from tests.conftest import BANGKOK
from tests.forms_of_papers import as_pdf, as_word

PAPER = """ประกาศกรมตัวอย่าง เรื่อง นโยบายไม่รับของขวัญและของกำนัลทุกชนิด
ข้อ ๑ ผู้บริหารและเจ้าหน้าที่ทุกคนไม่รับของขวัญ ของกำนัล หรือประโยชน์อื่นใดจากการปฏิบัติหน้าที่ ทั้งก่อน ขณะ และหลังการปฏิบัติหน้าที่ ไม่ว่าจะให้โดยตรงหรือผ่านบุคคลอื่น
๑. จากคู่สัญญาของกรม
๒. จากผู้รับบริการ
ข้อ ๒ ผู้ที่ได้รับสิ่งของโดยไม่อาจปฏิเสธได้ ต้องแจ้งผู้บังคับบัญชาภายในสามวันทำการและส่งคืนทันทีที่ทำได้ กำหนดซึ่งทั้งหมดนี้ถือปฏิบัติทั่วกัน
ข้อ ๓ ให้กลุ่มงานจริยธรรมรายงานผลทุกไตรมาส
"""
FORMS = {
    "txt": lambda text: text.encode(),
    "md": lambda text: text.encode("utf-8-sig"),
    "old.txt": lambda text: text.encode("cp874"),
    "docx": lambda text: as_word(tables.read(text.encode())),
    "pdf": lambda text: as_pdf(tables.read(text.encode())),
}


@pytest.fixture
def policy(stage, monkeypatch, tmp_path, capsys):
    """Run `policy import` on the stage's database: exit status, what was printed, what went wrong."""
    monkeypatch.setenv("PRONGSAI_DATABASE_URL", stage.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PRONGSAI_DATA_DIR", str(tmp_path / "var"))

    def run(file):
        words = ["policy", "import", str(file), "--kind", "no-gift", "--json", "--agency", stage.agency.slug]
        status = main(words)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.mark.parametrize("form", FORMS)
def test_a_policy_becomes_the_same_clauses_whatever_it_was_sent_as(stage, policy, tmp_path, form):
    file = tmp_path / f"ประกาศ.{form}"
    file.write_bytes(FORMS[form](PAPER))
    assert json.loads(policy(file)[1])["clauses"] == 3
    with stage.database.look(stage.agency.id) as records:
        (version,) = rules.all_in_force(records, now().astimezone(BANGKOK).date())
        assert version.policy.title == PAPER.splitlines()[0]
        assert [one.no for one in version.clauses] == ["1", "2", "3"]
        first, second = ("".join(one.text.split()) for one in version.clauses[:2])
        assert first.endswith("๒.จากผู้รับบริการ")
        assert second == "".join(PAPER.splitlines()[4].split()).removeprefix("ข้อ๒")


def test_a_scan_or_an_old_file_is_refused_with_what_to_use(policy, tmp_path):
    old = tmp_path / "ประกาศ.doc"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1")
    status, _, told = policy(old)
    assert status == 1
    assert ".docx" in told
    assert policy(tmp_path / "ไม่มี.docx")[0] == 1
