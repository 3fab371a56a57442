"""Settings of a process: what `process.toml` says, as a form."""

from web.studio.settings.views import blueprint

__all__ = ["blueprint"]
