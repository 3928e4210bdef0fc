"""Departments, who answers in them, and the department of a dialog."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chatdesk', '0002_hot_rows'),
    ]

    operations = [
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Smaller numbers come first.', verbose_name='order')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('storefront', models.ForeignKey(blank=True, help_text='Empty means every storefront.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='departments', to='chatdesk.storefront', verbose_name='storefront')),
            ],
            options={
                'verbose_name': 'department',
                'verbose_name_plural': 'departments',
            },
        ),
        migrations.AddField(
            model_name='conversation',
            name='department',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='chatdesk.department', verbose_name='department'),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='chatdesk.department')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='chatdesk.operator', verbose_name='operator')),
            ],
            options={
                'verbose_name': 'member',
                'verbose_name_plural': 'members',
            },
        ),
        migrations.AddField(
            model_name='department',
            name='operators',
            field=models.ManyToManyField(related_name='departments', through='chatdesk.Membership', to='chatdesk.operator', verbose_name='operators'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('department', 'operator'), name='chatdesk_member_once'),
        ),
    ]
