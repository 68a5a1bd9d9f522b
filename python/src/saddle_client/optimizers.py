"""`saddle validate` of a torch optimizer, from within this process."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Callable, Optional, Union

import torch

from .children import flags, run
from .wire import encoded, number


def validate_optimizer(
    rule: Callable[..., torch.optim.Optimizer], declare: str, *,
    arguments: Optional[Mapping[str, Any]] = None, precision: str = "float64",
    profile: Optional[str] = "torch", name: Optional[str] = None,
    command: Union[str, Sequence[str]] = "saddle", show: bool = False, **options: Any,
) -> dict[str, Any]:
    """Holds an optimizer to the rule that it is declared to be: `passed`, and every check's verdict.

    - `rule`: a class of torch.optim or the like: (parameters, **hyperparameters) ↦ an optimizer.
    - `declare`: what it promises to be: "adamw", "adamw,lr=1e-3", or "none"; see `saddle optimizers`.
    - `arguments`: what the rule needs besides hyperparameters, such as {"amsgrad": True}.
    - `precision`: "float64" or "float32".
    - `profile`: "torch" allows what torch's optimizers are known to do otherwise; None does not.
    - `options`: those of `saddle validate`: quick=True, skip=["..."], seed=2.

    Raises SaddleError where nothing was checked.
    """

    def opened(reader: BinaryIO, writer: BinaryIO) -> Callable[[], bool]:
        program = TorchOptimizers(rule, dict(arguments or {}), precision)
        return lambda: program.answer(reader, writer)

    words = ["validate", "--declare", declare]
    words += flags({
        "profile": None if declare.split(",")[0] == "none" else profile,
        "name": name or getattr(rule, "__name__", None), **options})
    return run(command, words, opened, accepted=(0, 1), show=show)


class TorchOptimizers:
    """The program's side of the optimizer protocol: a torch optimizer for each run of one program."""

    def __init__(self, rule: Callable, fixed: dict[str, Any], precision: str):
        self.rule, self.fixed, self.precision = rule, fixed, precision
        self.dtype = getattr(torch, precision)
        self.runs: dict[int, tuple[list, torch.optim.Optimizer]] = {}

    def answer(self, reader: BinaryIO, writer: BinaryIO) -> bool:
        """Answers the next request; False where the other end quit or went, perhaps within a line."""
        line = reader.readline()
        request = json.loads(line) if line.endswith(b"\n") else {"do": "quit"}
        if request["do"] == "quit":
            return False
        before = torch.get_default_dtype()
        torch.set_default_dtype(self.dtype)  # of the step's count too
        try:
            reply = {"id": request["id"], "ok": True, **getattr(self, "_" + request["do"])(request)}
        except Exception as error:
            reply = {"id": request["id"], "error": str(error) or type(error).__name__}
        finally:
            torch.set_default_dtype(before)
        writer.write(json.dumps(encoded(reply), allow_nan=False).encode() + b"\n")
        writer.flush()
        return True

    def _init(self, request: dict[str, Any]) -> dict[str, Any]:
        numbers = {key: number(value) for key, value in request["hyperparameters"].items()}
        names = {**self.fixed, **numbers}
        if "beta1" in names:  # torch takes the two as a pair
            names["betas"] = (names.pop("beta1"), names.pop("beta2", 0.999))
        sizes = request.get("tensors", [request["dimension"]])
        x = [torch.nn.Parameter(torch.zeros(n)) for n in sizes]
        groups = [{"params": part} for part in (x[0::2], x[1::2]) if part]
        try:
            self.runs[request["run"]] = x, self.rule(groups, **names)
        except ValueError as error:  # torch's words have the value, not always the name
            meant = [key for key, value in numbers.items() if str(value) in str(error)]
            raise ValueError(f"{error} in {meant}") from error
        return {"precision": self.precision, "tensors": True}

    def _step(self, request: dict[str, Any]) -> dict[str, Any]:
        x, optimizer = self.runs[request["run"]]
        sizes = [len(t) for t in x]
        for t, p, g in zip(
                x, *(torch.tensor([number(a) for a in request[key]]).split(sizes)
                     for key in ("parameters", "gradient"))):
            t.data, t.grad = p.clone(), g.clone()
        optimizer.step()
        return {"parameters": torch.cat([t.data for t in x]).tolist()}

    def _save(self, request: dict[str, Any]) -> dict[str, Any]:
        state = self.runs[request["run"]][1].state_dict()["state"]
        return {"memory": json.loads(json.dumps(state, default=torch.Tensor.tolist))}

    def _load(self, request: dict[str, Any]) -> dict[str, Any]:
        x, optimizer = self.runs[request["run"]]
        tensor = lambda v: torch.tensor(v) if isinstance(v, (list, float)) else v
        state = {int(k): {n: tensor(v) for n, v in s.items()} for k, s in request["memory"].items()}
        for t, s in zip(x[0::2] + x[1::2], state.values()):
            if any(torch.is_tensor(v) and v.dim() and len(v) != len(t) for v in s.values()):
                raise ValueError("a memory of another dimension")
        optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
        return {}
