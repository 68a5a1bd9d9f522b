"""Messages: a line of JSON, then the bytes of the arrays that it names, or files in memory."""
from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Mapping, Optional

import numpy as np

from . import memory_files

HEADER_LIMIT = 16 << 20
FILE_THRESHOLD = 1 << 20
DTYPES = {"float64": np.dtype("<f8"), "float32": np.dtype("<f4"), "int64": np.dtype("<i8")}


class WireError(Exception):
    """What came is no message, so that nobody knows where the next one begins."""


@dataclass
class Message:
    """A header and its arrays by name."""

    header: dict[str, Any]
    arrays: dict[str, np.ndarray] = field(default_factory=dict)


def encoded(value: Any) -> Any:
    """The same as JSON has it: NaN and the infinities are strings, NumPy's numbers are numbers."""
    if isinstance(value, Mapping):
        return {str(key): encoded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encoded(item) for item in value]
    if isinstance(value, np.ndarray):
        return encoded(value.tolist())
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    return value


def number(value: Any) -> float:
    """A header's number, which may be one of the strings "NaN", "Infinity" and "-Infinity"."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{value!r} is no number")
    if isinstance(value, str) and value not in ("NaN", "Infinity", "-Infinity"):
        raise ValueError(f"{value!r} is no number")
    return float(value)


class Wire:
    """One end of a conversation over two byte streams.

    - `folder`: where large arrays are files, once both ends have agreed; None until then.
    """

    def __init__(self, reader: BinaryIO, writer: BinaryIO, folder: Optional[str] = None):
        self.reader, self.writer, self.folder = reader, writer, folder
        self._mapped = memory_files.Mapped()

    @classmethod
    def standard(cls) -> Wire:
        """This process's standard input and output, which from then on are the protocol's alone."""
        return cls(*claim_streams())

    def read(self) -> Optional[Message]:
        """The next message, or None at the end of the stream.

        Raises WireError where the stream ends within a message, or what came is none.
        """
        line = self.reader.readline(HEADER_LIMIT + 1)
        if not line:
            return None
        if not line.endswith(b"\n"):
            raise WireError(f"a header of {len(line)} bytes without an end")
        try:
            header = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise WireError(f"no JSON: {error}: {line[:80]!r}") from error
        if not isinstance(header, dict):
            raise WireError(f"a header is an object: {line[:80]!r}")
        arrays = header.pop("arrays", [])
        if not isinstance(arrays, list):
            raise WireError(f'"arrays" is a list: {line[:80]!r}')
        return Message(header, dict(self._read_array(array) for array in arrays))

    def write(
        self, header: Mapping[str, Any], arrays: Mapping[str, np.ndarray] = {},
        dtype: Optional[str] = None,
    ) -> None:
        """Sends a message; arrays are sent as what they are (float64, float32 or int64), or as `dtype`."""
        described, parts = [], []
        for place, (name, given) in enumerate(arrays.items()):
            array = np.asarray(given)
            sent = dtype or array.dtype.name
            if sent not in DTYPES:
                raise TypeError(f"{name} is {sent}, not one of {', '.join(DTYPES)}")
            entry: dict[str, Any] = {"name": name, "dtype": sent, "shape": list(array.shape)}
            path = self._written(array, DTYPES[sent], place)
            if path is not None:
                entry["file"] = path
            else:
                parts.append(np.ascontiguousarray(array, dtype=DTYPES[sent]))
            described.append(entry)
        whole = {**header, "arrays": described} if described else dict(header)
        line = json.dumps(encoded(whole), separators=(",", ":"), allow_nan=False).encode() + b"\n"
        if len(line) > HEADER_LIMIT:
            raise ValueError(f"a header of {len(line)} bytes, more than {HEADER_LIMIT}")
        self._mapped.release()
        self.writer.write(line)
        for part in parts:
            if part.size:
                self.writer.write(memoryview(part).cast("B") if part.ndim else part.tobytes())
        self.writer.flush()

    def agree(self, folder: Any) -> bool:
        """Whether large arrays go through files in a folder that the other end names."""
        if isinstance(folder, str) and os.path.isdir(folder) and os.access(folder, os.W_OK):
            self.folder = folder
            return True
        return False

    def close(self) -> None:
        for stream in (self.reader, self.writer):
            try:
                stream.close()
            except OSError:  # the other end is gone
                pass

    def _written(self, array: np.ndarray, dtype: np.dtype, place: int) -> Optional[str]:
        """The file that a large array was written to, or None where it goes through the stream."""
        if self.folder is None or array.size * dtype.itemsize < FILE_THRESHOLD:
            return None
        path = os.path.join(self.folder, f"client-{os.getpid()}-{place}")
        try:
            memory_files.write(path, np.ascontiguousarray(array), dtype)
        except OSError:  # the folder is full, or gone
            return None
        return path

    def _read_array(self, entry: Any) -> tuple[str, np.ndarray]:
        try:
            name, dtype, shape = entry["name"], DTYPES[entry["dtype"]], entry["shape"]
            whole = isinstance(name, str) and all(type(n) is int and n >= 0 for n in shape)
        except (KeyError, TypeError) as error:
            raise WireError(f"no description of an array: {entry!r}"[:200]) from error
        if not whole:
            raise WireError(f"no description of an array: {entry!r}"[:200])
        count = math.prod(shape)
        try:
            if "file" in entry:
                path = str(entry["file"])
                if self.folder is None or os.path.dirname(path) != self.folder:
                    raise WireError(f"{name} is in {path}, not in the folder agreed on, {self.folder}")
                return name, self._mapped.array(path, count, dtype).reshape(shape)
            array = np.empty(count, dtype)
        except OSError as error:
            raise WireError(f"{name} is in a file that cannot be read: {error}") from error
        except (MemoryError, ValueError) as error:
            raise WireError(f"{name} of shape {shape} does not fit in memory") from error
        self._fill(name, array)
        return name, array.reshape(shape)

    def _fill(self, name: str, array: np.ndarray) -> None:
        rest = memoryview(array).cast("B") if array.size else memoryview(b"")
        while len(rest):
            count = self.reader.readinto(rest)  # type: ignore[attr-defined]
            if not count:
                raise WireError(f"the stream ended {len(rest)} bytes before the end of {name}")
            rest = rest[count:]


_claimed: Optional[tuple[BinaryIO, BinaryIO]] = None


def claim_streams() -> tuple[BinaryIO, BinaryIO]:
    """Takes standard input and output for the protocol; a second call gives the same.

    From then on whatever this process or its children print goes to standard error, and nothing
    but the protocol reads the input. What was printed before and is still in Python's buffer goes
    to standard error too.
    """
    global _claimed
    if _claimed is None:
        reader = os.fdopen(os.dup(0), "rb", buffering=1 << 16)
        writer = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
        os.dup2(2, 1)  # before the flush, so that buffered text follows
        if sys.stdout is not None:
            sys.stdout.flush()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        _claimed = (reader, writer)
    return _claimed
