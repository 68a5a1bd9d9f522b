"""Saddle's networks as torch modules: the layers of the `problem` request, in PyTorch's order.

A sample of shape [c, h, w] is a vector of c numbers where h = w = 1, and c planes otherwise, before
and after every layer; what changes between the two is put in between where it is needed.
"""
from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import torch
from torch import nn

from .curvature import Problem
from .errors import Unsupported
from .torch_losses import HalfSquaredError

Shape = tuple  # channels, height, width

# What a layer of each type may say besides its type; a key that is not here is not understood.
KEYS = {
    "dense": {"outputs", "bias"}, "convolution": {"channels", "kernel", "stride", "padding", "bias"},
    "maxPool": {"size", "stride"}, "averagePool": {"size", "stride"}, "flatten": set(),
    "activation": {"function"}, "batchNorm": {"epsilon", "mean", "variance"}, "layerNorm": {"epsilon"},
    "groupNorm": {"groups", "epsilon"}, "embedding": {"tokens", "channels"}, "offset": set(),
    "attention": {"heads"}, "residual": {"body", "shortcut"},
}
ACTIVATIONS = {
    "tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "gelu": nn.GELU, "identity": nn.Identity,
    "softplus": lambda: nn.Softplus(threshold=60),  # PyTorch's own is linear from 20 on
}


class ChannelNorm(nn.LayerNorm):
    """Normalizes across channels, at every position by itself."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class Tokens(nn.Embedding):
    """A vector for each of a sample's numbers; a row of planes for each token."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = super().forward(x.long()).movedim(-1, 1)
        return found.unsqueeze(-1) if x.shape[1] > 1 else found.squeeze(-1)


