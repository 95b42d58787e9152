"""Trains the spoken-words example and writes it to public/examples/speech.

Synthesisers say ten words; a 12-block transformer over log mel frames learns them and is frozen; the mean of each
block's output over time goes through density attention. See README.md.
"""

import argparse
import base64
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from scipy.io import wavfile
from torch import nn
from torch.nn import functional as F

sys.path.append(str(Path(__file__).resolve().parents[1]))
from density_attention import (  # noqa: E402
    Classifier,
    Recipe,
    Shape,
    accuracy_of,
    batches,
    compared,
    deterministic,
    first_of_each_class,
    percent,
    remark,
    train_classifier,
)
from speak import RATE, SAMPLES, VOICES, WORDS, clips, placed  # noqa: E402
from transformer import Block, save_encoder, states  # noqa: E402

SEED = 1
COPIES = 4  # each training clip in so many places, loudnesses and noises
STRETCH = 0.35  # octaves, either way

FFT, WINDOW, HOP, BANDS, LOW, HIGH, FLOOR = 512, 400, 160, 40, 20.0, 7600.0, 1e-6
FRAMES = 1 + (SAMPLES - FFT) // HOP
TOKENS = -(-(-(-FRAMES // 2)) // 2)
LAYERS, FEATURES, ATTENTION_HEADS, HIDDEN = 12, 64, 4, 128
ENCODER_EPOCHS, ENCODER_BATCH, ENCODER_RATE = 12, 64, 2e-3

SHAPE = Shape(layers=LAYERS, features=FEATURES, heads=4, classes=len(WORDS), map=(8, 8), width=64)
RECIPE = Recipe(epochs=20, seed=SEED)
SHIPPED_PER_CLASS = 10
PICTURE = (20, 24)


# Sound to log mel frames


def mel_filters():
    """Triangles on the HTK scale, peak 1 (FFT // 2 + 1, bands), as torchaudio's melscale_fbanks with norm None."""

    def mel(hertz):
        return 2595 * np.log10(1 + hertz / 700)

    edges = 700 * (10 ** (np.linspace(mel(LOW), mel(HIGH), BANDS + 2) / 2595) - 1)
    frequencies = np.linspace(0, RATE / 2, FFT // 2 + 1)
    rising = (frequencies[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - frequencies[:, None]) / (edges[2:] - edges[1:-1])
    return torch.tensor(np.maximum(0, np.minimum(rising, falling)), dtype=torch.float32)


FILTERS = mel_filters()


def log_mel(waves):
    """(n, samples) to (n, frames, bands): natural logarithm of the mel power, at least log 1e-6."""
    spectra = torch.stft(
        waves, FFT, HOP, WINDOW, torch.hann_window(WINDOW), center=False, return_complex=True
    )  # (n, bins, frames)
    return torch.log((spectra.abs().square().transpose(1, 2) @ FILTERS).clamp(min=FLOOR))


# The encoder


class Encoder(nn.Module):
    """Two strided convolutions over the frames, learned positions, then pre-norm blocks."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(BANDS, FEATURES, 3, stride=2, padding=1)
        self.conv2 = nn.Conv1d(FEATURES, FEATURES, 3, stride=2, padding=1)
        self.position = nn.Parameter(torch.randn(TOKENS, FEATURES) * 0.02)
        self.blocks = nn.ModuleList(Block(FEATURES, ATTENTION_HEADS, HIDDEN) for _ in range(LAYERS))
        self.norm = nn.LayerNorm(FEATURES)
        self.head = nn.Linear(FEATURES, len(WORDS))

    def hidden_states(self, frames):
        """Standardised log mel (n, frames, bands) to the mean over time after each block (n, layers, features)."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(frames.transpose(1, 2)))))
        return states(self.blocks, x.transpose(1, 2) + self.position)

    def forward(self, frames):
        return self.head(self.norm(self.hidden_states(frames)[:, -1]))


def disturbed(frames):
    """Another voice in another room: a random tilt over the bands, a few bands and a stretch of time blanked."""
    n = len(frames)
    bands, steps = torch.arange(BANDS), torch.arange(FRAMES)
    tilt = torch.empty(n, 1).uniform_(-1, 1) * (bands / BANDS - 0.5) * 2
    low, wide = torch.randint(0, BANDS, (n, 1)), torch.randint(0, 9, (n, 1))
    start, long = torch.randint(0, FRAMES, (n, 1)), torch.randint(0, 13, (n, 1))
    blank_band = (bands >= low) & (bands < low + wide)
    blank_step = (steps >= start) & (steps < start + long)
    return (frames + tilt[:, None]).masked_fill(blank_band[:, None] | blank_step[..., None], 0)


def train_encoder(frames, labels):
    torch.manual_seed(SEED)
    encoder = Encoder()
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=ENCODER_RATE, weight_decay=0.05)
    steps = ENCODER_EPOCHS * -(-len(labels) // ENCODER_BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, ENCODER_RATE, total_steps=steps)
    for epoch in range(ENCODER_EPOCHS):
        total = 0.0
        for chosen in batches(len(labels), ENCODER_BATCH, shuffled=True):
            loss = F.cross_entropy(encoder(disturbed(frames[chosen])), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(chosen)
        print(f"encoder epoch {epoch + 1}: loss {total / len(labels):.3f}", flush=True)
    return encoder.eval().requires_grad_(False)


# What is written


def describe(mean, deviation):
    """How the browser runs the encoder on a second of sound."""
    return {
        "version": 1,
        "input": {
            "kind": "waveform",
            "sampleRate": RATE,
            "samples": SAMPLES,
            "mel": {
                "fft": FFT,
                "window": WINDOW,
                "hop": HOP,
                "bands": BANDS,
                "low": LOW,
                "high": HIGH,
                "scale": "htk",
                "center": False,
                "floor": FLOOR,
                "mean": mean,
                "deviation": deviation,
            },
            "convolutions": [{"stride": 2, "padding": 1}, {"stride": 2, "padding": 1}],
        },
        "blocks": LAYERS,
        "features": FEATURES,
        "heads": ATTENTION_HEADS,
        "norm": "pre",
        "activation": "gelu",
        "epsilon": 1e-5,
        "states": "mean over tokens after each block",
    }


def pictures_of(frames):
    """Small spectrograms, low bands below: (n, 20, 24) bytes, 0 paper to 255 ink."""
    small = F.adaptive_avg_pool2d(frames.transpose(1, 2).flip(1)[:, None], PICTURE)[:, 0]
    low, high = small.amin((1, 2), keepdim=True), small.amax((1, 2), keepdim=True)
    return np.rint(((small - low) / (high - low)).numpy() * 255).astype(np.uint8)


def about(figures):
    counts = figures["counts"]
    return [
        f"Synthetic speech: {len(WORDS)} words ({', '.join(WORDS)}) spoken by the free synthesisers espeak-ng, flite and"
        f" festival, {counts['train voices']} voices for training, {counts['validation voices']} for choosing the epoch"
        f" and {counts['test voices']} for the test, at several speeds and pitches, stretched at random, with white and pink noise. No voice"
        f" and no speaker is in two parts. No person spoke: what these figures say about people's voices is unknown.",
        f"A transformer of {LAYERS} pre-norm blocks ({FEATURES} features) over {TOKENS} steps of log mel frames"
        f" ({BANDS} bands, {HOP * 1000 // RATE} ms apart, two convolutions of stride 2) was trained on"
        f" {counts['train']:,} one-second clips and frozen. What each block leaves, averaged over time, gives {LAYERS}"
        f" layers × {FEATURES} features for a clip.",
        f"Density attention with {SHAPE.heads} heads of {LAYERS // SHAPE.heads} layers, then two convolutions"
        f" ({SHAPE.width} channels instead of 512) and one linear layer: AdamW at {RECIPE.rate:g} instead of 0.0001,"
        f" {RECIPE.epochs} epochs, batches of {RECIPE.batch}. Epoch {figures['epoch']} had the best validation accuracy,"
        f" {percent(figures['validation'])}. On the held-out voices it reads {figures['test_hits']} of {counts['test']}"
        f" clips rightly ({percent(figures['test'])}), the encoder's own linear layer {figures['encoder_hits']}. Seed"
        f" {SEED}.",
        f"The inputs are {counts['shipped']} clips of held-out voices, {SHIPPED_PER_CLASS} of each word;"
        f" {figures['shipped_hits']} are read rightly.",
        figures["remark"],
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--out", type=Path, default=root / "public/examples/speech")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    deterministic()
    began = time.monotonic()
    generator = np.random.default_rng(SEED)

    waves, labels = {}, {}
    for part in VOICES:
        sounds, words, _ = clips(part)
        copies = COPIES if part == "train" else 1
        stretch = STRETCH if part == "train" else 0
        waves[part] = np.stack([placed(sound, generator, stretch=stretch) for _ in range(copies) for sound in sounds])
        labels[part] = torch.tensor(np.tile(words, copies))
        if part == "test":
            quiet = [placed(sound, generator, noisy=False) for sound in sounds]
    print({part: len(values) for part, values in labels.items()}, f"{time.monotonic() - began:.0f} s", flush=True)

    raw = {part: log_mel(torch.tensor(values)) for part, values in waves.items()}
    mean, deviation = round(raw["train"].mean().item(), 4), round(raw["train"].std().item(), 4)
    frames = {part: (values - mean) / deviation for part, values in raw.items()}
    encoder = train_encoder(frames["train"], labels["train"])
    features = {
        part: torch.cat([encoder.hidden_states(some) for some in values.split(256)]) for part, values in frames.items()
    }
    print(f"encoder: test accuracy {accuracy_of(encoder, frames['test'], labels['test']):.4f}", flush=True)
    # Every second copy is enough for so small a classifier.
    half = len(labels["train"]) // 2
    path = folder / "checkpoint.pth"
    history = train_classifier(
        SHAPE,
        (features["train"][:half], labels["train"][:half]),
        (features["validation"], labels["validation"]),
        path,
        RECIPE,
    )
    save_encoder(encoder, describe(mean, deviation), folder / "encoder.safetensors")

    checkpoint = torch.load(path, weights_only=True)
    model = Classifier(SHAPE)
    model.load_state_dict(checkpoint["state_dict"])
    # Dealt across the voices, not all from the first.
    order = torch.tensor(generator.permutation(len(labels["test"])))
    shipped = order[first_of_each_class(labels["test"][order], len(WORDS), SHIPPED_PER_CLASS)]
    shipped = shipped[labels["test"][shipped].argsort(stable=True)]
    inputs, answers = features["test"][shipped], labels["test"][shipped]
    pictures = pictures_of(frames["test"][shipped])
    np.savez(folder / "inputs.npz", features=inputs.numpy(), labels=answers.numpy(), images=pictures)
    for word, at in zip(WORDS, shipped[::SHIPPED_PER_CLASS].tolist()):
        wavfile.write(folder / f"{word}.wav", RATE, np.rint(quiet[at] * 32767).astype(np.int16))

    test = accuracy_of(model, features["test"], labels["test"])
    learned, _, r, same = compared(model, inputs)
    count = len(labels["test"])
    figures = {
        "counts": {
            **{part: len(values) for part, values in labels.items()},
            **{f"{part} voices": len(voices) for part, voices in VOICES.items()},
            "shipped": len(shipped),
        },
        "encoder_hits": round(accuracy_of(encoder, frames["test"], labels["test"]) * count),
        "epoch": checkpoint["epoch"],
        "validation": checkpoint["best_val_accuracy"],
        "test": test,
        "test_hits": round(test * count),
        "shipped_hits": round(accuracy_of(model, inputs, answers) * len(shipped)),
        "remark": remark(model, r, same),
    }
    card = {
        "id": "speech",
        "title": "Spoken words",
        "summary": f"{LAYERS} layers × {FEATURES}, speech transformer, synthetic voices",
        "about": about(figures),
        "checkpoint": "checkpoint.pth",
        "inputs": ["inputs.npz"],
        "encoder": "encoder.safetensors",
        "clips": [f"{word}.wav" for word in WORDS],
        "explanation": "explanation.json",
        "classes": WORDS,
        "bytes": sum((folder / name).stat().st_size for name in ("checkpoint.pth", "inputs.npz")),
        "pictures": {
            "count": len(pictures),
            "width": PICTURE[1],
            "height": PICTURE[0],
            "values": base64.b64encode(pictures.tobytes()).decode(),
        },
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print("validation by epoch:", " ".join(f"{value:.3f}" for value in history))
    print(json.dumps({key: value for key, value in figures.items() if key != "remark"}))
    print("mean IF by layer:", learned.numpy().round(2))
    print(figures["remark"], f"{time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
