"""Small random encoders, inputs and hidden states in float64, from torch.nn.TransformerEncoderLayer and torchaudio's
and librosa's mel conventions. Writes test/fixtures/encoders/encoders.json and mel.json.

  python test/reference/make_encoders.py        needs torch, librosa
"""

import base64
import json
from pathlib import Path

import librosa
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures/encoders"


def packed(tensor):
    values = tensor.detach().to(torch.float32).contiguous()
    return {
        "shape": list(values.shape),
        "values": base64.b64encode(values.numpy().astype("<f4").tobytes()).decode(),
    }


def layer(features, heads, hidden, norm):
    made = nn.TransformerEncoderLayer(
        features, heads, hidden, dropout=0, activation="gelu", batch_first=True, norm_first=norm == "pre"
    )
    for parameter in made.parameters():
        nn.init.normal_(parameter, std=0.3)
    for norm_layer in (made.norm1, made.norm2):
        nn.init.normal_(norm_layer.weight, mean=1, std=0.2)
    return made.double().eval()


def named(layers):
    theirs = {
        "norm1": "norm1",
        "self_attn.in_proj_": "qkv.",
        "self_attn.out_proj": "out",
        "norm2": "norm2",
        "linear1": "mlp.0",
        "linear2": "mlp.2",
    }
    found = {}
    for i, one in enumerate(layers):
        for name, value in one.state_dict().items():
            for old, new in theirs.items():
                if name.startswith(old):
                    found[f"blocks.{i}.{name.replace(old, new)}"] = value
    return found


def through(layers, x, padding=None):
    states = []
    for one in layers:
        x = one(x, src_key_padding_mask=padding)
        states.append(x)
    return torch.stack(states, 1)  # (n, layers, tokens, features)


def random(*shape, std=0.5):
    # Rounded to float32 first, so that both sides start from the same numbers.
    return (torch.randn(*shape) * std).double()


def describe(input_, layers, features, heads, norm):
    return {
        "version": 1,
        "input": input_,
        "blocks": layers,
        "features": features,
        "heads": heads,
        "norm": norm,
        "activation": "gelu",
        "epsilon": 1e-5,
        "states": "mean over tokens after each block",
    }


def case(name, description, tensors, samples, states, lengths=None):
    means = []
    for i in range(len(samples)):
        count = lengths[i] if lengths else states.shape[2]
        means.append(states[i, :, :count].mean(1))
    return {
        "name": name,
        "description": description,
        "tensors": {key: packed(value) for key, value in tensors.items()},
        "samples": samples,
        "hidden": packed(states[0, :, : lengths[0] if lengths else None]),
        "states": packed(torch.stack(means)),
    }


def patches(norm, layers, features, heads, hidden, height, width, channels, patch):
    blocks = [layer(features, heads, hidden, norm) for _ in range(layers)]
    tokens = height // patch * (width // patch)
    pictures = random(2, channels, height, width)
    weight, bias, position = random(features, channels * patch**2), random(features), random(tokens, features)
    x = F.unfold(pictures, patch, stride=patch).transpose(1, 2) @ weight.T + bias + position
    description = describe(
        {
            "kind": "patches",
            "height": height,
            "width": width,
            "channels": channels,
            "patch": patch,
            "range": [0, 1],
        },
        layers,
        features,
        heads,
        norm,
    )
    tensors = {"embed.weight": weight, "embed.bias": bias, "position": position, **named(blocks)}
    return case(
        f"{norm}-norm over patches of {channels} × {height} × {width}",
        description,
        tensors,
        [{"values": packed(picture)} for picture in pictures],
        through(blocks, x),
    )


def tokens(norm, layers, features, heads, hidden, vocabulary, most, lengths):
    blocks = [layer(features, heads, hidden, norm) for _ in range(layers)]
    table, position = random(vocabulary, features), random(most, features)
    weight, bias = random(features) + 1, random(features)
    longest = max(lengths)
    ids = torch.zeros(len(lengths), longest, dtype=torch.long)
    padding = torch.ones(len(lengths), longest, dtype=torch.bool)
    for i, length in enumerate(lengths):
        ids[i, :length] = torch.randint(1, vocabulary, (length,))
        padding[i, :length] = False
    x = F.layer_norm(table[ids] + position[:longest], (features,), weight, bias)
    description = describe(
        {"kind": "tokens", "tokenizer": "tokenizer.json", "tokens": most, "pad": 0}, layers, features, heads, norm
    )
    tensors = {
        "token.weight": table,
        "position": position,
        "embed_norm.weight": weight,
        "embed_norm.bias": bias,
        **named(blocks),
    }
    samples = [{"ids": ids[i, :length].tolist()} for i, length in enumerate(lengths)]
    name = f"{norm}-norm over tokens, {', '.join(map(str, lengths))} of them"
    return case(name, description, tensors, samples, through(blocks, x, padding), lengths)


