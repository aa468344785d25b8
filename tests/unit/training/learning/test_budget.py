"""A recipe fitted to the time and the device there are, and checkpoints in pieces."""

import pytest

from training.evaluation.methods import BEST
from training.learning import budget, folder
from training.learning.budget import CUDA_BATCHES, LEARNING_SHARE, fit_into, for_device
from training.learning.folder import PIECE, STATE, join_state, split_state


@pytest.mark.parametrize("seconds", [10, 1000])
def test_stages_keep_their_shares_of_the_time(recipe, pictures, monkeypatch, seconds):
    monkeypatch.setattr(budget, "_paces", lambda *_: [0.5, 2.0])
    fitted = fit_into(recipe, seconds, pictures, device="cpu", workers=0)
    before = [stage.length(len(pictures)) for stage in recipe.stages]
    after = [stage.length(len(pictures)) for stage in fitted.stages]
    took = after[0] * 0.5 + after[1] * 2.0
    assert took == pytest.approx(LEARNING_SHARE * seconds, abs=2.5)
    assert after[0] / after[1] == pytest.approx(before[0] / before[1], rel=0.3)
    assert fitted.warm_up <= max(1, sum(after) // 10)


def test_every_stage_gets_a_step_however_little_time_there_is(recipe, pictures, monkeypatch):
    monkeypatch.setattr(budget, "_paces", lambda *_: [0.5, 2.0])
    fitted = fit_into(recipe, 0.001, pictures, device="cpu", workers=0)
    assert [stage.steps for stage in fitted.stages] == [1, 1]


def test_a_real_pace_is_taken_on_the_device(recipe, pictures):
    fitted = fit_into(recipe, 5, pictures, device="cpu", workers=0)
    assert all(stage.epochs is None and stage.steps >= 1 for stage in fitted.stages)


def test_a_gpu_gets_larger_batches_in_half_precision(recipe):
    on_gpu = for_device(recipe, "cuda")
    assert on_gpu.precision == "bf16"
    assert on_gpu.stages[0].batch == CUDA_BATCHES * recipe.stages[0].batch
    assert for_device(recipe, "cpu") == recipe


def test_a_checkpoint_in_pieces_is_whole_again_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "PIECE", 1000)
    content = bytes(range(256)) * 13
    (tmp_path / STATE).write_bytes(content)
    (tmp_path / BEST).write_bytes(content[:1500])
    pieces = split_state(tmp_path)
    assert len(pieces) == 4 + 2
    assert all(piece.stat().st_size <= 1000 for piece in pieces)
    (tmp_path / STATE).unlink()
    (tmp_path / BEST).unlink()
    assert join_state(tmp_path)
    assert (tmp_path / STATE).read_bytes() == content
    assert (tmp_path / BEST).read_bytes() == content[:1500]


def test_fewer_pieces_leave_none_of_the_old_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "PIECE", 1000)
    (tmp_path / STATE).write_bytes(bytes(5000))
    split_state(tmp_path)
    (tmp_path / STATE).write_bytes(bytes(1500))
    assert len(split_state(tmp_path)) == 2


def test_without_a_checkpoint_there_is_nothing_to_join(tmp_path):
    assert not join_state(tmp_path)
    assert PIECE == 16 * 2**20
