"""Makes test/fixtures/formats: small files of every kind we read, and beside them, in expected.json, what PyTorch and
NumPy read out of them. Run from the repository root with PyTorch 2.x, NumPy 2.x and safetensors.

The names of tensors follow the rule of the archive contract and are computed here a second time, from the loaded
objects: keys and indices joined by dots, each object once.
"""

import argparse
import collections
import io
import json
import math
import os
import pickle
import tarfile
import warnings
import zipfile

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

warnings.filterwarnings("ignore")
torch.manual_seed(11)
FOLDER = "test/fixtures/formats"
DTYPES = {
    "float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "int64": "i64",
    "int32": "i32", "int16": "i16", "int8": "i8", "uint8": "u8", "bool": "bool",
    "uint64": "u64", "uint32": "u32", "uint16": "u16", "float8_e4m3fn": "f32", "float8_e5m2": "f32",
}
expected = {}


def path(name):
    return os.path.join(FOLDER, name)


def number(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return value


def tensor_record(name, value):
    if isinstance(value, np.ndarray):
        dtype, shape, flat = DTYPES[value.dtype.name], list(value.shape), value.ravel().tolist()
    else:
        value = value.dequantize() if value.is_quantized else value
        dtype, shape = DTYPES[str(value.dtype).removeprefix("torch.")], list(value.shape)
        value = value.float() if "float8" in str(value.dtype) else value
        flat = value.detach().reshape(-1).tolist()
    if dtype in ("i64", "u64"):
        flat = [str(item) for item in flat]
    return {"name": name, "dtype": dtype, "shape": shape, "values": [number(float(v) if dtype[0] in "fb" and dtype != "bool" else v) for v in flat]}


def is_dense(value):
    if isinstance(value, torch.Tensor) and value.is_quantized:
        return value.qscheme() == torch.per_tensor_affine
    if isinstance(value, torch.Tensor):
        return value.layout == torch.strided and value.device.type == "cpu" and not value.is_nested and str(value.dtype).removeprefix("torch.") in DTYPES
    return isinstance(value, np.ndarray) and value.dtype.name in DTYPES


def walk(value, where, seen, out):
    if isinstance(value, (torch.Tensor, np.ndarray)):
        if id(value) in seen:
            return
        seen[id(value)] = value
        if is_dense(value):
            out.append(tensor_record(where or "tensor", value))
        elif isinstance(value, np.ndarray) and value.dtype == object:
            walk(value.tolist(), where, seen, out)
        return
    if id(value) in seen or not isinstance(value, (dict, list, tuple, argparse.Namespace)):
        return
    seen[id(value)] = value
    if isinstance(value, argparse.Namespace):
        value = vars(value)
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in pairs:
        walk(part, f"{where}.{key}" if where else str(key), seen, out)


def encoded(value, names):
    """Non-tensor structure as JSON: the same rules stand in test/formats/encoded.ts."""
    if isinstance(value, (torch.Tensor, np.ndarray)):
        return {"$tensor": names[id(value)]}
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (np.bool_,)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        value = int(value)
        return value if abs(value) < 2**53 else {"$int": str(value)}
    if isinstance(value, (float, np.floating)):
        value = float(value)
        return number(value) if not math.isfinite(value) else value
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": value.hex()}
    if isinstance(value, dict):
        return {"$map": [[encoded(k, names), encoded(v, names)] for k, v in value.items()]}
    if isinstance(value, (list, tuple, set, frozenset, collections.deque)):
        return [encoded(part, names) for part in value]
    if isinstance(value, argparse.Namespace):
        return {"$inert": "argparse.Namespace", "state": encoded(vars(value), names)}
    raise TypeError(type(value))


def names_of(value, where, names):
    if isinstance(value, (torch.Tensor, np.ndarray)):
        names.setdefault(id(value), where or "tensor")
    elif isinstance(value, argparse.Namespace):
        names_of(vars(value), where, names)
    elif isinstance(value, (dict, list, tuple)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            names_of(part, f"{where}.{key}" if where else str(key), names)


def expect(file, loaded, form, contents=True, **more):
    out, names = [], {}
    walk(loaded, "", {}, out)
    names_of(loaded, "", names)
    expected[file] = {"format": form, "tensors": out, **more}
    if contents:
        expected[file]["contents"] = encoded(loaded, names)


def refuse(file, sentence):
    expected[file] = {"error": sentence}


def save(file, value, contents=True, legacy=False, **options):
    torch.save(value, path(file), _use_new_zipfile_serialization=not legacy, **options)
    loaded = torch.load(path(file), weights_only=False)
    expect(file, loaded, "PyTorch legacy" if legacy else "PyTorch zip", contents)


# ---- state dicts, by format and protocol
net = torch.nn.Sequential(torch.nn.Conv1d(3, 8, 3), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 4))
state = net.state_dict()
save("state_dict.pt", state)
for protocol in (3, 4, 5):
    save(f"state_dict_protocol{protocol}.pt", state, pickle_protocol=protocol)
save("state_dict_legacy.pt", state, legacy=True)
save("state_dict_legacy_protocol4.pt", state, legacy=True, pickle_protocol=4)
with zipfile.ZipFile(path("state_dict.pt")) as source, zipfile.ZipFile(path("state_dict_deflated.pt"), "w", zipfile.ZIP_DEFLATED) as target:
    for name in source.namelist():
        target.writestr(name, source.read(name))
expect("state_dict_deflated.pt", state, "PyTorch zip")
save("bare_tensor.pt", torch.arange(6.0).reshape(2, 3))

# ---- element types and views
base = torch.arange(24, dtype=torch.float32).reshape(4, 6)
cube = torch.randn(2, 3, 4)
dtypes = {
    "f64": torch.tensor([math.pi, -0.0, math.inf, math.nan], dtype=torch.float64),
    "f32": torch.tensor([1 / 3, -0.0, -math.inf, math.nan]),
    "f16": torch.tensor([1.0, -2.5, 65504.0, 6e-8, 6.1e-5, math.inf, math.nan, -0.0]).half(),
    "bf16": torch.tensor([1.0, -2.5, 3e38, 1e-40, math.inf, math.nan, -0.0]).bfloat16(),
    "i64": torch.tensor([1, -1, 2**53 + 1, -(2**63), 2**63 - 1]),
    "i32": torch.tensor([1, -1, 2**31 - 1, -(2**31)]).int(),
    "i16": torch.tensor([-300, 32767]).short(),
    "i8": torch.tensor([-128, 127]).char(),
    "u8": torch.tensor([0, 255]).byte(),
    "bool": torch.tensor([True, False, True]),
}
views = {
    "base": base,
    "transposed": base.t(),
    "slice": base[1:3, ::2],
    "column": base[:, 3],
    "expanded": torch.tensor([[7.0], [8.0]]).expand(2, 3),
    "expanded scalar": torch.tensor(5.0).expand(3, 2),
    "permuted": cube.permute(2, 0, 1),
    "windows": torch.arange(6.0).as_strided((4, 3), (1, 1)),
    "one row": base[2:3],
    "half transposed": torch.arange(6.0).reshape(2, 3).half().t(),
    "bool slice": torch.tensor([True, False, False, True])[::3],
    "zero d": torch.tensor(3.0),
    "element of": base[2, 3],
    "empty": torch.zeros(0, 3),
    "empty transposed": torch.zeros(0, 3).t(),
    "parameter": torch.nn.Parameter(torch.ones(2)),
    "requires grad": torch.ones(2, requires_grad=True),
}
views["again"] = views["slice"]
for legacy in (False, True):
    ending = "_legacy.pt" if legacy else ".pt"
    save(f"dtypes{ending}", dtypes, legacy=legacy)
    save(f"views{ending}", views, legacy=legacy)
save_file({**dtypes, "empty": torch.zeros(0, 3), "zero d": torch.tensor(3.0), "matrix": base}, path("dtypes.safetensors"), metadata={"format": "pt", "note": "héllo"})
expected["dtypes.safetensors"] = {
    "format": "safetensors",
    "anyOrder": True,  # safetensors sorts by element size
    "tensors": [tensor_record(k, v) for k, v in {**dtypes, "empty": torch.zeros(0, 3), "zero d": torch.tensor(3.0), "matrix": base}.items()],
}

# ---- a checkpoint as the paper's training script leaves it: each head keeps one dictionary for every batch
heads = [{"var": [], "mean": [], "c": [], "attention_maps": [torch.rand(3, 8) for _ in range(6)]} for _ in range(4)]
optimiser = torch.optim.AdamW(net.parameters())
net(torch.randn(2, 3, 10)).sum().backward()
optimiser.step()
checkpoint = {
    "epoch": 12,
    "state_dict": collections.OrderedDict((f"module.{k}", v) for k, v in state.items()),
    "optimizer": optimiser.state_dict(),
    "best_val_accuracy": 0.875,
    "attention_weights": [heads for _ in range(50)],
}
save("checkpoint.pth", checkpoint)
save("checkpoint_legacy.pth", checkpoint, legacy=True)

# ---- everything else a checkpoint may carry
others = {
    "note": "héllo ✓ \U0001f600", "none": None, "flags": (True, False), "float": -2.5e-300, "infinite": math.inf,
    "integers": [0, 255, 256, 65535, 65536, -1, -128, -129, 2**31 - 1, -(2**31), 2**31, 2**40 + 1, -(2**40)],
    "huge": [2**53, 2**63, -(2**63), 2**80, -(2**80), 2**2000, -(2**2000)],
    "set": {1, 2, 3}, "frozen": frozenset({"a"}), "bytes": b"\x00\xff\x80", "bytearray": bytearray(b"xy"),
    "nested": {1: {True: {None: {2.5: [[]]}}}, (1, "two"): "tuple key"}, "__proto__": {"polluted": True},
    "constructor": 1, "ordered": collections.OrderedDict(a=1), "default": collections.defaultdict(list, k=[1]),
    "counter": collections.Counter("aab"), "args": argparse.Namespace(lr=0.1, layers=[1, 2], start=torch.ones(2)),
    "long text": "x" * 300, "deque": collections.deque([1, 2]),
}
save("others.pt", others)
save("others_legacy.pt", others, legacy=True)
plain = {k: v for k, v in others.items() if k != "args"}
arrays = {
    "f32": np.arange(6, dtype=np.float32).reshape(2, 3), "fortran": np.asfortranarray(np.arange(6, dtype=np.float64).reshape(2, 3)),
    "big endian": np.arange(3, dtype=">i4"), "i64": np.array([2**53 + 1, -1]), "bool": np.array([True, False]),
    "f16": np.array([1, 2.5], dtype=np.float16), "zero d": np.array(2.5), "empty": np.zeros((0, 2)),
    "float": np.float64(0.875), "int": np.int64(-7), "int32": np.int32(7), "true": np.bool_(True), "half": np.float16(0.5),
    "big": np.int64(2**62),
}
for protocol in range(6):
    file = f"plain_protocol{protocol}.pkl"
    with open(path(file), "wb") as target:
        pickle.dump({**plain, "arrays": arrays}, target, protocol=protocol)
    with open(path(file), "rb") as source:
        expect(file, pickle.load(source), "Python pickle")
save("arrays.pt", arrays)
save("arrays_protocol5.pt", arrays, pickle_protocol=5)

# ---- a data set as pickled pairs of features and label, with NumPy arrays and with bare tensors
with open(path("pairs.pkl"), "wb") as target:
    pickle.dump([(np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32), i) for i in range(3)], target)