class Offset(nn.Module):
    """x + b, with a number for every element."""

    def __init__(self, shape: Shape):
        super().__init__()
        c, h, w = shape
        self.bias = nn.Parameter(torch.zeros((c,) if h * w == 1 else (c, h * w)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.bias.reshape(x.shape[1:])


class SelfAttention(nn.MultiheadAttention):
    """Attention of all positions to all."""

    def __init__(self, channels: int, heads: int):
        super().__init__(channels, heads, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        rows = x.reshape(*x.shape[:2], -1).movedim(1, -1)
        found, _ = super().forward(rows, rows, rows, need_weights=False)
        return found.movedim(-1, 1).reshape(x.shape)


class Residual(nn.Module):
    """f(x) + s(x)."""

    def __init__(self, body: nn.Module, shortcut: nn.Module):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x) + self.shortcut(x)


def network(description: Any) -> tuple[nn.Sequential, Shape, Shape]:
    """The module of {"input": [c, h, w], "layers": […]}, in evaluation mode, with the shapes of a
    sample and of what it becomes.

    Raises Unsupported for what is not understood.
    """
    start = tuple(int(n) for n in np.atleast_1d(description["input"]))
    start = start if len(start) == 3 else (start[0], 1, 1)
    module, shape = _row(description["layers"], start)
    return module.eval(), start, shape


def load(module: nn.Module, parameters: Any, dtype: torch.dtype) -> nn.Module:
    """The module with a flat vector of parameters, in PyTorch's order."""
    module.to(dtype)
    flat = torch.from_numpy(np.array(parameters)).to(dtype)
    count = sum(p.numel() for p in module.parameters())
    if len(flat) != count:
        raise ValueError(f"{len(flat)} parameters for a network of {count}")
    nn.utils.vector_to_parameters(flat, module.parameters())
    return module


def batches_of(problem: Problem, shape: Shape, outputs: int, dtype: torch.dtype) -> list:
    """Inputs and targets, in the sizes that the problem asks for."""
    X = torch.from_numpy(np.array(problem.inputs)).to(dtype)
    X = X.reshape(len(X), *(shape if shape[1:] != (1, 1) else shape[:1]))
    if problem.labels is not None:
        y = torch.from_numpy(np.array(problem.labels)).long()
        if problem.loss == "meanSquaredError":  # a label stands for its unit vector
            y = nn.functional.one_hot(y, outputs).to(dtype)
    elif problem.targets is not None:
        y = torch.from_numpy(np.array(problem.targets)).to(dtype)
    else:
        raise ValueError("a problem has labels or targets")
    if sum(problem.batches) != len(X) or len(y) != len(X):
        raise ValueError(f"{len(X)} inputs, {len(y)} targets, batches of {sum(problem.batches)}")
    return list(zip(X.split(list(problem.batches)), y.split(list(problem.batches))))


def loss_of(problem: Problem) -> nn.Module:
    if problem.loss == "softmaxCrossEntropy":
        return nn.CrossEntropyLoss()
    if problem.loss == "meanSquaredError":
        return HalfSquaredError()
    raise Unsupported(f"the loss {problem.loss!r}")


def _row(layers: Any, shape: Shape) -> tuple[nn.Sequential, Shape]:
    modules: OrderedDict[str, nn.Module] = OrderedDict()
    for number, layer in enumerate(layers):
        before, module, now, after = _layer(layer, shape)
        if before is not None:
            modules[f"{number}_before"] = before
        modules[str(number)] = module
        if after is not None:
            modules[f"{number}_after"] = after
        shape = now
    return nn.Sequential(modules), shape


def _layer(layer: dict, shape: Shape) -> tuple[Any, nn.Module, Shape, Any]:
    """What comes before it, the layer, the shape that it gives, and what comes after it."""
    kind = layer.get("type")
    if kind not in KEYS:
        raise Unsupported(f"a layer {kind!r}")
    if unknown := sorted(set(layer) - KEYS[kind] - {"type"}):
        raise Unsupported(f"{kind} with {', '.join(unknown)}")
    c, h, w = shape
    flat, epsilon, bias = h * w == 1, float(layer.get("epsilon", 1e-5)), layer.get("bias", True)
    if kind == "dense":
        if not flat:
            raise Unsupported(f"dense on {c} × {h} × {w}")
        return None, nn.Linear(c, layer["outputs"], bias), (layer["outputs"], 1, 1), None
    if kind in ("convolution", "maxPool", "averagePool"):
        size = _extent(layer["kernel" if kind == "convolution" else "size"])
        stride = _extent(layer.get("stride", 1 if kind == "convolution" else size))
        padding = _extent(layer.get("padding", 0))
        if kind == "convolution":
            module: nn.Module = nn.Conv2d(c, layer["channels"], size, stride, padding, bias=bias)
            c = layer["channels"]
        else:
            module = (nn.MaxPool2d if kind == "maxPool" else nn.AvgPool2d)(size, stride)
        h, w = ((n + 2 * p - s) // t + 1 for n, p, s, t in zip((h, w), padding, size, stride))
        before = nn.Unflatten(1, shape) if flat else None
        return before, module, (c, h, w), nn.Flatten() if h * w == 1 else None
    if kind == "residual":
        body, now = _row(layer["body"], shape)
        shortcut, other = _row(layer.get("shortcut", []), shape)
        if now != other:
            raise ValueError(f"a residual of {now} and {other}")
        return None, Residual(body, shortcut), now, None
    if kind == "flatten":
        return None, nn.Flatten(), (c * h * w, 1, 1), None
    if kind == "embedding":
        return None, Tokens(layer["tokens"], layer["channels"]), (layer["channels"], c, 1), None
    return None, _same_shape(kind, layer, shape, epsilon), shape, None


def _same_shape(kind: str, layer: dict, shape: Shape, epsilon: float) -> nn.Module:
    c, h, w = shape
    if kind == "activation":
        if layer["function"] not in ACTIVATIONS:
            raise Unsupported(f"the activation {layer['function']!r}")
        return ACTIVATIONS[layer["function"]]()
    if kind == "batchNorm":
        norm = (nn.BatchNorm1d if h * w == 1 else nn.BatchNorm2d)(c, eps=epsilon)
        norm.double()  # so that statistics keep their digits
        if layer.get("mean"):
            norm.running_mean.copy_(torch.tensor(layer["mean"], dtype=torch.float64))
        if layer.get("variance"):
            norm.running_var.copy_(torch.tensor(layer["variance"], dtype=torch.float64))
        return norm
    if kind == "layerNorm":
        return ChannelNorm(c, eps=epsilon)
    if kind == "groupNorm":
        return nn.GroupNorm(layer["groups"], c, eps=epsilon)
    if kind == "attention":
        return SelfAttention(c, layer["heads"])
    return Offset(shape)


def _extent(given: Any) -> tuple[int, int]:
    numbers = [int(n) for n in np.atleast_1d(given)]
    return numbers[0], numbers[-1]
