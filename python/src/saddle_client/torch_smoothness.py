"""Whether what a module computes is twice differentiable everywhere, by the operations it uses."""
from __future__ import annotations

from typing import Any, Optional

from torch.utils._python_dispatch import TorchDispatchMode

# Of ATen, by the names' beginnings: kinks, jumps, or (elu, smooth_l1_loss) a bend that jumps.
KINKED = (
    "relu", "threshold", "leaky_relu", "prelu", "_prelu_kernel", "rrelu", "hardtanh", "hardswish",
    "hardsigmoid", "hardshrink", "softshrink", "elu", "celu", "abs", "max_pool", "adaptive_max_pool",
    "fractional_max_pool", "max.", "max_", "amax", "min.", "min_", "amin", "maximum", "minimum", "fmax",
    "fmin", "aminmax", "clamp", "median", "nanmedian", "mode.", "kthvalue", "topk", "sort", "cummax",
    "cummin", "smooth_l1_loss", "huber_loss", "l1_loss", "sign", "floor", "ceil", "round", "trunc",
    "frac", "remainder", "fmod", "linalg_vector_norm", "norm.")
# Which may make either of two smooth functions a function with a kink.
UNKNOWN = ("where", "masked_fill", "masked_scatter")


class OperationLog(TorchDispatchMode):
    """Keeps the names of the operations on floating-point tensors within."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        leaf = result[0] if isinstance(result, (tuple, list)) and result else result
        if getattr(leaf, "is_floating_point", lambda: False)():
            self.names.add(func.name().removeprefix("aten::"))
        return result

    @property
    def is_smooth(self) -> Optional[bool]:
        """None where there is a choice whose branches may or may not meet smoothly."""
        if any(_is(name, KINKED) for name in self.names):
            return False
        return None if any(_is(name, UNKNOWN) for name in self.names) else True


def _is(name: str, beginnings: tuple[str, ...]) -> bool:
    return any(name == b.rstrip(".") or name.startswith(b) for b in beginnings)
