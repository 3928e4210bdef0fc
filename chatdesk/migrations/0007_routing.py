"""Routing rules, the line, what was offered, and the ladder of a question."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chatdesk', '0006_shop_in_dialog'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoutingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='order')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('page', models.CharField(blank=True, help_text='A path such as /kettles/*; * stands for anything.', max_length=300, verbose_name='page')),
                ('category', models.CharField(blank=True, max_length=120, verbose_name='product category')),
                ('language', models.CharField(blank=True, help_text='A code such as ru; de also means de-at.', max_length=10, verbose_name='language')),
                ('cart_from', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='cart from')),
                ('cart_below', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='cart below')),
                ('customer_group', models.CharField(blank=True, max_length=120, verbose_name='customer group')),
                ('head_start', models.PositiveIntegerField(default=0, help_text='As if the visitor had waited so many seconds longer.', validators=[django.core.validators.MaxValueValidator(3600)], verbose_name='head start in the line, s')),
            ],
            options={
                'verbose_name': 'routing rule',
                'verbose_name_plural': 'routing rules',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='assignment',
            name='note',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='conversation',
            name='head_start',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='head start in the line, s'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='heard_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='latest question'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='holding_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='holding text sent'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='left_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='left without an answer'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='line_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='conversation',
            name='offer_note',
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name='conversation',
            name='offered_to',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='chatdesk.operator', verbose_name='offered to'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='offered_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='conversation',
            name='passed_on_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='passed on'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='route_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='conversation',
            name='step',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='storefront',
            name='holding_text',
            field=models.TextField(blank=True, help_text="Sent by itself when nobody answers in time, marked as automatic. Empty means our own words in the visitor's language.", max_length=400, verbose_name='holding text'),
        ),
        migrations.AddField(
            model_name='storefront',
            name='rescue_text',
            field=models.TextField(blank=True, help_text="Sent by itself after a longer wait, with the offer to leave a contact. Empty means our own words in the visitor's language.", max_length=400, verbose_name='rescue text'),
        ),
        migrations.AlterField(
            model_name='assignment',
            name='reason',
            field=models.CharField(choices=[('taken', 'taken'), ('handed', 'handed over by a colleague'), ('taken_over', 'taken over by a manager'), ('passed_on', 'passed on, because nobody answered'), ('known', 'knows the visitor'), ('only_free', 'the only one with a free place'), ('least_loaded', 'fewest active dialogs'), ('longest_idle', 'as few dialogs as others, idle the longest')], max_length=20),
        ),
        migrations.AlterField(
            model_name='effect',
            name='kind',
            field=models.CharField(choices=[('transcript_mail', 'copy of the dialog'), ('no_reply_alert', 'alert of a missing reply'), ('manager_alert', 'alert to the managers')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('message', 'message'), ('note', 'internal note'), ('taken', 'taken'), ('released', 'released'), ('closed', 'closed'), ('reopened', 'reopened'), ('rated', 'rated'), ('transcript', 'copy by mail'), ('auto', 'automatic text'), ('routed', 'routed'), ('offered', 'offered to a colleague'), ('declined', 'offer not accepted'), ('raised', 'staff were told'), ('product', 'product card'), ('offer', 'proposed order'), ('withdrawn', 'proposal withdrawn'), ('ordered', 'order made'), ('order', 'news of an order')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(condition=models.Q(('left_at__isnull', False)), fields=['left_at'], name='chatdesk_conv_left'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='department',
            field=models.ForeignKey(blank=True, help_text='Empty leaves the department to the rules below.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='chatdesk.department', verbose_name='department'),
        ),
    ]
