#!/usr/bin/env python3
"""Plays the `saddle` command for the tests of `analyze` and `validate_optimizer`: it starts the program
that --command names, asks it as Saddle would, and prints what it learnt as JSON."""
import argparse
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np

from saddle_client.wire import Wire

parser = argparse.ArgumentParser()
parser.add_argument("verb")
parser.add_argument("--command", required=True)
parser.add_argument("--json", action="store_true", required=True)
parser.add_argument("--declare")
parser.add_argument("--profile")
parser.add_argument("--name")
parser.add_argument("--quick", action="store_true")
parser.add_argument("--method", default="auto")
parser.add_argument("--by-layer", action="store_true")
parser.add_argument("--pairs", type=int, default=12)
parser.add_argument("--steps", type=int)
parser.add_argument("--probes", type=int)
parser.add_argument("--behave", default="well")
options = parser.parse_args()


def program():
    return subprocess.Popen(
        ["/bin/sh", "-c", options.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        start_new_session=True)


def spectrum(child):
    wire = Wire(child.stdout, child.stdin)

    def ask(id, do, arrays={}, **members):
        wire.write({"do": do, "id": id, **members}, arrays)
        message = wire.read()
        if message is None:
            sys.exit("the program ended")
        return message

    about = ask(1, "describe", protocol=2).header
    P = about["parameters"]
    if options.behave == "leaves":  # in the midst of a message
        child.stdin.write(b'{"do":"product"')
        child.stdin.flush()
        child.kill()
        sys.exit(70)
    V = np.eye(min(P, 300), P, dtype=about["dtype"]) if P < 10**6 else np.ones((1, P), about["dtype"])
    H = ask(2, "product", {"vectors": V}, kind="hessian").arrays["products"][:, : len(V)]
    value = ask(3, "value").header["value"]
    gradient = ask(4, "gradient").arrays["gradient"]
    if ask(5, "value").header["value"] != value:
        sys.exit("saddle: two answers to the same request")
    wire.write({"do": "quit", "id": 6})
    child.stdin.close()
    return {"eigenvalues": list(map(float, np.linalg.eigvalsh(H))), "value": value,
            "gradientNorm": float(np.linalg.norm(gradient)), "about": about}


def validate(child):
    def ask(of=child, **request):
        of.stdin.write(json.dumps({"run": 1, **request}).encode() + b"\n")
        of.stdin.flush()
        return json.loads(of.stdout.readline())

    if options.behave == "hangs up":
        ask(do="init", id=1, dimension=3, hyperparameters={"lr": 0.5}, protocol=1)
        many = [1.0] * 1_000_000  # which take the program longer than this one stays
        step = dict(run=1, do="step", id=2, parameters=many, value=1.0, gradient=many)
        child.stdin.write(json.dumps(step).encode() + b"\n")
        child.stdin.flush()
        time.sleep(0.1)
        os.killpg(child.pid, signal.SIGKILL)  # with all that it started
        child.wait()
        sys.exit(3)
    if options.behave == "together":  # another process, which has runs of its own
        other = program()
        at = dict(do="step", parameters=[1.0, 2, 3], value=1.0, gradient=[1.0, 0, -1])
        for id, (of, rate) in enumerate([(child, 0.25), (other, 0.5)], 1):
            ask(of, do="init", id=id, dimension=3, hyperparameters={"lr": rate}, protocol=1)
        steps = [ask(of, id=3, **at)["parameters"] for of in (child, other, child)]
        print(json.dumps({"passed": True, "steps": steps}))
        for of in (child, other):  # a request that nobody waits for
            of.stdin.write(json.dumps({"run": 1, "id": 4, **at}).encode() + b"\n")
            of.stdin.flush()
            of.kill()
        sys.exit(0)
    began = ask(do="init", id=1, dimension=3, hyperparameters={"lr": 0.5}, protocol=1, tensors=[1, 2])
    refused = ask(do="init", id=2, dimension=3, hyperparameters={"lr": -1.0}, protocol=1, run=2)
    step = ask(do="step", id=3, parameters=[1.0, 2, 3], value=1.0, gradient=[1.0, 0, -1])
    memory = ask(do="save", id=4)["memory"]
    ask(do="load", id=5, memory=memory)
    child.stdin.close()
    found = {"passed": step["parameters"] == [0.5, 2.0, 3.5], "began": began, "refused": refused,
             "step": step}
    print(json.dumps(found))
    sys.exit(0 if found["passed"] else 1)


if options.behave == "refuses":
    sys.exit("saddle: the products are not symmetric")
if options.behave == "babbles":
    print("no JSON")
    sys.exit(0)
if options.behave == "restarts":
    first = program()
    first.stdin.close()
    first.wait()
child = program()
if options.behave == "together" and options.verb == "spectrum":
    second = program()
    for id in (1, 2):  # by turns
        for wire in (Wire(p.stdout, p.stdin) for p in (child, second)):
            wire.write({"do": "describe", "id": id, "protocol": 2})
            assert wire.read().header["id"] == id
    second.stdin.write(json.dumps({"do": "value", "id": 3}).encode() + b'\n{"do":"quit","id":4}\n')
    second.stdin.close()  # a request with the next one behind it, and the end
    assert json.loads(second.stdout.readline())["value"] and second.wait(timeout=30) == 0
if options.verb == "validate":
    validate(child)
found = spectrum(child)
shown = {key: value for key, value in vars(options).items() if key not in ("command", "json")}
print(json.dumps({**found, "options": shown, "child": child.wait(timeout=30)}))
