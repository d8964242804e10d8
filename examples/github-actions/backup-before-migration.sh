#!/usr/bin/env bash
# Backs up a protected database before a migration, and ends only when the backup is available: for databases whose snapshot
# takes longer than the 55 minutes that a PreDeploymentBackup may wait inside a deployment.
#
#   backup-before-migration.sh RESOURCE REASON
#
# RESOURCE is `<plan>/<resource>` or the identifier of a protected instance or cluster. Ends with another status than 0 when there is no
# backup, so that no later step runs. The snapshot's name becomes the step's output `snapshot`.
set -euo pipefail

resource=${1:?name what to back up}
reason=${2:?say why}

answer=$(npx cdk-recoverable backup-now "$resource" --reason "$reason" --wait --json)
snapshot=$(node -p 'JSON.parse(process.argv[1]).snapshots[0].snapshot' "$answer")

echo "$resource is backed up as $snapshot"
if [[ -n ${GITHUB_OUTPUT:-} ]]; then
  echo "snapshot=$snapshot" >>"$GITHUB_OUTPUT"
fi
