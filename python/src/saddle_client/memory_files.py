"""Large arrays as files in memory, by several threads: to copy and convert takes longer than memory would."""
from __future__ import annotations

import mmap
import os
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

import numpy as np

PIECE = 1 << 18  # elements that are converted at once, within a processor's cache
THREADS = min(4, os.cpu_count() or 1)
_pool = threading.local()


def write(path: str, array: np.ndarray, dtype: np.dtype) -> None:
    """Numbers of a contiguous array as `dtype`, over what was there, whose pages the system then need not
    find and clear again."""
    flat = array.reshape(-1)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        def part(start: int, stop: int) -> None:
            bytes_ = memoryview(np.ascontiguousarray(flat[start:stop], dtype=dtype)).cast("B")
            _all(len(bytes_), lambda done: os.pwrite(
                handle, bytes_[done:], start * dtype.itemsize + done))

        _in_pieces(len(flat), part)
        os.ftruncate(handle, len(flat) * dtype.itemsize)
    finally:
        os.close(handle)


class Mapped:
    """Files of the other end's as arrays, without a copy.

    An array that someone still has when the other end may write again keeps its file to itself: it is taken
    out of the folder, and the other end makes another.
    """

    def __init__(self) -> None:
        self._lent: list[tuple[str, weakref.ref[mmap.mmap]]] = []

    def array(self, path: str, count: int, dtype: np.dtype) -> np.ndarray:
        """`count` numbers, which may be changed; the file does not see it.

        Raises OSError where there is no such file, or it has another size.
        """
        handle = os.open(path, os.O_RDONLY)
        try:
            size = os.fstat(handle).st_size
            if size != count * dtype.itemsize:
                raise OSError(f"{size} bytes where {count * dtype.itemsize} are needed")
            if not size:
                return np.empty(0, dtype)
            memory = mmap.mmap(handle, size, access=mmap.ACCESS_COPY)
        finally:
            os.close(handle)
        self._lent.append((path, weakref.ref(memory)))
        return np.frombuffer(memory, dtype)

    def release(self) -> None:
        """From here on the other end may write.

        Raises OSError where an array would change with that.
        """
        lent, self._lent = self._lent, []
        for path, memory in lent:
            if memory() is not None:
                try:
                    os.unlink(path)
                except FileNotFoundError:
                    pass


def _all(count: int, some: Callable[[int], int]) -> None:
    done = 0
    while done < count:
        now = some(done)
        if not now:
            raise OSError(f"{count - done} bytes are missing")
        done += now


def _in_pieces(count: int, part: Callable[[int, int], None]) -> None:
    """`part` of the ranges that together are 0 … count; what one of them raises is raised."""
    starts = range(0, count, PIECE)
    bounds = [(start, min(count, start + PIECE)) for start in starts]
    if len(bounds) < 4 or THREADS < 2:
        for start, stop in bounds:
            part(start, stop)
        return
    if not hasattr(_pool, "threads"):
        _pool.threads = ThreadPoolExecutor(THREADS)
    # One stretch of pieces a thread: to hand pieces over costs as much as they do.
    stretches = [bounds[k * len(bounds) // THREADS : (k + 1) * len(bounds) // THREADS]
                 for k in range(THREADS)]
    list(_pool.threads.map(lambda stretch: [part(*piece) for piece in stretch], stretches))
