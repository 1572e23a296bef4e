import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.CreateModel(name='Note', options={'ordering': ['id']}, fields=[
        ('id', models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
        ('title', models.CharField(max_length=40, validators=[django.core.validators.MinLengthValidator(3)])),
        ('body', models.TextField(blank=True)),
        ('price', models.DecimalField(decimal_places=2, default=0, max_digits=8))])]
