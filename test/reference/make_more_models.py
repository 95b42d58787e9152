"""Makes the fixtures of the families beyond the first two: test/fixtures/models/*.json, in the format of make_models.py.

    python test/reference/make_more_models.py

Needs what make_models.py needs. Each answer is computed in float64 from float32 parameters and inputs, by formulas
written down here from the published descriptions: additive density attention (Gaussian-Adaptive-Attention of January
2024), its clamped form in log space (clustering-anchored-jepa), gates (Density-Adaptive-JEPA, and a layout of others),
grouped-query attention (DAAM-PEFT-paper-code, GQDAAM) and scalar layer weights (s3prl, AllenNLP). Linear layers, layer
norms and convolutions are PyTorch's own.
"""

import json
import math

import numpy as np
import torch
from make_models import NAN, OUT, classify, conv_head, layer_density, noise, packed, projected, rounded
from torch.nn import functional

EPS = 1e-8


def chunks_of(length, heads, dropped):
    chunk = length // heads
    return [(h * chunk, length if h == heads - 1 and not dropped else (h + 1) * chunk) for h in range(heads)]


def statistics(x, axis, padding):
    """What a head standardises with: unbiased variance over the whole chunk, padding counted as zero."""
    seen = x if padding is None else torch.where(x != padding, x, torch.zeros_like(x))
    return seen.mean(axis, keepdim=True), torch.sqrt(seen.var(axis, keepdim=True) + EPS)


# Additive: a weighted sum of Gaussians, divided by its own sum -------------------------------------------------------


def additive_weights(x, axis, offsets, spreads, counts, padding):
    mean, deviation = statistics(x, axis, padding)
    total = torch.zeros_like(x)
    for delta, c, count in zip(offsets, spreads, counts):
        z = (x - mean - delta) / deviation
        total = total + count * torch.exp(-(z**2) / (2 * c**2))
    return total / total.sum(axis, keepdim=True).clamp(min=EPS)


# Clamped: the product in log space -----------------------------------------------------------------------------------


def clamped_weights(x, axis, offsets, spreads, padding):
    mean, deviation = statistics(x, axis, padding)
    logs = torch.zeros_like(x)
    for delta, c in zip(offsets, spreads.clamp(1e-2, 10)):
        z = ((x - mean - delta) / deviation).clamp(-10, 10)
        variance = c**2 + EPS
        logs = logs - z**2 / (2 * variance) - 0.5 * math.log(2 * math.pi) - 0.5 * torch.log(variance)
    lowest = torch.full_like(logs, -1e9)
    if padding is not None:
        logs = torch.where(x != padding, logs, lowest)
    logs = torch.where(torch.isnan(logs), lowest, logs)
    return torch.exp(logs - torch.logsumexp(logs, axis, keepdim=True))


def untrained_head(head, start):
    """Offsets of zero, spreads of `start`, Gaussians that count alike."""
    k = len(head["c"])
    fresh = {"mean_offsets": torch.zeros(k).double(), "c": torch.full((k,), float(start)).double()}
    return fresh | ({"weights": torch.ones(k).double()} if len(head) > 2 else {})


def heads_case(name, x, axis, parameters, weigh, start, dropped=False, residual=False, padding=None, settings=None):
    """`parameters` per head: a dict of leaf and values, in the order that `weigh(x, axis, head, padding)` knows."""
    raw = rounded(x)
    heads = [{leaf: rounded(values) for leaf, values in head.items()} for head in parameters["heads"]]
    at = parameters["at"]
    pieces, scaled, standardised, deviations, kept, fresh = [], [], [], [], [], []
    for (begin, stop), head in zip(chunks_of(raw.shape[axis], len(heads), dropped), heads):
        own = raw.narrow(axis, begin, stop - begin)
        weights = weigh(own, axis, head, padding)
        mean, deviation = statistics(own, axis, padding)
        pieces.append(weights)
        kept.append(own if padding is None else torch.where(own != padding, own * weights, own))
        scaled.append(weights * (stop - begin))
        fresh.append(weigh(own, axis, untrained_head(head, start), padding) * (stop - begin))
        standardised.append((own - mean) / deviation)
        deviations.append(deviation)
    rows = axis % raw.ndim
    cols = [i for i in range(1, raw.ndim) if i != rows][-1]
    attention = torch.cat(pieces, axis)
    output = raw.narrow(axis, 0, attention.shape[axis]) * attention
    if padding is not None:
        output = torch.cat(kept, axis)
    if residual:
        output = output + raw
    join = lambda parts: packed(projected(torch.cat(parts, axis), rows, cols, False))
    return {
        "name": name,
        "parameters": {f"{at}.{h}.{leaf}": packed(values) for h, head in enumerate(heads) for leaf, values in head.items()},
        "settings": {"axes": [axis], "paddingValue": padding} | (settings or {}),
        "input": packed(raw),
        "expected": {
            "density": join(scaled),
            "untrained": join(fresh),
            "standardised": join(standardised),
            "deviation": join(deviations),
            "details": {"output": packed(output), "attention.layer_0": packed(attention)},
        },
    }