with open(path("pairs.pkl"), "rb") as source:
    expect("pairs.pkl", pickle.load(source), "Python pickle")
with open(path("tensor_pairs.pkl"), "wb") as target:
    pickle.dump([(torch.randn(3, 4), i) for i in range(2)], target)
with open(path("tensor_pairs.pkl"), "rb") as source:
    expect("tensor_pairs.pkl", pickle.load(source), "Python pickle")
with open(path("object_array.pkl"), "wb") as target:
    ragged = np.empty(2, dtype=object)
    ragged[0], ragged[1] = np.ones(2), np.zeros(3)
    pickle.dump({"ragged": ragged}, target)
with open(path("object_array.pkl"), "rb") as source:
    expect("object_array.pkl", pickle.load(source), "Python pickle", contents=False)


# ---- a whole module
class Head(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.c = torch.nn.Parameter(torch.full((1, 4), 2.0))
        self.mean_offset = torch.nn.Parameter(torch.randn(1, 4))
        self.attention_weights = {"attention_maps": [torch.rand(2, 4)]}


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(1))
        self.heads = torch.nn.ModuleList([Head(), Head()])
        self.norm = torch.nn.BatchNorm1d(4)
        self.tied = self.heads[0]
        self.register_buffer("steps", torch.tensor(3))


