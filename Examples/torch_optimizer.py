#!/usr/bin/env python3
"""Any optimizer of torch.optim over Saddle's optimizer protocol (docs/optimizer-protocol.md).

    saddle validate --command 'python3 Examples/torch_optimizer.py Adam' --declare adam
    python3 Examples/torch_optimizer.py SGD '{"nesterov": true}'     # torch's own arguments
"""
import json, sys
import torch

torch.set_default_dtype(torch.float64)  # also what torch counts steps and products in
torch.set_num_threads(1)
rule, fixed, runs = getattr(torch.optim, sys.argv[1]), json.loads((sys.argv[2:] or ["{}"])[0]), {}


def begin(dimension, hyperparameters):
    names = {**fixed, **hyperparameters}
    if "beta1" in names:  # torch takes the two as a pair
        names["betas"] = (names.pop("beta1"), names.pop("beta2", 0.999))
    x = torch.zeros(dimension, requires_grad=True)
    return x, rule([x], **names)


def step(x, optimizer, request):
    gradient = torch.tensor([float(g) for g in request["gradient"]])
    if not gradient.isfinite().all():  # torch itself steps on, and its memory is NaN for good
        raise ValueError("the gradient is not finite")
    with torch.no_grad():
        x.copy_(torch.tensor([float(p) for p in request["parameters"]]))
    x.grad = gradient
    optimizer.step()
    return x.tolist()


def save(optimizer):  # the hyperparameters come with init, so the memory is the rest
    memory = optimizer.state_dict()["state"].get(0, {})
    return {key: v.tolist() if torch.is_tensor(v) else v for key, v in memory.items()}


def load(x, optimizer, memory):
    state = {k: torch.tensor(v) if isinstance(v, (list, float)) else v for k, v in memory.items()}
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": {0: state} if state else {}, "param_groups": groups})


for line in sys.stdin:
    request = json.loads(line)
    reply, verb, run = {"id": request["id"]}, request["do"], runs.get(request.get("run"))
    try:
        if verb == "quit":
            break
        elif verb == "init":
            runs[request["run"]] = begin(request["dimension"], request["hyperparameters"])
        elif verb == "step":
            reply["parameters"] = step(*run, request)
        elif verb == "save":
            reply["memory"] = save(run[1])
        elif verb == "load":
            load(*run, request["memory"])
        reply.setdefault("ok", True)
    except (ValueError, TypeError) as error:
        reply["error"] = str(error)
    print(json.dumps(reply), flush=True)
