"""Eigensolvers, samplers, laws and trace estimators."""
from __future__ import annotations

import numpy as np
import pytest

from conftest import FOLDER, close

PEERS = FOLDER.parent / "peers"
RNG = np.random.default_rng(0)
M = RNG.standard_normal((9, 9))
S = M + M.T

SOLVERS = ["numpy-eigvalsh", "numpy-eigh", "scipy-ev", "scipy-evd", "scipy-evr", "scipy-evx", "torch", "jax"]
NEEDS = {"scipy": "scipy", "torch": "torch", "jax": "jax", "curvlinops": "curvlinops",
         "eigenthings": "hessian_eigenthings"}


def need(name: str) -> None:
    for part, module in NEEDS.items():
        if name.startswith(part):
            pytest.importorskip(module)


@pytest.mark.parametrize("dtype, within", [("float64", 1e-13), ("float32", 1e-5)])
@pytest.mark.parametrize("name", SOLVERS)
def test_eigensolvers(start, name, dtype, within):
    need(name)
    peer = start(PEERS / "eigensolver.py", name, dtype)
    assert peer.describe()["is"] == "eigensolver"
    close(peer.ask("eigenvalues", {"matrix": S}).arrays["eigenvalues"], np.linalg.eigvalsh(S), within)
    if name != "numpy-eigvalsh":
        answer = peer.ask("eigensystem", {"matrix": S}).arrays
        w, V = answer["eigenvalues"], answer["eigenvectors"]
        close(V * w @ V.T, S, 10 * within)
        close(V.T @ V, np.eye(9), 10 * within)
    assert "shape [2, 3]" in peer.refuses("eigenvalues", {"matrix": np.zeros((2, 3))})
    assert "matrix" in peer.refuses("eigenvalues")
    peer.quit()


@pytest.mark.parametrize("shift", [0.0, 1.5, -100.0])
def test_inertia(start, shift):
    pytest.importorskip("scipy")
    peer = start(PEERS / "eigensolver.py", "scipy-ldl")
    header = peer.ask("inertia", {"matrix": S}, shift=shift).header
    below = int((np.linalg.eigvalsh(S) < shift).sum())
    assert (header["negative"], header["zero"], header["positive"]) == (below, 0, 9 - below)


@pytest.mark.parametrize("ensemble", [
    {"name": "goe"}, {"name": "wigner"}, {"name": "wishart", "degrees": 12}, {"name": "spikedWigner", "strength": 2}])
@pytest.mark.parametrize("name", ["numpy", "scipy"])
def test_samplers_draw_the_same_matrix_of_a_seed(start, name, ensemble):
    need(name)
    peer = start(PEERS / "sampler.py", name)
    matrix = peer.ask("matrix", ensemble=ensemble, order=10, seed=5).arrays["matrix"]
    assert (matrix == matrix.T).all() or ensemble["name"] == "wishart"
    close(peer.ask("spectrum", ensemble=ensemble, order=10, seed=5).arrays["eigenvalues"],
          np.linalg.eigvalsh(matrix), 1e-12)
    other = peer.ask("matrix", ensemble=ensemble, order=10, seed=6).arrays["matrix"]
    assert not np.allclose(matrix, other)


@pytest.mark.parametrize("name", ["numpy", "scipy"])
def test_entries_have_the_variances_of_the_protocol(start, name):
    need(name)
    peer = start(PEERS / "sampler.py", name)
    diagonal, beside = [], []
    for seed in range(40):
        A = peer.ask("matrix", ensemble={"name": "goe"}, order=30, seed=seed).arrays["matrix"]
        diagonal += list(np.diag(A))
        beside += list(A[np.triu_indices(30, 1)])
    # A variance of n normal numbers has a relative standard deviation of √(2/n).
    assert abs(np.var(diagonal) / 2 - 1) < 5 * np.sqrt(2 / len(diagonal))
    assert abs(np.var(beside) - 1) < 5 * np.sqrt(2 / len(beside))
    assert peer.refuses("matrix", ensemble={"name": "gue"}, order=3, seed=1).startswith("unsupported:")
    assert "eigenvalues" in peer.ask("spectrum", ensemble={"name": "gue"}, order=3, seed=1).arrays


