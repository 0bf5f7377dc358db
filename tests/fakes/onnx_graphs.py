"""Small ONNX graphs written byte by byte, so that tests need no library to make them (onnx.proto, protobuf encoding)."""

import struct
from collections.abc import Mapping, Sequence

import numpy as np

FLOAT, INT64 = 1, 7  # TensorProto.DataType
OPSET = 17


def model(
    nodes: Sequence[tuple[str, Sequence[str], str]],
    inputs: Mapping[str, Sequence[int | str]],
    output: str,
    constants: Mapping[str, np.ndarray],
    kind: int = FLOAT,
) -> bytes:
    """A model of `nodes` (operator, inputs, output) without attributes, on inputs of one kind; a named size is open."""
    graph = b"".join(
        [
            *(_part(1, _node(*one)) for one in nodes),
            _part(2, b"g"),
            *(_part(5, _tensor(name, value)) for name, value in constants.items()),
            *(_part(11, _value(name, shape, kind)) for name, shape in inputs.items()),
            _part(12, _value(output, None, FLOAT)),
        ]
    )
    return _number(1, 8) + _part(7, graph) + _part(8, _number(2, OPSET))


def _node(operator: str, inputs: Sequence[str], output: str) -> bytes:
    return (
        b"".join(_part(1, name.encode()) for name in inputs) + _part(2, output.encode()) + _part(4, operator.encode())
    )


def _tensor(name: str, value: np.ndarray) -> bytes:
    kind = INT64 if value.dtype == np.int64 else FLOAT
    data = value.tobytes() if kind == INT64 else value.astype(np.float32).tobytes()
    return b"".join(_number(1, n) for n in value.shape) + _number(2, kind) + _part(8, name.encode()) + _part(9, data)


def _value(name: str, shape: Sequence[int | str] | None, kind: int) -> bytes:
    sized = b"" if shape is None else _part(2, b"".join(_part(1, _size(n)) for n in shape))
    return _part(1, name.encode()) + _part(2, _part(1, _number(1, kind) + sized))


def _size(size: int | str) -> bytes:
    return _number(1, size) if isinstance(size, int) else _part(2, size.encode())


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _part(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += struct.pack("B", value & 127 | 128)
        value >>= 7
    return out + struct.pack("B", value)
