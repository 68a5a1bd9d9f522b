#!/usr/bin/env python3
"""Momentum and Adam in plain Python, over Saddle's optimizer protocol:
saddle validate --command 'python3 Examples/plain_optimizer.py adam' --declare adam"""
import json, math, sys


class Momentum:
    def __init__(self, n, lr=0.05, momentum=0.9):
        require(lr=0 < lr < math.inf, momentum=0 <= momentum < 1)
        self.lr, self.momentum, self.memory = lr, momentum, {"v": [0.0] * n}

    def step(self, x, g):
        v = self.memory["v"] = [self.momentum * a + b for a, b in zip(self.memory["v"], g)]
        return [a - self.lr * b for a, b in zip(x, v)]


class Adam:
    def __init__(self, n, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        require(lr=0 < lr < math.inf, eps=0 <= eps < math.inf)
        require(beta1=0 <= beta1 < 1, beta2=0 <= beta2 < 1)
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.memory = {"t": 0, "m": [0.0] * n, "v": [0.0] * n}

    def step(self, x, g):
        s, b1, b2 = self.memory, self.b1, self.b2
        s["t"] += 1
        s["m"] = [b1 * m + (1 - b1) * a for m, a in zip(s["m"], g)]
        s["v"] = [b2 * v + (1 - b2) * a * a for v, a in zip(s["v"], g)]
        rate, c2 = self.lr / (1 - b1 ** s["t"]), 1 - b2 ** s["t"]
        roots = [math.sqrt(v / c2) + self.eps for v in s["v"]]
        return [a - (rate * m / r if m else 0.0) for a, m, r in zip(x, s["m"], roots)]


def require(**conditions):
    if wrong := [name for name, holds in conditions.items() if not holds]:
        raise ValueError(f"{', '.join(wrong)} must not be that")


rule, runs = {"momentum": Momentum, "adam": Adam}[sys.argv[1]], {}
for line in sys.stdin:
    request = json.loads(line)
    do, run, reply = request["do"], runs.get(request.get("run")), {"id": request["id"], "ok": True}
    try:
        if do == "init":
            numbers = request["hyperparameters"].items()
            runs[request["run"]] = rule(request["dimension"], **{k: float(v) for k, v in numbers})
        elif do == "step":
            x, g = ([float(a) for a in request[key]] for key in ("parameters", "gradient"))
            require(gradient=all(map(math.isfinite, g + [float(request["value"])])))
            reply["parameters"] = run.step(x, g)
        elif do == "save":
            reply["memory"] = run.memory
        elif do == "load":
            sizes = lambda memory: {k: len(v) for k, v in memory.items() if isinstance(v, list)}
            require(memory=sizes(request["memory"]) == sizes(run.memory))
            run.memory = request["memory"]
    except (ValueError, TypeError, ArithmeticError) as error:
        reply = {"id": request["id"], "error": str(error)}
    print(json.dumps(reply), flush=True)
