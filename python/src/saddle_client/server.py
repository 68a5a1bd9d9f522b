"""The loop: reads requests, answers each, and goes on after an error."""
from __future__ import annotations

import sys
import traceback
from typing import Any, Callable, Mapping, Optional, Protocol

import numpy as np

from .objective import Objective
from .wire import Message, Wire, WireError

PROTOCOL = 2
Answer = tuple  # a header's members, and arrays by name
Ask = Callable[[Mapping[str, Any], Mapping[str, np.ndarray]], Message]


class Served(Protocol):
    """What `serve` can serve: it describes itself and answers requests."""

    def describe(self) -> dict[str, Any]: ...

    def answer(self, request: Message, ask: Ask) -> Answer: ...


class ServedObjective:
    """An objective with the θ that it was last sent."""

    def __init__(self, objective: Objective):
        self.objective = objective
        self.theta: Optional[np.ndarray] = None
        self.offers: list[str] = []

    @property
    def dtype(self) -> str:
        """What all arrays are sent as."""
        return self.objective.dtype

    def describe(self) -> dict[str, Any]:
        description = self.objective.describe()
        self.offers = description["offers"]
        return description

    def answer(self, request: Message, ask: Ask) -> Answer:
        do = request.header["do"]
        offers = self.offers or self.objective.offers
        if do not in offers:
            raise ValueError(f"{do!r} is not offered: there are {', '.join(offers)}")
        if do == "problem":
            self.objective.problem(request)
            self.theta = None
            return {"ok": True}, {}
        theta = self._theta(request)
        answer = getattr(self, "_" + do)(theta, request)
        self.theta = theta  # after an error θ is what it was
        return answer

    def _theta(self, request: Message) -> np.ndarray:
        if "parameters" in request.arrays:
            return self._checked(request.arrays["parameters"], "parameters", (self._size,))
        return self._start() if self.theta is None else self.theta

    def _start(self) -> np.ndarray:
        return self._sent(self.objective.point(), "parameters", (self._size,)).astype(self.dtype, copy=False)

    def _point(self, theta: np.ndarray, request: Message) -> Answer:
        return {}, {"parameters": self._start()}

    def _value(self, theta: np.ndarray, request: Message) -> Answer:
        return {"value": float(self.objective.value(theta))}, {}

    def _gradient(self, theta: np.ndarray, request: Message) -> Answer:
        value, gradient = self.objective.gradient(theta)
        header = {} if value is None else {"value": float(value)}
        return header, {"gradient": self._sent(gradient, "gradient", (self._size,))}

    def _product(self, theta: np.ndarray, request: Message) -> Answer:
        kind = self._kind(request)
        if "vectors" not in request.arrays:
            raise ValueError("a product takes an array vectors")
        vectors = request.arrays["vectors"]
        vectors = self._checked(vectors, "vectors", (len(vectors) if vectors.ndim else 1, self._size))
        products = self.objective.product(theta, vectors, kind)
        return {}, {"products": self._sent(products, "products", vectors.shape)}

    def _sample(self, theta: np.ndarray, request: Message) -> Answer:
        index, samples = request.header.get("index"), self.objective.samples
        if type(index) is not int or index < 0 or (samples is not None and index >= samples):
            raise ValueError(f"index {index!r}: there are {samples} samples, from 0 on")
        value, gradient = self.objective.sample(theta, index)
        return {"value": float(value)}, {"gradient": self._sent(gradient, "gradient", (self._size,))}

    def _hessian(self, theta: np.ndarray, request: Message) -> Answer:
        matrix = self.objective.hessian(theta, self._kind(request))
        return {}, {"hessian": self._sent(matrix, "hessian", (self._size, self._size))}

    @property
    def _size(self) -> int:
        return self.objective.parameters

    def _kind(self, request: Message) -> str:
        kind = request.header.get("kind", "hessian")
        if kind not in self.objective.kinds:
            raise ValueError(f"{kind!r} is not offered: there are {', '.join(self.objective.kinds)}")
        return kind

    def _checked(self, array: np.ndarray, name: str, shape: tuple) -> np.ndarray:
        """What came, in the objective's precision."""
        if array.shape != shape:
            raise ValueError(f"{name} of shape {list(array.shape)}, not {list(shape)}")
        if not all_finite(array):
            raise ValueError(f"{name} are not all finite")
        return array.astype(self.objective.dtype, copy=False)

    def _sent(self, array: Any, name: str, shape: tuple) -> np.ndarray:
        """What goes out, in `dtype`; that it is finite is Saddle's to look at."""
        array = np.asarray(array)
        if array.shape != shape:
            raise ValueError(f"the {name} came out of shape {list(array.shape)}, not {list(shape)}")
        return array


