/** Values that data may have. */
export interface Support {
  low: number;
  high: number;
  /** Why, and what else to do, for the message. */
  reason: string;
}

/** Which values a model is defined for. */
export interface Accepted {
  /** Values that the likelihood is defined for; null: any finite number. */
  readonly support: Support | null;
  /** Whether NaN says that a value is missing; absent: it is an error, as everywhere else. */
  readonly missing?: boolean;
}
