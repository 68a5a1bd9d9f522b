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
    # The next message may write over the file, and what was read stays.
    sent({"id": 2}, {"large": large + 1}, str(tmp_path))
    np.testing.assert_array_equal(message.arrays["large"], large)


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
    with pytest.raises(WireError, match="16 bytes"):
        received(GOOD.replace(b'"shape"', entry), str(tmp_path))
    (tmp_path / "a").write_bytes(b"\0" * 16)
    assert received(GOOD.replace(b'"shape"', entry), str(tmp_path)).arrays["a"].sum() == 0


def test_arrays_of_another_type_are_not_sent():
    with pytest.raises(TypeError, match="int32"):
        sent({"id": 1}, {"a": np.zeros(3, np.int32)})
