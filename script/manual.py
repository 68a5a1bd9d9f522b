#!/usr/bin/env python3
"""What `saddle --experimental-dump-help` says of its commands, from standard input, as a manual page."""
import json, sys


def text(words):
    """Words as they are, none of them taken for a request."""
    lines = words.replace("\\", "\\\\").replace("-", "\\-").splitlines()
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in lines)


def option(argument):
    names = [("--" if n["kind"] == "long" else "-") + n["name"] for n in argument.get("names", [])]
    value = argument.get("valueName", "")
    if argument["kind"] == "positional":
        return f"\\fI{text(value)}\\fR"
    return ", ".join(f"\\fB{text(n)}\\fR" for n in names) + (
        f" \\fI{text(value)}\\fR" if argument["kind"] == "option" else "")


def arguments(command):
    for argument in command.get("arguments", []):
        if argument.get("shouldDisplay", True):
            yield ".TP"
            yield option(argument)
            says = " ".join(filter(None, [
                argument.get("abstract", ""),
                f"({argument['defaultValue']})" if argument.get("defaultValue") else ""]))
            yield text(says) or "\\&"


def main():
    root = json.load(sys.stdin)["command"]
    print('.TH SADDLE 1 "" "" "Saddle"')
    print(".SH NAME\nsaddle \\- " + text(root["abstract"]))
    print(".SH SYNOPSIS\n.B saddle\n.I command\n[\\fIoptions\\fR]")
    print(".SH DESCRIPTION\n" + text(root.get("discussion", "")))
    for command in root.get("subcommands", []):
        if command["commandName"] == "help" or not command.get("shouldDisplay", True):
            continue
        print(f".SH {text(command['commandName'].upper())}\n{text(command.get('abstract', ''))}")
        if command.get("discussion"):
            print(".PP\n" + text(command["discussion"]))
        print("\n".join(arguments(command)))
        for under in command.get("subcommands", []):
            if under["commandName"] != "help":
                print(f".SS {text(command['commandName'] + ' ' + under['commandName'])}")
                print(text(under.get("abstract", "")))
                print("\n".join(arguments(under)))


main()
