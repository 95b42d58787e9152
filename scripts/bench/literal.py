"""The published attention in PyTorch, for `npm run bench`: a request per line in, an answer per line out, both JSON.

{"shape", "offset", "spread"} makes the same numbers as test/bench/values.ts; {"run": true} times one run;
{"places"} gives the last output's values there.
"""
import json
import sys
import time

import numpy
import torch

torch.set_num_threads(2)
x = heads = output = None


def values(size):
    """The i-th from a hash of i (lowbias32) whose two halves are added."""
    numbers = numpy.empty(size, numpy.float32)
    step = 1 << 22
    for start in range(0, size, step):
        i = numpy.arange(start, min(start + step, size), dtype=numpy.uint32)
        i ^= i >> 16
        i *= numpy.uint32(0x7FEB352D)
        i ^= i >> 15
        i *= numpy.uint32(0x846CA68B)
        i ^= i >> 16
        sums = (i & 0xFFFF).astype(numpy.float64) + (i >> 16) - 65535
        numbers[start : start + len(i)] = sums / 26754 + 0.25
    return numbers


def head(chunk, offset, spread, eps=1e-8):
    """GaussianAdaptiveAttention over the last axis, step by step as published."""
    mean = chunk.mean(dim=-1, keepdim=True)
    var = chunk.var(dim=-1, keepdim=True) + eps
    mixture = 1
    for k in range(len(offset)):
        normalised = (chunk - (mean + offset[k])) / torch.sqrt(var)
        gaussian = torch.exp(-(normalised**2) / (2 * spread[k] ** 2)) / torch.sqrt(2 * torch.pi * spread[k] ** 2)
        mixture = mixture * gaussian
    mixture = mixture / mixture.sum(dim=-1, keepdim=True).clamp(min=eps)
    return chunk * mixture


def answer(request):
    global x, heads, output
    if "shape" in request:
        shape = request["shape"]
        x = torch.from_numpy(values(int(numpy.prod(shape)))).reshape(shape)
        heads = [(torch.tensor(o), torch.tensor(s)) for o, s in zip(request["offset"], request["spread"])]
        return {"version": torch.__version__, "threads": torch.get_num_threads()}
    if "places" in request:
        return {"values": output.reshape(-1)[request["places"]].tolist()}
    # An output of the last run is let go of before the clock starts, as everyone's is.
    output = None
    size = x.shape[-1] // len(heads)
    began = time.perf_counter()
    with torch.inference_mode():
        chunks = torch.split(x, size, dim=-1)
        output = torch.cat([head(chunk, *own) for chunk, own in zip(chunks, heads)], dim=-1)
    return {"ms": (time.perf_counter() - began) * 1000}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
