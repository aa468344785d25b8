"""What the lab keeps: data sets, work in progress, scores and immutable model versions."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models


class DataSet(models.Model):
    """Prepared pictures: a folder with one array a split, and a manifest that names every picture.

    ``folder`` is relative to ``DATASET_DIR`` unless absolute. ``counts`` maps ``train``, ``val``
    and ``test`` to numbers of pictures; ``findings`` holds what preparing noticed (damaged,
    near-grey, duplicates).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.SlugField(max_length=60, unique=True)
    folder = models.CharField(max_length=500)
    side = models.PositiveIntegerField(help_text="Of the square pictures, in pixels.")
    counts = models.JSONField()
    findings = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, help_text="Of the manifest, which has all others.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Order."""

        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        """Return the data set's name."""
        return self.name


class Publication(models.Model):
    """Figures that came in a file, of runs and searches made elsewhere; the weights did not come.

    What was read from the file goes with this row.
    """

    name = models.CharField(max_length=60, unique=True)
    sha256 = models.CharField(max_length=64, help_text="Of the file.")
    about = models.TextField(blank=True, help_text="Where and how the figures were made.")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class Work(models.Model):
    """Something the lab does for minutes or days: a run, a search, an evaluation.

    The row is the truth. The process that works on it writes ``beat`` now and then; a row whose
    beat stops is taken up again. ``seq`` rises with every change that a page shows.
    """

    class Status(models.TextChoices):
        """Where it stands; cancelled and failed work can be resumed."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ALIVE: ClassVar[tuple[str, ...]] = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.SlugField(max_length=60, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    data = models.JSONField(
        default=list, help_text="Names of data sets, or paths of tars and folders."
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cancel_asked = models.BooleanField(default=False)
    attempt = models.PositiveIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    beat = models.DateTimeField(null=True, blank=True, help_text="Last sign of life.")
    done = models.PositiveIntegerField(default=0, help_text="Steps, trials or pictures behind it.")
    total = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0, help_text="Worked so far, over all attempts.")
    error = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Shared by its three kinds, each with a table of its own."""

        abstract = True
        ordering: ClassVar[list[str]] = ["-created", "-id"]

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Run(Work):
    """A training: a recipe, its pictures, and a folder with checkpoints and logs.

    ``folder`` is relative to ``RUN_DIR`` unless absolute. ``best`` holds the figures of the best
    measurement on the validation pictures, whose weights are kept.
    """

    recipe = models.JSONField()
    val = models.JSONField(
        default=list, help_text="Where validation pictures come from; ``data`` itself if empty."
    )
    folder = models.CharField(max_length=500)
    device = models.CharField(max_length=20, default="cpu")
    best = models.JSONField(default=dict)
    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, null=True, blank=True, related_name="runs"
    )

    @property
    def path(self) -> Path:
        """The folder of its files."""
        return Path(settings.RUN_DIR) / self.folder


class Measurement(models.Model):
    """What was measured at one step of a run: loss, learning rate, PSNR and SSIM on ``val``."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="measurements")
    step = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        """Order and constraints."""

        ordering: ClassVar[list[str]] = ["step"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "step"], name="training_one_measurement_a_step")
        ]

    def __str__(self) -> str:
        """Return the run and the step."""
        return f"{self.run_id} @ {self.step}"


class Search(Work):
    """A search for hyper-parameters: an Optuna study in the site's database.

    ``recipe`` is what every trial starts from. ``trials`` is the study's table as the page shows
    it, ``plots`` maps the names of Optuna's plots to the storage keys of ``light`` and ``dark``.
    """

    recipe = models.JSONField()
    val = models.JSONField(default=list)
    pictures = models.PositiveIntegerField(
        null=True, blank=True, help_text="That an epoch shows, of those to learn from; else all."
    )
    trials = models.JSONField(default=list)
    plots = models.JSONField(default=dict)
    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, null=True, blank=True, related_name="searches"
    )

    class Meta(Work.Meta):
        """Plural."""

        verbose_name_plural = "searches"


class ModelVersion(models.Model):
    """A model's weights and card as they were registered; ``state`` changes, and its scores grow.

    ``folder`` is ``shipped:<name>`` for a model that comes with the code, else a path, relative to
    ``MODEL_DIR`` unless absolute.
    """

    class State(models.TextChoices):
        """Where a version stands; the site colours with the one that is live."""

        DRAFT = "draft"
        PUBLISHED = "published"
        LIVE = "live"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    sha256 = models.CharField(max_length=64, help_text="Of model.onnx.")
    folder = models.CharField(max_length=500)
    net = models.CharField(max_length=100)
    card = models.JSONField()
    run = models.ForeignKey(
        Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="model_versions"
    )
    samples = models.JSONField(
        default=dict, blank=True, help_text="Storage keys of the sample pictures it coloured."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created = models.DateTimeField(auto_now_add=True)
    went_live = models.DateTimeField(null=True, blank=True)
    by_hand = models.BooleanField(
        default=False, help_text="A person made it live: the site chooses no other by itself."
    )

    class Meta:
        """Order and constraints."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="live"),
                name="training_one_live_model",
            )
        ]

    def __str__(self) -> str:
        """Return the version's name."""
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether the site colours with this version now."""
        return self.state == self.State.LIVE


class Score(models.Model):
    """One row of one protocol's table: a method's figures for every amount of hints.

    Rows compare only where ``protocol``, ``data_sha256`` and ``pictures`` are the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    protocol = models.CharField(max_length=20)
    method = models.CharField(max_length=100, help_text="A training-free row, or a model's name.")
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, null=True, blank=True, related_name="scores"
    )
    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, null=True, blank=True, related_name="scores"
    )
    subject_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Of the scored weights; empty where none are."
    )
    data = models.CharField(max_length=200)
    data_sha256 = models.CharField(max_length=64)
    pictures = models.PositiveIntegerField()
    hints_seed = models.CharField(max_length=100)
    code_version = models.CharField(max_length=60)
    figures = models.JSONField(help_text="For each amount of hints its figures, in order.")
    seconds = models.FloatField(help_text="A picture, mean over all amounts.")
    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, null=True, blank=True, related_name="scores"
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Order and constraints."""

        ordering: ClassVar[list[str]] = ["protocol", "data", "pictures", "created"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["protocol", "method", "subject_sha256", "data_sha256", "pictures"],
                name="training_one_score_a_row",
            )
        ]

    def __str__(self) -> str:
        """Return the method and the protocol."""
        return f"{self.method}: {self.protocol}"


class Evaluation(Work):
    """An asked-for scoring of models under one protocol; what it found are scores.

    ``subjects`` are names of model versions or runs, or paths; the training-free rows are always
    among the results.
    """

    protocol = models.CharField(max_length=20)
    subjects = models.JSONField(default=list)
    limit = models.PositiveIntegerField(null=True, blank=True)
    scores = models.ManyToManyField(Score, related_name="evaluations", blank=True)
