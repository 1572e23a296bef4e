from django.contrib import admin
from django.urls import include, path
from rest_framework import routers

from pages import views

router = routers.DefaultRouter()
router.register('notes', views.NoteViewSet)
handler404 = 'pages.views.missing'
urlpatterns = [path('', views.home), path('crash', views.crash), path('note', views.add), path('members/', views.members),
               path('stream', views.stream), path('api/', include(router.urls)), path('admin/', admin.site.urls)]
