"""Messages as they travel."""
from __future__ import annotations

import io
import json
import os
import threading

import numpy as np
import pytest

from saddle_client.wire import FILE_THRESHOLD, Wire, WireError, number


def sent(header, arrays=None, folder=None) -> bytes:
    stream = io.BytesIO()
    Wire(io.BytesIO(), stream, folder).write(header, arrays or {})
    return stream.getvalue()


def received(data: bytes, folder=None):
    return Wire(io.BufferedReader(io.BytesIO(data)), io.BytesIO(), folder).read()


ARRAYS = {
    "scalar": np.array(2.5), "empty": np.zeros((0, 3)), "float32": np.float32([[1, -0.0], [np.inf, 3e-45]]),
    "int64": np.array([-(2**63), 2**63 - 1]), "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "big-endian": np.arange(3, dtype=">f8"), "strided": np.arange(10.0)[::3],
}


def test_arrays_come_back_bit_for_bit():
    message = received(sent({"id": 1}, ARRAYS))
    assert message.header == {"id": 1}
    assert list(message.arrays) == list(ARRAYS)
    for name, array in ARRAYS.items():
        found = message.arrays[name]
        assert found.shape == array.shape and found.dtype.name == array.dtype.name
        assert found.tobytes() == array.astype(array.dtype.newbyteorder("<")).tobytes(), name


def test_the_bytes_are_those_of_the_protocol():
    data = sent({"do": "product", "id": 7}, {"vectors": np.float32([[1, 2]])})
    line, _, rest = data.partition(b"\n")
    assert json.loads(line) == {
        "do": "product", "id": 7, "arrays": [{"name": "vectors", "dtype": "float32", "shape": [1, 2]}]}
    assert rest == b"\x00\x00\x80\x3f\x00\x00\x00\x40"


@pytest.mark.parametrize("value", [0.1, 5e-324, -0.0, 1.7976931348623157e308, 1 / 3, np.float32(0.1)])
def test_numbers_read_back_as_the_same_double(value):
    found = received(sent({"value": value})).header["value"]
    assert np.float64(found).tobytes() == np.float64(value).tobytes()


@pytest.mark.parametrize("value, text", [
    (float("nan"), "NaN"), (float("inf"), "Infinity"), (np.float64("-inf"), "-Infinity")])
def test_numbers_that_are_not_finite_are_strings(value, text):
    header = received(sent({"value": value, "list": [value]})).header
    assert header == {"value": text, "list": [text]}
    np.testing.assert_equal(number(header["value"]), float(value))


