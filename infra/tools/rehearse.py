"""A rehearsal of a deployment: rehearse.py FOLDER [ADDRESS]; the folder takes the packaged template.

Starts a stand-in for AWS (moto) unless there is one at ADDRESS, packages and transforms template.yaml as `sam deploy` and CloudFormation do, creates the stack
there, prints one line of JSON about it, and serves until its standard input ends. CloudFormation's own engine in moto does not
know every type: what it does not know is left out, counted, and its references replaced by what they would be.
"""

import json
import os
import subprocess
import sys

import boto3
from moto.server import ThreadedMotoServer

from transform import transformed

STACK = "reelbatch"
ACCOUNT, REGION = "123456789012", "us-east-1"
UNKNOWN = {  # to moto's CloudFormation
    "AWS::IAM::RolePolicy", "AWS::SNS::TopicPolicy", "AWS::Lambda::Alias", "AWS::Lambda::EventInvokeConfig", "AWS::S3::BucketPolicy",
    "AWS::SecretsManager::Secret", "AWS::SQS::QueuePolicy", "AWS::CloudFormation::Stack",
    "AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping",  # on an alias
}


def replaced(node, ids):
    """The template without references to what is left out."""
    if isinstance(node, list):
        return [replaced(item, ids) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("Ref")
    if reference in ids:
        return ids[reference]
    attribute = node.get("Fn::GetAtt")
    if attribute and attribute[0] in ids:
        return f"{attribute[0]}.{attribute[1]}"
    return {key: replaced(value, ids) for key, value in node.items()}


def render(machine):
    """Moto knows definitions in the template only, so what CloudFormation does with the one in the bucket is done here."""
    place = machine.pop("DefinitionS3Location")
    body = boto3.client("s3").get_object(Bucket=place["Bucket"], Key=place["Key"])["Body"].read().decode()
    machine["DefinitionString"] = {"Fn::Sub": [body, machine.pop("DefinitionSubstitutions")]}


def trimmed(template, secret):
    ids = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Alias":
            function = resource["Properties"]["FunctionName"]["Ref"]
            ids[name] = {"Fn::Sub": f"${{{function}.Arn}}:live"}
        elif resource["Type"] == "AWS::SecretsManager::Secret":
            ids[name] = secret
        elif resource["Type"] in UNKNOWN:
            ids[name] = name
    kept = {name: it for name, it in template["Resources"].items() if name not in ids}
    for it in kept.values():
        after = it.get("DependsOn", [])
        after = [after] if isinstance(after, str) else after
        it["DependsOn"] = [name for name in after if name in kept]
    for it in kept.values():
        if it["Type"] == "AWS::StepFunctions::StateMachine":
            render(it["Properties"])
    left_out = sorted({template["Resources"][name]["Type"] for name in ids})
    return replaced({**template, "Resources": kept}, ids), left_out


def stand_in(address):
    if address:
        return address
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    return "http://%s:%d" % server.get_host_and_port()


def main(folder, address=None):
    address = stand_in(address)
    os.environ.update(AWS_ENDPOINT_URL=address, AWS_ACCESS_KEY_ID="rehearsal", AWS_SECRET_ACCESS_KEY="none",
                      AWS_DEFAULT_REGION=REGION, SAM_CLI_TELEMETRY="0", AWS_EC2_METADATA_DISABLED="true")
    boto3.client("s3").create_bucket(Bucket="artifacts")
    packaged = os.path.join(folder, "packaged.yaml")
    sam = os.path.join(os.path.dirname(sys.executable), "sam")
    subprocess.run([sam, "package", "--template-file", "template.yaml", "--s3-bucket", "artifacts",
                    "--output-template-file", packaged], check=True, timeout=240, stdout=sys.stderr, stderr=sys.stderr)
    secret = boto3.client("secretsmanager").create_secret(Name="api-key", SecretString="rehearsed")["ARN"]
    template, left_out = trimmed(transformed(packaged), secret)
    boto3.client("s3").put_object(Bucket="artifacts", Key="stack.json", Body=json.dumps(template).encode())
    boto3.client("cloudformation").create_stack(
        StackName=STACK, TemplateURL="https://s3.amazonaws.com/artifacts/stack.json", Capabilities=["CAPABILITY_IAM"])
    boto3.client("cloudformation").get_waiter("stack_create_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 2, "MaxAttempts": 90})
    outputs = json.loads(boto3.client("ssm").get_parameter(Name=f"/reelbatch/{STACK}/outputs")["Parameter"]["Value"])
    machine = boto3.client("stepfunctions").describe_state_machine(stateMachineArn=outputs["stateMachineArn"])
    functions = boto3.client("lambda").list_functions()["Functions"]
    print(json.dumps({
        "endpoint": address,
        "outputs": outputs,
        "definition": machine["definition"],
        "functions": {f["Handler"].split("::")[0].rsplit(".", 1)[1]: f for f in functions},
        "leftOut": left_out,
    }, default=str), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
