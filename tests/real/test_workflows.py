"""What CI runs, step by step as it stands, against a local repository and a local server.

The workflows of the examples, the action that builds, the job for GitLab and the hook of pre-commit.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import icalendar
import pytest
import yaml

from tests.conftest import ROOT, need
from tests.reader import Reader, blocks

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the workflows run on Linux")


FIRST_BUILD = {"inputs.first-build && '--first-build' || ''": "--first-build"}


class Runner:
    """Runs the `run` steps of a workflow as GitHub does: bash -e, its env, what a step adds to GITHUB_ENV."""

    def __init__(self, workflow: str | Path, folder: Path, context: dict[str, str]) -> None:
        text = (ROOT / "examples" / "hosting" / workflow).read_text(encoding="utf-8")
        text = re.sub(r"\$\{\{ (.*?) \}\}", lambda match: context.get(match[1], ""), text)
        parsed: dict[str, Any] = yaml.safe_load(text)
        self.steps = [
            step for step in parsed["jobs"]["publish"]["steps"] if "run" in step and step["name"] != "Install"
        ]
        self.env_file = folder / "github-env"
        self.env_file.write_text("", encoding="utf-8")
        self.env = {
            **environment(folder),
            **{name: str(value or "") for name, value in parsed["env"].items()},
            "GITHUB_ENV": str(self.env_file),
            "RUNNER_TEMP": str(folder / "runner temp"),
        }

    def run(self, checkout: Path) -> subprocess.CompletedProcess[str] | None:
        """Run every step; the first that fails, or None."""
        shutil.rmtree(self.env["RUNNER_TEMP"], ignore_errors=True)
        Path(self.env["RUNNER_TEMP"]).mkdir()
        for step in self.steps:
            added = dict(line.partition("=")[::2] for line in self.env_file.read_text(encoding="utf-8").splitlines())
            done = bash(step["run"], checkout, {**self.env, **added})
            if done.returncode:
                return done
        return None


def environment(folder: Path) -> dict[str, str]:
    """That of a runner on which the command is installed."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "GITHUB_", "CI_"))}
    (folder / "bin").mkdir(exist_ok=True)
    command = folder / "bin" / "icms-calendar"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m icms_calendar "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return {**clean, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder)}


