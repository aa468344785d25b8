# Apart from the columns: PostgreSQL takes changes of rows and of their table in two transactions.

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def straight_line(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Hang each version on the one before it: where work branched was not recorded until now."""
    versions = apps.get_model("studio", "Version").objects.using(schema_editor.connection.alias)
    photo = last = None
    rows = versions.order_by("photo", "created", "pk").values_list("photo", "pk")
    for photo_id, pk in list(rows):
        if photo_id == photo:
            versions.filter(pk=pk).update(parent=last)
        photo, last = photo_id, pk


class Migration(migrations.Migration):
    dependencies = [("studio", "0008_history_tree")]

    operations = [migrations.RunPython(straight_line, migrations.RunPython.noop)]
