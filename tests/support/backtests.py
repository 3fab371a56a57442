"""Back-tests of an office's recorded cases: `run_again(office, changed)` gives the result of each case, by its id."""

from engine.backtest import back_test, candidate_of, read_pasts
from engine.backtest.past import Past
from models import Instance
from tests.support.bpmn import Process
from tests.support.office import LANES, Office, manifest_of


def files_of(process: Process, *called: Process, toml: str = "", lanes: str = LANES, files=None) -> dict[str, bytes]:
    """A package as `Office.deploy` makes it."""
    manifest = manifest_of(process, *called, toml=toml, lanes=lanes)
    return {**process.files(*called), "process.toml": manifest.encode(), **(files or {})}


def run_again(office: Office, files: dict[str, bytes], key: str | None = None, now=None):
    """What becomes of every recorded case on these files."""
    key = key or office.rows(Instance)[0].definition_key
    candidate = candidate_of(key, files, office.registry)
    ids = sorted(row.id for row in office.rows(Instance, definition_key=key))
    with office.database.read() as unit:
        pasts = list(read_pasts(unit, ids))
        assert all(isinstance(past, Past) for past in pasts)
        results = [back_test(unit, office.definitions, candidate, p, now or office.clock.now()) for p in pasts]
    return {result.instance_id: result for result in results}
