/** RDS restores to whole seconds. Commits stamped by the server's clock, which is this machine's too. */
const MARGIN_MS = 20;

/** Waits over the next whole second, and a little more, so that what follows is certainly after it. @returns that second */
export async function passWholeSecond(): Promise<Date> {
  const moment = new Date(Math.ceil((Date.now() + MARGIN_MS) / 1000) * 1000);
  while (Date.now() < moment.getTime() + MARGIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, moment.getTime() + MARGIN_MS - Date.now()));
  }
  return moment;
}
