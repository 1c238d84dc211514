"""What ops/bench/footprint calls: one subject after the other on the same ward, the same broker, the same machine."""
import datetime
import glob
import json
import os
import re
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

ROOT, WORK, PEERS, SECONDS, DEB = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
PORTS = 16
STARTS = 3
TICKS = os.sysconf("SC_CLK_TCK")


def line(count):
    columns = [("HR", "%03d" % (40 + count % 160), "/min"), ("PR", "071", "/min"), ("SPO2", "098", "%"), ("RR", "16", "/min"),
               ("T", "36.80", "C"), ("SYS", "121", "mmHg"), ("DIA", "078", "mmHg"), ("COUNT", "%07d" % count, "")]
    return ("".join("%-10s%8s %-6s" % each for each in columns)).ljust(198).encode() + b"\r\n"


class Ward(threading.Thread):
    """Sixteen devices that wait to be connected to, and speak `rate` lines a second each; 0: they are silent."""

    def __init__(self):
        super().__init__(daemon=True)
        self.rate, self.talking, self.count = 0.0, [], 0
        self.selector, self.ports = selectors.DefaultSelector(), []
        for _ in range(PORTS):
            ear = socket.create_server(("127.0.0.1", 0))
            ear.setblocking(False)
            self.ports.append(ear.getsockname()[1])
            self.selector.register(ear, selectors.EVENT_READ)
        self.start()

    def run(self):
        due = time.monotonic()
        while True:
            wait = max(0.0, due - time.monotonic()) if self.rate else 0.05
            for key, _ in self.selector.select(min(wait, 0.05)):
                self.talking.append(key.fileobj.accept()[0])
            if self.rate and time.monotonic() >= due:
                # Never several at once: what was not said in time is left out.
                due = max(due + 1 / self.rate, time.monotonic())
                self.count += 1
                for device in list(self.talking):
                    try:
                        device.send(line(self.count))
                    except OSError:
                        self.talking.remove(device)


class Ear(threading.Thread):
    """Counts records at the broker; of one start at a time."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.records, self.first = 0, None
        self.process = subprocess.Popen(["mosquitto_sub", "-p", str(port), "-t", "#"], stdout=subprocess.PIPE)
        self.start()

    def run(self):
        for message in self.process.stdout:
            if b'"k":"obs"' in message:
                self.first = self.first or time.monotonic()
                self.records += 1


def stat(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid, name):
    return int(re.search(name + r":\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) / 1024


def until(what, condition, patience=90):
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("waited in vain for " + what)
        time.sleep(0.01)


def stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(name, command, environment, ward, broker, fresh):
    """Starts it some times, and looks at the last of them under load and in silence."""
    starts = []
    for attempt in range(STARTS):
        fresh()
        ward.rate = 10
        ear = Ear(broker)
        time.sleep(0.3)
        began = time.monotonic()
        with open(f"{WORK}/{re.sub('[^a-z0-9]', '-', name.lower())}.log", "ab") as log:
            process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
        try:
            until(f"a first record of {name}", lambda: ear.first or process.poll() is not None)
            if process.poll() is not None:
                raise SystemExit(f"{name} ended; {log.name}: {open(log.name).read()[-500:]}")
            starts.append(ear.first - began)
            if attempt == STARTS - 1:
                ward.rate = 1
                time.sleep(3)
                before = ear.records
                time.sleep(SECONDS)
                rate = (ear.records - before) / SECONDS
                loaded, peak = memory(process.pid, "VmRSS"), memory(process.pid, "VmHWM")
                ward.rate = 0
                time.sleep(3)
                cpu = stat(process.pid)
                time.sleep(SECONDS)
                idle = 100 * (stat(process.pid) - cpu) / SECONDS
        finally:
            stop(process)
            ear.process.kill()
            ward.talking.clear()
    print(f"{name}: {rate:.1f} records/s, {loaded:.0f} MB, idle {idle:.2f} %, start {statistics.median(starts):.2f} s", file=sys.stderr)
    return name, loaded, peak, idle, statistics.median(starts), rate


def archive(box, java, ward, broker, config):
    """As the package does at its installation."""
    target = f"{box}/var/cache/wasla/wasla.jsa"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    ward.rate = 5
    ear = Ear(broker)
    process = subprocess.Popen([f"{box}/usr/bin/wasla", "run", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**os.environ, "WASLA_JAVA": java, "WASLA_JAVA_OPTIONS": f"-XX:ArchiveClassesAtExit={target} -Xlog:cds=off -Xlog:cds+dynamic=off"})
    until("the run for the archive", lambda: ear.records > 20)
    stop(process)
    ear.process.kill()
    ward.talking.clear()


def newest_java():
    found = {}
    for java in glob.glob("/usr/lib/jvm/*/bin/java"):
        text = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
        version = re.search(r'"(\d+)', text)
        if version:
            found[int(version.group(1))] = (os.path.realpath(java), text.splitlines()[0].split('"')[1])
    return found


def node_red(ports, broker):
    folder = f"{WORK}/node-red"
    os.makedirs(folder, exist_ok=True)
    parse = """const n = ["HR","PR","SPO2","RR","T","SYS","DIA","COUNT"], line = msg.payload;
