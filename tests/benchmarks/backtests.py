"""How long a back-test takes: 1,000 histories of the flow of a participant, on as many processes as there are cores.

.venv/bin/python -m tests.benchmarks.backtests [DATABASE_URL]    # of a season (`alur demo --season`); else it plays one
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALUR = [str(Path(sys.executable).parent / "alur")]
PACKAGE = "lkpp_participant"
CASES = 1_000
LIMIT = 60
PLANTED = (">suitable == 'sesuai'<", ">suitable == 'sesuai' and score &gt;= 90<")


def measure(environment: dict[str, str], folder: Path) -> list[dict[str, object]]:
    """The same package, and the same with another condition."""
    same, planted = folder / "same" / PACKAGE, folder / "planted" / PACKAGE
    for target in (same, planted):
        shutil.copytree(ROOT / "bpmn" / PACKAGE, target)
    diagram = planted / "diagrams" / "portfolio.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace(*PLANTED), "utf-8")
    return [_run(name, target, environment) for name, target in (("no change", same), ("a condition", planted))]


def _run(name: str, package: Path, environment: dict[str, str]) -> dict[str, object]:
    found = _alur(["backtest", PACKAGE, "--against", str(package), "--sample", str(CASES), "--json"], environment)
    report = json.loads(found.stdout)
    counts = {verdict: report[verdict] for verdict in ("cases", "same", "differs", "missing", "failed")}
    seconds = report["seconds"]
    return {"name": name, **counts, "seconds": seconds, "limit": LIMIT, "ok": seconds <= LIMIT}


def _alur(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ALUR, *arguments], env=environment, capture_output=True, text=True, check=False)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "ALUR_DATA": str(folder / "data")}
        if len(sys.argv) > 1:
            environment["ALUR_DATABASE_URL"] = sys.argv[1]
        else:
            _alur(["migrate"], environment)
            _alur(["demo", "--season", "--participants", str(CASES), "--agencies", "40"], environment)
        results = measure(environment, folder)
    print(json.dumps({"cores": os.cpu_count(), "measurements": results}, indent=2, ensure_ascii=False))  # noqa: T201 -- the result


if __name__ == "__main__":
    main()
