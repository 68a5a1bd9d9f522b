"""Two processes under torchrun against one."""
from __future__ import annotations

import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")
if not torch.distributed.is_available() or not torch.distributed.is_gloo_available():
    pytest.skip("torch has no gloo here", allow_module_level=True)

from conftest import Peer, close  # noqa: E402

PROGRAM = '''
import os, sys, torch
from torch import nn
import saddle_client as saddle

saddle.claim_streams()  # torchrun's Python does not buffer what is printed before `serve`
rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
torch.manual_seed(rank)  # buffers that differ by process: the first one's count
model = nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 3)).double()
model.train()(torch.randn(30, 4, dtype=torch.float64))
model.eval()
torch.manual_seed(9)
with torch.no_grad():
    for p in model.parameters():
        p.copy_(torch.randn_like(p))
X, y = torch.randn(21, 4, dtype=torch.float64), torch.randint(3, (21,))
print("words of process", rank)


class Loss(nn.CrossEntropyLoss):
    def forward(self, outputs, targets):
        if rank == world - 1 and os.path.exists(sys.argv[1]):
            raise RuntimeError("the last process cannot")
        return super().forward(outputs, targets)


batches = list(zip(X.split(6), y.split(6)))
data = batches if world == 1 else (batches[:1] if rank == 0 else batches[1:])
saddle.serve(saddle.torch_objective(model, Loss(), data, weight_decay=0.1))
'''


@pytest.fixture
def pair(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    fault = tmp_path / "fault"
    one = Peer(f"{sys.executable} {program} {fault}")
    two = Peer(f"{sys.executable} -m torch.distributed.run --standalone --nproc-per-node 2 {program} {fault}")
    yield one, two, fault
    one.kill()
    two.kill()


def test_two_processes_are_one(pair):
    one, two, fault = pair
    first, second = one.describe(), two.describe()
    assert second.pop("remarks") == ["Sums are over 2 processes."]
    assert first == second and second["samples"] == 21
    theta = one.ask("point").arrays["parameters"]
    close(two.ask("point").arrays["parameters"], theta, 0)
    at = {"parameters": theta + 0.1}
    V = np.random.default_rng(0).standard_normal((3, len(theta)))

    def compare(do, arrays, name=None, **members):
        a, b = (peer.ask(do, arrays, **members) for peer in (one, two))
        assert "error" not in a.header and "error" not in b.header, (a.header, b.header)
        if name:
            close(b.arrays[name], a.arrays[name], 1e-13)
        if "value" in a.header:
            assert abs(a.header["value"] - b.header["value"]) < 1e-14

    compare("value", at)
    compare("gradient", at, "gradient")
    for kind in first["kinds"]:
        compare("product", {"vectors": V}, "products", kind=kind)
    for index in (0, 5, 6, 20):
        compare("sample", {}, "gradient", index=index)

    fault.write_text("")  # one process fails: both go on
    assert "process 1: RuntimeError: the last process cannot" in two.refuses("value")
    fault.unlink()
    compare("value", {})
    assert "words of process 1" in two.quit()
    one.quit()
