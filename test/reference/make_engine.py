"""Writes test/fixtures/engine: small files as PyTorch users have them, and what explaining them must give, in float64.

    python test/reference/make_engine.py

Needs numpy, PyTorch and the published package gaussian-adaptive-attention.
"""

import json
from pathlib import Path

import numpy as np
import torch
from gaussian_adaptive_attention import GaussianBlock

OUT = Path(__file__).resolve().parents[1] / "fixtures/engine"
LAYERS, FEATURES, HEADS = 4, 6, 2


def density(features, c, offset):
    """One head of the paper's module: features (layers, features) -> the same shape."""
    mean = features.mean(0)
    variance = np.abs((features**2).mean(0) - mean**2) + 1e-8
    z = (features - (mean + offset)) / np.sqrt(variance + 1e-5)
    return np.exp(-(z**2) / (2 * c))


def speech(rng):
    """A head-less checkpoint over 4 layers and three utterances, one a file, each of its own length in time."""
    state = {}
    for head in range(HEADS):
        state[f"daam.gcts.{head}.c"] = torch.tensor(rng.uniform(1.5, 2.5, (1, FEATURES)), dtype=torch.float32)
        state[f"daam.gcts.{head}.mean_offset"] = torch.tensor(rng.normal(0, 0.2, (1, FEATURES)), dtype=torch.float32)
    torch.save({"epoch": 3, "state_dict": state, "best_val_accuracy": 0.5}, OUT / "speech.pth")
    maps = []
    for i, (frames, label) in enumerate([(3, "angry"), (5, "neutral"), (4, "angry")]):
        features = torch.tensor(rng.normal(0, 1, (LAYERS, 1, frames, FEATURES)), dtype=torch.float32)
        torch.save({"features": features, "label": label}, OUT / f"utterance_{i}.pt")
        averaged = features.double().mean(2)[:, 0].numpy()
        parts = np.split(averaged, HEADS)
        parameters = [[state[f"daam.gcts.{h}.{name}"].double().numpy()[0] for name in ("c", "mean_offset")] for h in range(HEADS)]
        maps.append(np.concatenate([density(part, *own) for part, own in zip(parts, parameters)]))
    return {"density": np.mean(maps, 0).tolist(), "second": maps[1].tolist()}


def block(rng):
    """Two layers of a density block along different axes, run by the published package."""
    torch.manual_seed(0)
    module = GaussianBlock([1, -1], [2, 2], [3, 2], 2)
    for name, parameter in module.named_parameters():
        if name.endswith("mean_offsets"):
            parameter.data = torch.tensor(rng.normal(0, 0.3, parameter.shape), dtype=torch.float32)
    torch.save(module.state_dict(), OUT / "block.pth")
    x = rng.normal(0, 1, (2, 5, 6)).astype(np.float32)
    np.save(OUT / "block_input.npy", x)
    with torch.no_grad():
        output, attention = module.double()(torch.tensor(x).double(), return_attention_details=True)
    return {"output": output.tolist(), "attention": [attention[f"layer_{i}"].tolist() for i in range(2)]}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    expected = {"speech": speech(rng), "block": block(rng)}
    pool = {"pool.mu": torch.zeros(1, 8), "pool.var": torch.ones(1, 8), "proj.weight": torch.zeros(3, 8)}
    torch.save(pool, OUT / "pool.pth")
    # Four layers of four time steps, or four inputs: both readings fit.
    np.save(OUT / "either.npy", rng.normal(0, 1, (LAYERS, LAYERS, FEATURES)).astype(np.float32))
    np.save(OUT / "wide.npy", np.zeros((LAYERS, FEATURES + 1), np.float32))
    np.savez(OUT / "two_arrays.npz", left=np.zeros((LAYERS, FEATURES)), right=np.zeros((LAYERS, FEATURES)))
    (OUT / "expected.json").write_text(json.dumps(expected))


main()
