"""Where a measurement was made: without that, its numbers mean little."""

import os
import platform
import subprocess


def facts(project):
    return {
        "cores": os.cpu_count(),
        "processor": processor(),
        "commit": commit(project),
        "rustc": said_by(["rustc", "--version"], project),
        "python": platform.python_version(),
    }


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def commit(project):
    changed = said_by(["git", "status", "--porcelain", "--untracked-files=no"], project)
    name = said_by(["git", "rev-parse", "--short", "HEAD"], project) or "unknown"
    return f"{name}, with changes" if changed else name


def said_by(command, folder):
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
