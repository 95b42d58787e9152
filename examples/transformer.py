"""The transformer that the shipped encoders are made of, and the file that carries one to the browser."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """One transformer block. Pre-norm: x + f(norm(x)), twice; post-norm: norm(x + f(x)), twice."""

    def __init__(self, features, heads, hidden, norm="pre"):
        super().__init__()
        self.heads, self.pre = heads, norm == "pre"
        self.norm1 = nn.LayerNorm(features)
        self.qkv = nn.Linear(features, 3 * features)
        self.out = nn.Linear(features, features)
        self.norm2 = nn.LayerNorm(features)
        self.mlp = nn.Sequential(nn.Linear(features, hidden), nn.GELU(), nn.Linear(hidden, features))

    def attend(self, x, mask):  # (n, tokens, features)
        n, tokens, features = x.shape
        split = self.qkv(x).view(n, tokens, 3, self.heads, features // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # each (n, heads, tokens, features / heads)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.out(mixed.transpose(1, 2).reshape(n, tokens, features))

    def forward(self, x, mask=None):
        if self.pre:
            x = x + self.attend(self.norm1(x), mask)
            return x + self.mlp(self.norm2(x))
        x = self.norm1(x + self.attend(x, mask))
        return self.norm2(x + self.mlp(x))


def states(blocks, x, valid=None):
    """
    What each block leaves, averaged over the tokens that are `valid` (n, tokens), else over all:
    (n, layers, features).
    """
    mask = None if valid is None else valid[:, None, None, :]
    weights = None if valid is None else (valid / valid.sum(1, keepdim=True))[..., None]
    means = []
    for block in blocks:
        x = block(x, mask)
        means.append(x.mean(1) if weights is None else (x * weights).sum(1))
    return torch.stack(means, 1)


def save_encoder(encoder, description, path):
    """
    The encoder's state dict as safetensors, float32, with how to run it as JSON under `encoder` in the metadata.
    The layer that read the last state while it was trained stays behind.
    """
    kept = {
        name: tensor.contiguous().float()
        for name, tensor in encoder.state_dict().items()
        if not name.startswith(("head.", "norm."))
    }
    save_file(kept, path, metadata={"format": "pt", "encoder": json.dumps(description)})
    # safetensors writes files that their owner alone may read; a server runs as someone else.
    Path(path).chmod(0o644)
