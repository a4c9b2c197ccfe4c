"""The suite's configuration file, one for every process that runs tests."""
import configparser
import os
from urllib.parse import urlsplit

from targets import LIFECYCLE_DAY

# Accounts of one process: nothing that one process lists is changed by another.
ROLES = ["s3 main", "s3 alt", "s3 tenant", "iam", "iam root", "iam alt root"]
OWN_ROLES = 3  # the first three; the others are the same for all


def accounts_needed(processes):
    """How many accounts that many processes use."""
    return OWN_ROLES * processes + len(ROLES) - OWN_ROLES


def write_configuration(folder, number, target):
    """Writes the file of one process; its path."""
    common = target.accounts[-(len(ROLES) - OWN_ROLES):]
    own = target.accounts[number * OWN_ROLES:(number + 1) * OWN_ROLES]
    place = urlsplit(target.endpoint)
    text = configparser.RawConfigParser()
    text["DEFAULT"] = {
        "host": place.hostname, "port": place.port, "is_secure": str(place.scheme == "https"), "ssl_verify": "False"}
    text["fixtures"] = {"bucket prefix": "t{random}-"}
    for role, account in zip(ROLES, own + common):
        text[role] = {
            "display_name": account.name, "user_id": account.user_id, "email": account.email,
            "access_key": account.access_key, "secret_key": account.secret_key}
    text["s3 main"]["api_name"] = "eu-west-1"
    text["s3 main"]["lc_debug_interval"] = str(LIFECYCLE_DAY)
    text["s3 tenant"]["tenant"] = ""
    path = os.path.join(folder, f"suite-{number}.conf")
    with open(path, "w") as file:
        text.write(file)
    return path
