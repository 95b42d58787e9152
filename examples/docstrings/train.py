"""Trains the documentation-strings example and writes it to public/examples/docstrings.

Passages of the standard library's documentation, five topics; a six-block post-norm transformer over word pieces
learns them and is frozen; the mean of each block's output over the tokens goes through density attention. See
README.md.
"""

import argparse
import json
import platform
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from torch import nn
from torch.nn import functional as F

sys.path.append(str(Path(__file__).resolve().parents[1]))
from collect import MODULES, TOPICS, collected  # noqa: E402
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
from transformer import Block, save_encoder, states  # noqa: E402

SEED = 1
VOCABULARY, TOKENS = 2_000, 64
PAD, UNKNOWN = 0, 1
LAYERS, FEATURES, ATTENTION_HEADS, HIDDEN = 6, 64, 4, 128
ENCODER_EPOCHS, ENCODER_BATCH, ENCODER_RATE, HIDDEN_WORDS = 12, 64, 1e-3, 0.2

SHAPE = Shape(layers=LAYERS, features=FEATURES, heads=2, classes=len(TOPICS), map=(8, 8), width=64)
RECIPE = Recipe(epochs=15, seed=SEED)
SHIPPED_PER_CLASS = 20

DESCRIPTION = {
    "version": 1,
    "input": {"kind": "tokens", "tokenizer": "tokenizer.json", "tokens": TOKENS, "pad": PAD},
    "blocks": LAYERS,
    "features": FEATURES,
    "heads": ATTENTION_HEADS,
    "norm": "post",
    "activation": "gelu",
    "epsilon": 1e-5,
    "states": "mean over tokens after each block",
}


# Words to tokens


