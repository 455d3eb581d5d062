/** The session of this process, for the functions of `latentlab` that show something. */
import type { DeviceSummary } from '../protocol';
import type { Session } from './session';

/**
 * What functions that show something ask of a session; an exported script has one too.
 *
 * @internal
 */
export type ShowingSession = Pick<Session, 'views' | 'current' | 'variablesOfViews' | 'progress'> &
  Partial<Pick<Session, 'tell'>>;

let current: { session: ShowingSession; device: DeviceSummary } | undefined;

/** @internal cells' types do not know sessions */
export function connectSession(session: ShowingSession, device: DeviceSummary): void {
  current = { session, device };
}

/**
 * @internal
 * @throws outside of a notebook's kernel, where nothing can be shown
 */
export function currentSession(): ShowingSession {
  return connected().session;
}

/** The device that the tensors of this process live on, and why it was chosen. */
export function currentDevice(): DeviceSummary {
  return connected().device;
}

function connected(): { session: ShowingSession; device: DeviceSummary } {
  if (!current) throw new Error('There is no notebook session in this process.');
  return current;
}