network = Network()
module_names = [*network.state_dict()]
for file, legacy in (("module.pt", False), ("module_legacy.pt", True)):
    torch.save(network, path(file), _use_new_zipfile_serialization=not legacy)
    loaded = torch.load(path(file), weights_only=False)
    records = {k: tensor_record(k, v) for k, v in loaded.state_dict().items() if not k.startswith("tied.")}
    for i, head in enumerate(loaded.heads):
        key = f"heads.{i}.attention_weights.attention_maps.0"
        records[key] = tensor_record(key, head.attention_weights["attention_maps"][0])
    expected[file] = {"format": "PyTorch legacy" if legacy else "PyTorch zip", "tensors": [*records.values()], "anyOrder": True}

# ---- what is left out, and what is refused
every_f8 = torch.arange(256, dtype=torch.uint8)
torch.save({
    "e4m3fn": every_f8.view(torch.float8_e4m3fn), "e5m2": every_f8.view(torch.float8_e5m2), "view": every_f8.view(torch.float8_e4m3fn).reshape(16, 16).T,
    "u16": torch.tensor([0, 65535], dtype=torch.uint16), "u32": torch.tensor([0, 2**32 - 1], dtype=torch.uint32), "u64": torch.tensor([0, 2**63 - 1], dtype=torch.uint64),
    "quint8": torch.quantize_per_tensor(torch.linspace(-1, 1, 6).reshape(2, 3), 0.01, 100, torch.quint8),
    "qint8": torch.quantize_per_tensor(torch.linspace(-1, 1, 6).reshape(2, 3), 0.01, 0, torch.qint8).T,
    "qint32": torch.quantize_per_tensor(torch.linspace(-1, 1, 6), 1e-5, -7, torch.qint32),
}, path("converted.pt"))
expect("converted.pt", torch.load(path("converted.pt"), weights_only=False), "PyTorch zip", contents=False)
save_file({
    "e4m3fn": every_f8.clone().view(torch.float8_e4m3fn), "e5m2": every_f8.clone().view(torch.float8_e5m2),
    "u16": torch.tensor([0, 65535], dtype=torch.uint16), "u32": torch.tensor([0, 2**32 - 1], dtype=torch.uint32), "u64": torch.tensor([0, 2**63 - 1], dtype=torch.uint64),
}, path("converted.safetensors"))
with safe_open(path("converted.safetensors"), "pt") as source:
    expected["converted.safetensors"] = {"format": "safetensors", "anyOrder": True, "tensors": [tensor_record(k, source.get_tensor(k)) for k in source.keys()]}
