"""The suite's workloads as their best-known peers do them.

Usage: python peers.py NAME…      one line of JSON each: name, and seconds or per_second

Networks, data sizes, distributions and precisions are those of Benchmarks/SaddleBenchmark.
`script/benchmark` calls this after each workload of its own, with as many threads. Without a
library that a workload needs, it ends with status 69.
"""

import importlib.metadata
import json
import math
import statistics
import sys
import time
import warnings

warnings.filterwarnings("ignore")
UNAVAILABLE = 69
USAGE = 64


def timings(work, repetitions, warm_ups=1):
    """The best and the median seconds, as the results name them."""
    for _ in range(warm_ups):
        work()
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return {"seconds": min(seconds), "seconds_median": statistics.median_low(seconds)}


def mlp(widths, dtype):
    """Tanh, Glorot uniform weights, no biases to start with."""
    import torch

    torch.manual_seed(0)
    modules = []
    for inputs, outputs in zip(widths, widths[1:]):
        layer = torch.nn.Linear(inputs, outputs)
        torch.nn.init.xavier_uniform_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
        modules += [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*modules[:-1]).to(dtype)


def data(samples, widths, dtype):
    """Inputs uniform on [0, 1), labels uniform."""
    import torch

    generator = torch.Generator().manual_seed(1)
    inputs = torch.rand(samples, widths[0], generator=generator, dtype=torch.float64)
    return inputs.to(dtype), torch.randint(0, widths[-1], (samples,), generator=generator)


def gemm(dtype):
    import numpy as np

    a = np.random.default_rng(1).random((2000, 2000)).astype(dtype)
    out = np.empty_like(a)
    figures = timings(lambda: np.matmul(a, a, out=out), 7, warm_ups=2)
    return {"name": f"numpy {np.__version__} matmul", **figures}


def best_gemm(dtype):
    """The quickest product of any BLAS at hand: NumPy's, SciPy's, PyTorch's."""
    import numpy as np

    a = np.random.default_rng(1).random((2000, 2000)).astype(dtype)
    out = np.empty_like(a)
    works = {f"numpy {np.__version__} matmul": lambda: np.matmul(a, a, out=out)}
    try:
        import scipy
        from scipy.linalg import blas

        routine, fortran = (blas.dgemm if dtype == "float64" else blas.sgemm), np.asfortranarray(a)
        works[f"scipy {scipy.__version__} gemm"] = lambda: routine(1, fortran, fortran)
    except ImportError:
        pass
    try:
        import torch

        b = torch.from_numpy(a)
        product = torch.empty_like(b)
        works[f"torch {torch.__version__} matmul"] = lambda: torch.matmul(b, b, out=product)
    except ImportError:
        pass
    figures = {name: timings(work, 7, warm_ups=2) for name, work in works.items()}
    name = min(figures, key=lambda name: figures[name]["seconds"])
    return {"name": name, **figures[name]}


def hessian_point():
    """100-25-25-10, whose Hessian is formed."""
    import torch

    widths = [100, 25, 25, 10]
    return mlp(widths, torch.float64), *data(1000, widths, torch.float64)


def hessian_of(model, inputs, labels):
    """Column by column in chunks of 256, forward over reverse: the fastest way torch has."""
    import torch
    from torch.func import functional_call, grad, jvp, vmap

    named = {name: p.detach() for name, p in model.named_parameters()}
    theta = torch.cat([p.reshape(-1) for p in named.values()])

    def loss(theta):
        parts = torch.split(theta, [p.numel() for p in named.values()])
        parameters = {
            name: part.reshape(p.shape) for (name, p), part in zip(named.items(), parts)
        }
        outputs = functional_call(model, parameters, (inputs,))
        return torch.nn.functional.cross_entropy(outputs, labels)

    gradient = grad(loss)

    def columns(vectors):
        return vmap(lambda v: jvp(gradient, (theta,), (v,))[1])(vectors)

    def hessian(size=None):
        units = torch.eye(size or theta.numel(), theta.numel(), dtype=theta.dtype)
        return torch.cat([columns(chunk) for chunk in units.split(256)])

    return hessian


def dense_hessian():
    import torch

    hessian = hessian_of(*hessian_point())
    hessian(8)
    figures = timings(hessian, 1, warm_ups=0)
    return {"name": f"torch {torch.__version__} vmap(jvp(grad))", **figures}


def hvp(precision):
    """784-128-10."""
    import torch

    widths, dtype = [784, 128, 10], getattr(torch, precision)
    return double_backward(mlp(widths, dtype), *data(1000, widths, dtype))


