/** Runs a handler and reads the metrics that it wrote to its log, as CloudWatch does; everything else goes to the log too. */
export async function published<T>(run: () => Promise<T>) {
  let log = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    log += String(text);
    return true;
  });
  try {
    const answer = await run();
    const lines = log.split('\n').filter((line) => line.includes('CloudWatchMetrics'));
    return { answer, metrics: lines.map((line) => JSON.parse(line) as Record<string, unknown>), log };
  } finally {
    write.mockRestore();
  }
}
