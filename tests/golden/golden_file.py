"""Writes a golden file: tensors of PyTorch as safetensors, beside this script; the same bytes for the same numbers."""
import json
import os
import struct


def write(name, tensors, metadata=None):
    """NAME.safetensors of a dict of float tensors, sorted by name; `metadata`: a dict of texts."""
    header, data = {"__metadata__": metadata} if metadata else {}, b""
    for tensor in sorted(tensors):
        values = tensors[tensor].flatten().tolist()
        block = struct.pack("<%df" % len(values), *values)
        header[tensor] = {"dtype": "F32", "shape": list(tensors[tensor].shape), "data_offsets": [len(data), len(data) + len(block)]}
        data += block
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
