"""Data-parallel runs: the first process speaks the protocol, the others do as it says."""
from __future__ import annotations

import os
from datetime import timedelta
from typing import Any, Callable

import numpy as np
import torch
import torch.distributed as dist


class Alone:
    """One process."""

    rank, size = 0, 1

    def sum(self, compute: Callable[[], np.ndarray]) -> np.ndarray:
        return compute()

    def counts(self, count: int) -> list[int]:
        return [count]

    def tell(self, what: Any) -> None:
        pass

    def share(self, tensors: list[torch.Tensor]) -> None:
        pass


class Together:
    """The processes of torch.distributed. Sums are of doubles, over gloo, on the CPU."""

    def __init__(self) -> None:
        if not dist.is_initialized():
            dist.init_process_group("gloo")
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        # However long Saddle is about something else, the others wait.
        self.group = dist.new_group(backend="gloo", timeout=timedelta(days=7))

    def sum(self, compute: Callable[[], np.ndarray]) -> np.ndarray:
        """The sum over processes, or every process's error in each."""
        result, problem = None, ""
        try:
            result = np.ascontiguousarray(compute(), dtype=np.float64)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        problems: list[Any] = [None] * self.size
        dist.all_gather_object(problems, problem, group=self.group)
        if said := [f"process {rank}: {text}" for rank, text in enumerate(problems) if text]:
            raise RuntimeError("; ".join(said))
        total = torch.from_numpy(result)
        dist.all_reduce(total, group=self.group)
        return total.numpy()

    def counts(self, count: int) -> list[int]:
        all_counts: list[Any] = [None] * self.size
        dist.all_gather_object(all_counts, count, group=self.group)
        return all_counts

    def tell(self, what: Any) -> None:
        """From the first process to the others."""
        dist.broadcast_object_list([what], src=0, group=self.group)

    def hear(self) -> Any:
        box = [None]
        dist.broadcast_object_list(box, src=0, group=self.group)
        return box[0]

    def share(self, tensors: list[torch.Tensor]) -> None:
        """Every process's tensors become the first's, as DistributedDataParallel has it."""
        for tensor in tensors:
            here = tensor.detach().cpu().contiguous()
            dist.broadcast(here, src=0, group=self.group)
            with torch.no_grad():
                tensor.detach().copy_(here)


def processes() -> Any:
    """The processes of this run: those of torch.distributed, or of torchrun, or this one alone."""
    if dist.is_available() and (
            dist.is_initialized() or int(os.environ.get("WORLD_SIZE", "1")) > 1):
        return Together()
    return Alone()