def bash(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    shell = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(shell, cwd=folder, env=env, capture_output=True, text=True, check=False)


def git(*arguments: str, cwd: Path) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(["git", *identity, *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A bare repository whose main holds the examples."""
    need("git")
    work = tmp_path / "work"
    shutil.copytree(ROOT / "examples", work / "examples")
    git("init", "-q", cwd=work)
    git("add", "-A", cwd=work)
    git("commit", "-qm", "records", cwd=work)
    git("clone", "-q", "--bare", str(work), str(tmp_path / "origin.git"), cwd=tmp_path)
    git("remote", "add", "origin", str(tmp_path / "origin.git"), cwd=work)
    return tmp_path / "origin.git"


def change_records(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "work" / "examples" / "kra-icms" / "windows.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    git("commit", "-qam", "change", cwd=tmp_path / "work")
    git("push", "-q", "origin", "HEAD:main", cwd=tmp_path / "work")


def checkout(origin: Path, name: str) -> Path:
    folder = origin.parent / name
    git("clone", "-q", "--depth", "1", "--branch", "main", f"file://{origin}", str(folder), cwd=origin.parent)
    return folder


def sequences(feed: bytes) -> dict[str, tuple[int, str]]:
    events = icalendar.Calendar.from_ical(feed).events
    return {str(event["UID"]).partition("@")[0]: (event.sequence, str(event["STATUS"])) for event in events}


def test_github_pages_goes_on_from_the_branch_it_published(origin: Path, tmp_path: Path) -> None:
    def publish(name: str, **context: str) -> subprocess.CompletedProcess[str] | None:
        return Runner("github-pages.yml", tmp_path, context).run(checkout(origin, name))

    refused = publish("none")
    assert refused is not None
    assert "tick first-build" in refused.stdout
    assert publish("one", **FIRST_BUILD) is None
    shown = partial(git, "show", "gh-pages:all.ics", cwd=origin)
    first = shown().encode()
    assert set(sequences(first).values()) == {(0, "CONFIRMED")}
    change_records(tmp_path, "end: 2025-07-13 10:00", "end: 2025-07-13 11:00")
    assert publish("two") is None
    assert sequences(shown().encode()) == {**sequences(first), "icms-2025-07-13": (1, "CONFIRMED")}
    assert publish("three") is None
    assert git("show", "gh-pages:.nojekyll", cwd=origin) == ""
    assert len(git("log", "--format=%H", "gh-pages", cwd=origin).splitlines()) in (2, 3)  # 2: the third in one second
    assert "examples" not in git("ls-tree", "--name-only", "gh-pages", cwd=origin)
    broken = checkout(origin, "four")
    git("remote", "set-url", "origin", f"file://{tmp_path}/gone.git", cwd=broken)
    failed = Runner("github-pages.yml", tmp_path, {}).run(broken)
    assert failed is not None
    assert not (tmp_path / "runner temp" / "site").exists()


def test_who_follows_the_guide_publishes_a_page_and_a_moved_window_reaches_its_readers(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    published = partial(git, "show", "gh-pages:all.ics", cwd=reader.origin)

    def workflow(name: str, **context: str) -> subprocess.CompletedProcess[str] | None:
        folder = checkout(reader.origin, name)
        return Runner(folder / ".github" / "workflows" / "calendar.yml", tmp_path, context).run(folder)

    for kind, text in blocks((ROOT / "docs" / "publish.md").read_text(encoding="utf-8")):
        if kind != "sh" or text.startswith("pip "):
            continue
        if "git commit -am" in text:  # the step before it: Publish
            refused = workflow("first push")
            assert refused is not None
            assert "tick first-build" in refused.stdout
            assert workflow("by hand", **FIRST_BUILD) is None
            assert git("show", "gh-pages:index.html", cwd=reader.origin).startswith("<!doctype html>")
            before = icalendar.Calendar.from_ical(published()).events
            reader.edit("harbour/windows.yaml", "06:00", "07:00")
        done = reader.run(text)
        assert done.returncode == 0, done.stdout
    assert workflow("second push") is None
    after = icalendar.Calendar.from_ical(published()).events
    assert [event["UID"] for event in after] == [event["UID"] for event in before]
    assert after[0].end - before[0].end == timedelta(hours=1)
    assert after[0]["SEQUENCE"] == 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    (tmp_path / "served").mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "served")))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_static_host_goes_on_from_the_feed_it_serves(
    origin: Path, tmp_path: Path, server: ThreadingHTTPServer
) -> None:
    need("rsync")
    served = tmp_path / "served"
    context = {"vars.FEED_URL": f"http://127.0.0.1:{server.server_port}/all.ics", "vars.TARGET": f"{served}/"}

    def publish(name: str, **inputs: str) -> subprocess.CompletedProcess[str] | None:
        chosen = {f"inputs.{k} && '--{k}' || ''": v for k, v in inputs.items()}
        return Runner("static-host.yml", tmp_path, {**context, **chosen}).run(checkout(origin, name))

    refused = publish("none")
    assert refused is not None
    assert "ICM402" in refused.stderr
    assert "--first-build" in refused.stderr
    assert not list(served.iterdir())
    assert publish("one", **{"first-build": "--first-build"}) is None
    first = (served / "all.ics").read_bytes()
    change_records(tmp_path, "start: 2025-11-09 06:00", "start: 2025-11-09 05:00")
    assert publish("two") is None
    assert sequences((served / "all.ics").read_bytes()) == {**sequences(first), "icms-2025-11-09": (1, "CONFIRMED")}
    server.shutdown()
    server.server_close()
    down = publish("three")
    assert down is not None
    assert "ICM402: the previous feed did not answer" in down.stderr
    assert "Try again" in down.stderr


ACTION = yaml.safe_load((ROOT / ".github" / "actions" / "build" / "action.yml").read_text(encoding="utf-8"))
ACTION_STEPS = {step.get("id"): step for step in ACTION["runs"]["steps"]}


class Job:
    """Runs the build step of the action as a job does, and keeps its outputs and its summary."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outputs: dict[str, str] = {}
        self.summary = ""

    def build(self, checkout: Path, inputs: dict[str, str], event: str = "push") -> subprocess.CompletedProcess[str]:
        given = {name: str(entry.get("default", "")) for name, entry in ACTION["inputs"].items()} | inputs
        context = {f"inputs.{name}": value for name, value in given.items()}
        context["steps.install.outputs.command"] = "icms-calendar"
        step = ACTION_STEPS["build"]
        env = {name: context[value.removeprefix("${{ ").removesuffix(" }}")] for name, value in step["env"].items()}
        output, summary, temporary = (self.folder / name for name in ("output", "summary.md", "runner temp"))
        output.write_text("", encoding="utf-8")
        summary.write_text("", encoding="utf-8")
        temporary.mkdir(exist_ok=True)
        runner = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(temporary),
        }
        done = bash(step["run"], checkout, {**environment(self.folder), **runner, **env})
        self.outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        self.summary = summary.read_text(encoding="utf-8")
        return done


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


EXAMPLE = {"source": "examples/kra-icms"}


def test_the_action_builds_and_tells_whether_anything_changed(origin: Path, tmp_path: Path, job: Job) -> None:
    folder = checkout(origin, "one")
    first = job.build(folder, {**EXAMPLE, "first-build": "true"})
    assert first.returncode == 0, first.stderr
    assert (job.outputs, job.summary) == ({"changed": "true"}, "")
    assert len(sequences((folder / "public" / "all.ics").read_bytes())) == 4
    again = job.build(folder, EXAMPLE)
    assert again.returncode == 0
    assert (job.outputs, job.summary) == (
        {"changed": "false"},
        "### What changes for subscribers\n\nNothing has changed.\n",
    )
    change_records(tmp_path, "end: 2025-07-13 10:00", "end: 2025-07-13 11:00")
    git("pull", "-q", cwd=folder)
    assert job.build(folder, EXAMPLE).returncode == 0
    assert job.outputs == {"changed": "true"}
    assert job.summary.startswith("### What changes for subscribers\n\n- **")
    assert sequences((folder / "public" / "all.ics").read_bytes())["icms-2025-07-13"] == (1, "CONFIRMED")


def test_on_a_pull_request_the_summary_shows_what_subscribers_would_see_change(
    origin: Path, tmp_path: Path, job: Job
) -> None:
    assert Runner("github-pages.yml", tmp_path, FIRST_BUILD).run(checkout(origin, "published")) is None
    change_records(tmp_path, "start: 2025-11-09 06:00", "start: 2025-11-09 05:00")
    folder = checkout(origin, "pull")
    git("clone", "-q", "--branch", "gh-pages", f"file://{origin}", str(folder / "_published"), cwd=tmp_path)
    example = yaml.safe_load((ROOT / "examples" / "hosting" / "pull-request.yml").read_text(encoding="utf-8"))
    step = example["jobs"]["changes"]["steps"][-1]
    assert step["uses"] == "./.github/actions/build"
    assert job.build(folder, step["with"], "pull_request").returncode == 0
    assert job.outputs == {"changed": "true"}
    head, _, told = job.summary.partition("\n\n")
    assert head == "### What subscribers would see change"
    assert "Sunday 9 November 2025" in told
    assert told.count("- **") == 1


def test_what_is_wrong_fails_the_action_and_is_marked_in_the_file(origin: Path, job: Job) -> None:
    folder = checkout(origin, "one")
    windows = folder / "examples" / "kra-icms" / "windows.yaml"
    windows.write_text(windows.read_text(encoding="utf-8").replace("13 04:00", "13 44:00"), encoding="utf-8")
    failed = job.build(folder, {**EXAMPLE, "first-build": "true"})
    assert failed.returncode == 1
    assert failed.stderr.count("::error file=examples/kra-icms/windows.yaml,line=6,col=12,title=ICM101") == 1
    assert (job.outputs, job.summary) == ({}, "")
    assert not (folder / "public").exists()


def test_a_previous_feed_that_is_missing_stops_the_action(origin: Path, job: Job) -> None:
    folder = checkout(origin, "one")
    assert job.build(folder, EXAMPLE).returncode == 0  # into a folder that does not exist: a first build
    absent = job.build(folder, {**EXAMPLE, "previous": "gone/all.ics", "output": "elsewhere"})
    assert "ICM402" in absent.stderr


@pytest.mark.parametrize("name", ["source", "output", "previous"])
@pytest.mark.parametrize(
    "text",
    ["--force", "$(touch hacked)`touch hacked`'; touch hacked; '\"; touch hacked; \nb=c"],
    ids=["option", "shell"],
)
def test_no_input_of_the_action_is_read_as_a_command_or_an_option(origin: Path, job: Job, name: str, text: str) -> None:
    folder = checkout(origin, "one")
    done = job.build(folder, {**EXAMPLE, "first-build": "true", "allow-vanished": "true", name: text})
    assert done.returncode == {"source": 2, "output": 0, "previous": 0}[name], done.stderr
    assert not list(folder.rglob("hacked"))
    assert job.outputs.keys() <= {"changed"}
    assert (folder / text / "all.ics").exists() == (name == "output")


@pytest.mark.parametrize("name", ["first-build", "allow-vanished", "strict", "source", "output"])
def test_an_input_that_means_nothing_is_refused(origin: Path, job: Job, name: str) -> None:
    done = job.build(checkout(origin, "one"), {**EXAMPLE, name: "" if name in ("source", "output") else "yes\n::x::"})
    assert done.returncode == 2
    assert re.fullmatch(rf"::error::The inputs? .*{name}.*\.\n", done.stdout)


def test_inputs_reach_the_actions_scripts_by_their_environment_alone() -> None:
    assert ACTION["runs"]["using"] == "composite"
    scripts = [step for step in ACTION["runs"]["steps"] if "run" in step]
    assert [step["id"] for step in scripts] == ["install", "build"]
    for step in scripts:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    used = set(re.findall(r"inputs\.([a-z-]+)", str(ACTION_STEPS["build"]["env"])))
    assert used == set(ACTION["inputs"])
    assert all(entry["description"] for entry in [*ACTION["inputs"].values(), *ACTION["outputs"].values()])
    assert (ROOT / ".github" / "actions" / "build" / ".." / ".." / ".." / "pyproject.toml").resolve().is_file()


NOTICE = (
    "iCMS maintenance on 20 July 2025 from 4 am to 10 am. $(touch hacked) `touch hacked` ${{ github.token }} '; touch "
    'hacked; echo "\n### Published\n\n--output=hacked'
)


def _draft_of_an_issue(origin: Path, tmp_path: Path, published: str) -> tuple[list[int], Path]:
    """Run the steps of draft-notice.yml for an issue of the form; the exit code of each, and the checkout."""
    workflow = yaml.safe_load((ROOT / "examples" / "hosting" / "draft-notice.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["draft"]
    assert (workflow["permissions"], job["permissions"]) == ({}, {"contents": "write", "pull-requests": "write"})
    body = f"### Published\r\n\r\n{published}\r\n\r\n### Notice\r\n\r\n{NOTICE}"
    context = {"github.event.issue.body": body, "github.event.issue.number": "7", "github.token": "secret"}
    folder, codes = checkout(origin, "draft"), []
    env = {**environment(tmp_path), "RUNNER_TEMP": str(tmp_path)}
    (tmp_path / "bin" / "gh").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/gh"\n', encoding="utf-8")
    (tmp_path / "bin" / "gh").chmod(0o755)
    for step in job["steps"]:
        if "run" in step and step["name"] != "Install":
            assert "${{" not in step["run"]
            given = {
                k: re.sub(r"\$\{\{ (.*?) \}\}", lambda m: context[m[1]], v, count=1) for k, v in step["env"].items()
            }
            codes.append(bash(step["run"], folder, {**env, **given}).returncode)
            if codes[-1]:
                break
    assert not [path for path in tmp_path.rglob("*hacked*") if ".git" not in path.parts]
    return codes, folder


@pytest.mark.parametrize("published", ["10 July 2025", "2025-07-10"])
def test_an_issue_becomes_a_pull_request_with_a_draft_and_its_text_never_a_command(
    origin: Path, tmp_path: Path, published: str
) -> None:
    codes, folder = _draft_of_an_issue(origin, tmp_path, published)
    assert codes == [0, 0]
    changed = git("show", "--name-only", "--format=", "notice-7", cwd=origin).split()
    assert changed == ["examples/kra-icms/notice-7.yaml"]
    draft = yaml.safe_load(git("show", f"notice-7:{changed[0]}", cwd=origin))["windows"][0]
    assert (draft["id"], draft["system"], str(draft["announced"])) == ("icms-2025-07-20", "icms", "2025-07-10")
    assert draft["notice"] == NOTICE
    assert (tmp_path / "gh").read_text(encoding="utf-8").splitlines()[:2] == ["pr", "create"]
    env = environment(tmp_path)
    checked = bash("icms-calendar check examples/kra-icms --strict", folder, env)
    assert checked.returncode == 1
    assert "error ICM227" in checked.stdout + checked.stderr


def test_an_issue_without_a_day_of_publication_makes_no_pull_request(origin: Path, tmp_path: Path) -> None:
    codes, _ = _draft_of_an_issue(origin, tmp_path, "_No response_")
    assert codes != [0, 0]
    assert "notice-7" not in git("branch", "--list", cwd=origin)


def test_a_gitlab_job_goes_on_from_the_pages_it_published(
    origin: Path, tmp_path: Path, server: ThreadingHTTPServer
) -> None:
    config = yaml.safe_load((ROOT / "examples" / "hosting" / "gitlab-ci.yml").read_text(encoding="utf-8"))
    variables = {name: entry["value"] for name, entry in config["variables"].items()}
    assert all(entry["value"] in entry["options"] for entry in config["variables"].values())
    assert config["pages"]["artifacts"] == {"paths": ["public"]}
    address = f"http://127.0.0.1:{server.server_port}"

    def run(job_name: str, folder: Path, **chosen: str) -> subprocess.CompletedProcess[str]:
        script = "\n".join(config[job_name]["script"])
        return bash(script, folder, {**environment(tmp_path), **variables, **chosen, "CI_PAGES_URL": address})

    def publish(name: str, **chosen: str) -> subprocess.CompletedProcess[str]:
        folder = checkout(origin, name)
        done = run("pages", folder, **chosen)
        if done.returncode == 0:  # as GitLab does with the artifact of this job
            shutil.copytree(folder / "public", tmp_path / "served", dirs_exist_ok=True)
        return done

    refused = publish("none")
    assert refused.returncode == 1
    assert "ICM402" in refused.stderr
    assert run("changes", checkout(origin, "before")).stdout.count("2025") >= 4
    assert publish("one", FIRST_BUILD="yes").returncode == 0
    first = (tmp_path / "served" / "all.ics").read_bytes()
    change_records(tmp_path, "end: 2025-07-13 10:00", "end: 2025-07-13 11:00")
    told = run("changes", checkout(origin, "request"))
    assert told.returncode == 0
    assert "Takes longer" in told.stdout
    assert publish("two").returncode == 0
    after = sequences((tmp_path / "served" / "all.ics").read_bytes())
    assert after == {**sequences(first), "icms-2025-07-13": (1, "CONFIRMED")}
    coming = "".join(
        f"  - {{id: x{day}, system: icms, start: 2099-01-0{day} 04:00, duration: 1h}}\n" for day in (1, 2, 3)
    )
    change_records(tmp_path, "windows:\n", f"windows:\n{coming}")
    assert publish("three").returncode == 0
    change_records(tmp_path, coming, "")
    assert "--allow-vanished" in publish("lost").stderr
    assert publish("four", ALLOW_VANISHED="yes").returncode == 0
    assert sequences((tmp_path / "served" / "all.ics").read_bytes())["x1"] == (1, "CANCELLED")


def test_the_hook_of_pre_commit_checks_the_records_as_a_whole(origin: Path, tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert hook["id"] == "icms-calendar-check"
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert hook["entry"].split()[0] in scripts
    folder = checkout(origin, "one") / "examples" / "kra-icms"
    assert hook["always_run"] is True  # also if a commit deletes a file

    def commit() -> subprocess.CompletedProcess[str]:
        command = [*hook["entry"].split(), *hook["args"]]
        return subprocess.run(
            command, cwd=folder, env=environment(tmp_path), capture_output=True, text=True, check=False
        )

    assert commit().returncode == 0
    windows = folder / "windows.yaml"
    windows.write_text(windows.read_text(encoding="utf-8").replace("13 04:00", "13 44:00"), encoding="utf-8")
    failed = commit()
    assert failed.returncode == 1
    assert failed.stdout.startswith("windows.yaml:6:12: error ICM101")
