"""Sums, means and means with weights are told apart, by losses that say nothing of what they are."""
from __future__ import annotations

import functools

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

import saddle_client as saddle  # noqa: E402
from conftest import close  # noqa: E402

generator = torch.Generator().manual_seed(3)
X = torch.randn(20, 5, dtype=torch.float64, generator=generator)
Y = torch.randint(3, (20,), generator=generator)
Z = torch.softmax(torch.randn(20, 3, dtype=torch.float64, generator=generator), 1)
IGNORED = torch.where(torch.arange(20) % 3 == 0, -100, Y)
WEIGHTS = torch.tensor([1.0, 2, 5], dtype=torch.float64)
HALVES = [(X[:13], Y[:13]), (X[13:], Y[13:])]


def network(*more, mixes=False):
    torch.manual_seed(1)
    norm = nn.BatchNorm1d(4, track_running_stats=False) if mixes else nn.Identity()
    return nn.Sequential(nn.Linear(5, 4), norm, nn.Tanh(), nn.Linear(4, 3), *more).double().eval()


def penalized_sum(z, t):
    return F.cross_entropy(z, t, reduction="sum") + 3.0


SUMS = {
    "function": lambda z, t: F.cross_entropy(z, t, reduction="sum"),
    "partial": functools.partial(F.cross_entropy, reduction="sum"),
    "weights": lambda z, t: F.cross_entropy(z, t, WEIGHTS.to(z.dtype), reduction="sum"),
    "constant added": penalized_sum, "ignored": lambda z, t: 0.1 * penalized_sum(z, t),
    "by hand": lambda z, t: -z.log_softmax(1).gather(1, t[:, None]).sum() / 3,
}
DATA = {
    "one": (X, Y), "two": HALVES, "shuffled": DataLoader(TensorDataset(X, Y), 20, shuffle=True),
    "shuffled parts": DataLoader(TensorDataset(X, Y), 7, shuffle=True)}


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("form", DATA)
@pytest.mark.parametrize("mixes", [False, True])
def test_a_sum_for_a_mean_is_objected_to(name, form, mixes):
    objective = saddle.torch_objective(network(mixes=mixes), SUMS[name], DATA[form])
    (said,) = objective.describe()["objections"]
    assert "a sum for a mean" in said and 'reduction="sum"' in said


def test_a_sum_in_single_and_in_half_precision():
    data = (X.float(), Y)
    assert saddle.torch_objective(network().float(), SUMS["function"], data).objections
    data = (X.bfloat16(), Y)
    assert saddle.torch_objective(network().bfloat16(), SUMS["function"], data).objections


def test_a_sum_that_says_so_is_made_a_mean():
    loader = DATA["shuffled"]
    summed = saddle.torch_objective(network(), SUMS["function"], loader, reduction="sum")
    named = saddle.torch_objective(network(), nn.CrossEntropyLoss(reduction="sum"), loader)
    mean = saddle.torch_objective(network(), nn.CrossEntropyLoss(), (X, Y))
    v = np.ones((1, mean.parameters))
    for objective in (summed, named):
        assert not objective.objections
        close(objective.product(mean.point(), v, "hessian"), mean.product(mean.point(), v, "hessian"), 1e-12)


def test_a_sum_over_batches_of_one_sample_is_the_mean():
    singles = [(x[None], y[None]) for x, y in zip(X, Y)]
    found, mean = (
        saddle.torch_objective(network(), loss, data)
        for loss, data in ((SUMS["function"], singles), (nn.CrossEntropyLoss(), (X, Y))))
    assert found.objections == []
    assert abs(found.value(mean.point()) - mean.value(mean.point())) < 1e-14


class Tokens(nn.Module):
    """Three rows of logits for each sample."""

    def forward(self, z):
        return torch.stack([z, z.roll(1, 1), torch.sin(z)], 2)


