"""Python behind service tasks, one module per subject. `register_all` is called by the composition roots."""

from engine.registry import Registry
from handlers import access, instansi, notification, satuan_kerja

DEFAULT_BASE_URL = "http://127.0.0.1:8000"


def register_all(registry: Registry, *, base_url: str = DEFAULT_BASE_URL) -> None:
    """Put every handler and field source of this installation into `registry`. `base_url` begins links in mails."""
    instansi.register(registry)
    satuan_kerja.register(registry)
    access.register(registry)
    notification.register(registry, base_url)