def additive_cases():
    def head(seed, k=3, spread=None, leaf="weights", weights=None):
        return {
            "mean_offsets": 0.5 * noise(seed, k),
            "c": np.abs(noise(seed + 1, k)) + 0.5 if spread is None else np.resize(spread, k),
            leaf: noise(seed + 2, k) if weights is None else np.resize(weights, k),
        }

    def weigh(x, axis, head, padding):
        counts = head["fixed_weights"] if "fixed_weights" in head else torch.softmax(head["weights"], 0)
        return additive_weights(x, axis, head["mean_offsets"], head["c"], counts, padding)

    def case(name, x, axis, heads, at="attention_heads", **more):
        return heads_case(name, x, axis, {"at": at, "heads": heads}, weigh, 2, dropped=True, **more)

    x = noise(200, 2, 6, 12)
    yield case("two heads of three Gaussians along the last axis", x, -1, [head(201), head(204)])
    yield case("five items over two heads: the fifth is dropped", noise(207, 2, 5, 4), 1, [head(208), head(211)])
    yield case("as initialised", x, -1, [head(214, spread=[2], weights=[1]) | {"mean_offsets": np.zeros(3)}])
    yield case("fixed weights are used as they are", x, -1, [head(217, leaf="fixed_weights", weights=[0.2, 1.5, 0.7])])
    yield case("fixed weights of which one is negative", x, -1, [head(220, leaf="fixed_weights", weights=[0.9, -0.1, 0.4])])
    yield case("tiny and huge spreads", x, -1, [head(223, spread=[1e-3, 30, 1e3])])
    yield case("spreads so small that the clamp of the sum takes over", x, 1, [head(226, spread=[1e-3, 2e-3])])
    yield case("a large mean under a small spread", 1000 + x, -1, [head(229)])
    padded = noise(232, 2, 6, 4)
    padded[0, 4:] = 0
    yield case("padded rows", padded, 1, [head(233), head(236)], padding=0)
    broken = noise(239, 3, 6, 4)
    broken[1, 2, 3] = NAN
    yield case("NaN in one input of three", broken, 1, [head(240)])


def clamped_cases():
    def head(seed, k=4, spread=None, offset=None):
        return {
            "mean_offsets": 0.5 * noise(seed, k) if offset is None else np.resize(np.asarray(offset, float), k),
            "c": np.exp(noise(seed + 1, k)) if spread is None else np.resize(np.asarray(spread, float), k),
        }

    def weigh(x, axis, head, padding):
        return clamped_weights(x, axis, head["mean_offsets"], head["c"], padding)

    def case(name, x, axis, heads, at="encoder.0.gaatn.layers.0.heads", **more):
        return heads_case(name, x, axis, {"at": at, "heads": heads}, weigh, 1, residual=True, **more)

    x = noise(250, 2, 3, 17)
    four = [head(251 + 2 * h) for h in range(4)]
    yield case("four heads with the remainder in the last, layers.0.heads", x, 2, four)
    yield case("the layout gaatn.heads", x, 2, four, at="encoder.1.gaatn.heads")
    yield case("the layout gaatn.layers.0.attention_heads", x, -1, four, at="encoder.2.gaatn.layers.0.attention_heads")
    yield case("spreads beyond both clamps", x, -1, [head(260, spread=[1e-5, 300, 5, 2])])
    yield case("a negative spread counts as the least", x, -1, [head(262, spread=[-3, 4, 5, 6])])
    yield case("offsets beyond ten deviations are clamped", x, -1, [head(264, offset=[100, -3, 0, 0.5], spread=[9, 8, 7, 3])])
    yield case("every value beyond the clamp shares equally", x, -1, [head(266, offset=[1e4], spread=[3])])
    yield case("a large mean under a small spread", 1000 + x, -1, [head(268, spread=[2, 3, 4, 5]), head(270, spread=[2])])
    yield case("a chunk of one", noise(272, 2, 2, 4), -1, [head(273 + 2 * h) for h in range(4)])
    padded = noise(282, 2, 7, 5)
    padded[0, 5:] = 0
    yield case("padded rows", padded, 1, [head(283), head(285)], padding=0)
    broken = noise(287, 3, 4, 8)
    broken[1, 2, 3] = NAN
    yield case("a chunk with NaN shares equally, and keeps it in the output", broken, -1, [head(288), head(290)])


