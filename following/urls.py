"""The addresses of following: by e-mail and by feed."""

from django.urls import URLPattern

app_name = "following"
urlpatterns: list[URLPattern] = []
