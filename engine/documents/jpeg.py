"""A JPEG taken apart and put together again with only what draws the picture.

Comments, camera data (place and time), thumbnails, previews and colour profiles too large to be one are left out: a
second file can hide in any of them, and a place of living in some. Nothing is decoded here.
"""

import struct
from dataclasses import dataclass

from engine.documents.errors import DamagedFileError, TooComplicatedError, TooManyPixelsError, TrailingDataError

MAX_PIXELS, MAX_SIDE, MAX_SCANS, MAX_PROFILE = 40_000_000, 12_000, 100, 4_096
_PROGRESSIVE, _END, _SCAN, _JFIF, _EXIF, _PROFILE, _ADOBE = 0xC2, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = frozenset({0xC0, 0xC1, _PROGRESSIVE})
"""Baseline, extended and progressive: what readers and printers know."""
_DRAWING = _FRAMES | {0xC4, 0xDB, 0xDD, _SCAN}
_DROPPED = frozenset(range(0xE0, 0xF0)) | {0xFE}


@dataclass(frozen=True)
class Stripped:
    """`body` is what is kept; `width` and `height` as its frame claims."""

    body: bytes
    width: int
    height: int
    single: bool
    """All lines come in one scan, one after the other."""

    @property
    def probe(self) -> bytes:
        """The picture as it must be decodable. A decoder fills up what is missing before an end mark with grey; with
        a little padding in the mark's place, whoever lacks data runs out of it and says so.
        """
        return self.body[:-2] + b"\0" * 64 if self.single else self.body


def strip(body: bytes) -> Stripped:
    """Keep the picture and its orientation. Whatever follows it must be further pictures (previews) or nothing."""
    picture = _Picture(body)
    end = picture.walk(0)
    _check_rest(body, end)
    if picture.size is None or not picture.scans:
        raise DamagedFileError
    width, height = picture.size
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
        raise TooManyPixelsError(width=width, height=height)
    return Stripped(picture.kept(), width, height, single=picture.sequential and picture.scans == 1)


def _check_rest(body: bytes, end: int) -> None:
    """Phones append smaller pictures (gain maps, stereo); they are cut off. Padding too. Anything else is refused."""
    while body[end : end + 3] == b"\xff\xd8\xff":
        try:
            end = _Picture(body).walk(end)
        except DamagedFileError:
            raise TrailingDataError from None
    if body[end:].strip(b"\0"):
        raise TrailingDataError


class _Picture:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._parts: list[bytes] = []
        self._orientation = 1
        self.size: tuple[int, int] | None = None
        self.scans = 0
        self.sequential = False

    def kept(self) -> bytes:
        head = b"\xff\xd8" + (_orientation_segment(self._orientation) if self._orientation != 1 else b"")
        return head + b"".join(self._parts) + b"\xff\xd9"

    def walk(self, start: int) -> int:
        """Go over the segments of the picture that begins at `start`; the position behind its end."""
        if self._body[start : start + 3] != b"\xff\xd8\xff":
            raise DamagedFileError
        position = start + 2
        while True:
            position = self._marker_at(position)
            marker = self._body[position + 1]
            if marker == _END:
                return position + 2
            position = self._segment(marker, position)

    def _marker_at(self, position: int) -> int:
        body = self._body
        while body[position : position + 2] == b"\xff\xff":  # fill bytes
            position += 1
        if position + 2 > len(body) or body[position] != 0xFF:
            raise DamagedFileError
        return position

    def _segment(self, marker: int, position: int) -> int:
        body = self._body
        if marker not in _DRAWING | _DROPPED or position + 4 > len(body):
            raise DamagedFileError
        end = position + 2 + struct.unpack(">H", body[position + 2 : position + 4])[0]
        segment = body[position:end]
        if len(segment) < 4 or end > len(body):
            raise DamagedFileError
        self._note(marker, segment)
        if marker in _DRAWING or _worth_keeping(marker, segment):
            self._parts.append(segment)
        return self._scan(end) if marker == _SCAN else end

    def _note(self, marker: int, segment: bytes) -> None:
        if marker in _FRAMES:
            if self.size is not None or len(segment) < 10:
                raise DamagedFileError
            height, width = struct.unpack(">HH", segment[5:9])
            self.size = width, height
            self.sequential = marker != _PROGRESSIVE
        elif marker == _EXIF and segment[4:10] == b"Exif\0\0":
            self._orientation = _orientation(segment[10:])

    def _scan(self, start: int) -> int:
        """Over the entropy-coded data to the next real marker."""
        self.scans += 1
        if self.scans > MAX_SCANS:
            raise TooComplicatedError
        position = start
        while True:
            position = self._body.find(b"\xff", position)
            if position < 0 or position + 1 >= len(self._body):
                raise DamagedFileError
            follower = self._body[position + 1]
            if follower != 0 and not 0xD0 <= follower <= 0xD7:  # neither a stuffed byte nor a restart
                break
            position += 2
        self._parts.append(self._body[start:position])
        return position


def _worth_keeping(marker: int, segment: bytes) -> bool:
    """What changes how the picture looks: its density, its colour transform, a small colour profile."""
    if marker == _JFIF:
        return segment[4:9] == b"JFIF\0" and len(segment) == 18
    if marker == _ADOBE:
        return segment[4:9] == b"Adobe" and len(segment) == 16
    return marker == _PROFILE and segment[4:16] == b"ICC_PROFILE\0" and len(segment) <= MAX_PROFILE


def _orientation(tiff: bytes) -> int:
    """1 to 8 as the camera noted it; 1 when it cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        offset = struct.unpack(order + "I", tiff[4:8])[0]
        for index in range(min(struct.unpack(order + "H", tiff[offset : offset + 2])[0], 64)):
            entry = tiff[offset + 2 + 12 * index :][:12]
            if struct.unpack(order + "H", entry[:2])[0] == 0x0112:
                value = struct.unpack(order + "H", entry[8:10])[0]
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _orientation_segment(orientation: int) -> bytes:
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff
