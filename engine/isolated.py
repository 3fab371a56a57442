"""Asks a program of ours about bytes of strangers, in a process that knows no secret and is stopped when it is late."""

import os
import subprocess
import sys
from pathlib import Path

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


def ask(program: Path, *arguments: str, body: bytes, seconds: float) -> bytes | None:
    """What it writes; None when it had to be stopped. It limits its own memory, and decides what a fault is."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    command = [sys.executable, "-I", "-B", str(program), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 -- our own program, its arguments are ours
            command, input=body, capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout
