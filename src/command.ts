/** What the commands beside the service have in common: what they tell people goes to the standard error, and a failure is one line. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

export async function command(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(`why401: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
