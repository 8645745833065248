"""The addresses of accounts: signing in and out, and what each keeps of their own."""

from django.urls import path

from accounts import views
from notifications import settings_page

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("notices/", settings_page.notices, name="notices"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
