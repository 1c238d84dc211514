# What the proofs of the package have in common: waiting, ports, and a clean Debian with the package in it. Sourced by them, once
# they have set: root, the checkout; work, a folder of theirs; box, the root that is entered.
children=()

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# until_true SECONDS WHAT COMMAND...
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $end ] || fail "waited in vain for $what"
    sleep 0.2
  done
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

stop_children() {
  local child
  for child in "${children[@]}"; do kill -KILL "$child" 2>/dev/null || true; done
  wait 2>/dev/null || true
  children=()
}

# start_broker PORT [LINE OF ITS CONFIGURATION...]
start_broker() {
  local port=$1
  shift
  printf '%s\n' "listener $port 127.0.0.1" 'allow_anonymous true' 'user root' 'persistence false' 'log_type error' "$@" >"$work/mosquitto.conf"
  PATH=$PATH:/usr/sbin mosquitto -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
  children+=("$!")
  until_true 20 "the broker" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null
}

# A Debian of 400 MB with the Java that the package depends on, made once.
make_debian() {
  local tarball=$1
  if [ ! -f "$tarball" ]; then
    echo "making a Debian root ..." >&2
    mkdir -p "${tarball%/*}"
    mmdebstrap --quiet --format=tar --variant=minbase --include=openjdk-17-jre-headless,adduser,init-system-helpers bookworm "$tarball.part"
    mv "$tarball.part" "$tarball"
  fi
}

enter_debian() {
  mkdir "$box"
  tar -x -C "$box" -f "$1"
  mount -t proc proc "$box/proc"
}

# Of a trap on EXIT: what the agent said last when something failed, and nothing stays mounted, running or lying about.
leave_debian() {
  local code=$?
  stop_children
  umount "$box/dev/pts" "$box/proc" 2>/dev/null || true
  if [ "$code" -ne 0 ] && [ -f "$work/agent.log" ]; then tail -n 20 "$work/agent.log" >&2; fi
  rm -rf --one-file-system "$work"
}

inside() {
  chroot "$box" "$@"
}

# The unit's command, as its user, with its surroundings; on another configuration where one is set.
config=/etc/wasla/wasla.yaml
start_agent() {
  local line
  line=$(sed -n 's/^ExecStart=//p' "$box/lib/systemd/system/wasla.service")
  line=${line/\/etc\/wasla\/wasla.yaml/$config}
  # shellcheck disable=SC2086
  chroot --userspec=wasla:wasla "$box" env -i PATH=/usr/bin:/bin WASLA_JOURNAL=1 $line >>"$work/agent.log" 2>&1 &
  agent=$!
  children+=("$agent")
}

stop_agent() {
  kill -TERM "$agent"
  local code=0
  wait "$agent" || code=$?
  [ "$code" -eq 0 ] || fail "the agent ended with $code after SIGTERM"
}

# status EXPRESSION: of the agent's health, in Python
status() {
  inside wasla status --config "$config" --json >"$work/status.json" 2>>"$work/agent.log" || true
  python3 -c 'import json, sys
try: health = json.load(open(sys.argv[1]))["health"]
except (KeyError, ValueError): sys.exit(1)
print(eval(sys.argv[2], {"health": health}))' "$work/status.json" "$1"
}
