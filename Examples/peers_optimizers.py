#!/usr/bin/env python3
"""Holds other libraries' optimizers to Saddle's oracles, and writes what comes of it:

    Examples/peers_optimizers.py --saddle .build/release/saddle --out docs/peers-optimizers.md

Wants torch; optax and pytorch_optimizer are left out, and said to be, where they are not installed.
"""
import argparse, concurrent.futures, importlib.metadata, json, platform, pydoc, subprocess, sys
from pathlib import Path

folder = Path(__file__).resolve().parent

# A rule with every number away from its default, so that no default is taken for a number.
settings = {
    "sgd": "lr=0.1", "momentum": "lr=0.3,momentum=0.6", "nesterov": "lr=0.3,momentum=0.6",
    "adam": "lr=0.02,beta1=0.7,beta2=0.95,eps=0.1",
    "amsgrad": "lr=0.02,beta1=0.7,beta2=0.95,eps=0.1",
    "adamw": "lr=0.02,beta1=0.7,beta2=0.95,eps=0.1,weight_decay=0.3",
    "adamax": "lr=0.02,beta1=0.7,beta2=0.95,eps=0.1",
    "nadam": "lr=0.02,beta1=0.7,beta2=0.95,eps=0.1,momentum_decay=0.1",
    "radam": "lr=0.02,beta1=0.7,beta2=0.95,eps=0.1",
    "adabelief": "lr=0.02,beta1=0.7,beta2=0.95,eps=0.1",
    "rmsprop": "lr=0.3,alpha=0.8,eps=0.1", "adagrad": "lr=0.3,eps=0.1",
    "adadelta": "lr=0.3,rho=0.6,eps=0.1", "lion": "lr=0.02,beta1=0.7,beta2=0.95,weight_decay=0.3",
    "signDescent": "lr=0.01",
}

# Library, implementation, what it declares, and the arguments that it needs to be that rule.
peers = [
    ("torch", "SGD", "sgd", {}), ("torch", "SGD", "momentum", {}),
    ("torch", "SGD", "nesterov", {"nesterov": True}), ("torch", "Adam", "adam", {}),
    ("torch", "Adam", "amsgrad", {"amsgrad": True}), ("torch", "AdamW", "adamw", {}),
    ("torch", "Adamax", "adamax", {}), ("torch", "NAdam", "nadam", {}),
    ("torch", "RAdam", "radam", {}), ("torch", "RMSprop", "rmsprop", {}),
    ("torch", "Adagrad", "adagrad", {}), ("torch", "Adadelta", "adadelta", {}),
    ("torch", "LBFGS", "none", {"max_iter": 1, "line_search_fn": "strong_wolfe"}),
    ("torch", "Muon", "none", {"weight_decay": 0.0}),
    ("optax", "sgd", "sgd", {}), ("optax", "sgd", "momentum", {}),
    ("optax", "sgd", "nesterov", {"nesterov": True}), ("optax", "adam", "adam", {}),
    ("optax", "amsgrad", "amsgrad", {}), ("optax", "adamw", "adamw", {}),
    ("optax", "adamax", "adamax", {}), ("optax", "nadam", "nadam", {}),
    ("optax", "radam", "radam", {}), ("optax", "rmsprop", "rmsprop", {}),
    ("optax", "rmsprop", "rmsprop", {"eps_in_sqrt": False}),
    ("optax", "adagrad", "adagrad", {"initial_accumulator_value": 0.0}),
    ("optax", "adadelta", "adadelta", {}), ("optax", "adabelief", "adabelief", {}),
    ("optax", "lion", "lion", {}), ("optax", "sign_sgd", "signDescent", {}),
    ("pytorch_optimizer", "AdaBelief", "adabelief", {}),
    ("pytorch_optimizer", "AdaMax", "adamax", {}),
    ("pytorch_optimizer", "RAdam", "radam", {}), ("pytorch_optimizer", "Lion", "lion", {}),
    ("pytorch_optimizer", "SignSGD", "signDescent", {"momentum": 0.0}),
]


# What a library knows a hyperparameter by, where that is not PyTorch's name.
optax_names = {"lr": "learning_rate", "beta1": "b1", "beta2": "b2", "alpha": "decay"}


