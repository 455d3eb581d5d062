/** Why KaTeX cannot draw a formula, from what its errors say: without their prefix and the lines below letters. */
export function reasonOf(message: string): string {
  return message.replace(/^(?:ParseError: )?(?:KaTeX parse error: )?/, '').replaceAll('\u0332', '');
}
