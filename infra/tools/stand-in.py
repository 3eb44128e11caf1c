"""A stand-in for AWS on this machine (moto), with a bucket named artifacts: stand-in.py FILE writes its address into FILE, and serves."""

import os
import sys

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
server.start()
host, port = server.get_host_and_port()
address = f"http://{host}:{port}"
boto3.client("s3", endpoint_url=address).create_bucket(Bucket="artifacts")
with open(sys.argv[1] + ".new", "w") as file:
    file.write(address)
os.rename(sys.argv[1] + ".new", sys.argv[1])
server._thread.join()
