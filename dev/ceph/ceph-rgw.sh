#!/usr/bin/env bash
# A throw-away Ceph Object Gateway (S3, STS and IAM on one port of 127.0.0.1) from the distribution's own packages:
# one monitor, one object store in RAM, one gateway. No systemd, no containers; root only to install the packages.
#
#   ceph-rgw.sh start     install what is missing, boot, create the two S3 users, print the environment;
#                         a gateway that already runs with the same settings is kept as it is
#   ceph-rgw.sh stop      end this cluster's daemons and delete its folder
#   ceph-rgw.sh status    say which daemons are alive; exit 1 unless all are
#   ceph-rgw.sh env       print the environment: CEPH_RGW_… export lines
#   ceph-rgw.sh install   install the packages, nothing else
#
# Settings, by environment variable; two clusters live side by side when folder and both ports differ:
#   CEPH_RGW_DIR       the cluster's folder (default /tmp/ceph-rgw): must be absent, empty or made by this script
#   CEPH_RGW_PORT      the gateway's port (default 7480)
#   CEPH_RGW_MON_PORT  the monitor's port (default 6789)
#   CEPH_RGW_REGION    the region the gateway says it is (default us-east-1)
#   CEPH_RGW_STS_MIN   shortest STS session in seconds (default 900, as AWS; 1 lets a test see credentials expire)
#
# Exit codes: 0 done, 1 failed, 2 wrong usage or setting, 3 the packages cannot be had on this machine
# (not Linux, no apt, no root, no network): what CI may skip on, where 1 means that something is broken.
set -euo pipefail

readonly FAILED=1 USAGE=2 UNAVAILABLE=3
readonly PACKAGES=(ceph-mon ceph-osd ceph-common radosgw)
readonly PROGRAMS=(ceph ceph-mon ceph-osd monmaptool radosgw radosgw-admin)
readonly STORAGE_CLASSES=(STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER_IR GLACIER DEEP_ARCHIVE)
readonly DAEMONS=(mon osd rgw)

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE
readonly DIR=${CEPH_RGW_DIR:-/tmp/ceph-rgw}
readonly PORT=${CEPH_RGW_PORT:-7480}
readonly MON_PORT=${CEPH_RGW_MON_PORT:-6789}
readonly REGION=${CEPH_RGW_REGION:-us-east-1}
readonly STS_MIN=${CEPH_RGW_STS_MIN:-900}

readonly CONF=$DIR/ceph.conf
readonly MARKER=$DIR/.made-by-ceph-rgw
readonly BOOT_ATTEMPTS=600 # of 0.1 s

# Known to everyone and worth nothing: the gateway listens on loopback only. The owner has the buckets, roles and
# issuers; the stranger is somebody else's account.
readonly OWNER_ACCESS_KEY=CEPHOWNERACCESSKEY01
readonly OWNER_SECRET_KEY=cephOwnerSecretKey000000000000000000001a
readonly STRANGER_ACCESS_KEY=CEPHSTRANGERACCESS01
readonly STRANGER_SECRET_KEY=cephStrangerSecretKey000000000000000001a
readonly OSD_UUID=0b9b8d0c-5d0f-4a3e-8a55-6f5f5d3a9c21

say() { printf 'ceph-rgw: %s\n' "$*" >&2; }

fail() { # exit code, message
  say "$2"
  exit "$1"
}

# Gives up starting: the daemons end, and the folder stays for its logs until the next start or stop.
give_up() { # log file, message
  quote_end "$1"
  end_daemons
  fail "$FAILED" "$2 (end of its log above; all logs are in $DIR/log)"
}

# The last lines of a log tell more than any message made up here.
quote_end() { [ ! -s "$1" ] || tail -n 15 "$1" | sed 's/^/  | /' >&2; } # log file

# --- packages

have_programs() {
  local program
  for program in "${PROGRAMS[@]}"; do command -v "$program" >/dev/null || return 1; done
}