def tokenizer_of(texts):
    """WordPiece over lower-cased words, learned from the training passages alone."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]"]
    tokenizer.train_from_iterator(
        texts, trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special, show_progress=False)
    )
    return tokenizer


def encoded(tokenizer, texts):
    """(n, tokens) ids, cut or padded."""
    rows = [encoding.ids[:TOKENS] for encoding in tokenizer.encode_batch(texts)]
    return torch.tensor([row + [PAD] * (TOKENS - len(row)) for row in rows])


# The encoder


class Encoder(nn.Module):
    """Token and position embeddings, normalised, then post-norm blocks; padding takes no part."""

    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(VOCABULARY, FEATURES)
        self.position = nn.Parameter(torch.randn(TOKENS, FEATURES) * 0.02)
        self.embed_norm = nn.LayerNorm(FEATURES)
        self.blocks = nn.ModuleList(Block(FEATURES, ATTENTION_HEADS, HIDDEN, "post") for _ in range(LAYERS))
        self.head = nn.Linear(FEATURES, len(TOPICS))
        nn.init.normal_(self.token.weight, std=0.02)

    def hidden_states(self, ids):
        """Ids (n, tokens) to the mean over tokens after each block (n, layers, features)."""
        valid = ids != PAD
        longest = int(valid.sum(1).max())
        ids, valid = ids[:, :longest], valid[:, :longest]
        return states(self.blocks, self.embed_norm(self.token(ids) + self.position[:longest]), valid)

    def forward(self, ids):
        return self.head(self.hidden_states(ids)[:, -1])


def train_encoder(ids, labels):
    torch.manual_seed(SEED)
    encoder = Encoder()
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=ENCODER_RATE, weight_decay=0.05)
    steps = ENCODER_EPOCHS * -(-len(labels) // ENCODER_BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, ENCODER_RATE, total_steps=steps)
    # Topics differ in size by half an order of magnitude.
    weights = len(labels) / (len(TOPICS) * torch.bincount(labels, minlength=len(TOPICS)))
    for epoch in range(ENCODER_EPOCHS):
        total = 0.0
        for chosen in batches(len(labels), ENCODER_BATCH, shuffled=True):
            some = ids[chosen]
            hidden = (torch.rand(some.shape) < HIDDEN_WORDS) & (some != PAD)
            loss = F.cross_entropy(encoder(some.masked_fill(hidden, UNKNOWN)), labels[chosen], weights)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(chosen)
        print(f"encoder epoch {epoch + 1}: loss {total / len(labels):.3f}", flush=True)
    return encoder.eval().requires_grad_(False)


# What is written


def about(figures):
    counts, modules = figures["counts"], figures["modules"]
    return [
        f"Passages of the documentation strings of Python {figures['python']}'s standard library (Python Software"
        f" Foundation licence), by topic: {', '.join(TOPICS)}. The task is to name the topic. {counts['train']:,} passages"
        f" of {modules['train']} modules for training, {counts['validation']} of {modules['validation']} for choosing the"
        f" epoch, {counts['test']} of {modules['test']} for the test; no module is in two parts, so the test asks about"
        f" modules that were never read.",
        f"A transformer of {LAYERS} post-norm blocks ({FEATURES} features) over at most {TOKENS} word pieces (vocabulary"
        f" of {VOCABULARY:,}) was trained on the training passages, a fifth of the words hidden, and frozen. What each block"
        f" leaves, averaged over the tokens, gives {LAYERS} layers × {FEATURES} features for a passage.",
        f"Density attention with {SHAPE.heads} heads of {LAYERS // SHAPE.heads} layers, then two convolutions"
        f" ({SHAPE.width} channels instead of 512) and one linear layer: AdamW at {RECIPE.rate:g} instead of 0.0001,"
        f" {RECIPE.epochs} epochs, batches of {RECIPE.batch}. Epoch {figures['epoch']} had the best validation accuracy,"
        f" {percent(figures['validation'])}. On the held-out modules it names {figures['test_hits']} of {counts['test']}"
        f" topics rightly ({percent(figures['test'])}), the encoder's own linear layer {figures['encoder_hits']}; always"
        f" saying the commonest topic would get {figures['commonest']}. Seed {SEED}.",
        f"The inputs are {counts['shipped']} passages of held-out modules, {SHIPPED_PER_CLASS} of each topic;"
        f" {figures['shipped_hits']} are named rightly.",
        figures["remark"],
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    root = Path(__file__).resolve().parents[2]
    parser.add_argument("--out", type=Path, default=root / "public/examples/docstrings")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    deterministic()
    began = time.monotonic()

    items = {part: collected(part) for part in MODULES}
    for part, some in items.items():
        print(part, len(some), dict(Counter(TOPICS[topic] for _, topic, _ in some)), flush=True)
    texts = {part: [text for text, _, _ in some] for part, some in items.items()}
    labels = {part: torch.tensor([topic for _, topic, _ in some]) for part, some in items.items()}
    tokenizer = tokenizer_of(texts["train"])
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    ids = {part: encoded(tokenizer, some) for part, some in texts.items()}

    encoder = train_encoder(ids["train"], labels["train"])
    features = {
        part: torch.cat([encoder.hidden_states(some) for some in values.split(256)]) for part, values in ids.items()
    }
    encoder_test = accuracy_of(encoder, ids["test"], labels["test"])
    print(f"encoder: test accuracy {encoder_test:.4f}, {time.monotonic() - began:.0f} s", flush=True)
    path = folder / "checkpoint.pth"
    labelled = {part: (features[part], labels[part]) for part in MODULES}
    history = train_classifier(SHAPE, labelled["train"], labelled["validation"], path, RECIPE)
    save_encoder(encoder, DESCRIPTION, folder / "encoder.safetensors")

    checkpoint = torch.load(path, weights_only=True)
    model = Classifier(SHAPE)
    model.load_state_dict(checkpoint["state_dict"])
    # Dealt across the modules, not all from the first.
    order = torch.tensor(np.random.default_rng(SEED).permutation(len(labels["test"])))
    shipped = order[first_of_each_class(labels["test"][order], len(TOPICS), SHIPPED_PER_CLASS)]
    shipped = shipped[labels["test"][shipped].argsort(stable=True)]
    inputs, answers = features["test"][shipped], labels["test"][shipped]
    np.savez(folder / "inputs.npz", features=inputs.numpy(), labels=answers.numpy())

    test = accuracy_of(model, features["test"], labels["test"])
    learned, _, r, same = compared(model, inputs)
    count = len(labels["test"])
    figures = {
        "python": platform.python_version(),
        "counts": {**{part: len(values) for part, values in labels.items()}, "shipped": len(shipped)},
        "modules": {part: sum(len(names.split()) for names in topics.values()) for part, topics in MODULES.items()},
        "encoder_hits": round(encoder_test * count),
        "commonest": int(torch.bincount(labels["test"]).max()),
        "epoch": checkpoint["epoch"],
        "validation": checkpoint["best_val_accuracy"],
        "test": test,
        "test_hits": round(test * count),
        "shipped_hits": round(accuracy_of(model, inputs, answers) * len(shipped)),
        "remark": remark(model, r, same),
    }
    card = {
        "id": "docstrings",
        "title": "Documentation strings",
        "summary": f"{LAYERS} layers × {FEATURES}, text transformer",
        "about": about(figures),
        "checkpoint": "checkpoint.pth",
        "inputs": ["inputs.npz"],
        "encoder": "encoder.safetensors",
        "texts": [texts["test"][at] for at in shipped[::SHIPPED_PER_CLASS].tolist()],
        "explanation": "explanation.json",
        "classes": TOPICS,
        "bytes": sum((folder / name).stat().st_size for name in ("checkpoint.pth", "inputs.npz")),
        "pictures": None,
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print("validation by epoch:", " ".join(f"{value:.3f}" for value in history))
    print(json.dumps({key: value for key, value in figures.items() if key != "remark"}))
    print("mean IF by layer:", learned.numpy().round(2))
    print(figures["remark"], f"{time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
