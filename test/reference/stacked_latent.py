"""Makes test/fixtures/models/stackedLatent.json: small stacks of attention, inputs, and the answers lib/models is held to.

    python test/reference/stacked_latent.py

Needs PyTorch and numpy. Written from the formulas: stacked attention as its paper has it (Yang et al., CVPR 2016) and as
the code released with it has it (imageqa-san), and stacked latent attention as we put it together (the equations of Fan
and Zhou, CVPR 2018, are not public in full; docs/stacked-latent.md says what is ours). Parameters and inputs are
float32, answers float64, rounded once. Gradients are PyTorch's own: the latent states are copied where they part, and
the gradient that reaches each copy is what came by that path.
"""

import json
import math

import numpy as np
import torch
from make_models import OUT, noise, packed, rounded

# Drawing the untrained twin: sfc32 (PractRand), its state filled by splitmix32, as lib/core/random.ts has it -------------

MASK = 0xFFFFFFFF


def uniform(seed):
    """An endless stream of numbers in [0, 1)."""
    state = seed & MASK

    def fill():
        nonlocal state
        state = (state + 0x9E3779B9) & MASK
        mixed = ((state ^ (state >> 16)) * 0x21F0AAAD) & MASK
        mixed = ((mixed ^ (mixed >> 15)) * 0x735A2D97) & MASK
        return mixed ^ (mixed >> 15)

    a, b, c, counter = fill(), fill(), fill(), 1
    drawn = 0
    while True:
        out = (a + b + counter) & MASK
        counter = (counter + 1) & MASK
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & MASK
        c = (((c << 21) | (c >> 11)) + out) & MASK
        drawn += 1
        if drawn > 12:
            yield out / 2**32


def untrained_like(layers):
    """Every layer as torch.nn.Linear begins, ±1 / √inputs, in the order given; weights are drawn as (in, out)."""
    stream = uniform(0)

    def draw(shape, bound):
        count = int(np.prod(shape))
        return rounded(np.array([bound * (2 * next(stream) - 1) for _ in range(count)]).reshape(shape))

    fresh = {}
    for name, layer in layers.items():
        if layer is None:
            fresh[name] = None
            continue
        inputs, _ = layer["weight"].shape
        bound = 1 / math.sqrt(inputs)
        weight = draw(layer["weight"].shape, bound)
        fresh[name] = {"weight": weight, "bias": None if layer["bias"] is None else draw(layer["bias"].shape, bound)}
    return fresh


# The formulas ------------------------------------------------------------------------------------------------------------


def apply(layer, x):
    y = x @ layer["weight"]
    return y if layer["bias"] is None else y + layer["bias"]


def run(layers, streams, hops, form, latent, inputs):
    """(scores, attention) by hop and stream, logits or None, and the copies of the latent states by path."""
    seen = {}
    for stream in streams:
        projection = layers[f"{stream} projection"]
        seen[stream] = inputs[stream] if projection is None else torch.tanh(apply(projection, inputs[stream]))
    state = inputs["question"]
    before, scores, shares, content, carried = {}, [], [], [], []
    for hop in range(hops):
        found, own_scores, own_shares, own_content, own_carried = 0, [], [], [], []
        for stream in streams:
            of = {part: layers[f"{stream} {hop} {part}"] for part in ("look", "ask", "carry", "point")}
            looked, asked = apply(of["look"], seen[stream]), apply(of["ask"], state).unsqueeze(1)
            if form == "released":
                s = torch.tanh(looked) + torch.tanh(asked)
            elif latent and hop > 0:
                s = torch.tanh(looked + asked + apply(of["carry"], before[stream]))
            else:
                s = torch.tanh(looked + asked)
            s_content, before[stream] = s.clone(), s.clone()
            e = apply(of["point"], s_content).squeeze(2)
            if form == "released":
                e = torch.tanh(e)
            a = torch.softmax(e, 1)
            found = found + (a.unsqueeze(2) * seen[stream]).sum(1)
            own_scores.append(e)
            own_shares.append(a)
            own_content.append(s_content)
            own_carried.append(before[stream])
        state = state + found
        scores.append(own_scores)
        shares.append(own_shares)
        content.append(own_content)
        carried.append(own_carried)
    if layers["answer"] is None:
        return scores, shares, None, content, carried
    read = [state]
    if latent:
        read += [(shares[-1][i].unsqueeze(2) * before[stream]).sum(1) for i, stream in enumerate(streams)]
    return scores, shares, apply(layers["answer"], torch.cat(read, 1)), content, carried