install_packages() {
  ! have_programs || return 0
  command -v apt-get >/dev/null || fail "$UNAVAILABLE" 'no Ceph on this machine, and no apt-get to install it with'
  local -a as_root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "$UNAVAILABLE" 'no Ceph on this machine; installing it needs root or a sudo without password'
    as_root=(sudo -n)
  fi
  local log
  log=$(mktemp)
  say "installing ${PACKAGES[*]} (about 60 MB)"
  if ! { apt_install || { apt_get update -q && apt_install; }; } >"$log" 2>&1; then
    quote_end "$log"
    rm -f "$log"
    fail "$UNAVAILABLE" "apt-get could not install ${PACKAGES[*]} (end of its log above)"
  fi
  rm -f "$log"
  have_programs || fail "$FAILED" "the packages are installed, but not every one of these is on PATH: ${PROGRAMS[*]}"
}

apt_get() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@"; }
apt_install() { apt_get install -y -q --no-install-recommends "${PACKAGES[@]}"; }

# --- processes

# A pid file counts only while that pid runs with our ceph.conf, so a recycled pid is never taken for ours.
pid_of() { # daemon
  local pid
  pid=$(cat "$DIR/run/$1.pid" 2>/dev/null) && [ -n "$pid" ] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF -- "$CONF" || return 1
  echo "$pid"
}

launch() { # daemon, command...
  local daemon=$1
  shift
  setsid nohup "$@" >"$DIR/log/$daemon.out" 2>&1 </dev/null &
  echo $! >"$DIR/run/$daemon.pid"
  disown # no word from the shell when it is killed
}

