"""What an objective is: a function L of P parameters with its gradient and curvature."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Optional, Sequence, Union

import numpy as np

KINDS = ("hessian", "gaussNewton", "fisher", "empiricalFisher")
Block = tuple  # a name and a shape


class Objective:
    """The mean loss over N samples, perhaps with ½·weight_decay·‖θ‖².

    A subclass sets the attributes and overrides what it has; `offers` follows from that. Methods
    are functions of θ alone: the same arguments have the same result.
    """

    name: str = "objective"
    #: P.
    parameters: int
    #: N, where there are samples.
    samples: Optional[int] = None
    #: "float64" or "float32": what it computes in.
    dtype: str = "float64"
    #: Named parts of θ, in order, with their shapes; none is one block.
    blocks: Sequence[Block] = ()
    kinds: Sequence[str] = ("hessian",)
    weight_decay: float = 0.0
    #: Whether it is twice differentiable everywhere, where that is known.
    smooth: Optional[bool] = None
    #: Sentences that are shown with the figures.
    remarks: Sequence[str] = ()
    #: Sentences why no figures should be taken: then none are.
    objections: Sequence[str] = ()

    def point(self) -> np.ndarray:
        """θ as it was given."""
        raise NotImplementedError

    def value(self, theta: np.ndarray) -> float:
        raise NotImplementedError

    def gradient(self, theta: np.ndarray) -> tuple[Optional[float], np.ndarray]:
        """The value, where it costs nothing more, and ∇L(θ)."""
        raise NotImplementedError

    def product(self, theta: np.ndarray, vectors: np.ndarray, kind: str) -> np.ndarray:
        """The matrix times each row of k × P."""
        raise NotImplementedError

    def sample(self, theta: np.ndarray, index: int) -> tuple[float, np.ndarray]:
        """Value and gradient of one sample's term, without weight decay."""
        raise NotImplementedError

    def hessian(self, theta: np.ndarray, kind: str) -> np.ndarray:
        """The whole matrix, P × P."""
        raise NotImplementedError

    def problem(self, message: Any) -> None:
        """Takes up a problem: for implementations of curvature products alone."""
        raise NotImplementedError

    @property
    def offers(self) -> list[str]:
        """The requests that it answers."""
        requests = ("point", "value", "gradient", "product", "sample", "hessian")
        return [r for r in requests if getattr(type(self), r) is not getattr(Objective, r)]

    def describe(self) -> dict[str, Any]:
        """What it says of itself to Saddle."""
        blocks = self.blocks or [("parameters", (self.parameters,))]
        size = sum(int(np.prod(shape, dtype=np.int64)) for _, shape in blocks)
        if size != self.parameters:
            raise ValueError(f"the blocks have {size} parameters, the objective {self.parameters}")
        description: dict[str, Any] = {
            "is": "objective", "name": self.name, "parameters": int(self.parameters),
            "dtype": self.dtype, "offers": self.offers, "kinds": list(self.kinds),
            "weightDecay": float(self.weight_decay),
            "blocks": [{"name": name, "shape": list(shape)} for name, shape in blocks],
        }
        if self.samples is not None:
            description["samples"] = int(self.samples)
        if self.smooth is not None:
            description["smooth"] = bool(self.smooth)
        if self.remarks:
            description["remarks"] = list(self.remarks)
        if self.objections:
            description["objections"] = list(self.objections)
        return description


Product = Callable[[np.ndarray, np.ndarray], np.ndarray]
Matrix = Callable[[np.ndarray], np.ndarray]


@dataclass
class NumpyObjective(Objective):
    """An objective made of functions of NumPy arrays.

    - `start`: θ, P numbers.
    - `value_of`: θ ↦ L(θ); `gradient_of`: θ ↦ ∇L(θ).
    - `product_of`: (θ, v) ↦ ∇²L(θ)·v for one vector v, or such functions by kind.
    - `hessian_of`: θ ↦ P × P, or such functions by kind; products follow where there are no others.
    - `sample_of`: (θ, index) ↦ value and gradient of a sample's term, without weight decay.

    Weight decay is the functions' to add; `weight_decay` only says what they added.
    """

    start: np.ndarray
    value_of: Callable[[np.ndarray], float]
    gradient_of: Matrix
    product_of: Union[Product, Mapping[str, Product], None] = None
    hessian_of: Union[Matrix, Mapping[str, Matrix], None] = None
    sample_of: Optional[Callable[[np.ndarray, int], tuple[float, np.ndarray]]] = None
    name: str = "objective"
    samples: Optional[int] = None
    dtype: str = "float64"
    blocks: Sequence[Block] = ()
    weight_decay: float = 0.0
    smooth: Optional[bool] = None
    remarks: Sequence[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start = np.array(self.start, dtype=self.dtype).reshape(-1)
        self.parameters = self.start.size
        self._products = _by_kind(self.product_of)
        self._matrices = _by_kind(self.hessian_of)
        known = set(self._products) | set(self._matrices)
        if unknown := sorted(known - set(KINDS)):
            raise ValueError(f"no kind is called {', '.join(unknown)}; there are {', '.join(KINDS)}")
        self.kinds = [kind for kind in KINDS if kind in known]

    @property
    def offers(self) -> list[str]:
        optional = {
            "product": bool(self.kinds), "sample": self.sample_of is not None,
            "hessian": bool(self._matrices) and set(self._matrices) == set(self.kinds),
        }
        return ["point", "value", "gradient"] + [name for name, has in optional.items() if has]

    def point(self) -> np.ndarray:
        return self.start

    def value(self, theta: np.ndarray) -> float:
        return float(self.value_of(theta))

    def gradient(self, theta: np.ndarray) -> tuple[Optional[float], np.ndarray]:
        return None, self.gradient_of(theta)

    def product(self, theta: np.ndarray, vectors: np.ndarray, kind: str) -> np.ndarray:
        if kind in self._products:
            along = self._products[kind]
            return np.stack([np.asarray(along(theta, v)).reshape(-1) for v in vectors])
        return vectors @ np.asarray(self._matrices[kind](theta)).T

    def sample(self, theta: np.ndarray, index: int) -> tuple[float, np.ndarray]:
        assert self.sample_of is not None
        return self.sample_of(theta, index)

    def hessian(self, theta: np.ndarray, kind: str) -> np.ndarray:
        return self._matrices[kind](theta)


def _by_kind(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    return dict(given) if isinstance(given, Mapping) else {"hessian": given}
