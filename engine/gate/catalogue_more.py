"""Findings about how a whole process goes: branches that do not meet, data that comes too late, deadlines in the past.

Kept apart from the catalogue for length only; `catalogue.py` puts the two together.
"""

Texts = tuple[str, str, str, str]
"""Reason and cure, each in Indonesian and English."""

ERRORS: dict[str, Texts] = {
    "deadlock": ("Gerbang ini menunggu semua alir masuknya, dan “{flow}” tidak pernah ikut datang: kasus macet.",
                 "This gateway waits for all its flows, and “{flow}” never comes with the others: cases get stuck.",
                 "Satukan cabang pilihan dengan gerbang eksklusif, atau bagi dengan gerbang paralel.",
                 "Bring alternatives together with an exclusive gateway, or split with a parallel one."),
    "due_before_start": ("{where} jatuh sebelum dimulai: bila dibuka {opened}, saatnya {due}.",
                         "{where} falls before it starts: when opened {opened}, it is {due}.",
                         'Hitung dari saat tugas dibuka, misalnya working_days_after(now(), 1, at="16:00").',
                         'Count from when the task opens, e.g. working_days_after(now(), 1, at="16:00").'),
}  # fmt: skip

WARNINGS: dict[str, Texts] = {
    "deadlock_possible": ("Gerbang ini menunggu semua alir masuknya; ada jalan tanpa “{flow}”, lalu kasus macet.",
                          "This gateway waits for all its flows; on some ways “{flow}” never comes: the case is stuck.",
                          "Pakai gerbang eksklusif untuk cabang pilihan, atau antar tiap cabang sampai ke sini.",
                          "Use an exclusive gateway for alternatives, or make every branch arrive here."),
    "unsynchronised": ("Cabang yang berjalan bersamaan sejak “{split}” bertemu di sini tanpa saling menunggu.",
                       "Branches that go on side by side since “{split}” meet here without waiting for each other.",
                       "Satukan dengan gerbang paralel; bila tidak, yang sesudahnya dikerjakan sekali tiap cabang.",
                       "Join them with a parallel gateway; else what follows is done once for each branch."),
    "lane_without_role": ("Jalur “{name}” belum punya peran di process.toml.",
                          "The lane “{name}” has no role in process.toml.",
                          "Tetapkan perannya di Pengaturan proses.",
                          "Give it a role in the process settings."),
    "name_later": ("{where} memakai “{name}”, yang baru diisi sesudahnya oleh “{by}”.",
                   "{where} uses “{name}”, which only “{by}” fills, afterwards.",
                   "Pindahkan yang mengisi ke depan, atau pakai default({name}, …).",
                   "Move what fills it forward, or use default({name}, …)."),
    "field_unknown": ("{where} memakai “{name}”, tetapi “{record}” tidak punya isian itu.",
                      "{where} uses “{name}”, but “{record}” has no such field.",
                      "Tambahkan isiannya pada formulir, atau pakai: {known}.",
                      "Add the field to the form, or use: {known}."),
    "answer_unknown": ("{where} membandingkan “{name}” dengan “{value}”, yang bukan pilihan pada formulir “{form}”.",
                       "{where} compares “{name}” with “{value}”, which the form “{form}” does not offer.",
                       "Pakai salah satu: {known}.", "Use one of: {known}."),
    "due_counted_back": ("{where} dihitung mundur dari “{name}”: tugas yang baru terbuka sesudahnya langsung lewat.",
                         "{where} is counted back from “{name}”: a task that opens after that is overdue at once.",
                         "Beri batas bawah, misalnya max(…, now() + days(1)).",
                         "Give it a lower bound, e.g. max(…, now() + days(1))."),
    "due_fixed": ("{where} adalah tanggal tetap: kasus yang sampai di sini sesudahnya langsung terlambat.",
                  "{where} is a fixed date: a case that gets here after it is late at once.",
                  "Pakai parameter, atau hitung dari tanggal kasus atau dari now().",
                  "Use a parameter, or count from a date of the case or from now()."),
}  # fmt: skip
