"""Everything under /accounts/: our own pages first, then allauth's."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/delete/", views.delete_account, name="account_delete"),
    path("invitation/<str:token>/", views.invitation, name="account_invitation"),
    path("login/", views.login, name="account_login"),
    path("email/", views.email, name="account_email"),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.account.urls")),
]
