import { main } from '../rehearsal/command/main';

void main(process.argv).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(3);
  },
);
