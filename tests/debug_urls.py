"""The addresses as they are in debug mode: tests run without it."""

from django.urls import include, path

from public.views.design import design

urlpatterns = [path("design/", design), path("", include("config.urls"))]
