// The bundled files function in a process of its own, asked in rounds until it has an answer, as Verify asks it.
const { handler } = await import(process.argv[2]);

process.on('disconnect', () => process.exit(0));
process.on('message', async (question) => {
  const began = performance.now();
  let [cursor, rounds, largest] = [null, 0, 0];
  let answer;
  do {
    answer = JSON.parse(JSON.stringify(await handler({ question, cursor, budgetMs: 240_000 })));
    cursor = answer.cursor;
    largest = Math.max(largest, JSON.stringify(answer).length);
    rounds += 1;
  } while (cursor);
  process.send({
    seconds: (performance.now() - began) / 1000,
    rounds,
    largestAnswer: largest,
    rssMib: process.resourceUsage().maxRSS / 1024,
    finding: answer.finding,
  });
});
