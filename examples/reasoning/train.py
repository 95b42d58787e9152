"""Trains stacked attention and stacked latent attention on the boards, and writes public/examples/reasoning.

    python examples/reasoning/train.py --work DIR            trains what DIR does not hold yet, then writes
    python examples/reasoning/train.py --work DIR --write    writes from what DIR holds

Forms, hops and seeds are trained one after the other, 24 runs in all; see README.md.
"""

import argparse
import base64
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from make_boards import ANSWERS, CELLS, KINDS, LONGEST, SIDE, WORDS, make_boards, split_images
from stacked_attention import Reasoner

sys.path.append(str(Path(__file__).resolve().parents[1]))
from density_attention import deterministic  # noqa: E402

SEED = 1
FORMS, HOPS, SEEDS = ["san", "sla"], [1, 2, 3, 4], [1, 2, 3]
SHIPPED_HOPS, SHIPPED_SEED, SHIPPED = 3, 1, 60

TRAIN_BOARDS, TEST_BOARDS = 100_000, 4_000
BATCH, RATE, DECAY, CLIP = 128, 4e-3, 1e-4, 1.0
EASY_STEPS, STEPS = 2_000, 7_000
SCALE = 4.0
REGION_FEATURES = 10 + 2 * SIDE


# Regions


def region_features(images, labels, train):
    """(1797, 10): the probabilities that a small network, trained on the training images alone, gives each digit."""
    torch.manual_seed(SEED)
    pixels, answers = torch.tensor(images.reshape(-1, 64), dtype=torch.float32), torch.tensor(labels)
    encoder = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 24), nn.ReLU(), nn.Linear(24, 10))
    optimizer = torch.optim.AdamW(encoder.parameters(), 1e-2)
    for _ in range(25):
        for chosen in train[torch.randperm(len(train))].split(64):
            loss = F.cross_entropy(encoder(pixels[chosen]), answers[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return encoder(pixels).detach().softmax(1)


def placed(probabilities, images):
    """(n, 9, 16): what each cell shows, and its row and column; images (n, 9) are positions in `probabilities`."""
    rows, columns = torch.eye(SIDE).repeat_interleave(SIDE, 0), torch.eye(SIDE).repeat(SIDE, 1)
    place = torch.cat([rows, columns], 1).expand(len(images), CELLS, 2 * SIDE)
    return SCALE * torch.cat([probabilities[images], place], 2)


# Training


class Data:
    """Boards, words and answers as tensors; of the training boards each digit's image is drawn anew every time."""

    def __init__(self, training):
        images, labels, parts = split_images(SEED)
        train = torch.tensor(parts["train"])
        self.images = images
        self.probabilities = region_features(images, labels, train)
        right = self.probabilities.argmax(1).numpy() == labels
        self.encoder_accuracy = right[parts["test"]].mean()
        pools = [train[torch.tensor(labels)[train] == digit] for digit in range(10)]
        self.smallest = min(map(len, pools))
        self.pools = torch.stack([pool[: self.smallest] for pool in pools])
        self.test = make_boards(TEST_BOARDS, parts["test"], labels, np.random.default_rng(SEED + 1))
        self.test_regions = placed(self.probabilities, torch.tensor(self.test.images))
        self.test_tokens, self.test_answers = torch.tensor(self.test.tokens), torch.tensor(self.test.answers)
        if training:
            train = make_boards(TRAIN_BOARDS, parts["train"], labels, np.random.default_rng(SEED))
            self.digits, self.tokens = torch.tensor(train.digits), torch.tensor(train.tokens)
            self.answers, self.kinds = torch.tensor(train.answers), torch.tensor(train.kinds)

    def draw(self, chosen):
        drawn = torch.randint(self.smallest, (len(chosen), CELLS))
        return placed(self.probabilities, self.pools[self.digits[chosen], drawn])


def reasoner(form, hops):
    return Reasoner(form, hops, len(WORDS), LONGEST, REGION_FEATURES, len(ANSWERS))


def train_run(data, form, hops, seed):
    """The last state of one run: no state is chosen by what it scores."""
    torch.manual_seed(seed)
    model = reasoner(form, hops)
    optimizer = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, 2 * (1 - step / STEPS)))
    easy, every = torch.nonzero(data.kinds == 0)[:, 0], torch.arange(len(data.kinds))
    step = 0
    while step < STEPS:
        pool = easy if step < EASY_STEPS else every
        for chosen in pool[torch.randperm(len(pool))].split(BATCH):
            if step == STEPS or (step == EASY_STEPS and pool is easy):
                break
            logits, _ = model(data.draw(chosen), model.question(data.tokens[chosen]))
            loss = F.cross_entropy(logits, data.answers[chosen])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), CLIP)
            optimizer.step()
            schedule.step()
            step += 1
    return model


