"""Settings: all of them explained, all of them checked, and none of them leaking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from keyring.backend import KeyringBackend
from pydantic import BaseModel

from rpa.domain.errors import UsageError
from rpa.setting_model import SECRET_KEYS, Settings
from rpa.settings import (
    load_settings,
    secrets_given,
    setting_sources,
    setting_values,
    state_folder_given,
    unknown_variables,
)

ROOT = Path(__file__).parent.parent


def keys_that_name_a_secret(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Each setting whose kind has a secret anywhere in it, so that `SecretStr | None` would be found too."""
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from ((name, *rest) for rest in keys_that_name_a_secret(info.annotation))
        elif "SecretStr" in repr(info.annotation):
            yield (name,)


class Keyring(KeyringBackend):
    """A keyring in memory, which notes what it is asked for."""

    priority = 1

    def __init__(self, kept: dict[str, str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept = kept
        self.asked: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        assert service == "esp-rpa"
        self.asked.append(username)
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        assert service == "esp-rpa"
        self.kept[username] = password


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine, and no .env or portals.toml of the folder, reaches these tests."""
    monkeypatch.chdir(tmp_path)
    for name in setting_values(load_settings()):
        monkeypatch.delenv(name, raising=False)


def test_example_lists_every_setting_and_no_other() -> None:
    """A setting that .env.example does not explain does not exist for a user."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?(RPA_\w+)=", example, re.MULTILINE)) == set(setting_values(load_settings()))


def test_defaults_in_the_example_are_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the example comments out as default is what is in force without it."""
    plain = setting_values(load_settings())
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    told = [line[1:] for line in lines if re.match(r"#RPA_\w+=", line)]
    (tmp_path / ".env").write_text("\n".join(told), encoding="utf-8")
    assert setting_values(load_settings()) == plain


def test_environment_wins_over_env_file_over_portals_toml(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of the same setting in three places the nearest to the command counts."""
    (tmp_path / "portals.toml").write_text('[adp]\nurl = "https://toml"\nusername = "toml"\ntimeout = 7\n')
    (tmp_path / ".env").write_text("RPA_ADP__URL=https://env-file\nRPA_ADP__USERNAME=env-file\n")
    monkeypatch.setenv("RPA_ADP__URL", "https://environment")
    adp = load_settings().adp
    assert (adp.url, adp.username, adp.timeout) == ("https://environment", "env-file", 7)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("RPA_ROSTER__POLL", "0", "RPA_ROSTER__POLL"),
        ("RPA_ADP__USRNAME", "x", "RPA_ADP__USRNAME"),
        ("RPA_TODAY", "tomorrow", "RPA_TODAY"),
        ("RPA_LIMITS__READ_ATTEMPTS", "many", "RPA_LIMITS__READ_ATTEMPTS"),
        ("RPA_CAMPAIGNS", "{", "campaigns"),
    ],
)
def test_wrong_value_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    """A value that cannot be used stops the command and names the variable."""
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=told):
        load_settings()


def test_misspelt_variable_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A variable that no setting reads is named, with the one it may have been meant for."""
    monkeypatch.setenv("RPA_STATEDIR", "/tmp/x")
    assert unknown_variables() == ["RPA_STATEDIR is not a setting; did you mean RPA_STATE_DIR?"]
    monkeypatch.delenv("RPA_STATEDIR")
    (tmp_path / ".env").write_text("RPA_TRCE=true\nRPA_TRACE=true\nOTHER=1\n")
    assert unknown_variables() == ["RPA_TRCE is not a setting; did you mean RPA_TRACE?"]


def test_wrong_secret_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error about settings never shows the value of one, since it may be a password."""
    monkeypatch.setenv("RPA_ADP__PASWORD", "s3cret-canary")
    with pytest.raises(UsageError) as told:
        load_settings()
    assert "s3cret-canary" not in str(told.value)