def all_finite(array: np.ndarray) -> bool:
    """Whether no element is NaN or infinite, by one pass without memory where squares do not overflow."""
    flat = array.reshape(-1)
    with np.errstate(all="ignore"):
        if array.dtype.kind == "f" and np.isfinite(np.dot(flat, flat)):
            return True
    return bool(np.isfinite(flat).all())


def serve(thing: Any, *, wire: Optional[Wire] = None) -> None:
    """Answers Saddle's requests until it quits: the last line of a program.

    - `thing`: an Objective, an Eigensolver, a Sampler, a Law, a TraceEstimator or a Curvature.
    - `wire`: else standard input and output, which nothing else can use from then on.

    In a process of a data-parallel run other than the first it follows the first.
    """
    if getattr(thing, "rank", 0) != 0:
        if wire is None:
            Wire.standard()
        return thing.follow()
    try:
        converse(thing, Wire.standard() if wire is None else wire)
    except WireError as error:
        print(f"saddle_client: {error}", file=sys.stderr)
        if wire is not None:
            raise
        sys.exit(1)
    finally:
        if (end := getattr(thing, "end", None)) is not None:
            end()


def converse(thing: Any, wire: Wire) -> None:
    """Answers requests until the other end quits or goes."""
    turn = conversation(thing, wire)
    try:
        while turn():
            pass
    except (BrokenPipeError, ConnectionResetError):
        pass  # Saddle ended


def conversation(thing: Any, wire: Wire) -> Callable[[], bool]:
    """What answers the next request; False where the other end quit or went."""
    served: Served = ServedObjective(thing) if isinstance(thing, Objective) else thing

    def turn() -> bool:
        request = wire.read()
        if request is None or request.header.get("do") == "quit":
            return False
        _respond(wire, served, request)
        return True

    return turn


def _respond(wire: Wire, served: Served, request: Message) -> None:
    number, do = request.header.get("id"), request.header.get("do")
    if type(number) is not int:
        raise WireError(f"a request without an id: {request.header!r}"[:200])

    def ask(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Message:
        wire.write({"id": number, **header}, arrays)
        reply = wire.read()
        if reply is None or reply.header.get("id") != number:
            raise WireError("a question was not answered")
        if "error" in reply.header:
            raise RuntimeError(f"the question was refused: {reply.header['error']}")
        return reply

    try:
        if do == "describe":
            protocol = request.header.get("protocol", PROTOCOL)
            if protocol != PROTOCOL:
                raise ValueError(f"protocol {protocol!r}: this program speaks {PROTOCOL}")
            header, arrays = dict(served.describe()), {}
            if "folder" in request.header and wire.agree(request.header["folder"]):
                header["files"] = True
        elif isinstance(do, str):
            header, arrays = served.answer(request, ask)
        else:
            raise ValueError('a request has "do"')
    except WireError:
        raise
    except Exception as error:  # whatever user code throws, the program goes on
        if not isinstance(error, (ValueError, NotImplementedError)):
            traceback.print_exc(file=sys.stderr)
        wire.write({"id": number, "error": _text(error)})
    else:
        request.arrays.clear()  # so that files no one else looks at are written over
        dtype = served.dtype if isinstance(served, ServedObjective) else None
        wire.write({"id": number, **header}, arrays, dtype)


def _text(error: Exception) -> str:
    text = str(error).strip()
    plain = isinstance(error, (ValueError, NotImplementedError)) and text
    return (text if plain else f"{type(error).__name__}: {text}")[:2000]