def measured(layers, streams, hops, form, latent, inputs):
    """What the figure shows of a run: density, standardised logits, logits, and the measures of each hop."""
    for values in inputs.values():
        values.requires_grad_()
    scores, shares, logits, content, carried = run(layers, streams, hops, form, latent, inputs)
    n = inputs["question"].shape[0]
    density = torch.stack([torch.cat([a * a.shape[1] for a in own], 1) for own in shares], 1)

    def standard(e):
        return (e - e.mean(1, keepdim=True)) / torch.sqrt(e.var(1, correction=0, keepdim=True) + 1e-5)

    standardised = torch.stack([torch.cat([standard(e) for e in own], 1) for own in scores], 1)
    measures = {}
    for i, name in enumerate(["entropy", "word-entropy"][: len(streams)]):
        measures[name] = torch.stack([-(own[i] * torch.log2(own[i])).sum(1) for own in shares], 1)
    if logits is not None:
        winning = logits.max(1).values.sum()
        paths = {"content-gradient": content} | ({"latent-gradient": carried} if latent else {})
        for name, copies in paths.items():
            flat = [copy for own in copies for copy in own]
            found = torch.autograd.grad(winning, flat, retain_graph=True, allow_unused=True)
            squares = [torch.zeros(n) if g is None else g.flatten(1).square().sum(1) for g in found]
            by_hop = torch.stack(squares, 1).unflatten(1, (hops, len(streams))).sum(2)
            measures[name] = by_hop.sqrt()
    return density, standardised, logits, measures


# Cases -------------------------------------------------------------------------------------------------------------------


def names_of(streams, hops, latent, projected, answers):
    """Every layer of a stack, in the order in which an untrained one is drawn."""
    names = []
    for stream in streams:
        names.append((f"{stream} projection", stream in projected))
        for hop in range(hops):
            names += [(f"{stream} {hop} {part}", True) for part in ("look", "ask")]
            names.append((f"{stream} {hop} carry", latent and hop > 0))
            names.append((f"{stream} {hop} point", True))
    return names + [("answer", answers > 0)]


def stack(seed, *, streams, hops, latent, state, widths, items, projected, answers, biases):
    sizes = {}
    for stream in streams:
        sizes[f"{stream} projection"] = (items[stream], state)
        for hop in range(hops):
            sizes[f"{stream} {hop} look"] = (state, widths[hop])
            sizes[f"{stream} {hop} ask"] = (state, widths[hop])
            sizes[f"{stream} {hop} carry"] = (widths[hop - 1], widths[hop])
            sizes[f"{stream} {hop} point"] = (widths[hop], 1)
    sizes["answer"] = (state + (len(streams) * widths[-1] if latent else 0), answers)
    layers = {}
    for index, (name, there) in enumerate(names_of(streams, hops, latent, projected, answers)):
        if not there:
            layers[name] = None
            continue
        inputs, outputs = sizes[name]
        weight = rounded(noise(100 * seed + index, inputs, outputs) * 1.5 / math.sqrt(inputs))
        bias = rounded(0.3 * noise(7000 + 100 * seed + index, outputs)) if biases and "carry" not in name else None
        layers[name] = {"weight": weight, "bias": bias}
    return layers


LEAVES = {
    "regions": {"look": "ff_image", "ask": "ff_questions", "carry": "ff_latent", "point": "ff_attention"},
    "words": {
        "look": "ff_words",
        "ask": "ff_words_questions",
        "carry": "ff_words_latent",
        "point": "ff_words_attention",
    },
}


def torch_name(name, at, hops, ask):
    """A key of the PyTorch layouts: `sla.0.ff_image`, `image`, `answer`."""
    if name.endswith("projection"):
        return "image" if name.startswith("regions") else "words"
    if name == "answer":
        return "answer"
    stream, hop, part = name.split()
    leaf = ask if stream == "regions" and part == "ask" else LEAVES[stream][part]
    return f"{at}.{hop}.{leaf}" if at else leaf


def released_name(name):
    if name == "regions projection":
        return "image_mlp"
    if name == "answer":
        return "combined_mlp_0"
    _, hop, part = name.split()
    own = {"look": "image_att_mlp", "ask": "sent_att_mlp", "point": "combined_att_mlp"}[part]
    return f"{own}_{int(hop) + 1}"


