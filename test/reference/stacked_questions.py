"""Makes test/fixtures/models/stackedQuestions.json: stacks of attention that carry the encoder of their questions, words
as token embeddings or as ids, and the answers lib/models is held to.

    python test/reference/stacked_questions.py

Needs PyTorch and numpy. The LSTM and the convolutions of the code released with SAN (imageqa-san,
san_att_lstm_twolayer_theano.py, san_att_conv_twolayer_theano.py, and process_batch of data_processing_vqa.py) are
transcribed from their formulas, with the mask that stands for padding there; torch.nn.LSTM and torch.nn.Embedding are
PyTorch's own, on packed sequences. The stack behind them is that of stacked_latent.py. Parameters and inputs are
float32, answers float64, rounded once.
"""

import json
import math

import numpy as np
import torch
from make_models import OUT, noise, packed, rounded
from stacked_latent import measured, saved, stack, untrained_like
from torch import nn

# The formulas ------------------------------------------------------------------------------------------------------------


def released_words(table, questions, reverse):
    """(embeddings (T, n, e), mask (T, n)): the empty word stands before the table, and 0 behind every shorter question."""
    longest = max(map(len, questions))
    index, mask = np.zeros((longest, len(questions)), dtype=int), torch.zeros(longest, len(questions), dtype=torch.float64)
    for i, question in enumerate(questions):
        index[: len(question), i] = question[::-1] if reverse else question
        mask[: len(question), i] = 1
    extended = torch.cat([torch.zeros(1, table.shape[1], dtype=torch.float64), table])
    return extended[torch.as_tensor(index)], mask


def released_lstm(weights, words, mask, use_tanh):
    """The state after the last step; a masked step keeps both states."""
    width = weights["w_h"].shape[0]
    h = c = torch.zeros(words.shape[1], width, dtype=torch.float64)
    for x, m in zip(words, mask[:, :, None]):
        ifoc = x @ weights["w_x"] + h @ weights["w_h"] + weights["b_h"]
        i, f, o = (torch.sigmoid(ifoc[:, k * width : (k + 1) * width]) for k in range(3))
        kept = i * torch.tanh(ifoc[:, 3 * width :]) + f * c
        out = o * (torch.tanh(kept) if use_tanh else kept)
        h, c = m * out + (1 - m) * h, m * kept + (1 - m) * c
    return h


def released_convolutions(weights, words, mask):
    """Words side by side, a linear layer, tanh, the largest over all places; (n, filters of all three)."""
    x = (words * mask[:, :, None]).transpose(0, 1)
    places, pooled = x.shape[1], []
    for size, gram in enumerate(["unigram", "bigram", "trigram"], 1):
        side_by_side = torch.cat([x[:, k : places - size + 1 + k] for k in range(size)], 2)
        pooled.append(torch.tanh(side_by_side @ weights[f"{gram}_w"] + weights[f"{gram}_b"]).amax(1))
    return torch.cat(pooled, 1)


def drawn(seed, shapes, scale=1.0):
    return {name: rounded(scale * noise(seed + i, *shape) / math.sqrt(shape[0])) for i, (name, shape) in enumerate(shapes.items())}


def as_numbers(tensor):
    return tensor.detach().numpy()


# What is given to the product: as its inputs lie in a file, and the same questions as lists ------------------------------


def padded_ids(questions, places, padding):
    ids = np.full((len(questions), places), padding)
    for row, question in zip(ids, questions):
        row[: len(question)] = question
    return ids


def padded_tokens(questions, places):
    """Embeddings as they are, 0 behind them; questions are lists of (e,)."""
    tokens = torch.zeros(len(questions), places, len(questions[0][0]), dtype=torch.float64)
    for row, question in zip(tokens, questions):
        row[: len(question)] = torch.stack(list(question))
    return tokens


def encode_released_lstm(seed, state, embedding, words, use_tanh, reverse):
    shapes = {"w_x": (embedding, 4 * state), "w_h": (state, 4 * state), "b_h": (4 * state,)}
    weights = drawn(seed, shapes, 1.5)
    table = rounded(noise(seed + 9, words, embedding))
    parameters = {f"sent_lstm_{name}": packed(value) for name, value in weights.items()} | {"w_emb": packed(table)}

    def of(embedded, mask):
        return released_lstm(weights, embedded, mask, use_tanh)

    return parameters, table, of, reverse


def encode_released_convolutions(seed, filters, embedding, words):
    shapes = {}
    for size, gram in enumerate(["unigram", "bigram", "trigram"], 1):
        shapes |= {f"{gram}_w": (size * embedding, filters[size - 1]), f"{gram}_b": (filters[size - 1],)}
    weights = drawn(seed, shapes)
    table = rounded(noise(seed + 9, words, embedding))
    parameters = {f"conv_{name}": packed(value) for name, value in weights.items()} | {"w_emb": packed(table)}

    def of(embedded, mask):
        return released_convolutions(weights, embedded, mask)

    return parameters, table, of, False


def released_question(encoder, questions, given):
    """Question vectors, and what the product is given for them."""
    _, table, of, reverse = encoder
    embedded, mask = released_words(table, questions, reverse)
    vectors = of(embedded, mask)
    places = max(map(len, questions))
    if given == "ids":
        return vectors, {"ids": packed(padded_ids(questions, places, 0))}
    tokens = padded_tokens([table[torch.as_tensor(question) - 1] for question in questions], places)
    return vectors, {"tokens": packed(tokens), "lengths": packed([len(question) for question in questions])}


