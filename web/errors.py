"""Error pages: a sentence in the reader's language, what to do now, and for our own faults a reference number."""

import logging
import traceback

from flask import Flask, render_template, request
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine.errors import AlurError
from engine.incidents import reference as new_reference
from web.i18n import locale_code

log = logging.getLogger(__name__)

TITLES = {
    400: _("Permintaan tidak dapat dibaca"),
    403: _("Akses ditutup"),
    404: _("Halaman tidak ditemukan"),
    405: _("Permintaan tidak dapat dibaca"),
    409: _("Sudah berubah"),
    413: _("Berkas atau isian terlalu besar"),
    422: _("Isian belum benar"),
    429: _("Terlalu banyak percobaan"),
    500: _("Terjadi gangguan pada sistem"),
    503: _("Layanan sedang tidak dapat dicapai"),
}
ADVICE = {
    503: _("Basis data tidak menjawab. Coba lagi beberapa menit lagi; isian yang sudah tersimpan tidak hilang."),
    400: _("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi."),
    404: _("Alamat ini tidak ada, atau isinya bukan milik Anda. Periksa tautan yang Anda ikuti."),
    405: _("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi."),
    413: _("Setiap berkas paling besar 2 MB. Perkecil berkas, lalu unggah lagi."),
    500: _("Gangguan ini sudah dicatat. Coba lagi beberapa saat lagi; bila berulang, sebutkan nomor di bawah ini."),
}


def install(app: Flask) -> None:
    app.register_error_handler(AlurError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _refused(error: AlurError) -> Response:
    return page(error.http_status, error.message(locale_code()))


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response
    answer = page(error.code or 500)
    for name, value in error.get_headers(request.environ):
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def _fault(error: Exception) -> Response:
    """Our own fault. The log gets place and type, never the message: it may hold what somebody typed."""
    reference = new_reference()
    place = "".join(traceback.format_tb(error.__traceback__))
    log.error(
        "%s %s at %s\n%s",
        reference,
        type(error).__name__,
        request.endpoint,
        place,
        extra={"action": "request_failed", "reference": reference},
    )
    return page(500, reference=reference)


def page(status: int, message: str | None = None, *, reference: str | None = None) -> Response:
    """The error page for a status, with our own sentence if there is one."""
    known = status if status in TITLES else (500 if status >= 500 else 400)
    body = render_template(
        "errors/error.html",
        status=status,
        title=TITLES[known],
        message=message or ADVICE.get(known, ""),
        reference=reference,
    )
    return Response(body, status, content_type="text/html; charset=utf-8")
