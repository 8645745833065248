"""The addresses of accounts: signing in and out, and what each keeps of their own."""

from django.urls import path

from accounts import (
    email_pages,
    factor_pages,
    invitation_views,
    password_pages,
    sign_in_views,
    signing_in,
    views,
)
from notifications import settings_page

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.code, name="code"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/", password_pages.password, name="password"),
    path("password/reset/", password_pages.ask_reset, name="reset"),
    path("password/reset/asked/", password_pages.reset_asked, name="reset_asked"),
    path(
        "password/reset/<uidb64>/<token>/",
        password_pages.ResetConfirm.as_view(),
        name="reset_confirm",
    ),
    path("email/", email_pages.email, name="email"),
    path("email/<str:token>/", email_pages.confirm, name="email_confirm"),
    path("notices/", settings_page.notices, name="notices"),
    path("sign-ins/", sign_in_views.sign_ins, name="sign_ins"),
    path("invitation/<str:token>/", invitation_views.invitation, name="invitation"),
    path("second-factor/", factor_pages.second_factor_page, name="second_factor"),
    path("second-factor/codes/", factor_pages.backup_codes, name="backup_codes"),
    path("second-factor/remove/", factor_pages.remove, name="second_factor_remove"),
]
