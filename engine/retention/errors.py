"""What can be wrong about a list of what is to be destroyed."""

from engine.errors import AlurError, ConflictError


class RetentionError(AlurError):
    """Retention refused this."""

    indonesian = "Retensi menolak ini."
    code = "retention"


class OnListError(RetentionError, ConflictError):
    """This list was decided already."""

    indonesian = "Daftar ini sudah diputuskan."
    code = "disposal_decided"
    http_status = 409


class BadScheduleError(RetentionError):
    """A schedule needs years from 0 to 100, a fate, and the law or decision it rests on."""

    indonesian = "Jadwal memerlukan jumlah tahun 0 sampai 100, nasib akhir, dan dasar hukumnya."
    code = "bad_schedule"
    http_status = 422
