/** Thrown by whoever processes a batch when repeating it cannot help; the batch is kept and listed. */
export class PermanentError extends Error {
  readonly code = 'permanent';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PermanentError';
  }
}