class Optax:
    """A gradient transformation of optax; its memory is the leaves of its state."""

    def __init__(self, name, fixed):
        import jax, optax
        jax.config.update("jax_enable_x64", True)
        self.jax, self.optax, self.rule, self.fixed = jax, optax, getattr(optax, name), fixed
        self.made = {}

    def begin(self, n, numbers):
        key = (n, json.dumps(numbers, sort_keys=True))
        if key not in self.made:  # compiling takes longer than all the steps
            names = {optax_names.get(k, k): v for k, v in numbers.items()}
            transform = self.rule(**self.fixed, **names)

            def move(gradient, state, x):
                change, state = transform.update(gradient, state, x)
                return self.optax.apply_updates(x, change), state

            self.made[key] = transform, self.jax.jit(move)
        transform, move = self.made[key]
        return {"n": n, "move": move, "state": transform.init(self.jax.numpy.zeros(n))}

    def step(self, run, request, ask):
        x, g = (self.jax.numpy.array([float(a) for a in request[k]])
                for k in ("parameters", "gradient"))
        moved, run["state"] = run["move"](g, run["state"], x)
        return moved.tolist()

    def save(self, run):
        return [leaf.tolist() for leaf in self.jax.tree.leaves(run["state"])]

    def load(self, run, memory):
        leaves, form = self.jax.tree.flatten(run["state"])
        new = [self.jax.numpy.array(m, dtype=leaf.dtype) for m, leaf in zip(memory, leaves)]
        if [a.shape for a in new] != [a.shape for a in leaves] or len(memory) != len(leaves):
            raise ValueError("a memory of another dimension")
        run["state"] = self.jax.tree.unflatten(form, new)


class Torch:
    """One of torch's kind that asks for the function, wants a matrix or counts in its group."""

    def __init__(self, name, fixed):
        import torch
        torch.set_default_dtype(torch.float64)
        rule = pydoc.locate(name) or getattr(torch.optim, name)
        self.torch, self.rule, self.fixed = torch, rule, fixed
        self.shape = (-1, 1) if name == "Muon" else (-1,)

    def begin(self, n, numbers):
        x = self.torch.nn.Parameter(self.torch.zeros(n).reshape(self.shape))
        names = {**self.fixed, **numbers}
        if "beta1" in names:
            names["betas"] = names.pop("beta1"), names.pop("beta2")
        return {"x": x, "optimizer": self.rule([x], **names)}

    def step(self, run, request, ask):
        x, tensor = run["x"], lambda list: self.torch.tensor([float(a) for a in list])
        start = tensor(request["parameters"]).reshape(x.shape)
        x.data = start.clone()

        def closure():
            answer = request
            if not self.torch.equal(x.data, start):
                answer = ask({"ask": "evaluate", "at": x.flatten().tolist()})
            x.grad = tensor(answer["gradient"]).reshape(x.shape)
            return self.torch.tensor(float(answer["value"]))

        x.grad = tensor(request["gradient"]).reshape(x.shape)
        run["optimizer"].step(closure)
        return x.flatten().tolist()

    def save(self, run):
        def plain(value):
            if self.torch.is_tensor(value):
                return {"tensor": value.tolist()}
            if isinstance(value, (list, tuple)):
                return [plain(v) for v in value]
            return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value
        count = run["optimizer"].param_groups[0].get("step")
        return {"of all": count, **plain(run["optimizer"].state_dict()["state"].get(0, {}))}

    def load(self, run, memory):
        def restored(value):
            if isinstance(value, dict):
                if "tensor" in value:
                    return self.torch.tensor(value["tensor"])
                return {k: restored(v) for k, v in value.items()}
            return [restored(v) for v in value] if isinstance(value, list) else value
        count = memory.pop("of all")
        state = {0: restored(memory)} if memory else {}
        if any(self.torch.is_tensor(v) and v.numel() not in (1, run["x"].numel())
               for v in state.get(0, {}).values()):
            raise ValueError("a memory of another dimension")
        form = run["optimizer"].state_dict()
        form["param_groups"][0].pop("step", None)
        if count is not None:
            form["param_groups"][0]["step"] = count
        run["optimizer"].load_state_dict({**form, "state": state})


