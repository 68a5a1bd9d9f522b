"""What surrounds an evaluation of a torch module: nothing of it carries over to the next."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.nn.modules.dropout import _DropoutNd

STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """Evaluations within leave the module as it was, and every derivative has a rule.

    Attention goes by its plain formula, since fused kernels have no second derivatives. A batch-norm
    in training mode takes its statistics from the batch, as it does, and keeps none.
    """
    with ExitStack() as stack:
        stack.enter_context(torch.enable_grad())
        stack.enter_context(_plain_attention())
        statistics: list[tuple[nn.Module, str, torch.Tensor]] = []
        kept = [(buffer, buffer.detach().clone()) for buffer in model.buffers()]
        for module in model.modules():
            if isinstance(module, _NormBase) and module.training:
                for name in STATISTICS:
                    if module._buffers.get(name) is not None:
                        statistics.append((module, name, module._buffers[name]))
                        module._buffers[name] = None
        try:
            yield
        finally:
            for module, name, buffer in statistics:
                module._buffers[name] = buffer
            with torch.no_grad():
                for buffer, value in kept:
                    if not torch.equal(buffer, value):  # else graphs that hold it stay good
                        buffer.detach().copy_(value)


@contextmanager
def _plain_attention() -> Iterator[None]:
    with ExitStack() as stack:
        mha = getattr(torch.backends, "mha", None)
        if hasattr(mha, "set_fastpath_enabled"):
            stack.callback(mha.set_fastpath_enabled, mha.get_fastpath_enabled())
            mha.set_fastpath_enabled(False)
        try:
            from torch.nn.attention import SDPBackend, sdpa_kernel
        except ImportError:  # before torch 2.3
            stack.enter_context(torch.backends.cuda.sdp_kernel(
                enable_flash=False, enable_mem_efficient=False, enable_math=True))
        else:
            stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        yield


def mixes_samples(model: nn.Module) -> bool:
    """Whether what a sample gives depends on the others of its batch."""
    return any(
        isinstance(module, nn.modules.batchnorm._BatchNorm)
        and (module.training or module.running_mean is None)
        for module in model.modules())


def objections(model: nn.Module, is_sum: bool) -> list[str]:
    """Why figures of the module would not be of a mean over samples: what is in training mode, and a loss
    that is a sum though nothing says so."""
    said: list[str] = []
    dropouts, norms = [], []
    for name, module in model.named_modules():
        if not module.training:
            continue
        is_random = isinstance(module, _DropoutNd) and module.p > 0
        is_random = is_random or (isinstance(module, nn.RNNBase) and module.dropout > 0)
        is_random = is_random or (isinstance(module, nn.MultiheadAttention) and module.dropout > 0)
        if is_random:
            dropouts.append(name or type(module).__name__)
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            norms.append(name or type(module).__name__)
    if dropouts:
        said.append(
            f"Dropout is in training mode ({_some(dropouts)}): every evaluation is of another "
            "function. Call model.eval() first.")
    if norms:
        said.append(
            f"Batch-norm is in training mode ({_some(norms)}): the loss depends on how samples are "
            "batched. Call model.eval() for the network that is used.")
    if is_sum:
        said.append(
            "The loss is a sum for a mean: of the same samples twice it is twice as much. Let it divide by "
            "the samples of its batch, or say reduction=\"sum\", and that is done here.")
    return said


def remarks(model: nn.Module, outputs: Any, device: torch.device) -> list[str]:
    """What a reader of the figures should know of how the module computes."""
    said = _precision_remarks(model, outputs, device)
    if device.type == "cuda" and not torch.are_deterministic_algorithms_enabled():
        said.append(
            "torch.use_deterministic_algorithms is off: the same request may have answers that "
            "differ by rounding.")
    return said


def data_remarks(
    reduction: str, batches: Any, processes: int, reads: bool, weighs: bool
) -> list[str]:
    """The same of the loss and of how the data come."""
    said = []
    if reduction == "sum":
        said.append("The loss sums over a batch: what is measured is the mean over samples.")
    if weighs:
        exact = "." if batches.is_one else (
            ": its mean over batches is weighted by their sizes instead. One batch of all samples is exact.")
        said.append(
            "The loss weighs classes, samples or tokens (an ignored one by 0) and divides by a batch's "
            f"weights{exact}")
    if reads:
        said.append(
            "The loss reads the model's parameters itself, as a penalty does: it is differentiated along "
            "with the outputs, and there is a Hessian alone.")
    if batches.is_shuffled:
        said.append("The data are shuffled: every pass has an order of its own.")
    if batches.repeats_samples:
        said.append(
            "DistributedSampler gives some samples twice, so that every process has as many.")
    if processes > 1:
        said.append(f"Sums are over {processes} processes.")
    return said


def _precision_remarks(model: nn.Module, outputs: Any, device: torch.device) -> list[str]:
    said: list[str] = []
    parameters = {p.dtype for p in model.parameters()}
    low = {torch.float16, torch.bfloat16}
    if halves := sorted(str(t).removeprefix("torch.") for t in parameters & low):
        said.append(
            f"Parameters are {' and '.join(halves)}: products have about two digits, and Saddle's tests "
            "of them ask for more. dtype=torch.float32 measures a copy in single precision.")
    elif isinstance(outputs, torch.Tensor) and outputs.dtype in low:
        said.append(
            f"Outputs are {str(outputs.dtype).removeprefix('torch.')} of parameters that are not: "
            "autocast rounds products to about two digits.")
    if torch.is_autocast_enabled():
        said.append("Autocast is on: products are rounded to about two or three digits.")
    if torch.get_float32_matmul_precision() != "highest":
        said.append(
            f"float32 matrix products are of {torch.get_float32_matmul_precision()!r} precision "
            "(torch.set_float32_matmul_precision).")
    elif device.type == "cuda" and torch.backends.cuda.matmul.allow_tf32:
        said.append("float32 matrix products use TF32 (torch.backends.cuda.matmul.allow_tf32).")
    if device.type == "cuda" and torch.backends.cudnn.allow_tf32 and any(
            isinstance(m, nn.modules.conv._ConvNd) for m in model.modules()):
        said.append("Convolutions may use TF32 (torch.backends.cudnn.allow_tf32).")
    return said


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
