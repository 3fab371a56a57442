"""`alur serve`: the web application on a production server, with the worker inside (embedded profile)."""

import logging
import signal
import sys
from types import FrameType

import click
from waitress.server import create_server

from engine.settings import Settings
from web.app import create_app
from web.cli import CommandLine


@click.command()
@click.option("--host", default="127.0.0.1", envvar="ALUR_HOST", show_default=True)
@click.option("--port", default=8000, type=click.IntRange(0, 65535), envvar="ALUR_PORT", show_default=True)
@click.option("--threads", default=8, envvar="ALUR_THREADS", show_default=True, help="Requests answered at once.")
@click.option("--trusted-proxy", envvar="ALUR_TRUSTED_PROXY", help="Address of the proxy whose X-Forwarded-* counts.")
@click.option("--no-worker", is_flag=True, help="Leave deadlines, jobs and mail to `alur worker`.")
@click.option("-v", "--verbose", is_flag=True, help="Log every request.")
@click.pass_obj
def command(
    line: CommandLine, host: str, port: int, threads: int, trusted_proxy: str | None, no_worker: bool, verbose: bool
) -> None:
    """Serve the pages. Stop with Ctrl+C or SIGTERM: what is running is finished first."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    line.require_tables()
    app = create_app(line.settings, clock=line.clock, database=line.database, start_ticker=not no_worker)
    proxy = {"trusted_proxy": trusted_proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}
    server = create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        ident="",
        clear_untrusted_proxy_headers=True,
        max_request_body_size=64 * 1024 * 1024,
        **(proxy if trusted_proxy else {}),
    )
    signal.signal(signal.SIGTERM, _stop)
    click.echo(_greeting(line.settings, host, port))
    try:
        server.run()
    finally:
        ticker = app.extensions.get("alur_ticker")
        if ticker is not None:
            ticker.stop()
        server.close()


def _greeting(settings: Settings, host: str, port: int) -> str:
    demo = f"\nMails of the demo: {settings.base_url}/mailbox" if settings.demo else ""
    return f"Alur serves on http://{host}:{port}{demo}"


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