def torch_question(seed, state, embedding, words, questions, given, biases, spoiled):
    """PyTorch's own LSTM over packed sequences; questions are lists of ids from 0."""
    module = nn.LSTM(embedding, state, batch_first=True, bias=biases).double()
    table = nn.Embedding(words, embedding).double()
    with torch.no_grad():
        for i, parameter in enumerate([*module.parameters(), *table.parameters()]):
            parameter.copy_(rounded(noise(seed + i, *parameter.shape) * (0.8 if parameter.dim() > 1 else 0.3)))
    parameters = {f"lstm.{name}": packed(as_numbers(value)) for name, value in module.named_parameters()}
    lengths = [len(question) for question in questions]
    places = max(lengths) + 1
    tokens = padded_tokens([table(torch.as_tensor(question)).detach() for question in questions], places)
    if spoiled is not None:
        tokens[spoiled, 0, 0] = math.nan
    sequence = nn.utils.rnn.pack_padded_sequence(tokens, lengths, batch_first=True, enforce_sorted=False)
    vectors = module(sequence)[1][0][0].detach()
    if given == "ids":
        return parameters | {"embedding.weight": packed(as_numbers(table.weight))}, vectors, {"ids": packed(padded_ids(questions, places, -1))}
    beside = {"tokens": packed(tokens)}
    if given == "tokens, lengths":
        # What lies behind a question is never read.
        behind = torch.arange(places)[None] >= torch.tensor(lengths)[:, None]
        tokens[behind] = math.nan
        beside = {"tokens": packed(tokens), "lengths": packed(lengths)}
    return parameters, vectors, beside


# Cases -------------------------------------------------------------------------------------------------------------------


def case(name, seed, *, parameters, vectors, beside, settings=None, form, latent=False, hops=2, regions=5, words=0, batch=True):
    state = vectors.shape[1]
    streams = ["regions", "words"] if words else ["regions"]
    widths = [4] * hops
    released = form == "released"
    items = {"regions": 6 if released else state, "words": state}
    projected = {"regions": 6} if released else {}
    layers = stack(
        seed, streams=streams, hops=hops, latent=latent, state=state, widths=widths, items=items,
        projected=projected, answers=3, biases=True,
    )  # fmt: skip
    counts = {"regions": regions, "words": words}
    count = len(vectors)
    inputs = {stream: rounded(noise(9000 + seed + i, count, counts[stream], items[stream])) for i, stream in enumerate(streams)}
    given = {stream: packed(values if batch else values[0]) for stream, values in inputs.items()}
    inputs["question"] = vectors
    shape = (streams, hops, form, latent)
    density, standardised, logits, measures = measured(layers, *shape, {k: v.clone() for k, v in inputs.items()})
    twin, _, _, twin_measures = measured(untrained_like(layers), *shape, {k: v.clone() for k, v in inputs.items()})

    def pack(tensor):
        return packed(as_numbers(tensor))

    return {
        "name": name,
        "parameters": saved(layers, form, "san", hops, "ff_questions") | parameters,
        "settings": settings or {},
        "input": given.pop("regions"),
        "beside": given | beside,
        "expected": {
            "density": pack(density),
            "standardised": pack(standardised),
            "untrained": pack(twin),
            "logits": pack(logits),
            "measures": {key: pack(values) for key, values in measures.items()},
            "untrainedMeasures": {key: pack(values) for key, values in twin_measures.items()},
            "question": pack(vectors),
        },
    }


LONG_AND_SHORT = [[3, 1, 7, 2, 2], [5], [8, 6, 4]]


def released_case(name, seed, encoder, questions, given, **more):
    vectors, beside = released_question(encoder, questions, given)
    return case(name, seed, parameters=encoder[0], vectors=vectors, beside=beside, form="released", **more)


def torch_case(name, seed, questions, given, *, biases=True, spoiled=None, batch=True, **more):
    parameters, vectors, beside = torch_question(3000 + 50 * seed, 5, 3, 9, questions, given, biases, spoiled)
    if not batch:
        beside = {key: {**value, "shape": value["shape"][1:]} for key, value in beside.items()}
    return case(name, seed, parameters=parameters, vectors=vectors, beside=beside, form="paper", batch=batch, **more)


def main():
    lstm = encode_released_lstm(1000, 5, 3, 8, use_tanh=False, reverse=True)
    forward = encode_released_lstm(1100, 4, 2, 8, use_tanh=True, reverse=False)
    convolutions = encode_released_convolutions(1200, (2, 1, 3), 3, 8)
    cases = [
        released_case("the released LSTM, ids read from the last word to the first", 31, lstm, LONG_AND_SHORT, "ids"),
        released_case(
            "the released LSTM with use_tanh, read forward, tokens with lengths", 32, forward, LONG_AND_SHORT, "tokens",
            settings={"questionOrder": "forward", "lstmOutput": "tanh"}, hops=1,
        ),
        released_case("the released convolutions, ids, padding and all", 33, convolutions, LONG_AND_SHORT, "ids"),
        released_case("the released convolutions, tokens of three words", 34, convolutions, [[1, 2, 3], [8, 8, 4]], "tokens"),
        torch_case("torch.nn.LSTM, token embeddings, zeros behind them", 35, [[3, 1, 7], [0], [8, 6, 4, 4]], "tokens"),
        torch_case("torch.nn.LSTM, ids through nn.Embedding, latent", 36, [[0, 1, 7, 0], [2, 0]], "ids", latent=True, hops=3),
        torch_case("torch.nn.LSTM without biases, lengths, one question with NaN", 37, [[3, 1], [5, 6, 7], [8]], "tokens, lengths", biases=False, spoiled=1),
        torch_case("torch.nn.LSTM, one question by itself, two streams", 38, [[4, 2, 6]], "tokens", latent=True, words=3, batch=False),
    ]  # fmt: skip
    path = OUT / "stackedQuestions.json"
    path.write_text(json.dumps(cases) + "\n", encoding="utf-8")
    print(f"{len(cases)} cases, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
