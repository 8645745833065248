"""The addresses of following; those with a token stand in mails alone."""

from django.urls import path

from following import views

app_name = "following"
urlpatterns = [
    path("follow/", views.follow, name="follow"),
    path("follow/asked/", views.asked, name="asked"),
    path("follow/confirm/<str:token>/", views.confirm, name="confirm"),
    path("follow/<str:token>/", views.manage, name="manage"),
    path("follow/<str:token>/end/", views.end, name="end"),
]