@torch.no_grad()
def accuracies(data, model):
    """On the held-out boards, a share for each of KINDS."""
    logits, _ = model(data.test_regions, model.question(data.test_tokens))
    right = (logits.argmax(1) == data.test_answers).numpy()
    return [float(right[data.test.kinds == kind].mean()) for kind in range(len(KINDS))]


def run_path(work, form, hops, seed):
    return work / f"{form}-{hops}-{seed}.pth"


def train_all(data, work, forms, seeds):
    for seed in seeds:
        for hops in sorted(HOPS, key=lambda hops: hops != SHIPPED_HOPS):
            for form in forms:
                path = run_path(work, form, hops, seed)
                if path.exists():
                    continue
                began, cpu = time.monotonic(), time.process_time()
                model = train_run(data, form, hops, seed)
                found = accuracies(data, model)
                torch.save({"seed": seed, "accuracies": found, "state_dict": model.state_dict()}, path)
                took = f"{time.monotonic() - began:.0f} s, {time.process_time() - cpu:.0f} s of processor"
                print(path.name, *(f"{value:.3f}" for value in found), took, flush=True)


# What is written


def all_runs(work):
    """{(form, hops): the accuracies of each seed that was trained}"""
    found = {}
    for form in FORMS:
        for hops in HOPS:
            paths = [run_path(work, form, hops, seed) for seed in SEEDS]
            found[form, hops] = [torch.load(path, weights_only=True)["accuracies"] for path in paths if path.exists()]
    return found


def percent(share):
    return f"{100 * share:.1f}"


def spread(values):
    """The mean in per cent, and the least and the greatest where there are several."""
    mean = percent(np.mean(values))
    return mean if len(values) < 2 else f"{mean} ({percent(min(values))} to {percent(max(values))})"


NAMES = {"san": "SAN", "sla": "SLA"}


def table(runs):
    """A paragraph for each kind of question and form, hops from one to four."""
    lines = []
    for kind, name in enumerate(KINDS):
        for form in FORMS:
            cells = [spread([run[kind] for run in runs[form, hops]]) if runs[form, hops] else "not run" for hops in HOPS]
            lines.append(f"{name}, {NAMES[form]} with {HOPS[0]} to {HOPS[-1]} hops: {'; '.join(cells)} %.")
    return lines


def verdict(runs):
    """Whether the numbers repeat what the paper of SLA claims, by means over kinds and seeds."""
    means = {key: np.mean(found) for key, found in runs.items() if found}
    # A point more is more than the last digits.
    stops = {form: max(means[form, 3], means[form, 4]) - means[form, 2] <= 0.01 for form in FORMS}
    shown = "; ".join(f"{NAMES[form]} {', '.join(percent(means[form, hops]) for hops in HOPS)} %" for form in FORMS)
    if stops["san"] and not stops["sla"]:
        said = "it repeats the claim"
    elif stops["san"] == stops["sla"]:
        said = f"it does not repeat the claim: {'neither improves' if stops['san'] else 'both improve'} beyond two"
    else:
        said = "it is the other way round: stacked attention improves beyond two and stacked latent attention does not"
    better = [NAMES["sla" if means["sla", hops] > means["san", hops] else "san"] for hops in HOPS]
    ranges = [max(map(np.mean, found)) - min(map(np.mean, found)) for found in runs.values() if found]
    return (
        "The paper of SLA claims that stacked attention stops improving after two hops and latent attention goes on. Over all"
        f" kinds of question, with 1 to 4 hops: {shown}. By a margin of one point {said}. The better of the two"
        f" with 1 to 4 hops: {', '.join(better)}. Seeds of one model lie up to {percent(max(ranges))} points apart, so"
        " three of them settle little: some runs find how to use a second look within their steps and some do not."
    )


def trained_text(runs):
    counts = sorted({len(found) for found in runs.values()})
    if counts == [len(SEEDS)]:
        return f"{len(SEEDS)} seeds of each; given are means, least and greatest of them"
    return (
        f"{sum(len(found) for found in runs.values())} of {len(FORMS) * len(HOPS) * len(SEEDS)} planned runs are in the table"
        f" ({counts[0]} to {counts[-1]} seeds of each); given are means, least and greatest of what is there"
    )


