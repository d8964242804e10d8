// A Lambda runtime for one bundled handler: answers each event with what it printed, how it failed, the processor time that it took,
// and the most memory that this process has had.
let printed = '';
process.stdout.write = (text) => {
  printed += String(text);
  return true;
};

const { handler } = await import(process.argv[2]);

process.on('disconnect', () => process.exit(0));
process.on('message', async (event) => {
  printed = '';
  const before = process.cpuUsage();
  let error;
  try {
    await handler(event, { functionName: 'monitor', awsRequestId: '1', functionVersion: '1' });
  } catch (thrown) {
    error = `${thrown.name}: ${thrown.message}`;
  }
  const { user, system } = process.cpuUsage(before);
  process.send({
    error,
    log: printed.split('\n'),
    cpuSeconds: (user + system) / 1e6,
    rssMib: process.resourceUsage().maxRSS / 1024,
  });
});
