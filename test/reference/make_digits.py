"""Writes test/fixtures/digits: what the shipped digits example must give, in float64 and without a line of the app.

    python test/reference/make_digits.py

Needs numpy, PyTorch (to read the checkpoint and to check the arithmetic once more) and safetensors. The formulas are
those of the published code: biased variance + 1e-8, then + 1e-5 under the root, weight exp(-z² / 2c).
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "public/examples/digits"
OUT = ROOT / "test/fixtures/digits"
HEADS = 4


def density(features, c, offset):
    """Density of one head: features (n, chunk, features), c and offset (1, features) -> the shape of features."""
    mean = features.mean(1, keepdims=True)
    variance = np.abs((features**2).mean(1, keepdims=True) - mean**2) + 1e-8
    z = (features - (mean + offset)) / np.sqrt(variance + 1e-5)
    return np.exp(-(z**2) / (2 * c))


def all_heads(features, parameters):
    parts = np.split(features, HEADS, axis=1)
    return np.concatenate([density(part, c, offset) for part, (c, offset) in zip(parts, parameters)], axis=1)


def convolve(x, weight, bias):
    """3 × 3, padding 1: x (n, in, h, w), weight (out, in, 3, 3)."""
    height, width = x.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    out = np.zeros((len(x), len(weight), height, width)) + bias[None, :, None, None]
    for dy in range(3):
        for dx in range(3):
            out += np.einsum("nihw,oi->nohw", padded[:, :, dy : dy + height, dx : dx + width], weight[:, :, dy, dx])
    return out


def classify(weighted, state):
    side = int(np.sqrt(weighted.shape[2]))
    x = weighted.reshape(*weighted.shape[:2], side, side)
    for layer in ("conv1", "conv2"):
        x = np.maximum(convolve(x, state[f"{layer}.weight"], state[f"{layer}.bias"]), 0)
    return x.reshape(len(x), -1) @ state["fc.weight"].T + state["fc.bias"]


def torch_logits(features, state, weights):
    """The same by PyTorch's own float64 convolutions."""
    tensors = {name: torch.tensor(value) for name, value in state.items()}
    x = torch.tensor(features * weights).reshape(*features.shape[:2], 8, 8)
    for layer in ("conv1", "conv2"):
        x = torch.relu(torch.nn.functional.conv2d(x, tensors[f"{layer}.weight"], tensors[f"{layer}.bias"], padding=1))
    return (x.flatten(1) @ tensors["fc.weight"].T + tensors["fc.bias"]).numpy()


def saved_density(batches):
    """Mean over the batches of the saved epoch, heads one under the other, and how many maps the file holds per head."""
    count = len(batches)
    lists = [head["attention_maps"] for head in batches[0]]
    recent = [np.mean([m.double().numpy() for m in maps[-count:]], axis=0) for maps in lists]
    return np.concatenate(recent), count, len(lists[0])


def importance(mean):
    return (mean - mean.min()) / (mean.max() - mean.min())


def ranks(values):
    """1 for the largest."""
    return (np.argsort(np.argsort(-values)) + 1).tolist()


def main():
    checkpoint = torch.load(EXAMPLE / "checkpoint.pth", weights_only=True)
    state = {name: tensor.double().numpy() for name, tensor in checkpoint["state_dict"].items()}
    arrays = np.load(EXAMPLE / "inputs.npz")
    features = arrays["features"].astype(np.float64)

    learned = [(state[f"daam.gcts.{h}.c"], state[f"daam.gcts.{h}.mean_offset"]) for h in range(HEADS)]
    initial = [(np.full_like(c, 2.0), np.zeros_like(offset)) for c, offset in learned]
    weights = all_heads(features, learned)
    mean, null = weights.mean(0), all_heads(features, initial).mean(0)

    logits = classify(features * weights, state)
    disagreement = np.abs(logits - torch_logits(features, state, weights)).max()
    assert disagreement < 1e-12 * np.abs(logits).max(), f"numpy and PyTorch differ by {disagreement}"
    probabilities = np.exp(logits - logits.max(1, keepdims=True))
    probabilities /= probabilities.sum(1, keepdims=True)

    factor = importance(mean)
    untrained = (null - mean.min()) / (mean.max() - mean.min())
    saved, used, held = saved_density(checkpoint["attention_weights"])

    OUT.mkdir(parents=True, exist_ok=True)
    expected = {
        "epoch": checkpoint["epoch"],
        "bestValidationAccuracy": checkpoint["best_val_accuracy"],
        "heads": HEADS,
        "layers": mean.shape[0],
        "features": mean.shape[1],
        "density": mean,
        "nullDensity": null,
        "importance": factor,
        "layerImportance": factor.mean(1),
        "layerShare": mean.sum(1) / mean.sum(),
        "layerRank": ranks(factor.mean(1)),
        "untrainedImportance": untrained.mean(1),
        "untrainedRank": ranks(null.mean(1)),
        "learned": (mean - null).mean(1),
        "correlation": np.corrcoef(mean.mean(1), null.mean(1))[0, 1],
        "firstSampleDensity": weights[0],
        "logits": logits,
        "probabilities": probabilities,
        "predictions": logits.argmax(1),
        "labels": arrays["labels"],
        "saved": {"density": saved, "used": used, "held": held, "layerRank": ranks(saved.mean(1))},
    }
    write(OUT / "expected.json", expected)
    save_file(
        {name: tensor.numpy() for name, tensor in checkpoint["state_dict"].items()},
        OUT / "checkpoint.safetensors",
        metadata={"format": "pt"},
    )
    hits = int((logits.argmax(1) == arrays["labels"]).sum())
    print(f"{hits} of {len(features)} right; ranking {expected['layerRank']}; numpy and PyTorch within {disagreement:.1e}")


def write(path, tree):
    """JSON with ten significant digits, one top-level key to a line."""

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple, np.ndarray)):
            return [plain(inner) for inner in value]
        return float(f"{value:.10g}") if isinstance(value, (float, np.floating)) else int(value)

    lines = (f"  {json.dumps(key)}: {json.dumps(plain(value))}" for key, value in tree.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