odd = {
    "per channel": torch.quantize_per_channel(torch.ones(2, 2), torch.tensor([0.1, 0.2]), torch.tensor([0, 0]), 0, torch.qint8),
    "f8 of another kind": torch.ones(2).to(torch.float8_e4m3fnuz),
    "plain": torch.ones(2), "coo": torch.eye(3).to_sparse(), "csr": torch.eye(3).to_sparse_csr(),
    "complex": torch.tensor([1 + 2j]), "conjugate": torch.tensor([1 + 2j]).conj(),
    "negated": torch.tensor([1 + 2j]).conj().imag, "meta": torch.ones(2, device="meta"),
    "nested": torch.nested.nested_tensor([torch.ones(2)]), "size": torch.Size([1, 2]), "dtype": torch.float32, "device": torch.device("cpu"),
}
torch.save(odd, path("odd.pt"))
expected["odd.pt"] = {
    "format": "PyTorch zip",
    "tensors": [tensor_record("plain", odd["plain"])],
    "skipped": ["per channel", "f8 of another kind", "coo", "csr", "complex", "conjugate", "negated", "meta", "nested"],
}
save_file({"a": torch.ones(2), "complex": torch.ones(2, 3).to(torch.complex64)}, path("odd.safetensors"))
expected["odd.safetensors"] = {"format": "safetensors", "tensors": [tensor_record("a", torch.ones(2))], "skipped": ["complex"]}


class Evil:
    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return (os.system, (self.command,))


torch.save({"w": torch.ones(2), "x": Evil("touch PWNED")}, path("evil.pt"))
expected["evil.pt"] = {"format": "PyTorch zip", "tensors": [tensor_record("w", torch.ones(2))], "globals": ["posix.system"]}
with open(path("evil.pkl"), "wb") as target:
    pickle.dump(Evil("touch PWNED"), target)
expected["evil.pkl"] = {"format": "Python pickle", "tensors": [], "globals": ["posix.system"]}



class Scripted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = torch.nn.ModuleList([torch.nn.Linear(2, 3), torch.nn.Linear(3, 2)])
        self.register_buffer("scale", torch.tensor([0.5, 2.0]))
        self.sizes = [2, 3]

    def forward(self, x):
        for head in self.heads:
            x = head(x)
        return x * self.scale + torch.tensor([1.0, 2.0]) * self.sizes[0]