def about(data, runs, form, right):
    shipped = runs[form, SHIPPED_HOPS][SEEDS.index(SHIPPED_SEED)]
    return [
        "Boards of nine different handwritten digits (8 × 8 pixels, scikit-learn), and questions made from templates that"
        " start at a digit and take one, two or three steps: right of, left of, above, below. In a fourth kind the middle of"
        " three steps goes to the digit that is one more, wherever it stands. Moves add up, so a good reader of the question"
        " can take several at once; what follows must be looked up. Half of the questions ask whether a digit is even.",
        f"Digits are read by a small network trained on the training images alone, {percent(data.encoder_accuracy)} % right on"
        f" the held-out ones; a region is its ten probabilities and the cell's row and column. {TRAIN_BOARDS:,} boards to"
        f" train, their images drawn anew each time; {TEST_BOARDS:,} of held-out images to test. Words are read by two linear"
        f" layers. AdamW at {RATE:g}, batches of {BATCH}, {EASY_STEPS:,} steps on questions of one step, then"
        f" {STEPS - EASY_STEPS:,} on all; the last state counts, none is chosen.",
        "SAN is stacked attention (Yang et al., 2016). SLA is stacked latent attention (Fan and Zhou, 2018), whose equations"
        " are not to be had in full: how it is put together here is a reconstruction, alike to SAN in everything but that"
        f" latent states are carried on, region by region, and read by the answer. {trained_text(runs)}. A guess by kind of"
        " answer is right in 30 %.",
        *table(runs),
        verdict(runs),
        f"The file is {NAMES[form]} with {SHIPPED_HOPS} hops, seed {SHIPPED_SEED}, which was settled before training:"
        f" {', '.join(f'{percent(value)} % ({name})' for value, name in zip(shipped, KINDS))}. Of the {SHIPPED} inputs"
        f" {right} are answered rightly; they are the first test boards, kinds in turn.",
        "Attention over regions sums to one in every hop, so every hop has the same mean density and none outranks another:"
        " the Importance Factor, which is our extension here, tells regions apart, and the entropies and gradients tell hops"
        " apart.",
    ]


def boards_drawn(data):
    """(n, 24, 24) bytes, 0 paper to 255 ink: the nine images of each board in their places."""
    cells = data.images[data.test.images[:SHIPPED]].reshape(SHIPPED, SIDE, SIDE, 8, 8)
    return np.rint(cells.transpose(0, 1, 3, 2, 4).reshape(SHIPPED, 8 * SIDE, 8 * SIDE) * 255).astype(np.uint8)


@torch.no_grad()
def write_example(data, runs, work, form, folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    run = torch.load(run_path(work, form, SHIPPED_HOPS, SHIPPED_SEED), weights_only=True)
    model = reasoner(form, SHIPPED_HOPS)
    model.load_state_dict(run["state_dict"])
    torch.save({"seed": SHIPPED_SEED, "state_dict": model.state_dict()}, folder / "checkpoint.pth")
    regions, question = data.test_regions[:SHIPPED], model.question(data.test_tokens[:SHIPPED])
    answers = data.test.answers[:SHIPPED]
    right = int((model(regions, question)[0].argmax(1).numpy() == answers).sum())
    pictures = boards_drawn(data)
    np.savez(
        folder / "inputs.npz",
        regions=regions.numpy(),
        question=question.numpy(),
        labels=answers,
        images=pictures,
    )
    card = {
        "id": folder.name,
        "title": name,
        "summary": f"{SHIPPED_HOPS} hops over {CELLS} regions, {NAMES[form]}",
        "about": about(data, runs, form, right),
        "checkpoint": "checkpoint.pth",
        "inputs": ["inputs.npz"],
        "questions": data.test.texts[:SHIPPED],
        "explanation": "explanation.json",
        "classes": ANSWERS,
        "bytes": sum((folder / part).stat().st_size for part in ("checkpoint.pth", "inputs.npz")),
        "pictures": {
            "count": SHIPPED,
            "width": 8 * SIDE,
            "height": 8 * SIDE,
            "values": base64.b64encode(pictures.tobytes()).decode(),
        },
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(*card["about"], f"{right} of {SHIPPED}", sep="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="where the runs are kept")
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS, help="train only these")
    parser.add_argument("--seeds", nargs="+", type=int, choices=SEEDS, default=SEEDS, help="train only these")
    parser.add_argument("--write", action="store_true", help="train nothing")
    examples = Path(__file__).resolve().parents[2] / "public/examples"
    parser.add_argument("--out", type=Path, default=examples, help="the folder of all examples")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    deterministic()
    data = Data(training=not given.write)
    print(f"digits: {data.encoder_accuracy:.4f} of the held-out images", flush=True)
    if not given.write:
        train_all(data, given.work, given.forms, given.seeds)
    runs = all_runs(given.work)
    if given.write or all(len(found) == len(SEEDS) for found in runs.values()):
        write_example(data, runs, given.work, "sla", given.out / "reasoning", "Questions about boards")
        write_example(data, runs, given.work, "san", given.out / "reasoning-san", "The same without latent states")


if __name__ == "__main__":
    main()
