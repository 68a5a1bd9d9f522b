#!/usr/bin/env python3
"""ResNet-18 (11.2 million parameters, float32) through Saddle's pipe and by other libraries, in one run:

    python/peers/resnet.py --saddle .build/release/saddle --out docs/peers-resnet.md

Wants torch, torchvision, scipy, curvlinops and PyHessian. The first argument `serve` is the program that
Saddle asks; it keeps the times of its products in the file that follows.
"""
import argparse, importlib.metadata, json, platform, shlex, subprocess, sys, time
from pathlib import Path

import numpy as np
import torch
from torch import nn

count, side, steps, products = 16, 32, 20, 60


def problem():
    """The model in evaluation mode, with running statistics that are those of the images; and its data."""
    from torchvision.models import resnet18
    torch.manual_seed(1)
    model = resnet18(num_classes=10)
    X, y = torch.randn(count, 3, side, side), torch.randint(10, (count,))
    with torch.no_grad():
        for _ in range(20):
            model.train()(X)
    return model.eval(), nn.CrossEntropyLoss(), [(X, y)]


def version(package):
    return importlib.metadata.version(package)


def serve(log):
    import saddle_client as saddle
    objective = saddle.torch_objective(*problem(), kinds=["hessian"], chunk=1, name="resnet18")
    times, multiply = [], objective.product

    def product(theta, vectors, kind):
        start = time.monotonic()
        answer = multiply(theta, vectors, kind)
        times.append((start, time.monotonic(), len(vectors)))
        Path(log).write_text(json.dumps(times))
        return answer

    type(objective).product = lambda self, theta, vectors, kind: product(theta, vectors, kind)
    saddle.serve(objective)


def through_the_pipe(saddle, log):
    """What Saddle found, the seconds within products and between them, and how many there were."""
    command = shlex.join([sys.executable, __file__, "serve", str(log)])
    done = subprocess.run(
        [saddle, "spectrum", "--command", command, "--method", "matrixFree", "--pairs", "1", "--products",
         str(products), "--steps", str(steps), "--probes", "1", "--json"], stdout=subprocess.PIPE, check=True)
    times = json.loads(log.read_text())
    # The density's products are the last ones: steps of a recurrence that keeps three vectors, and as many
    # of the kernel polynomial method. Before them extremes keep a basis, and the examination differences.
    runs = list(zip(times, times[1:]))[-(2 * steps - 2):]
    runs = [(a, b) for a, b in runs if b[0] - a[1] < 1]
    within = sum(a[1] - a[0] for a, _ in runs)
    between = sum(b[0] - a[1] for a, b in runs)
    vectors = sum(a[2] for a, _ in runs)
    return json.loads(done.stdout), within, between, vectors


def by_pyhessian(model, loss, data):
    """The time of its density; torch.eig, which it still calls on a small matrix, is no more."""
    from pyhessian import hessian

    def eig(matrix, eigenvectors=False):
        values, vectors = torch.linalg.eigh(matrix)
        return torch.stack([values, torch.zeros_like(values)], 1), vectors

    torch.eig = eig
    start = time.monotonic()
    hessian(model, loss, data=data[0], cuda=False).density(iter=steps, n_v=1)
    return time.monotonic() - start


def by_curvlinops(model, loss, data):
    """Its linear operator's products, and ARPACK's ends of it with their residuals."""
    from curvlinops import HessianLinearOperator
    from scipy.sparse.linalg import eigsh
    parameters = {n: p for n, p in model.named_parameters() if p.requires_grad}
    try:
        operator = HessianLinearOperator(model, loss, parameters, data, check_deterministic=False)
    except Exception:  # earlier versions take a list
        operator = HessianLinearOperator(
            model, loss, list(parameters.values()), data, check_deterministic=False)
    if hasattr(operator, "to_scipy"):
        operator = operator.to_scipy()
    v = np.random.default_rng(0).standard_normal(operator.shape[0]).astype(np.float32)
    operator @ v
    start = time.monotonic()
    for _ in range(5):
        operator @ v
    product = (time.monotonic() - start) / 5
    ends = {}
    for which in ("SA", "LA"):
        values, vectors = eigsh(operator, k=1, which=which, tol=1e-4)
        u = vectors[:, 0].astype(np.float64)
        u /= np.linalg.norm(u)
        residual = np.linalg.norm(np.asarray(operator @ u.astype(np.float32), np.float64) - values[0] * u)
        ends[which] = (float(values[0]), float(residual))
    return product, ends


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saddle", default="saddle")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--found", type=Path, help="what Saddle found: kept there, or taken from there")
    parser.add_argument("--log", type=Path, default=Path("resnet-products.json"))
    options = parser.parse_args()
    if options.found and options.found.exists():
        found, within, between, vectors = json.loads(options.found.read_text())
    else:
        found, within, between, vectors = through_the_pipe(options.saddle, options.log)
        if options.found:
            options.found.write_text(json.dumps([found, within, between, vectors]))
    own = within / vectors
    model, loss, data = problem()
    density = by_pyhessian(model, loss, data)
    product, ends = by_curvlinops(model, loss, data)
    overhead = between / within
    through = steps * own * (1 + overhead)
    spectrum = found["matrixFree"]["spectrum"]
    least, greatest = spectrum["eigenvalues"][0], spectrum["eigenvalues"][-1]
    rows = [
        ("a product, in the program", f"{own:.3g} s", f"{product:.3g} s (curvlinops {version('curvlinops-for-pytorch')})"),
        ("pipe, and Saddle's own work, beside it", f"{100 * overhead:.1f} %", ""),
        (f"density by Lanczos, {steps} steps", f"{through:.3g} s", f"{density:.3g} s (PyHessian {version('PyHessian')})"),
    ]
    for name, mine, theirs in (
        ("least eigenvalue", least, ends["SA"]), ("greatest eigenvalue", greatest, ends["LA"])):
        apart, allowed = abs(mine["value"] - theirs[0]), mine["bound"] + theirs[1]
        rows.append((
            name, f"{mine['value']:.7g} ± {mine['bound']:.2g}",
            f"{theirs[0]:.7g} ± {theirs[1]:.2g} (ARPACK's residual): "
            + ("equal within both" if apart <= allowed else f"APART by {apart:.2g}")))
    trace = spectrum["trace"]
    rows.append(("trace", f"{trace['value']:.4g}, 95 %: {trace['lower']:.4g} … {trace['upper']:.4g}", "no interval"))
    certificate = found["claims"][0] if found["claims"] else None
    options.out.write_text("\n".join([
        "# ResNet-18, through the pipe and by others", "",
        f"Made by `python/peers/resnet.py` in one run: torch {torch.__version__}, {torch.get_num_threads()} threads, "
        f"{platform.machine()}; {found['record']['order']:,} parameters, float32, {count} random images of "
        f"{side} × {side}, one batch, batch-norm in evaluation mode. Beside the product stands all the time "
        f"between {vectors} products of the density: messages, and Saddle's own recurrence in double.", "",
        "| | Saddle | peer |", "|---|---|---|", *[f"| {a} | {b} | {c} |" for a, b, c in rows], "",
        *([f"{certificate['statement']} **{certificate['verdict']}**: {certificate['evidence']}", ""]
          if certificate else [])]))


if __name__ == "__main__":
    serve(sys.argv[2]) if sys.argv[1:2] == ["serve"] else main()
