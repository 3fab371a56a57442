"""Whatever somebody changes in the record: it is found and named. Ten thousand times: tests/support/tampering.py."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.proof import check_everything
from engine.proof.columns import LEFT_OUT, PROVED
from models import metadata
from tests.support.installed import Installed
from tests.support.tampering import Vandal, is_named


@pytest.fixture
def installed(database, tmp_path):
    return Installed(database, tmp_path / "documents")


def test_a_random_change_is_found_and_named_and_what_is_untouched_is_not(installed):
    vandal = Vandal(installed)
    office = installed.office

    @settings(max_examples=50, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def whatever_is_changed(seed):
        done, found = vandal.strike(random.Random(seed))
        assert is_named(done, found), done.what

    whatever_is_changed()

    whole = check_everything(office.database, office.definitions, installed.documents, replay=True)
    assert whole.findings == []
    assert whole.cases == 8


def test_of_every_column_of_the_record_it_is_written_by_what_it_is_proved_or_why_it_is_not():
    for name, proved in PROVED.items():
        left_out = LEFT_OUT.get(name, {})
        assert not set(proved) & set(left_out)
        assert {*proved, *left_out} == {column.name for column in metadata.tables[name].columns}, name
    assert set(LEFT_OUT) <= set(PROVED)
