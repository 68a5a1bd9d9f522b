"""Saddle's protocol for PyTorch, JAX and NumPy: what kind of point did a training run end at?

    import saddle_client as saddle
    saddle.serve(saddle.torch_objective(model.eval(), loss, data))  # for `saddle spectrum --command`
    figures = saddle.analyze(model.eval(), loss, data)              # or from within a process
"""
from __future__ import annotations

from typing import Any

from .curvature import Curvature, Problem
from .errors import SaddleError, Unsupported
from .objective import NumpyObjective, Objective
from .server import serve
from .tools import Eigensolver, Law, Sampler, TraceEstimator
from .wire import claim_streams

__version__ = "0.9.0"
__all__ = [
    "Curvature", "Eigensolver", "Law", "NumpyObjective", "Objective", "Problem", "SaddleError",
    "Sampler", "TraceEstimator", "Unsupported", "analyze", "claim_streams", "jax_objective", "serve",
    "torch_objective", "validate_optimizer",
]

# These import torch or jax, and do so where they are first used.
_LATE = {
    "torch_objective": ("torch_objectives", "torch"), "jax_objective": ("jax_objectives", "jax"),
    "analyze": ("analysis", None), "validate_optimizer": ("optimizers", "torch"),
}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module, library = _LATE[name]
    try:
        found = getattr(importlib.import_module(f".{module}", __name__), name)
    except ModuleNotFoundError as error:
        if library is None or error.name is None or error.name.split(".")[0] != library:
            raise
        raise ImportError(
            f"{name} needs {library}: pip install 'saddle-client[{library}]'") from error
    globals()[name] = found
    return found
