import pytest

from .fake_weixin import PROFILE, TOKEN, serving


@pytest.fixture
def weixin(settings, monkeypatch):
    """Signing in by WeChat set up, and WeChat's servers on this machine."""
    settings.WEIXIN_APP_ID, settings.WEIXIN_APP_SECRET = "wx0123456789abcdef", "weixin-app-secret"
    with serving() as fake:
        monkeypatch.setattr("members.weixin.OAuthAdapter.access_token_url", fake.url + TOKEN)
        monkeypatch.setattr("members.weixin.OAuthAdapter.profile_url", fake.url + PROFILE)
        yield fake
