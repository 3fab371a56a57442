"""Many accesses end in the same second in a real server that is killed in its middle: none is lost, none ends twice."""

import pytest

from tests.support.midnight import Midnight

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults")]

ACCESSES = 200
PATIENCE = 240


def test_a_midnight_survives_a_kill_and_the_inbox_answers_meanwhile(database, tmp_path):
    night = Midnight(tmp_path, database.url.render_as_string(hide_password=False), ACCESSES)
    try:
        night.build()

        found = night.play(patience=PATIENCE, lead=2)

        assert found["expired"] == ACCESSES
        assert 0 < found["killed_at"] < ACCESSES, "it was killed too late to prove anything"
        assert found["inbox_meanwhile_ms"]["looks"] > 0
        assert night.judge(proofs=3) == {"firings": ACCESSES, "mails": ACCESSES, "proved": 3}
    finally:
        night.close()
