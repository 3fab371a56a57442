"""The processes that set letters: started when the first letter is wanted, asked again for the next, ended with us."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from engine.letters.errors import LetterTooHeavyError

_CHILD = Path(__file__).with_name("child.py")
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
AT_ONCE = 2
"""Letters at once: each may take its whole allowance of memory."""


class Press:
    """One process of `child.py`. It ends when our end of its input does, however we end."""

    def __init__(self) -> None:
        # Nothing is ever in this folder: all that a template may find.
        self._empty = tempfile.TemporaryDirectory(prefix="alur-letter-")
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["RAYON_NUM_THREADS"] = "2"
        self._process = subprocess.Popen(  # noqa: S603 -- our own program, its arguments are ours
            [sys.executable, "-I", "-B", str(_CHILD), self._empty.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=self._empty.name,
            start_new_session=True,
        )

    def ask(self, work: bytes, seconds: float) -> bytes:
        """The answer, empty when the letter's process was stopped at a limit. OSError when the press is broken."""
        late = threading.Timer(seconds, self._kill)
        late.start()
        try:
            source, sink = _pipes(self._process)
            sink.write(len(work).to_bytes(8, "big") + work)
            sink.flush()
            head = source.read(8)
            if len(head) < 8:
                raise BrokenPipeError
            size = int.from_bytes(head, "big")
            answer = source.read(size)
            if len(answer) < size:
                raise BrokenPipeError
            return answer
        finally:
            late.cancel()

    def stop(self) -> None:
        """End it and the letter it is at."""
        self._kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._empty.cleanup()

    def _kill(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdout is None or process.stdin is None:
        raise BrokenPipeError
    return process.stdout, process.stdin


class Presses:
    """At most `AT_ONCE` presses; one that broke is replaced by the next letter."""

    def __init__(self) -> None:
        self._idle: SimpleQueue[Press | None] = SimpleQueue()
        for _ in range(AT_ONCE):
            self._idle.put(None)

    def ask(self, work: bytes, seconds: float) -> bytes:
        """What a press answers. LetterTooHeavyError when it had to be stopped."""
        with self._one() as press:
            try:
                return press.ask(work, seconds)
            except (OSError, ValueError):  # stopped for being late, or gone
                press.stop()
                raise LetterTooHeavyError from None

    @contextmanager
    def _one(self) -> Iterator[Press]:
        press = self._idle.get()
        broken = True
        try:
            press = press or Press()
            yield press
            broken = False
        finally:
            self._idle.put(None if broken else press)


PRESSES = Presses()
"""Of this process: a server that forks must do so before it writes its first letter."""
