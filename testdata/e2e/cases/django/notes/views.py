from datetime import datetime, timezone

from django import forms
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from .models import Note


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ['text', 'size']


def index(request):
    return render(request, 'notes/list.html', {'notes': Note.objects.order_by('text'), 'epoch': datetime(1970, 1, 1, tzinfo=timezone.utc)})


@csrf_exempt
def add(request):
    form = NoteForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=422)
    return JsonResponse({'text': form.save().text})


def crash(request):
    raise LookupError('on purpose')
