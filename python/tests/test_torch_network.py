"""Saddle's networks as torch modules."""
from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from conftest import FOLDER, close  # noqa: E402
from saddle_client.errors import Unsupported  # noqa: E402
from saddle_client.torch_network import load, network  # noqa: E402


def layer(type, **keys):
    return {"type": type, **keys}


def act(function):
    return layer("activation", function=function)


def dense(n, **keys):
    return layer("dense", outputs=n, **keys)


# An input, layers, and the parameters' shapes in order.
CASES = {
    "dense": ([5, 1, 1], [dense(4), act("tanh"), dense(3, bias=False)], [(4, 5), (4,), (3, 4)]),
    "LeNet-5": ([1, 28, 28], [
        layer("convolution", channels=6, kernel=5, padding=2), act("tanh"), layer("averagePool", size=2),
        layer("convolution", channels=16, kernel=[5, 5]), act("tanh"),
        layer("averagePool", size=[2, 2], stride=[2, 2]), layer("flatten"), dense(120), act("tanh"),
        dense(84), act("tanh"), dense(10)],
        [(6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,), (120, 400), (120,), (84, 120), (84,), (10, 84), (10,)]),
    "to a vector and back": ([3, 1, 1], [
        layer("convolution", channels=2, kernel=[3, 1], padding=[1, 0]), act("relu"),
        layer("convolution", channels=4, kernel=1), dense(2)],
        [(2, 3, 3, 1), (2,), (4, 2, 1, 1), (4,), (2, 4), (2,)]),
    "normalized": ([2, 4, 4], [
        layer("batchNorm", mean=[0.5, -1], variance=[4, 0.25]), layer("layerNorm", epsilon=1e-3),
        layer("groupNorm", groups=2), layer("maxPool", size=[4, 2]), layer("offset"), layer("flatten"),
        layer("batchNorm"), layer("layerNorm"), layer("groupNorm", groups=2), layer("offset"), dense(3)],
        [(2,)] * 6 + [(2, 2)] + [(4,)] * 7 + [(3, 4), (3,)]),
    "attention": ([1, 3, 4], [
        layer("convolution", channels=4, kernel=[1, 4]), layer("residual", body=[
            layer("layerNorm"), layer("attention", heads=2)]),
        layer("averagePool", size=[3, 1]), layer("flatten"), dense(2)],
        [(4, 1, 1, 4), (4,), (4,), (4,), (12, 4), (12,), (4, 4), (4,), (2, 4), (2,)]),
    "tokens": ([3, 1, 1], [layer("embedding", tokens=5, channels=2), layer("flatten"), dense(2)],
               [(5, 2), (2, 6), (2,)]),
    "one token": ([1, 1, 1], [layer("embedding", tokens=5, channels=2), dense(2)], [(5, 2), (2, 2), (2,)]),
    "residual": ([2, 3, 3], [
        layer("residual", body=[layer("convolution", channels=4, kernel=3)],
              shortcut=[layer("averagePool", size=3), layer("convolution", channels=4, kernel=1, bias=False)]),
        dense(2)], [(4, 2, 3, 3), (4,), (4, 2, 1, 1), (2, 4), (2,)]),
}


@pytest.mark.parametrize("name", CASES)
def test_parameters_have_their_shapes_and_order(name):
    start, layers, shapes = CASES[name]
    module, shape, (outputs, h, w) = network({"input": start, "layers": layers})
    assert [tuple(p.shape) for p in module.parameters()] == shapes
    assert (h, w) == (1, 1) and not module.training
    count = sum(int(np.prod(s)) for s in shapes)
    load(module, np.linspace(-1, 1, count), torch.float64)
    X = torch.randint(5, (7, *start)).double() if "token" in name else torch.randn(7, *start).double()
    assert module(X if start[1:] != [1, 1] else X.flatten(1)).shape == (7, outputs)
    with pytest.raises(ValueError, match=f"of {count}"):
        load(module, np.zeros(count + 1), torch.float64)


def test_batch_norm_has_constant_statistics():
    module, *_ = network({"input": 2, "layers": [layer("batchNorm", mean=[0.5, -1], variance=[4, 0.25]), dense(2)]})
    load(module, [2, 3, 0.1, 0.2, 1, 0, 0, 1, 0, 0], torch.float64)
    x = np.array([[1.5, 0.25]])
    close(module(torch.from_numpy(x)).detach(), [[2 * 1 / np.sqrt(4 + 1e-5) + 0.1,
                                                  3 * 1.25 / np.sqrt(0.25 + 1e-5) + 0.2]], 1e-14)


