#!/usr/bin/env python3
"""Any of torch.optim, over Saddle's optimizer protocol; torch's arguments may follow its name:
saddle validate --command 'python3 Examples/torch_optimizer.py Adam' --declare adam"""
import json, sys
import torch

torch.set_default_dtype(torch.float64)  # also what torch counts steps and products in
rule, fixed, runs = getattr(torch.optim, sys.argv[1]), json.loads((sys.argv[2:] or ["{}"])[0]), {}


def begin(dimension, numbers):
    names = {**fixed, **numbers}
    if "beta1" in names:  # torch takes the two as a pair
        names["betas"] = (names.pop("beta1"), names.pop("beta2", 0.999))
    x = torch.zeros(dimension, requires_grad=True)
    try:
        return x, rule([x], **names)
    except ValueError as error:  # torch's words have the value, not always the name
        raise ValueError(f"{error} in {[k for k, v in numbers.items() if str(v) in str(error)]}")


def step(x, optimizer, request):
    x.grad = torch.tensor([float(g) for g in request["gradient"]])
    if not torch.tensor([float(request["value"]), *x.grad]).isfinite().all():
        raise ValueError("not finite")  # torch itself steps on, and its memory is NaN for good
    x.data = torch.tensor([float(p) for p in request["parameters"]])
    optimizer.step()
    return x.tolist()


def save(optimizer):  # the hyperparameters come with init, so the memory is the rest
    memory = optimizer.state_dict()["state"].get(0, {})
    return {k: v.tolist() if torch.is_tensor(v) else v for k, v in memory.items()}


def load(x, optimizer, memory):
    if any(isinstance(v, list) and len(v) != len(x) for v in memory.values()):
        raise ValueError("a memory of another dimension")
    state = {k: torch.tensor(v) if isinstance(v, (list, float)) else v for k, v in memory.items()}
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": {0: state} if state else {}, "param_groups": groups})


for line in sys.stdin:
    request = json.loads(line)
    do, run, reply = request["do"], runs.get(request.get("run")), {"id": request["id"], "ok": True}
    try:
        if do == "init":
            numbers = {k: float(v) for k, v in request["hyperparameters"].items()}
            runs[request["run"]] = begin(request["dimension"], numbers)
        elif do == "step":
            reply["parameters"] = step(*run, request)
        elif do == "save":
            reply["memory"] = save(run[1])
        elif do == "load":
            load(*run, request["memory"])
    except (ValueError, TypeError) as error:
        reply = {"id": request["id"], "error": str(error)}
    print(json.dumps(reply), flush=True)
