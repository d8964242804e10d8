/*
 * A Lambda runtime whose clock the test sets, invocation by invocation: time goes on from there while the handler works. What the
 * handler prints comes back with its answer, as CloudWatch Logs would have it. The handler itself is the bundle that ships.
 */
const RealDate = Date;
let offset = 0;

class SimulatedDate extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(SimulatedDate.now());
    else super(...parts);
  }

  static now() {
    return RealDate.now() + offset;
  }
}

globalThis.Date = SimulatedDate;

let printed = '';
process.stdout.write = (text) => {
  printed += String(text);
  return true;
};

const [, , bundle, name = 'handler'] = process.argv;
const imported = import(bundle);

process.on('disconnect', () => process.exit(0));
process.on('message', async ({ id, event, functionName, now }) => {
  offset = now - RealDate.now();
  printed = '';
  let answer;
  try {
    const module = await imported;
    const result = await module[name](event, { functionName, awsRequestId: String(id), functionVersion: '1' });
    answer = { payload: JSON.stringify(result ?? null) };
  } catch (error) {
    answer = {
      payload: JSON.stringify({ errorType: error.name, errorMessage: error.message }),
      functionError: 'Unhandled',
    };
  }
  process.send({ id, ...answer, log: printed });
});
