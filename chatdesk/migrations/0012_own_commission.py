from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('chatdesk', '0011_sales'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='ledgerline',
            options={'permissions': [('adjust_ledger', 'Can adjust the ledger and close months'), ('view_own_commission', 'Can see the own commission in the workspace')], 'verbose_name': 'line of the ledger', 'verbose_name_plural': 'lines of the ledger'},
        ),
    ]