def hvp_lenet5(precision):
    """LeNet-5: tanh, average pooling, Glorot uniform weights, no biases to start with."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    )  # fmt: skip
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.xavier_uniform_(parameter)
        else:
            nn.init.zeros_(parameter)
    dtype = getattr(torch, precision)
    inputs, labels = data(1000, [784, 10], dtype)
    return double_backward(model.to(dtype), inputs.reshape(-1, 1, 28, 28), labels, 20)


def double_backward(model, inputs, labels, repetitions=200):
    """A Hessian-vector product by double backward on a kept graph."""
    import torch

    parameters = list(model.parameters())
    loss = torch.nn.functional.cross_entropy(model(inputs), labels)
    gradients = torch.autograd.grad(loss, parameters, create_graph=True)
    vectors = [torch.randn_like(p) for p in parameters]

    def product():
        torch.autograd.grad(gradients, parameters, grad_outputs=vectors, retain_graph=True)

    figures = timings(product, repetitions, warm_ups=repetitions // 5)
    return {"name": f"torch {torch.__version__} double backward, graph kept", **figures}


def slq_pyhessian(model, inputs, labels, steps, _):
    import torch

    # PyHessian 0.1 calls a function that torch took away: give it back.
    def eig(matrix, eigenvectors=True):
        values, vectors = torch.linalg.eigh(matrix)
        return torch.stack([values, torch.zeros_like(values)], 1), vectors

    torch.eig = eig
    from pyhessian import hessian

    loss = torch.nn.CrossEntropyLoss()
    operator = hessian(model, loss, data=(inputs, labels), cuda=False)

    def measures(probes, seed=0):
        torch.manual_seed(seed)
        return list(zip(*operator.density(iter=steps, n_v=probes)))

    return measures


def slq_eigenthings(model, inputs, labels, steps, _):
    import hessian_eigenthings
    import torch

    loss = hessian_eigenthings.supervised_loss(torch.nn.functional.cross_entropy)
    operator = hessian_eigenthings.HessianOperator(model, [(inputs, labels)], loss)

    def measures(probes, seed=0):
        found = hessian_eigenthings.spectral_density(
            operator, num_runs=probes, lanczos_steps=steps, seed=1000 * seed
        )
        return list(zip(found.raw_eigenvalues.numpy(), found.raw_weights.numpy()))

    return measures


def slq_curvlinops(model, inputs, labels, steps, boundaries):
    """The mean of all probes, smooth and on a grid between boundaries that are given to it."""
    import torch
    from curvlinops import HessianLinearOperator
    from curvlinops.papyan2020traces.spectrum import lanczos_approximate_spectrum

    parameters = list(model.parameters())
    loss = torch.nn.CrossEntropyLoss()
    operator = HessianLinearOperator(model, loss, parameters, [(inputs, labels)])

    def measures(probes, seed=0):
        torch.manual_seed(seed)
        grid, density = lanczos_approximate_spectrum(
            operator, steps, num_repeats=probes, boundaries=boundaries
        )
        return [(grid.numpy(), density.numpy())]

    return measures


SLQ = {
    "PyHessian": slq_pyhessian,
    "hessian-eigenthings": slq_eigenthings,
    "curvlinops-for-pytorch": slq_curvlinops,
}


def versioned(package):
    return f"{package} {importlib.metadata.version(package)}"


def quickest(workload, results):
    """Tells of all of them, and picks the one of least time."""
    for result in results:
        print(f"peers: {workload}: {json.dumps(result)}", file=sys.stderr)
    return min(results, key=lambda result: result.get("seconds", math.inf))


def slq(precision):
    """The quickest of three; each makes four Krylov spaces of 100 steps, one after the other."""
    import torch

    widths, dtype = [784, 128, 10], getattr(torch, precision)
    inputs, labels = data(1000, widths, dtype)
    results = []
    for package, make in SLQ.items():
        measures = make(mlp(widths, dtype), inputs, labels, 100, (-5.0, 50.0))
        results.append({"name": versioned(package), **timings(lambda: measures(4), 2)})
    return quickest(f"slq-{precision}", results)


def density_error():
    """The least number of probes with a mean error of at most 3 %, by groups of 64, and its time."""
    import numpy as np
    from scipy.stats import wasserstein_distance

    model, inputs, labels = hessian_point()
    eigenvalues = np.linalg.eigvalsh(hessian_of(model, inputs, labels)().numpy())
    size = np.sqrt(np.mean(eigenvalues**2))

    def error(parts):
        nodes, weights = (np.concatenate(arrays) for arrays in zip(*parts))
        return wasserstein_distance(nodes, eigenvalues, weights) / size

    results = []
    for package, make in SLQ.items():
        measures = make(model, inputs, labels, 100, (eigenvalues[0], eigenvalues[-1]))
        parts = [measure for seed in range(64) for measure in measures(1, seed)]
        result = {"name": versioned(package)}
        for probes in range(1, 17):
            groups = range(0, 65 - probes, probes)
            result["density_error"] = np.mean([error(parts[i : i + probes]) for i in groups])
            result["probes"] = probes
            if result["density_error"] <= 0.03:
                result.update(timings(lambda: measures(probes), 5))
                break
        results.append(result)
    return quickest("density-error", results)


def eigvalsh():
    """GOE, n = 6000; counting with them takes no time beside."""
    import numpy as np

    n = 6000
    matrix = np.random.default_rng(1).standard_normal((n, n))
    matrix = (matrix + matrix.T) / np.sqrt(2 * n)
    figures = timings(lambda: np.linalg.eigvalsh(matrix), 1, warm_ups=0)
    return {"name": f"numpy {np.__version__} eigvalsh", **figures}


def train_sgd():
    """Batches are slices, in order: nothing is spent on shuffling."""
    import torch

    widths, samples, batch, steps = [784, 100, 10], 10000, 64, 1000
    model = mlp(widths, torch.float32)
    inputs, labels = data(samples, widths, torch.float32)
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)

    def train():
        for step in range(steps):
            start = step * batch % (samples - batch)
            rows = slice(start, start + batch)
            optimizer.zero_grad(set_to_none=True)
            torch.nn.functional.cross_entropy(model(inputs[rows]), labels[rows]).backward()
            optimizer.step()

    figures = timings(train, 3)
    return {
        "name": f"torch {torch.__version__} optim.SGD",
        "per_second": steps / figures["seconds"],
        "per_second_median": steps / figures["seconds_median"],
    }


def optimizer_step(make):
    """One tensor of a million elements, the quickest of torch's ways to step."""
    import torch

    torch.manual_seed(1)
    results = []
    for way in ({"fused": True}, {"foreach": True}, {"foreach": False}):
        theta = torch.nn.Parameter(torch.zeros(1_000_000))
        theta.grad = torch.randn(1_000_000)
        optimizer = make(torch.optim, [theta], way)
        name = f"torch {torch.__version__} optim.{type(optimizer).__name__}"
        options = ", ".join(f"{key}={value}" for key, value in way.items())
        results.append({"name": f"{name}, {options}", **timings(optimizer.step, 300, warm_ups=20)})
    return min(results, key=lambda result: result["seconds"])


