"""Curvature products of one batch, by forward mode over reverse or by two passes backward.

Each way makes a product of a function at θ, which is then multiplied with any vectors.

A product of JᵀMJ with v is three steps: u = Jv, w = Mu, Jᵀw. Of `gaussNewton` J is of the outputs and
M the loss's Hessian in them; of `fisher` M is the expectation over labels; of `empiricalFisher` J is
of the samples' losses. Each kind's M is a function that makes u ↦ Mu at outputs and targets.
"""
from __future__ import annotations

from typing import Any, Callable

import torch
from torch.func import grad, jvp, vjp, vmap

from .torch_batches import sliced

Parts = dict  # tensors by the parameters' names
Linear = Callable[[torch.Tensor], torch.Tensor]
Product = Callable[[Parts], Parts]  # of some vectors, the first dimension of each tensor
Loss = Callable[[Any, Any], torch.Tensor]


def per_sample_losses(loss: Loss, outputs: Any, targets: Any, size: int) -> torch.Tensor:
    """Each sample's loss by itself, `size` numbers."""
    try:
        return vmap(lambda z, t: loss(z[None], t[None]))(outputs, targets)
    except Exception:  # outputs of another form, or an operation that vmap does not know
        each = [loss(sliced(outputs, i, size), sliced(targets, i, size)) for i in range(size)]
        return torch.stack([term.reshape(()) for term in each])


def expected_outer(outputs: torch.Tensor) -> Linear:
    """u ↦ Σ_y p_y·g_y·(g_yᵀu) of each row, over the number of rows: p = softmax of the row, and g_y
    the gradient of −log p_y, taken label by label."""
    rows, labels = outputs.shape
    p = torch.softmax(outputs, 1)

    def apply(u: torch.Tensor) -> torch.Tensor:
        total = torch.zeros_like(u)
        for label in range(labels):
            chosen = torch.full((rows,), label, device=outputs.device)
            g = grad(lambda z: torch.nn.functional.cross_entropy(z, chosen, reduction="sum"))(outputs)
            total = total + p[:, label : label + 1] * g * (g * u).sum(1, keepdim=True)
        return total / rows

    return apply


class ForwardOverReverse:
    """By torch.func, some vectors at a time where `batched`."""

    def __init__(self, batched: bool):
        self.batched = batched
        self.name = "forward over reverse" + (", vmapped" if batched else "")

    def hessian(self, function: Callable, theta: Parts) -> Product:
        return self._each(lambda v: jvp(grad(function), (theta,), (v,))[1])

    def sandwich(self, function: Callable, theta: Parts, middle: Callable) -> Product:
        """JᵀMJ·v of each v, J the Jacobian of `function`; `middle` makes u ↦ Mu of its value."""
        value, pull = vjp(function, theta)
        apply = middle(value)
        return self._each(lambda v: pull(apply(jvp(function, (theta,), (v,))[1]))[0])

    def loss_curvature(self, loss: Callable, outputs: Any) -> Linear:
        return lambda u: jvp(grad(loss), (outputs,), (u,))[1]

    def _each(self, product: Callable) -> Product:
        if self.batched:
            return vmap(product, randomness="same")

        def apply(vectors: Parts) -> Parts:
            count = len(next(iter(vectors.values())))
            results = [product({name: v[i] for name, v in vectors.items()}) for i in range(count)]
            return {name: torch.stack([r[name] for r in results]) for name in vectors}

        return apply


class DoubleBackward:
    """By autograd alone, where an operation has no rule for forward mode."""

    name, batched = "two passes backward", False

    def hessian(self, function: Callable, theta: Parts) -> Product:
        leaves = list(theta.values())
        gradient = _gradient(function(theta), leaves, create_graph=True)
        return lambda vectors: _stacked(vectors, lambda v: _gradient(gradient, leaves, v))

    def sandwich(self, function: Callable, theta: Parts, middle: Callable) -> Product:
        leaves = list(theta.values())
        value = function(theta)
        dual = torch.zeros_like(value, requires_grad=True)
        pulled = _gradient(value, leaves, [dual], create_graph=True)  # Jᵀ·dual, whose transpose is J
        apply = middle(value.detach())

        def product(v: list[torch.Tensor]) -> list[torch.Tensor]:
            u = _gradient(pulled, [dual], v)[0]
            return _gradient(value, leaves, [apply(u)])

        return lambda vectors: _stacked(vectors, product)

    def loss_curvature(self, loss: Callable, outputs: torch.Tensor) -> Linear:
        outputs = outputs.detach().requires_grad_()
        gradient = _gradient(loss(outputs), [outputs], create_graph=True)
        return lambda u: _gradient(gradient, [outputs], [u])[0]


def _stacked(vectors: Parts, product: Callable) -> Parts:
    rows = [product([v[i] for v in vectors.values()]) for i in range(len(next(iter(vectors.values()))))]
    return {name: torch.stack([row[j] for row in rows]) for j, name in enumerate(vectors)}


def _gradient(outputs: Any, inputs: list, along: Any = None, create_graph: bool = False) -> list:
    """Σ ∂(outputs·along)/∂inputs; zeros where nothing depends on them."""
    outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    along = [None] * len(outputs) if along is None else along
    live = [(o, a) for o, a in zip(outputs, along) if o.requires_grad]
    if not live:
        return [torch.zeros_like(x) for x in inputs]
    found = torch.autograd.grad(
        [o for o, _ in live], inputs, [a for _, a in live], create_graph=create_graph,
        retain_graph=True, allow_unused=True)
    return [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, found)]
