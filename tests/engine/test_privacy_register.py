"""Every table is in the register of personal data: what it holds of whom, or that it holds nothing of anybody."""

import re

from engine.privacy.register import CASES, DEEDS, FREE, HOLDINGS
from models import metadata

TELLING = re.compile(
    r"(?:^|_)(?:user_id|person_id|actor_id|owner_id|starter_id|assignee_id|pic_id|reviewer_id|grantor|grantee|by|by_id"
    r"|holder|addressee|recipient|reader|email|phone|nip|nik|identity|birth|password|filename|signer|reason)(?:_|$)"
)
"""A column called like this holds something of a person until the register says what it is."""
NOT_OF_PERSONS = {
    ("move_run", "reason"), ("lpse_phase", "override_reason"), ("letter", "reason"), ("programme_event", "reason"),
    ("publication_act", "reason"), ("paper_rule", "reason"), ("person_profile", "verified_by"),
    ("participant", "verified_at"), ("lpse_event", "reason"), ("instance_data", "by"),
    ("satuan_kerja", "registered_by_instance"), ("company", "registered_by_instance"),
}  # fmt: skip


def known_columns():
    found = {(table, column) for table, columns in {**CASES, **DEEDS}.items() for column in columns}
    for table, holding in HOLDINGS.items():
        found |= {(table, column) for column in {*holding.columns, *holding.silent, *holding.by}}
    return found


def test_every_table_is_in_the_register_once():
    registered = [*HOLDINGS, *CASES, *DEEDS, *FREE]

    missing = sorted(set(metadata.tables) - set(registered))
    assert missing == [], "a new table: say in engine/privacy/register.py what it holds of persons, or that it does not"
    assert sorted(set(registered) - set(metadata.tables)) == []
    assert len(registered) == len(set(registered))


def test_no_column_with_a_telling_name_is_missing():
    columns = {(t.name, c.name) for t in metadata.tables.values() for c in t.columns if TELLING.search(c.name)}

    assert sorted(columns - known_columns() - NOT_OF_PERSONS) == []


def test_the_register_names_columns_that_are_there():
    there = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}

    assert sorted(known_columns() - there) == []
