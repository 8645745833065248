import clerkadmin.models
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=43, unique=True)),
                ('path', models.CharField(max_length=500)),
                ('led_to', models.CharField(blank=True, max_length=500)),
                ('used_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'form that was sent',
                'verbose_name_plural': 'forms that were sent',
            },
        ),
        migrations.CreateModel(
            name='FormDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=500)),
                ('data', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='form_drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'form not sent yet',
                'verbose_name_plural': 'forms not sent yet',
                'constraints': [models.UniqueConstraint(fields=('user', 'path'), name='form_draft_once')],
            },
        ),
        migrations.CreateModel(
            name='UploadedSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=100)),
                ('token', models.CharField(default=clerkadmin.models.new_token, max_length=43, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('headings', models.JSONField()),
                ('rows', models.JSONField()),
                ('uploaded_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sheet not imported yet',
                'verbose_name_plural': 'sheets not imported yet',
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='uploaded_sheet_once')],
            },
        ),
    ]
