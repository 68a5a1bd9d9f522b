"""Which way products go: the fastest of those that work, found once."""
from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Callable

import torch

from .torch_products import DoubleBackward, ForwardOverReverse, Parts

NAMES = ("forward", "backward")
FAULTS = (RuntimeError, NotImplementedError, ValueError, TypeError)


def ways_named(name: str | None) -> list[Any]:
    """Those of one name, or all."""
    if name is not None and name not in NAMES:
        raise ValueError(f"products {name!r}: there are {', '.join(NAMES)}")
    forward = [ForwardOverReverse(batched=True), ForwardOverReverse(batched=False)]
    return (forward if name != "backward" else []) + ([DoubleBackward()] if name != "forward" else [])


class Ways:
    """Tries all ways at the first product of each kind, and keeps to the fastest that works.

    Products with one vector and with several are apart. What is taken is kept, since ways differ in
    rounding, and the same product twice has to be the same. `trial` surrounds what is tried, so that
    nothing of it is left.
    """

    def __init__(self, ways: Sequence[Any], trial: Callable[[], AbstractContextManager] = nullcontext):
        self._ways, self._trial = list(ways), trial
        self.taken: dict[tuple[str, bool], Any] = {}

    def product(self, kind: str, count: int, by: Callable[[Any], Parts]) -> Parts:
        """`by` the way of products of this kind with `count` vectors."""
        key = (kind, count > 1)
        if (way := self.taken.get(key)) is not None:
            try:
                return by(way)
            except torch.cuda.OutOfMemoryError:
                raise
            except FAULTS:
                pass  # of an operation that no product met before, or of the model
        way = self._fastest(count, by)
        result = by(way)
        self.taken[key] = way
        return result

    def _fastest(self, count: int, by: Callable[[Any], Parts]) -> Any:
        best, least, fault = None, float("inf"), None
        # To vmap over one vector costs and gains nothing.
        for way in [w for w in self._ways if count > 1 or not w.batched] or self._ways:
            try:
                seconds = self._time(way, by)
            except FAULTS as error:
                fault = (way, error)
                continue
            if seconds < 0.9 * least:  # else the first stays, so that noise does not choose
                best, least = way, seconds
        if best is None:
            way, error = fault
            raise RuntimeError(f"no product by {way.name}: {error}") from error
        return best

    def _time(self, way: Any, by: Callable[[Any], Parts]) -> float:
        """Of the second run, where that takes little: a first one compiles and allocates."""
        for _ in range(2):
            with self._trial():
                start = time.perf_counter()
                result = by(way)
                next(iter(result.values())).reshape(-1)[:1].cpu()  # waits for a device
                seconds = time.perf_counter() - start
            if seconds > 10:
                break
        return seconds