def saved(layers, form, at, hops, ask):
    parameters = {}
    for name, layer in layers.items():
        if layer is None:
            continue
        weight, bias = layer["weight"].numpy(), layer["bias"]
        if form == "released":
            parameters[f"{released_name(name)}_w"] = packed(weight)
            parameters[f"{released_name(name)}_b"] = packed(bias)
            continue
        key = torch_name(name, at, hops, ask)
        parameters[f"{key}.weight"] = packed(weight.T)
        if bias is not None:
            parameters[f"{key}.bias"] = packed(bias)
    return parameters


def case(
    name,
    seed,
    *,
    form="paper",
    latent=False,
    hops=1,
    state=5,
    widths=None,
    count=3,
    regions=4,
    words=0,
    projected=None,
    answers=3,
    biases=True,
    at="san",
    ask="ff_questions",
    spoiled=None,
    batch=True,
):
    projected = projected or {}
    streams = ["regions", "words"] if words else ["regions"]
    widths = widths or [6] * hops
    items = {stream: projected.get(stream, state) for stream in streams}
    layers = stack(
        seed, streams=streams, hops=hops, latent=latent, state=state, widths=widths, items=items,
        projected=projected, answers=answers, biases=biases,
    )  # fmt: skip
    counts = {"regions": regions, "words": words}
    inputs = {stream: rounded(noise(9000 + seed + i, count, counts[stream], items[stream])) for i, stream in enumerate(streams)}
    inputs["question"] = rounded(noise(9500 + seed, count, state))
    if spoiled:
        stream, index = spoiled
        inputs[stream][index].flatten()[-1:] = math.nan
    given = {name: packed(values if batch else values[0]) for name, values in inputs.items()}
    shape = (streams, hops, form, latent)
    density, standardised, logits, measures = measured(layers, *shape, {k: v.clone() for k, v in inputs.items()})
    twin, _, _, twin_measures = measured(untrained_like(layers), *shape, {k: v.clone() for k, v in inputs.items()})

    def pack(tensor):
        return packed(tensor.detach().numpy())

    expected = {"density": pack(density), "standardised": pack(standardised), "untrained": pack(twin)}
    if logits is not None:
        expected["logits"] = pack(logits)
    expected["measures"] = {key: pack(values) for key, values in measures.items()}
    expected["untrainedMeasures"] = {key: pack(values) for key, values in twin_measures.items()}
    return {
        "name": name,
        "parameters": saved(layers, form, at, hops, ask),
        "settings": {},
        "input": given.pop("regions"),
        "beside": given,
        "expected": expected,
    }


def main():
    cases = [
        case("stacked attention, one hop over two regions, alone", 1, regions=2, at=""),
        case("stacked attention, three hops, regions projected", 2, hops=3, regions=7, state=6, projected={"regions": 9}),
        case("stacked attention, four hops of unlike widths", 3, hops=4, widths=[3, 7, 1, 5], regions=6, count=2),
        case("stacked attention without an answer", 4, hops=2, answers=0, ask="ff_ques", biases=False),
        case("stacked attention as released, two hops", 5, form="released", hops=2, regions=9, projected={"regions": 8}),
        case("stacked attention as released, one hop", 6, form="released", hops=1, regions=3, projected={"regions": 2}),
        case("stacked latent attention, one hop", 7, latent=True, at="sla"),
        case("stacked latent attention, two hops, one input by itself", 8, latent=True, hops=2, at="sla", count=1, batch=False),
        case("stacked latent attention, three hops, an input with NaN", 9, latent=True, hops=3, at="sla", regions=5, spoiled=("question", 1)),
        case("stacked latent attention, four hops, regions projected", 10, latent=True, hops=4, widths=[4, 6, 3, 5], at="sla", regions=9, projected={"regions": 7}),
        case("stacked latent attention, two streams, one hop", 11, latent=True, at="sla", words=2),
        case("stacked latent attention, two streams, three hops, projected", 12, latent=True, hops=3, at="sla", regions=9, words=5, projected={"regions": 7, "words": 3}, widths=[4, 5, 6]),
        case("stacked attention, two streams", 13, hops=2, regions=6, words=3),
    ]  # fmt: skip
    path = OUT / "stackedLatent.json"
    path.write_text(json.dumps(cases) + "\n", encoding="utf-8")
    print(f"{len(cases)} cases, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
