"""Trains the deformable audio example and writes it to public/examples/words.

Synthesisers say ten words; three kinds of one pyramid, which cost the same, learn them from log mel frames with three
seeds each. What the deformable one learned with the first seed is shipped. See README.md.
"""

import argparse
import base64
import json
import sys
import time
from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import nn
from torch.nn import functional as F

sys.path.append(str(Path(__file__).resolve().parents[1] / "speech"))
from front import save_front  # noqa: E402
from pyramid import KINDS, Pyramid, Sizes  # noqa: E402
from speak import RATE, SAMPLES, VOICES, WORDS, clips, placed  # noqa: E402

SEEDS = (1, 2, 3)
COPIES = 4  # each training clip in so many places, loudnesses and noises
STRETCH = 0.35  # octaves, either way
FFT, WINDOW, HOP, LOW, HIGH, FLOOR = 512, 400, 160, 20.0, 7600.0, 1e-6
SIZES = Sizes(dims=(16, 32, 64))
EPOCHS, BATCH, LEARNING_RATE, DECAY = 6, 64, 2e-3, 0.05
SHIPPED_PER_CLASS = 10
PICTURE = (20, 24)


# Sound to log mel frames


def mel_filters():
    """Triangles on the HTK scale, peak 1 (FFT // 2 + 1, mels), as torchaudio's melscale_fbanks with norm None."""

    def mel(hertz):
        return 2595 * np.log10(1 + hertz / 700)

    edges = 700 * (10 ** (np.linspace(mel(LOW), mel(HIGH), SIZES.mels + 2) / 2595) - 1)
    frequencies = np.linspace(0, RATE / 2, FFT // 2 + 1)
    rising = (frequencies[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - frequencies[:, None]) / (edges[2:] - edges[1:-1])
    return torch.tensor(np.maximum(0, np.minimum(rising, falling)), dtype=torch.float32)


FILTERS = mel_filters()


def log_mel(waves):
    """(n, samples) to (n, mels, frames): natural logarithm of the mel power, at least log 1e-6; low bands first."""
    spectra = torch.stft(waves, FFT, HOP, WINDOW, torch.hann_window(WINDOW), center=False, return_complex=True)
    power = spectra.abs().square().transpose(1, 2) @ FILTERS
    return torch.log(power.clamp(min=FLOOR)).transpose(1, 2)[..., : SIZES.frames]


def spoken(generator):
    """Standardised log mel frames of each part, their labels, voices and waves of the test, and (mean, deviation)."""
    raw, labels, voices, heard = {}, {}, {}, None
    for part in VOICES:
        sounds, words, voices[part] = clips(part)
        copies, stretch = (COPIES, STRETCH) if part == "train" else (1, 0)
        waves = np.stack([placed(sound, generator, stretch=stretch) for _ in range(copies) for sound in sounds])
        heard = waves if part == "test" else heard
        raw[part] = torch.cat([log_mel(some) for some in torch.tensor(waves).split(512)])
        labels[part] = torch.tensor(np.tile(words, copies))
    mean, deviation = round(raw["train"].mean().item(), 4), round(raw["train"].std().item(), 4)
    frames = {part: (values - mean) / deviation for part, values in raw.items()}
    return frames, labels, (voices["test"], heard), (mean, deviation)


# Training


def disturbed(frames):
    """Another voice in another room: a random tilt over the bands, a few bands and a stretch of time blanked."""
    n = len(frames)
    bands, steps = torch.arange(SIZES.mels)[:, None], torch.arange(SIZES.frames)
    tilt = torch.empty(n, 1, 1).uniform_(-1, 1) * (bands / SIZES.mels - 0.5) * 2
    low, wide = torch.randint(0, SIZES.mels, (n, 1, 1)), torch.randint(0, 13, (n, 1, 1))
    start, long = torch.randint(0, SIZES.frames, (n, 1, 1)), torch.randint(0, 13, (n, 1, 1))
    blank = ((bands >= low) & (bands < low + wide)) | ((steps >= start) & (steps < start + long))
    return (frames + tilt).masked_fill(blank, 0)


@torch.no_grad()
def hits_of(model, frames, labels):
    answers = torch.cat([model(some[:, None]).argmax(1) for some in frames.split(128)])
    return (answers == labels).sum().item()


def trained(kind, seed, frames, labels):
    """The model after the last epoch: none is chosen."""
    torch.manual_seed(seed)
    model = Pyramid(kind, len(WORDS), SIZES)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for epoch in range(EPOCHS):
        total, began = 0.0, time.monotonic()
        for chosen in torch.randperm(len(labels)).split(BATCH):
            loss = F.cross_entropy(model(disturbed(frames[chosen])[:, None]), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(chosen)
        print(
            f"{kind}, seed {seed}, epoch {epoch + 1}: loss {total / len(labels):.3f},"
            f" {time.monotonic() - began:.0f} s",
            flush=True,
        )
    return model.eval()


def run(kind, seed, frames, labels, work):
    """Trains, or takes what an earlier call left in `work`: {kind, seed, hits in each held-out part, …}."""
    record, weights = work / f"{kind}-{seed}.json", work / f"{kind}-{seed}.pth"
    if record.exists():
        return json.loads(record.read_text())
    model = trained(kind, seed, frames["train"], labels["train"])
    result = {
        "kind": kind,
        "seed": seed,
        "multiply-adds": model.multiply_adds,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        **{part: hits_of(model, frames[part], labels[part]) for part in ("validation", "test")},
    }
    torch.save({"model": model.state_dict()}, weights)
    record.write_text(json.dumps(result))
    print(result, flush=True)
    return result


# What is written


def describe(mean, deviation):
    """How the page makes frames of a sound."""
    return {
        "fft": FFT,
        "window": WINDOW,
        "hop": HOP,
        "bands": SIZES.mels,
        "low": LOW,
        "high": HIGH,
        "scale": "htk",
        "center": False,
        "floor": FLOOR,
        "mean": mean,
        "deviation": deviation,
    }


def stretch():
    """The seconds of a sound that its frames stand for: each lies around the middle of its window, a hop wide."""
    first = (FFT - HOP) / 2
    return [first / RATE, (first + SIZES.frames * HOP) / RATE]


def pictures_of(frames):
    """Small spectrograms, low bands below: (n, 20, 24) bytes, 0 paper to 255 ink."""
    small = F.adaptive_avg_pool2d(frames.flip(1)[:, None], PICTURE)[:, 0]
    low, high = small.amin((1, 2), keepdim=True), small.amax((1, 2), keepdim=True)
    return np.rint(((small - low) / (high - low)).numpy() * 255).astype(np.uint8)


def sentences(results, counts):
    """One for each kind: multiply–adds, and what each seed reads rightly."""
    for kind in KINDS:
        of = [result for result in results if result["kind"] == kind]
        hits = np.array([result["test"] for result in of]) / counts["test"] * 100
        each = ", ".join(f"{value:.1f}" for value in hits)
        yield (
            f"{NAMES[kind]}: {of[0]['multiply-adds'] / 1e6:.2f} million multiply–adds a clip,"
            f" {of[0]['parameters']:,} parameters; {each} % of {counts['test']} clips of held-out voices read rightly"
            f" (mean {hits.mean():.1f}, standard deviation {hits.std(ddof=1):.1f})."
        )


NAMES = {
    "deformable": "Deformable attention",
    "fixed": "The same points on a fixed grid",
    "window": "Shifted windows",
}


def verdict(results, counts):
    """What the seeds allow to be said."""
    hits = {kind: [r["test"] / counts["test"] * 100 for r in results if r["kind"] == kind] for kind in KINDS}
    sentences = []
    for kind, against in (("fixed", "the fixed grid"), ("window", "windows")):
        apart = np.mean(hits["deformable"]) - np.mean(hits[kind])
        error = np.sqrt(sum(np.var(hits[one], ddof=1) / len(hits[one]) for one in ("deformable", kind)))
        clear = "more" if abs(apart) > 2 * error else "less"
        sentences.append(f"{apart:+.1f} points against {against}, {clear} than twice the standard error of {error:.1f}")
    return (
        f"Deformable attention stands at {' and at '.join(sentences)}, over {len(SEEDS)} seeds. Seeds say nothing of other"
        f" voices: the test has {counts['test voices']}."
    )


def shipped_of(labels, generator):
    """The same number of clips of each word, dealt across the voices, word by word."""
    order = torch.tensor(generator.permutation(len(labels)))
    return torch.cat([order[labels[order] == word][:SHIPPED_PER_CLASS] for word in range(len(WORDS))])


def sounds_of(waves, out):
    """What the inputs sound like, for whoever wants to hear a stretch of one: Ogg files, by their names on the card."""
    (out / "sounds").mkdir(exist_ok=True)
    names = [f"sounds/{at + 1:03}.ogg" for at in range(len(waves))]
    for name, wave in zip(names, waves):
        soundfile.write(out / name, wave, RATE, format="OGG", subtype="VORBIS")
    return names


def about(results, counts, shipped_hits):
    return [
        f"Synthetic speech: {len(WORDS)} words ({', '.join(WORDS)}) spoken by the free synthesisers espeak-ng, flite and"
        f" festival, {counts['train voices']} voices for training and {counts['test voices']} others for the test, at"
        f" several speeds and pitches, stretched at random, with white and pink noise. No person spoke: what these"
        f" figures say about people's voices is unknown.",
        f"A pyramid of {len(SIZES.dims)} stages over {SIZES.mels} log mel bands × {SIZES.frames} frames of 10 ms:"
        f" patches of {SIZES.patch[0]} × {SIZES.patch[1]}, {', '.join(map(str, SIZES.dims))} channels, {sum(map(len, SIZES.blocks))}"
        f" blocks, every second one deformable with {SIZES.grid(len(SIZES.dims) - 1)[0] * SIZES.grid(len(SIZES.dims) - 1)[1]}"
        f" sampling points for each group of channels. It is a reconstruction of DATAR (arXiv 2312.16228): the paper's"
        f" sizes, its audio offset generator and its input adaptor are not public, so ours are our own choice.",
        *sentences(results, counts),
        verdict(results, counts),
        f"All were trained for {EPOCHS} epochs on {counts['train']:,} one-second clips with seeds"
        f" {', '.join(map(str, SEEDS))}, and MLPs are as wide as makes multiply–adds equal; no epoch and no seed was"
        f" chosen. Shipped is the deformable pyramid of seed {SEEDS[0]}, with {counts['shipped']} clips of held-out voices,"
        f" {SHIPPED_PER_CLASS} of each word; it reads {shipped_hits} rightly.",
    ]


def table_of(results):
    """The same figures for whoever wants to compute with them."""
    columns = ["kind", "seed", "multiply-adds", "parameters", "validation", "test"]
    return {"columns": columns, "rows": [[result[column] for column in columns] for result in results]}


def ship(results, frames, labels, test, standard, generator, options):
    """The checkpoint of the first seed, its inputs with their sounds, and the card."""
    voices, waves = test
    model = Pyramid("deformable", len(WORDS), SIZES)
    weights = torch.load(options.work / f"deformable-{SEEDS[0]}.pth", weights_only=True)
    model.load_state_dict(weights["model"])
    # No tensor tells how far apart the sampling points are.
    torch.save({**weights, "config": {"sampling_strides": list(SIZES.strides)}}, options.out / "checkpoint.pth")
    shipped = shipped_of(labels["test"], generator)
    inputs, answers = frames["test"][shipped], labels["test"][shipped]
    pictures = pictures_of(inputs)
    np.savez(options.out / "inputs.npz", mel=inputs.numpy(), labels=answers.numpy(), images=pictures)
    save_front(options.out / "encoder.safetensors", RATE, SAMPLES, describe(*standard), SIZES.frames)
    sounds = sounds_of(waves[shipped.numpy()], options.out)
    counts = {
        **{part: len(values) for part, values in labels.items()},
        **{f"{part} voices": len(names) for part, names in VOICES.items()},
        "shipped": len(shipped),
    }
    card = {
        "id": "words",
        "title": "Words on a spectrogram",
        "summary": f"{sum(map(len, SIZES.blocks))} blocks, deformable audio transformer, synthetic voices",
        "about": about(results, counts, hits_of(model.eval(), inputs, answers)),
        "table": table_of(results),
        "checkpoint": "checkpoint.pth",
        "inputs": ["inputs.npz"],
        "encoder": "encoder.safetensors",
        # Of the same held-out voices.
        "clips": [f"/examples/speech/{word}.wav" for word in WORDS],
        "sounds": sounds,
        "stretch": stretch(),
        "explanation": "explanation.json",
        "classes": WORDS,
        "names": [f"{WORDS[labels['test'][at]]}, {voices[at]}" for at in shipped.tolist()],
        "bytes": sum((options.out / name).stat().st_size for name in ("checkpoint.pth", "inputs.npz")),
        "pictures": {
            "count": len(pictures),
            "width": PICTURE[1],
            "height": PICTURE[0],
            "values": base64.b64encode(pictures.tobytes()).decode(),
        },
    }
    (options.out / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n".join(card["about"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--out", type=Path, default=root / "public/examples/words")
    parser.add_argument("--work", type=Path, default=Path("build/words"), help="where runs are kept, to go on later")
    options = parser.parse_args()
    for folder in (options.out, options.work):
        folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    generator = np.random.default_rng(SEEDS[0])
    frames, labels, test, standard = spoken(generator)
    print({part: tuple(values.shape) for part, values in frames.items()}, standard, flush=True)
    results = [run(kind, seed, frames, labels, options.work) for seed in SEEDS for kind in KINDS]
    ship(results, frames, labels, test, standard, generator, options)


if __name__ == "__main__":
    main()
