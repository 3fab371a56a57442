"""Cases recorded by earlier versions of the engine: they prove themselves, re-execute, and can be finished."""

import json

import pytest

from models import Instance
from tests.support.histories import FOLDER, load
from tests.support.office import Office
from tests.support.records import findings_of_all
from tests.support.rich import play_to_the_end

FILES = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", [path.name for path in FILES])
def test_a_case_of_an_earlier_day_is_reproduced_and_goes_on(database, name):
    load(database, json.loads((FOLDER / name).read_text(encoding="utf-8")))
    office = Office(database)
    assert findings_of_all(database) == {}

    office.wait(days=5)
    (case,) = (c.id for c in office.rows(Instance, status="active"))
    play_to_the_end(office, case)

    assert office.case(case).status == "completed"