all_alive() {
  local daemon
  for daemon in "${DAEMONS[@]}"; do pid_of "$daemon" >/dev/null || return 1; done
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # port

answers() (
  exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$PORT" || exit 1
  printf 'GET / HTTP/1.0\r\n\r\n' >&3
  read -r -t 2 status <&3 && [[ $status == *' 200 '* ]]
)

stop() {
  end_daemons
  [ ! -e "$MARKER" ] || rm -rf "$DIR"
}

end_daemons() {
  local daemon pid
  for daemon in rgw osd mon; do
    pid=$(pid_of "$daemon") || continue
    kill -KILL "$pid" 2>/dev/null || true # nothing is worth flushing, and radosgw takes 3 s over a polite end
    while pid_of "$daemon" >/dev/null; do sleep 0.05; done
  done
}

status() {
  local daemon pid
  for daemon in "${DAEMONS[@]}"; do
    if pid=$(pid_of "$daemon"); then echo "$daemon up (pid $pid)"; else echo "$daemon down"; fi
  done
  all_alive
}

# --- configuration

print_conf() {
  sed -e "s|@DIR@|$DIR|g" -e "s|@PORT@|$PORT|g" -e "s|@MON_PORT@|$MON_PORT|g" -e "s|@STS_MIN@|$STS_MIN|g" "$HERE/ceph.conf.in"
}

print_env() {
  cat <<ENV
export CEPH_RGW_ENDPOINT=http://127.0.0.1:$PORT
export CEPH_RGW_REGION=$REGION
export CEPH_RGW_OWNER_ACCESS_KEY=$OWNER_ACCESS_KEY
export CEPH_RGW_OWNER_SECRET_KEY=$OWNER_SECRET_KEY
export CEPH_RGW_STRANGER_ACCESS_KEY=$STRANGER_ACCESS_KEY
export CEPH_RGW_STRANGER_SECRET_KEY=$STRANGER_SECRET_KEY
export CEPH_RGW_LOG=$DIR/log/client.rgw.test.log
ENV
}

check_settings() {
  local setting
  for setting in CEPH_RGW_PORT=$PORT CEPH_RGW_MON_PORT=$MON_PORT CEPH_RGW_STS_MIN=$STS_MIN; do
    [[ ${setting#*=} =~ ^[1-9][0-9]*$ ]] || fail "$USAGE" "$setting: must be a whole number above 0"
  done
  [[ $DIR =~ ^/[A-Za-z0-9._/+-]+$ ]] || fail "$USAGE" "CEPH_RGW_DIR=$DIR: must be an absolute path of letters, digits and ._/+-"
  [[ $REGION =~ ^[a-z0-9-]+$ ]] || fail "$USAGE" "CEPH_RGW_REGION=$REGION: must be letters, digits and hyphens"
}

# --- boot

start() {
  install_packages
  if already_running; then
    print_env
    return
  fi
  stop
  claim_folder_and_ports
  boot_monitor
  boot_store
  create_user owner "$OWNER_ACCESS_KEY" "$OWNER_SECRET_KEY" --caps='roles=*;oidc-provider=*;user-policy=*'
  name_region_and_classes
  launch rgw radosgw -f -c "$CONF" --name client.rgw.test
  create_user stranger "$STRANGER_ACCESS_KEY" "$STRANGER_SECRET_KEY"
  await_gateway
  print_env
}

already_running() {
  [ -e "$CONF" ] && print_conf | cmp -s - "$CONF" && [ "$(cat "$MARKER" 2>/dev/null)" = "$REGION" ] && all_alive && answers
}

claim_folder_and_ports() {
  [ ! -e "$DIR" ] || [ -z "$(ls -A "$DIR")" ] || fail "$FAILED" "$DIR exists and was not made by this script: choose another CEPH_RGW_DIR"
  ! listens "$PORT" || fail "$FAILED" "port $PORT is taken: choose another CEPH_RGW_PORT"
  ! listens "$MON_PORT" || fail "$FAILED" "port $MON_PORT is taken: choose another CEPH_RGW_MON_PORT"
  mkdir -p "$DIR"
  echo "$REGION" >"$MARKER"
  mkdir "$DIR"/{run,log,mon,osd,rgw}
  : >"$DIR/keyring"
  print_conf >"$CONF"
}

# Runs a command of the set-up with its output in a log of its own, and gives up with that log.
setup() { # log name, command...
  local log=$DIR/log/$1.setup
  shift
  timeout 60 "$@" >"$log" 2>&1 || give_up "$log" "failed: $*"
}

boot_monitor() {
  setup monmap monmaptool -c "$CONF" --create --addv a "[v2:127.0.0.1:$MON_PORT]" "$DIR/monmap"
  setup mon ceph-mon -c "$CONF" -i a --mkfs --monmap "$DIR/monmap"
  launch mon ceph-mon -f -c "$CONF" -i a
}

boot_store() {
  # this command waits for the monitor by itself
  setup osd-new ceph -c "$CONF" --name client.admin --connect-timeout 30 osd new "$OSD_UUID"
  setup osd ceph-osd -c "$CONF" -i 0 --mkfs --osd-uuid "$OSD_UUID"
  launch osd ceph-osd -f -c "$CONF" -i 0
}

admin() { timeout 60 radosgw-admin -c "$CONF" --name client.rgw.test "$@"; }

create_user() { # name, access key, secret key, more options...
  local name=$1 access_key=$2 secret_key=$3 log=$DIR/log/user-$1.setup
  shift 3
  # the first user's pools wait for the object store by themselves
  admin user create --uid="$name" --display-name="$name" --access-key="$access_key" --secret="$secret_key" "$@" >"$log" 2>&1 \
    || give_up "$log" "the S3 user '$name' could not be created"
}

# One read, edit and write each of zone group and zone: radosgw-admin's own commands take one start of it per class.
# (python3 comes with ceph-common.)
name_region_and_classes() {
  local log=$DIR/log/zone.setup
  {
    admin zonegroup get --rgw-zonegroup default >"$DIR/zonegroup.json" &&
      admin zone get --rgw-zone default >"$DIR/zone.json" &&
      python3 "$HERE/storage-classes.py" "$DIR/zonegroup.json" "$DIR/zone.json" "$REGION" "${STORAGE_CLASSES[@]}" &&
      admin zonegroup set --rgw-zonegroup default <"$DIR/zonegroup.json" &&
      admin zone set --rgw-zone default <"$DIR/zone.json"
  } >"$log" 2>&1 || give_up "$log" 'the region and the storage classes could not be set'
}

await_gateway() {
  local attempt
  for ((attempt = 0; attempt < BOOT_ATTEMPTS; attempt++)); do
    pid_of rgw >/dev/null || give_up "$DIR/log/rgw.out" 'radosgw ended while it was starting'
    ! answers || return 0
    sleep 0.1
  done
  give_up "$DIR/log/client.rgw.test.log" 'radosgw runs but does not answer'
}

check_settings
case ${1:-} in
  start) start ;;
  stop) stop ;;
  status) status ;;
  env) print_env ;;
  install) install_packages ;;
  *) fail "$USAGE" "usage: $0 start|stop|status|env|install (what each does is written at the top of the script)" ;;
esac
