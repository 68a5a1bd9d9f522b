"""saddle-mpi beside saddle: the same points, over one process and over several.

Run by script/test, which names the two programs by SADDLE and SADDLE_MPI.
"""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

SADDLE = os.environ["SADDLE"]
SADDLE_MPI = os.environ["SADDLE_MPI"]
HAS_MNIST = "SADDLE_DATA" in os.environ


def saddle(*arguments):
    return subprocess.run(
        [SADDLE, *map(str, arguments)], check=True, capture_output=True, text=True
    ).stdout


def mpirun(count, *arguments, environment=None):
    """saddle-mpi over so many processes, more of them than cores too."""
    return subprocess.Popen(
        ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(count), SADDLE_MPI]
        + [str(argument) for argument in arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **(environment or {})},
    )


def spectrum(count, *arguments):
    process = mpirun(count, "spectrum", *arguments, "--json", "--quiet")
    out, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    return json.loads(out)


def is_running(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


class Runs:
    """Trained once, for all tests."""

    folder = tempfile.TemporaryDirectory()
    made = {}

    @classmethod
    def run(cls, name, *arguments, spectrum=True):
        if name not in cls.made:
            path = pathlib.Path(cls.folder.name) / name
            saddle("train", "--out", path, "--quiet", *arguments)
            if not spectrum:
                return path, None, None
            plain = json.loads(saddle("spectrum", path, "--json", "--quiet"))
            stored = json.loads((path / "analysis.json").read_text())
            cls.made[name] = (path, plain, stored)
        return cls.made[name]

    @classmethod
    def dense(cls):
        return cls.run(
            "dense", "--dataset", "synthetic", "--first", 200, "--pool", 4, "--hidden", 6,
            "--epochs", 3,
        )

    @classmethod
    def decayed(cls):
        return cls.run(
            "decayed", "--dataset", "synthetic", "--first", 100, "--pool", 7, "--hidden", "5,4",
            "--epochs", 2, "--weight-decay", 0.01,
        )

    @classmethod
    def convolution(cls):
        network = pathlib.Path(cls.folder.name) / "network.json"
        network.write_text(
            json.dumps(
                {
                    "input": [1, 7, 7],
                    "layers": [
                        {"type": "convolution", "channels": 2, "kernel": 3},
                        {"type": "activation", "function": "tanh"},
                        {"type": "flatten"},
                        {"type": "dense", "outputs": 10},
                    ],
                }
            )
        )
        return cls.run(
            "convolution", "--dataset", "synthetic", "--first", 80, "--pool", 4, "--network",
            network, "--epochs", 2,
        )

    @classmethod
    def mnist(cls):
        return cls.run(
            "mnist", "--dataset", "mnist", "--first", 1000, "--hidden", 3, "--epochs", 3
        )


class ExactSpectrum(unittest.TestCase):
    def hold(self, run, count, *more):
        path, _, plain = run
        found = spectrum(count, path, *more)
        self.assertEqual(found["processes"], count)
        self.assertEqual(len(found["peakMebibytes"]), count)
        analysis = found["analysis"]
        ours, theirs = plain["spectrum"], analysis["spectrum"]
        radius = max(abs(ours["eigenvalues"][0]), abs(ours["eigenvalues"][-1]))
        order = len(ours["eigenvalues"])
        # Each side's own bound, 60·P·ulp·max|λ|: the Hessian's rounding is about the same matrix.
        bound = 2 * 60 * order * 2.220446049250313e-16 * radius
        worst = max(abs(a - b) for a, b in zip(ours["eigenvalues"], theirs["eigenvalues"]))
        self.assertEqual(len(theirs["eigenvalues"]), order)
        self.assertLessEqual(worst, bound)
        # What residuals prove is more than what is, and enough for counts at ε = 1e-6.
        self.assertLessEqual(worst, found["eigenvalueBound"] + bound / 2)
        self.assertLess(found["eigenvalueBound"], 1e-6 * radius)
        self.assertEqual(ours.get("structuralZeros"), theirs.get("structuralZeros"))
        # What is proved of a count may be an interval where LDLᵀ has one number.
        for key in ("index", "zeros", "positive"):
            low, high = analysis["secondCount"][key]
            self.assertLessEqual(low, plain["secondCount"][key][0])
            self.assertGreaterEqual(high, plain["secondCount"][key][1])
            self.assertLessEqual(high - low, 3)
        self.assertEqual(plain["curvature"]["outcome"], analysis["curvature"]["outcome"])
        self.assertEqual(plain["evaluation"], analysis["evaluation"])
        for key in ("gradientNorm", "newtonStep", "newtonDecrement"):
            self.assertAlmostEqual(
                analysis["criticality"][key] / plain["criticality"][key], 1, places=5
            )
        return found

    def test_dense_layers(self):
        for count in (1, 2, 3, 4):
            with self.subTest(count=count):
                self.hold(Runs.dense(), count)

    def test_two_stages(self):
        self.hold(Runs.dense(), 2, "--stages", 2)

    def test_weight_decay_and_three_layers(self):
        self.hold(Runs.decayed(), 2)
        self.hold(Runs.decayed(), 4)

    def test_convolutions(self):
        self.hold(Runs.convolution(), 3)

    def test_more_processes_than_blocks(self):
        self.hold(Runs.decayed(), 7)

    @unittest.skipUnless(HAS_MNIST, "SADDLE_DATA names no folder with MNIST")
    def test_mnist(self):
        memory = {}
        for count in (1, 2, 4):
            memory[count] = max(self.hold(Runs.mnist(), count)["peakMebibytes"])
        print("peak MiB of a process on MNIST, by processes:", memory)

    def test_the_folder_keeps_what_was_found(self):
        path, _, _ = Runs.dense()
        found = spectrum(2, path)["analysis"]
        self.assertEqual(
            json.loads((path / "analysis.json").read_text())["spectrum"], found["spectrum"]
        )


class MatrixFree(unittest.TestCase):
    def test_extremes_are_those_of_the_whole_matrix(self):
        path, _, plain = Runs.dense()
        eigenvalues = plain["spectrum"]["eigenvalues"]
        records = [
            spectrum(count, path, "--method", "matrixFree", "--pairs", 3, "--steps", 20)["record"]
            for count in (1, 2, 3, 3)
        ]
        for record in records:
            for end, truth in (("least", eigenvalues[0]), ("greatest", eigenvalues[-1])):
                figure = record["spectrum"][end]
                self.assertLessEqual(figure["lower"], truth + 1e-12)
                self.assertGreaterEqual(figure["upper"], truth - 1e-12)
            self.assertAlmostEqual(record["evaluation"]["loss"], plain["evaluation"]["loss"], 12)
            self.assertEqual(
                record["spectrum"]["structuralZeros"], plain["spectrum"]["structuralZeros"]
            )
        # The same number of processes: the same bits.
        self.assertEqual(records[2], records[3])


class Failures(unittest.TestCase):
    def test_a_killed_process_ends_all(self):
        path, _, _ = Runs.dense()
        # Long enough to be met at work.
        process = mpirun(2, "spectrum", path, "--method", "matrixFree", "--probes", 4000)
        workers = []
        deadline = time.monotonic() + 60
        while len(workers) < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
            found = subprocess.run(
                ["pgrep", "-P", str(process.pid)], capture_output=True, text=True
            )
            workers = [int(pid) for pid in found.stdout.split()]
        self.assertEqual(len(workers), 2)
        time.sleep(2)
        self.assertIsNone(process.poll())
        os.kill(workers[1], signal.SIGKILL)
        _, errors = process.communicate(timeout=30)
        self.assertNotEqual(process.returncode, 0)
        self.assertIn("signal 9", errors)
        deadline = time.monotonic() + 10
        while any(map(is_running, workers)) and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertFalse(any(map(is_running, workers)))

    def refusal(self, count, *arguments):
        process = mpirun(count, *arguments)
        out, errors = process.communicate(timeout=60)
        self.assertEqual(out, "")
        return process.returncode, errors

    def test_a_run_that_is_not_there(self):
        code, errors = self.refusal(3, "spectrum", "/no/such/run")
        self.assertEqual(code, 66)
        self.assertIn("/no/such/run", errors)
        self.assertEqual(errors.count("saddle-mpi:"), 1, errors)

    def test_more_memory_than_there_is(self):
        path, _, _ = Runs.run(
            "wide", "--dataset", "synthetic", "--first", 2, "--hidden", 200, "--epochs", 1,
            "--batch", 2, spectrum=False,
        )
        code, errors = self.refusal(2, "spectrum", path)
        self.assertEqual(code, 71)
        self.assertRegex(errors, r"159010 parameters takes \d+ MiB of the \d+ MiB")

    def test_wrong_usage_is_said_once(self):
        code, errors = self.refusal(2, "spectrum", "x", "--stages", 3)
        self.assertEqual(code, 64)
        self.assertEqual(errors.count("--stages is 1 or 2"), 1, errors)

    def test_more_processes_than_samples(self):
        path, _, _ = Runs.run(
            "few", "--dataset", "synthetic", "--first", 2, "--pool", 7, "--hidden", 2,
            "--epochs", 1, "--batch", 2,
        )
        code, errors = self.refusal(3, "spectrum", path, "--method", "matrixFree")
        self.assertEqual(code, 64)
        self.assertIn("2 samples for 3 processes", errors)


if __name__ == "__main__":
    unittest.main(verbosity=2)
