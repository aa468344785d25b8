"""Several processes that learn one network together, as ``torchrun`` starts them."""

import gc
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.autograd import Function

PATIENCE = timedelta(minutes=20)
"""How long a process waits for the others: the one that leads also measures and saves."""


@dataclass(frozen=True, slots=True)
class World:
    """The processes of a training: this one's number, and how many there are."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process writes what is written once."""
        return self.rank == 0

    def agree(self, loss: float, *, stop: bool, device: str) -> tuple[float, bool]:
        """The mean loss over all processes, and whether any of them wants to stop."""
        if self.size == 1:
            return loss, stop
        sums = torch.tensor([loss / self.size, float(stop)], dtype=torch.float64, device=device)
        distributed.all_reduce(sums)
        return float(sums[0]), bool(sums[1] > 0)

    def wait(self) -> None:
        """Go on when every process has come here."""
        if self.size > 1:
            distributed.barrier()


def join(device: str) -> tuple[World, str]:
    """Join the processes that torchrun started; alone without it.

    Returns:
        The world, and the device that is this process's own.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return World(), device
    if device == "cuda":
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    backend = "nccl" if device.startswith("cuda") else "gloo"
    distributed.init_process_group(backend, timeout=PATIENCE)
    return World(distributed.get_rank(), size), device


def leave() -> None:
    """Leave the other processes.

    Call it when nothing refers any more to what wraps the network for them. If that were the last
    to hold the group, torch would close the group without releasing Python's lock, and wait for
    ever for gloo's threads, which need the lock to let go of the last tensors.
    """
    if distributed.is_initialized():
        gc.collect()  # torch's wrapper refers to itself
        distributed.destroy_process_group()


def is_lost_touch(error: BaseException) -> bool:
    """Whether an error means that another process has gone, or did not answer in time."""
    # gloo raises plain RuntimeErrors, which name the file they come from.
    return isinstance(error, distributed.DistError) or "gloo/transport" in str(error)


class _Sum(Function):
    """The sum of a tensor over all processes, whose gradient is the sum of theirs."""

    @staticmethod
    def forward(_context: Any, own: Tensor) -> Tensor:
        """Add up (any shape)."""
        total = own.clone(memory_format=torch.contiguous_format)
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(_context: Any, *gradients: Tensor) -> Tensor:
        """Add up the gradients."""
        return _Sum.forward(None, gradients[0])


def _sum(own: Tensor) -> Tensor:
    total: Tensor = _Sum.apply(own)  # type: ignore[no-untyped-call]
    return total


class SyncedBatchNorm(nn.BatchNorm2d):
    """Batch normalisation with the statistics of the batch over all processes.

    torch's own ``SyncBatchNorm`` runs on GPUs alone; this one runs everywhere, so that what is
    trained on several GPUs can be tested on a CPU.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (N, C, H, W)."""
        if not self.training:
            return super().forward(x)
        count = x.numel() // x.shape[1] * distributed.get_world_size()
        wide = x.float()
        mean = _sum(wide.sum(dim=(0, 2, 3))) / count
        centred = wide - mean[:, None, None]
        variance = _sum((centred * centred).sum(dim=(0, 2, 3))) / count
        self._remember(mean.detach(), variance.detach() * count / (count - 1))
        scale = self.weight * torch.rsqrt(variance + self.eps)
        result: Tensor = centred * scale[:, None, None] + self.bias[:, None, None]
        return result.to(x.dtype)

    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        momentum = self.momentum or 0.0
        for running, new in ((self.running_mean, mean), (self.running_var, variance)):
            if running is not None:
                running.lerp_(new, momentum)
        if self.num_batches_tracked is not None:
            self.num_batches_tracked.add_(1)


def synchronise(module: nn.Module) -> None:
    """Let every batch normalisation in ``module`` see all processes' samples."""
    for child in module.modules():
        if type(child) is nn.BatchNorm2d:
            child.__class__ = SyncedBatchNorm
