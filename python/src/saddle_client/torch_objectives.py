"""Any torch module with a loss and data, as an objective of its trainable parameters."""
from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Callable, Optional

import numpy as np
import torch
from torch import nn

from .objective import KINDS, Objective
from .torch_batches import Batches
from .torch_guard import data_remarks, mixes_samples, objections, remarks, undisturbed
from .torch_linearized import Linearized
from .torch_losses import HalfSquaredError
from .torch_module import FlatModule, Parts, prepared, reaches
from .torch_parallel import processes
from .torch_products import Product, expected_outer, per_sample_losses
from .torch_reductions import FAULTS, grows_with_the_batch, own_randomness, weighs_samples
from .torch_smoothness import OperationLog
from .torch_ways import Ways, ways_named

#: Samples whose terms Saddle compares with the whole, at most.
COMPARED = 300


def torch_objective(
    model: nn.Module, loss: Callable[[Any, Any], torch.Tensor], data: Any, *,
    weight_decay: float = 0.0, device: Any = None, dtype: Optional[torch.dtype] = None,
    kinds: Optional[Sequence[str]] = None, reduction: Optional[str] = None, chunk: int = 8,
    products: Optional[str] = None, name: Optional[str] = None,
) -> TorchObjective:
    """The mean loss over the data, of the parameters that are trainable.

    - `model`: as it is: call .eval() yourself. It is left as it was.
    - `loss`: (outputs, targets) ↦ the mean over a batch's samples, such as nn.CrossEntropyLoss(). It may
      read the model's parameters too, for a penalty: then there is a Hessian alone.
    - `data`: a DataLoader, a list of batches (inputs, targets), or one such pair. In a data-parallel
      run it is this process's part.
    - `weight_decay`: λ of ½λ‖θ‖², which is added.
    - `device`, `dtype`: else the model's; a copy of the model is made where they differ.
    - `kinds`: else those that the loss allows.
    - `reduction`: "mean" or "sum", what `loss` does with a batch; else its own attribute, else "mean".
    - `chunk`: vectors that are multiplied at a time.
    - `products`: "forward" (mode over reverse) or "backward" (twice); else the faster of those that
      work, by a trial at the first product of each kind. Two ways differ in the last bits.
    """
    return TorchObjective(
        model, loss, data, weight_decay=weight_decay, device=device, dtype=dtype, kinds=kinds,
        reduction=reduction, chunk=chunk, products=products, name=name)


