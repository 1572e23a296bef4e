import bleach
from django import template
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def clean(text):
    return mark_safe(bleach.clean(text, tags=['b']))
