"""The servers of a comparison, all on loopback, and all gone when it ends."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

# Nothing of the system's nginx is read or touched: its own folder, its own ports, no service.
NGINX = """\
daemon off;
{user}
worker_processes 1;
pid {work}/nginx.pid;
error_log {work}/error.log;
events {{
    worker_connections 1024;
}}
http {{
    access_log off;
    default_type application/json;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    open_file_cache max=4096;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
{servers}
}}
"""
SERVER = "    server {{ listen 127.0.0.1:{port}; root {folder}; }}"


class Servers:
    """Static files from nginx, and three vendors that take their time."""

    def __init__(self, work, slow_program):
        self.work = Path(work)
        self.slow_program = slow_program
        self.processes = []
        self.origins = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()

    def serve(self, folders):
        """Serves every folder on a port of its own, since not every client takes an address with a path."""
        self.work.mkdir(parents=True, exist_ok=True)
        ports = free_ports(len(folders))
        servers = [SERVER.format(port=port, folder=folder.resolve()) for port, folder in zip(ports, folders)]
        # Started by root, the workers would run as somebody who may not be let into these folders.
        user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
        configuration = self.work.resolve() / "nginx.conf"
        text = NGINX.format(user=user, work=self.work.resolve(), servers="\n".join(servers))
        configuration.write_text(text)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self.start([nginx, "-p", self.work.resolve(), "-c", configuration, "-e", self.work.resolve() / "error.log"])
        for port, folder in zip(ports, folders):
            wait_for(port, self.processes[-1])
            self.origins[folder] = f"http://127.0.0.1:{port}"

    def serve_slowly(self, folder):
        """Serves the folder's three lists, each after its vendor's time."""
        process = self.start([self.slow_program, folder], stdout=subprocess.PIPE, text=True)
        self.origins["slow", folder] = f"http://127.0.0.1:{int(process.stdout.readline())}"

    def start(self, command, **options):
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, **options)
        self.processes.append(process)
        return process


def free_ports(count):
    """Ports that nobody listens on, all different."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def wait_for(port, process):
    for _ in range(200):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("nginx did not start; its error.log is in target/peers/nginx")
