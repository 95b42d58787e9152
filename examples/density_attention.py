"""Density attention over layers with its classifier, and the published way to train them, for the shipped examples."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    """Sizes of the module: `map` folds the features for the convolutions, `width` is what lies between them."""

    layers: int
    features: int
    heads: int
    classes: int
    map: tuple
    width: int = 64


@dataclass(frozen=True)
class Recipe:
    """How it is trained. The published rate is 1e-4; see each example for why it differs."""

    epochs: int = 35
    batch: int = 8
    validation_batch: int = 32
    rate: float = 1e-3
    clip_norm: float = 1000.0
    seed: int = 1


class DensityHead(nn.Module):
    """One Gaussian per feature over the layers of one chunk: exp(-z² / 2c), z = (x - mean - offset) / sqrt(var + ε)."""

    def __init__(self, features, eps=1e-5):
        super().__init__()
        self.c = nn.Parameter(torch.full((1, features), 2.0))
        self.mean_offset = nn.Parameter(torch.zeros(1, features))
        self.eps = eps
        # Lives as long as the head: every batch and every epoch appends to the same list.
        self.saved = {"var": [], "mean": [], "c": [], "attention_maps": []}

    def forward(self, x, save):  # (n, chunk, features)
        mean = x.mean(1, keepdim=True)
        variance = (x.square().mean(1, keepdim=True) - mean.square()).abs() + 1e-8
        z = (x - (mean + self.mean_offset)) / torch.sqrt(variance + self.eps)
        density = torch.exp(-z.square() / (2 * self.c))
        if save:
            self.saved["attention_maps"].append(density.detach().mean(0))
        return x * density


class DensityAttention(nn.Module):
    """Splits the layers into equal runs, one head for each."""

    def __init__(self, heads, features):
        super().__init__()
        self.gcts = nn.ModuleList(DensityHead(features) for _ in range(heads))

    def forward(self, x, save):  # (n, layers, features)
        return torch.cat([head(part, save) for head, part in zip(self.gcts, x.chunk(len(self.gcts), 1))], 1)


class Classifier(nn.Module):
    """Density attention, then two 3 × 3 convolutions whose channels are the layers, then one linear layer."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.daam = DensityAttention(shape.heads, shape.features)
        self.conv1 = nn.Conv2d(shape.layers, shape.width, 3, padding=1)
        self.conv2 = nn.Conv2d(shape.width, shape.layers, 3, padding=1)
        self.fc = nn.Linear(shape.layers * shape.features, shape.classes)
        for layer in (self.conv1, self.conv2, self.fc):
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, x, save=False):  # (n, layers, features)
        x = self.daam(x, save).unflatten(2, self.shape.map)
        x = F.relu(self.conv2(F.relu(self.conv1(x))))
        return self.fc(x.flatten(1))

    def saved(self):
        return [head.saved for head in self.daam.gcts]


def batches(count, size, shuffled=False):
    return (torch.randperm(count) if shuffled else torch.arange(count)).split(size)


@torch.no_grad()
def evaluate(model, features, labels, batch):
    """Accuracy, and for each batch the heads' saved maps: the same dictionaries again and again."""
    hits, maps = 0, []
    for chosen in batches(len(labels), batch):
        hits += (model(features[chosen], save=True).argmax(1) == labels[chosen]).sum().item()
        maps.append(model.saved())
    return hits / len(labels), maps


def train_classifier(shape, train, validation, path, recipe=Recipe()):
    """Writes `path` whenever validation accuracy improves. Returns the accuracy of every epoch."""
    torch.manual_seed(recipe.seed)
    model = Classifier(shape)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode="max", factor=0.1, patience=10)
    history, best = [], -1.0
    for epoch in range(1, recipe.epochs + 1):
        for chosen in batches(len(train[1]), recipe.batch, shuffled=True):
            loss = F.cross_entropy(model(train[0][chosen]), train[1][chosen])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), recipe.clip_norm)
            optimizer.step()
        accuracy, maps = evaluate(model, *validation, recipe.validation_batch)
        schedule.step(accuracy)
        history.append(accuracy)
        if accuracy > best:
            best = accuracy
            torch.save(
                {
                    "epoch": epoch,
                    "state_dict": model.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "best_val_accuracy": best,
                    "attention_weights": maps,
                },
                path,
            )
    return history


# What is measured afterwards


@torch.no_grad()
def accuracy_of(model, inputs, labels):
    return (model(inputs).argmax(1) == labels).float().mean().item()


@torch.no_grad()
def importance_by_layer(density):
    """Mean Importance Factor of each layer, one min and max over the whole map; density is (layers, features)."""
    return ((density - density.min()) / (density.max() - density.min())).mean(1)


@torch.no_grad()
def mean_density(model, features):
    parts = features.chunk(model.shape.heads, 1)
    # x · G / x would lose G where x is 0, so the maps come from where the head leaves them.
    for head, part in zip(model.daam.gcts, parts):
        head(part, save=True)
    return torch.cat([head.saved["attention_maps"][-1] for head in model.daam.gcts])


def compared(model, features):
    """(layers' mean IF as trained, the same as initialised, r between them, places in the ranking that agree)."""
    learned = importance_by_layer(mean_density(model, features))
    untrained = importance_by_layer(mean_density(Classifier(model.shape), features))
    r = float(np.corrcoef(learned.numpy(), untrained.numpy())[0, 1])
    same = int((learned.argsort(descending=True) == untrained.argsort(descending=True)).sum())
    return learned, untrained, r, same


def remark(model, r, same):
    """What the ranking is worth, in words: how near the untrained one it is, and how far training moved the heads."""
    c, offset = (torch.cat([getattr(head, name) for head in model.daam.gcts]) for name in ("c", "mean_offset"))
    return (
        f"An untrained module (offsets 0, spreads 2) ranks the layers with a correlation of {r:.3f} to the trained one,"
        f" and {same} of {model.shape.layers} places in the ranking are the same. Training moved the spreads from 2 to"
        f" between {c.min():.2f} and {c.max():.2f}, and the offsets from 0 to between {offset.min():.2f} and"
        f" {offset.max():.2f}, in raw feature units."
    ).replace("-", "−")


def first_of_each_class(labels, classes, per_class):
    """Positions of the first `per_class` of each class, in the order in which they stand."""
    seen = [0] * classes
    chosen = []
    for position, label in enumerate(labels.tolist()):
        if seen[label] < per_class:
            chosen.append(position)
        seen[label] += 1
    return chosen


def percent(share):
    return f"{100 * share:.1f} %"


def deterministic():
    """One thread: the order of additions, and with it the last bits, then stays the same from run to run."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
