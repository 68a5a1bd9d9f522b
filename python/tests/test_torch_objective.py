"""What a torch objective takes, leaves alone and says of itself."""
from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

import saddle_client as saddle  # noqa: E402
from conftest import FOLDER, close  # noqa: E402
from saddle_client.torch_products import ForwardOverReverse  # noqa: E402
from saddle_client.torch_ways import Ways  # noqa: E402

LOSS = nn.CrossEntropyLoss()


def network():
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Dropout(0.3), nn.Linear(6, 3)).double()


X = torch.randn(20, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
Y = torch.randint(3, (20,), generator=torch.Generator().manual_seed(1))


def test_blocks_are_the_trainable_parameters():
    model = network().eval()
    model[0].weight.requires_grad_(False)
    objective = saddle.torch_objective(model, LOSS, (X, Y))
    header = objective.describe()
    assert [b["name"] for b in header["blocks"]] == [
        "0.bias", "1.weight", "1.bias", "4.weight", "4.bias"]
    assert [b["shape"] for b in header["blocks"]] == [[6], [6], [6], [3, 6], [3]]
    assert header["parameters"] == objective.point().size == 39
    with pytest.raises(ValueError, match="trainable"):
        saddle.torch_objective(model.requires_grad_(False), LOSS, (X, Y))


def test_frozen_parameters_count_as_constants():
    model = network().eval()
    full = saddle.torch_objective(model, LOSS, (X, Y))
    theta = full.point()
    H = full.product(theta, np.eye(len(theta)), "hessian")
    model[0].weight.requires_grad_(False)
    part = saddle.torch_objective(model, LOSS, (X, Y))
    found = part.product(part.point(), np.eye(part.parameters), "hessian")
    close(found, H[24:, 24:], 1e-12)


def test_adapters_alone(start):
    peer = start(FOLDER.parent / "examples" / "lora.py")
    header = peer.describe()
    assert [b["name"] for b in header["blocks"]] == ["0.A", "0.B", "2.A", "2.B"]
    gradient = peer.ask("gradient").arrays["gradient"]
    # (cA, B/c) is the same network for every c: the gradient along (A, −B) is 0.
    theta = peer.ask("point").arrays["parameters"]
    sizes = np.cumsum([int(np.prod(b["shape"])) for b in header["blocks"]])
    along = theta.copy()
    along[sizes[0] : sizes[1]] *= -1
    along[sizes[1] :] = 0
    assert abs(along @ gradient) < 1e-14 * np.linalg.norm(along)


def test_tied_parameters_are_one_block():
    model = nn.Sequential(nn.Linear(4, 4), nn.Tanh(), nn.Linear(4, 4)).double()
    model[2].weight = model[0].weight
    objective = saddle.torch_objective(model, LOSS, (X, Y))
    assert objective.parameters == 24
    theta, h = objective.point(), 1e-6
    e = np.eye(24)[3]
    slope = (objective.value(theta + h * e) - objective.value(theta - h * e)) / (2 * h)
    assert abs(slope - objective.gradient(theta)[1][3]) < 1e-8


DATA = {
    "a pair": (X, Y), "a pair as a list": [X, Y], "arrays": (X.numpy(), Y.numpy()),
    "batches": [(X[:13], Y[:13]), (X[13:], Y[13:])], "a loader": DataLoader(TensorDataset(X, Y), 7),
    "a dataset": TensorDataset(X, Y), "a generator": ((x[None], y[None]) for x, y in zip(X, Y)),
    "dicts": [{"input": X[:6], "labels": Y[:6]}, {"input": X[6:], "labels": Y[6:]}],
    "arguments": ((X,), Y), "shuffled": DataLoader(TensorDataset(X, Y), 7, shuffle=True),
}


@pytest.mark.parametrize("form", DATA)
def test_data_of_every_form(form):
    model = network().eval()
    one = saddle.torch_objective(model, LOSS, (X, Y))
    objective = saddle.torch_objective(model, LOSS, DATA[form])
    theta = one.point()
    assert objective.samples == 20
    for _ in range(2):
        assert abs(objective.value(theta) - one.value(theta)) < 1e-14
        close(objective.gradient(theta)[1], one.gradient(theta)[1], 1e-12)
    if form == "shuffled":
        assert "sample" not in objective.offers and any("shuffled" in r for r in objective.remarks)
    else:
        assert abs(objective.sample(theta, 17)[0] - one.sample(theta, 17)[0]) < 1e-14
        assert not objective.remarks


def test_a_loader_that_drops_its_last_batch_has_fewer_samples():
    loader = DataLoader(TensorDataset(X, Y), 7, drop_last=True)
    assert saddle.torch_objective(network().eval(), LOSS, loader).samples == 14


@pytest.mark.parametrize("data", [[], [(X, Y, Y)], [X], [{"input": X}], [(3, 4)]])
def test_data_of_another_form_are_refused(data):
    with pytest.raises(ValueError):
        saddle.torch_objective(network().eval(), LOSS, data)


class Counter(nn.Module):
    """Counts its calls in a buffer, in place, and lets the count be seen."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros((), dtype=torch.float64))

    def forward(self, x):
        self.calls += 1
        return x * (1 + self.calls)


@pytest.mark.parametrize("training", [False, True])
def test_a_request_leaves_the_model_as_it_was(training):
    model = network().train(training)
    model[3].p = 0.0
    model.append(Counter())
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    buffers = [id(b) for b in model.buffers()]
    objective = saddle.torch_objective(model, LOSS, [(X[:13], Y[:13]), (X[13:], Y[13:])])
    theta, V = objective.point() + 0.1, np.ones((2, objective.parameters))
    answers = []
    for _ in range(2):
        answers.append([objective.value(theta), *objective.gradient(theta)[1],
                        *objective.product(theta, V, "hessian")[0]])
    assert answers[0] == answers[1]
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name]), name
    assert [id(b) for b in model.buffers()] == buffers
    assert model.training == training and all(p.grad is None for p in model.parameters())


def test_what_is_tried_draws_nothing():
    objective = saddle.torch_objective(network().train(), LOSS, (X, Y))
    theta, V, answers = objective.point(), np.ones((2, objective.parameters)), []
    for _ in range(2):
        torch.manual_seed(7)
        answers.append(objective.product(theta, V, "hessian"))
    assert objective._ways.taken and np.array_equal(*answers)


def test_training_mode_takes_the_statistics_of_the_batch():
    model = network().train()
    model[3].p = 0.0
    objective = saddle.torch_objective(model, LOSS, (X, Y))
    with torch.no_grad():
        expected = LOSS(model(X), Y).item()
    assert abs(objective.value(objective.point()) - expected) < 1e-14
    assert "sample" not in objective.offers and "empiricalFisher" not in objective.kinds
    theta, h = objective.point(), 1e-5
    v = np.cos(np.arange(len(theta)))
    slope = objective.gradient(theta + h * v)[1] - objective.gradient(theta - h * v)[1]
    objective._ways = Ways([ForwardOverReverse(batched=True)])  # no statistics stand in its way
    close(objective.product(theta, v[None], "hessian")[0], slope / (2 * h), 1e-7)


def said(model, loss=LOSS, data=None, **options):
    objective = saddle.torch_objective(model, loss, data or (X, Y), **options)
    return " ".join([*objective.objections, *objective.remarks])


def test_remarks_on_training_mode():
    assert said(network().eval()) == ""
    model = network()
    assert "Dropout is in training mode (3)" in said(model)
    assert "Batch-norm is in training mode (1)" in said(model)
    model.eval()[3].train()
    assert "Dropout" in said(model) and "Batch-norm" not in said(model)
    model[3].p = 0.0
    assert said(model) == ""
    assert not model.training and model[3].training


def test_remarks_on_precision():
    halves = (X.bfloat16(), Y)
    assert "Parameters are bfloat16" in said(network().eval().bfloat16(), data=halves)
    assert said(network().eval().bfloat16(), data=halves, dtype=torch.float32) == ""
    single = network().eval().float()
    assert said(single, data=(X.float(), Y)) == ""
    torch.set_float32_matmul_precision("medium")
    try:
        assert "'medium'" in said(single, data=(X.float(), Y))
    finally:
        torch.set_float32_matmul_precision("highest")
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert "bfloat16" in said(single, data=(X.float(), Y))


def test_remarks_on_class_weights():
    weights = torch.tensor([1.0, 2, 3], dtype=torch.float64)
    assert "weighs classes" in said(network().eval(), nn.CrossEntropyLoss(weight=weights))


def test_another_precision_is_a_copy():
    model = network().eval().float()
    objective = saddle.torch_objective(model, LOSS, (X.float(), Y), dtype=torch.float64)
    assert objective.dtype == "float64" and next(model.parameters()).dtype == torch.float32
    single = saddle.torch_objective(model, LOSS, (X.float(), Y))
    assert single.dtype == "float32"
    close(single.point(), objective.point(), 0)
    assert abs(single.value(single.point()) - objective.value(objective.point())) < 1e-6


def test_kinds_are_those_of_the_loss():
    model = network().eval()
    mse = lambda outputs, targets: (outputs - 1).square().mean()
    assert saddle.torch_objective(model, mse, (X, Y)).kinds == ["hessian", "gaussNewton", "empiricalFisher"]
    assert saddle.torch_objective(model, LOSS, (X, Y), kinds=["fisher"]).kinds == ["fisher"]
    with pytest.raises(ValueError, match="no kind is called fish"):
        saddle.torch_objective(model, LOSS, (X, Y), kinds=["fish"])
    with pytest.raises(ValueError, match="fisher: this model and loss have"):
        saddle.torch_objective(model, mse, (X, Y), kinds=["fisher"])
    with pytest.raises(ValueError, match="one number"):
        saddle.torch_objective(model, lambda outputs, targets: outputs, (X, Y))


@pytest.mark.parametrize("layer, smooth", [
    (nn.ReLU(), False), (nn.GELU(), True), (nn.SiLU(), True), (nn.ELU(), False), (nn.Softplus(), True),
    (nn.LeakyReLU(), False), (nn.Hardswish(), False), (nn.LayerNorm(6), True), (nn.Sigmoid(), True)])
def test_kinks_are_seen(layer, smooth):
    model = nn.Sequential(nn.Linear(4, 6), layer, nn.Linear(6, 3)).double().eval()
    model = model.double()
    assert saddle.torch_objective(model, LOSS, (X, Y)).smooth is smooth


def test_wrappers_are_taken_off():
    model = network().eval()
    objective = saddle.torch_objective(nn.DataParallel(model), LOSS, (X, Y))
    assert objective.blocks[0][0] == "0.weight"


class Partly(nn.Module):
    """A constant where the first input is not positive, and everywhere where it is `cut`."""

    def __init__(self, cut):
        super().__init__()
        self.inner, self.cut = network().eval(), cut

    def forward(self, x):
        if self.cut or x[0, 0] <= 0:
            return torch.ones(len(x), 3, dtype=x.dtype) if self.cut == 1 else self.inner(x).detach()
        return self.inner(x)


@pytest.mark.parametrize("cut", [1, 2])
@pytest.mark.parametrize("data", [(X, Y), [(X[:13], Y[:13]), (X[13:], Y[13:])]])
def test_a_loss_without_parameters_is_named(cut, data):
    objective = saddle.torch_objective(Partly(cut), LOSS, data)
    assert np.isfinite(objective.value(objective.point()))
    with pytest.raises(ValueError, match="the loss depends on no trainable parameter"):
        objective.gradient(objective.point())


def test_a_batch_or_a_sample_without_parameters_has_derivatives_that_are_0():
    order = X[:, 0].argsort()
    (x, y), size = (X[order], Y[order]), int((X[:, 0] <= 0).sum())
    assert 0 < size < 20
    objective = saddle.torch_objective(Partly(0), LOSS, [(x[:size], y[:size]), (x[size:], y[size:])])
    rest = saddle.torch_objective(network().eval(), LOSS, (x[size:], y[size:]))
    theta, V = rest.point(), np.ones((2, rest.parameters))
    share = (20 - size) / 20
    close(objective.gradient(theta)[1], share * rest.gradient(theta)[1], 1e-12)
    close(objective.product(theta, V, "hessian"), share * rest.product(theta, V, "hessian"), 1e-12)
    assert not objective.sample(theta, 0)[1].any() and objective.sample(theta, 0)[0] > 0


def test_outputs_of_a_model_that_are_no_tensor_have_a_hessian():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = network().eval()

        def forward(self, x):
            return {"logits": self.inner(x)}

    model = Two().eval()
    objective = saddle.torch_objective(model, lambda out, y: LOSS(out["logits"], y), (X, Y))
    assert objective.kinds == ["hessian"]
    plain = saddle.torch_objective(model.inner, LOSS, (X, Y))
    V = np.ones((1, plain.parameters))
    close(objective.product(plain.point(), V, "hessian"), plain.product(plain.point(), V, "hessian"), 1e-12)
