"""Implementations of curvature products, which are given problems whose matrices are known."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable, Optional

import numpy as np

from .errors import Unsupported
from .objective import Objective
from .tools import array_of
from .wire import Message, number

Array = np.ndarray


@dataclass
class Problem:
    """A small network with its data, whose curvature is asked for."""

    #: {"input": [c, h, w], "layers": […]}: see `torch_network`.
    network: Mapping[str, Any]
    #: "softmaxCrossEntropy" or "meanSquaredError": ½‖output − target‖², mean over samples.
    loss: str
    weight_decay: float
    #: Sizes of batches, which sum to the number of samples.
    batches: Sequence[int]
    inputs: Array
    parameters: Array
    labels: Optional[Array]
    targets: Optional[Array]


class Curvature(Objective):
    """An implementation of curvature products, of problems that it is given.

    - `open`: a Problem ↦ the same as an Objective, with those of `kinds` that it has; raises
      Unsupported for what it cannot do.
    - `kinds`: beside an objective's also "diagonal", "kfac", "ekfac".
    - `offers`: "problem", "product", perhaps "value" and "gradient".
    """

    def __init__(
        self, open: Callable[[Problem], Objective], kinds: Sequence[str], *, name: str = "curvature",
        dtype: str = "float64", offers: Sequence[str] = ("problem", "product"),
        remarks: Sequence[str] = (),
    ):
        self.open, self.kinds, self.name, self.dtype = open, list(kinds), name, dtype
        self.remarks, self._offers = list(remarks), list(offers)
        self.opened: Optional[Objective] = None

    @property
    def offers(self) -> list[str]:
        return self._offers

    def describe(self) -> dict[str, Any]:
        description = {
            "is": "curvature", "name": self.name, "dtype": self.dtype, "offers": self.offers,
            "kinds": self.kinds}
        return {**description, "remarks": self.remarks} if self.remarks else description

    def problem(self, message: Message) -> None:
        header, arrays = message.header, message.arrays
        self.opened = self.open(Problem(
            network=header["network"], loss=header["loss"],
            weight_decay=number(header.get("weightDecay", 0)),
            batches=[int(n) for n in header.get("batches", [len(arrays["inputs"])])],
            inputs=array_of(message, "inputs"), parameters=array_of(message, "parameters"),
            labels=arrays.get("labels"), targets=arrays.get("targets")))

    @property
    def parameters(self) -> int:  # type: ignore[override]
        return self._now.parameters

    def point(self) -> Array:
        return self._now.point()

    def value(self, theta: Array) -> float:
        return self._now.value(theta)

    def gradient(self, theta: Array) -> Any:
        return self._now.gradient(theta)

    def product(self, theta: Array, vectors: Array, kind: str) -> Array:
        if kind not in self._now.kinds:
            raise Unsupported(f"{kind} of this problem")
        return self._now.product(theta, vectors, kind)

    @property
    def _now(self) -> Objective:
        if self.opened is None:
            raise ValueError("there is no problem yet")
        return self.opened
