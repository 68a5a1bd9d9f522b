"""What a loss makes of its samples' terms: a mean, a sum, or a mean with weights.

Told by the loss alone, at a model's outputs, whatever the order of samples and however the model mixes
them. Where nothing can be told, nothing is said.
"""
from __future__ import annotations

from typing import Any, Callable

import torch
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

from .torch_products import per_sample_losses

Loss = Callable[[Any, Any], torch.Tensor]
#: Numbers of outputs that are looked at, at most: their copies are in memory along with them.
LIMIT = 1 << 24
#: Samples that are looked at by themselves, at most: each may take an evaluation of its own.
SINGLE = 1000
FAULTS = (RuntimeError, NotImplementedError, ValueError, TypeError, IndexError)


def grows_with_the_batch(loss: Loss, outputs: Any, targets: Any, size: int) -> bool:
    """Whether the same samples once more give twice the slope in the outputs, as a sum does; a mean's, with
    weights or without, stays the same. Slopes, since what is added to a sum (a penalty) does not grow.
    """
    if size == 1 or not _is_of_samples((outputs, targets), size):
        return False  # of one sample the two are the same
    outputs, targets, count = _first(size, outputs, targets, size)
    repeated = lambda copies: tree_map(lambda leaf: torch.cat([leaf] * copies), (outputs, targets))
    try:
        with own_randomness(), torch.enable_grad():
            once = _slopes(loss, *repeated(1), count)
            twice = _slopes(loss, *repeated(2), 2 * count)
    except FAULTS:  # of a loss that takes batches of one size
        return False
    length = float(torch.linalg.norm(once))
    grown = float(torch.linalg.norm(twice[:count] + twice[count:] - 2 * once))
    return 0 < length < float("inf") and grown <= _tolerance(outputs) * length


def weighs_samples(loss: Loss, outputs: Any, targets: Any, size: int) -> bool:
    """Whether it is Σwᵢℓᵢ/Σwᵢ of its samples' own ℓᵢ, with weights that differ: by class, by the number
    of tokens, or 0 where a label is ignored.
    """
    if not _is_of_samples((outputs, targets), size):
        return False
    outputs, targets, size = _first(SINGLE, outputs, targets, size)
    terms = lambda z, t: per_sample_losses(loss, z, t, size).reshape(size)
    try:
        with own_randomness(), torch.enable_grad():
            slope, value = _slopes(loss, outputs, targets, size), loss(outputs, targets).detach().item()
            own = terms(outputs, targets).detach().double()
            known = own.isfinite()  # nothing is the mean of no labels
            each = _slopes(lambda z, t: terms(z, t)[known].sum(), outputs, targets, size)
    except FAULTS:
        return False
    each[~known], own[~known] = 0, 0
    tolerance = _tolerance(outputs)

    def fits(weights: torch.Tensor) -> bool:
        off = torch.linalg.norm(slope - weights[:, None] * each)
        return (
            bool(off <= tolerance * torch.linalg.norm(slope))
            and abs(float(weights @ own) - value) <= tolerance * abs(value))

    if bool(known.all()) and fits(torch.full_like(own, 1 / size)):
        return False
    squares = each.square().sum(1)
    weights = torch.where(squares > 0, (slope * each).sum(1) / squares.clamp_min(1e-300), 0)
    # A term that has a slope of its own has weight: in the greatest of all terms all but one have none.
    return (
        fits(weights) and bool(((weights > 0) | (squares == 0)).all())
        and abs(float(weights.sum()) - 1) <= tolerance)


def _slopes(loss: Loss, outputs: Any, targets: Any, size: int) -> torch.Tensor:
    """The gradient in all outputs of a batch, a row a sample, in doubles."""
    leaves, form = tree_flatten(outputs)
    leaves = [leaf.detach().requires_grad_(leaf.is_floating_point()) for leaf in leaves]
    live = [leaf for leaf in leaves if leaf.requires_grad]
    value = loss(tree_unflatten(leaves, form), targets)
    found = torch.autograd.grad(value, live, allow_unused=True)
    rows = [torch.zeros_like(z) if g is None else g for z, g in zip(live, found)]
    return torch.cat([row.double().reshape(size, -1) for row in rows], 1)


def _is_of_samples(tree: Any, size: int) -> bool:
    """Whether all are tensors with the samples first: a count of tokens is not known of other samples."""
    return all(
        isinstance(leaf, torch.Tensor) and leaf.dim() > 0 and leaf.shape[0] == size
        for leaf in tree_flatten(tree)[0])


def _first(count: int, outputs: Any, targets: Any, size: int) -> tuple[Any, Any, int]:
    """The first samples, as many as that and LIMIT allow, and how many they are."""
    numbers = sum(leaf.numel() for leaf in tree_flatten(outputs)[0])
    count = max(1, min(size, count, size * LIMIT // max(1, numbers)))
    return (*tree_map(lambda leaf: leaf[:count], (outputs, targets)), count)


def _tolerance(outputs: Any) -> float:
    """Far from what is asked, which is whether something is once or twice as much."""
    floats = [leaf.dtype for leaf in tree_flatten(outputs)[0] if leaf.is_floating_point()]
    return max([1e-6] + [min(0.1, 2e4 * torch.finfo(t).eps) for t in floats])


def own_randomness() -> Any:
    """What is drawn within is as if it had not been."""
    return torch.random.fork_rng(devices=range(torch.cuda.device_count()))
