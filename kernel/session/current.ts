/** The session of this process, for the functions of `latentlab` that show something. */
import type { DeviceSummary } from '../protocol';
import type { Session } from './session';

let current: { session: Session; device: DeviceSummary } | undefined;

/** @internal cells' types do not know sessions */
export function connectSession(session: Session, device: DeviceSummary): void {
  current = { session, device };
}

/**
 * @internal
 * @throws outside of a notebook's kernel, where nothing can be shown
 */
export function currentSession(): Session {
  return connected().session;
}

/** The device that the tensors of this process live on, and why it was chosen. */
export function currentDevice(): DeviceSummary {
  return connected().device;
}

function connected(): { session: Session; device: DeviceSummary } {
  if (!current) throw new Error('There is no notebook session in this process.');
  return current;
}
