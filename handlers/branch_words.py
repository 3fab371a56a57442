"""What must hold before a branch gets an Admin, in the words of a refusal: what is missing, and what to do."""

from engine.texts import Text

NO_COMPANY = Text(
    "Perusahaan induk: Anda tidak mempunyai akses Admin Perusahaan pada perusahaan dengan NIB {nib}. "
    "Selesaikan dahulu pendaftaran akun INAPROC Anda sampai level akses, atau perbaiki NIB-nya.",
    "Parent company: you have no access as Admin Perusahaan of the company with NIB {nib}. "
    "First complete your INAPROC account up to the access, or correct the NIB.",
)
ADMIN_CLOSED = Text(
    "Perusahaan induk: akses Admin Perusahaan Anda pada {company} tidak aktif lagi. Aktifkan kembali akses itu dahulu.",
    "Parent company: your access as Admin Perusahaan of {company} is not active any more. Have it reactivated first.",
)
NOT_A_DIRECTOR = Text(
    "Pengaju: Anda Admin Perusahaan berdasarkan surat kuasa, bukan Penanggung Jawab/Pengurus/Direksi {company} "
    "pada NIB. Mintalah direksi yang menjadi Admin Perusahaan mengajukannya.",
    "Applicant: you are Admin Perusahaan by a power of attorney, not one of the leaders of {company} on its NIB. "
    "Ask the director who is Admin Perusahaan to apply.",
)
NO_ACCOUNT = Text(
    "Personel: belum ada akun INAPROC aktif dengan surel {email}. "
    "Minta yang bersangkutan mendaftar dan mengaktifkan akunnya.",
    "Assignee: there is no active INAPROC account with the e-mail {email}. Ask the person to register and activate it.",
)
NO_PROFILE = Text(
    "Personel: profil {name} belum terverifikasi. "
    "Minta yang bersangkutan melengkapi Profil INAPROC sampai terverifikasi.",
    "Assignee: the profile of {name} is not verified. Ask the person to complete the INAPROC profile until it is.",
)
BRANCH_HELD = Text(
    "Divisi/Cabang: {branch} sudah mempunyai Admin aktif, yaitu {name}. Satu Divisi/Cabang hanya mempunyai satu Admin: "
    "centang “Gantikan Admin yang sekarang”, atau pilih Divisi/Cabang lain.",
    "Division/branch: {branch} has an active Admin already: {name}. A division or branch has one Admin: "
    "tick “Replace the present Admin”, or choose another one.",
)
HOLDS_IT = Text(
    "Personel: {name} sudah menjadi Admin {branch}. Tidak ada yang perlu diajukan.",
    "Assignee: {name} is Admin of {branch} already. There is nothing to apply for.",
)
