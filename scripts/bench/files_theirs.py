"""One run of `npm run bench` in a process of its own: files_theirs.py torch|safetensors list|read FILE [NAME...]"""
import json
import re
import sys
import time

tool, task, path, *names = sys.argv[1:]
if tool == "torch":
    import torch
else:
    import safetensors
    import safetensors.numpy  # noqa: F401  brings NumPy in, as the reading needs it


def status(key):
    with open("/proc/self/status") as file:
        return int(re.search(rf"^{key}:\s+(\d+)", file.read(), re.M).group(1))


def mapped():
    """Bytes of the file that were touched through its mapping: they count as read."""
    total, within = 0, False
    with open("/proc/self/smaps") as file:
        for line in file:
            if re.match(r"^[0-9a-f]+-[0-9a-f]+ ", line):
                within = line.rstrip().endswith(path)
            elif within and line.startswith("Rss:"):
                total += int(line.split()[1]) * 1024
    return total


def called():
    with open("/proc/self/io") as file:
        return int(re.search(r"^rchar: (\d+)", file.read(), re.M).group(1))


def run():
    if tool == "torch":
        tensors = torch.load(path, mmap=True, weights_only=True, map_location="cpu")
        listed = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in tensors.items()}
        read = {name: tensors[name].numpy().copy() for name in names} if task == "read" else {}
        return tensors, listed, read
    file = safetensors.safe_open(path, framework="numpy").__enter__()
    listed = {}
    for name in file.keys():
        part = file.get_slice(name)
        listed[name] = (part.get_dtype(), tuple(part.get_shape()))
    read = {name: file.get_tensor(name) for name in names} if task == "read" else {}
    return file, listed, read


with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
before, reads = status("VmRSS"), called()
began = time.perf_counter()
held, listed, read = run()
ms = (time.perf_counter() - began) * 1000
peak = (status("VmHWM") - before) * 1024
touched = called() - reads
touched += mapped()
result = {"ms": ms, "bytes": touched, "peak": peak, "tensors": len(listed)}
result["sum"] = sum(float(values.reshape(-1)[0]) for values in read.values())
result["version"] = torch.__version__ if tool == "torch" else safetensors.__version__
print(json.dumps(result))