MEANS = {
    "entropy": (network(), nn.CrossEntropyLoss(), Y),
    "weights": (network(), nn.CrossEntropyLoss(weight=WEIGHTS), Y),
    "ignored": (network(), nn.CrossEntropyLoss(), IGNORED),
    "weights and ignored": (network(), lambda z, t: F.cross_entropy(z, t, WEIGHTS), IGNORED),
    "tokens": (network(Tokens()), nn.CrossEntropyLoss(), torch.stack([IGNORED, Y, IGNORED.roll(1)], 1)),
    "smoothed": (network(), nn.CrossEntropyLoss(label_smoothing=0.1), Y),
    "divergence": (network(nn.LogSoftmax(1)), nn.KLDivLoss(reduction="batchmean"), Z),
    "divergence's mean": (network(nn.LogSoftmax(1)), nn.KLDivLoss(), Z),
    "squares": (network(), nn.MSELoss(), Z),
    "by hand": (network(), lambda z, t: (z - t).square().sum() / len(t), Z),
    "a norm": (network(), lambda z, t: torch.linalg.norm(z - t), Z),
    "contrasts": (network(), lambda z, t: F.cross_entropy(z @ t.T, torch.arange(len(z))), Z),
    "largest": (network(), lambda z, t: (z - t).square().amax(), Z),
    "of one size": (network(), lambda z, t: z.reshape(20, 3).square().mean(), Z),
    "a count along": (network(), lambda z, t: (z - t[0]).square().sum() / t[1], (Z, torch.tensor(20.0))),
    "noise": (network(), lambda z, t: (z + torch.randn_like(z)).square().mean(), Z),
    "nothing": (network(), lambda z, t: 0 * z.sum(), Z),
}


@pytest.mark.parametrize("name", MEANS)
def test_other_losses_are_no_sums(name):
    model, loss, targets = MEANS[name]
    before = torch.get_rng_state()
    objective = saddle.torch_objective(model, loss, (X, targets), reduction=getattr(loss, "reduction", None))
    assert objective.objections == []
    if name != "noise":
        assert torch.equal(torch.get_rng_state(), before)


WEIGHTED = ["weights", "ignored", "weights and ignored", "tokens"]


@pytest.mark.parametrize("name", WEIGHTED)
@pytest.mark.parametrize("in_dict", [False, True])
def test_a_mean_with_weights_has_no_samples_and_says_so(name, in_dict):
    model, loss, targets = MEANS[name]
    if in_dict:
        class Named(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = MEANS[name][0]

            def forward(self, x):
                return {"logits": self.body(x)}

        model, plain = Named(), loss
        loss = lambda out, t: plain(out["logits"], t)
    objective = saddle.torch_objective(model, loss, (X, targets))
    assert "sample" not in objective.offers and not {"fisher", "empiricalFisher"} & set(objective.kinds)
    assert [r for r in objective.remarks if "weighs classes" in r and "instead" not in r] == objective.remarks
    assert objective.remarks
    # One batch of all samples: the loss itself, whose Hessian is autograd's.
    theta, own = objective.point(), [p for p in model.parameters()]
    value = (loss(model(X), targets))
    slopes = torch.autograd.grad(value, own, create_graph=True)
    v = torch.cos(torch.arange(len(theta)).double())
    pieces = v.split([p.numel() for p in own])
    along = sum((g.reshape(-1) * piece).sum() for g, piece in zip(slopes, pieces))
    exact = torch.cat([g.reshape(-1) for g in torch.autograd.grad(along, own)]).numpy()
    assert abs(objective.value(theta) - value.item()) < 1e-14
    close(objective.product(theta, v.numpy()[None], "hessian")[0], exact, 1e-12)
    assert np.isfinite(exact).all() and np.abs(exact).max() > 1e-3


def test_labels_that_are_ignored_in_a_later_batch():
    data = [(X[:10], Y[:10]), (X[10:], IGNORED[10:])]
    objective = saddle.torch_objective(network(), nn.CrossEntropyLoss(), data)
    assert "sample" not in objective.offers
    assert any("weighted by their sizes instead" in r for r in objective.remarks)


@pytest.mark.parametrize("name", sorted(set(MEANS) - {*WEIGHTED, "a norm", "contrasts", "noise"}))
def test_others_have_samples(name):
    model, loss, targets = MEANS[name]
    objective = saddle.torch_objective(model, loss, (X, targets))
    assert "sample" in objective.offers and objective.remarks == []


def test_a_batch_that_is_mixed_by_mistake_keeps_its_samples_and_is_found_out():
    # A column of outputs against a row of targets is every pair of samples: no mean of the samples' own.
    model = nn.Sequential(network(), nn.Linear(3, 1)).double()
    objective = saddle.torch_objective(model, lambda z, t: (z - t).square().mean(), (X, Z[:, 0]))
    theta = objective.point()
    assert "sample" in objective.offers
    assert abs(np.mean([objective.sample(theta, i)[0] for i in range(20)]) - objective.value(theta)) > 1e-3


def test_the_divergence_of_a_batch_is_the_mean():
    model, loss, targets = MEANS["divergence"]
    objective = saddle.torch_objective(model, loss, [(X[:13], targets[:13]), (X[13:], targets[13:])])
    expected = (targets * (targets.log() - model(X))).sum(1).mean().item()
    assert abs(objective.value(objective.point()) - expected) < 1e-14
    assert abs(np.mean([objective.sample(objective.point(), i)[0] for i in range(20)]) - expected) < 1e-14