@pytest.mark.parametrize("name", ["numpy", "scipy"])
def test_a_spike_turns_the_top_eigenvector(start, name):
    need(name)
    peer = start(PEERS / "sampler.py", name)
    ensemble = {"name": "spikedWigner", "strength": 3.0}
    answer = peer.ask("spike", ensemble=ensemble, order=300, seed=2).arrays
    u, v = answer["direction"], answer["eigenvector"]
    assert abs(u @ u - 1) < 1e-12 and abs(v @ v - 1) < 1e-12
    assert abs((u @ v) ** 2 - (1 - 1 / 9)) < 0.05  # 1 − 1/θ², within some 1/√n
    top = peer.ask("spectrum", ensemble=ensemble, order=300, seed=2).arrays["eigenvalues"]
    assert abs(top[-1] - (3 + 1 / 3)) < 0.3 and abs(top[-2] - 2) < 0.2
    assert peer.refuses("spike", ensemble={"name": "goe"}, order=3, seed=1).startswith("unsupported:")


LAWS = [
    ({"name": "semicircle", "radius": 2, "center": 1}, [-0.5, 1, 2]),
    ({"name": "marchenkoPastur", "ratio": 0.5, "scale": 2, "shift": 1}, [2, 3, 4]),
    ({"name": "marchenkoPastur", "ratio": 2, "scale": 1, "shift": 0}, [0.5, 2, 4]),
    ({"name": "spacings", "beta": 1}, [0.5, 1, 2]), ({"name": "spacings", "beta": 2}, [0.5, 1, 2]),
    ({"name": "kolmogorov", "count": 20}, [0.11, 0.22, 0.33]),
]


@pytest.mark.parametrize("law, points", LAWS)
def test_laws_agree_with_themselves(start, law, points):
    pytest.importorskip("scipy")
    peer = start(PEERS / "law.py")
    points, h = np.array(points, float), 1e-5
    ask = lambda do, x: peer.ask(do, {"points": x}, law=law).arrays["values"]
    below = ask("cumulative", points)
    close(below + ask("survival", points), np.ones(3), 1e-12)
    close(ask("quantile", below), points, 1e-9)
    slope = (ask("cumulative", points + h) - ask("cumulative", points - h)) / (2 * h)
    close(ask("density", points), slope, 1e-7)


def test_spacings_are_wigners_surmise(start):
    pytest.importorskip("scipy")
    peer = start(PEERS / "law.py")
    s = np.array([0.3, 1.0, 2.2])
    found = peer.ask("density", {"points": s}, law={"name": "spacings", "beta": 1}).arrays["values"]
    close(found, np.pi / 2 * s * np.exp(-np.pi * s**2 / 4), 1e-12)
    assert peer.refuses("density", {"points": s}, law={"name": "tracyWidom", "beta": 1}).startswith("unsupported:")


@pytest.mark.parametrize("name", [
    "hutchinson", "hutchpp", "curvlinops-hutchinson", "curvlinops-hutchpp", "curvlinops-xtrace",
    "eigenthings-hutchinson", "eigenthings-hutchpp"])
def test_trace_estimators_keep_their_budget(start, name):
    need(name)
    peer = start(PEERS / "trace.py", name)
    peer.describe()
    B, values = S @ S, []
    for seed in range(60):
        peer.send("trace", order=9, budget=6, seed=seed)
        used = 0
        while (message := peer.receive()).header.get("ask") == "product":
            V = message.arrays["vectors"]
            used += len(V)
            peer.wire.write({"id": peer.count}, {"products": V @ B})
        assert 0 < used <= 6
        values.append(message.header["value"])
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(np.mean(values) - np.trace(B)) < 5 * error
    again = []
    for _ in range(2):
        peer.send("trace", order=9, budget=6, seed=1)
        while (message := peer.receive()).header.get("ask") == "product":
            peer.wire.write({"id": peer.count}, {"products": message.arrays["vectors"] @ B})
        again.append(message.header["value"])
    assert again[0] == again[1] == values[1]
    peer.quit()


def test_a_refused_question_is_an_error_of_the_request(start):
    peer = start(PEERS / "trace.py", "hutchinson")
    peer.send("trace", order=9, budget=6, seed=0)
    assert peer.receive().header["ask"] == "product"
    peer.wire.write({"id": peer.count, "error": "no more"})
    assert "no more" in peer.receive().header["error"]
    assert peer.describe()["is"] == "trace"
