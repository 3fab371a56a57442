"""A real server process on a real port, to be killed and started again, and a small browser without scripts for it."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from tests.support.postgresql import free_port

ROOT = Path(__file__).resolve().parents[2]


class ServerProcess:
    """`alur serve` with its worker, on `database_url`. `start` returns once it answers."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.environment = {
            **os.environ,
            "ALUR_DATA": str(folder / "data"),
            "ALUR_DATABASE_URL": database_url,
            "ALUR_BASE_URL": self.url,
            "ALUR_DEMO": "1",
            "PYTHONUNBUFFERED": "1",
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.program = ["web.cli", "serve"]

    def migrate(self) -> None:
        self.alur("migrate")

    def alur(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on the same installation."""
        command = [sys.executable, "-m", "web.cli", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", *self.program, "--port", str(self.port)]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        wait_until(self._answers, seconds=60)

    def kill(self) -> None:
        """As a power cut would: nothing is finished, nothing is told."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            urllib.request.urlopen(f"{self.url}/masuk", timeout=5).close()  # noqa: S310 -- our own address
        except (urllib.error.URLError, OSError):
            return False
        return True


def wait_until(condition, *, seconds: float) -> None:
    """Ask another process's state again and again until it holds; fail after `seconds`."""
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        if condition():
            return
        pause.wait(0.05)
    msg = "it did not come to hold in time"
    raise AssertionError(msg)


def _whole(answer) -> str:
    """The body; one that is cut off is a cut connection, as if no answer had come."""
    try:
        return answer.read().decode()
    except http.client.HTTPException as cut:
        msg = "the answer was cut off"
        raise ConnectionResetError(msg) from cut


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


class Browser:
    """Keeps cookies and the page's CSRF token; does not follow redirects."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(_NoRedirect, jar)

    def get(self, path: str) -> str:
        status, _, body = self._send(path, None)
        assert status == 200, (status, path)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', body)
        if found:
            self.token = found.group(1)
        return body

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Status and Location. A connection cut in the middle raises OSError: nobody knows whether it counted."""
        status, location, _ = self._send(path, {"csrf_token": self.token, **fields})
        return status, location

    def sign_in(self, email: str, password: str) -> None:
        self.get("/masuk")
        status, _ = self.post("/masuk", email=email, password=password)
        assert status == 303, status
        self.get("/akun")

    def _send(self, path: str, fields: dict[str, str] | None) -> tuple[int, str, str]:
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.url + path, data)  # noqa: S310 -- our own address
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.headers.get("Location", ""), _whole(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers.get("Location", ""), _whole(answer)
