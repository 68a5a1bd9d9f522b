"""The other things that Saddle tests: eigensolvers, samplers, laws, trace estimators."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

import numpy as np

from .wire import Message, number

Array = np.ndarray


class Tool:
    """A program of some functions, of which it offers those that are given."""

    kind: str
    verbs: Sequence[str]
    name: str
    remarks: Sequence[str]

    def describe(self) -> dict[str, Any]:
        offers = [verb for verb in self.verbs if getattr(self, verb) is not None]
        description: dict[str, Any] = {"is": self.kind, "name": self.name, "offers": offers}
        if self.remarks:
            description["remarks"] = list(self.remarks)
        return description

    def answer(self, request: Message, ask: Callable) -> tuple[dict, dict]:
        do = request.header["do"]
        if do not in self.verbs or getattr(self, do) is None:
            raise ValueError(f"{do!r} is not offered: there are {', '.join(self.describe()['offers'])}")
        return self._answer(do, getattr(self, do), request, ask)

    def _answer(self, do: str, function: Callable, request: Message, ask: Callable) -> Any:
        raise NotImplementedError


@dataclass
class Eigensolver(Tool):
    """Solves real symmetric eigenproblems.

    - `eigenvalues`: A ↦ n numbers, ascending.
    - `eigensystem`: A ↦ the same, and V whose column j belongs to eigenvalue j.
    - `inertia`: (A, shift) ↦ how many eigenvalues of A − shift·I are negative, zero, positive.
    """

    eigenvalues: Optional[Callable[[Array], Array]] = None
    eigensystem: Optional[Callable[[Array], tuple[Array, Array]]] = None
    inertia: Optional[Callable[[Array, float], tuple[int, int, int]]] = None
    name: str = "eigensolver"
    #: What it computes in.
    dtype: str = "float64"
    remarks: Sequence[str] = field(default_factory=list)
    kind = "eigensolver"
    verbs = ("eigenvalues", "eigensystem", "inertia")

    def describe(self) -> dict[str, Any]:
        return {**super().describe(), "dtype": self.dtype}

    def _answer(self, do: str, function: Callable, request: Message, ask: Callable) -> Any:
        matrix = array_of(request, "matrix")
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
            raise ValueError(f"a matrix of shape {list(matrix.shape)}")
        n = len(matrix)
        if do == "eigenvalues":
            return {}, {"eigenvalues": _doubles(function(matrix), (n,))}
        if do == "eigensystem":
            values, vectors = function(matrix)
            return {}, {"eigenvalues": _doubles(values, (n,)), "eigenvectors": _doubles(vectors, (n, n))}
        counts = [int(c) for c in function(matrix, number(request.header.get("shift", 0)))]
        return dict(zip(("negative", "zero", "positive"), counts)), {}


@dataclass
class Sampler(Tool):
    """Draws random symmetric matrices.

    - `matrix`, `spectrum`, `spike`: (ensemble, order, seed) ↦ a matrix; its eigenvalues; a spiked
      matrix's direction and top eigenvector. `ensemble` is as the protocol has it, such as
      {"name": "wishart", "degrees": 40}.
    """

    matrix: Optional[Callable[[Mapping, int, int], Array]] = None
    spectrum: Optional[Callable[[Mapping, int, int], Array]] = None
    spike: Optional[Callable[[Mapping, int, int], tuple[Array, Array]]] = None
    name: str = "sampler"
    remarks: Sequence[str] = field(default_factory=list)
    kind = "sampler"
    verbs = ("matrix", "spectrum", "spike")

    def _answer(self, do: str, function: Callable, request: Message, ask: Callable) -> Any:
        n, ensemble = int(request.header["order"]), request.header["ensemble"]
        found = function(ensemble, n, int(request.header["seed"]))
        if do == "matrix":
            return {}, {"matrix": _doubles(found, (n, n))}
        if do == "spectrum":
            return {}, {"eigenvalues": _doubles(found, (n,))}
        return {}, {"direction": _doubles(found[0], (n,)), "eigenvector": _doubles(found[1], (n,))}


@dataclass
class Law(Tool):
    """Probability laws.

    - `density`, `cumulative`, `survival`, `quantile`: (law, points) ↦ as many values. `law` is as the
      protocol has it, such as {"name": "semicircle", "radius": 2, "center": 0}.
    """

    density: Optional[Callable[[Mapping, Array], Array]] = None
    cumulative: Optional[Callable[[Mapping, Array], Array]] = None
    survival: Optional[Callable[[Mapping, Array], Array]] = None
    quantile: Optional[Callable[[Mapping, Array], Array]] = None
    name: str = "law"
    remarks: Sequence[str] = field(default_factory=list)
    kind = "law"
    verbs = ("density", "cumulative", "survival", "quantile")

    def _answer(self, do: str, function: Callable, request: Message, ask: Callable) -> Any:
        points = array_of(request, "points")
        return {}, {"values": _doubles(function(request.header["law"], points), points.shape)}


@dataclass
class TraceEstimator(Tool):
    """Estimates traces from products.

    - `trace`: (order, budget, seed, multiply) ↦ the estimate, or it with its standard error.
      `multiply` takes k × n vectors as rows, and gives as many products.
    """

    trace: Callable[[int, int, int, Callable[[Array], Array]], Any]
    name: str = "trace"
    remarks: Sequence[str] = field(default_factory=list)
    kind = "trace"
    verbs = ("trace",)

    def _answer(self, do: str, function: Callable, request: Message, ask: Callable) -> Any:
        n, budget, seed = (int(request.header[key]) for key in ("order", "budget", "seed"))

        def multiply(vectors: Array) -> Array:
            rows = _doubles(np.atleast_2d(vectors), None)
            reply = ask({"ask": "product"}, {"vectors": rows})
            return reply.arrays["products"].reshape(np.shape(vectors))

        found = function(n, budget, seed, multiply)
        value, error = found if isinstance(found, tuple) else (found, None)
        answer = {"value": float(value)}
        return (answer if error is None else {**answer, "standardError": float(error)}), {}


def array_of(request: Message, name: str) -> Array:
    if name not in request.arrays:
        raise ValueError(f"{request.header['do']} takes an array {name}")
    return request.arrays[name]


def _doubles(found: Any, shape: Optional[tuple]) -> Array:
    array = np.asarray(found, dtype=np.float64)
    if shape is not None and array.shape != shape:
        raise ValueError(f"the result is of shape {list(array.shape)}, not {list(shape)}")
    return array
