"""The moment of the alert is a fact of the dialog; hot columns leave the indexes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chatdesk', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='conversation',
            name='chatdesk_conv_open',
        ),
        migrations.RemoveIndex(
            model_name='conversation',
            name='chatdesk_conv_waiting',
        ),
        migrations.AddField(
            model_name='conversation',
            name='alert_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='entry',
            name='conversation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='chatdesk.conversation'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('status__in', ('waiting', 'open'))), fields=['operator'], name='chatdesk_conv_in_progress'),
        ),
    ]
