"""What the shipped encoders and their checkpoints make of a few raw inputs, by PyTorch in float64.
Writes test/fixtures/encoders/live.json.

  python test/reference/make_live.py        needs torch, scipy, tokenizers, safetensors
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from scipy.io import wavfile
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT / "public/examples"
sys.path += [str(ROOT / "examples"), str(ROOT / "examples/digits"), str(ROOT / "examples/speech")]


def module(example):
    """The example's own training script, which holds its encoder."""
    import importlib.util

    path = ROOT / "examples" / example / "train.py"
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(f"{example}_train", path)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def encoder_of(example, script):
    encoder = script.Encoder()
    encoder.load_state_dict(load_file(PUBLIC / example / "encoder.safetensors"), strict=False)
    return encoder.double().eval()


def classifier_of(example, script):
    from density_attention import Classifier

    model = Classifier(script.SHAPE)
    model.load_state_dict(torch.load(PUBLIC / example / "checkpoint.pth", weights_only=True)["state_dict"])
    return model.double().eval()


def packed(tensor):
    values = tensor.to(torch.float32).contiguous()
    return {"shape": list(values.shape), "values": base64.b64encode(values.numpy().astype("<f4").tobytes()).decode()}


def read(example, script, given):
    states = encoder_of(example, script).hidden_states(given)
    return {"states": packed(states), "logits": packed(classifier_of(example, script)(states))}


def digits():
    script = module("digits")
    images = np.load(PUBLIC / "digits/inputs.npz")["images"][::10]
    pictures = torch.tensor(np.rint(images / 255 * 16) / 16)
    return {"pictures": packed(pictures), **read("digits", script, pictures)}


def speech():
    script = module("speech")
    card = json.loads((PUBLIC / "speech/card.json").read_text())
    mel = script.json.loads(description("speech"))["input"]["mel"]
    waves = np.stack([wavfile.read(PUBLIC / "speech" / name)[1] for name in card["clips"]]) / 32768
    script.FILTERS = script.FILTERS.double()
    torch.set_default_dtype(torch.float64)
    frames = (script.log_mel(torch.tensor(waves)) - mel["mean"]) / mel["deviation"]
    torch.set_default_dtype(torch.float32)
    return read("speech", script, frames)


def description(example):
    with (PUBLIC / example / "encoder.safetensors").open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(length))["__metadata__"]["encoder"]


def docstrings():
    script = module("docstrings")
    card = json.loads((PUBLIC / "docstrings/card.json").read_text())
    tokenizer = Tokenizer.from_file(str(PUBLIC / "docstrings/tokenizer.json"))
    ids = script.encoded(tokenizer, card["texts"])
    return {
        "ids": [tokenizer.encode(text).ids for text in card["texts"]],
        **read("docstrings", script, ids),
    }


if __name__ == "__main__":
    with torch.no_grad():
        made = {"digits": digits(), "speech": speech(), "docstrings": docstrings()}
    (ROOT / "test/fixtures/encoders/live.json").write_text(json.dumps(made, indent=1) + "\n")
