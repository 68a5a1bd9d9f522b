"""Whether a loss is a sum where it should be a mean: `torch_reductions` of JAX's functions."""
from __future__ import annotations

from typing import Any, Callable

import jax
import jax.numpy as jnp

#: Numbers of outputs that are looked at, at most: their copies are in memory along with them.
LIMIT = 1 << 24


def grows_with_the_batch(loss: Callable[[Any, Any], Any], outputs: Any, targets: Any, size: int) -> bool:
    """Whether the same samples once more give twice the slope in the outputs, as a sum does."""
    leaves = jax.tree_util.tree_leaves((outputs, targets))
    if size == 1:
        return False  # of which a sum is the mean
    if not all(jnp.ndim(leaf) > 0 and len(leaf) == size for leaf in leaves):
        return False  # a count of samples, say, would not be repeated
    numbers = sum(leaf.size for leaf in jax.tree_util.tree_leaves(outputs))
    count = max(1, min(size, size * LIMIT // max(1, numbers)))

    def slopes(copies: int) -> Any:
        repeat = lambda leaf: jnp.concatenate([jnp.asarray(leaf[:count])] * copies)
        found = jax.grad(loss)(*jax.tree_util.tree_map(repeat, (outputs, targets)))
        rows = [leaf.reshape(copies * count, -1) for leaf in jax.tree_util.tree_leaves(found)]
        return jnp.concatenate(rows, 1)

    try:
        once, twice = slopes(1), slopes(2)
    except Exception:  # of a loss that takes batches of one size, or outputs that are no numbers
        return False
    length = float(jnp.linalg.norm(once))
    grown = float(jnp.linalg.norm(twice[:count] + twice[count:] - 2 * once))
    return 0 < length < float("inf") and grown <= min(0.1, 2e4 * float(jnp.finfo(once.dtype).eps)) * length
