import clerkadmin.files
import django.db.models.deletion
import intake.models
from django.db import migrations, models


def name_drafts(apps, schema_editor):
    """A default is computed once for all rows: each draft needs a key of its own."""
    for draft in apps.get_model('intake', 'LetterDraft').objects.only('pk').iterator():
        draft.key = intake.models.random_key()
        draft.save(update_fields=['key'])


class Migration(migrations.Migration):

    dependencies = [
        ('departments', '0002_handling'),
        ('intake', '0002_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='letterdraft',
            name='department',
            field=models.ForeignKey(blank=True, help_text='Whose clerks review it; nobody else sees it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='departments.department', verbose_name='department'),
        ),
        migrations.AddField(
            model_name='letterdraft',
            name='entry',
            field=models.JSONField(blank=True, default=dict, help_text='As the clerk has corrected it so far.', verbose_name='entry'),
        ),
        migrations.AddField(
            model_name='letterdraft',
            name='key',
            field=models.CharField(default='', editable=False, max_length=30),
        ),
        migrations.RunPython(name_drafts, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='letterdraft',
            name='key',
            field=models.CharField(default=intake.models.random_key, editable=False, max_length=30, unique=True),
        ),
        migrations.AddField(
            model_name='letterdraft',
            name='version',
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AlterField(
            model_name='letterdraft',
            name='reading',
            field=models.JSONField(default=dict, help_text='What the reader read. Never changed.', verbose_name='reading'),
        ),
        migrations.AlterField(
            model_name='letterfile',
            name='file',
            field=models.FileField(blank=True, db_index=True, upload_to=clerkadmin.files.RandomName('letters'), verbose_name='file'),
        ),
        migrations.AddField(
            model_name='letterdraft',
            name='name',
            field=models.CharField(blank=True, help_text='As it was called here: others may have handed in the same file before.', max_length=255, verbose_name='name'),
        ),
    ]