@pytest.mark.parametrize("value", ["nan", "1", None, True, [1]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError):
        number(value)


def test_a_message_in_pieces_is_read_whole():
    data = sent({"id": 3}, {"a": np.arange(5000.0)}) + sent({"id": 4})
    reader, writer = os.pipe()

    def drip():
        with os.fdopen(writer, "wb", buffering=0) as pipe:
            for start in range(0, len(data), 997):
                pipe.write(data[start : start + 997])

    thread = threading.Thread(target=drip)
    thread.start()
    with os.fdopen(reader, "rb", buffering=16) as stream:
        wire = Wire(stream, io.BytesIO())
        np.testing.assert_array_equal(wire.read().arrays["a"], np.arange(5000.0))
        assert wire.read().header == {"id": 4}
        assert wire.read() is None
    thread.join()


def test_large_arrays_are_files_where_both_agree(tmp_path):
    large, small = np.arange(FILE_THRESHOLD / 8), np.arange(3.0)
    data = sent({"id": 1}, {"large": large, "small": small}, str(tmp_path))
    assert len(data) < 1000
    entry = json.loads(data.partition(b"\n")[0])["arrays"][0]
    assert os.path.dirname(entry["file"]) == str(tmp_path)
    message = received(data, str(tmp_path))
    np.testing.assert_array_equal(message.arrays["large"], large)
    np.testing.assert_array_equal(message.arrays["small"], small)


def conversation(tmp_path):
    """One end, which sends large arrays, the other, which reads them, and the file that they are in."""
    stream = io.BytesIO()
    sender = Wire(io.BytesIO(), stream, str(tmp_path))
    reader = Wire(io.BufferedReader(stream), io.BytesIO(), str(tmp_path))

    def say(array) -> np.ndarray:
        place = stream.tell()
        sender.write({"id": 1}, {"large": array})
        stream.seek(place)
        message = reader.read()
        stream.seek(0, io.SEEK_END)
        return message.arrays.pop("large")

    return say, reader, lambda: next(iter(tmp_path.iterdir()), None)


@pytest.mark.parametrize("use", [
    lambda array: array, lambda array: array[3:7], lambda array: array.reshape(-1, 2).T,
    lambda array: memoryview(array)])
def test_an_array_that_is_kept_stays_what_it_was(tmp_path, use):
    large = np.arange(FILE_THRESHOLD / 8)
    say, reader, file = conversation(tmp_path)
    kept = use(say(large))
    reader.write({"id": 1})
    assert file() is None  # it is the array's alone now
    later = say(large + 1)
    np.testing.assert_array_equal(np.asarray(kept), np.asarray(use(large)))
    np.testing.assert_array_equal(later, large + 1)


def test_a_file_whose_array_is_gone_is_written_over(tmp_path):
    large = np.arange(FILE_THRESHOLD / 8)
    say, reader, file = conversation(tmp_path)
    say(large)
    reader.write({"id": 1})
    place = file().stat().st_ino
    np.testing.assert_array_equal(say(large + 1), large + 1)
    assert file().stat().st_ino == place


def test_what_is_done_to_an_array_is_not_done_to_the_file(tmp_path):
    large = np.arange(FILE_THRESHOLD / 8)
    say, reader, file = conversation(tmp_path)
    array = say(large)
    array += 1
    np.testing.assert_array_equal(array, large + 1)
    np.testing.assert_array_equal(np.fromfile(file()), large)
    del array
    reader.write({"id": 1})
    np.testing.assert_array_equal(say(large + 2), large + 2)


def test_a_file_elsewhere_is_neither_read_nor_removed(tmp_path):
    (tmp_path / "a").mkdir()
    data = sent({"id": 1}, {"large": np.zeros(FILE_THRESHOLD)}, str(tmp_path))
    for folder in (str(tmp_path / "a"), None):
        with pytest.raises(WireError, match="folder agreed on"):
            received(data, folder)
    assert len(list(tmp_path.glob("client-*"))) == 1


def test_a_folder_that_is_full_or_gone_leaves_the_stream():
    data = sent({"id": 1}, {"large": np.zeros(FILE_THRESHOLD)}, "/nonexistent")
    assert len(data) > 8 * FILE_THRESHOLD


def test_a_folder_is_agreed_on_only_where_it_is_one(tmp_path):
    wire = Wire(io.BytesIO(), io.BytesIO())
    assert not wire.agree("/nonexistent") and not wire.agree(None) and wire.folder is None
    assert wire.agree(str(tmp_path)) and wire.folder == str(tmp_path)


GOOD = b'{"id":1,"arrays":[{"name":"a","dtype":"float64","shape":[2]}]}\n'


@pytest.mark.parametrize("data", [
    b"{}", b"hello\n", b"[1]\n", b'{"arrays":3}\n', GOOD + b"\0" * 15,
    GOOD.replace(b"float64", b"float16") + b"\0" * 16, GOOD.replace(b"[2]", b"[-2]") + b"\0" * 16,
    GOOD.replace(b"[2]", b"[2.5]") + b"\0" * 16, GOOD.replace(b"[2]", b'["2"]') + b"\0" * 16,
    GOOD.replace(b'"shape"', b'"form"') + b"\0" * 16, b'{"a":"\xff"}\n', b"[" * 100_000 + b"\n",
    GOOD.replace(b'"shape"', b'"file":"/nonexistent","shape"'),
    GOOD.replace(b"[2]", b"[1000000000000,1000000000000]"), b" " * ((16 << 20) + 1) + b"\n",
])
def test_what_is_no_message_is_an_error(data):
    with pytest.raises(WireError):
        received(data)


def test_a_file_of_another_size_is_an_error(tmp_path):
    (tmp_path / "a").write_bytes(b"\0" * 15)
    entry = f'"file":"{tmp_path / "a"}","shape"'.encode()
    with pytest.raises(WireError, match="15 bytes where 16"):
        received(GOOD.replace(b'"shape"', entry), str(tmp_path))
    (tmp_path / "a").write_bytes(b"\0" * 16)
    assert received(GOOD.replace(b'"shape"', entry), str(tmp_path)).arrays["a"].sum() == 0


def test_arrays_of_another_type_are_not_sent():
    with pytest.raises(TypeError, match="int32"):
        sent({"id": 1}, {"a": np.zeros(3, np.int32)})
