"""What CloudFormation calls for each type of resource, beside what infra/deploy-role.yaml allows it: deploy-role.py TEMPLATE...

The calls are those that the types' schemas name, which cfn-lint brings along. Exit status 1, and a line for each, if one is missing.
"""

import fnmatch
import sys

from cfnlint.decode.decode import decode
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

# Not needed: calls for what no resource of ours has, an own key, a VPC, a stream, a table of S3, a gradual deployment, a boundary, users, groups.
UNUSED = [
    "kms:*", "ec2:*", "elasticfilesystem:*", "s3files:*", "s3tables:*", "kinesis:*", "firehose:*", "codedeploy:*",
    "apigateway:TagResource", "apigateway:UntagResource",  # no actions of IAM: it is POST and DELETE of /tags/
    "iam:CreateServiceLinkedRole", "iam:UpdateRoleDescription", "iam:*RolePermissionsBoundary", "iam:*UserPolicy", "iam:*GroupPolicy",
]


def listed(value):
    return value if isinstance(value, list) else [value]


def read(path):
    template, problems = decode(path)
    if problems:
        sys.exit(f"{path}: {problems}")
    return template


def allowed():
    role = read("infra/deploy-role.yaml")["Resources"]["ExecutionRole"]["Properties"]
    statements = [it for policy in role["Policies"] for it in policy["PolicyDocument"]["Statement"]]
    return [action for statement in statements for action in listed(statement["Action"])]


def called(kind):
    try:
        handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema.get("handlers", {})
    except ResourceNotFoundError:
        return set()  # of the SAM transform
    return {call for name, handler in handlers.items() if name != "list" for call in handler.get("permissions", [])}


def main(paths):
    kinds = {resource["Type"] for path in paths for resource in read(path)["Resources"].values()}
    known = [pattern.lower() for pattern in allowed() + UNUSED]
    missing = [
        f"{kind} needs {call}"
        for kind in sorted(kinds)
        for call in sorted(called(kind))
        if not any(fnmatch.fnmatch(call.lower(), pattern) for pattern in known)
    ]
    print("\n".join(missing) or f"{len(kinds)} types")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
