"""Stacked attention (SAN) and stacked latent attention (SLA) over regions, alike in all but the latent path.

One hop, with regions v_i and the state h, which is the question before the first hop:

    s_i = tanh(W_v v_i + W_h h + b)                SAN (Yang et al., CVPR 2016)
    s_i = tanh(W_v v_i + W_h h + W_s s_i' + b)     SLA; s_i' = what the hop before left at region i
    a = softmax(w · s_i + c),   z = Σ a_i v_i,   h ← h + z

The answer is linear in h, for SLA in h beside Σ a_i s_i of the last hop. The equations of SLA (Fan and Zhou, CVPR 2018)
are not public in full, so how its parts are put together here is a reconstruction: the latent states stay where they
are, region by region, and enter the next hop beside what it sees.
"""

import torch
from torch import nn


class Hop(nn.Module):
    def __init__(self, features, width, latent):
        super().__init__()
        self.ff_image = nn.Linear(features, width)
        self.ff_questions = nn.Linear(features, width)
        self.ff_latent = nn.Linear(width, width, bias=False) if latent else None
        self.ff_attention = nn.Linear(width, 1)

    def forward(self, regions, state, before):  # (n, regions, features), (n, features), (n, regions, width)
        latent = self.ff_image(regions) + self.ff_questions(state)[:, None]
        if self.ff_latent is not None:
            latent = latent + self.ff_latent(before)
        latent = torch.tanh(latent)
        attention = self.ff_attention(latent).softmax(1)
        return state + (attention * regions).sum(1), latent, attention


class Reasoner(nn.Module):
    """Words → question vector; regions → linear, tanh; hops; linear answer."""

    def __init__(self, form, hops, words, longest, region_features, answers, features=48, width=48):
        super().__init__()
        self.form = form
        self.embed = nn.Embedding(words, 16, padding_idx=0)
        self.read = nn.Sequential(
            nn.Linear(16 * longest, 128), nn.ReLU(), nn.Linear(128, features), nn.LayerNorm(features)
        )
        self.image = nn.Linear(region_features, features)
        setattr(self, form, nn.ModuleList(Hop(features, width, form == "sla" and hop > 0) for hop in range(hops)))
        self.answer = nn.Linear(features + (width if form == "sla" else 0), answers)

    def question(self, tokens):
        return self.read(self.embed(tokens).flatten(1))

    def forward(self, regions, question):
        """(logits (n, answers), attention (n, hops, regions))"""
        regions = torch.tanh(self.image(regions))
        state, latent, seen = question, None, []
        for hop in getattr(self, self.form):
            state, latent, attention = hop(regions, state, latent)
            seen.append(attention[:, :, 0])
        read = torch.cat([state, (attention * latent).sum(1)], 1) if self.form == "sla" else state
        return self.answer(read), torch.stack(seen, 1)
