#!/usr/bin/env python3
"""SGD with momentum, and Adam, in plain Python, over Saddle's optimizer protocol.

    saddle validate --command 'python3 Examples/plain_optimizer.py adam' --declare adam
"""
import json, math, sys


class SGD:
    def __init__(self, n, lr=0.05, momentum=0.9):
        require("lr", lr, 0 < lr < math.inf)
        require("momentum", momentum, 0 <= momentum < 1)
        self.lr, self.momentum, self.memory = lr, momentum, {"v": [0.0] * n}

    def step(self, x, g):
        v = self.memory["v"] = [self.momentum * a + b for a, b in zip(self.memory["v"], g)]
        return [a - self.lr * b for a, b in zip(x, v)]


class Adam:
    def __init__(self, n, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
        require("lr", lr, 0 < lr < math.inf)
        require("beta1", beta1, 0 <= beta1 < 1)
        require("beta2", beta2, 0 <= beta2 < 1)
        require("eps", eps, 0 <= eps < math.inf)
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.memory = {"t": 0, "m": [0.0] * n, "v": [0.0] * n}

    def step(self, x, g):
        s, b1, b2 = self.memory, self.b1, self.b2
        s["t"] += 1
        s["m"] = [b1 * m + (1 - b1) * a for m, a in zip(s["m"], g)]
        s["v"] = [b2 * v + (1 - b2) * a * a for v, a in zip(s["v"], g)]
        c1, c2 = 1 - b1 ** s["t"], 1 - b2 ** s["t"]
        move = [(m / c1, math.sqrt(v / c2) + self.eps) for m, v in zip(s["m"], s["v"])]
        return [a - (self.lr * m / d if m else 0.0) for a, (m, d) in zip(x, move)]


def require(name, value, is_valid):
    if not is_valid:
        raise ValueError(f"{name} = {value} is out of range")


rule, runs = {"momentum": SGD, "adam": Adam}[sys.argv[1]], {}
for line in sys.stdin:
    request = json.loads(line)
    reply, verb, run = {"id": request["id"], "ok": True}, request["do"], runs.get(request.get("run"))
    try:
        if verb == "quit":
            break
        elif verb == "init":
            runs[request["run"]] = rule(request["dimension"], **request["hyperparameters"])
        elif verb == "step":
            x, g = ([float(a) for a in request[key]] for key in ("parameters", "gradient"))
            if not all(map(math.isfinite, [float(request["value"])] + g)):
                raise ValueError("the value or the gradient is not finite")
            reply = {"id": request["id"], "parameters": run.step(x, g)}
        elif verb == "save":
            reply = {"id": request["id"], "memory": run.memory}
        elif verb == "load":
            run.memory = request["memory"]
    except (ValueError, TypeError, ArithmeticError) as error:
        reply = {"id": request["id"], "error": str(error)}
    print(json.dumps(reply), flush=True)
