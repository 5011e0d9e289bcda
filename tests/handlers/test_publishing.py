from datetime import date

import pytest

from handlers import policies
from handlers.talk import Refused
from storage import policies as rules

PAPER = """---
kind: no-gift
title: นโยบายไม่รับของขวัญ
short_title: No Gift Policy
effective_on: {day}
---
## ข้อ 1 หลักทั่วไป
ไม่รับของขวัญ
1. จากคู่ค้า
2. จากประชาชน
คำค้น: กระเช้า
## ข้อ ๒ การแจ้ง
{told}
"""


def published(stage, **blanks):
    with stage.database.agency(stage.agency.id) as records:
        done = policies.publish(
            records, PAPER.format(**{"day": "2024-01-02", "told": "แจ้งด้วยวาจา", **blanks})
        )
        return done.version.no, done.is_new, [clause.no for clause in done.version.clauses]


def test_a_changed_text_is_the_next_version_and_an_unchanged_one_is_not(stage):
    assert published(stage) == (1, True, ["1", "2"])
    assert published(stage) == (1, False, ["1", "2"])
    assert published(stage, told="แจ้งเป็นหนังสือ", day="31/5/2567") == (2, True, ["1", "2"])
    with stage.database.look(stage.agency.id) as records:
        (new,) = rules.all_in_force(records, date(2024, 5, 31))
        assert (new.no, new.effective_on) == (2, date(2024, 5, 31))
        (old,) = rules.all_in_force(records, date(2024, 5, 30))
        assert old.no == 1
        ((was, now),) = rules.changes(old, new)
        assert (was.text, now.text) == ("แจ้งด้วยวาจา", "แจ้งเป็นหนังสือ")


def test_a_list_inside_a_clause_stays_in_it(stage):
    published(stage)
    with stage.database.look(stage.agency.id) as records:
        first = rules.all_in_force(records, date(2024, 1, 2))[0].clauses[0]
        assert (first.heading, first.keywords) == ("หลักทั่วไป", "กระเช้า")
        assert "2. จากประชาชน" in first.text


def test_plain_text_with_numbered_lines_is_read_as_well(stage):
    text = "ระเบียบการยืม\n๑. กรอกแบบยืม\nทุกครั้ง\n๒) คืนตามกำหนด\n"
    with stage.database.agency(stage.agency.id) as records:
        version = policies.publish(records, text, kind="state-property", today=date(2024, 1, 5)).version
        assert version.policy.title == "ระเบียบการยืม"
        assert [(one.no, one.text) for one in version.clauses] == [
            ("1", "กรอกแบบยืม ทุกครั้ง"),
            ("2", "คืนตามกำหนด"),
        ]
        assert version.effective_on == date(2024, 1, 5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ไม่มีเลขข้อ", "policies-paper-empty"),
        ("ข้อ 1 ก", "policies-paper-kind"),
        ("---\nkind: x\n---\nข้อ 1 ก\nข้อ ๑ ข", "policies-paper-twice"),
        ("---\nkind: x\neffective_on: 2024-02-31\n---\nข้อ 1 ก", "policies-paper-day"),
        ("---\nkind: x\n---\n## ข้อ 1\n## ข้อ 2 ข", "policies-paper-blank"),
    ],
)
def test_a_broken_text_is_refused_with_what_to_mend(stage, text, why):
    with stage.database.agency(stage.agency.id) as records, pytest.raises(Refused) as refused:
        policies.publish(records, text)
    assert refused.value.reply.say.id == why


def test_another_agency_sees_no_policy_of_ours(stage, noise):
    published(stage)
    with stage.database.look(noise.id) as records:
        assert rules.policies(records) == []
        assert rules.all_in_force(records, date(2024, 6, 1)) == []