torch.jit.save(torch.jit.script(Scripted()), path("torchscript.pt"))
script = torch.jit.load(path("torchscript.pt"))
expected["torchscript.pt"] = {"format": "TorchScript", "anyOrder": True, "tensors": [tensor_record(k, v) for k, v in script.state_dict().items()], "globals": []}
torch.jit.save(torch.jit.trace(torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU()), torch.ones(1, 2)), path("traced.pt"))
script = torch.jit.load(path("traced.pt"))
expected["traced.pt"] = {"format": "TorchScript", "anyOrder": True, "tensors": [tensor_record(k, v) for k, v in script.state_dict().items()]}
with zipfile.ZipFile(path("state_dict.pt")) as source, zipfile.ZipFile(path("big_endian.pt"), "w") as target:
    for name in source.namelist():
        target.writestr(name, b"big" if name.endswith("byteorder") else source.read(name))
refuse("big_endian.pt", "PyTorch zip: saved on a big-endian machine; a little-endian checkpoint is needed")
with open(path("big_endian_legacy.pt"), "wb") as target:
    for part in (0x1950A86A20F9469CFC6C, 1001, {"protocol_version": 1001, "little_endian": False}, {}, []):
        pickle.dump(part, target, protocol=2)
refuse("big_endian_legacy.pt", "PyTorch legacy: saved on a big-endian machine; a little-endian checkpoint is needed")
with tarfile.open(path("before_0_1_10.pth"), "w", format=tarfile.USTAR_FORMAT) as target:
    for name in ("sys_info", "pickle", "tensors", "storages"):
        member = tarfile.TarInfo(name)
        member.size = 4
        target.addfile(member, io.BytesIO(b"\x80\x02N."))
refuse("before_0_1_10.pth", "before_0_1_10.pth: this is a PyTorch file from before 0.1.10; load it with PyTorch and save it again")

# ---- NumPy
singles = {
    "c": np.arange(12, dtype="<f4").reshape(3, 4), "fortran": np.asfortranarray(np.arange(24, dtype="<f8").reshape(2, 3, 4)),
    "big_endian": np.array([1, -2, 2**31 - 1], dtype=">i4"), "big_endian_half": np.array([1, -2.5], dtype=">f2"), "f16": np.array([1.5, -2], dtype="<f2"),
    "i64": np.array([1, 2**53 + 1, -(2**63)]), "i16": np.array([-300], dtype="<i2"), "i8": np.array([-128, 127], dtype="i1"),
    "u8": np.array([0, 255], dtype="u1"), "bool": np.array([True, False]), "zero_d": np.array(3.5, dtype="<f4"), "empty": np.zeros((0, 3), dtype="<f4"),
}
for name, array in singles.items():
    np.save(path(f"{name}.npy"), array)
    expected[f"{name}.npy"] = {"format": "NumPy .npy", "tensors": [tensor_record("array", np.load(path(f"{name}.npy")))]}
with open(path("version2.npy"), "wb") as target:
    np.lib.format.write_array(target, singles["c"], version=(2, 0))
expected["version2.npy"] = {"format": "NumPy .npy", "tensors": [tensor_record("array", singles["c"])]}
unread = {
    "objects": (np.array([{"a": 1}], dtype=object), "Python objects (|O), shape (1)"),
    "text": (np.array(["ab", "c"]), "text (<U2), shape (2)"),
    "records": (np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]), "records, shape (2)"),
    "complex": (np.array([1 + 2j]), "complex numbers (<c16), shape (1)"),
    "dates": (np.array(["2020-01-01"], dtype="M8[D]"), "dates (<M8[D]), shape (1)"),
}
for name, (array, what) in unread.items():
    np.save(path(f"{name}.npy"), array, allow_pickle=True)
    refuse(f"{name}.npy", f"npy: an array of {what}; plain numbers or booleans are needed")
bundle = {"features": np.random.default_rng(0).normal(size=(2, 3, 4)).astype("<f4"), "labels": np.array([0, 1]), "folder/f": singles["fortran"], "names": np.array(["a"])}
for file, write in (("stored.npz", np.savez), ("compressed.npz", np.savez_compressed)):
    write(path(file), **bundle)
    loaded = np.load(path(file))
    expected[file] = {"format": "NumPy .npz", "tensors": [tensor_record(k, loaded[k]) for k in bundle if k != "names"], "skipped": ["names"]}
np.savez_compressed(path("zeros.npz"), zeros=np.zeros((20, 90), dtype="<f4"))
expected["zeros.npz"] = {"format": "NumPy .npz", "tensors": [tensor_record("zeros", np.zeros((20, 90), dtype="<f4"))]}

with open(path("expected.json"), "w") as target:
    json.dump(expected, target, ensure_ascii=False, separators=(",", ":"))
    target.write("\n")
print(len(expected), "files", sum(os.path.getsize(path(f)) for f in os.listdir(FOLDER)), "bytes")
