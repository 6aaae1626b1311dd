// What both dialects' scenarios share.
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const weatherSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['c', 'f'] } },
  required: ['city'],
  additionalProperties: false,
};

/** Runs what has to fail and gives back the error; its absence is one. */
export async function expectError(run) {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('No error came.');
}

/** What a client's error tells, whichever client. */
export const describe = (error) => ({
  name: error?.constructor?.name,
  status: error?.status ?? null,
  code: error?.code ?? null,
  type: error?.type ?? error?.error?.error?.type ?? null,
  param: error?.param ?? null,
  message: String(error?.message ?? error),
  requestId: error?.requestID ?? error?.headers?.get?.('x-request-id') ?? null,
});
