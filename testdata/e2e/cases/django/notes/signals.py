from django.db.models.signals import pre_save
from django.dispatch import receiver

from .models import Note


@receiver(pre_save, sender=Note)
def strip(sender, instance, **kwargs):
    instance.text = instance.text.strip()