# Gates: the mean of K densities of one projected channel -------------------------------------------------------------


def gate_of(p, mask, offsets, stored, guard):
    """p (n, positions); mask as p, 1 where it counts."""
    counts = mask.sum(1, keepdim=True).clamp(min=1)
    mean = (p * mask).sum(1, keepdim=True) / counts
    variance = (((p - mean) * mask) ** 2).sum(1, keepdim=True) / counts
    deviation = torch.sqrt(variance.clamp(min=1e-6))
    sigma = functional.softplus(stored) + 1e-3
    logs = []
    for delta, s in zip(offsets, sigma):
        z = (p - mean - delta) / (deviation * s + guard)
        logs.append(-(z**2) / 2 - torch.log(s) - 0.5 * math.log(2 * math.pi))
    gate = torch.exp(torch.logsumexp(torch.stack(logs), 0) - math.log(len(logs)))
    return gate, (p - mean) / deviation, deviation


def gate_case(name, x, offsets, stored, weight, bias=0.3, alpha=0.05, layout="jepa", at="encoder.0.gaatn_gate", padding=None, alone=False):
    raw, offsets, stored, weight = rounded(x), rounded(offsets), rounded(stored), rounded(weight)
    bias, alpha_value = rounded([bias]), rounded(0.05 if alpha is None else alpha)
    jepa = layout == "jepa"
    batch = raw[None] if alone else raw
    rows = batch.transpose(1, 2) if jepa else batch
    p = rows @ weight + bias
    mask = torch.ones_like(p) if padding is None else (rows != padding).any(2).to(p)
    guard = 1e-8 if jepa else 1e-3
    gate, standardised, deviation = gate_of(p, mask, offsets, stored, guard)
    start = torch.full_like(stored, float(np.float32(math.log(0.5))))
    untrained, _, _ = gate_of(p, mask, torch.zeros_like(offsets), start, guard)
    shaped = gate[:, None, :] if jepa else gate[:, :, None]
    names = ("to_attn", "gaa.mean_offsets", "gaa.log_sigma") if jepa else ("proj", "delta", "log_scale")
    parameters = {
        f"{at}.{names[0]}.weight": packed(weight[None, :, None]),
        f"{at}.{names[0]}.bias": packed(bias),
        f"{at}.{names[1]}": packed(offsets),
        f"{at}.{names[2]}": packed(stored),
    }
    if alpha is not None:
        parameters[f"{at}.alpha"] = packed(alpha_value)
    return {
        "name": name,
        "parameters": parameters,
        "settings": {} if padding is None else {"paddingValue": padding},
        "input": packed(raw),
        "expected": {
            "density": packed(gate[:, :, None]),
            "standardised": packed(standardised[:, :, None]),
            "deviation": packed(deviation[:, :, None]),
            "untrained": packed(untrained[:, :, None]),
            "details": {"output": packed(batch * (1 + alpha_value * shaped)), "attention.layer_0": packed(shaped)},
        },
    }


def gate_cases():
    half = math.log(0.5)
    ordinary = (0.3 * noise(300, 4), half + 0.5 * noise(301, 4), noise(302, 6))
    x = noise(303, 3, 6, 20)
    yield gate_case("four Gaussians over twenty positions", x, *ordinary)
    yield gate_case("one input without a batch axis", noise(304, 6, 9), *ordinary, alone=True)
    yield gate_case("as initialised", x, np.zeros(4), np.full(4, half), ordinary[2])
    yield gate_case("spreads so small that the gate exceeds one", x, ordinary[0], np.full(4, -4.0), ordinary[2])
    yield gate_case("large and very small stored spreads", x, ordinary[0], [30, -30, 100, 2], ordinary[2])
    yield gate_case("a large mean under a small spread", 1000 + x, *ordinary)
    yield gate_case("constant channels, where the least variance acts", np.full((2, 6, 5), 3.7), 1e-4 * noise(305, 4), *ordinary[1:])
    yield gate_case("without a strength of its own", x, *ordinary, alpha=None)
    yield gate_case("one Gaussian in a target encoder", x, [0.2], [0.1], ordinary[2], at="target_encoder.encoder.3.gaatn_gate")
    broken = noise(306, 3, 6, 7)
    broken[1, 2, 3] = NAN
    yield gate_case("NaN in one input of three", broken, *ordinary)
    slots = noise(307, 2, 9, 6)
    yield gate_case("the layout delta, log_scale, without padding", slots, *ordinary, layout="other", at="daam_gates.2")
    padded = slots.copy()
    padded[0, 6:] = 0
    yield gate_case("the layout delta, log_scale, with padded slots", padded, *ordinary, layout="other", at="daam_gates.2", padding=0)
    yield gate_case("the layout delta, log_scale, on nearly constant slots", 1e-3 * slots + 2, *ordinary, layout="other", at="daam_gates.0")


