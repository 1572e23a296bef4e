from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel('Note', [
        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
        ('text', models.CharField(max_length=20)),
        ('size', models.DecimalField(decimal_places=2, default=0, max_digits=8))])]
