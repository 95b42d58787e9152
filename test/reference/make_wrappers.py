"""Makes test/fixtures/wrappers: one density attention as DeepSpeed and Lightning put it into their checkpoints (the keys
of deepspeed.runtime.engine.save_checkpoint and of lightning.pytorch.Trainer.save_checkpoint). Run from the repository
root with PyTorch 2.x.
"""

import collections
import os

import torch

torch.manual_seed(5)
FOLDER = "test/fixtures/wrappers"
os.makedirs(FOLDER, exist_ok=True)


def state_dict(prefix):
    state = collections.OrderedDict()
    for head in range(2):
        state[f"{prefix}daam.gcts.{head}.c"] = torch.full((1, 8), 2.0 + head)
        state[f"{prefix}daam.gcts.{head}.mean_offset"] = torch.randn(1, 8)
    return state


shapes = [collections.OrderedDict((key, value.shape) for key, value in state_dict("").items())]
deepspeed = {
    "module": state_dict("module."), "buffer_names": [], "optimizer": None, "param_shapes": shapes, "frozen_param_shapes": None, "shared_params": {},
    "frozen_param_fragments": None, "lr_scheduler": None, "data_sampler": None, "random_ltd": None, "sparse_tensor_module_names": set(), "skipped_steps": 0,
    "global_steps": 10, "global_samples": 80, "dp_world_size": 1, "mp_world_size": 1, "ds_config": {"train_batch_size": 8}, "ds_version": "0.15.1",
}
torch.save(deepspeed, f"{FOLDER}/mp_rank_00_model_states.pt")
lightning = {
    "epoch": 3, "global_step": 120, "pytorch-lightning_version": "2.4.0", "state_dict": state_dict("model."),
    "loops": {"fit_loop": {"state_dict": {}, "epoch_progress": {"total": {"ready": 1}}}}, "callbacks": {"ModelCheckpoint{'monitor': None}": {"best_model_score": torch.tensor(0.5)}},
    "optimizer_states": [{"state": {0: {"step": torch.tensor(1.0), "exp_avg": torch.zeros(1, 8)}}, "param_groups": [{"lr": 0.1, "params": [0]}]}],
    "lr_schedulers": [], "hparams_name": "kwargs", "hyper_parameters": {"lr": 0.1},
}
torch.save(lightning, f"{FOLDER}/lightning.ckpt")
torch.save({**lightning, "state_dict": state_dict("model._orig_mod.")}, f"{FOLDER}/lightning_compiled.ckpt")
torch.save({**lightning, "state_dict": state_dict("model.")}, f"{FOLDER}/lightning_legacy.ckpt", _use_new_zipfile_serialization=False)
