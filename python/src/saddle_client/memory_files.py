"""Large arrays as files in memory, by several threads: to copy and convert takes longer than memory would."""
from __future__ import annotations

import os
import threading
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


def read(path: str, array: np.ndarray) -> int:
    """Fills a contiguous array; how many bytes the file has."""
    handle = os.open(path, os.O_RDONLY)
    try:
        size = os.fstat(handle).st_size
        if size == array.nbytes and size:
            bytes_ = memoryview(array).cast("B")

            def part(start: int, stop: int) -> None:
                start, stop = start * array.itemsize, stop * array.itemsize
                _all(stop - start, lambda done: os.preadv(
                    handle, [bytes_[start + done : stop]], start + done))

            _in_pieces(array.size, part)
        return size
    finally:
        os.close(handle)


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
