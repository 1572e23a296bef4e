from datetime import datetime, timezone

from django import forms
from django.core.cache import cache
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from rest_framework import serializers, viewsets

from .models import Note


class NoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Note
        fields = ['id', 'title', 'price']


class NoteViewSet(viewsets.ModelViewSet):
    queryset = Note.objects.all()
    serializer_class = NoteSerializer


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ['title', 'price']


def home(request):
    request.session['n'] = request.session.get('n', 0) + 1
    return render(request, 'pages/home.html', {'notes': Note.objects.all(), 'n': request.session['n'],
                                               'hits': cache.get_or_set('hits', 7), 'day': datetime(2024, 7, 1, 12, tzinfo=timezone.utc)})


def add(request):
    form = NoteForm(request.POST or None)
    if form.is_valid():
        form.save()
        return redirect('/')
    return render(request, 'pages/form.html', {'form': form}, status=422 if request.POST else 200)


def members(request):
    return HttpResponse(f"{gettext('Yes')} {request.META.get('REMOTE_USER')}\n")


def stream(request):
    return StreamingHttpResponse((f'{i}\n' for i in range(3)), content_type='text/plain')


def crash(request):
    raise RuntimeError('on purpose')


def missing(request, exception):
    return JsonResponse({'error': 'nothing here'}, status=404)
