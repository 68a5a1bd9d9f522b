"""Data as batches of inputs and targets, one after another, on the device and in the dtype wanted."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, RandomSampler, SequentialSampler
from torch.utils._pytree import tree_flatten, tree_map


class Batches:
    """Batches that can be gone through any number of times.

    - `data`: a DataLoader, a Dataset, a list (or other iterable) of (inputs, targets), or one such
      pair as a tuple. Inputs are a tensor, a tuple of arguments or a dict of keyword arguments; a
      batch that is a dict gives its "labels" as targets.
    """

    def __init__(self, data: Any, device: torch.device, dtype: Optional[torch.dtype]):
        self.device, self.dtype = device, dtype
        self.data = _normalized(data)
        self.samples = self._count()
        if self.samples == 0:
            raise ValueError("there are no samples")

    def __iter__(self) -> Iterator[tuple[Any, Any, int]]:
        """Inputs, targets and the number of samples of each batch."""
        for batch in self.data:
            inputs, targets = _pair(batch)
            yield self._moved(inputs), self._moved(targets), _size(inputs, targets)

    def sample(self, index: int) -> tuple[Any, Any]:
        """One sample as a batch of its own."""
        loader = self.data
        if isinstance(loader, DataLoader) and _reaches_by_index(loader):
            inputs, targets = _pair(loader.collate_fn([loader.dataset[index]]))
            return self._moved(inputs), self._moved(targets)
        for inputs, targets, size in self:
            if index < size:
                return sliced(inputs, index, size), sliced(targets, index, size)
            index -= size
        raise ValueError(f"there is no sample {index} beyond the last")

    @property
    def is_shuffled(self) -> bool:
        """Whether every pass has an order of its own."""
        return isinstance(self.data, DataLoader) and isinstance(
            getattr(self.data, "sampler", None), RandomSampler)

    @property
    def is_one(self) -> bool:
        """Whether there is but one batch, that is the same in every pass: a loader may make another."""
        return isinstance(self.data, list) and len(self.data) == 1

    @property
    def repeats_samples(self) -> bool:
        """Whether a DistributedSampler gives some samples twice so that all processes have as many."""
        sampler = getattr(self.data, "sampler", None)
        return (
            isinstance(sampler, torch.utils.data.DistributedSampler) and not sampler.drop_last
            and len(sampler.dataset) % sampler.num_replicas != 0)

    def _count(self) -> int:
        loader = self.data
        if isinstance(loader, DataLoader) and not loader.drop_last and loader.batch_size:
            try:
                return len(loader.sampler)
            except TypeError:  # a stream
                pass
        return sum(_size(*_pair(batch)) for batch in loader)

    def _moved(self, tree: Any) -> Any:
        def move(leaf: Any) -> Any:
            if isinstance(leaf, np.ndarray):
                leaf = torch.from_numpy(np.ascontiguousarray(leaf))
            if not isinstance(leaf, torch.Tensor):
                return leaf
            dtype = self.dtype if leaf.is_floating_point() else None
            return leaf.to(device=self.device, dtype=dtype)

        return tree_map(move, tree)


def call(model: Any, inputs: Any) -> Any:
    """The model's outputs for inputs that are a tensor, a tuple of arguments or a dict of them."""
    args, keywords = arguments(inputs)
    return model(*args, **keywords)


def arguments(inputs: Any) -> tuple[tuple, dict]:
    if isinstance(inputs, dict):
        return (), inputs
    return (tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)), {}


def sliced(tree: Any, index: int, size: int) -> Any:
    """Sample `index` of a batch of `size`, with the batch's dimension kept."""
    def cut(leaf: Any) -> Any:
        batched = isinstance(leaf, torch.Tensor) and leaf.dim() > 0 and leaf.shape[0] == size
        return leaf[index : index + 1] if batched else leaf

    return tree_map(cut, tree)


def _normalized(data: Any) -> Any:
    if isinstance(data, DataLoader):
        return data
    if isinstance(data, Dataset):
        return DataLoader(data, batch_size=128)
    if isinstance(data, tuple) and len(data) == 2:
        return [data]
    if isinstance(data, list) and len(data) == 2 and all(_is_array(part) for part in data):
        return [tuple(data)]
    if isinstance(data, Iterator) or not hasattr(data, "__iter__"):
        data = list(data)
    return data


def _pair(batch: Any) -> tuple[Any, Any]:
    if isinstance(batch, Mapping):
        inputs = dict(batch)
        if "labels" not in inputs:
            raise ValueError(f"a batch that is a dict has \"labels\"; it has {', '.join(inputs)}")
        return inputs, inputs.pop("labels")
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        raise ValueError(f"a batch is (inputs, targets), not {type(batch).__name__}")
    inputs, targets = batch
    return (dict(inputs) if isinstance(inputs, Mapping) else inputs), targets


def _size(inputs: Any, targets: Any) -> int:
    for tree in (targets, inputs):
        for leaf in tree_flatten(tree)[0]:
            if _is_array(leaf) and leaf.ndim > 0:
                return int(leaf.shape[0])
    raise ValueError("a batch whose targets and inputs have no dimension of samples")


def _is_array(leaf: Any) -> bool:
    return isinstance(leaf, (torch.Tensor, np.ndarray))


def _reaches_by_index(loader: DataLoader) -> bool:
    sequential = isinstance(getattr(loader, "sampler", None), SequentialSampler)
    return sequential and loader.batch_size is not None and hasattr(loader.dataset, "__getitem__")
