"""What PyTorch makes of the words example's clips: the frames of the first, and the logits of all, in float64.
Writes test/fixtures/sounds/words.json.

  python test/reference/make_words.py        needs torch, scipy
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.io import wavfile

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT / "public/examples"
sys.path.insert(0, str(ROOT / "examples/words"))
import train  # noqa: E402
from pyramid import Pyramid  # noqa: E402


def packed(tensor):
    values = tensor.to(torch.float32).contiguous()
    return {"shape": list(values.shape), "values": base64.b64encode(values.numpy().astype("<f4").tobytes()).decode()}


def front():
    """(mean, deviation) as the shipped file says."""
    file = (PUBLIC / "words/encoder.safetensors").read_bytes()
    header = json.loads(file[8 : 8 + int.from_bytes(file[:8], "little")])
    mel = json.loads(header["__metadata__"]["encoder"])["input"]["mel"]
    return mel["mean"], mel["deviation"]


@torch.no_grad()
def main():
    torch.set_default_dtype(torch.float64)
    train.FILTERS = train.FILTERS.double()
    clips = json.loads((PUBLIC / "words/card.json").read_text())["clips"]
    waves = np.stack([wavfile.read(ROOT / f"public{clip}")[1] for clip in clips]) / 32768
    mean, deviation = front()
    frames = (train.log_mel(torch.tensor(waves)) - mean) / deviation
    model = Pyramid("deformable", len(train.WORDS), train.SIZES)
    model.load_state_dict(torch.load(PUBLIC / "words/checkpoint.pth", weights_only=True)["model"])
    logits = model.double().eval()(frames[:, None])
    print([train.WORDS[at] for at in logits.argmax(1)])
    made = {"frames": packed(frames[0]), "logits": packed(logits)}
    (ROOT / "test/fixtures/sounds/words.json").write_text(json.dumps(made))


if __name__ == "__main__":
    main()
