import proposals.models.proposal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('proposals', '0004_deputies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='historicalproposal',
            name='key',
            field=models.CharField(db_index=True, default=proposals.models.proposal.new_key, editable=False, max_length=16),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='key',
            field=models.CharField(default=proposals.models.proposal.new_key, editable=False, max_length=16, unique=True),
        ),
    ]
