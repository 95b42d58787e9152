"""Boards of nine handwritten digits, and questions about them that take one, two or three steps.

    python examples/reasoning/make_boards.py      prints a few boards with their questions and answers

A board is a 3 × 3 grid of nine different digits, each drawn by an image that comes with scikit-learn. A question starts
at a digit that it names and takes steps from there: right of, left of, above, below, and, between two of these,
"follows", which goes to the digit that is one more, wherever it stands. Moves of one question never take each other
back, so no step is idle. Two moves in a row add up, so who reads the question well can take them at once; what follows
must be looked up on the board.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

SIDE, CELLS = 3, 9
MOVES = {"right of": (0, 1), "left of": (0, -1), "above": (-1, 0), "below": (1, 0)}
FOLLOWS = "follows"
ANSWERS = [str(digit) for digit in range(10)] + ["yes", "no"]
KINDS = ["1 step", "2 steps", "3 steps", "3 steps, one of them counted"]
WORDS = ["", "which", "is", "digit", "the", "one", "that", "follows", "right", "left", "of", "above", "below", "even", "?"]
WORDS += [str(digit) for digit in range(10)]
WORD = {word: index for index, word in enumerate(WORDS)}
LONGEST = 20


@dataclass(frozen=True)
class Boards:
    """n questions, each with a board of its own."""

    images: np.ndarray  # (n, 9) positions of the digit images in scikit-learn's order
    digits: np.ndarray  # (n, 9)
    kinds: np.ndarray  # (n,) index into KINDS
    tokens: np.ndarray  # (n, LONGEST) index into WORDS, filled with 0 from the left
    texts: list
    answers: np.ndarray  # (n,) index into ANSWERS
    targets: np.ndarray  # (n,) the cell that is asked about


def split_images(seed):
    """(images (1797, 8, 8) in 0..1, labels, {train, test}: positions), the two disjoint and even by class."""
    source = load_digits()
    order = np.arange(len(source.target))
    train, test = train_test_split(order, test_size=400, stratify=source.target, random_state=seed)
    return source.images / 16, source.target, {"train": train, "test": test}


def make_boards(count, pool, labels, rng):
    """`count` questions of kinds in turn, over boards of images from `pool`."""
    by_digit = [pool[labels[pool] == digit] for digit in range(10)]
    rows = [one_question(index % len(KINDS), by_digit, rng) for index in range(count)]
    images, digits, kinds, texts, answers, targets = zip(*rows)
    return Boards(
        images=np.array(images),
        digits=np.array(digits),
        kinds=np.array(kinds),
        tokens=np.array([tokens_of(text) for text in texts]),
        texts=list(texts),
        answers=np.array([ANSWERS.index(answer) for answer in answers]),
        targets=np.array(targets),
    )


def one_question(kind, by_digit, rng):
    while True:
        digits = rng.permutation(10)[:CELLS]
        steps = steps_of(kind, rng)
        start = int(rng.integers(CELLS))
        target = walk(start, steps, digits)
        if target is not None:
            break
    place = str(digits[start])
    for index, step in enumerate(steps):
        place = f"that {step} the {place}" if step == FOLLOWS else f"{step} the {place}"
        if index < len(steps) - 1:
            place = f"one {place}"
    found = int(digits[target])
    if rng.random() < 0.5:
        text, answer = f"which digit is {place} ?", str(found)
    else:
        text, answer = f"is the digit {place} even ?", "no" if found % 2 else "yes"
    images = [int(rng.choice(by_digit[digit])) for digit in digits]
    return images, digits, kind, text, answer, target


def steps_of(kind, rng):
    """The first step is taken first; opposite moves exclude each other."""
    vertical, horizontal = rng.choice(["above", "below"]), rng.choice(["right of", "left of"])
    moves = [str(rng.choice([vertical, horizontal])) for _ in range(kind + 1 if kind < 3 else 2)]
    return moves if kind < 3 else [moves[0], FOLLOWS, moves[1]]


def walk(cell, steps, digits):
    """The cell where the steps end; None when one leaves the board or looks for a digit that is not there."""
    for step in steps:
        if step == FOLLOWS:
            next_cell = np.flatnonzero(digits == digits[cell] + 1)
            if len(next_cell) == 0:
                return None
            cell = int(next_cell[0])
            continue
        down, right = MOVES[step]
        row, column = cell // SIDE + down, cell % SIDE + right
        if not (0 <= row < SIDE and 0 <= column < SIDE):
            return None
        cell = row * SIDE + column
    return cell


def tokens_of(text):
    found = [WORD[word] for word in text.split()]
    return [0] * (LONGEST - len(found)) + found


def main():
    _, labels, parts = split_images(seed=1)
    boards = make_boards(12, parts["train"], labels, np.random.default_rng(1))
    for digits, kind, text, answer in zip(boards.digits, boards.kinds, boards.texts, boards.answers):
        print(digits.reshape(SIDE, SIDE), KINDS[kind], text, ANSWERS[answer], sep="\n", end="\n\n")


if __name__ == "__main__":
    main()
