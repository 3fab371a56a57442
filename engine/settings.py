"""What an installation may set, read once from the environment (`ALUR_…`)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Paths are absolute; `smtp_url` is `smtp://[user:password@]host:port` or empty for the spool."""

    database_url: str
    data_folder: Path
    packages_folder: Path
    base_url: str
    allowed_hosts: tuple[str, ...]
    secret_key: bytes
    smtp_url: str
    mail_sender: str
    bounce_address: str
    """Where what comes back is sent, with `+token` in its local part; empty: to the sender, as servers are set up."""
    bounces_folder: Path | None
    """The Maildir that the mail server delivers it to, if the ticker is to look there."""
    signing: str
    """Which service signs letters: `development` or `bsre-simulasi`."""
    demo: bool
    tls: bool
    studio_four_eyes: bool = True
    """Must a second owner look at what is published?"""
    anchor_folder: Path | None = None
    """Where the signed anchors are written; outside of the data, so that nobody alters both."""
    anchor_mail: tuple[str, ...] = ()
    """Who gets them by mail."""
    anchor_timestamp_url: str = ""
    """A time-stamping service (RFC 3161)."""

    @property
    def documents_folder(self) -> Path:
        return self.data_folder / "documents"

    @property
    def signing_folder(self) -> Path:
        """Keys and certificates; readable by nobody else."""
        return self.data_folder / "signing"

    @property
    def exports_folder(self) -> Path:
        """Files that wait a day for who asked for them; readable by nobody else."""
        return self.data_folder / "exports"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        env = os.environ if environment is None else environment
        data = Path(env.get("ALUR_DATA", ROOT / "var")).resolve()
        base_url = env.get("ALUR_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        hosts = env.get("ALUR_ALLOWED_HOSTS", "127.0.0.1,localhost")
        return cls(
            database_url=env.get("ALUR_DATABASE_URL", f"sqlite:///{data / 'alur.sqlite3'}"),
            data_folder=data,
            packages_folder=Path(env.get("ALUR_PACKAGES", ROOT / "bpmn")).resolve(),
            base_url=base_url,
            allowed_hosts=tuple(h.strip().lower() for h in hosts.split(",") if h.strip()),
            secret_key=_secret(env.get("ALUR_SECRET_KEY"), data),
            smtp_url=env.get("ALUR_SMTP_URL", ""),
            mail_sender=env.get("ALUR_MAIL_SENDER", "Alur <alur@localhost>"),
            bounce_address=env.get("ALUR_BOUNCE_ADDRESS", "").strip(),
            bounces_folder=Path(bounces).resolve() if (bounces := env.get("ALUR_BOUNCES", "")) else None,
            signing=env.get("ALUR_SIGNING", "development"),
            demo=env.get("ALUR_DEMO", "") not in ("", "0"),
            tls=base_url.startswith("https://"),
            anchor_folder=Path(env.get("ALUR_ANCHOR_FOLDER", "") or data / "anchors").resolve(),
            anchor_mail=tuple(a.strip() for a in env.get("ALUR_ANCHOR_MAIL", "").split(",") if a.strip()),
            anchor_timestamp_url=env.get("ALUR_ANCHOR_TIMESTAMP", "").strip(),
            studio_four_eyes=env.get("ALUR_STUDIO_FOUR_EYES", "1") not in ("", "0"),
        )


def _secret(given: str | None, data: Path) -> bytes:
    if given:
        return given.encode()
    path = data / "secret"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return path.read_bytes().strip()