def test_secrets_are_only_said_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """`config show` says that a password is set, and not which."""
    monkeypatch.setenv("RPA_ADP__PASSWORD", "s3cret-canary")
    values = setting_values(load_settings())
    assert values["RPA_ADP__PASSWORD"] == "(set)"
    assert "s3cret-canary" not in repr(load_settings()) + repr(values)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[adp]\npassword = "x"\n', r"line 2: \[adp\] holds a secret"),
        ("[adb]\n", r"\[adp\]"),
        ("[adp\n", "line 1"),
        ('[adp]\nurls = "x"\n', "urls"),
    ],
)
def test_portals_toml_is_checked(tmp_path: Path, text: str, told: str) -> None:
    """A file that is passed around holds no secret, no unknown name, and no broken line."""
    (tmp_path / "portals.toml").write_text(text)
    with pytest.raises(UsageError) as error:
        load_settings()
    assert re.search(told, str(error.value), re.IGNORECASE)


def test_named_portals_file_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A named file that is not there is not taken for an empty one."""
    monkeypatch.setenv("RPA_PORTALS_FILE", "elsewhere.toml")
    with pytest.raises(UsageError, match=r"elsewhere\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[adp]\n\ntimeout = 0\n", "portals.toml, line 3: adp.timeout"),
        ('[adp]\n[adp.labels]\nesp_end = "x"\n', "portals.toml, line 3: labels.esp_end is not known"),
        (
            '[adp.locators]\n"adp.menu.people_buton" = "x"\n',
            "portals.toml, line 2: locators.adp.menu.people_buton",
        ),
        (
            '[adp.locators]\n# why\n"adp.menu.people_button" = \'get_by_rol("x")\'\n',
            "portals.toml, line 3: locators.adp.menu.people_button, column 1",
        ),
        ('[adp]\nurl = "x"\npaths = { hom = "/" }\n', "portals.toml, line 3: paths.hom is not known"),
        (
            '[transfer]\ndepartment_pattern = "{site} Prod"\n',
            "portals.toml, line 2: transfer.department_pattern",
        ),
        (
            '[transfer]\ndepartment_pattern = "{site} {code} ("\n',
            "portals.toml, line 2: transfer.department_pattern",
        ),
        ('adp.date_format = "DD.MM"\n', "portals.toml, line 1: The date format"),
        ('[adp]\nurl = "adp.example.com"\n', "portals.toml, line 2: adp.url"),
        ('[adp]\nurl = "file:///etc/passwd"\n', "portals.toml, line 2: adp.url"),
        ('[adp]\nurl = "https://adp.example.com:99999"\n', "portals.toml, line 2: adp.url"),
        ('[adp]\nurl = "https://adp.example.com@a.evil.com"\n', "portals.toml, line 2: adp.url"),
        ('[adp]\nurl = "https://adp.example.com/?x"\n', "portals.toml, line 2: adp.url"),
        ('[adp]\nsign_in_url = "sso"\n', "portals.toml, line 2: adp.sign_in_url"),
        ('[adp.paths]\nhome = ".evil.com/"\n', "portals.toml, line 2: adp.paths.home"),
        ('[adp.paths]\nhome = "//evil.com/"\n', "portals.toml, line 2: adp.paths.home"),
        ('[adp.labels]\nesp_end_date = " "\n', "portals.toml, line 2: adp.labels.esp_end_date"),
        ('[adp.labels]\nspun_up = "x"\n', "portals.toml, line 2: labels.spun_up is not known"),
        ('[blackdash.paths]\nsorry = "/x"\n', "portals.toml, line 2: paths.sorry is not known"),
        (
            '[blackdash.locators]\n"adp.menu.people_button" = \'get_by_text("x")\'\n',
            "portals.toml, line 2: locators.adp.menu.people_button stands under the other portal",
        ),
        ('[adp]\nread_posts = ["POST /a", "search"]\n', "portals.toml, line 2: adp.read_posts"),
        ('[guard]\norigins = ["*"]\n', "portals.toml, line 2: guard.origins"),
        ('[guard]\norigins = ["cdn.x"]\n', "portals.toml, line 2: guard.origins"),
        ('[guard]\norigins = ["https://*.example.com"]\n', "portals.toml, line 2: guard.origins"),
        ('[guard]\norigins = ["https://cdn.example.com/js"]\n', "portals.toml, line 2: guard.origins"),
        ('[guard]\nwriting_get = "("\n', "portals.toml, line 2: guard.writing_get"),
        ("[session]\nhours = inf\n", "portals.toml, line 2: session.hours"),
        ("[session]\nhours = 1e300\n", "portals.toml, line 2: session.hours"),
        ('[campaigns]\nAetna = ""\n', "portals.toml, line 2: campaigns.Aetna"),
        ('sites = [""]\n', "portals.toml, line 1: sites"),
    ],
)
def test_wrong_place_of_portals_toml_is_told_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    """Whoever fits a site is sent to the line that is wrong."""
    (tmp_path / "portals.toml").write_text(text)
    with pytest.raises(UsageError) as error:
        load_settings()
    assert told in str(error.value)


def test_every_misfit_of_portals_toml_is_told_at_once(tmp_path: Path) -> None:
    """Two wrong lines are two sentences, not two tries."""
    (tmp_path / "portals.toml").write_text('[adp.labels]\na = "x"\n[blackdash.paths]\nb = "/"\n')
    with pytest.raises(UsageError, match=r"(?s)line 2.*line 4"):
        load_settings()


def test_wrong_values_do_not_hide_wrong_names(tmp_path: Path) -> None:
    """A value of a wrong kind and a label that nothing knows are told together."""
    (tmp_path / "portals.toml").write_text('[adp]\ntimeout = 0\nurl = "x"\n[adp.labels]\na = "x"\n')
    with pytest.raises(UsageError, match=r"(?s)line 3: adp.url.*line 2: adp.timeout.*line 5: labels\.a"):
        load_settings()


def test_addresses_as_they_are_used_are_taken(tmp_path: Path) -> None:
    """A port, a base path, a sign-in page with a query, a host by number: all are addresses."""
    (tmp_path / "portals.toml").write_text(
        '[adp]\nurl = "https://adp.example.com:8443/base/"\nsign_in_url = "https://sso.example.com/in?a=b"\n'
        '[blackdash]\nurl = "http://10.0.0.1"\n[guard]\norigins = ["https://cdn.example.com", "http://[::1]:80/"]\n'
    )
    settings = load_settings()
    assert settings.adp.sign_in_url.endswith("?a=b")
    assert len(settings.guard.origins) == 2


def test_a_mark_at_the_beginning_of_a_file_is_no_mistake(tmp_path: Path) -> None:
    """Some editors begin each file with a byte order mark; portals.toml and .env are read all the same."""
    (tmp_path / "portals.toml").write_text('[adp]\nurl = "https://toml"\n', encoding="utf-8-sig")
    (tmp_path / ".env").write_text("RPA_ADP__USERNAME=ada\n", encoding="utf-8-sig")
    adp = load_settings().adp
    assert (adp.url, adp.username) == ("https://toml", "ada")


def test_each_value_names_its_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`config show` says where to go to change a value; a table may be made in several places."""
    (tmp_path / "portals.toml").write_text('[adp]\nurl = "https://t"\n[adp.labels]\nesp_end_date = "E"\n')
    (tmp_path / ".env").write_text('RPA_ADP__USERNAME=a\nRPA_ADP__LABELS={"uptraining_class":"U"}\n')
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "RPA_ADP__PASSWORD").write_text("s3cret-canary\n")
    monkeypatch.setenv("RPA_SECRETS_DIR", str(tmp_path / "secrets"))
    monkeypatch.setenv("RPA_KEYRING", "true")
    monkeypatch.setattr(keyring.core, "_keyring_backend", Keyring({"RPA_MAIL__SMTP_URL": "smtp://kept"}))
    settings = load_settings()
    assert settings.adp.password.get_secret_value() == "s3cret-canary"
    assert settings.mail.smtp_url.get_secret_value() == "smtp://kept"
    assert settings.adp.labels == {"esp_end_date": "E", "uptraining_class": "U"}
    sources = setting_sources(settings)
    wanted = {
        "RPA_SECRETS_DIR": "environment",
        "RPA_ADP__USERNAME": ".env",
        "RPA_ADP__URL": "portals.toml",
        "RPA_ADP__LABELS": ".env, portals.toml",
        "RPA_ADP__PASSWORD": "secret file",
        "RPA_MAIL__SMTP_URL": "keyring",
        "RPA_ADP__TIMEOUT": "default",
    }
    assert {name: sources[name] for name in wanted} == wanted


