#!/usr/bin/env python3
"""Any of torch.optim, over Saddle's optimizer protocol; torch's arguments and dtype may follow:
saddle validate --command 'python3 Examples/torch_optimizer.py Adam' --declare adam --profile torch"""
import json, sys
import torch

rule, fixed, runs = getattr(torch.optim, sys.argv[1]), json.loads((sys.argv[2:] or ["{}"])[0]), {}
torch.set_default_dtype(getattr(torch, dtype := fixed.pop("dtype", "float64")))  # steps' count too


def begin(sizes, numbers):
    if "beta1" in (names := {**fixed, **numbers}):  # torch takes the two as a pair
        names["betas"] = (names.pop("beta1"), names.pop("beta2", 0.999))
    x = [torch.nn.Parameter(torch.zeros(n)) for n in sizes]
    try:  # every other tensor is of another group
        return x, rule([{"params": part} for part in (x[0::2], x[1::2]) if part], **names)
    except ValueError as error:  # torch's words have the value, not always the name
        raise ValueError(f"{error} in {[k for k, v in numbers.items() if str(v) in str(error)]}")


def step(x, optimizer, request):
    part = lambda key: torch.tensor([float(a) for a in request[key]]).split([len(t) for t in x])
    for t, p, g in zip(x, part("parameters"), part("gradient")):
        t.data, t.grad = p.clone(), g.clone()
    optimizer.step()
    return torch.cat([t.data for t in x]).tolist()


def save(optimizer):  # the hyperparameters come with init, so the memory is the rest
    return json.loads(json.dumps(optimizer.state_dict()["state"], default=torch.Tensor.tolist))


def load(x, optimizer, memory):
    tensor = lambda v: torch.tensor(v) if isinstance(v, (list, float)) else v
    state = {int(k): {n: tensor(v) for n, v in s.items()} for k, s in memory.items()}
    if any(torch.is_tensor(v) and v.dim() and len(v) != len(t)
           for t, s in zip(x[0::2] + x[1::2], state.values()) for v in s.values()):
        raise ValueError("a memory of another dimension")
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


for line in sys.stdin:
    request = json.loads(line)
    do, run, reply = request["do"], runs.get(request.get("run")), {"id": request["id"], "ok": True}
    try:
        if do == "init":
            numbers = {k: float(v) for k, v in request["hyperparameters"].items()}
            runs[request["run"]] = begin(request.get("tensors", [request["dimension"]]), numbers)
            reply.update(precision=dtype, tensors=True)
        elif do == "step":
            reply["parameters"] = step(*run, request)
        elif do == "save":
            reply["memory"] = save(run[1])
        elif do == "load":
            load(*run, request["memory"])
    except (ValueError, TypeError) as error:
        reply = {"id": request["id"], "error": str(error)}
    print(json.dumps(reply), flush=True)