def test_layer_norm_is_across_channels_at_each_position():
    module, *_ = network({"input": [3, 2, 1], "layers": [layer("layerNorm", epsilon=0), layer("flatten"), dense(1)]})
    x = torch.randn(4, 3, 2, 1)
    normal = module[0](x).detach().numpy()
    assert np.abs(normal.mean(1)).max() < 1e-6 and np.abs(normal.var(1) - 1).max() < 1e-5


def test_attention_is_its_formula():
    module, *_ = network({"input": [4, 3, 1], "layers": [layer("attention", heads=2), layer("flatten"), dense(1)]})
    module.double()
    torch.manual_seed(0)
    for p in module.parameters():
        torch.nn.init.normal_(p)
    part = dict(module[0].named_parameters())
    x = torch.randn(1, 4, 3, 1, dtype=torch.float64)
    rows = x[0, :, :, 0].T
    q, k, v = (rows @ part["in_proj_weight"].T + part["in_proj_bias"]).split(4, 1)
    heads = [torch.softmax(q[:, c] @ k[:, c].T / 2**0.5, 1) @ v[:, c] for c in (slice(0, 2), slice(2, 4))]
    expected = torch.cat(heads, 1) @ part["out_proj.weight"].T + part["out_proj.bias"]
    close(module[0](x)[0, :, :, 0].T.detach(), expected.detach(), 1e-13)


@pytest.mark.parametrize("layers", [
    [layer("dense", outputs=2, groups=3)], [layer("lstm")], [act("swish")], [{"type": None}],
    [layer("residual", body=[layer("lstm")])]])
def test_what_is_not_understood_is_said(layers):
    with pytest.raises(Unsupported, match="^unsupported: "):
        network({"input": [4, 1, 1], "layers": layers})


def problem(loss="softmaxCrossEntropy", name="dense", **changes):
    start, layers, shapes = CASES[name]
    rng = np.random.default_rng(1)
    P, N = sum(int(np.prod(s)) for s in shapes), 8
    K = network({"input": start, "layers": layers})[2][0]
    arrays = {"inputs": rng.standard_normal((N, int(np.prod(start)))), "parameters": 0.5 * rng.standard_normal(P)}
    if loss == "softmaxCrossEntropy":
        arrays["labels"] = rng.integers(0, K, N)
    else:
        arrays["targets"] = rng.standard_normal((N, K))
    members = {"network": {"input": start, "layers": layers}, "loss": loss, "weightDecay": 0.05, "batches": [4, 4]}
    return arrays, {**members, **changes}


LIBRARIES = {"curvlinops": "curvlinops", "backpack": "backpack", "pyhessian": "pyhessian",
             "hessian-eigenthings": "hessian_eigenthings", "saddle": "torch", "saddle-double-backward": "torch"}


@pytest.mark.parametrize("loss", ["softmaxCrossEntropy", "meanSquaredError"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_libraries_agree_on_a_dense_network(start, library, loss):
    pytest.importorskip(LIBRARIES[library])
    arrays, members = problem(loss)
    ours, peer = (start(FOLDER.parent / "peers" / "curvature.py", n) for n in ("saddle", library))
    assert "no problem yet" in peer.refuses("product", {"vectors": np.zeros((1, 3))}, kind="hessian")
    for p in (ours, peer):
        p.describe()
        assert p.ask("problem", arrays, **members).header.get("ok") is True
    V = np.random.default_rng(2).standard_normal((2, len(arrays["parameters"])))
    at = {"vectors": V, "parameters": arrays["parameters"] + 0.1}
    kinds = peer.describe()["kinds"]
    shared = [k for k in ("hessian", "gaussNewton", "fisher", "empiricalFisher") if k in kinds]
    for kind in shared:
        close(peer.ask("product", at, kind=kind).arrays["products"],
              ours.ask("product", at, kind=kind).arrays["products"], 1e-12)
    if "diagonal" in kinds:
        full = ours.ask("product", {"vectors": np.eye(V.shape[1])}, kind="gaussNewton").arrays["products"]
        close(peer.ask("product", at, kind="diagonal").arrays["products"], V * np.diag(full), 1e-12)


def test_a_refused_problem_leaves_the_one_before(start):
    peer = start(FOLDER.parent / "peers" / "curvature.py", "saddle")
    arrays, members = problem()
    peer.ask("problem", arrays, **members)
    value = peer.ask("value").header["value"]
    assert peer.refuses("problem", arrays, **{**members, "loss": "hinge"}).startswith("unsupported:")
    assert "batches of 9" in peer.refuses("problem", arrays, **{**members, "batches": [4, 5]})
    assert peer.ask("value").header["value"] == value
    other, changes = problem("meanSquaredError")
    assert peer.ask("problem", other, **changes).header["ok"]
    assert peer.ask("value").header["value"] != value
