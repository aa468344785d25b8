"""Note how large each full-size result is: results count among what people may keep."""

from django.core.files.storage import default_storage
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def measure(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Fill in the sizes of results that exist; a file that is gone takes no room."""
    versions = apps.get_model("studio", "Version").objects
    for pk, image in versions.values_list("pk", "image").iterator():
        if default_storage.exists(image):
            versions.filter(pk=pk).update(bytes=default_storage.size(image))


class Migration(migrations.Migration):
    dependencies = [("studio", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="version",
            name="bytes",
            field=models.PositiveBigIntegerField(
                default=0, help_text="Size of the file under ``image``."
            ),
        ),
        migrations.RunPython(measure, migrations.RunPython.noop),
    ]
