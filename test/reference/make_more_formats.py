"""Makes the fixtures of formats that PyTorch and NumPy do not write, and in expected_more.json what their own libraries
read out of them: GGUF (gguf), ONNX (onnx), TensorFlow.js (by its published layout), shards with an index (safetensors,
PyTorch), tables in JSON and CSV. Run from the repository root with those packages.
"""

import json
import math
import os

import gguf
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import save_file

FOLDER = "test/fixtures/formats"
DTYPES = {
    "float64": "f64", "float32": "f32", "float16": "f16", "int64": "i64", "int32": "i32", "int16": "i16", "int8": "i8",
    "uint64": "u64", "uint32": "u32", "uint16": "u16", "uint8": "u8", "bool": "bool",
}
expected = {}
rng = np.random.default_rng(3)
torch.manual_seed(3)


def path(*names):
    full = os.path.join(FOLDER, *names)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    return full


def number(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return value


def record(name, array, dtype=None):
    dtype = dtype or DTYPES[array.dtype.name]
    flat = array.ravel().tolist()
    flat = [str(v) for v in flat] if dtype in ("i64", "u64") else [number(v) for v in flat]
    return {"name": name, "dtype": dtype, "shape": list(array.shape), "values": flat}


# ---- GGUF: every plain type, the two kinds of block that are read, and some that are not
plain = {
    "blk.0.attn.weight": rng.normal(size=(2, 3)).astype("f4"), "half": rng.normal(size=(4,)).astype("f2"), "double": rng.normal(size=(2, 1, 2)),
    "i8": np.array([-128, 127], dtype="i1"), "i16": np.array([-300, 300], dtype="i2"), "i32": np.array([-(2**31), 2**31 - 1], dtype="i4"),
    "i64": np.array([2**53 + 1, -(2**63)], dtype="i8"),
}
quantised = rng.normal(size=(3, 64)).astype("f4")
writer = gguf.GGUFWriter(path("model.gguf"), "llama")
writer.add_description("a test")
writer.add_uint32("test.count", 7)
writer.add_array("test.list", [1, 2, 3])
writer.add_array("tokenizer.ggml.tokens", [f"token {i}" for i in range(200)])
writer.add_bool("test.flag", True)
writer.add_float32("test.eps", 0.5)
for name, array in plain.items():
    writer.add_tensor(name, array)
bf16 = torch.tensor([1.5, -2.0, float("inf")], dtype=torch.bfloat16)
writer.add_tensor("bf16", bf16.view(torch.int16).numpy(), raw_shape=(3,), raw_dtype=gguf.GGMLQuantizationType.BF16)
for kind in ("Q8_0", "Q4_0", "Q5_1", "Q4_K"):
    code = gguf.GGMLQuantizationType[kind]
    data = gguf.quants.quantize(quantised, code) if kind != "Q4_K" else np.zeros((2, 144), dtype="u1")
    writer.add_tensor(kind, data, raw_dtype=code)
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
reader = gguf.GGUFReader(path("model.gguf"))
tensors = []
for tensor in reader.tensors:
    if tensor.name in ("Q5_1", "Q4_K"):
        continue
    if tensor.name == "bf16":
        tensors.append(record("bf16", bf16.float().numpy(), "bf16"))
    elif tensor.name in ("Q8_0", "Q4_0"):
        tensors.append(record(tensor.name, gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype("f4")))
    else:
        tensors.append(record(tensor.name, np.asarray(tensor.data).reshape([int(n) for n in reversed(tensor.shape)])))
expected["model.gguf"] = {"format": "GGUF", "tensors": tensors, "skipped": ["Q5_1", "Q4_K"]}

# ---- ONNX: raw data and every list of numbers, and what is left out
arrays = {
    "f32 raw": rng.normal(size=(2, 3)).astype("f4"), "f16 raw": rng.normal(size=(3,)).astype("f2"), "i64 raw": np.array([[2**53 + 1], [-(2**63)]]),
    "bool raw": np.array([True, False]), "u16 raw": np.array([0, 65535], dtype="u2"), "scalar": np.array(2.5, dtype="f4"), "empty": np.zeros((0, 2), dtype="f4"),
}
inits = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
lists = {
    "f32": (TensorProto.FLOAT, np.array([1.5, -2.0, np.nan], dtype="f4")), "f64": (TensorProto.DOUBLE, np.array([1e300, -0.0])),
    "i32": (TensorProto.INT32, np.array([[-1, 2**31 - 1]], dtype="i4")), "i64": (TensorProto.INT64, np.array([2**53 + 1, -1, 0, 300])),
    "i8": (TensorProto.INT8, np.array([-128, 127], dtype="i1")), "u8": (TensorProto.UINT8, np.array([0, 255], dtype="u1")),
    "u64": (TensorProto.UINT64, np.array([2**64 - 1, 1], dtype="u8")), "bool": (TensorProto.BOOL, np.array([True, False, True])),
    "f16": (TensorProto.FLOAT16, np.array([1.5, -2.0, 65504], dtype="f2")),
}
for name, (kind, array) in lists.items():
    inits.append(helper.make_tensor(name, kind, array.shape, array.ravel().tolist()))
    arrays[name] = numpy_helper.to_array(inits[-1])
external = numpy_helper.from_array(np.ones((4, 4), dtype="f4"), "outside")
external.ClearField("raw_data")
external.data_location = TensorProto.EXTERNAL
for key, value in (("location", "../weights.bin"), ("offset", "0")):
    entry = external.external_data.add()
    entry.key, entry.value = key, value
words = helper.make_tensor("words", TensorProto.STRING, [2], [b"a", b"b"])
waves = helper.make_tensor("waves", TensorProto.COMPLEX64, [1], [1 + 2j])
graph = helper.make_graph(
    [helper.make_node("Identity", ["f32"], ["y"])], "g", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, [3])], [*inits, external, words, waves]
)
onnx.save(helper.make_model(graph, producer_name="test"), path("model.onnx"))
expected["model.onnx"] = {"format": "ONNX", "tensors": [record(k, v) for k, v in arrays.items()], "skipped": ["outside", "words", "waves"]}

