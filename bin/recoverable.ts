import { main } from '../rehearsal/command/main';

void main(process.argv).then(end, (error: unknown) => {
  console.error(error);
  end(3);
});

/** Ends once what was printed is read: a pipe takes so much at a time, and the rest would be lost. */
function end(status: number): void {
  // Nobody reads any more.
  process.stdout.once('error', () => process.exit(status));
  process.stdout.write('', () => process.exit(status));
}