class TorchObjective(Objective):
    """See `torch_objective`. Sums over batches, and over processes, are of doubles."""

    def __init__(
        self, model: nn.Module, loss: Callable, data: Any, *, weight_decay: float, device: Any,
        dtype: Optional[torch.dtype], kinds: Optional[Sequence[str]], reduction: Optional[str],
        chunk: int, products: Optional[str], name: Optional[str],
    ):
        self.model, self.device = prepared(model, device, dtype)
        self.module = FlatModule(self.model)
        self.loss = loss
        if isinstance(loss, nn.Module) and (device is not None or dtype is not None):
            # What the loss has of the model's parameters are those that are measured.
            same = {id(p): q for p, q in zip(model.parameters(), self.model.parameters())}
            self.loss = copy.deepcopy(loss, same).to(self.device, dtype)
        self.batches = Batches(data, self.device, dtype)
        self.processes = processes()
        self.rank = self.processes.rank
        frozen = [p for p in self.model.parameters() if not p.requires_grad]
        self.processes.share(frozen + list(self.model.buffers()))

        self.reduction = reduction or getattr(loss, "reduction", "mean")
        if self.reduction == "batchmean":  # KLDivLoss's name for it
            self.reduction = "mean"
        if self.reduction not in ("mean", "sum"):
            raise ValueError(f"reduction {self.reduction!r}: a loss is the mean or the sum of a batch")
        self.name = name or type(self.model).__name__
        self.parameters, self.dtype = self.module.count, self.module.dtype
        self.blocks, self.weight_decay = self.module.blocks, float(weight_decay)
        self.chunk = max(1, int(chunk))
        self._counts = self.processes.counts(self.batches.samples)
        self.samples = sum(self._counts)
        self._ways = Ways(ways_named(products), self._trial)

        with undisturbed(self.model):
            inputs, targets, size = next(iter(self.batches))
            with OperationLog() as log:
                outputs = self.module.probe(inputs)
                mean = self._mean(outputs, targets, size)
            # The outputs have no graph: what the loss has of θ it reads by itself, such as a penalty.
            reads = reaches(mean, self.module.own.values())
            if not reads and reaches(mean, model.parameters()):
                raise ValueError(
                    "the loss reads parameters of the model that was given, and what is measured is a copy "
                    "of it in another precision or on another device: move the model first, as by "
                    "model.to(torch.float64), without dtype= and device=")
            is_sum = self.reduction == "mean" and grows_with_the_batch(self.loss, outputs, targets, size)
            self._weighs = self._weighs_samples(outputs, targets, size)
        if reads:  # from the module itself, where θ has to be, then
            self.module.is_functional = False
        self.smooth = log.is_smooth
        if not self.module.is_functional:
            self._ways = Ways(ways_named("backward"), self._trial)
        self._linearized = Linearized(
            self.module, lasts=self.module.is_functional and self.batches.is_one)
        self.separable = not (self._weighs or mixes_samples(self.model))
        possible = ["hessian"] if reads else self._possible_kinds(outputs)
        if kinds is not None and (wrong := [k for k in kinds if k not in KINDS]):
            raise ValueError(f"no kind is called {', '.join(wrong)}; there are {', '.join(KINDS)}")
        if kinds is not None and (wrong := [k for k in kinds if k not in possible]):
            raise ValueError(f"{', '.join(wrong)}: this model and loss have {', '.join(possible)}")
        self.kinds = possible if kinds is None else list(kinds)
        self.objections = objections(self.model, is_sum)
        self.remarks = remarks(self.model, outputs, self.device) + data_remarks(
            self.reduction, self.batches, self.processes.size, reads, self._weighs)

    @property
    def offers(self) -> list[str]:
        sample = ["sample"] if self.separable and not self.batches.is_shuffled else []
        return ["point", "value", "gradient", "product"] + sample

    def point(self) -> np.ndarray:
        return self.module.point()

    def value(self, theta: np.ndarray) -> float:
        return float(self._summed("value", theta)[0]) / self.samples + self._penalty(theta)

    def gradient(self, theta: np.ndarray) -> tuple[Optional[float], np.ndarray]:
        means = self._summed("gradient", theta)
        means /= self.samples
        return means[0] + self._penalty(theta), self._with_penalty(means[1:], theta)

    def product(self, theta: np.ndarray, vectors: np.ndarray, kind: str) -> np.ndarray:
        means = self._summed("product", theta, vectors, kind)
        means /= self.samples
        return self._with_penalty(means, vectors)

    def sample(self, theta: np.ndarray, index: int) -> tuple[float, np.ndarray]:
        sums = self._summed("sample", theta, index)
        return float(sums[0]), sums[1:]

    # Data-parallel runs.

    def follow(self) -> None:
        """Takes part in what the first process is asked, until that ends."""
        while (told := self.processes.hear()) is not None:
            try:
                self._together(*told)
            except Exception:  # the first process answers it
                pass

    def end(self) -> None:
        if self.rank == 0:
            self.processes.tell(None)

    def _summed(self, verb: str, *arguments: Any) -> np.ndarray:
        self.processes.tell((verb, *arguments))
        return self._together(verb, *arguments)

    def _together(self, verb: str, *arguments: Any) -> np.ndarray:
        return self.processes.sum(lambda: self._local(verb, *arguments))

    def _local(self, verb: str, theta: np.ndarray, *arguments: Any) -> np.ndarray:
        if verb != "product":
            self._linearized.forget()
        with undisturbed(self.model):
            try:
                return getattr(self, f"_{verb}_sum")(theta, *arguments)
            finally:
                self.module.restore()

    def _weighs_samples(self, outputs: Any, targets: Any, size: int) -> bool:
        """Whether the loss of any process's batch is a mean with weights: of few samples all batches are
        looked at, since then Saddle compares the whole with its samples' terms; else the first."""
        found = weighs_samples(self.loss, outputs, targets, size)
        if not found and self.samples <= COMPARED and not self.batches.is_one:
            theta = self.module.leaves(self.module.parts(self.point()))
            try:
                with torch.no_grad(), own_randomness():
                    rest = ((self.module(theta, x), y, n) for x, y, n in self.batches)
                    found = any(weighs_samples(self.loss, *batch) for batch in rest)
            except FAULTS:  # which a request will meet, and answer with
                pass
            finally:
                self.module.restore()
        return any(self.processes.counts(found))

    # Sums over this process's samples.

    def _mean(self, outputs: Any, targets: Any, size: int) -> torch.Tensor:
        """The mean loss of a batch."""
        loss = self.loss(outputs, targets)
        if loss.numel() != 1:
            raise ValueError(f"the loss of a batch is one number, not of shape {list(loss.shape)}")
        return loss.reshape(()) / (size if self.reduction == "sum" else 1)

    def _value_sum(self, theta: np.ndarray) -> np.ndarray:
        leaves, total = self.module.leaves(self.module.parts(theta)), 0.0
        with torch.no_grad():
            for inputs, targets, size in self.batches:
                total += size * self._mean(self.module(leaves, inputs), targets, size).double().item()
        return np.array([total])

    def _gradient_sum(self, theta: np.ndarray) -> np.ndarray:
        total, parts = torch.zeros(1 + self.parameters, dtype=torch.float64), self.module.parts(theta)
        depends = [
            self._add_value_and_gradient(parts, inputs, targets, size, total)
            for inputs, targets, size in self.batches]
        if not any(depends) and self.processes.size == 1:
            raise ValueError(
                "the loss depends on no trainable parameter, in no batch: is it computed under no_grad, of "
                "detached outputs (.detach(), .item(), NumPy), or of another model?")
        return total.numpy()

    def _sample_sum(self, theta: np.ndarray, index: int) -> np.ndarray:
        index -= sum(self._counts[: self.rank])
        total = torch.zeros(1 + self.parameters, dtype=torch.float64)
        if 0 <= index < self.batches.samples:
            self._add_value_and_gradient(
                self.module.parts(theta), *self.batches.sample(index), 1, total)
        return total.numpy()

    def _add_value_and_gradient(
        self, theta: Parts, inputs: Any, targets: Any, size: int, total: torch.Tensor
    ) -> bool:
        """Whether a parameter has a part in it."""
        leaves = self.module.leaves(theta)
        mean = self._mean(self.module(leaves, inputs), targets, size)
        total[0] += size * mean.detach().double().item()
        if not mean.requires_grad:  # a constant, as of a batch or a sample without labels
            return False
        found = torch.autograd.grad(mean, list(leaves.values()), allow_unused=True)
        parts = {
            name: torch.zeros_like(leaf) if g is None else g
            for (name, leaf), g in zip(leaves.items(), found)}
        self.module.add(parts, size, total[None, 1:])
        return any(g is not None for g in found)

    def _product_sum(self, theta: np.ndarray, vectors: np.ndarray, kind: str) -> np.ndarray:
        total = torch.zeros(*vectors.shape, dtype=torch.float64)
        parts = self._linearized.at(theta)
        for number, (inputs, targets, size) in enumerate(self.batches):
            for start in range(0, len(vectors), self.chunk):
                rows = slice(start, start + self.chunk)

                def by(way: Any) -> Parts:
                    return self._linearized.apply(
                        (way, kind, number),
                        lambda: self._product_by(
                            way, self.module.leaves(parts), inputs, targets, size, kind),
                        self.module.parts(vectors[rows]))

                found = self._ways.product(kind, len(vectors[rows]), by)
                self.module.add(found, size, total[rows])
        if not self._linearized.lasts:
            self._linearized.forget()
        return total.numpy()

    @contextmanager
    def _trial(self) -> Iterator[None]:
        """What is counted or drawn within (by dropout that is on) is as if it had not been."""
        with undisturbed(self.model), torch.random.fork_rng(devices=range(torch.cuda.device_count())):
            if not self._linearized.lasts:
                self._linearized.drop()  # so that its making is in the time
            yield
        if not self._linearized.lasts:
            self._linearized.drop()

    def _product_by(
        self, way: Any, theta: Parts, inputs: Any, targets: Any, size: int, kind: str
    ) -> Product:
        outputs = lambda parts: self.module(parts, inputs)
        mean = lambda z: self._mean(z, targets, size)
        if kind == "hessian":
            return way.hessian(lambda parts: mean(outputs(parts)), theta)
        if kind == "gaussNewton":
            return way.sandwich(outputs, theta, lambda z: way.loss_curvature(mean, z))
        if kind == "fisher":
            middle = expected_outer if self._classifies else lambda z: lambda u: u / size
            return way.sandwich(outputs, theta, middle)
        losses = lambda parts: per_sample_losses(self.loss, outputs(parts), targets, size)
        return way.sandwich(losses, theta, lambda _: lambda u: u / size)

    # What it says of itself.

    def _with_penalty(self, means: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        if self.weight_decay:
            means += self.weight_decay * np.asarray(vectors, dtype=np.float64)
        return means

    def _penalty(self, theta: np.ndarray) -> float:
        wide = np.asarray(theta, dtype=np.float64)
        return 0.5 * self.weight_decay * float(wide @ wide) if self.weight_decay else 0.0

    def _possible_kinds(self, outputs: Any) -> list[str]:
        is_tensor = isinstance(outputs, torch.Tensor)
        self._classifies = isinstance(self.loss, nn.CrossEntropyLoss) or (
            self.loss is nn.functional.cross_entropy)
        knows = self._classifies or isinstance(self.loss, HalfSquaredError)
        allowed = {
            "hessian": True, "gaussNewton": is_tensor,
            "fisher": is_tensor and knows and outputs.dim() == 2 and not self._weighs,
            "empiricalFisher": is_tensor and self.separable,
        }
        return [kind for kind in KINDS if allowed[kind]]
