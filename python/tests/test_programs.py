"""The examples are what they say; the broken programs are broken in the way that they say."""
from __future__ import annotations

import numpy as np
import pytest

from conftest import FOLDER, close

EXAMPLES = FOLDER.parent / "examples"


def examine(peer, kinds=("hessian",), scale=1e-5):
    """How far products are from symmetry, linearity and the gradient's differences, and two answers to
    the same request from each other; each relative to the products."""
    about = peer.describe()
    P = about["parameters"]
    dtype = np.dtype(about["dtype"])
    rng = np.random.default_rng(3)
    V = rng.standard_normal((3, P))
    V[2] = V[0] + 2 * V[1]
    V = V.astype(dtype)

    def product(kind):
        return peer.ask("product", {"vectors": V}, kind=kind).arrays["products"].astype(float)

    theta = peer.ask("point").arrays["parameters"].astype(float)
    report = {"values": [peer.ask("value").header["value"] for _ in range(2)]}
    for kind in kinds:
        HV, again = product(kind), product(kind)
        size = np.abs(HV).max()
        report[kind] = {
            "symmetry": abs(HV[0] @ V[1] - HV[1] @ V[0]) / np.abs(HV @ V.T).max(),
            "linearity": np.abs(HV[0] + 2 * HV[1] - HV[2]).max() / size,
            "repeat": np.abs(again - HV).max() / size}
    h = scale * max(1, np.linalg.norm(theta)) / np.linalg.norm(V[0])
    v = V[0].astype(float)
    ends = [peer.ask("gradient", {"parameters": (theta + s * h * v).astype(dtype)}) for s in (1, -1)]
    slope = (ends[0].arrays["gradient"].astype(float) - ends[1].arrays["gradient"]) / (2 * h)
    peer.ask("value", {"parameters": theta.astype(dtype)})
    HV = product("hessian")[0]
    report["difference"] = np.abs(slope - HV).max() / np.abs(HV).max()
    values = [peer.ask("value", {"parameters": (theta + s * h * v).astype(dtype)}).header["value"] for s in (1, -1)]
    gradient = peer.ask("gradient", {"parameters": theta.astype(dtype)}).arrays["gradient"]
    report["slope"] = abs((values[0] - values[1]) / (2 * h) - gradient @ v) / np.linalg.norm(v)
    return about, report


@pytest.mark.parametrize("example", ["logistic_numpy.py", "lora.py"])
def test_examples_in_double_precision(start, example):
    if example == "lora.py":
        pytest.importorskip("torch")
    peer = start(EXAMPLES / example)
    about, report = examine(peer, ("hessian", "gaussNewton", "fisher", "empiricalFisher"))
    for kind in about["kinds"]:
        assert max(report[kind].values()) < 1e-13, (kind, report[kind])
    assert report["difference"] < 1e-7 and report["slope"] < 1e-8
    assert "remarks" not in about and about["samples"]
    peer.quit()


def test_the_transformer(start):
    pytest.importorskip("torch")
    peer = start(EXAMPLES / "transformer.py")
    about, report = examine(peer, ("hessian", "gaussNewton"), scale=1e-3)
    assert about["parameters"] == 4904 and about["dtype"] == "float32" and "remarks" not in about
    assert max(report["hessian"].values()) < 1e-5 and report["difference"] < 0.02
    peer.quit()


def test_resnet18_or_what_stands_for_it(start):
    pytest.importorskip("torch")
    peer = start(EXAMPLES / "resnet18.py", "4", "16")
    about = peer.describe()
    assert about["name"] in ("resnet18", "small residual network") and about["smooth"] is False
    assert about["samples"] == 4 and "remarks" not in about
    V = np.random.default_rng(0).standard_normal((2, about["parameters"])).astype(np.float32)
    HV = peer.ask("product", {"vectors": V}, kind="hessian").arrays["products"].astype(float)
    assert abs(HV[0] @ V[1] - HV[1] @ V[0]) < 1e-4 * np.abs(HV @ V.T).max()
    peer.quit()


def test_the_right_one_is_right(start):
    about, report = examine(start(FOLDER / "broken" / "numpy_programs.py", "right"))
    assert max(report["hessian"].values()) < 1e-14
    assert report["difference"] < 1e-8 and report["slope"] < 1e-9 and len(set(report["values"])) == 1


@pytest.mark.parametrize("fault, figure, least", [
    ("gauss-newton-as-hessian", "difference", 1e-2), ("sum-for-mean", "difference", 0.5),
    ("negated", "difference", 1.0), ("gradient-of-sum", "slope", 1e-3), ("forgotten-decay", "difference", 1e-2),
    ("single-precision", "linearity", 1e-10), ("not-linear", "linearity", 1e-2),
    ("not-symmetric", "symmetry", 1e-5), ("transposed-blocks", "symmetry", 1e-3)])
def test_broken_products_show(start, fault, figure, least):
    about, report = examine(start(FOLDER / "broken" / "numpy_programs.py", fault))
    found = {**report, **report["hessian"]}[figure]
    assert found > least, report


def test_what_drifts_or_keeps_its_point_shows(start):
    about, report = examine(start(FOLDER / "broken" / "numpy_programs.py", "drifting"))
    assert report["values"][0] != report["values"][1]
    peer = start(FOLDER / "broken" / "numpy_programs.py", "kept-point")
    ask = lambda shift: peer.ask("product", {
        "vectors": np.eye(16), "parameters": shift + peer.ask("point").arrays["parameters"]},
        kind="hessian").arrays["products"]
    close(ask(0.0), ask(0.5), 0)


def test_answers_of_wrong_length_are_errors_and_not_finite_ones_go_through(start):
    peer = start(FOLDER / "broken" / "numpy_programs.py", "too-short")
    assert "[1, 15], not [1, 16]" in peer.refuses("product", {"vectors": np.ones((1, 16))}, kind="hessian")
    peer = start(FOLDER / "broken" / "numpy_programs.py", "not-finite")
    found = peer.ask("product", {"vectors": np.ones((1, 16))}, kind="hessian").arrays["products"]
    assert np.isnan(found[0, 0])
    peer = start(FOLDER / "broken" / "numpy_programs.py", "exits")
    peer.describe()
    peer.send("gradient")
    assert peer.wire.read() is None and peer.process.wait(timeout=30) == 1


@pytest.mark.parametrize("fault, says, changes", [
    ("right", None, False), ("dropout", "Dropout is in training mode", True),
    ("batch-norm", "Batch-norm is in training mode", False), ("bfloat16", "bfloat16", False),
    ("shuffled", "shuffled", None)])
def test_torch_says_what_is_amiss(start, fault, says, changes):
    pytest.importorskip("torch")
    about, report = examine(start(FOLDER / "broken" / "torch_programs.py", fault))
    if says is None:
        assert "remarks" not in about and "objections" not in about
    else:
        said = about.get("objections", []) + about.get("remarks", [])
        assert any(says in sentence for sentence in said)
        assert ("objections" in about) == (fault in ("dropout", "batch-norm"))
    if changes is not None:
        assert (report["values"][0] != report["values"][1]) == changes


def test_a_cut_graph_shows(start):
    pytest.importorskip("torch")
    about, report = examine(start(FOLDER / "broken" / "torch_programs.py", "detached"))
    assert report["slope"] > 1e-3, report
