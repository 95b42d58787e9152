"""Makes test/fixtures/models/*.json: small models, inputs and the answers that lib/models is held to.

Needs PyTorch, numpy and the package gaussian-adaptive-attention:

    python test/reference/make_models.py

Parameters and inputs are float32. Answers are computed from them in float64 and rounded once: density blocks by the
published module itself, density attention over layers by a transcription of its formulas (the published scripts are
no package). Numbers are little-endian float32 in base64.
"""

import base64
import json
import math
from pathlib import Path

import numpy as np
import torch
from gaussian_adaptive_attention import (
    GaussianAdaptiveAttention,
    GaussianBlock,
    MultiHeadGaussianAdaptiveAttention,
)
from torch.nn import functional

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "models"
NAN, INF = math.nan, math.inf


def packed(array):
    with np.errstate(over="ignore"):
        values = np.asarray(array, dtype=np.float64).astype("<f4")
    return {"shape": list(values.shape), "values": base64.b64encode(values.tobytes()).decode()}


def rounded(values):
    """float32 numbers held in float64, so that both sides start from the same."""
    return torch.as_tensor(np.asarray(values, dtype=np.float32).astype(np.float64))


def noise(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


# Density attention over layers ---------------------------------------------------------------------------------------


def layer_density(x, offsets, spreads):
    """x (n, L, F); offsets and spreads (H, F). G, (y - m) / sqrt(v + eps), sqrt(v + eps)."""
    n, layers, features = x.shape
    heads = offsets.shape[0]
    y = x.reshape(n, heads, layers // heads, features)
    m = y.mean(dim=2, keepdim=True)
    v = ((y**2).mean(dim=2, keepdim=True) - m**2).abs() + 1e-8
    deviation = torch.sqrt(v + 1e-5)
    z = (y - (m + offsets[None, :, None, :])) / deviation
    g = torch.exp(-(z**2) / (2 * spreads[None, :, None, :]))
    return g.reshape(x.shape), ((y - m) / deviation).reshape(x.shape), deviation[:, :, 0, :]


def classify(x, head, fold):
    """x (n, L, F), already weighted."""
    n, layers, features = x.shape
    x = x.reshape(n, layers, *fold)
    x = functional.relu(functional.conv2d(x, head["conv1.weight"], head["conv1.bias"], padding=1))
    x = functional.relu(functional.conv2d(x, head["conv2.weight"], head["conv2.bias"], padding=1))
    return functional.linear(x.flatten(1), head["fc.weight"], head["fc.bias"])


def conv_head(seed, layers, features, hidden, classes):
    parts = {
        "conv1.weight": noise(seed, hidden, layers, 3, 3) / math.sqrt(9 * layers),
        "conv1.bias": noise(seed + 1, hidden) / 10,
        "conv2.weight": noise(seed + 2, layers, hidden, 3, 3) / math.sqrt(9 * hidden),
        "conv2.bias": noise(seed + 3, layers) / 10,
        "fc.weight": noise(seed + 4, classes, layers * features) / math.sqrt(layers * features),
        "fc.bias": noise(seed + 5, classes),
    }
    return {name: rounded(values) for name, values in parts.items()}


def layer_case(name, x, offsets, spreads, head=None, fold=None, at="daam.gcts", settings=None):
    raw, offsets, spreads = rounded(x), rounded(offsets), rounded(spreads)
    x = raw
    if x.ndim == 5:
        x = x[:, :, 0].mean(dim=2)
    elif x.ndim == 4:
        x = x.mean(dim=2)
    density, standardised, deviation = layer_density(x, offsets, spreads)
    untrained, _, _ = layer_density(x, torch.zeros_like(offsets), torch.full_like(spreads, 2))
    parameters = {}
    for h in range(offsets.shape[0]):
        parameters[f"{at}.{h}.c"] = packed(spreads[h : h + 1])
        parameters[f"{at}.{h}.mean_offset"] = packed(offsets[h : h + 1])
    expected = {
        "density": packed(density),
        "standardised": packed(standardised),
        "deviation": packed(deviation),
        "untrained": packed(untrained),
    }
    if head:
        parameters |= {key: packed(values) for key, values in head.items()}
        expected["logits"] = packed(classify(x * density, head, fold))
    return {
        "name": name,
        "parameters": parameters,
        # Without a classifier nothing says how many layers there are, so the layout has to be said.
        "settings": (settings or {}) | ({} if head else {"layout": "batch"}),
        "input": packed(raw),
        "expected": expected,
    }


def layer_cases():
    ordinary = (0.3 * noise(1, 4, 64), 1.5 + np.abs(noise(2, 4, 64)))
    few = (0.2 * noise(3, 2, 10), 1 + np.abs(noise(4, 2, 10)))
    x = noise(5, 3, 6, 10)
    yield layer_case(
        "four heads of three layers, with a classifier",
        noise(6, 3, 12, 64) + noise(7, 3, 12, 1),
        *ordinary,
        head=conv_head(10, 12, 64, 8, 5),
        fold=(8, 8),
    )
    yield layer_case("one head of 24 layers", noise(8, 2, 24, 32), 0.3 * noise(9, 1, 32), 1 + np.abs(noise(20, 1, 32)))
    wide = (0.3 * noise(21, 8, 20), 1 + np.abs(noise(22, 8, 20)))
    head = conv_head(23, 40, 20, 4, 3)
    yield layer_case(
        "eight heads of five layers, folded 4 × 5", noise(30, 2, 40, 20), *wide, head=head, fold=(4, 5), at="gct.gcts"
    )
    yield layer_case(
        "eight heads of five layers, folded 2 × 10 as asked",
        noise(30, 2, 40, 20),
        *wide,
        head=head,
        fold=(2, 10),
        at="module.daam.daams",
        settings={"map": [2, 10]},
    )
    yield layer_case("time averaged", noise(31, 2, 6, 1, 5, 10), *few)
    yield layer_case("constant features", np.full((2, 6, 10), 5.3), 0.003 * noise(32, 2, 10), few[1])
    yield layer_case(
        "constant features of ten thousand", np.full((2, 6, 10), 12345.678), 0.003 * noise(33, 2, 10), few[1]
    )
    yield layer_case("features that vary by a millionth", 1e-6 * x, 1e-3 * few[0], few[1])
    yield layer_case("a large mean under a small spread", 1000 + x, *few)
    yield layer_case("a huge mean under a small spread", 10000 + 0.1 * x, 0.1 * few[0], few[1])
    yield layer_case("features of a hundred thousand", 1e5 * x, 1e5 * few[0], few[1])
    yield layer_case("one layer per head", noise(34, 2, 6, 10), 0.004 * noise(35, 6, 10), 1 + np.abs(noise(36, 6, 10)))
    yield layer_case("huge c", x, few[0], np.logspace(4, 38, 20).reshape(2, 10))
    yield layer_case("tiny c", x, few[0], np.logspace(-1, -38, 20).reshape(2, 10))
    yield layer_case("tiny c on constant features", np.full((1, 6, 10), 0.1), 0 * few[0], np.full((2, 10), 1e-40))
    yield layer_case("negative c", x, few[0], -np.logspace(-1.2, 2, 20).reshape(2, 10))
    yield layer_case("negative c beyond what a number holds", x, few[0], np.full((2, 10), -1e-4))
    yield layer_case("c of zero", x, few[0], np.zeros((2, 10)))
    yield layer_case("offsets of a thousand", x, 1e3 * np.sign(noise(37, 2, 10)), np.logspace(0, 8, 20).reshape(2, 10))
    broken = noise(38, 3, 6, 10)
    broken[1, 2, 3] = NAN
    broken[2, 5, 7] = INF
    broken[2, 0, 0] = -INF
    yield layer_case("NaN and infinity in the input", broken, *few)
    yield layer_case(
        "NaN in one input of three, with a classifier",
        broken,
        *few,
        head=conv_head(40, 6, 10, 3, 2),
        fold=(2, 5),
    )


# Density blocks ------------------------------------------------------------------------------------------------------


def projected(values, axis, cols, whole):
    """(n, ...) as (n, rows, cols), the mean over every other axis. `axis` and `cols` count the input's axes."""
    values = values.numpy()
    if whole:
        values, axis, cols = values[None], axis + 1, None if cols is None else cols + 1
    others = tuple(i for i in range(1, values.ndim) if i not in (axis, cols))
    kept = np.moveaxis(values, axis, 1)
    if cols is None:
        return kept.reshape(kept.shape[0], kept.shape[1], -1).mean(-1, keepdims=True)
    names = ["n", axis] + [i for i in range(1, values.ndim) if i != axis]
    return np.moveaxis(kept, names.index(cols), 2).mean(axis=tuple(range(3, values.ndim))) if others else np.moveaxis(
        kept, names.index(cols), 2
    )


def block_case(name, x, axes, heads, gaussians, spread=None, offset=None, padding=None, seed=0, shown=0, form="block",
               head=None, fold=None, at=""):
    raw = rounded(x)
    torch.manual_seed(seed)
    if form == "block":
        module = GaussianBlock(axes, heads, gaussians, len(axes), padding_value=padding)
        layers = list(module.layers)
    elif form == "heads":
        module = MultiHeadGaussianAdaptiveAttention(axes[0], heads[0], gaussians[0], padding_value=padding)
        layers = [module]
    else:
        module = GaussianAdaptiveAttention(axes[0], 1, gaussians[0], padding)
        layers = [module]
    with torch.no_grad():
        for index, (key, parameter) in enumerate(module.named_parameters()):
            fresh = noise(1000 + 17 * seed + index, *parameter.shape)
            if key.endswith("mean_offsets"):
                parameter.copy_(torch.as_tensor(0.5 * fresh if offset is None else offset(index, fresh)))
            else:
                parameter.copy_(torch.as_tensor(np.exp(fresh) if spread is None else spread(index, fresh)))
    parameters = {at + key: packed(values.numpy()) for key, values in module.state_dict().items()}
    module = module.double()

    # Where each layer looks, and what it sees there.
    inputs, hooks = {}, []
    for index, layer in enumerate(layers):
        hooks.append(layer.register_forward_pre_hook(lambda _, args, index=index: inputs.__setitem__(index, args[0])))
    with torch.no_grad():
        output, details = module(raw, return_attention_details=True)
    attention = [details[f"layer_{i}"] for i in range(len(axes))] if form == "block" else [details]

    axis = axes[shown] % raw.ndim
    whole = any(a % raw.ndim == 0 for a in axes)
    rest = [i for i in range(0 if whole else 1, raw.ndim) if i != axis]
    cols = rest[-1] if rest else None
    count = heads[shown]
    chunk = raw.shape[axis] // count
    stops = [(h * chunk, raw.shape[axis] if h == count - 1 else (h + 1) * chunk) for h in range(count)]
    scaled, standardised, deviations = [], [], []
    for start, stop in stops:
        seen = inputs[shown].narrow(axis, start, stop - start)
        masked = seen if padding is None else torch.where(seen != padding, seen, torch.zeros_like(seen))
        deviation = torch.sqrt(masked.var(dim=axis, keepdim=True) + 1e-8)
        standardised.append((seen - masked.mean(dim=axis, keepdim=True)) / deviation)
        deviations.append(deviation)
        scaled.append(attention[shown].narrow(axis, start, stop - start) * (stop - start))
    expected = {
        "density": packed(projected(torch.cat(scaled, axis), axis, cols, whole)),
        "standardised": packed(projected(torch.cat(standardised, axis), axis, cols, whole)),
        "deviation": packed(projected(torch.cat(deviations, axis), axis, cols, whole)),
        "output": packed(output),
        "attention": [packed(weights) for weights in attention],
    }
    if head:
        parameters |= {key: packed(values) for key, values in head.items()}
        expected["logits"] = packed(classify(output, head, fold))
    return {
        "name": name,
        "parameters": parameters,
        "settings": {"axes": axes, "paddingValue": padding, "blockLayer": shown},
        "input": packed(raw),
        "expected": expected,
    }


def block_cases():
    def fixed(values):
        return lambda index, fresh: np.resize(np.asarray(values, dtype=np.float64), fresh.shape)

    x = noise(50, 3, 5, 16)
    yield block_case("two heads of four Gaussians along the last axis", x, [-1], [2], [4], seed=1)
    yield block_case("five Gaussians, and a last head with the remainder along axis 1", noise(51, 2, 13, 6), [1], [4], [5], seed=2)
    layered = dict(axes=[1, -1, -2], heads=[2, 4, 1], gaussians=[3, 2, 5], seed=3)
    yield block_case("three layers on different axes, the first shown", noise(52, 2, 6, 8), **layered)
    yield block_case("three layers on different axes, the second shown", noise(52, 2, 6, 8), shown=1, **layered)
    yield block_case("a middle axis of four", noise(53, 2, 3, 7, 4), [2], [3], [2], seed=4)
    yield block_case("axis 0, without a batch", noise(54, 6, 4), [0], [2], [2], seed=5)
    yield block_case("two axes, the last but one normalised", noise(55, 6, 4), [-2], [2], [2], seed=5)
    yield block_case("two axes, the last normalised", noise(55, 4, 6), [-1], [2], [2], seed=5)
    yield block_case("heads alone, without a residual", x, [-1], [4], [3], seed=6, form="heads")
    yield block_case("one head alone", x, [-2], [1], [3], seed=7, form="head", at="pool.")
    yield block_case("a thousand items", noise(56, 1, 1, 1000), [-1], [1], [4], seed=8)
    yield block_case("a thousand items in one head and three hundred", noise(57, 1, 337, 2) + 3, [1], [3], [2], seed=9)

    padded = noise(58, 3, 7, 5)
    padded[0, 5:] = 0
    padded[1, 2:] = 0
    yield block_case("padded rows", padded, [1], [2], [3], padding=0, seed=10)
    padded = noise(59, 2, 6, 5)
    padded[0, 4:] = -1
    yield block_case("padding of −1 through two layers", padded, [1, -1], [2, 1], [3, 2], padding=-1, seed=11)
    padded[1, 0, 0] = NAN
    yield block_case("NaN beside padding", padded, [1], [2], [3], padding=-1, seed=11)

    yield block_case("constant features", np.full((2, 6, 4), 5.3), [1], [2], [2], seed=12, offset=fixed(1e-4))
    yield block_case("constant features of ten thousand", np.full((2, 6, 4), 12345.678), [1], [2], [2], seed=12, offset=fixed(0))
    yield block_case("a large mean under a small spread", 1000 + noise(60, 2, 6, 4), [1], [2], [2], seed=13)
    yield block_case("a huge mean under a small spread", 10000 + 0.1 * noise(60, 2, 6, 4), [1], [2], [2], seed=13, offset=fixed([0.05, -0.02]))
    yield block_case("an outlier first", np.concatenate([np.full((2, 1, 4), 1e4), noise(61, 2, 31, 4)], 1), [1], [1], [2], seed=13)
    for name, values in {
        "huge c": [20, 20, 20, 20, 20],
        "c so huge that the clamp takes over": [300, 40, 1000, 30, 1e10],
        "tiny c": [0.03, 0.05, 0.02, 0.1, 0.04],
        "c so tiny that no Gaussian reaches": [1e-3, 1e-8, 1e-20, 1e-3, 1e-30],
        "negative c": [-1, -0.5, 2, -3, 1.5],
        "one c of zero": [1, 0, 2, 1, 1],
    }.items():
        yield block_case(name, noise(62, 2, 32, 3), [1], [2], [5], seed=14, spread=fixed(values))
    yield block_case("offsets of a thousand", noise(63, 2, 32, 3), [1], [2], [2], seed=15, offset=fixed([1e3, -1e3]))
    yield block_case(
        "offsets of a thousand under a c of a thousand", noise(63, 2, 32, 3), [1], [2], [2], seed=15,
        offset=fixed([1e3, 900]), spread=fixed([900, 1100]),
    )
    yield block_case("a chunk of one", noise(64, 2, 4, 3), [1], [4], [2], seed=16)
    yield block_case("a chunk of one in all heads but the last", noise(65, 2, 7, 3), [1], [4], [2], seed=16)
    broken = noise(66, 3, 8, 4)
    broken[1, 3, 2] = NAN
    broken[2, 6, 0] = INF
    yield block_case("NaN and infinity in the input", broken, [1], [2], [3], seed=17)
    yield block_case("NaN through two layers", broken, [1, -1], [2, 2], [3, 1], seed=18)
    yield block_case(
        "a block over layers, with a classifier", noise(67, 3, 6, 16), [-2], [2], [4], seed=19, at="daam.",
        head=conv_head(70, 6, 16, 4, 3), fold=(4, 4),
    )


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, cases in {"layerDensity": layer_cases(), "densityBlock": block_cases()}.items():
        path = OUT / f"{name}.json"
        path.write_text("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
        print(f"{path.relative_to(OUT.parent.parent.parent)}: {path.stat().st_size} bytes")
