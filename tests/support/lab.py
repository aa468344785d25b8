"""Rows of the laboratory for tests of its pages."""

from training.models import Evaluation, Measurement, Run, Search

RECIPE = {
    "name": "tiny",
    "learning_rate": 1e-3,
    "net": {"net": "unet", "width": 2},
    "stages": [{"epochs": None, "steps": 6, "crop": 32, "batch": 2}],
}


def a_run(name="tiny", **facts):
    """A run in the middle of its way, measured twice, unless told otherwise."""
    facts = {"status": "running", "done": 40, "total": 100, "seconds": 20.0, "seq": 7} | facts
    run = Run.objects.create(
        name=name, recipe=RECIPE, data=["pieces"], folder=name, best={"step": 40, "psnr": 26.5},
        **facts,
    )  # fmt: skip
    for step, psnr in ((20, 25.0), (40, 26.5)):
        measure(run, step, psnr)
    return run


def measure(run, step, psnr):
    """Take a measurement of a run."""
    values = {"loss": 1 / step, "learning_rate": 1e-3, "psnr": psnr, "ssim": 0.9}
    Measurement.objects.create(run=run, step=step, values=values)


def a_search(name="wide", **facts):
    """A search with one trial of three."""
    trial = {
        "number": 0, "state": "complete", "value": 24.5, "learning_rate": 5e-4,
        "optimiser": "adam", "loss": "l1", "best_epoch": 5, "seconds": 12.0,
    }  # fmt: skip
    facts = {"status": "running", "done": 1, "total": 3, "trials": [trial]} | facts
    return Search.objects.create(name=name, recipe=RECIPE, data=["pieces"], **facts)


def an_evaluation(name="points-1", **facts):
    """An evaluation that waits."""
    facts = {"protocol": "points", "data": ["pieces"]} | facts
    return Evaluation.objects.create(name=name, **facts)