# ---- a checkpoint in parts, with an index
def shards(folder, names, save, kind, index):
    parts = [{"a.weight": torch.randn(2, 3), "a.bias": torch.randn(2)}, {"b.weight": torch.randn(3, 2), "b.steps": torch.tensor([7])}]
    for name, part in zip(names, parts):
        save(part, path(folder, name))
    if index:
        with open(path(folder, index), "w") as target:
            json.dump({"metadata": {"total_size": 56}, "weight_map": {k: n for n, p in zip(names, parts) for k in p}}, target, indent=2)
    tensors = [record(k, v.numpy()) for part in parts for k, v in part.items()]
    expected[folder] = {"format": f"{kind} in 2 files", "anyOrder": True, "tensors": tensors}


shards("sharded-safetensors", ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], save_file, "safetensors", "model.safetensors.index.json")
shards("sharded-torch", ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"], torch.save, "PyTorch zip", "pytorch_model.bin.index.json")
shards("numbered", ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], save_file, "safetensors", None)

# ---- TensorFlow.js: weights one after the other over two files, quantised ones among them
kernel, bias, mask = rng.normal(size=(3, 5)).astype("<f4"), np.array([1, -2, 3], dtype="<i4"), np.array([True, False])
levels = np.array([0, 7, 255], dtype="u1")
fine = np.array([0, 65535], dtype="<u2")
halves = np.array([1.5, -2], dtype="<f2")
weights = [
    {"name": "dense/kernel", "shape": [3, 5], "dtype": "float32"}, {"name": "dense/bias", "shape": [3], "dtype": "int32"}, {"name": "mask", "shape": [2], "dtype": "bool"},
    {"name": "levels", "shape": [3], "dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.1, "min": -1.5, "original_dtype": "float32"}},
    {"name": "fine", "shape": [2, 1], "dtype": "float32", "quantization": {"dtype": "uint16", "scale": 0.25, "min": 3.0, "original_dtype": "float32"}},
    {"name": "halves", "shape": [2], "dtype": "float32", "quantization": {"dtype": "float16", "original_dtype": "float32"}},
    {"name": "waves", "shape": [1], "dtype": "complex64"}, {"name": "last", "shape": [1], "dtype": "int32"},
]
data = b"".join(a.tobytes() for a in (kernel, bias, mask, levels, fine, halves, np.array([1 + 2j], dtype="<c8"), np.array([9], dtype="<i4")))
files = ["group1-shard1of2.bin", "group1-shard2of2.bin"]
for name, part in zip(files, (data[:50], data[50:])):
    with open(path("tensorflow-js", name), "wb") as target:
        target.write(part)
with open(path("tensorflow-js", "model.json"), "w") as target:
    json.dump({"format": "layers-model", "modelTopology": {}, "weightsManifest": [{"paths": files, "weights": weights}]}, target)
expected["tensorflow-js"] = {
    "format": "TensorFlow.js", "skipped": ["waves"],
    "tensors": [
        record("dense/kernel", kernel), record("dense/bias", bias), record("mask", mask), record("levels", (levels * 0.1 - 1.5).astype("f4")),
        record("fine", (fine * 0.25 + 3.0).astype("f4").reshape(2, 1)), record("halves", halves), record("last", np.array([9], dtype="i4")),
    ],
}

# ---- tables as text
tables = {
    "table.csv": ("CSV", "a,\"b\",c\n1,2,3\r\n4.5,-6e-2,nan\n\n7,8,inf\n", [("array", [[1, 2, 3], [4.5, -6e-2, math.nan], [7, 8, math.inf]])]),
    "table.tsv": ("CSV", "1\t2\n3\t4", [("array", [[1, 2], [3, 4]])]),
    "list.json": ("JSON", "[[1, 2.5], [3, -4e1]]", [("array", [[1, 2.5], [3, -40]])]),
    "lists.json": ("JSON", '{"note": "x", "__proto__": [1], "features": [[[1, 2]], [[3, 4]]], "labels": [0, 1]}', [("__proto__", [1]), ("features", [[[1, 2]], [[3, 4]]]), ("labels", [0, 1])]),
}
for name, (kind, text, lists) in tables.items():
    with open(path(name), "w", newline="") as target:
        target.write(text)
    expected[name] = {"format": kind, "tensors": [record(k, np.array(v, dtype="f8")) for k, v in lists]}

with open(path("expected_more.json"), "w") as target:
    json.dump(expected, target, ensure_ascii=False, separators=(",", ":"))
    target.write("\n")
print(len(expected), "cases")
