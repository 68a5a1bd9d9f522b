"""A torch module as a function of the flat vector of its trainable parameters."""
from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, Optional

import numpy as np
import torch
from torch import nn
from torch.func import functional_call

from .torch_batches import arguments, call

Parts = dict


class FlatModule:
    """The module, with θ the parameters that are trainable, in the order of named_parameters().

    Frozen parameters and buffers stay what they are. Where the module cannot be called with other
    tensors for its parameters, θ is written into it, and taken out again by `restore`.
    """

    def __init__(self, model: nn.Module):
        self.model = model
        self.own = {n: p for n, p in model.named_parameters() if p.requires_grad}
        if not self.own:
            raise ValueError("no parameter of the model is trainable (requires_grad)")
        if bad := [n for n, p in self.own.items() if not p.is_floating_point()]:
            raise ValueError(f"{', '.join(bad)}: real floating-point parameters only")
        self.count = sum(p.numel() for p in self.own.values())
        self.is_functional = True
        self._start = [p.detach().clone() for p in self.own.values()]

    @property
    def blocks(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(name, tuple(p.shape)) for name, p in self.own.items()]

    @property
    def dtype(self) -> str:
        """float64 where every parameter is; float32 holds the others' numbers exactly."""
        double = all(p.dtype == torch.float64 for p in self.own.values())
        return "float64" if double else "float32"

    def point(self) -> np.ndarray:
        return torch.cat([p.detach().double().cpu().reshape(-1) for p in self._start]).numpy()

    def parts(self, rows: np.ndarray) -> Parts:
        """θ, or several such vectors as rows, by parameter, in each one's dtype and on its device."""
        flat = torch.from_numpy(np.ascontiguousarray(rows))
        pieces = flat.split([p.numel() for p in self.own.values()], dim=-1)
        return {
            name: piece.to(p.device, p.dtype, copy=True).reshape((*flat.shape[:-1], *p.shape))
            for (name, p), piece in zip(self.own.items(), pieces)}

    def add(self, parts: Parts, factor: float, to: torch.Tensor) -> None:
        """Adds factor times the inverse of `parts` to as many rows of P doubles."""
        start = 0
        for name, p in self.own.items():
            rows = parts[name].detach().cpu().reshape(len(to), p.numel())
            to[:, start : start + p.numel()].add_(rows, alpha=factor)
            start += p.numel()

    def __call__(self, theta: Parts, inputs: Any) -> Any:
        if not self.is_functional:
            return call(self.model, inputs)  # θ is in the module: see `leaves`
        args, keywords = arguments(inputs)
        return functional_call(self.model, theta, args, keywords)

    def leaves(self, theta: Parts) -> Parts:
        """θ as tensors that autograd differentiates by."""
        if self.is_functional:
            return {name: part.detach().requires_grad_() for name, part in theta.items()}
        for name, p in self.own.items():
            p.data = theta[name].detach()
        return dict(self.own)

    def restore(self) -> None:
        """The module's own parameters are again what they were."""
        if not self.is_functional:
            for p, start in zip(self.own.values(), self._start):
                p.data = start

    def probe(self, inputs: Any) -> Any:
        """Outputs at the module's own parameters; finds out whether it is functional."""
        with torch.no_grad():
            try:
                return self({n: p.detach() for n, p in self.own.items()}, inputs)
            except Exception:
                self.is_functional = False
                return call(self.model, inputs)


def reaches(value: torch.Tensor, parameters: Iterable[torch.Tensor]) -> bool:
    """Whether a value's graph has any of the parameters in it."""
    leaves = [p for p in parameters if p.requires_grad]
    if not leaves or not value.requires_grad:
        return False
    found = torch.autograd.grad(value, leaves, allow_unused=True, retain_graph=True)
    return any(slope is not None for slope in found)


def prepared(
    model: nn.Module, device: Optional[Any], dtype: Optional[torch.dtype]
) -> tuple[nn.Module, torch.device]:
    """The module that is measured, and its device: the one given, or a copy where it has to move."""
    wrappers = (nn.parallel.DistributedDataParallel, nn.DataParallel)
    while True:
        if isinstance(model, wrappers):
            model = model.module
        elif hasattr(model, "_orig_mod"):  # torch.compile's
            model = model._orig_mod
        else:
            break
    first = next(model.parameters(), None)
    if first is None:
        raise ValueError("the model has no parameters")
    target = torch.device(device) if device is not None else first.device
    moves = target != first.device
    changes = dtype is not None and any(
        p.dtype != dtype for p in model.parameters() if p.is_floating_point())
    if moves or changes:
        model = copy.deepcopy(model).to(device=target, dtype=dtype)
    return model, target
