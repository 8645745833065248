"""The addresses of the whole site: permanent names, see docs/architecture.md."""

from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("account/", include("accounts.urls")),
    path("desk/", include("desk.deputies.urls")),
    path("", include("following.urls")),
    path("", include("public.urls")),
]
