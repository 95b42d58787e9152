"""A small pyramid of attention blocks over log mel frames, in three kinds that differ in one place: where it looks.

`deformable` is a reconstruction of DATAR (arXiv 2312.16228), whose sizes and adaptor are not public, on the deformable
attention of DAT (LeapLabTHU/DAT, the release of 2022), with that release's parameter names. `fixed` looks at the same
grid of points without moving them, `window` at shifted windows.
"""

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

KINDS = ("deformable", "fixed", "window")


@dataclass(frozen=True)
class Sizes:
    """`blocks` has a letter per block: L looks at its window, D is what the kind says."""

    mels: int = 64
    frames: int = 96
    patch: tuple = (4, 6)
    dims: tuple = (24, 48, 96)
    heads: tuple = (2, 4, 8)
    groups: tuple = (1, 2, 4)
    strides: tuple = (4, 2, 1)
    kernels: tuple = (9, 7, 5)
    blocks: tuple = ("LD", "LD", "LDLD")
    window: tuple = (4, 4)
    expansion: int = 4

    def grid(self, stage):
        down, across = self.patch
        return self.mels // down // 2**stage, self.frames // across // 2**stage


class ChannelNorm(nn.Module):
    """Layer norm over the channels of (n, C, H, W)."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels)

    def forward(self, x):
        return self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


def windows_of(x, window):
    """(n, C, H, W) to (n · windows, cells, C)."""
    (height, width), (n, channels, rows, cols) = window, x.shape
    x = x.reshape(n, channels, rows // height, height, cols // width, width)
    return x.permute(0, 2, 4, 3, 5, 1).reshape(-1, height * width, channels)


class WindowAttention(nn.Module):
    """Attention inside windows, which are shifted by half their size where `shifted` (as Swin's)."""

    def __init__(self, channels, heads, window, grid, shifted):
        super().__init__()
        self.heads, self.window = heads, window
        self.shift = tuple(math.ceil(size / 2) for size in window) if shifted else None
        self.proj_qkv = nn.Linear(channels, 3 * channels)
        self.proj_out = nn.Linear(channels, channels)
        height, width = window
        table = torch.empty((2 * height - 1) * (2 * width - 1), heads)
        self.relative_position_bias_table = nn.Parameter(nn.init.trunc_normal_(table, std=0.01))
        cell = torch.cartesian_prod(torch.arange(height), torch.arange(width))
        apart = cell[:, None] - cell[None] + torch.tensor([height - 1, width - 1])
        self.register_buffer("relative_position_index", apart[..., 0] * (2 * width - 1) + apart[..., 1])
        if shifted:
            region = torch.zeros(grid)
            for axis, (size, by) in enumerate(zip(window, self.shift)):
                part = torch.zeros(grid[axis])
                part[-size:-by], part[-by:] = 1, 2
                region += part.view(-1, 1) * 3 if axis == 0 else part
            region = windows_of(region[None, None], window)[..., 0]
            self.register_buffer("attn_mask", (region[:, None] != region[..., None]) * -100.0)

    def forward(self, x):
        n, channels, rows, cols = x.shape
        if self.shift:
            x = x.roll([-by for by in self.shift], (2, 3))
        cells = windows_of(x, self.window)
        q, k, v = self.proj_qkv(cells).view(len(cells), -1, 3, self.heads, channels // self.heads).permute(2, 0, 3, 1, 4)
        bias = self.relative_position_bias_table[self.relative_position_index].permute(2, 0, 1)
        if self.shift:
            bias = (bias + self.attn_mask[:, None]).repeat(n, 1, 1, 1)
        seen = ((q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1) + bias).softmax(-1) @ v
        seen = self.proj_out(seen.transpose(1, 2).flatten(2))
        height, width = self.window
        seen = seen.view(n, rows // height, cols // width, height, width, channels)
        seen = seen.permute(0, 5, 1, 3, 2, 4).reshape(n, channels, rows, cols)
        return seen.roll(self.shift, (2, 3)) if self.shift else seen

    def multiply_adds(self, cells, channels):
        return 4 * cells * channels**2 + 2 * cells * math.prod(self.window) * channels


def centres(rows, cols):
    """Cell centres, (y, x) in -1..1: (rows, cols, 2)."""
    y = (torch.arange(rows) + 0.5) / rows * 2 - 1
    x = (torch.arange(cols) + 0.5) / cols * 2 - 1
    return torch.stack(torch.meshgrid(y, x, indexing="ij"), -1)


class DeformableAttention(nn.Module):
    """All cells look at a few points of the map; where these lie, the input says (or nobody, where not `moves`).

    `input_adaptor` (C, H, W) is a trainable signal that is added to what the offset generator reads, and `offset_range`
    (groups, 2) how far it may move points down and across, in half steps of their grid: our reading of DATAR's adaptor
    and of its audio offset generator, whose formulas are not public.
    """

    def __init__(self, channels, heads, groups, stride, kernel, grid, moves):
        super().__init__()
        self.heads, self.groups, self.stride, self.kernel, self.moves = heads, groups, stride, kernel, moves
        own = channels // groups
        for name in ("proj_q", "proj_k", "proj_v", "proj_out"):
            self.add_module(name, nn.Conv2d(channels, channels, 1))
        rows, cols = grid
        self.points = (rows // stride, cols // stride)
        table = torch.empty(heads, 2 * rows - 1, 2 * cols - 1)
        self.rpe_table = nn.Parameter(nn.init.trunc_normal_(table, std=0.01))
        if moves:
            self.conv_offset = nn.Sequential(
                nn.Conv2d(own, own, kernel, stride, kernel // 2, groups=own),
                ChannelNorm(own),
                nn.GELU(),
                nn.Conv2d(own, 2, 1, bias=False),
            )
            self.input_adaptor = nn.Parameter(torch.zeros(channels, *grid))
            self.offset_range = nn.Parameter(torch.full((groups, 2), 2.0))

    def positions(self, q):
        """Where the points lie, (n · groups, points down, points across, 2) as (y, x)."""
        n, channels, rows, cols = q.shape
        reference = centres(*self.points).expand(n * self.groups, -1, -1, -1)
        if not self.moves:
            return reference
        read = (q + self.input_adaptor).reshape(n * self.groups, channels // self.groups, rows, cols)
        reach = self.offset_range / torch.tensor(self.points)
        return reference + self.conv_offset(read).tanh().permute(0, 2, 3, 1) * reach.repeat(n, 1)[:, None, None]

    def forward(self, x):
        n, channels, rows, cols = x.shape
        groups, heads = self.groups, self.heads
        q = self.proj_q(x)
        at = self.positions(q)
        grouped = x.reshape(n * groups, channels // groups, rows, cols)
        sampled = F.grid_sample(grouped, at.flip(-1), align_corners=True).reshape(n, channels, 1, -1)
        q, k, v = (part.reshape(n * heads, channels // heads, -1) for part in (q, self.proj_k(sampled), self.proj_v(sampled)))
        apart = (centres(rows, cols).view(1, -1, 1, 2) - at.view(n * groups, 1, -1, 2)) / 2
        table = self.rpe_table.view(groups, heads // groups, *self.rpe_table.shape[1:]).repeat(n, 1, 1, 1)
        bias = F.grid_sample(table, apart.flip(-1), align_corners=True).view(n * heads, rows * cols, -1)
        seen = (q.transpose(1, 2) @ k * q.shape[1] ** -0.5 + bias).softmax(-1) @ v.transpose(1, 2)
        return self.proj_out(seen.transpose(1, 2).reshape(n, channels, rows, cols))

    def multiply_adds(self, cells, channels):
        points = math.prod(self.points)
        offsets = points * channels * (self.kernel**2 + 2) if self.moves else 0
        # Four neighbours are weighed for each value that is sampled.
        sampling = 4 * points * channels + 4 * cells * points * self.heads
        return 2 * (cells + points) * channels**2 + 2 * cells * points * channels + offsets + sampling


class Mlp(nn.Module):
    def __init__(self, channels, hidden):
        super().__init__()
        self.chunk = nn.Sequential()
        self.chunk.add_module("linear1", nn.Linear(channels, hidden))
        self.chunk.add_module("act", nn.GELU())
        self.chunk.add_module("linear2", nn.Linear(hidden, channels))

    def forward(self, x):
        return self.chunk(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Stage(nn.Module):
    """Pre-norm blocks of attention and MLP over one grid. `spend` is what an attention and its MLP may cost together."""

    def __init__(self, sizes, stage, kind):
        super().__init__()
        channels, heads, grid = sizes.dims[stage], sizes.heads[stage], sizes.grid(stage)
        cells = math.prod(grid)
        self.attns, self.mlps = nn.ModuleList(), nn.ModuleList()
        self.layer_norms = nn.ModuleList(ChannelNorm(channels) for _ in range(2 * len(sizes.blocks[stage])))
        self.multiply_adds = 0

        def deformable(moves):
            settings = (sizes.groups[stage], sizes.strides[stage], sizes.kernels[stage])
            return DeformableAttention(channels, heads, *settings, grid, moves)

        for letter in sizes.blocks[stage]:
            if letter == "L" or kind == "window":
                whole = grid == sizes.window
                attention = WindowAttention(channels, heads, sizes.window, grid, letter == "D" and not whole)
            else:
                attention = deformable(kind == "deformable")
            # What a kind saves on attention its MLP may spend, so that all kinds cost the same.
            spend = attention if letter == "L" else deformable(True)
            budget = spend.multiply_adds(cells, channels) + 2 * cells * channels * sizes.expansion * channels
            hidden = round((budget - attention.multiply_adds(cells, channels)) / (2 * cells * channels))
            self.attns.append(attention)
            self.mlps.append(Mlp(channels, hidden))
            self.multiply_adds += attention.multiply_adds(cells, channels) + 2 * cells * channels * hidden

    def forward(self, x):
        for d, (attention, mlp) in enumerate(zip(self.attns, self.mlps)):
            x = x + attention(self.layer_norms[2 * d](x))
            x = x + mlp(self.layer_norms[2 * d + 1](x))
        return x


class Pyramid(nn.Module):
    """(n, 1, mels, frames) to (n, classes)."""

    def __init__(self, kind, classes, sizes=Sizes()):
        super().__init__()
        dims, patch = sizes.dims, sizes.patch
        self.patch_proj = nn.Sequential(nn.Conv2d(1, dims[0], patch, patch), ChannelNorm(dims[0]))
        self.stages = nn.ModuleList(Stage(sizes, stage, kind) for stage in range(len(dims)))
        self.down_projs = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 2, 2, bias=False), ChannelNorm(b)) for a, b in zip(dims, dims[1:])
        )
        self.cls_norm = ChannelNorm(dims[-1])
        self.cls_head = nn.Linear(dims[-1], classes)
        between = sum(math.prod(sizes.grid(i + 1)) * 4 * a * b for i, (a, b) in enumerate(zip(dims, dims[1:])))
        ends = math.prod(sizes.grid(0)) * math.prod(patch) * dims[0] + dims[-1] * classes
        self.multiply_adds = ends + between + sum(stage.multiply_adds for stage in self.stages)

    def forward(self, x):
        x = self.patch_proj(x)
        for i, stage in enumerate(self.stages):
            x = stage(self.down_projs[i - 1](x) if i else x)
        return self.cls_head(self.cls_norm(x).mean((2, 3)))
