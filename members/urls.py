"""Addresses of the accounts: those of allauth that the portal uses, and no other."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from . import views, weixin_pages
from .sign_up import SignUpView
from .views import page, without_mail
from .weixin_pages import with_way_to_weixin

urlpatterns = [
    path("", views.home, name="account_home"),
    path("login/", page(with_way_to_weixin(account.login), title="登录"), name="account_login"),
    path("logout/", page(account.logout, title="退出"), name="account_logout"),
    path(
        "signup/",
        page(with_way_to_weixin(SignUpView.as_view()), title="成为会员", refused=422),
        name="account_signup",
    ),
    path(
        "confirm-email/",
        page(account.email_verification_sent, title="请查收确认邮件"),
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]{1,300})/$",
        page(account.confirm_email, title="确认邮箱"),
        name="account_confirm_email",
    ),
    path("email/", page(without_mail(account.email), title="更换邮箱", refused=422), name="account_email"),
    path(
        "password/reset/",
        page(without_mail(account.password_reset), title="找回密码", refused=422),
        name="account_reset_password",
    ),
    path(
        "password/reset/done/",
        page(account.password_reset_done, title="请查收邮件"),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,20})-(?P<key>[-\w]{1,100})/$",
        page(account.password_reset_from_key, title="设置新密码", refused=422),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        page(account.password_reset_from_key_done, title="密码已修改"),
        name="account_reset_password_from_key_done",
    ),
    path("reauthenticate/", page(account.reauthenticate, title="确认是你本人"), name="account_reauthenticate"),
    path(
        "password/",
        page(views.PasswordChangeView.as_view(), title="修改密码"),
        name="account_change_password",
    ),
    path("sessions/", page(views.session_list, title="登录的设备"), name="usersessions_list"),
    path("2fa/", page(second_factor.index, title="两步验证"), name="mfa_index"),
    path("2fa/authenticate/", page(second_factor.authenticate, title="两步验证"), name="mfa_authenticate"),
    path("2fa/reauthenticate/", page(second_factor.reauthenticate, title="确认是你本人"), name="mfa_reauthenticate"),
    path(
        "2fa/totp/activate/",
        page(views.ActivateTOTPView.as_view(), title="设置动态口令"),
        name="mfa_activate_totp",
    ),
    path("2fa/totp/deactivate/", page(totp.deactivate_totp, title="停用动态口令"), name="mfa_deactivate_totp"),
    path(
        "2fa/recovery-codes/", page(recovery_codes.view_recovery_codes, title="恢复码"), name="mfa_view_recovery_codes"
    ),
    path(
        "2fa/recovery-codes/generate/",
        page(recovery_codes.generate_recovery_codes, title="重新生成恢复码"),
        name="mfa_generate_recovery_codes",
    ),
    # The passkeys stand on the page of the second factor; allauth goes back to this name.
    path("2fa/passkeys/", views.home, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", page(views.AddPasskeyView.as_view(), title="添加通行密钥"), name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", page(passkeys.login_webauthn, title="登录"), name="mfa_login_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        page(passkeys.reauthenticate_webauthn, title="确认是你本人"),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "2fa/passkeys/<int:pk>/edit/",
        page(passkeys.edit_webauthn, title="给通行密钥改名"),
        name="mfa_edit_webauthn",
    ),
    path(
        "2fa/passkeys/<int:pk>/remove/",
        page(passkeys.remove_webauthn, title="删除通行密钥"),
        name="mfa_remove_webauthn",
    ),
    # 404 where the settings name no application of WeChat's.
    path("weixin/login/", page(weixin_pages.begin, title="用微信登录"), name="weixin_login"),
    path("weixin/login/callback/", page(weixin_pages.callback, title="用微信登录"), name="weixin_callback"),
    path("weixin/signup/", page(weixin_pages.sign_up, title="成为会员", refused=422), name="socialaccount_signup"),
    path(
        "weixin/",
        page(with_way_to_weixin(weixin_pages.connections), title="微信登录", refused=422),
        name="socialaccount_connections",
    ),
    path(
        "weixin/again/",
        page(with_way_to_weixin(weixin_pages.again), title="确认是你本人"),
        name="weixin_reauthenticate",
    ),
]
