from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("api", "0001_tokens")]

    # Another name in code; the table stays as it is.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("KeptAnswer", "IdempotencyRecord"),
                migrations.AlterModelTable("idempotencyrecord", "api_keptanswer"),
            ]
        )
    ]
