"""`saddle spectrum` from within the process that has the model."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, Callable, Union

from .children import flags, run
from .objective import Objective
from .server import conversation
from .wire import Wire, WireError

OF_OBJECTIVE = (
    "weight_decay", "device", "dtype", "kinds", "reduction", "chunk", "name")


def analyze(
    model: Any, loss: Any = None, data: Any = None, *, command: Union[str, Sequence[str]] = "saddle",
    show: bool = False, **options: Any,
) -> dict[str, Any]:
    """The figures of `saddle spectrum`, each with its bound, as a dict.

    - `model`, `loss`, `data`: as for `torch_objective`; or an objective alone.
    - `command`: the `saddle` program.
    - `show`: pass its progress on to standard error.
    - `options`: those of `torch_objective`, such as weight_decay; others are those of
      `saddle spectrum`: method="exact", by_layer=True.

    Raises SaddleError, with the command's exit code and standard error, where there are no figures.
    In a process of a data-parallel run other than the first it takes part, and gives an empty dict.
    """
    if isinstance(model, Objective):
        objective = model
    else:
        from .torch_objectives import torch_objective

        chosen = {key: options.pop(key) for key in OF_OBJECTIVE if key in options}
        objective = torch_objective(model, loss, data, **chosen)
    if getattr(objective, "rank", 0) != 0:
        objective.follow()  # type: ignore[attr-defined]
        return {}

    def opened(reader: BinaryIO, writer: BinaryIO) -> Callable[[], bool]:
        turn = conversation(objective, Wire(reader, writer))

        def answer() -> bool:
            try:
                return turn()
            except WireError:  # the command went away within a message, and says itself why
                return False

        return answer

    try:
        return run(command, ["spectrum", *flags(options)], opened, show=show)
    finally:
        if (end := getattr(objective, "end", None)) is not None:
            end()
