"""What django-allauth is told. Reads no environment: `newsportal/settings.py` does, and takes these in."""

ACCOUNT_ADAPTER = "newsportal.accounts.PortalAdapter"
# A user name, or an address: members.forms.LoginForm turns the second into the first, so that both cost the same.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
# By a link: it is good on another device too, and without JavaScript. It is pressed, not only opened, because what
# looks through mails for dangers opens links.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
# One address each; a new one takes the place of the old when it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
# Told by mail: a changed password or address, a second factor that was set up or taken off.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "members.forms.LoginForm",
    "change_password": "members.forms.PasswordChangeForm",
    "reauthenticate": "members.forms.PasswordAgainForm",
    "signup": "members.sign_up.SignUpForm",
    "reset_password": "members.forms.ResetForm",
    "reset_password_from_key": "members.forms.NewPasswordForm",
    "add_email": "members.forms.EmailForm",
}
# Per address of the reader, and per account whatever the address. "login" counts all attempts, "login_failed" the wrong
# ones, codes of the second factor among them. Mails go to one address once in three minutes.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/5m/ip,10/15m/key",
    "reauthenticate": "10/m/user",
    "change_password": "10/m/user",
    "signup": "20/10m/ip",
    "reset_password": "10/10m/ip,3/15m/key",
    "reset_password_from_key": "20/10m/ip",
    "manage_email": "10/10m/user",
    "confirm_email": "1/3m/key",
    # Counted by members/phones.py: by number, account, network and site, and never under the number itself.
    "verify_phone": "",
}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 600
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = 5

MFA_ADAPTER = "members.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Accounts of the newsroom are made in the back office; their addresses need no confirmation.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "members.forms.CodeForm",
    "reauthenticate": "members.forms.CodeAgainForm",
    "activate_totp": "members.forms.ActivateCodeForm",
    "add_webauthn": "members.forms.PasskeyForm",
    "edit_webauthn": "members.forms.PasskeyNameForm",
    "login_webauthn": "members.forms.PasskeyLoginForm",
    "authenticate_webauthn": "members.forms.PasskeyCheckForm",
    "reauthenticate_webauthn": "members.forms.PasskeyAgainForm",
}

SOCIALACCOUNT_ADAPTER = "members.weixin_rules.SocialAdapter"
# Off unless the environment names an application: members.weixin.
SOCIALACCOUNT_PROVIDERS = {"weixin": {"provider_class": "members.weixin.Provider"}}
# A newcomer chooses her name herself.
SOCIALACCOUNT_AUTO_SIGNUP = False
# WeChat says who she is; an address that she adds later and never confirms does not lock her out.
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
# For each of the two questions that WeChat is asked at a sign-in.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