# Grouped-query attention over the weighted layers --------------------------------------------------------------------


def grouped_query(x, gqa, query_heads):
    """x (n, layers, embed). Queries are scaled twice; what the queries of one key head score is added before the softmax."""
    n, layers, embed = x.shape
    width = embed // query_heads
    q = functional.linear(x, gqa["gqa.q_proj.weight"], gqa.get("gqa.q_proj.bias")).reshape(n, layers, query_heads, width)
    k = functional.linear(x, gqa["gqa.k_proj.weight"], gqa.get("gqa.k_proj.bias")).reshape(n, layers, -1, width)
    v = functional.linear(x, gqa["gqa.v_proj.weight"], gqa.get("gqa.v_proj.bias")).reshape(n, layers, -1, width)
    key_heads = k.shape[2]
    groups = query_heads // key_heads
    scores = torch.zeros(n, key_heads, layers, layers, dtype=x.dtype)
    for head in range(query_heads):
        scores[:, head // groups] += torch.einsum("nid,njd->nij", q[:, :, head] / math.sqrt(width), k[:, :, head // groups])
    attention = torch.softmax(scores / math.sqrt(width), -1)
    mixed = torch.einsum("nhij,njhd->nihd", attention, v).reshape(n, layers, key_heads * width)
    if "gqa.norm.weight" in gqa:
        mixed = functional.layer_norm(mixed, mixed.shape[-1:], gqa["gqa.norm.weight"], gqa["gqa.norm.bias"], 1e-5)
    return functional.linear(mixed, gqa["gqa.out_proj.weight"], gqa.get("gqa.out_proj.bias")), attention


def grouped_parameters(seed, features, embed, key_width, norm=True, bias=True):
    shapes = {
        "embed_transform": (embed, features),
        "gqa.q_proj": (embed, embed),
        "gqa.k_proj": (key_width, embed),
        "gqa.v_proj": (key_width, embed),
        "gqa.out_proj": (embed, key_width),
    }
    parts = {}
    for i, (name, shape) in enumerate(shapes.items()):
        parts[f"{name}.weight"] = 2 * noise(seed + i, *shape) / math.sqrt(shape[1])
        if bias:
            parts[f"{name}.bias"] = noise(seed + 10 + i, shape[0]) / 5
    if norm:
        parts["gqa.norm.weight"] = 1 + 0.2 * noise(seed + 20, key_width)
        parts["gqa.norm.bias"] = 0.2 * noise(seed + 21, key_width)
    return {name: rounded(values) for name, values in parts.items()}


def grouped_case(name, x, offsets, spreads, gqa, head, fold, query_heads, at="daam.gcts", settings=None, prefix=""):
    raw, offsets, spreads = rounded(x), rounded(offsets), rounded(spreads)
    density, standardised, deviation = layer_density(raw, offsets, spreads)
    untrained, _, _ = layer_density(raw, torch.zeros_like(offsets), torch.full_like(spreads, 2))
    embedded = functional.linear(raw * density, gqa["embed_transform.weight"], gqa.get("embed_transform.bias"))
    output, attention = grouped_query(embedded, gqa, query_heads)
    parameters = {}
    for h in range(offsets.shape[0]):
        parameters[f"{prefix}{at}.{h}.c"] = packed(spreads[h : h + 1])
        parameters[f"{prefix}{at}.{h}.mean_offset"] = packed(offsets[h : h + 1])
    parameters |= {prefix + key: packed(values) for key, values in (gqa | head).items()}
    expected = {
        "density": packed(density),
        "standardised": packed(standardised),
        "deviation": packed(deviation),
        "untrained": packed(untrained),
        "details": {"output": packed(output), "grouped_attention": packed(attention)},
    }
    if fold:
        expected["logits"] = packed(classify(output, head, fold))
    return {"name": name, "parameters": parameters, "settings": settings or {}, "input": packed(raw), "expected": expected}


def grouped_cases():
    heads = (0.3 * noise(400, 4, 10), 1.5 + np.abs(noise(401, 4, 10)))
    x = noise(402, 2, 8, 10)
    gqa = grouped_parameters(410, 10, 64, 16)
    head = conv_head(440, 8, 64, 6, 3)
    yield grouped_case("eight query heads over two key heads, folded 8 × 8", x, *heads, gqa, head, (8, 8), 8)
    wide = grouped_parameters(450, 10, 32, 8)
    narrow = conv_head(480, 8, 32, 5, 3)
    yield grouped_case("folded 8 × 4, heads × width, as for speech", x, *heads, wide, narrow, (8, 4), 8)
    yield grouped_case("folded 4 × 8, width × heads, as for text", x, *heads, wide, narrow, (4, 8), 8, at="gct.gcts", prefix="module.")
    four = {"queryHeads": 4, "map": [2, 16]}
    yield grouped_case("four query heads over one key head, folded 2 × 16, as asked", x, *heads, wide, narrow, (2, 16), 4, settings=four)
    plain = grouped_parameters(490, 10, 32, 32, norm=False, bias=False)
    yield grouped_case("as many key heads as query heads, without norm and biases", x, *heads, plain, narrow, (8, 4), 8)
    # Much further apart, float32 itself leaves the tolerance, in PyTorch too.
    sharp = {key: (values * 2 if "_proj.weight" in key else values) for key, values in gqa.items()}
    sharp = {key: rounded(values) for key, values in sharp.items()}
    yield grouped_case("scores so far apart that one layer takes all", x, *heads, sharp, head, (8, 8), 8)
    broken = noise(500, 3, 8, 10)
    broken[1, 2, 3] = NAN
    yield grouped_case("NaN in one input of three", broken, *heads, gqa, head, (8, 8), 8)
    unfit = conv_head(510, 8, 128, 6, 3)
    yield grouped_case("a classifier for another width, as the CIFAR-100 script has it", x, *heads, gqa, unfit, None, 8)


# Scalar layer weights ------------------------------------------------------------------------------------------------


def mix_case(name, x, stored, at, softmax=True, gamma=None, settings=None):
    raw, stored = rounded(x), rounded(stored)
    weights = torch.softmax(stored, 0) if softmax else stored
    equal = torch.full_like(weights, 1 / len(weights))
    contribution = lambda w: packed((raw * w[:, None]).abs())
    factor = rounded(1 if gamma is None else gamma)
    parameters = {at: packed(stored)}
    if at.endswith("scalar_parameters"):
        parameters = {f"{at}.{l}": packed(stored[l : l + 1]) for l in range(len(stored))}
    if gamma is not None:
        parameters[at.replace("scalar_parameters", "gamma")] = packed(factor[None])
    return {
        "name": name,
        "parameters": parameters,
        "settings": {"layout": "batch"} | (settings or {}),
        "input": packed(raw),
        "expected": {
            "weights": packed(weights),
            "density": contribution(weights),
            "untrained": contribution(equal),
            "details": {"output": packed(factor * (raw * weights[:, None]).sum(1))},
        },
    }


def mix_cases():
    x = noise(600, 3, 13, 7)
    yield mix_case("an s3prl featurizer of 13 states", x, noise(601, 13), "Featurizer.weights")
    yield mix_case("as initialised", x, np.zeros(13), "featurizer.weights")
    yield mix_case("layer_weights under a softmax", x, noise(602, 13), "layer_weights")
    yield mix_case("layer_weights as they are", x, 0.2 * noise(603, 13), "layer_weights", softmax=False, settings={"layerMix": "raw"})
    yield mix_case("a scalar mix with gamma", noise(604, 2, 5, 4), noise(605, 5), "mix.scalar_parameters", gamma=1.7)
    yield mix_case("weights far apart", x, 80 * noise(606, 13), "featurizer.weights")
    broken = noise(607, 3, 13, 7)
    broken[1, 2, 3] = NAN
    yield mix_case("NaN in one input of three", broken, noise(608, 13), "featurizer.weights")


def written(name, cases):
    path = OUT / f"{name}.json"
    path.write_text("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    written("additiveDensity", additive_cases())
    written("clampedDensity", clamped_cases())
    written("densityGate", gate_cases())
    written("groupedLayerDensity", grouped_cases())
    written("layerWeights", mix_cases())