def tridiagonal():
    """The GOE's tridiagonal form, drawn and solved by LAPACK's sterf."""
    import numpy as np
    import scipy
    from scipy.linalg import eigvalsh_tridiagonal

    order, generator = 20_000, np.random.default_rng(1)

    def draw_and_solve():
        diagonal = np.sqrt(2) * generator.standard_normal(order)
        beside = np.sqrt(generator.chisquare(np.arange(order - 1, 0, -1)))
        eigvalsh_tridiagonal(diagonal, beside, lapack_driver="sterf")

    figures = timings(draw_and_solve, 3)
    return {"name": f"scipy {scipy.__version__} eigvalsh_tridiagonal", **figures}


WORKLOADS = {
    "gemm-double": lambda: gemm("float64"),
    "gemm-float": lambda: gemm("float32"),
    "best-gemm-double": lambda: best_gemm("float64"),
    "best-gemm-float": lambda: best_gemm("float32"),
    "dense-hessian": dense_hessian,
    "hvp-double": lambda: hvp("double"),
    "hvp-float": lambda: hvp("float"),
    "slq-double": lambda: slq("double"),
    "slq-float": lambda: slq("float"),
    "density-error": density_error,
    "eigenvalues": eigvalsh,
    "counts": eigvalsh,
    "tridiagonal": tridiagonal,
    "hvp-lenet5-double": lambda: hvp_lenet5("double"),
    "hvp-lenet5-float": lambda: hvp_lenet5("float"),
    "train-sgd": train_sgd,
    "optimizer-step-sgd": lambda: optimizer_step(lambda o, p, way: o.SGD(p, 1e-3, **way)),
    "optimizer-step-momentum": lambda: optimizer_step(
        lambda o, p, way: o.SGD(p, 1e-3, momentum=0.9, **way)
    ),
    "optimizer-step-adam": lambda: optimizer_step(lambda o, p, way: o.Adam(p, 1e-3, **way)),
}


def main(names):
    unknown = [name for name in names if name not in WORKLOADS]
    if unknown or not names:
        wrong = f"no peer does {', '.join(unknown)}" if unknown else "name a workload"
        print(f"peers: {wrong}; there are {', '.join(WORKLOADS)}", file=sys.stderr)
        return USAGE
    for name in names:
        try:
            result = WORKLOADS[name]()
        except ModuleNotFoundError as error:
            print(f"peers: {error}", file=sys.stderr)
            return UNAVAILABLE
        print(json.dumps({"workload": name, **result}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
