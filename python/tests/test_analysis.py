"""`analyze` and `validate_optimizer`, against a command that plays Saddle's side."""
from __future__ import annotations

import os
import sys
import tempfile

import numpy as np
import pytest

import saddle_client as saddle
from conftest import FOLDER, close

COMMAND = [sys.executable, str(FOLDER / "fake_saddle.py")]
A = np.diag([3.0, -1, 2])


def quadratic():
    return saddle.NumpyObjective(
        np.ones(3), lambda t: float(t @ A @ t) / 2, lambda t: A @ t, hessian_of=lambda t: A)


def test_figures_come_back():
    before = set(os.listdir(tempfile.gettempdir()))
    found = saddle.analyze(quadratic(), command=COMMAND, method="exact", by_layer=True, pairs=3)
    close(found["eigenvalues"], [-1, 2, 3], 1e-14)
    assert found["value"] == 2.0 and found["child"] == 0
    chosen = found["options"]
    assert (chosen["method"], chosen["by_layer"], chosen["pairs"]) == ("exact", True, 3)
    left = [n for n in set(os.listdir(tempfile.gettempdir())) - before if n.startswith("saddle-")]
    assert left == []


def test_a_program_that_is_started_again_is_served_again():
    found = saddle.analyze(quadratic(), command=COMMAND, behave="restarts")
    close(found["eigenvalues"], [-1, 2, 3], 1e-14)


def test_programs_that_are_alive_together_are_served_by_turns():
    found = saddle.analyze(quadratic(), command=COMMAND, behave="together")
    close(found["eigenvalues"], [-1, 2, 3], 1e-14)


def test_nothing_of_the_process_is_redirected(capfd):
    os.write(1, b"to the real output\n")
    saddle.analyze(quadratic(), command=COMMAND)
    os.write(1, b"and still\n")
    assert capfd.readouterr().out == "to the real output\nand still\n"


def test_a_refusal_is_an_error_with_the_words_of_the_command():
    with pytest.raises(saddle.SaddleError, match="not symmetric") as caught:
        saddle.analyze(quadratic(), command=COMMAND, behave="refuses")
    assert caught.value.code == 1 and "not symmetric" in caught.value.stderr
    with pytest.raises(saddle.SaddleError, match="no JSON"):
        saddle.analyze(quadratic(), command=COMMAND, behave="babbles")
    with pytest.raises(saddle.SaddleError) as caught:
        saddle.analyze(quadratic(), command=COMMAND, behave="leaves")
    assert caught.value.code == 70
    with pytest.raises(saddle.SaddleError, match="does not start"):
        saddle.analyze(quadratic(), command="no-such-saddle")
    with pytest.raises(saddle.SaddleError, match="ended with 2"):
        saddle.analyze(quadratic(), command=COMMAND, no_such_option=1)


def test_an_error_of_the_objective_reaches_the_command_and_is_no_end():
    def fails(theta):
        raise RuntimeError("no value here")

    broken = saddle.NumpyObjective(np.ones(3), fails, lambda t: A @ t, hessian_of=lambda t: A)
    with pytest.raises(saddle.SaddleError, match="KeyError"):  # what plays the command expects a value
        saddle.analyze(broken, command=COMMAND)


def test_a_torch_model_is_analyzed_where_it_is():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 2)).double().eval()
    X, y = torch.randn(9, 3, dtype=torch.float64), torch.randint(2, (9,))
    loss = torch.nn.CrossEntropyLoss()
    found = saddle.analyze(model, loss, (X, y), weight_decay=0.5, name="mine", command=COMMAND)
    assert found["about"]["name"] == "mine" and found["about"]["weightDecay"] == 0.5
    theta = torch.cat([p.detach().flatten() for p in model.parameters()])
    assert abs(found["value"] - loss(model(X), y).item() - 0.25 * float(theta @ theta)) < 1e-14
    assert min(found["eigenvalues"]) > 0.49


def test_optimizers():
    torch = pytest.importorskip("torch")
    found = saddle.validate_optimizer(torch.optim.SGD, "sgd", command=COMMAND, quick=True)
    assert found["passed"] and found["began"]["precision"] == "float64" and found["began"]["tensors"]
    assert "lr" in found["refused"]["error"]
    failed = saddle.validate_optimizer(
        torch.optim.SGD, "sgd", arguments={"maximize": True}, command=COMMAND)
    assert not failed["passed"] and failed["step"]["parameters"] == [1.5, 2.0, 2.5]
    assert torch.get_default_dtype() == torch.float32
    with pytest.raises(saddle.SaddleError):
        saddle.validate_optimizer(torch.optim.SGD, "sgd", command=COMMAND, behave="refuses", no_such=1)


def test_optimizers_of_programs_that_are_alive_together_are_apart():
    torch = pytest.importorskip("torch")
    found = saddle.validate_optimizer(torch.optim.SGD, "sgd", command=COMMAND, behave="together")
    assert found["steps"] == [[0.75, 2.0, 3.25], [0.5, 2.0, 3.5], [0.75, 2.0, 3.25]]


@pytest.mark.skipif("SADDLE" not in os.environ, reason="needs a built command: SADDLE=.build/release/saddle")
def test_an_optimizer_before_the_command_itself():
    torch = pytest.importorskip("torch")
    found = saddle.validate_optimizer(
        torch.optim.SGD, "sgd", command=os.environ["SADDLE"], quick=True, start_limit=20)
    outcomes = {row["check"]: row["outcome"] for row in found["checks"]}
    assert found["passed"] and outcomes["is the same in another process"] == "passed"
    failed = saddle.validate_optimizer(
        torch.optim.SGD, "sgd", arguments={"maximize": True}, command=os.environ["SADDLE"], quick=True)
    assert not failed["passed"]


def test_a_command_that_leaves_with_an_answer_on_its_way_is_no_broken_pipe():
    torch = pytest.importorskip("torch")
    with pytest.raises(saddle.SaddleError, match="ended with 3"):
        saddle.validate_optimizer(torch.optim.SGD, "sgd", command=COMMAND, behave="hangs up")


def test_an_absent_library_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    monkeypatch.delitem(saddle.__dict__, "jax_objective", raising=False)
    monkeypatch.delitem(sys.modules, "saddle_client.jax_objectives", raising=False)
    with pytest.raises(ImportError, match=r"jax_objective needs jax: pip install 'saddle-client\[jax\]'"):
        saddle.jax_objective
    with pytest.raises(AttributeError):
        saddle.no_such_thing


def test_every_export_is_there():
    for name in saddle.__all__:
        if name in ("torch_objective", "validate_optimizer"):
            pytest.importorskip("torch")
        if name == "jax_objective":
            pytest.importorskip("jax")
        assert callable(getattr(saddle, name)), name
    assert saddle.__version__ == "0.9.0"