const obs = n.map((r, i) => ({r: r, v: Number(line.substring(i * 24 + 10, i * 24 + 18).trim())}));
const seq = (context.get("seq") || 0) + 1; context.set("seq", seq);
msg.payload = JSON.stringify({v: 1, gw: "node-red", dev: "line", k: "obs", seq: seq, t: Date.now(), obs: obs});
return msg;"""
    flow = [{"id": "tab", "type": "tab", "label": "ward"},
            {"id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1", "port": str(broker), "clientid": "node-red", "protocolVersion": "5", "keepalive": "60", "cleansession": True}]
    for i, port in enumerate(ports):
        flow += [{"id": f"in{i}", "type": "tcp in", "z": "tab", "server": "client", "host": "127.0.0.1", "port": str(port), "datamode": "stream",
                  "datatype": "utf8", "newline": "\\r\\n", "wires": [[f"parse{i}"]]},
                 {"id": f"parse{i}", "type": "function", "z": "tab", "func": parse, "outputs": 1, "wires": [[f"out{i}"]]},
                 {"id": f"out{i}", "type": "mqtt out", "z": "tab", "topic": f"node-red/{i}/obs", "qos": "1", "broker": "broker", "wires": []}]
    json.dump(flow, open(f"{folder}/flows.json", "w"))
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    open(f"{folder}/settings.js", "w").write(
        f'module.exports = {{flowFile: "flows.json", uiHost: "127.0.0.1", uiPort: {port}, telemetry: {{enabled: false}}, credentialSecret: false}};')
    return ["node", f"{PEERS}/node_modules/node-red/red.js", "--userDir", folder, "--settings", f"{folder}/settings.js"]


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    free = socket.create_server(("127.0.0.1", 0))
    broker = free.getsockname()[1]
    free.close()
    open(f"{WORK}/mosquitto.conf", "w").write(f"listener {broker} 127.0.0.1\nallow_anonymous true\nuser root\npersistence false\nlog_type error\n")
    mosquitto = subprocess.Popen([shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", f"{WORK}/mosquitto.conf"])
    try:
        measure(broker)
    finally:
        mosquitto.kill()


def measure(broker):
    time.sleep(0.5)
    ward = Ward()
    config = f"{WORK}/wasla.yaml"
    devices = "".join(f'  - {{id: line-{i}, profile: bench-line, link: "tcp:127.0.0.1:{port}"}}\n' for i, port in enumerate(ward.ports))
    open(config, "w").write("gateway: {id: gw-bench, region: bench, site: bench}\n"
                            f'uplink: {{servers: ["mqtt://127.0.0.1:{broker}"]}}\nbuffer: {{dir: {WORK}/buffer, max: 256MiB}}\n'
                            f"profiles: {{dir: {ROOT}/ops/bench/profiles}}\ndevices:\n{devices}")
    load = os.getloadavg()[0]
    javas = newest_java()
    chosen = sorted({min(javas, key=lambda v: abs(v - 17)), max(javas)})
    rows = []
    for version in chosen:
        java, full = javas[version]
        box = f"{WORK}/box-{version}"
        shutil.copytree(f"{WORK}/box", box, symlinks=True)
        fresh = lambda: shutil.rmtree(f"{WORK}/buffer", ignore_errors=True)
        fresh()
        archive(box, java, ward, broker, config)
        rows.append(run(f"Wasla, JDK {full}", [f"{box}/usr/bin/wasla", "run", "--config", config], {"WASLA_JAVA": java}, ward, broker, fresh))
    java, full = javas[chosen[0]]
    flags = "-Xmx48m -Xms12m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -Xss512k -XX:-UsePerfData".split()
    quiet = f"-Dlogback.configurationFile={ROOT}/ops/prove/logback.xml"
    libraries = f"{ROOT}/ops/target/test-classes:{ROOT}/ops/target/proof-lib/*"
    camel = ["org.wasla.ops.bench.CamelPeer", str(broker), "plain", "-", *map(str, ward.ports)]
    rows.append(run(f"Camel, the agent's flags, JDK {full}", [java, *flags, quiet, "-cp", libraries, *camel], {}, ward, broker, lambda: None))
    rows.append(run(f"Camel, default flags, JDK {full}", [java, quiet, "-cp", libraries, *camel], {}, ward, broker, lambda: None))
    if os.path.isdir(f"{PEERS}/node_modules/node-red"):
        version = json.load(open(f"{PEERS}/node_modules/node-red/package.json"))["version"]
        rows.append(run(f"Node-RED {version}, Node {subprocess.check_output(['node', '--version'], text=True).strip()}",
                        node_red(ward.ports, broker), {}, ward, broker, lambda: None))
    size = sum(os.lstat(os.path.join(at, name)).st_size for at, _, names in os.walk(f"{WORK}/box") for name in names) / 1e6
    report(rows, size, load, chosen)


def report(rows, size, load, chosen):
    cpu = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    out = [f"## footprint\n\n{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}, {os.cpu_count()} cores {cpu.group(1) if cpu else ''}, "
           f"load {load:.1f} before and {os.getloadavg()[0]:.1f} after; {PORTS} ports, a line of 200 bytes a second each; {SECONDS} s a measure, "
           f"median of {STARTS} starts.\n`ops/bench/footprint --seconds {SECONDS}`\n",
           "| what | resident MB under load | peak MB | idle, % of a core | start to first record, s |", "|---|---|---|---|---|"]
    out += [f"| {name} | {loaded:.0f} | {peak:.0f} | {idle:.2f} | {start:.2f} |" for name, loaded, peak, idle, start, _ in rows]
    out.append(f"\nThe package: {os.path.getsize(DEB) / 1e6:.1f} MB to carry (xz makes it smaller), {size:.1f} MB installed without Java.\n")
    name, loaded, _, idle, start, rate = rows[0]
    bars = [("resident <= 100 MB", loaded <= 100, f"{loaded:.0f}"), ("idle <= 1 % of a core", idle <= 1, f"{idle:.2f}"),
            ("start <= 2 s", start <= 2, f"{start:.2f}"), ("installed <= 25 MB", size <= 25, f"{size:.1f}")]
    if len(chosen) > 1:
        bars.insert(1, (f"resident <= 100 MB on JDK {chosen[1]}", rows[1][1] <= 100, f"{rows[1][1]:.0f}"))
    out += ["| bar | |", "|---|---|"] + [f"| {bar} | {value} {'met' if met else '**missed**'} |" for bar, met, value in bars]
    text = "\n".join(out) + "\n"
    open(f"{ROOT}/ops/target/bench-footprint.md", "w").write(text)
    print(text)
    sys.exit(0 if all(met for _, met, _ in bars) else 1)


main()