def serve(library, name, fixed):
    """Speaks the optimizer protocol."""
    rule, runs = {"optax": Optax, "torch": Torch}[library](name, fixed), {}
    say = lambda reply: print(json.dumps(reply), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        do, run = request["do"], runs.get(request.get("run"))
        reply = {"id": request["id"], "ok": True}

        def ask(question):
            say({"id": request["id"], **question})
            return json.loads(sys.stdin.readline())

        try:
            if do == "init":
                numbers = {k: float(v) for k, v in request["hyperparameters"].items()}
                runs[request["run"]] = rule.begin(request["dimension"], numbers)
            elif do == "step":
                reply["parameters"] = rule.step(run, request, ask)
            elif do == "save":
                reply["memory"] = rule.save(run)
            elif do == "load":
                rule.load(run, request["memory"])
        except Exception as error:  # libraries have kinds of their own
            reply = {"id": request["id"], "error": str(error)}
        say(reply)


def version(library):
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def command(library, name, fixed, rule):
    quoted = lambda text: "'" + str(text).replace("'", "'\\''") + "'"
    if library == "torch" and rule != "none":
        words = [folder / "torch_optimizer.py", name]
    elif library == "pytorch_optimizer":
        words = [folder / "peers_optimizers.py", "serve", "torch", f"{library}.{name}"]
    else:
        words = [folder / "peers_optimizers.py", "serve", library, name]
    return " ".join(map(quoted, [sys.executable, *words, json.dumps(fixed)]))


def held(saddle, library, name, rule, fixed):
    """What the oracles find about a peer."""
    numbers = settings.get(rule, "")
    if library == "optax":  # it has no schedule of momentum that could be set
        numbers = numbers.removesuffix(",momentum_decay=0.1")
    declared = f"{rule},{numbers}" if numbers else rule
    options = ["--kind", "lineSearch"] if name == "LBFGS" else []
    if library == "torch" and name == "Muon":
        options = ["--kind", "firstOrder"]
    ran = subprocess.run(
        [saddle, "validate", "--json", "--quiet", "--timeout", "120", "--start-limit", "600",
         "--command", command(library, name, fixed, rule), "--declare", declared, *options],
        capture_output=True, text=True)
    if ran.returncode not in (0, 1):
        return declared, None, ran.stderr.strip()
    return declared, json.loads(ran.stdout)["checks"], ""


def sentence(row):
    """How it differs from what is asked of it."""
    found = row["violation"]
    detail = found["detail"].split("; it said")[0]
    if row["check"] == "refuses invalid hyperparameters":
        taken = detail.split("; ")[0]
        return (f"It takes {taken.removeprefix('taken: ')}." if taken.startswith("taken: ")
                else f"Of hyperparameters out of range: {detail}.")
    if row["check"] == "refuses numbers that are not finite" and found["detail"].endswith("taken"):
        return "It steps on a value or a gradient that is not finite."
    number = lambda v: f"{float(v):.10g}" if not isinstance(v, str) else v
    place = f"at step {found['step']}" if "step" in found else ""
    if "expected" in found and "got" in found:
        numbers = f"{number(found['got'])} where {number(found['expected'])} is right"
        place = ", ".join(filter(None, [place, numbers]))
    what = ", ".join(filter(None, [place, detail[:200]]))
    return f"It fails \"{row['check']}\" ({found['property']}): {what}."


def document(results):
    lines = [
        "# Other libraries' optimizers, held to their papers", "",
        "Written by [peers_optimizers.py](../Examples/peers_optimizers.py), which runs every "
        "implementation through", "`saddle validate --command` in double precision, without a "
        "profile and with every number away from its", "default; not by hand.", "",
        "Versions: " + ", ".join(
            f"{n} {version(n) or 'not installed'}"
            for n in ("torch", "optax", "jax", "pytorch_optimizer"))
        + f"; Python {platform.python_version()}.", "",
        "| library | implementation | declared as | verdict | checks passed | failed |",
        "|---|---|---|---|---|---|",
    ]
    details = []
    for (library, name, rule, fixed), (declared, rows, why) in results:
        title = name + "".join(f", {k}={v}" for k, v in fixed.items())
        if rows is None:
            lines.append(f"| {library} | {title} | `{declared}` | not run | | |")
            details.append((f"{library} {title} as {rule}", [f"It was not run: {why}"]))
            continue
        passed = [r for r in rows if r["outcome"] == "passed"]
        failed = [r for r in rows if r["outcome"] == "failed"]
        allowed = ("refuses invalid hyperparameters", "refuses numbers that are not finite")
        verdict = "as it declares" if not failed else (
            "its rule" if all(r["check"] in allowed for r in failed) else "**differs**")
        if rule == "none" and verdict == "its rule":
            verdict = "what all owe"
        lines.append(
            f"| {library} | {title} | `{declared}` | {verdict} | {len(passed)} | {len(failed)} |")
        if failed:
            details.append((f"{library} {title} as {rule}", [sentence(r) for r in failed]))
    lines += ["", '"Its rule": nothing failed but refusing numbers that are out of range or not finite.',
              "", "## Differences", ""]
    for title, sentences in details:
        lines += [f"### {title}", ""] + [f"- {s}" for s in sentences] + [""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saddle", default=".build/release/saddle")
    parser.add_argument("--out", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", help="a library")
    options = parser.parse_args()
    chosen = [p for p in peers if options.only in (None, p[0]) and version(p[0])]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        found = list(pool.map(lambda p: held(options.saddle, *p), chosen))
    Path(options.out).write_text(document(zip(chosen, found)))


if sys.argv[1:2] == ["serve"]:
    serve(sys.argv[2], sys.argv[3], json.loads((sys.argv[4:] or ["{}"])[0]))
elif __name__ == "__main__":
    main()
