/** What to do, for those whose plan names no page of its own. */
const RUNBOOK = 'https://github.com/cdk-recoverable/cdk-recoverable/blob/main/docs/alarms.md';

/** How to read the page, for somebody who was woken up and has never seen it. */
export function howToRead(siteName: string, evidenceBucketName: string): string {
  return [
    `## Can everything of site ${siteName} be recovered?`,
    '- **Restorable age**: how old the newest state is that could be restored, over what the plan allows. **Drill age**: how long ago a restore was last shown to work, over its interval. Below 1 all is well; above 1 an alarm is raised.',
    '- **A line that ends** was not measured any more, which raises the alarm as well.',
    '- Charts show the 20 resources that matter most, of those that had data within two weeks; the table of drills knows all.',
    `- \`npx recoverable status\` says which source is late and what to do next; begin with the [runbook](${RUNBOOK}).`,
    `- Evidence of every drill is in the bucket \`${evidenceBucketName}\`, its page under \`pages/\`.`,
  ].join('\n');
}
