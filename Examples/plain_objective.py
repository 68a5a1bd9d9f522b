#!/usr/bin/env python3
"""A function of 6 parameters in plain Python, over Saddle's protocol (docs/protocol.md):
saddle spectrum --command 'python3 Examples/plain_objective.py'

f(θ) = Σ (θᵢ² − 1)²/4 + (Σ θᵢ)²/2, at a point near its saddle at θ = 0."""
import json
import struct
import sys

start = [0.01, -0.02, 0.005, 0.01, -0.01, 0.004]
P = len(start)


def value(x):
    return sum((t * t - 1) ** 2 for t in x) / 4 + sum(x) ** 2 / 2


def gradient(x):
    return [t * (t * t - 1) + sum(x) for t in x]


def product(x, v):
    return [(3 * t * t - 1) * a + sum(v) for t, a in zip(x, v)]


def describe():
    return {
        "is": "objective", "name": "quartic", "parameters": P, "dtype": "float64", "smooth": True,
        "blocks": [{"name": "theta", "shape": [P]}], "weightDecay": 0, "kinds": ["hessian"],
        "offers": ["point", "value", "gradient", "product"]}


def answer(request, arrays, theta):
    """Members and arrays of the answer."""
    do = request["do"]
    if do == "describe":
        return describe(), {}
    if do == "point":
        return {}, {"parameters": ([P], start)}
    if do == "value":
        return {"value": value(theta)}, {}
    if do == "gradient":
        return {"value": value(theta)}, {"gradient": ([P], gradient(theta))}
    if do == "product" and request["kind"] == "hessian":
        rows = [arrays["vectors"][i : i + P] for i in range(0, len(arrays["vectors"]), P)]
        products = [number for row in rows for number in product(theta, row)]
        return {}, {"products": ([len(rows), P], products)}
    raise ValueError(f"there is no {do} of {request.get('kind')}")


def read():
    """The next request and its arrays, as lists of doubles; None at the end."""
    line = sys.stdin.buffer.readline()
    if not line:
        return None
    request, arrays = json.loads(line), {}
    for array in request.get("arrays", []):
        count = 1
        for length in array["shape"]:
            count *= length
        letter, size = {"float64": ("d", 8), "float32": ("f", 4)}[array["dtype"]]
        bytes = sys.stdin.buffer.read(size * count)
        arrays[array["name"]] = list(struct.unpack(f"<{count}{letter}", bytes))
    return request, arrays


def write(reply, arrays):
    if arrays:
        reply["arrays"] = [
            {"name": name, "dtype": "float64", "shape": shape} for name, (shape, _) in arrays.items()]
    sys.stdout.buffer.write(json.dumps(reply).encode() + b"\n")
    for shape, numbers in arrays.values():
        sys.stdout.buffer.write(struct.pack(f"<{len(numbers)}d", *numbers))
    sys.stdout.buffer.flush()


def serve():
    theta = start
    while (message := read()) and message[0]["do"] != "quit":
        request, arrays = message
        theta = arrays.get("parameters", theta)
        try:
            members, found = answer(request, arrays, theta)
            write({"id": request["id"], **members}, found)
        except (ValueError, KeyError) as error:
            write({"id": request["id"], "error": str(error)}, {})


if __name__ == "__main__":
    serve()
