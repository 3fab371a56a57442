"""What the player says by itself: its scripts hold no words of their own. `{name}` is filled in the browser."""

from flask_babel import gettext as _

SCRIPTS = (
    "js/touch.js",
    "js/diagram.js",
    "js/keyboard.js",
    "js/waypoints.js",
    "js/audit/story.js",
    "js/audit/axis.js",
    "js/audit/worktime.js",
    "js/audit/facts.js",
    "js/audit/parts.js",
    "js/audit/drawing.js",
    "js/audit/motion.js",
    "js/audit/trail.js",
    "js/audit/stage.js",
    "js/audit/list.js",
    "js/audit/panel.js",
    "js/audit/data.js",
    "js/audit/clock.js",
    "js/audit/controls.js",
    "js/audit/player.js",
)
"""What a player is made of, in the order of loading, after the drawing library."""
STYLES = (
    "vendor/bootstrap/bootstrap.min.css",
    "css/alur.css",
    "css/work.css",
    "vendor/bpmn-js/assets/diagram-js.css",
    "vendor/bpmn-js/assets/bpmn-js.css",
    "css/audit-replay.css",
)
"""What it is dressed in, where it stands alone."""


def player_words() -> dict[str, str]:
    """In the reader's language, by the names that the scripts know them by."""
    return {
        "diagram": _("Diagram: {name}"),
        "version": _("versi {n}"),
        "numbered": "({n})",
        "step": _("Langkah {n} dari {all}"),
        "active": _("sedang berjalan"),
        "late": _("terlambat"),
        "when": _("Waktu"),
        "who": _("Siapa"),
        "system": _("Sistem"),
        "role": _("Sebagai"),
        "behalf": _("Atas nama"),
        "to": _("Kepada"),
        "why": _("Mengapa tanggal ini?"),
        "element": _("Pada"),
        "lane": _("Lajur"),
        "inside": _("Di dalam"),
        "cause": _("Akibat dari"),
        "reason": _("Alasan"),
        "cases": _("Kasus lain"),
        "migrated": _("Diagram berganti: dari versi {before} ke versi {after}."),
        "renamed": _("“{before}” sekarang “{after}”"),
        "tokens": _("{n} token"),
        "open": _("Buka isi {name}"),
        "due": _("Tenggat {when}"),
        "left": _("Terpakai {used}, sisa {left}"),
        "over": _("Terpakai {used}, terlambat {left}"),
        "ended": _("Tidak berjalan lagi"),
        "gone": _("sudah dimusnahkan"),
        "brought": _("baru pada langkah ini"),
        "nothing": _("tidak ada"),
        "ofdeed": _("oleh langkah {n} beserta akibatnya"),
        "more": _("{n} perubahan lain"),
        "before": _("sebelum:"),
        "after": _("menjadi:"),
        "broken": _("Data tidak dapat dimuat; muat ulang halaman ini untuk mencoba lagi."),
        "nodeed": _("Tidak ada perbuatan orang lagi ke arah itu."),
    }