def test_keyring_is_asked_only_for_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret from elsewhere wins, and without RPA_KEYRING the keyring is left alone."""
    kept = Keyring({"RPA_ADP__PASSWORD": "kept"})
    monkeypatch.setattr(keyring.core, "_keyring_backend", kept)
    assert load_settings().adp.password.get_secret_value() == ""
    assert kept.asked == []
    monkeypatch.setenv("RPA_KEYRING", "true")
    monkeypatch.setenv("RPA_ADP__PASSWORD", "given")
    assert load_settings().adp.password.get_secret_value() == "given"
    assert "RPA_ADP__PASSWORD" not in kept.asked


def test_a_missing_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no keyring, the sentence names the other places."""
    none = keyring.backends.fail.Keyring()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(keyring.core, "_keyring_backend", none)
    monkeypatch.setenv("RPA_KEYRING", "true")
    with pytest.raises(UsageError, match="RPA_SECRETS_DIR"):
        load_settings()


@pytest.mark.parametrize("key", list(keys_that_name_a_secret(Settings)), ids=".".join)
def test_secret_of_the_model_is_known_wherever_secrets_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: tuple[str, ...]
) -> None:
    """A secret that one of the filters did not know would leak there; a new one is known to all of them."""
    variable = "RPA_" + "__".join(key).upper()
    with monkeypatch.context() as given:
        given.setenv(variable, "https://x:s3cret-canary@x")
        assert setting_values(load_settings())[variable] == "(set)"
        for known in (load_settings().secrets(), secrets_given()):
            assert {"https://x:s3cret-canary@x", "s3cret-canary"} <= set(known)
    with monkeypatch.context() as given:
        given.setenv("RPA_KEYRING", "true")
        given.setattr(keyring.core, "_keyring_backend", Keyring({variable: "s3cret-canary"}))
        assert load_settings().secrets() == ["s3cret-canary"]
        assert setting_sources(load_settings())[variable] == "keyring"
    assert key[-1] in SECRET_KEYS, "the support bundle takes it out of portals.toml by its last name"
    (tmp_path / "portals.toml").write_text(f'{".".join(key)} = "s3cret-canary"\n')
    with pytest.raises(UsageError, match="holds a secret"):
        load_settings()


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_an_env_file_that_is_no_utf8_is_named(tmp_path: Path, encoding: str) -> None:
    """PowerShell and Notepad save in other ways: a sentence says so, and the way to a bundle stays open."""
    (tmp_path / ".env").write_text("RPA_EXTENSION__ESP_MANAGER=María Ortiz\n", encoding=encoding)
    with pytest.raises(UsageError, match=r"\.env cannot be read: it is not UTF-8"):
        load_settings()
    assert state_folder_given().name == "esp-rpa"
    assert secrets_given() == []


def test_home_is_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No shell makes a home folder of ~ in `.env`; a folder of that name would be another one everywhere."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    told = "RPA_STATE_DIR=~/state\nRPA_TRACKER__FILE=~/t.xlsx\nRPA_MENTORS__FILE=~nosuchuser/m.csv\n"
    (tmp_path / ".env").write_text(told, encoding="utf-8")
    settings = load_settings()
    assert settings.state_dir == state_folder_given() == tmp_path / "home" / "state"
    assert settings.mentors.file == Path("~nosuchuser/m.csv")
    assert settings.tracker.file == tmp_path / "home" / "t.xlsx"
