"""What a calendar refuses to compute. The docstring is the English message, `indonesian` the Indonesian one."""

from typing import Any, ClassVar


class WorkingCalendarError(ValueError):
    """The date cannot be computed."""

    indonesian: ClassVar[str] = "Tanggal tidak dapat dihitung."

    def __init__(self, **context: Any) -> None:
        self.context = context
        super().__init__(self.message("en"))

    def message(self, locale: str = "id") -> str:
        """What is wrong, for a person, in `locale` ("id" or "en")."""
        template = self.indonesian if locale.startswith("id") else (type(self).__doc__ or "").strip()
        return template.format_map(self.context)


class NoDecreeError(WorkingCalendarError):
    """No joint decree (SKB 3 Menteri) on public holidays and joint leave is recorded for {year}: a deadline in that year would be a guess and is refused."""  # noqa: E501 -- the docstring is the message

    indonesian = (
        "SKB 3 Menteri tentang hari libur nasional dan cuti bersama tahun {year} belum tercatat: "
        "batas waktu di tahun itu hanya akan menjadi perkiraan dan ditolak."
    )


class DayOffError(WorkingCalendarError):
    """{day} is not a working day: {why_en}."""

    indonesian = "{hari} bukan hari kerja: {why_id}."


class AmountError(WorkingCalendarError):
    """The number of days or months must be a whole number from {least} to {most}, not {given!r}."""

    indonesian = "Jumlah hari atau bulan harus bilangan bulat dari {least} sampai {most}, bukan {given!r}."


class BadDayError(WorkingCalendarError):
    """A date, or an instant with its zone, is needed, not {given!r}."""

    indonesian = "Yang diperlukan adalah tanggal, atau waktu dengan zonanya, bukan {given!r}."


class BadTimeError(WorkingCalendarError):
    """A time of day is written like "16:00" or "16.00", not {given!r}."""

    indonesian = "Jam ditulis seperti “16.00” atau “16:00”, bukan {given!r}."


class UnknownZoneError(WorkingCalendarError):
    """There is no time zone called {given!r}; use WIB, WITA, WIT or a name like Asia/Jakarta."""

    indonesian = "Tidak ada zona waktu bernama {given!r}; gunakan WIB, WITA, WIT, atau nama seperti Asia/Jakarta."
