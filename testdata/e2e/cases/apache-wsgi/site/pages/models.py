from django.core.validators import MinLengthValidator
from django.db import models


class Note(models.Model):
    title = models.CharField(max_length=40, validators=[MinLengthValidator(3)])
    body = models.TextField(blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0)

    class Meta:
        ordering = ['id']

    def __str__(self):
        return self.title
