"""A JAX function with parameters in a pytree, as an objective."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Callable, Optional

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from .jax_reductions import grows_with_the_batch
from .objective import KINDS, Objective

Operator = Callable[[Any], Any]


def jax_objective(
    apply: Callable[[Any, Any], Any], params: Any, loss: Callable[[Any, Any], Any], data: Any, *,
    weight_decay: float = 0.0, kinds: Optional[Sequence[str]] = None, labels: str = "",
    smooth: Optional[bool] = None, chunk: int = 8, name: str = "jax objective",
) -> JaxObjective:
    """The mean loss over the data, of all leaves of `params`.

    - `apply`: (params, inputs) ↦ outputs, such as a Flax module's.
    - `loss`: (outputs, targets) ↦ the mean over a batch's samples.
    - `data`: a list of batches (inputs, targets), or one such pair as a tuple.
    - `weight_decay`: λ of ½λ‖θ‖², which is added.
    - `labels`: "categorical" where outputs are logits, samples × classes, which makes `fisher` known.
    - `smooth`: whether it is twice differentiable everywhere, where you know.
    - `chunk`: vectors that are multiplied at a time.
    """
    return JaxObjective(
        apply, params, loss, data, weight_decay=weight_decay, kinds=kinds, labels=labels, smooth=smooth,
        chunk=chunk, name=name)


class JaxObjective(Objective):
    """See `jax_objective`. Sums over batches are of doubles."""

    def __init__(
        self, apply: Callable, params: Any, loss: Callable, data: Any, *, weight_decay: float,
        kinds: Optional[Sequence[str]], labels: str, smooth: Optional[bool], chunk: int, name: str,
    ):
        flat, self._unravel = ravel_pytree(params)
        if flat.dtype not in (jnp.float32, jnp.float64):
            raise ValueError(f"parameters are {flat.dtype}: float32 or float64 only")
        if labels not in ("", "categorical"):
            raise ValueError(f'labels {labels!r}: "categorical" or nothing')
        self._start = np.asarray(flat)
        self.name, self.dtype, self.parameters = name, flat.dtype.name, flat.size
        self.smooth, self.weight_decay, self.chunk = smooth, float(weight_decay), max(1, int(chunk))
        self.blocks = [
            (_name(path), np.shape(leaf))
            for path, leaf in jax.tree_util.tree_flatten_with_path(params)[0]]
        self.batches = [data] if isinstance(data, tuple) and len(data) == 2 else list(data)
        self._sizes = [len(jax.tree_util.tree_leaves(targets)[0]) for _, targets in self.batches]
        self.samples = sum(self._sizes)
        possible = [k for k in KINDS if k != "fisher" or labels == "categorical"]
        if kinds is not None and (wrong := [k for k in kinds if k not in possible]):
            raise ValueError(f"{', '.join(wrong)}: there are {', '.join(possible)}")
        self.kinds = possible if kinds is None else list(kinds)
        self.remarks = [] if self.dtype == "float64" else [
            "JAX computes in float32: jax.config.update('jax_enable_x64', True) makes it double."]
        if self.dtype == "float32" and jax.config.jax_default_matmul_precision not in ("highest", "float32"):
            if jax.default_backend() != "cpu":
                self.remarks.append(
                    "Matrix products may be of lower precision (jax_default_matmul_precision).")

        def mean(theta: Any, inputs: Any, targets: Any) -> Any:
            return loss(apply(self._unravel(theta), inputs), targets)

        self._loss, self._outputs = loss, lambda t, inputs: apply(self._unravel(t), inputs)
        self._value = jax.jit(mean)
        self._gradient = jax.jit(jax.value_and_grad(mean))
        self._products = {kind: jax.jit(jax.vmap(
            getattr(self, "_" + kind), in_axes=(None, 0, None, None))) for kind in self.kinds}
        self._mean = mean
        self.objections = self._objections()

    def point(self) -> np.ndarray:
        return self._start

    def value(self, theta: np.ndarray) -> float:
        sums = [n * float(self._value(theta, *batch)) for n, batch in self._weighted()]
        return sum(sums) / self.samples + self._penalty(theta)

    def gradient(self, theta: np.ndarray) -> tuple[Optional[float], np.ndarray]:
        total, slope = 0.0, np.zeros(self.parameters)
        for n, batch in self._weighted():
            value, gradient = self._gradient(theta, *batch)
            total += n * float(value)
            slope += n * np.asarray(gradient, dtype=np.float64)
        return total / self.samples + self._penalty(theta), (
            slope / self.samples + self.weight_decay * theta)

    def product(self, theta: np.ndarray, vectors: np.ndarray, kind: str) -> np.ndarray:
        total = np.zeros(vectors.shape)
        for n, batch in self._weighted():
            for start in range(0, len(vectors), self.chunk):
                rows = slice(start, start + self.chunk)
                found = self._products[kind](theta, vectors[rows], *batch)
                total[rows] += n * np.asarray(found, dtype=np.float64)
        return total / self.samples + self.weight_decay * vectors

    def sample(self, theta: np.ndarray, index: int) -> tuple[float, np.ndarray]:
        for n, (inputs, targets) in self._weighted():
            if index < n:
                cut = lambda leaf: leaf[index : index + 1]
                one = jax.tree_util.tree_map(cut, (inputs, targets))
                value, gradient = self._gradient(theta, *one)
                return float(value), np.asarray(gradient)
            index -= n
        raise ValueError("there are not as many samples")

    def _objections(self) -> list[str]:
        inputs, targets = self.batches[0]
        try:
            outputs = jax.jit(self._outputs)(self._start, inputs)
        except Exception:  # which a request will meet, and answer with
            return []
        if not grows_with_the_batch(self._loss, outputs, targets, self._sizes[0]):
            return []
        return [
            "The loss is a sum for a mean: of the same samples twice it is twice as much. Let it divide by "
            "the samples of its batch."]

    def _weighted(self) -> Any:
        return zip(self._sizes, self.batches)

    def _penalty(self, theta: np.ndarray) -> float:
        wide = np.asarray(theta, dtype=np.float64)
        return 0.5 * self.weight_decay * float(wide @ wide) if self.weight_decay else 0.0

    # Products of a batch with one vector.

    def _hessian(self, theta: Any, v: Any, inputs: Any, targets: Any) -> Any:
        return jax.jvp(lambda t: jax.grad(self._mean)(t, inputs, targets), (theta,), (v,))[1]

    def _sandwich(self, function: Callable, theta: Any, v: Any, middle: Callable[[Any], Operator]) -> Any:
        """JᵀMJ·v, J the Jacobian of `function`."""
        value, u = jax.jvp(function, (theta,), (v,))
        return jax.vjp(function, theta)[1](middle(value)(u))[0]

    def _gaussNewton(self, theta: Any, v: Any, inputs: Any, targets: Any) -> Any:
        def middle(z: Any) -> Operator:
            return lambda u: jax.jvp(lambda z: jax.grad(self._loss)(z, targets), (z,), (u,))[1]

        return self._sandwich(lambda t: self._outputs(t, inputs), theta, v, middle)

    def _fisher(self, theta: Any, v: Any, inputs: Any, targets: Any) -> Any:
        """Label by label: Σ_y p_y·g_y·g_yᵀ with g_y = p − e_y, the gradient of −log p_y."""
        def middle(z: Any) -> Operator:
            p = jax.nn.softmax(z, axis=1)

            def apply(u: Any) -> Any:
                def term(total: Any, label: Any) -> tuple[Any, None]:
                    g = p - jax.nn.one_hot(label, z.shape[1], dtype=z.dtype)
                    return total + p[:, label, None] * g * (g * u).sum(1, keepdims=True), None

                return jax.lax.scan(term, jnp.zeros_like(u), jnp.arange(z.shape[1]))[0] / z.shape[0]

            return apply

        return self._sandwich(lambda t: self._outputs(t, inputs), theta, v, middle)

    def _empiricalFisher(self, theta: Any, v: Any, inputs: Any, targets: Any) -> Any:
        add = lambda tree: jax.tree_util.tree_map(lambda leaf: leaf[None], tree)
        losses = lambda t: jax.vmap(lambda x, y: self._mean(t, add(x), add(y)))(inputs, targets)
        return self._sandwich(losses, theta, v, lambda values: lambda u: u / len(values))


def _name(path: Any) -> str:
    """A leaf's keys, with points between."""
    keys = [str(getattr(k, "key", getattr(k, "name", getattr(k, "idx", k)))) for k in path]
    return ".".join(keys) or "parameters"
