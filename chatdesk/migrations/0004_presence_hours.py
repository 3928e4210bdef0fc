"""Hours, shifts, reasons of absence, activity, and the regulation."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chatdesk', '0003_departments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='lease',
            name='active_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='operator',
            name='away_reason',
            field=models.CharField(blank=True, help_text='Why he is away; colleagues see it.', max_length=40, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='operator',
            name='back_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='back at'),
        ),
        migrations.AddField(
            model_name='presenceperiod',
            name='back_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='back at'),
        ),
        migrations.AddField(
            model_name='presenceperiod',
            name='reason',
            field=models.CharField(blank=True, max_length=40, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='storefront',
            name='time_zone',
            field=models.CharField(blank=True, help_text='In which the working hours are meant; else that of the site.', max_length=64, verbose_name='time zone'),
        ),
        migrations.CreateModel(
            name='Regulation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(editable=False, unique=True, verbose_name='version')),
                ('text', models.TextField(verbose_name='text')),
                ('goal_s', models.PositiveIntegerField(help_text='A first reply within this time is good.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3600)], verbose_name='goal, seconds')),
                ('limit_s', models.PositiveIntegerField(help_text='A question older than this without an answer raises the alert.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(3600)], verbose_name='limit, seconds')),
                ('capacity', models.PositiveSmallIntegerField(help_text='Of an operator whose card does not say otherwise.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='dialogs at once')),
                ('published_at', models.DateTimeField(editable=False, verbose_name='published')),
                ('published_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'regulation',
                'verbose_name_plural': 'regulation',
                'ordering': ('-version',),
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='confirmed')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acknowledgements', to='chatdesk.operator')),
                ('regulation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acknowledgements', to='chatdesk.regulation')),
            ],
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('is_responsible', models.BooleanField(default=False, help_text='The named person whom the shop asks about this time.', verbose_name='answers for the shift')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='chatdesk.operator', verbose_name='operator')),
            ],
            options={
                'verbose_name': 'shift',
                'verbose_name_plural': 'shifts',
                'ordering': ('begins_at', 'operator'),
            },
        ),
        migrations.CreateModel(
            name='SpecialDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('spans', models.JSONField(blank=True, default=list, verbose_name='hours')),
                ('by_hand', models.BooleanField(default=False, editable=False)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='special_days', to='chatdesk.department', verbose_name='department')),
                ('storefront', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='special_days', to='chatdesk.storefront', verbose_name='storefront')),
            ],
            options={
                'verbose_name': 'special day',
                'verbose_name_plural': 'special days',
                'ordering': ('date',),
            },
        ),
        migrations.CreateModel(
            name='OpeningHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens', models.TimeField(verbose_name='from')),
                ('closes', models.TimeField(verbose_name='to')),
                ('next_day', models.BooleanField(default=False, help_text='The work goes on past midnight.', verbose_name='until the next day')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='opening_hours', to='chatdesk.department', verbose_name='department')),
                ('storefront', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_hours', to='chatdesk.storefront', verbose_name='storefront')),
            ],
            options={
                'verbose_name': 'opening hours',
                'verbose_name_plural': 'opening hours',
                'ordering': ('weekday', 'opens'),
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='chatdesk_hours_weekday')],
            },
        ),
        migrations.AddConstraint(
            model_name='regulation',
            constraint=models.CheckConstraint(condition=models.Q(('limit_s__gte', models.F('goal_s'))), name='chatdesk_limit_after_goal'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(fields=('regulation', 'operator'), name='chatdesk_one_acknowledgement'),
        ),
        migrations.AddIndex(
            model_name='shift',
            index=models.Index(fields=['begins_at'], name='chatdesk_shift_begins'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='chatdesk_shift_has_length'),
        ),
        migrations.AddConstraint(
            model_name='specialday',
            constraint=models.UniqueConstraint(condition=models.Q(('department', None)), fields=('storefront', 'date', 'by_hand'), name='chatdesk_one_special_day'),
        ),
        migrations.AddConstraint(
            model_name='specialday',
            constraint=models.UniqueConstraint(fields=('storefront', 'department', 'date', 'by_hand'), name='chatdesk_one_special_day_of_department'),
        ),
    ]
