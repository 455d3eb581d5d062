/** Text of others in messages, so short that the message can be read. */

export function cut(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Names, as many as fit on a line or two. */
export function listed(names: readonly string[], most = 160): string {
  let text = '';
  for (const [i, name] of names.entries()) {
    const next = `${i === 0 ? '' : ', '}${cut(name)}`;
    if (text.length + next.length > most) return `${text}, … (${names.length} in all)`;
    text += next;
  }
  return text;
}
