"""The real application on a real port, for browsers: waitress in a thread, on a clock that the test moves."""

import logging
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from waitress.server import create_server

from engine.clock import Clock
from engine.people import find_by_email
from engine.settings import Settings
from engine.unit_of_work import Database
from engine.worker import Ticker
from handlers.demo import load_demo
from handlers.demo.load import Demo
from models import User, WebSession
from tests.support.postgresql import free_port
from web.app import create_app
from web.context import EXTENSION, Services
from web.sessions import digest

FEW = ("access", "expiry", "lpse")
"""Parts of the demo that most pages are tried with: the others take seconds."""


class Site:
    """`with Site(folder, database, clock) as site`: serves until the block ends. `tick()` does what is due, here."""

    def __init__(self, folder: Path, database: Database, clock: Clock, *, smtp_url: str = "") -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = database
        self.clock = clock
        self.settings = Settings.from_environment(
            {
                "ALUR_DATA": str(folder / "data"),
                "ALUR_DEMO": "1",
                "ALUR_SECRET_KEY": "for tests only",
                "ALUR_BASE_URL": self.url,
                "ALUR_SMTP_URL": smtp_url,
            }
        )
        self.app = create_app(self.settings, clock=clock, database=database)
        self.parts: Services = self.app.extensions[EXTENSION]
        parts = self.parts
        self.ticker = Ticker(parts.runner, parts.registry, parts.mailer, clock)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news on a busy machine
        self._server = create_server(self.app, host="127.0.0.1", port=self.port, threads=4, ident="")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join(timeout=10)
        self.close()

    def _serve(self) -> None:
        # Like the server's own `run`, which ends with the program only.
        while not self._stopping.is_set():
            self._server.asyncore.loop(timeout=0.5, map=self._server._map, count=1)

    def load_demo(self, *parts: str) -> Demo:
        """Accounts, instansi, packages and cases, as `make run` loads them; of a few `parts` only."""
        now = self.clock.now()
        demo = load_demo(self.settings, self.database, self.parts.registry, now, parts=parts or FEW)
        self.tick()
        return demo

    def tick(self) -> int:
        # In a thread of its own, as in a worker: the browser's thread runs an event loop, and signing wants one.
        with ThreadPoolExecutor(1) as worker:
            return worker.submit(self.ticker.run_once).result()

    def move_to(self, instant: datetime) -> None:
        """Let time pass; whatever comes due on the way is done."""
        self.clock.move_to(instant)
        self.tick()

    def close(self) -> None:
        """For a site that never served: give its port back."""
        self._server.task_dispatcher.shutdown()
        for channel in list(self._server._map.values()):
            channel.close()

    def person(self, email: str) -> User:
        with self.database.read() as unit:
            user = find_by_email(unit, email)
        assert user is not None, email
        return user

    def session_of(self, email: str) -> dict[str, str]:
        """A cookie that signs this person in, as after the login page."""
        value, now = secrets.token_urlsafe(32), self.clock.now()
        user = self.person(email)
        with self.database.write() as unit:
            unit.session.add(
                WebSession(
                    digest=digest(value),
                    user_id=user.id,
                    data={},
                    created_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(hours=12),
                )
            )
        return {"name": "alur", "value": value, "url": self.url}
