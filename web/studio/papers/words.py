"""The sentences that js/studio/papers.js says."""

from flask_babel import gettext as _


def page_words() -> dict[str, str]:
    return {
        "drawing": _("Menyiapkan pratinjau…"),
        "ready": _("Pratinjau diperbarui."),
        "failed": _("Pratinjau tidak dapat dibuat: server tidak menjawab. Yang Anda tulis tetap tersimpan."),
        "page": _("Halaman {n} dari {total}"),
        "to_line": _("Ke baris {line}"),
        "no_findings": _("Tidak ada temuan untuk berkas ini."),
    }
