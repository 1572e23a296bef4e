from django.db import models


class Note(models.Model):
    text = models.CharField(max_length=20)
    size = models.DecimalField(max_digits=8, decimal_places=2, default=0)
