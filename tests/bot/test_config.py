"""Settings: environment over file; what cannot be stops the start and is named."""

import pytest

from bot import config
from bot.cli import main
from bot.sealing import CannotOpen, Seal, key_of
from handlers.talk import Refused


def test_the_environment_goes_before_the_file(tmp_path):
    file = tmp_path / "prongsai.toml"
    file.write_text('log = "json"\npublic_url = "https://ita.example.go.th/"\n', encoding="utf-8")
    made = config.read({"PRONGSAI_LOG": "text", "PATH": "x", "PRONGSAI_TEST_DATABASE_URL": "y"}, file)
    assert (made.log, made.public_url, made.timezone) == ("text", "https://ita.example.go.th", "Asia/Bangkok")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRONGSAI_DATABASE_URL", "mysql://localhost/x"),
        ("PRONGSAI_DATABASE_URL", "nonsense"),
        ("PRONGSAI_PUBLIC_URL", "ita.example.go.th"),
        ("PRONGSAI_TIMEZONE", "Asia/Nowhere"),
        ("PRONGSAI_LOG", "loud"),
        ("PRONGSAI_SECRET_KEY", "short"),
        ("PRONGSAI_NONSENSE", "1"),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path, name, value, capsys, monkeypatch):
    with pytest.raises(Refused):
        config.read({name: value}, tmp_path / "none.toml")
    monkeypatch.setenv(name, value)
    assert main(["upgrade"]) == 1
    told = capsys.readouterr().err
    assert name in told
    assert told.count("\n") == 1


def test_a_bad_file_is_named(tmp_path):
    file = tmp_path / "prongsai.toml"
    for body in ("log = loud", 'loudness = "1"'):
        file.write_text(body, encoding="utf-8")
        with pytest.raises(Refused) as refused:
            config.read({}, file)
        assert str(file) in refused.value.reply.say.args.values()


def test_a_secret_is_opened_by_its_key_and_by_no_other():
    sealed = Seal("an-older-key-of-ours").close({"token": "t"})
    assert b"token" not in sealed
    assert Seal("a-new-key-of-ours!,an-older-key-of-ours").open(sealed) == {"token": "t"}
    with pytest.raises(CannotOpen):
        Seal("a-new-key-of-ours!").open(sealed)


def test_a_signature_is_for_one_purpose():
    seal = Seal("an-older-key-of-ours")
    made = seal.sign("file", "1")
    assert seal.signed("file", "1", made)
    assert not seal.signed("login", "1", made)
    assert not seal.signed("file", "2", made)


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    made = key_of("", tmp_path / "var")
    assert key_of("", tmp_path / "var") == made
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert key_of("given-by-hand-1234", tmp_path / "var") == "given-by-hand-1234"
