"""A NumPy objective served by a process of its own."""
from __future__ import annotations

import numpy as np
import pytest

from conftest import close
from saddle_client.server import all_finite

PROGRAM = '''
import os, sys
print("before anything")
import numpy as np
import saddle_client as saddle

A = np.array([[2.0, 1, 0], [1, -1, 0.5], [0, 0.5, 3]])
os.system("echo a child speaks")


def value(t):
    print("user code prints", flush=True)
    if t[0] == 99:
        raise RuntimeError("no such place")
    if t[0] == 98:
        return float("nan")
    return t @ A @ t / 2 + np.sum(t**4)


saddle.serve(saddle.NumpyObjective(
    [1.0, 2.0, 3.0], value, lambda t: A @ t + 4 * t**3,
    hessian_of=lambda t: A + np.diag(12 * t**2), blocks=[("w", (1, 2)), ("b", (1,))],
    sample_of=lambda t, i: (float(i), (i + 1) * t), samples=5, name="quartic", remarks=["A remark."]))
'''
# The streams are Saddle's from here on, so that even words before `serve` cannot spoil them.
PROGRAM = PROGRAM.replace("A = np", "saddle.claim_streams()\nA = np")
A = np.array([[2.0, 1, 0], [1, -1, 0.5], [0, 0.5, 3]])
START = np.array([1.0, 2.0, 3.0])


@pytest.fixture
def peer(start):
    return start(PROGRAM)


def test_it_says_what_it_is(peer):
    header = peer.describe()
    assert header == {
        "id": 1, "is": "objective", "name": "quartic", "parameters": 3, "dtype": "float64", "samples": 5,
        "offers": ["point", "value", "gradient", "product", "sample", "hessian"], "kinds": ["hessian"],
        "weightDecay": 0.0, "remarks": ["A remark."],
        "blocks": [{"name": "w", "shape": [1, 2]}, {"name": "b", "shape": [1]}]}


def test_every_request_has_its_answer(peer):
    peer.describe()
    H = A + np.diag(12 * START**2)
    close(peer.ask("point").arrays["parameters"], START, 0)
    assert peer.ask("value").header["value"] == START @ A @ START / 2 + np.sum(START**4)
    close(peer.ask("gradient").arrays["gradient"], A @ START + 4 * START**3, 1e-15)
    close(peer.ask("hessian", kind="hessian").arrays["hessian"], H, 0)
    V = np.arange(6.0).reshape(2, 3)
    close(peer.ask("product", {"vectors": V}, kind="hessian").arrays["products"], V @ H, 1e-15)
    sample = peer.ask("sample", index=4)
    assert sample.header["value"] == 4.0
    close(sample.arrays["gradient"], 5 * START, 0)
    said = peer.quit()
    assert "before anything" in said and "a child speaks" in said and "user code prints" in said


def test_a_point_stays_until_the_next_one(peer):
    at = np.array([0.5, 0, -1])
    first = peer.ask("value", {"parameters": at}).header["value"]
    assert first == peer.ask("value").header["value"] == at @ A @ at / 2 + np.sum(at**4)
    assert peer.ask("gradient", {"parameters": START}).arrays["gradient"][0] == (A @ START)[0] + 4
    assert peer.ask("value").header["value"] == START @ A @ START / 2 + np.sum(START**4)
    close(peer.ask("point").arrays["parameters"], START, 0)


def test_an_error_leaves_it_as_it_was(peer):
    at = np.array([0.5, 0, -1])
    before = peer.ask("value", {"parameters": at}).header["value"]
    assert "no such place" in peer.refuses("value", {"parameters": np.array([99.0, 0, 0])})
    assert peer.ask("value").header["value"] == before
    assert "Traceback" in peer.quit()