MEL = {
    "fft": 128,
    "window": 100,
    "hop": 40,
    "bands": 12,
    "low": 40.0,
    "high": 3800.0,
    "scale": "htk",
    "center": False,
    "floor": 1e-6,
    "mean": -3.0,
    "deviation": 2.5,
}


def mel_frames(wave, rate, settings):
    """As librosa computes it, in float64: (frames, bands)."""
    power = librosa.feature.melspectrogram(
        y=wave,
        sr=rate,
        n_fft=settings["fft"],
        win_length=settings["window"],
        hop_length=settings["hop"],
        n_mels=settings["bands"],
        fmin=settings["low"],
        fmax=settings["high"],
        htk=settings["scale"] == "htk",
        norm=None,
        center=settings["center"],
        pad_mode="reflect",
        power=2.0,
        dtype=np.float64,
    )
    return torch.tensor((np.log(np.maximum(power.T, settings["floor"])) - settings["mean"]) / settings["deviation"])


def sound(samples, rate):
    t = np.arange(samples) / rate
    wave = 0.4 * np.sin(2 * np.pi * (300 + 900 * t) * t) + 0.05 * np.random.randn(samples)
    return np.float32(wave).astype(np.float64)


def waveform(norm, layers, features, heads, hidden, samples, rate, strides):
    blocks = [layer(features, heads, hidden, norm) for _ in range(layers)]
    waves = [sound(samples, rate) for _ in range(2)]
    x = torch.stack([mel_frames(wave, rate, MEL) for wave in waves]).transpose(1, 2)
    tensors, channels = {}, MEL["bands"]
    for i, stride in enumerate(strides):
        out = features if i == len(strides) - 1 else features + 3
        weight, bias = random(out, channels, 3, std=0.3), random(out)
        x = F.gelu(F.conv1d(x, weight, bias, stride=stride, padding=1))
        tensors |= {f"conv{i + 1}.weight": weight, f"conv{i + 1}.bias": bias}
        channels = out
    x = x.transpose(1, 2)
    position = random(x.shape[1], features)
    description = describe(
        {
            "kind": "waveform",
            "sampleRate": rate,
            "samples": samples,
            "mel": MEL,
            "convolutions": [{"stride": stride, "padding": 1} for stride in strides],
        },
        layers,
        features,
        heads,
        norm,
    )
    return case(
        f"{norm}-norm over {samples} samples of sound",
        description,
        {**tensors, "position": position, **named(blocks)},
        [{"values": packed(torch.tensor(wave))} for wave in waves],
        through(blocks, x + position),
    )


def mels():
    made = []
    for scale in ("htk", "slaney"):
        for center in (False, True):
            settings = {**MEL, "scale": scale, "center": center, "fft": 256, "window": 200, "hop": 80, "bands": 20}
            wave = sound(2000, 8000)
            made.append(
                {
                    "name": f"{scale} scale, {'centred' if center else 'not centred'}",
                    "sampleRate": 8000,
                    "settings": settings,
                    "wave": packed(torch.tensor(wave)),
                    "frames": packed(mel_frames(wave, 8000, settings)),
                }
            )
    return made


def main():
    torch.manual_seed(7)
    np.random.seed(7)
    torch.set_default_dtype(torch.float32)
    cases = [
        patches("pre", 3, 12, 3, 20, 6, 9, 1, 3),
        patches("post", 2, 8, 2, 16, 4, 4, 3, 2),
        tokens("post", 3, 12, 2, 24, 23, 9, [5, 9, 2]),
        tokens("pre", 2, 10, 5, 14, 11, 6, [6]),
        waveform("pre", 3, 12, 4, 16, 1100, 8000, [2, 2]),
        waveform("post", 2, 9, 3, 18, 777, 8000, [3]),
    ]
    for name, made in {"encoders": cases, "mel": mels()}.items():
        (FIXTURES / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    with torch.no_grad():
        main()
