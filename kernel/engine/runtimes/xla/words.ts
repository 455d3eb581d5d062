/** Who refuses a program, in messages. */
export const XLA = 'XLA';