@pytest.mark.parametrize("do, arrays, members, why", [
    ("value", {"parameters": np.zeros(4)}, {}, "[4], not [3]"),
    ("value", {"parameters": np.zeros((1, 3))}, {}, "[1, 3], not [3]"),
    ("gradient", {"parameters": np.array([0, np.nan, 0])}, {}, "not all finite"),
    ("product", {"vectors": np.zeros((2, 4))}, {"kind": "hessian"}, "[2, 4], not [2, 3]"),
    ("product", {"vectors": np.zeros(3)}, {"kind": "hessian"}, "[3], not [3, 3]"),
    ("product", {"vectors": np.array(1.0)}, {"kind": "hessian"}, "[], not [1, 3]"),
    ("product", {"vectors": np.full((1, 3), np.inf)}, {"kind": "hessian"}, "not all finite"),
    ("product", {}, {"kind": "hessian"}, "vectors"),
    ("product", {"vectors": np.zeros((1, 3))}, {"kind": "fisher"}, "'fisher' is not offered"),
    ("product", {"vectors": np.zeros((1, 3))}, {"kind": ["hessian"]}, "is not offered"),
    ("sample", {}, {"index": 5}, "index 5"), ("sample", {}, {"index": -1}, "index -1"),
    ("sample", {}, {"index": 1.5}, "index 1.5"), ("sample", {}, {}, "index None"),
    ("dance", {}, {}, "'dance' is not offered"), ("describe", {}, {"protocol": 3}, "protocol 3"),
    (None, {}, {}, "do"),
])
def test_what_cannot_be_done_is_refused_and_it_goes_on(peer, do, arrays, members, why):
    assert why in peer.refuses(do, arrays, **members)
    assert peer.ask("value").header["value"] == START @ A @ START / 2 + np.sum(START**4)


def test_numbers_that_are_not_finite_are_passed_on(peer):
    assert peer.ask("value", {"parameters": np.array([98.0, 0, 0])}).header["value"] == "NaN"


def test_members_that_are_not_known_are_passed_over(peer):
    assert "error" not in peer.ask("value", fancy={"new": [1]}, kind="hessian").header


def test_the_end_of_the_input_ends_it(peer):
    peer.describe()
    peer.process.stdin.close()
    assert peer.process.wait(timeout=30) == 0
    assert peer.process.stdout.read() == b""


def test_a_line_that_is_no_header_ends_it(peer):
    peer.describe()
    peer.process.stdin.write(b"hello\n")
    peer.process.stdin.flush()
    assert peer.process.wait(timeout=30) == 1
    assert b"no JSON" in peer.process.stderr.read()


LARGE = '''
import numpy as np, saddle_client as saddle
n = 200_000
scale = np.arange(1, n + 1) / n
saddle.serve(saddle.NumpyObjective(
    np.ones(n), lambda t: float(scale @ t**2) / 2, lambda t: scale * t,
    product_of=lambda t, v: scale * v, dtype="DTYPE"))
'''


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("files", [False, True])
def test_large_arrays_by_stream_and_by_file(start, tmp_path, files, dtype):
    peer = start(LARGE.replace("DTYPE", dtype))
    header = peer.describe(**({"folder": str(tmp_path)} if files else {}))
    assert header.get("files", False) == files and header["dtype"] == dtype
    if files:
        peer.wire.folder = str(tmp_path)
    V = np.random.default_rng(0).standard_normal((3, 200_000)).astype(dtype)
    for factor in (1, 2):  # the second in the same files
        message = peer.ask("product", {"vectors": factor * V}, kind="hessian")
        assert message.arrays["products"].dtype == dtype
        close(message.arrays["products"], factor * V * np.arange(1, 200_001) / 200_000, 1e-6)
    assert bool(list(tmp_path.glob("client-*"))) == files
    peer.quit()


def test_blocks_that_do_not_sum_to_the_whole_are_an_error(start):
    peer = start(PROGRAM.replace('("b", (1,))', '("b", (2,))'))
    assert "4 parameters, the objective 3" in peer.refuses("describe", protocol=2)


def test_results_of_another_shape_are_an_error(start):
    peer = start(PROGRAM.replace("lambda t: A @ t + 4 * t**3", "lambda t: t[:2]"))
    assert "gradient came out of shape [2], not [3]" in peer.refuses("gradient")
    assert "value" in peer.ask("value").header


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_finite_is_told_from_what_overflows(dtype):
    largest = np.finfo(dtype).max
    assert all_finite(np.full((2, 3), largest, dtype)) and all_finite(np.empty((0, 3), dtype))
    for bad in (np.nan, np.inf, -np.inf):
        for other in (0, 1, largest):
            array = np.full(1000, other, dtype)
            array[777] = bad
            assert not all_finite(array)
    assert all_finite(np.arange(3))
