"""What a schedule's record holds, for the documentation of every handler that answers with one."""

from engine.registry import Field

SCHEDULE_FIELDS = (
    Field("id", "text", "Nomor jadwal", "Id of the schedule"),
    Field("name", "text", "Nama jadwal", "Name of the schedule"),
    Field("kind", "text", "reguler atau instansi", "reguler or instansi"),
    Field("method", "text", "portofolio atau tes_tertulis", "portofolio or tes_tertulis"),
    Field("place", "text", "Tempat", "Place"),
    Field("zone", "text", "Zona waktu", "Time zone"),
    Field("quota", "number", "Kuota", "Quota"),
    Field("starts_at", "date", "Waktu ujian", "When the exam begins"),
    Field("closes_at", "date", "Batas Akhir Pendaftaran", "When registration closes"),
    Field("repair_until", "date", "Batas perbaikan portofolio", "Until when a portfolio may be repaired"),
)
SCHEDULE = Field(
    "schedule",
    "record",
    "Jadwal: id, name, kind, method, place, zone, quota, starts_at, closes_at, repair_until",
    "The schedule: id, name, kind, method, place, zone, quota, starts_at, closes_at, repair_until",
)
